//! Which addresses belong to the public internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// IPv4 blocks that are not, or not only, public: the IANA special-purpose registry (RFC 6890 and its successors), multicast,
/// and what was never given out. Two anycast addresses inside 192.0.0.0/24 are public; nobody runs a receiver on them.
const NOT_GLOBAL_V4: [(Ipv4Addr, u8); 16] = [
    (Ipv4Addr::UNSPECIFIED, 8),            // this network
    (Ipv4Addr::new(10, 0, 0, 0), 8),       // private
    (Ipv4Addr::new(100, 64, 0, 0), 10),    // shared with the provider (CGNAT)
    (Ipv4Addr::new(127, 0, 0, 0), 8),      // loopback
    (Ipv4Addr::new(169, 254, 0, 0), 16),   // link-local; clouds' metadata
    (Ipv4Addr::new(172, 16, 0, 0), 12),    // private
    (Ipv4Addr::new(192, 0, 0, 0), 24),     // protocol assignments
    (Ipv4Addr::new(192, 0, 2, 0), 24),     // documentation
    (Ipv4Addr::new(192, 88, 99, 0), 24),   // 6to4 relays, which lead anywhere
    (Ipv4Addr::new(192, 168, 0, 0), 16),   // private
    (Ipv4Addr::new(198, 18, 0, 0), 15),    // benchmarks
    (Ipv4Addr::new(198, 51, 100, 0), 24),  // documentation
    (Ipv4Addr::new(203, 0, 113, 0), 24),   // documentation
    (Ipv4Addr::new(224, 0, 0, 0), 4),      // multicast
    (Ipv4Addr::new(240, 0, 0, 0), 4),      // reserved, and broadcast
    (Ipv4Addr::new(168, 63, 129, 16), 32), // a public number that one cloud answers from inside every machine
];

/// The only IPv6 block from which public addresses are given out …
const GLOBAL_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
/// … and what inside it is none: every other spelling of an IPv4 address (mapped, compatible, NAT64) lies outside it.
const NOT_GLOBAL_V6: [(Ipv6Addr, u8); 5] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // protocol assignments: Teredo, ORCHID, benchmarks
    (Ipv6Addr::new(0x2001, 0x0db8, 0, 0, 0, 0, 0, 0), 32), // documentation
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // 6to4: an IPv4 address, private ones too
    (Ipv6Addr::new(0x3ffe, 0, 0, 0, 0, 0, 0, 0), 16), // given back
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // documentation
];

/// Whether an address belongs to the public internet in the spelling that it has: one IPv4 address inside another form is not.
#[must_use]
pub fn is_global(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !NOT_GLOBAL_V4.iter().any(|&(first, bits)| in_v4(first, bits, address)),
        IpAddr::V6(address) => {
            in_v6(GLOBAL_V6.0, GLOBAL_V6.1, address)
                && !NOT_GLOBAL_V6.iter().any(|&(first, bits)| in_v6(first, bits, address))
                && !is_isatap(address)
        }
    }
}

fn in_v4(first: Ipv4Addr, bits: u8, address: Ipv4Addr) -> bool {
    Ipv4Net::new(first, bits).is_ok_and(|block| block.contains(&address))
}

fn in_v6(first: Ipv6Addr, bits: u8, address: Ipv6Addr) -> bool {
    Ipv6Net::new(first, bits).is_ok_and(|block| block.contains(&address))
}

/// RFC 5214: the lower half names an IPv4 address to which a router hands the packet.
fn is_isatap(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    matches!((parts[4], parts[5]), (0x0000 | 0x0200, 0x5efe))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn global(text: &str) -> bool {
        is_global(text.parse().expect("an address"))
    }

    /// First and last address of every block that is refused, and its neighbours that are not.
    #[test]
    fn every_special_block_ends_where_the_registry_says() {
        let table: [(&str, &str, &str, &str); 20] = [
            ("", "0.0.0.0", "0.255.255.255", "1.0.0.0"),
            ("9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"),
            ("100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"),
            ("126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"),
            ("168.63.129.15", "168.63.129.16", "168.63.129.16", "168.63.129.17"),
            ("169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"),
            ("172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"),
            ("191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"),
            ("192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"),
            ("192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0"),
            ("192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"),
            ("198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"),
            ("198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0"),
            ("203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0"),
            ("223.255.255.255", "224.0.0.0", "255.255.255.255", ""),
            ("", "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::"),
            ("2001:db7:ffff::", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"),
            ("2001:ffff::", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::"),
            ("3ffd:ffff::", "3ffe::", "3fff:0fff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::"),
            ("3fff:ffff::", "4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""),
        ];
        for (before, first, last, after) in table {
            for inside in [first, last] {
                assert!(!global(inside), "{inside}");
            }
            for outside in [before, after] {
                assert!(outside.is_empty() || global(outside), "{outside}");
            }
        }
    }

    /// Addresses by which somebody tries to mean 127.0.0.1 or 169.254.169.254 without writing it.
    #[test]
    fn an_ipv4_address_inside_another_form_is_not_global() {
        for disguised in [
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::ffff:0:127.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b::8.8.8.8",
            "64:ff9b:1::10.0.0.1",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::1",
            "2001:0:7f00:1::",
            "2a00:1450::5efe:10.0.0.1",
            "2a00:1450::200:5efe:10.0.0.1",
            "100::1",
            "fc00::1",
            "fdff:ffff::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "5f00::1",
        ] {
            assert!(!global(disguised), "{disguised}");
        }
        for public in ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700::6810:84e5", "2a00:1450:4001:830::200e"] {
            assert!(global(public), "{public}");
        }
    }

    proptest! {
        /// Against the standard library, as far as its stable half goes.
        #[test]
        fn what_the_standard_library_calls_special_is_not_global(bits: u32) {
            let address = Ipv4Addr::from(bits);
            let special = address.is_private() || address.is_loopback() || address.is_link_local()
                || address.is_broadcast() || address.is_documentation() || address.is_multicast()
                || address.is_unspecified();
            prop_assert!(!(special && is_global(address.into())), "{address}");
        }

        #[test]
        fn no_ipv4_address_is_global_in_a_mapped_or_translated_form(bits: u32) {
            let address = Ipv4Addr::from(bits);
            prop_assert!(!is_global(address.to_ipv6_mapped().into()));
            prop_assert!(!is_global(address.to_ipv6_compatible().into()));
            let [a, b, c, d] = address.octets().map(u16::from);
            let (high, low) = (a << 8 | b, c << 8 | d);
            prop_assert!(!is_global(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low).into()));
            prop_assert!(!is_global(Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1).into()));
        }
    }
}
