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

    /// A server certificate for a name, valid for so many days; negative is over already.
    pub fn issue(&self, name: &str, days: i32) -> Pair {
        std::fs::write(self.folder.join("ext"), format!("subjectAltName=DNS:{name}\n")).unwrap();
        self.openssl(&format!("req -new {KEY} -keyout {name}.key -out {name}.csr -subj /CN={name}"));
        let dates = if days < 0 { "-not_before 20200101000000Z -not_after 20200102000000Z" } else { "" };
        let span = if days < 0 { String::new() } else { format!("-days {days}") };
        self.sign(name, dates, &span);
        Pair { cert: self.folder.join(format!("{name}.pem")), key: self.folder.join(format!("{name}.key")) }
    }

    /// `openssl x509` of OpenSSL 3.0 cannot set dates, `openssl ca` can.
    fn sign(&self, name: &str, dates: &str, span: &str) {
        if dates.is_empty() {
            self.openssl(&format!(
                "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out {name}.pem -extfile ext {span}"
            ));
            return;
        }
        std::fs::write(self.folder.join("index.txt"), "").unwrap();
        std::fs::write(self.folder.join("serial"), "1000\n").unwrap();
        std::fs::write(
            self.folder.join("ca.cnf"),
            "[ca]\ndefault_ca=a\n[a]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\n\
             default_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n",
        )
        .unwrap();
        self.openssl(&format!(
            "ca -batch -config ca.cnf -in {name}.csr -cert ca.pem -keyfile ca.key -out {name}.pem -notext \
             -extfile ext -startdate 20200101000000Z -enddate 20200102000000Z"
        ));
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
