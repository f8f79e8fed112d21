//! The mails as a reader sees them.

use vanthu::render::mail::{LetterRenderer, sample_office, samples};

use super::chromium::Browser;
use super::looks;

/// A phone and the reading pane of an office mail program.
const WIDTHS: [u32; 2] = [390, 800];
/// What of a phone's screen a mail program leaves to the mail.
const FIRST_SCREEN: u32 = 740;

#[tokio::test]
async fn every_letter_fits_and_shows_its_link_on_the_first_screen() {
    let (browser, folder) = (Browser::start().await, tempfile::tempdir().unwrap());
    let renderer = LetterRenderer::new(sample_office()).unwrap();
    for letter in samples() {
        let name = letter.kind.as_str();
        let file = folder.path().join(format!("{name}.html"));
        std::fs::write(&file, renderer.render(&letter).unwrap().html).unwrap();
        let address = format!("file://{}", file.display());
        browser.open(&address).await;
        for (width, dark) in WIDTHS.into_iter().flat_map(|width| [(width, false), (width, true)]) {
            browser.look((width, FIRST_SCREEN), 1.0, dark).await;
            looks::fits(&browser, name).await;
            looks::is_readable(&browser, name).await;
            if letter.link.is_some() {
                let link = browser.eval("return document.querySelector('a').getBoundingClientRect()").await;
                let bottom = link["bottom"].as_f64().unwrap();
                assert!(bottom <= f64::from(FIRST_SCREEN), "{name} at {width}: its link ends at {bottom}");
            }
        }
        looks::is_quiet(&browser, name, &address).await;
    }
}
