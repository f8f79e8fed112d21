//! The sample office in a folder of its own.

use std::fs;
use std::path::Path;

use anyhow::{Result, anyhow};
use vanthu::config::{self, Loaded, sample};

/// Writes it there and reads it, with a key for the links.
///
/// # Errors
/// The folder cannot be written, or the sample is broken.
pub fn load(folder: &Path) -> Result<Loaded> {
    for (path, text) in sample::FILES {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().unwrap_or(&file))?;
        fs::write(file, text)?;
    }
    let mut loaded = config::load_offline(folder).map_err(|_| anyhow!("the sample office is broken"))?;
    for key in &mut loaded.settings.web.link_keys {
        key.secret.value = "0123456789abcdef0123456789abcdef".into();
    }
    Ok(loaded)
}
