//! The pictures of the staff's guide: real pages of a busy office, and what the built program prints.

use std::path::Path;
use std::process::Command;

use vanthu::config::sample;
use vanthu::web::Standing;

use super::chromium::{Browser, DESK};
use super::pictures::take;
use super::{busy, terminal};
use crate::support::rig::Rig;
use crate::support::site::{Site, mailed};

/// What the board says while a broken edit waits to be mended.
const BANNER: &str = "Tệp cấu hình mới có lỗi; đang dùng bản tốt gần nhất. Chạy `vanthu check` để xem.";

/// The pages of a busy office that the guide explains.
pub async fn pages(browser: &Browser, site: &Site, album: &Path) {
    let document = busy::worst_document(site).await;
    for (name, path, height) in
        [("guide-document.png", document.as_str(), 900), ("guide-holds.png", "/holds", 520)]
    {
        take(browser, album, name, &format!("{}{path}", site.admin), (1200, height), 1.0).await;
    }
}

#[tokio::test]
async fn a_banner() {
    let (album, _folder) = super::pictures::album();
    let rig = Rig::at("2026-03-02 09:00").await;
    mailed(&rig, "Sinh hoạt chuyên đề quý I").await;
    let site = Site::over(rig, Standing { banners: vec![BANNER.to_owned()], ..Standing::default() }).await;
    let browser = Browser::start().await;
    browser.look(DESK, 1.0, false).await;
    take(&browser, &album, "guide-banner.png", &site.admin, (1200, 420), 1.0).await;
    assert!(browser.text().await.contains(BANNER));
}

/// The sample office as `init` writes it.
fn office() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in sample::FILES {
        let to = folder.path().join(path);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::write(to, text).unwrap();
    }
    folder
}

/// What a command prints.
fn printed(office: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_vanthu"))
        .args(["--config", &office.join("vanthu.toml").display().to_string(), "--lang", "vi"])
        .args(arguments)
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    printed.replace(&format!("{}/", office.display()), "")
}

/// Commands as the guide's reader would type them, with the part of the screen that is shown.
const COMMANDS: [(&str, &str, (u32, u32)); 3] = [
    ("guide-test.png", "rules test", (1200, 400)),
    (
        "guide-explain.png",
        "rules explain \"12-KH/ĐUK\" --subject \"Kế hoạch sinh hoạt chuyên đề quý I\"",
        (1000, 330),
    ),
    (
        "guide-new.png",
        "rules new --dry-run --name \"Góp ý văn kiện đại hội\" --issuer ĐUK --text \"góp ý văn kiện\" \\\n    \
         --to-kind base-cell --to-sector public-service --due \"document, else 10 working days\"",
        (1000, 700),
    ),
];

/// The words of a command, as a shell parts them: by spaces outside quotes, a backslash ends a line.
fn words(command: &str) -> Vec<&str> {
    let pieces = command.split('"').enumerate();
    let words = pieces.flat_map(|(place, piece)| {
        if place % 2 == 1 {
            vec![piece]
        } else {
            piece.split_whitespace().filter(|word| *word != "\\").collect()
        }
    });
    words.collect()
}

#[tokio::test]
async fn terminals() {
    let (album, folder) = super::pictures::album();
    let (browser, office) = (Browser::start().await, office());
    for (name, command, size) in COMMANDS {
        let said = printed(office.path(), &words(command));
        let page = folder.path().join("terminal.html");
        std::fs::write(&page, terminal::page(&format!("vanthu {command}"), &said)).unwrap();
        take(&browser, &album, name, &format!("file://{}", page.display()), size, 1.0).await;
    }
}

/// The card is one sheet of A4, and says what it must.
#[tokio::test]
async fn the_card_is_one_page() {
    let (album, _folder) = super::pictures::album();
    let card = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/the-mot-trang.html");
    let browser = Browser::start().await;
    assert_eq!(browser.pages_in_print(&format!("file://{}", card.display())).await, 1);
    take(&browser, &album, "guide-card.png", &format!("file://{}", card.display()), (794, 1123), 1.0).await;
}
