//! A private certificate authority and the certificates it signs, made afresh for each test.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder with `ca.pem` and one pair per certificate.
pub struct Authority {
    folder: PathBuf,
}

/// A certificate with its key.
pub struct Pair {
    pub cert: PathBuf,
    pub key: PathBuf,
}

impl Authority {
    /// Makes an authority in `folder`.
    pub fn new(folder: &Path) -> Self {
        let authority = Self { folder: folder.to_owned() };
        authority.openssl(&format!(
            "req -x509 {KEY} -keyout ca.key -out ca.pem -days 2 -subj /CN=vanthu-test-ca \
             -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign"
        ));
        authority
    }

    /// The authority's certificate.
    pub fn ca_file(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// A server certificate for a name, valid from now.
    pub fn issue(&self, name: &str) -> Pair {
        self.sign(name, "20200101000000Z", "20991231000000Z")
    }

    /// A server certificate for a name whose time is over.
    pub fn issue_expired(&self, name: &str) -> Pair {
        self.sign(name, "20200101000000Z", "20200102000000Z")
    }

    /// `openssl x509` of OpenSSL 3.0 cannot set dates, `openssl ca` can.
    fn sign(&self, name: &str, from: &str, until: &str) -> Pair {
        self.write("ext", &format!("subjectAltName=DNS:{name}\n"));
        self.write("index.txt", "");
        self.write("serial", "1000\n");
        self.write(
            "ca.cnf",
            "[ca]\ndefault_ca=a\n[a]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\n\
             default_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n",
        );
        self.openssl(&format!("req -new {KEY} -keyout {name}.key -out {name}.csr -subj /CN={name}"));
        self.openssl(&format!(
            "ca -batch -config ca.cnf -in {name}.csr -cert ca.pem -keyfile ca.key -out {name}.pem -notext \
             -extfile ext -startdate {from} -enddate {until}"
        ));
        let file = |end: &str| self.folder.join(format!("{name}.{end}"));
        Pair { cert: file("pem"), key: file("key") }
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.join(name), text).unwrap();
    }

    fn openssl(&self, arguments: &str) {
        let output = Command::new("openssl")
            .args(arguments.split_whitespace())
            .current_dir(&self.folder)
            .output()
            .expect("openssl is needed for the mail tests");
        assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

const KEY: &str = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
