//! A note in the folder about what lies there and is not read. What a program passes over in silence, people
//! believe to be done.

use std::fs;
use std::io;

use super::moving::write_over;
use super::tray::{NOTE, Tray};

/// Entries that are named.
const MOST: usize = 200;

/// Writes the note, where it has changed; removes it where there is nothing to say.
///
/// # Errors
/// The disk's.
pub(super) fn write(tray: &Tray, strange: &[(String, &'static str)]) -> io::Result<()> {
    let path = tray.root.join(NOTE);
    if strange.is_empty() {
        return match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    }
    let text = text(strange, &tray.kinds);
    if fs::read(&path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    write_over(&path, &text)
}

fn text(strange: &[(String, &'static str)], kinds: &[String]) -> String {
    let mut lines: Vec<_> =
        strange.iter().map(|(name, why)| format!("  - {}: {why}", name.escape_debug())).collect();
    lines.sort();
    let more = lines.len().saturating_sub(MOST);
    lines.truncate(MOST);
    if more > 0 {
        lines.push(format!("  - và {more} mục nữa"));
    }
    let endings: Vec<_> = kinds.iter().map(|kind| format!(".{kind}")).collect();
    let text = format!(
        "CÁC MỤC KHÔNG ĐƯỢC ĐỌC TRONG THƯ MỤC NÀY\n\n{}\n\nChỉ đọc tệp loại {}. \
         Chuyển các mục trên sang nơi khác; khi hết, tệp này tự mất.\n",
        lines.join("\n"),
        endings.join(", "),
    );
    text.replace('\n', "\r\n")
}
