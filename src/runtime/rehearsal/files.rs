//! The demo office's files: the sample files as they are, the rules that belong to the invented
//! papers, and settings that point into the world.

use std::path::Path;

use super::Places;
use crate::config::sample;
use crate::demo::papers;

/// Writes them.
pub(super) fn write(folder: &Path, places: &Places) -> std::io::Result<()> {
    for (path, text) in sample::FILES {
        put(folder, path, text)?;
    }
    put(folder, "rules.d/20-demo.toml", papers::RULES)?;
    put(folder, "vanthu.toml", &settings(places))?;
    put(folder, "ioffice-password", "vanthu")?;
    put(folder, "link-key", "khoá giả của văn phòng thử, dài hơn ba mươi hai byte")
}

fn put(folder: &Path, path: &str, text: &str) -> std::io::Result<()> {
    let target = folder.join(path);
    if let Some(parent) = target.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(target, text)
}

fn settings(places: &Places) -> String {
    let Places { ioffice, smtp, web } = places;
    let (host, port) = (smtp.ip(), smtp.port());
    format!(
        r#"
[office]
name = "Văn phòng Đảng uỷ Khối (thử)"
phone = "0200 000 000"

[[source]]
type = "ioffice"
id = "ioffice"
url = "{ioffice}"
username = "vanthu"
password = {{ file = "ioffice-password" }}
pace = "0s"
recheck = "7days"
directives = "received"
unmarked_directives = "open"
statuses_by = "comment"
statuses = ["01", "03", "05", "06"]
statuses_when = "any"

[mail]
from = "Văn thư Đảng uỷ Khối <vanthu@duk.mau.example>"
reply_to = "van-phong@duk.mau.example"
list_id = "chi-dao.duk.mau.example"

[mail.transport]
type = "smtp"
host = "{host}"
port = {port}
tls = "plain"
sessions = 4

[web]
listen = "{web}"
public_url = "http://{web}"
link_keys = [{{ id = "demo", secret = {{ file = "link-key" }} }}]
trusted_proxies = ["127.0.0.1"]

[admin]
listen = "127.0.0.1:0"

[brake]
baseline = "mail"
directives = 10000
mails = 1000000

[log]
format = "text"
"#
    )
}
