//! The files of a message: what its manifest calls them and what its contents are, brought together.

use std::io::{self, Read as _, SeekFrom};

use super::gather::Content;
use super::tree::Element;
use super::{Stop, media, unzip};
use crate::app::ports::{Draft, Files, FilesError, Kept};
use crate::domain::document::{Attachment, StoredFile};

/// Bytes of a file that tell what it is.
const HEAD: usize = 8 << 10;

/// A file of a message.
pub(super) struct Listed {
    pub attachment: Attachment,
    /// The number of its content.
    content: Option<usize>,
}

/// The files in the order of the manifest, the main document first; then those it does not name.
pub(super) fn list(root: Option<&Element>) -> Vec<Listed> {
    let (mut references, mut attachments) = (Vec::new(), Vec::new());
    if let Some(root) = root {
        references = manifest(root);
        root.find_all(&["attachment"], &mut attachments);
    }
    let mut listed: Vec<Listed> = references.into_iter().map(named).collect();
    for attachment in attachments {
        let own = Listed { content: content(attachment), ..named(attachment) };
        match listed.iter_mut().find(|listed| is_same(listed, &own)) {
            Some(listed) => {
                listed.content = own.content;
                if listed.attachment.name.is_empty() {
                    listed.attachment.name = own.attachment.name;
                }
            }
            None => listed.push(own),
        }
    }
    for (index, listed) in listed.iter_mut().enumerate() {
        if listed.attachment.name.is_empty() {
            listed.attachment.name = format!("tệp {}", index + 1);
        }
    }
    listed
}

/// The references of the manifest; a signature has elements of that name too.
fn manifest(root: &Element) -> Vec<&Element> {
    let manifest = root.find("edxmlmanifest").or_else(|| root.find("manifest"));
    manifest.into_iter().flat_map(|manifest| manifest.children_named("reference")).collect()
}

fn named(element: &Element) -> Listed {
    let name = element.text_of(&[&["attachmentname"], &["filename"], &["description"]]);
    let attachment =
        Attachment { external_id: id(element), name: name.unwrap_or_default(), ..Attachment::default() };
    Listed { attachment, content: None }
}

/// `ContentId` without the `cid:` that some write before it.
fn id(element: &Element) -> String {
    let text = element.text_at(&["contentid"]).unwrap_or_default();
    let bare = text.strip_prefix("cid:").or_else(|| text.strip_prefix("CID:"));
    bare.unwrap_or(&text).trim().to_owned()
}

fn content(attachment: &Element) -> Option<usize> {
    attachment.children.iter().find_map(|child| child.file)
}

/// Whether a content belongs to a file of the manifest: by id, or by name where one of them has no id.
fn is_same(listed: &Listed, own: &Listed) -> bool {
    let (one, two) = (&listed.attachment, &own.attachment);
    let by_id = !one.external_id.is_empty() && one.external_id == two.external_id;
    let nameless = one.external_id.is_empty() || two.external_id.is_empty();
    listed.content.is_none() && (by_id || (nameless && !one.name.is_empty() && one.name == two.name))
}

/// Whether the manifest, as far as it was read, names the file of this id.
pub(super) fn is_referred(attachment: &Element, stack: &[Element]) -> bool {
    let id = id(attachment);
    !id.is_empty()
        && stack
            .iter()
            .flat_map(manifest)
            .any(|reference| self::id(reference) == id && reference.text_at(&["attachmentname"]).is_some())
}

/// Keeps contents; what it kept goes again if one of them cannot be.
pub(super) struct Keeper<'a> {
    files: &'a dyn Files,
    places: Vec<(usize, Kept)>,
}

impl<'a> Keeper<'a> {
    pub(super) fn new(files: &'a dyn Files) -> Self {
        Self { files, places: Vec::new() }
    }

    /// Which content is kept where.
    pub(super) fn places(&self) -> &[(usize, Kept)] {
        &self.places
    }

    /// Keeps the contents of all files, those that no file claims under a name of their own.
    pub(super) fn all(
        &mut self,
        listed: Vec<Listed>,
        contents: &mut [Content],
    ) -> Result<Vec<Attachment>, Stop> {
        let kept: Result<_, Stop> = listed.into_iter().map(|file| self.one(file, contents)).collect();
        if kept.is_err() {
            for (_, kept) in &self.places {
                self.files.discard(&kept.id)?;
            }
        }
        kept
    }

    fn one(&mut self, file: Listed, contents: &mut [Content]) -> Result<Attachment, Stop> {
        let Listed { attachment, content } = file;
        let taken = content.and_then(|number| {
            Some((number, std::mem::replace(contents.get_mut(number)?, Content::Nothing)))
        });
        let (number, draft) = match taken {
            Some((number, Content::Draft(draft))) => (number, draft),
            Some((number, Content::Early(bytes))) => (number, self.write(&bytes)?),
            Some((_, Content::Unreadable | Content::Nothing)) | None => return Ok(attachment),
        };
        let (stored, kept) = keep(draft, &attachment.name, self.files)?;
        let size = Some(kept.size);
        self.places.push((number, kept));
        Ok(Attachment { size, stored: Some(stored), ..attachment })
    }

    fn write(&self, bytes: &[u8]) -> Result<Box<dyn Draft>, FilesError> {
        let mut draft = self.files.begin()?;
        let written = draft.write_all(bytes);
        written.map_err(|error| draft.error(error))?;
        Ok(draft)
    }
}

/// Makes a written file durable, taken out of the zip it may be in, and says what it is.
///
/// # Errors
/// [`FilesError`]; nothing is left behind then.
pub(in crate::source) fn keep(
    mut draft: Box<dyn Draft>,
    name: &str,
    files: &dyn Files,
) -> Result<(StoredFile, Kept), FilesError> {
    let mut head = head(draft.as_mut())?;
    if unzip::is_wrapped(&head, name) {
        draft = unzip::unwrap(draft, files)?;
        head = self::head(draft.as_mut())?;
    }
    let media = media::of(&head, name).to_owned();
    let kept = draft.keep()?;
    Ok((StoredFile { id: kept.id.clone(), sha256: kept.sha256.clone(), media }, kept))
}

/// The first bytes of a draft.
fn head(draft: &mut dyn Draft) -> Result<Vec<u8>, FilesError> {
    let mut head = Vec::new();
    read_head(draft, &mut head).map_err(|error| draft.error(error))?;
    Ok(head)
}

fn read_head(draft: &mut dyn Draft, head: &mut Vec<u8>) -> io::Result<()> {
    draft.seek(SeekFrom::Start(0))?;
    let limit = u64::try_from(HEAD).unwrap_or(u64::MAX);
    draft.take(limit).read_to_end(head)?;
    Ok(())
}
