//! TLS as a client: the same versions, cryptography and authorities whatever is spoken inside.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use rustls_platform_verifier::Verifier;

/// Whose certificates a connection accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// The system's authorities.
    System,
    /// The authorities of a PEM file, and no others.
    File(PathBuf),
    /// Nobody: for connections that are never encrypted. What tries to be, fails.
    Nobody,
}

impl Trust {
    /// The file's authorities if there is one, so that a wrong file shows at once; else the system's, where
    /// anything is encrypted.
    pub fn of(ca_file: Option<&Path>, encrypted: bool) -> Self {
        match ca_file {
            Some(file) => Self::File(file.to_owned()),
            None if encrypted => Self::System,
            None => Self::Nobody,
        }
    }
}

/// Why TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file of authorities cannot be used.
    #[error("{}: {reason}", file.display())]
    Authority {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The cryptography or the system's authorities.
    #[error(transparent)]
    Setup(#[from] rustls::Error),
}

/// TLS 1.2 or 1.3 without a certificate of our own.
///
/// # Errors
/// [`TlsError`]
pub fn client(trust: &Trust) -> Result<ClientConfig, TlsError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions()?;
    Ok(match trust {
        Trust::System => {
            builder.dangerous().with_custom_certificate_verifier(system(provider)?).with_no_client_auth()
        }
        Trust::File(file) => builder.with_root_certificates(authorities(file)?).with_no_client_auth(),
        Trust::Nobody => builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth(),
    })
}

/// The system's authorities: some three hundred files, read by whoever needs them first and shared by
/// all others, because reading them takes longer than all else at the start.
fn system(provider: Arc<CryptoProvider>) -> Result<Arc<Verifier>, rustls::Error> {
    static SYSTEM: OnceLock<Arc<Verifier>> = OnceLock::new();
    if let Some(known) = SYSTEM.get() {
        return Ok(known.clone());
    }
    let read = Arc::new(Verifier::new(provider)?);
    Ok(SYSTEM.get_or_init(|| read).clone())
}

fn authorities(file: &Path) -> Result<RootCertStore, TlsError> {
    let refused = |reason: String| TlsError::Authority { file: file.to_owned(), reason };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| refused(error.to_string()))? {
        let certificate = certificate.map_err(|error| refused(error.to_string()))?;
        roots.add(certificate).map_err(|error| refused(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(refused("không có chứng thư PEM nào trong tệp".to_owned()));
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_must_hold_an_authority() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("ca.pem");
        std::fs::write(&empty, "không có gì").unwrap();
        for file in [empty, folder.path().join("none.pem")] {
            let refused = client(&Trust::File(file.clone())).unwrap_err();
            assert!(
                matches!(&refused, TlsError::Authority { file: named, .. } if *named == file),
                "{refused}"
            );
        }
        assert!(client(&Trust::Nobody).is_ok());
        assert!(client(&Trust::System).is_ok());
    }
}
