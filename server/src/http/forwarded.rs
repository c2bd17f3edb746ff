//! Whose request it is, when a proxy passes it on.
//!
//! Anybody can write a header. What one says is believed as far as it was written by a proxy that
//! the owner trusts: from its right end, where the nearest proxy wrote, up to the first address
//! that is not a trusted proxy's. That is the client; everything further left is its own word.

use std::net::IpAddr;

use http::{HeaderMap, HeaderName, header};

use crate::config::{Network, ProxyHeader};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address that a request of `peer` with these headers came from.
pub(super) fn client(
    peer: IpAddr,
    headers: &HeaderMap,
    trusted: &[Network],
    believed: ProxyHeader,
) -> IpAddr {
    let is_trusted = |address| trusted.iter().any(|network| network.contains(address));
    if !is_trusted(peer) {
        return peer;
    }
    let name = match believed {
        ProxyHeader::XForwardedFor => X_FORWARDED_FOR,
        ProxyHeader::Forwarded => header::FORWARDED,
    };
    // Several lines of a header are one list, in their order.
    let lines: Vec<_> = headers.get_all(name).iter().map(|line| line.to_str()).collect();
    let mut client = peer;
    for line in lines.into_iter().rev() {
        let Ok(line) = line else { return client };
        for element in elements(line).into_iter().rev() {
            let address = match believed {
                ProxyHeader::XForwardedFor => address(element),
                ProxyHeader::Forwarded => forwarded_for(element),
            };
            // A proxy that does not say, or hides it: its own address is the nearest that is known.
            let Some(address) = address else { return client };
            client = address;
            if !is_trusted(client) {
                return client;
            }
        }
    }
    client
}

/// What stands between the commas of a list; one in a quoted string is none.
fn elements(line: &str) -> Vec<&str> {
    split(line, ',')
}

fn split(text: &str, at: char) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(|c: char| {
        let was_escaped = std::mem::take(&mut escaped);
        match c {
            '"' if !was_escaped => quoted = !quoted,
            '\\' if quoted && !was_escaped => escaped = true,
            _ => {}
        }
        c == at && !quoted
    })
    .map(str::trim)
    .collect()
}

/// `for=` of one element.
///
/// Source: RFC 7239, sections 4 and 6.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let mut pairs = split(element, ';').into_iter().filter_map(|pair| pair.split_once('='));
    let (_, node) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    let node = node.trim();
    address(node.strip_prefix('"').and_then(|node| node.strip_suffix('"')).unwrap_or(node))
}

/// An address, with or without a port; IPv6 in brackets or bare.
fn address(text: &str) -> Option<IpAddr> {
    let bare = || text.parse().ok();
    let bracketed = || {
        let (inside, after) = text.strip_prefix('[')?.split_once(']')?;
        let port = after.strip_prefix(':').unwrap_or(after);
        port.bytes().all(|b| b.is_ascii_digit()).then(|| inside.parse().ok())?
    };
    let with_port = || text.parse::<std::net::SocketAddr>().ok().map(|socket| socket.ip());
    let address: IpAddr = bare().or_else(bracketed).or_else(with_port)?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who it is, with 127.0.0.1 and 10.0.0.0/8 trusted.
    fn who(peer: &str, believed: ProxyHeader, lines: &[(&'static str, &str)]) -> String {
        let trusted = ["127.0.0.1", "10.0.0.0/8"].map(|text| text.parse().unwrap());
        let mut headers = HeaderMap::new();
        for (name, line) in lines {
            headers.append(*name, line.parse().unwrap());
        }
        client(peer.parse().unwrap(), &headers, &trusted, believed).to_string()
    }

    fn xff(peer: &str, lines: &[&str]) -> String {
        let lines: Vec<_> = lines.iter().map(|line| ("x-forwarded-for", *line)).collect();
        who(peer, ProxyHeader::XForwardedFor, &lines)
    }

    fn forwarded(line: &str) -> String {
        who("127.0.0.1", ProxyHeader::Forwarded, &[("forwarded", line)])
    }

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(xff("203.0.113.9", &["192.0.2.1"]), "203.0.113.9");
    }

    #[test]
    fn the_rightmost_address_that_is_no_proxy_is_the_client() {
        for (lines, client) in [
            (vec!["192.0.2.1"], "192.0.2.1"),
            (vec!["192.0.2.1, 10.1.2.3"], "192.0.2.1"),
            // What the client wrote itself stands to the left of what our proxy saw.
            (vec!["127.0.0.1, 192.0.2.66, 192.0.2.1"], "192.0.2.1"),
            (vec!["192.0.2.66", "192.0.2.1, 10.1.2.3", "10.0.0.1"], "192.0.2.1"),
            (vec!["192.0.2.1:443"], "192.0.2.1"),
            (vec!["2001:db8::1"], "2001:db8::1"),
            (vec!["[2001:db8::1]:443,10.0.0.1"], "2001:db8::1"),
            (vec!["::ffff:192.0.2.1"], "192.0.2.1"),
        ] {
            assert_eq!(xff("127.0.0.1", &lines), client, "{lines:?}");
        }
    }

    #[test]
    fn where_the_list_says_nothing_the_nearest_known_address_counts() {
        for (lines, client) in [
            (vec![], "127.0.0.1"),
            (vec![""], "127.0.0.1"),
            (vec!["192.0.2.1, nonsense"], "127.0.0.1"),
            (vec!["192.0.2.1, unknown, 10.0.0.7"], "10.0.0.7"),
            (vec!["10.0.0.8, 10.0.0.7"], "10.0.0.8"),
            (vec!["192.0.2.1,"], "127.0.0.1"),
        ] {
            assert_eq!(xff("127.0.0.1", &lines), client, "{lines:?}");
        }
    }

    #[test]
    fn the_standard_header_is_read_when_it_is_the_one() {
        for (line, client) in [
            ("for=192.0.2.1", "192.0.2.1"),
            ("For=192.0.2.66, for=192.0.2.1;proto=https;by=10.0.0.1", "192.0.2.1"),
            (r#"proto=https; for="[2001:db8::1]:4711""#, "2001:db8::1"),
            (r#"for="192.0.2.1:80", for=10.0.0.3"#, "192.0.2.1"),
            (r#"for=192.0.2.1, for="_hidden, for=192.0.2.2""#, "127.0.0.1"),
            ("for=192.0.2.1, for=unknown", "127.0.0.1"),
            ("for=192.0.2.1, proto=https", "127.0.0.1"),
        ] {
            assert_eq!(forwarded(line), client, "{line}");
        }
    }

    // A proxy sets one of them and passes the other on as the client wrote it.
    #[test]
    fn only_one_header_is_believed() {
        let both = [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.66")];
        assert_eq!(who("127.0.0.1", ProxyHeader::XForwardedFor, &both), "192.0.2.1");
        assert_eq!(who("127.0.0.1", ProxyHeader::Forwarded, &both), "192.0.2.66");
    }
}
