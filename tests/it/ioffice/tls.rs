//! A private certificate authority, as tenants of provincial hosts have it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use vanthu::app::ports::Source;
use vanthu::source::ioffice::{Ioffice, Options, OptionsError};

use super::{holding, ids, kind, options, plans, walk};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tls").join(name)
}

fn acceptor() -> TlsAcceptor {
    let chain = CertificateDer::pem_file_iter(fixture("localhost.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(fixture("localhost.key")).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain.map(Result::unwrap).collect(), key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// A TLS front for the plain server at `to`; it stops when the set is dropped.
async fn front(to: SocketAddr) -> (SocketAddr, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut server = JoinSet::new();
    server.spawn(async move {
        let mut connections = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            connections.spawn(async move {
                let Ok(mut inner) = acceptor().accept(stream).await else { return };
                let mut outer = TcpStream::connect(to).await.unwrap();
                drop(copy_bidirectional(&mut inner, &mut outer).await);
            });
        }
    });
    (address, server)
}

#[tokio::test]
async fn a_private_authority_is_trusted_only_where_it_is_named() {
    let fake = holding(plans(2)).await;
    let plain: SocketAddr = url::Url::parse(&fake.url()).unwrap().socket_addrs(|| None).unwrap()[0];
    let (address, _front) = front(plain).await;
    let named = Options {
        url: format!("https://{address}/qlvb/api"),
        ca_file: Some(fixture("private-authority.pem")),
        ..options(&fake)
    };
    let source = Ioffice::new(named.clone()).unwrap();
    assert_eq!(ids(&walk(&source).await.unwrap()), ["2", "1"]);

    fake.forget_seen();
    let source = Ioffice::new(Options { ca_file: None, ..named }).unwrap();
    let error = source.list(None).await.unwrap_err();
    assert_eq!(kind(&error), "unreachable");
    assert!(error.to_string().contains("certificate"), "{error}");
    assert_eq!(fake.seen().len(), 0);
}

#[tokio::test]
async fn a_file_without_certificates_is_refused_before_anything_is_sent() {
    let fake = holding(plans(1)).await;
    let wrong = Options { ca_file: Some(fixture("localhost.key")), ..options(&fake) };
    assert!(matches!(Ioffice::new(wrong), Err(OptionsError::Tls(_))));
}
