//! The pictures of the README, made from the real pages. `VANTHU_PICTURES=1 cargo test pictures`
//! writes them to docs/img; without it they are made and thrown away, so that they always can be made.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use vanthu::config;
use vanthu::config::settings::Language;
use vanthu::domain::notice::NoticeKind;
use vanthu::render::mail::{LetterRenderer, Office as Letterhead};

use super::busy;
use super::chromium::Browser;
use super::terminal;

/// More would make the README slow to open.
const LARGEST: usize = 200 * 1024;

/// Where pictures go; the second value keeps a temporary folder alive.
fn album() -> (PathBuf, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    #[expect(
        clippy::disallowed_methods,
        reason = "asks what the developer wants, sets nothing in the daemon"
    )]
    let wanted = std::env::var_os("VANTHU_PICTURES").is_some_and(|wanted| wanted == "1");
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/img");
    (if wanted { docs } else { folder.path().to_owned() }, folder)
}

/// Writes what the browser shows of the upper part of an address.
async fn take(browser: &Browser, album: &Path, name: &str, address: &str, size: (u32, u32), scale: f64) {
    browser.look(size, scale, false).await;
    browser.open(address).await;
    let png = browser.picture().await;
    assert!(png.starts_with(b"\x89PNG") && png.len() > 10_000, "{name}: {} bytes", png.len());
    assert!(png.len() <= LARGEST, "{name} has {} bytes", png.len());
    std::fs::write(album.join(name), png).unwrap();
}

#[tokio::test]
async fn board_mail_and_acknowledgement() {
    let (browser, site) = (Browser::start().await, busy::site().await);
    let (album, folder) = album();
    take(&browser, &album, "board.png", &site.admin, (1280, 860), 1.5).await;
    let letters = site.rig.mailer.letters();
    let letter =
        letters.iter().rev().find(|letter| letter.kind == NoticeKind::Notice && letter.due.is_some());
    let letter = letter.unwrap();
    let office = Letterhead {
        name: site.rig.office.name.clone(),
        phone: site.rig.office.phone.clone(),
        zone: site.rig.office.calendar.zone,
    };
    let mail = folder.path().join("mail.html");
    std::fs::write(&mail, LetterRenderer::new(office).unwrap().render(letter).unwrap().html).unwrap();
    take(&browser, &album, "mail.png", &format!("file://{}", mail.display()), (390, 844), 2.0).await;
    let link = letter.link.as_deref().unwrap().replace("https://vanthu.example", &site.public);
    take(&browser, &album, "acknowledge.png", &link, (390, 844), 2.0).await;
}

#[tokio::test]
async fn a_diagnostic() {
    let (album, folder) = album();
    let page = folder.path().join("check.html");
    std::fs::write(&page, terminal::page("vanthu check", &diagnostic())).unwrap();
    let browser = Browser::start().await;
    let address = format!("file://{}", page.display());
    take(&browser, &album, "diagnostic.png", &address, (980, 420), 1.5).await;
}

/// What `vanthu check` says of the sample with two slips of the pen in its rules.
fn diagnostic() -> String {
    let folder = tempfile::tempdir().unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    for file in
        ["units.toml", "vanthu.toml", "rules.d/10-chung.toml", "calendar/calendar.toml", "calendar/2026.toml"]
    {
        let to = folder.path().join(file);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(sample.join(file), to).unwrap();
    }
    let rules = folder.path().join("rules.d/10-chung.toml");
    let text = std::fs::read_to_string(&rules).unwrap();
    let broken = text.replacen("\"public-service\"", "\"public-servise\"", 1).replacen("owes =", "owe =", 1);
    assert_ne!(text, broken);
    std::fs::write(&rules, broken).unwrap();
    let report = config::load(folder.path(), &BTreeMap::new(), None).unwrap_err();
    report.render(Language::Vi, true).replace(&format!("{}/", folder.path().display()), "")
}
