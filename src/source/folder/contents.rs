//! What a file holds, in order, with what staff are told of it as a whole.

use std::collections::HashMap;

use super::item::{Item, Piece};
use crate::app::ports::Broken;
use crate::domain::ids::ExternalId;
use crate::source::hash::sha256_of;

/// The pieces of a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Contents {
    /// The pieces; no two with one id.
    pub items: Vec<Item>,
    /// Numbers of rows that are no rows of the list: signatures, dates.
    pub passed_over: Vec<usize>,
    /// What to do, beyond what each piece says.
    pub advice: Vec<String>,
    places: HashMap<ExternalId, usize>,
}

impl Contents {
    /// A file that is one piece, known by its bytes.
    pub(super) fn single(bytes: &[u8], piece: Piece) -> Self {
        Self::of([Item::new(&sha256_of(bytes), String::new(), piece)])
    }

    /// A file that cannot be read at all.
    pub(super) fn refused(bytes: &[u8], reason: &str) -> Self {
        Self::single(bytes, Piece::unreadable(reason))
    }

    /// These pieces. One that says the same of the same document again adds nothing; one that says otherwise
    /// is held, because which of the two is right cannot be known.
    pub(super) fn of(items: impl IntoIterator<Item = Item>) -> Self {
        let mut contents = Self::default();
        for item in items {
            let item = match contents.item(&item.id) {
                None => item,
                Some(first) if first.fingerprint == item.fingerprint => continue,
                Some(first) => contradiction(item, &first.place),
            };
            contents.places.insert(item.id.clone(), contents.items.len());
            contents.items.push(item);
        }
        contents
    }

    /// The same with the name of its file before the reasons of what could not be read, which staff meet
    /// far from the file.
    pub(super) fn of_file(mut self, name: &str) -> Self {
        for item in &mut self.items {
            if let Piece::Broken(broken) = &mut item.piece {
                broken.reason = format!("tệp “{name}”, {}", broken.reason);
            }
        }
        self
    }

    /// A piece by its id.
    pub(super) fn item(&mut self, id: &ExternalId) -> Option<&mut Item> {
        let at = self.places.get(id)?;
        self.items.get_mut(*at)
    }

    /// Whether every piece is in the register.
    pub(super) fn is_settled(&self) -> bool {
        self.items.iter().all(|item| item.passed)
    }
}

fn contradiction(item: Item, first: &str) -> Item {
    let key = format!("{}\u{1f}{}", item.id, item.fingerprint);
    let reason = format!("{}: cùng văn bản với {first} nhưng nội dung khác nhau", item.place);
    let piece = match item.piece {
        Piece::Broken(broken) => Piece::Broken(broken),
        Piece::Open(incoming) => Piece::Broken(Broken { reason, raw: Some(incoming.raw) }),
        _ => Piece::Broken(Broken { reason, raw: None }),
    };
    Item::new(&key, item.place, piece)
}
