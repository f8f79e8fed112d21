//! Replacing a file that somebody, or the daemon, may be reading: the new text is there as a whole, or
//! not at all.

use std::io::{self, Write as _};
use std::path::Path;

use tempfile::Builder;

/// Puts `text` in the place of a file, with its permissions; through a symbolic link, so that the link
/// stays. The text lies in a hidden file beside it first, which readers of the folder pass over.
///
/// # Errors
/// Those of the file system; the file is then as it was.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let target = path.canonicalize().or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => Ok(path.to_owned()),
        _ => Err(error),
    })?;
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut draft = Builder::new().prefix(".vanthu-").suffix(".tmp").tempfile_in(folder)?;
    draft.write_all(text.as_bytes())?;
    if let Ok(known) = target.metadata() {
        draft.as_file().set_permissions(known.permissions())?;
    } else {
        share(draft.as_file())?;
    }
    draft.as_file().sync_all()?;
    draft.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

/// A new file is for the daemon, too, which runs as somebody else.
#[cfg(unix)]
fn share(file: &std::fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn share(_: &std::fs::File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("a.toml"), folder.path().join("b.toml"));
        std::fs::write(&real, "a = 1\n").unwrap();
        std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&real, &link).unwrap();
        replace(&link, "a = 2\n").unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&real).unwrap(), "a = 2\n");
        assert_eq!(real.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
