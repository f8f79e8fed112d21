//! A letter as it would leave: the same composer, the same templates, no server.

use crate::config::Loaded;
use crate::domain::bulletin::Bulletin;
use crate::domain::notice::Letter;
use crate::mail::compose::Composer;

use super::wiring;

/// A mail to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The whole mail.
    pub eml: Vec<u8>,
    /// Its HTML part.
    pub html: String,
    /// Its text part.
    pub text: String,
}

/// Composes a letter with the settings and templates of an office. It is signed only where the key may be
/// read.
///
/// # Errors
/// A setting that cannot work, or a letter that could never be sent; says which and why.
pub fn preview(loaded: &Loaded, letter: &Letter) -> anyhow::Result<Preview> {
    let composer = composer(loaded)?;
    let rendered = composer.render(letter)?;
    Ok(Preview { eml: composer.compose(letter)?.bytes, html: rendered.html, text: rendered.text })
}

/// The same of a mail to staff.
///
/// # Errors
/// As [`preview`].
pub fn staff(loaded: &Loaded, bulletin: &Bulletin) -> anyhow::Result<Preview> {
    let composer = composer(loaded)?;
    let rendered = composer.render_bulletin(bulletin)?;
    Ok(Preview { eml: composer.compose_bulletin(bulletin)?.bytes, html: rendered.html, text: rendered.text })
}

fn composer(loaded: &Loaded) -> anyhow::Result<Composer> {
    let (composer, faults) = Composer::new(wiring::letters(&loaded.settings, &loaded.office))?;
    for fault in faults {
        tracing::warn!(%fault, "mẫu thư bị lỗi; dùng mẫu có sẵn");
    }
    Ok(composer)
}
