//! Origins: where a page comes from, compared exactly.

use std::fmt;

/// A web Origin: scheme, host and port, in the one spelling a browser sends.
///
/// `https://example.com`, `http://localhost:8080`. No path, no default port, lower case. Two are
/// the same only if all three parts are; there is no wildcard and no suffix rule.
///
/// Source: HTML Living Standard, "serialization of an origin"; RFC 6454, section 6.2.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

/// Why a text is no Origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// `null`: a page without an Origin of its own, such as a file or a sandboxed frame.
    #[error("the origin is null")]
    Null,
    /// Neither `http://` nor `https://` is in front.
    #[error("an origin begins with http:// or https://")]
    Scheme,
    /// There is something after the host and port.
    #[error("an origin ends after its host and port: https://example.com, without a path")]
    Path,
    /// The host is empty or has a character that no host has.
    #[error("the host is not one that a browser would send")]
    Host,
    /// The port is no number of a port.
    #[error("the port is not a number from 1 to 65535")]
    Port,
    /// Not spelled as a browser spells it: upper case or the scheme's default port.
    #[error("a browser would not spell the origin like this")]
    Spelling,
}

impl Origin {
    /// Reads the `Origin` header of a request: only a browser's own spelling is taken.
    ///
    /// # Errors
    /// [`OriginError`]: the request is refused.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        let origin = Self::parse_lenient(text)?;
        if origin.0 == text { Ok(origin) } else { Err(OriginError::Spelling) }
    }

    /// Reads what a person wrote: upper case, a default port and one closing slash are mended.
    ///
    /// # Errors
    /// [`OriginError`] says what to write instead.
    pub fn parse_lenient(text: &str) -> Result<Self, OriginError> {
        if text == "null" {
            return Err(OriginError::Null);
        }
        let lower = text.to_ascii_lowercase();
        let (scheme, rest) = lower.split_once("://").ok_or(OriginError::Scheme)?;
        let default_port = match scheme {
            "http" => "80",
            "https" => "443",
            _ => return Err(OriginError::Scheme),
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        if authority.contains(['/', '?', '#', '@', '\\']) {
            return Err(OriginError::Path);
        }
        let (host, port) = split_port(authority)?;
        if !is_host(host) {
            return Err(OriginError::Host);
        }
        Ok(Self(match port {
            Some(port) if port != default_port => format!("{scheme}://{host}:{port}"),
            Some(_) | None => format!("{scheme}://{host}"),
        }))
    }

    /// The Origin as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is reached over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.0.starts_with("https://")
    }
}

fn split_port(authority: &str) -> Result<(&str, Option<&str>), OriginError> {
    // An IPv6 address keeps its colons within brackets.
    let after_host = authority.rfind(']').unwrap_or(0);
    let Some(colon) = authority[after_host..].rfind(':').map(|at| at + after_host) else {
        return Ok((authority, None));
    };
    let (host, port) = (&authority[..colon], &authority[colon + 1..]);
    let number = port.bytes().all(|b| b.is_ascii_digit()) && !port.starts_with('0');
    if number && port.parse::<u16>().is_ok() {
        Ok((host, Some(port)))
    } else {
        Err(OriginError::Port)
    }
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[') {
        return address
            .strip_suffix(']')
            .is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok());
    }
    // Browsers send names outside ASCII in their ASCII form (`xn--…`).
    !host.is_empty()
        && host.len() <= 253
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        && !host.starts_with('.')
        && !host.contains("..")
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_taken_only_as_a_browser_spells_it() {
        for good in
            ["https://example.com", "http://localhost:8080", "http://[::1]:8080", "https://a_b.c"]
        {
            assert_eq!(Origin::parse(good).map(|o| o.to_string()).as_deref(), Ok(good));
        }
        for (bad, why) in [
            ("null", OriginError::Null),
            ("HTTPS://example.com", OriginError::Spelling),
            ("https://Example.com", OriginError::Spelling),
            ("https://example.com:443", OriginError::Spelling),
            ("https://example.com/", OriginError::Spelling),
            ("https://example.com/x", OriginError::Path),
            ("https://user@example.com", OriginError::Path),
            ("https://example.com:0", OriginError::Port),
            ("https://example.com:99999", OriginError::Port),
            ("https://example.com:+80", OriginError::Port),
            ("https://", OriginError::Host),
            ("https://exa mple.com", OriginError::Host),
            ("https://example.com, https://example.com", OriginError::Path),
            ("https://example.com https://example.com", OriginError::Path),
            ("ftp://example.com", OriginError::Scheme),
            ("example.com", OriginError::Scheme),
        ] {
            assert_eq!(Origin::parse(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn a_neighbour_of_an_origin_is_another_one() {
        let ours = Origin::parse("https://example.com").unwrap();
        for other in [
            "https://evil-example.com",
            "https://example.com.evil",
            "http://example.com",
            "https://example.com:8443",
            "https://sub.example.com",
        ] {
            assert_ne!(Origin::parse(other).unwrap(), ours, "{other}");
        }
    }

    #[test]
    fn what_a_person_writes_is_mended() {
        assert_eq!(
            Origin::parse_lenient("HTTPS://Example.com:443/").unwrap().as_str(),
            "https://example.com"
        );
    }
}
