//! The pictures of the README, made from the real pages. `VANTHU_PICTURES=1 cargo test pictures`
//! writes them to docs/img; without it they are made and thrown away, so that they always can be made.

use std::path::{Path, PathBuf};

use vanthu::config;
use vanthu::config::diagnostic::Findings;
use vanthu::config::settings::Language;
use vanthu::render::mail::{LetterRenderer, Office as Letterhead};

use super::chromium::Browser;
use super::terminal;
use super::{board, busy, guide};

/// More would make the README slow to open.
const LARGEST: usize = 200 * 1024;

/// Where pictures go; the second value keeps a temporary folder alive.
pub fn album() -> (PathBuf, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    #[expect(
        clippy::disallowed_methods,
        reason = "asks what the developer wants, sets nothing in the daemon"
    )]
    let wanted = std::env::var_os("VANTHU_PICTURES").is_some_and(|wanted| wanted == "1");
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/img");
    (if wanted { docs } else { folder.path().to_owned() }, folder)
}

/// Writes what the browser shows of an address: its upper part, or all of it where less is there.
pub async fn take(browser: &Browser, album: &Path, name: &str, address: &str, size: (u32, u32), scale: f64) {
    browser.look((size.0, 100), scale, false).await;
    browser.open(address).await;
    let height = browser.eval("return document.documentElement.scrollHeight").await.as_u64().unwrap();
    let height = u32::try_from(height).unwrap().min(size.1);
    browser.look((size.0, height), scale, false).await;
    let png = browser.picture().await;
    assert!(png.starts_with(b"\x89PNG") && png.len() > 10_000, "{name}: {} bytes", png.len());
    std::fs::write(album.join(name), &png).unwrap();
    assert!(png.len() <= LARGEST, "{name} has {} bytes", png.len());
}

/// One test, because the office takes its time to get busy.
#[tokio::test]
async fn a_busy_office_is_legible_quiet_and_pictured() {
    let (browser, site) = (Browser::start().await, busy::site().await);
    board::is_well(&browser, &site, &busy::worst_document(&site).await).await;
    let (album, folder) = album();
    take(&browser, &album, "board.png", &site.admin, (1200, 820), 1.25).await;
    let letter = busy::unanswered(&site).await;
    let office = Letterhead {
        name: site.rig.office.name.clone(),
        phone: site.rig.office.phone.clone(),
        zone: site.rig.office.calendar.zone,
    };
    let mail = folder.path().join("mail.html");
    std::fs::write(&mail, LetterRenderer::new(office).unwrap().render(&letter).unwrap().html).unwrap();
    take(&browser, &album, "mail.png", &format!("file://{}", mail.display()), (390, 844), 1.75).await;
    let link = letter.link.as_deref().unwrap().replace("https://vanthu.example", &site.public);
    take(&browser, &album, "acknowledge.png", &link, (390, 1160), 1.5).await;
    guide::pages(&browser, &site, &album).await;
}

#[tokio::test]
async fn a_diagnostic() {
    let (album, folder) = album();
    let page = folder.path().join("check.html");
    std::fs::write(&page, terminal::page("vanthu check", &diagnostic())).unwrap();
    let browser = Browser::start().await;
    let address = format!("file://{}", page.display());
    take(&browser, &album, "diagnostic.png", &address, (1120, 600), 1.25).await;
}

/// What `vanthu check` says of the sample, its calendar confirmed, with two slips of the pen in its rules.
fn diagnostic() -> String {
    let folder = tempfile::tempdir().unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    for (file, slips) in [
        ("units.toml", &[][..]),
        ("calendar/calendar.toml", &[]),
        ("calendar/2026.toml", &[("confirmed = false", "confirmed = true")]),
        ("rules.d/10-chung.toml", &[("\"public-service\"", "\"public-servise\""), ("owes =", "owe =")]),
    ] {
        let to = folder.path().join(file);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        let mut text = std::fs::read_to_string(sample.join(file)).unwrap();
        for (right, wrong) in slips {
            assert!(text.contains(right), "{file} lacks {right}");
            text = text.replacen(right, wrong, 1);
        }
        std::fs::write(to, text).unwrap();
    }
    let findings = Findings::default();
    assert!(config::office::compile(None, folder.path(), &findings).is_none(), "the slips went unnoticed");
    let printed = findings.into_report().render(Language::Vi, true);
    printed.replace(&format!("{}/", folder.path().display()), "")
}
