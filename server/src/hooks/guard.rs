//! Which machines may be called. Whoever may write a webhook's address must not reach by it what
//! only this server reaches: itself, its network, its cloud's metadata.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::config::Network;

/// What is no machine on the public internet: its first bits, and how many.
///
/// Source: IANA IPv4 Special-Purpose Address Registry, and RFC 5771 and RFC 1112 for multicast and
/// what is reserved.
const DENIED_V4: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Decides which machines may be called.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    private: Vec<Network>,
}

/// The machine may not be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the address is private; `webhook_private` can allow it")]
pub struct Denied;

impl Guard {
    /// Lets through the public internet, and these networks besides.
    #[must_use]
    pub const fn new(private: Vec<Network>) -> Self {
        Self { private }
    }

    /// Whether a machine may be called.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn check(&self, address: IpAddr) -> Result<(), Denied> {
        let address = address.to_canonical();
        let allowed = self.private.iter().any(|network| network.contains(address));
        let public = match address {
            IpAddr::V4(address) => is_public_v4(address),
            IpAddr::V6(address) => match embedded(address) {
                Some(inner) => return if allowed { Ok(()) } else { self.check(inner.into()) },
                None => is_public_v6(address),
            },
        };
        if allowed || public { Ok(()) } else { Err(Denied) }
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = address.to_bits();
    DENIED_V4.iter().all(|(base, length)| (bits ^ base.to_bits()) >> (32 - length) != 0)
}

/// Only what is given out to networks (RFC 4291, `2000::/3`), without what is set apart there:
/// protocols' own (`2001::/23`, Teredo among them) and documentation.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let given_out = first & 0xe000 == 0x2000;
    let protocols = first == 0x2001 && second < 0x0200;
    let documentation =
        (first == 0x2001 && second == 0x0db8) || (first == 0x3fff && second < 0x1000);
    given_out && !protocols && !documentation
}

/// The IPv4 address that a gateway makes of this one: NAT64 (RFC 6052) and 6to4 (RFC 3056).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let of = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match (a, b, [c, d, e, f]) {
        (0x0064, 0xff9b, [0, 0, 0, 0]) => Some(of(g, h)),
        (0x2002, high, [low, ..]) => Some(of(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(guard: &Guard, address: &str) -> bool {
        guard.check(address.parse().unwrap()).is_ok()
    }

    #[test]
    fn the_public_internet_may_be_called() {
        for address in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.0.0.1",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.1",
            "192.167.0.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450::1",
            "2001:200::1",
            "2001:4860::1",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
            "2002:101:101::1",
            "3ffe::1",
        ] {
            assert!(check(&Guard::default(), address), "{address}");
        }
    }

    #[test]
    fn what_only_this_server_reaches_may_not() {
        for address in [
            // This machine, and no machine.
            "127.0.0.1",
            "127.255.255.254",
            "0.0.0.0",
            "0.1.2.3",
            "::",
            "::1",
            // Private, of a carrier, link-local (clouds answer there), benchmarks.
            "10.0.0.1",
            "10.255.255.255",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "100.127.255.255",
            "169.254.169.254",
            "198.18.0.1",
            "198.19.255.255",
            "192.0.0.192",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "fc00::1",
            "fd00:ec2::254",
            // Many machines, documentation, reserved.
            "224.0.0.1",
            "239.255.255.255",
            "ff02::1",
            "255.255.255.255",
            "240.0.0.1",
            "192.0.2.1",
            "198.51.100.1",
            "203.0.113.1",
            "2001:db8::1",
            "3fff::1",
            "100::1",
            // An IPv4 address in the clothes of another: mapped, compatible, NAT64, 6to4, Teredo.
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "::10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1.1.1.1",
            "2002:7f00:1::1",
            "2002:a00:1::1",
            "2002:c0a8:101::",
            "2001::1",
            "2001:10::1",
            "5f00::1",
            "192.88.99.1",
        ] {
            assert!(!check(&Guard::default(), address), "{address}");
        }
    }

    #[test]
    fn an_owner_may_let_networks_through() {
        let networks = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"];
        let guard = Guard::new(networks.iter().map(|network| network.parse().unwrap()).collect());
        for address in ["127.0.0.1", "10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3", "fd01::1"]
        {
            assert!(check(&guard, address), "{address}");
        }
        for address in ["127.0.0.2", "192.168.0.1", "::1", "fc00::1", "64:ff9b::192.168.0.1"] {
            assert!(!check(&guard, address), "{address}");
        }
        let everything = Guard::new(vec!["0.0.0.0/0".parse().unwrap(), "::/0".parse().unwrap()]);
        for address in ["127.0.0.1", "::1", "2002:7f00:1::1"] {
            assert!(check(&everything, address), "{address}");
        }
    }
}
