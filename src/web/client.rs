//! The client: its address, the socket's or what a trusted reverse proxy says; what it calls itself; and the
//! language it asks for.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName, Uri};

use super::State;
use super::serve::Peer;
use crate::domain::language::Language;

const FORWARDED: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Whoever opened a page behind a link.
#[derive(Debug)]
pub(super) struct Caller {
    /// Where from.
    pub(super) address: IpAddr,
    /// What it calls itself; whatever is no text in it is shown as such.
    pub(super) agent: String,
    /// The language that its address asks for.
    pub(super) language: Option<Language>,
}

impl FromRequestParts<State> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Infallible> {
        let agent = parts.headers.get(USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
        Ok(Self {
            address: address(&parts.extensions, &parts.headers, &state.trusted_proxies),
            agent: agent.unwrap_or_default().into_owned(),
            language: language(&parts.uri),
        })
    }
}

/// The language that an address asks for: `?lang=en`. What a browser prefers is not asked: most office PCs in Việt
/// Nam run an English Windows, whose browsers all say that they would rather read English.
pub(super) fn language(uri: &Uri) -> Option<Language> {
    let mut pairs = uri.query()?.split('&');
    pairs.find_map(|pair| pair.strip_prefix("lang=")).and_then(Language::parse)
}

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
    fn the_address_names_a_language() {
        for (address, wanted) in [
            ("/a/x", None),
            ("/a/x?lang=en", Some(Language::En)),
            ("/a/x?utm=1&lang=vi", Some(Language::Vi)),
            ("/a/x?lang=fr", None),
            ("/a/x?slang=en", None),
        ] {
            assert_eq!(language(&address.parse().unwrap()), wanted, "{address}");
        }
    }

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
