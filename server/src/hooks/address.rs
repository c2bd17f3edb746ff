//! The address of a webhook, parsed.

use std::net::{IpAddr, Ipv6Addr};

use http::Uri;

/// An address that can be called: `http` or `https`, a host, a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Whether it is `https`.
    pub secure: bool,
    /// The host: a name in lower case, or an address without brackets.
    pub host: String,
    /// The port, the scheme's own if none is given.
    pub port: u16,
    /// The address as it is called and signed: scheme and host in lower case, with a path, without
    /// a fragment.
    pub url: String,
    /// Where the path begins in [`Self::url`].
    path: usize,
}

/// Why a text is no address that can be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// It is no absolute address.
    #[error("not an absolute address")]
    NotAbsolute,
    /// Another scheme than the two.
    #[error("not an http or https address")]
    Scheme,
    /// A name or password stands in it.
    #[error("an address with a user name in it")]
    UserInfo,
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// [`BadAddress`]; the text is then of no use.
    pub fn parse(text: &str) -> Result<Self, BadAddress> {
        let uri: Uri = text.parse().map_err(|_| BadAddress::NotAbsolute)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(BadAddress::NotAbsolute);
        };
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(BadAddress::Scheme),
        };
        if authority.as_str().contains('@') {
            return Err(BadAddress::UserInfo);
        }
        let authority = authority.as_str().to_ascii_lowercase();
        let host = uri.host().unwrap_or_default().to_ascii_lowercase();
        // A port is a number, or is left out with its colon.
        let after = authority.strip_prefix(host.as_str()).ok_or(BadAddress::NotAbsolute)?;
        let port = match after.strip_prefix(':') {
            Some(port) => port.parse().map_err(|_| BadAddress::NotAbsolute)?,
            None if after.is_empty() => {
                if secure {
                    443
                } else {
                    80
                }
            }
            None => return Err(BadAddress::NotAbsolute),
        };
        let host = match host.strip_prefix('[') {
            None => host,
            Some(rest) => {
                let inner = rest.strip_suffix(']').ok_or(BadAddress::NotAbsolute)?;
                inner.parse::<Ipv6Addr>().map_err(|_| BadAddress::NotAbsolute)?;
                inner.to_owned()
            }
        };
        if host.is_empty() || port == 0 {
            return Err(BadAddress::NotAbsolute);
        }
        let scheme = if secure { "https://" } else { "http://" };
        let path = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        let slash = if path.starts_with('/') { "" } else { "/" };
        let url = [scheme, &authority, slash, path].concat();
        Ok(Self { secure, host, port, path: scheme.len() + authority.len(), url })
    }

    /// The address with these fields in its query, after those that stand there.
    #[must_use]
    pub fn with_query(mut self, fields: &[(String, String)]) -> Self {
        if !fields.is_empty() {
            self.url.push(if self.url.contains('?') { '&' } else { '?' });
            self.url.push_str(&form(fields));
        }
        self
    }

    /// Host and port, as they stand in a request's `Host`.
    #[must_use]
    pub fn authority(&self) -> &str {
        let from = self.url.find("://").map_or(0, |at| at + 3);
        &self.url[from..self.path]
    }

    /// Path and query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.url[self.path..]
    }

    /// The host as a number, if it is written as one.
    #[must_use]
    pub fn literal(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }
}

/// Fields as a form.
#[must_use]
pub fn form(fields: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_called_and_signed_in_one_spelling() {
        for (text, url, authority, host, port) in [
            ("https://example.com", "https://example.com/", "example.com", "example.com", 443),
            (
                "HTTP://Example.COM/A?b=C#d",
                "http://example.com/A?b=C",
                "example.com",
                "example.com",
                80,
            ),
            (
                "https://example.com?a=1",
                "https://example.com/?a=1",
                "example.com",
                "example.com",
                443,
            ),
            ("http://[::1]:8080/x", "http://[::1]:8080/x", "[::1]:8080", "::1", 8080),
            (
                "https://[2001:DB8::1]/",
                "https://[2001:db8::1]/",
                "[2001:db8::1]",
                "2001:db8::1",
                443,
            ),
            ("http://0x7f.1/", "http://0x7f.1/", "0x7f.1", "0x7f.1", 80),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!((address.url.as_str(), address.host.as_str()), (url, host), "{text}");
            assert_eq!((address.authority(), address.port), (authority, port), "{text}");
            assert_eq!(
                [if address.secure { "https://" } else { "http://" }, authority, address.path()]
                    .concat(),
                url
            );
        }
    }

    #[test]
    fn what_cannot_be_called_is_refused() {
        use BadAddress::{NotAbsolute, Scheme, UserInfo};
        for (text, expected) in [
            ("", NotAbsolute),
            ("/hook", NotAbsolute),
            ("example.com/hook", NotAbsolute),
            ("http://", NotAbsolute),
            ("http:///x", NotAbsolute),
            ("http://a:b/", NotAbsolute),
            ("http://a:70000/", NotAbsolute),
            ("http://a:0/", NotAbsolute),
            ("http://[::1/", NotAbsolute),
            ("http://[fe80::1%25eth0]/", NotAbsolute),
            ("http://exa mple.com/", NotAbsolute),
            ("http://exämple.com/", NotAbsolute),
            ("http://a/\r\nX: y", NotAbsolute),
            ("ftp://example.com/", Scheme),
            ("file:///etc/passwd", NotAbsolute),
            ("javascript:alert(1)", NotAbsolute),
            ("https://user:password@example.com/", UserInfo),
            ("https://example.com@10.0.0.1/", UserInfo),
        ] {
            assert_eq!(Address::parse(text), Err(expected), "{text:?}");
        }
    }

    #[test]
    fn fields_join_the_query_that_is_there() {
        let fields = [("a b".to_owned(), "c&d".to_owned())];
        for (text, url) in
            [("http://e/", "http://e/?a+b=c%26d"), ("http://e/x?y=z", "http://e/x?y=z&a+b=c%26d")]
        {
            assert_eq!(Address::parse(text).unwrap().with_query(&fields).url, url);
        }
        assert_eq!(Address::parse("http://e/x").unwrap().with_query(&[]).path(), "/x");
    }
}
