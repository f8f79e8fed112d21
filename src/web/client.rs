//! The address of the client: the socket's, or what a trusted reverse proxy says.

use std::net::IpAddr;

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, HeaderName};

use super::serve::Peer;

const FORWARDED: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client's address. Every hop appends what it saw, so the list is read from its end and the
/// first address that is no trusted proxy is believed; what stands before it, anybody can write.
pub(super) fn address(extensions: &Extensions, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let peer = extensions.get::<ConnectInfo<Peer>>();
    let peer = peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.0.ip().to_canonical());
    if !trusted.contains(&peer) {
        return peer;
    }
    let mut nearest = peer;
    for hop in hops(headers).into_iter().rev() {
        let Ok(hop) = hop.parse::<IpAddr>() else { break };
        nearest = hop.to_canonical();
        if !trusted.contains(&nearest) {
            break;
        }
    }
    nearest
}

fn hops(headers: &HeaderMap) -> Vec<&str> {
    let values = headers.get_all(FORWARDED).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',').map(str::trim)).collect()
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let trusted: Vec<IpAddr> = vec!["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
        for (peer, header, expected) in [
            ("192.0.2.9", "203.0.113.7", "192.0.2.9"),
            ("10.0.0.1", "", "10.0.0.1"),
            ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
            ("10.0.0.1", "1.1.1.1, 203.0.113.7", "203.0.113.7"),
            ("10.0.0.1", "203.0.113.7, 10.0.0.2", "203.0.113.7"),
            ("::ffff:10.0.0.1", "2001:db8::7", "2001:db8::7"),
            ("10.0.0.1", "203.0.113.7, nonsense", "10.0.0.1"),
        ] {
            let mut extensions = Extensions::new();
            extensions.insert(ConnectInfo(Peer(SocketAddr::new(peer.parse().unwrap(), 4711))));
            let mut headers = HeaderMap::new();
            if !header.is_empty() {
                headers.insert(FORWARDED, header.parse().unwrap());
            }
            let expected: IpAddr = expected.parse().unwrap();
            assert_eq!(address(&extensions, &headers, &trusted), expected, "{peer} {header:?}");
        }
    }
}
