//! Who works on the folder: sees what has come to rest, claims it, opens one file at a time, and puts it
//! away once all of it is in the register. Everything here blocks; nothing here waits.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::archive::{self, Archive, Shelf};
use super::contents::Contents;
use super::item::Piece;
use super::options::{Hand, Options};
use super::outcome::{self, About};
use super::tray::{Sights, Spot, Stamp, Tray};
use super::{note, reader};
use crate::app::ports::{Files, Listed, Listing, PageToken, Reading, SourceError};
use crate::domain::ids::ExternalId;

/// Rows a page.
const PAGE: usize = 500;

/// A file while it is watched.
#[derive(Debug, Clone, Copy)]
struct Seen {
    stamp: Stamp,
    /// Since when it has not changed.
    since: DateTime<Utc>,
}

/// A file while its pieces are read.
struct Opened {
    spot: Spot,
    stamp: Option<Stamp>,
    contents: Contents,
}

/// Where a walk goes on.
#[derive(Debug, Serialize, Deserialize)]
struct Position {
    spot: Spot,
    /// Pieces of it that were listed.
    after: usize,
}

/// The one who works on a folder.
pub(super) struct Desk {
    options: Options,
    tray: Tray,
    seen: HashMap<Spot, Seen>,
    queue: Vec<Spot>,
    opened: Option<Opened>,
    files: Arc<dyn Files>,
}

impl Desk {
    pub(super) fn new(options: Options, files: Arc<dyn Files>) -> Self {
        let tray = Tray { root: options.path.clone(), kinds: options.kinds.clone() };
        Self { options, tray, seen: HashMap::new(), queue: Vec::new(), opened: None, files }
    }

    fn takes(&self) -> bool {
        self.options.hand == Hand::Takes
    }

    /// Looks at the folder, claims what has come to rest, and queues it, oldest first. Gives the instant at
    /// which the next file may have come to rest, if one has not.
    pub(super) fn look(&mut self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, SourceError> {
        self.tray.knock().map_err(|error| self.trouble(&error))?;
        if self.takes() {
            self.tray
                .set_up()
                .and_then(|()| archive::finish(&self.tray))
                .map_err(|error| self.trouble(&error))?;
        }
        let dropped = self.tray.sights(false).map_err(|error| self.trouble(&error))?;
        let claimed = self.tray.sights(true).map_err(|error| self.trouble(&error))?;
        self.watch(&dropped, &claimed, now);
        let (mut rested, waiting): (Vec<_>, Vec<_>) = self
            .seen
            .iter()
            .map(|(spot, seen)| (spot.clone(), *seen))
            .partition(|(_, seen)| self.rests(seen, now));
        rested.sort_by(|(spot, seen), (other, others)| {
            (seen.stamp.modified, &spot.name).cmp(&(others.stamp.modified, &other.name))
        });
        self.queue.clear();
        for (spot, seen) in rested {
            let claimed = self.claim(spot, seen)?;
            self.queue.extend(claimed);
        }
        if self.takes() {
            note::write(&self.tray, &dropped.strange).map_err(|error| self.trouble(&error))?;
        }
        Ok(waiting.iter().map(|(_, seen)| seen.since + self.options.rest).min())
    }

    fn rests(&self, seen: &Seen, now: DateTime<Utc>) -> bool {
        now - seen.since >= self.options.rest
    }

    /// Notes what is there now, and since when each file has been as it is.
    fn watch(&mut self, dropped: &Sights, claimed: &Sights, now: DateTime<Utc>) {
        let files = dropped.files.iter().chain(&claimed.files);
        self.seen = files
            .map(|(spot, stamp)| {
                let known = self.seen.get(spot).filter(|seen| seen.stamp == *stamp);
                (spot.clone(), known.copied().unwrap_or(Seen { stamp: *stamp, since: now }))
            })
            .collect();
    }

    /// Claims a file that has come to rest. One that changed under our hand rests again where it is then.
    fn claim(&mut self, spot: Spot, seen: Seen) -> Result<Option<Spot>, SourceError> {
        if spot.claimed || !self.takes() {
            return Ok(Some(spot));
        }
        let claimed = self.tray.claim(&spot.name).map_err(|error| self.trouble(&error))?;
        self.seen.remove(&spot);
        let Some(claimed) = claimed else { return Ok(None) };
        let unchanged = self.tray.stamp(&claimed) == Some(seen.stamp);
        if unchanged {
            self.seen.insert(claimed.clone(), seen);
        }
        Ok(unchanged.then_some(claimed))
    }

    /// One page: pieces of one file.
    pub(super) fn page(
        &mut self,
        token: Option<&PageToken>,
        now: DateTime<Utc>,
    ) -> Result<Listing, SourceError> {
        let known = token.and_then(|token| serde_json::from_str::<Position>(&token.0).ok());
        let mut next = known.or_else(|| self.first());
        while let Some(position) = next {
            let listing = self.pieces(&position)?;
            if !listing.rows.is_empty() || listing.next.is_some() {
                return Ok(listing);
            }
            self.settle(now)?;
            next = self.after(&position.spot);
        }
        Ok(Listing { rows: Vec::new(), total: None, next: None })
    }

    fn first(&self) -> Option<Position> {
        self.queue.first().map(|spot| Position { spot: spot.clone(), after: 0 })
    }

    fn after(&self, spot: &Spot) -> Option<Position> {
        let at = self.queue.iter().position(|queued| queued == spot)?;
        self.queue.get(at + 1).map(|spot| Position { spot: spot.clone(), after: 0 })
    }

    fn pieces(&mut self, position: &Position) -> Result<Listing, SourceError> {
        self.open(&position.spot)?;
        let items = self.opened.as_ref().map_or(&[][..], |opened| &opened.contents.items);
        let handle = json!(position.spot).to_string();
        let rows: Vec<_> =
            items.iter().skip(position.after).take(PAGE).map(|item| item.listed(handle.clone())).collect();
        let after = position.after + rows.len();
        let more = (after < items.len()).then(|| Position { spot: position.spot.clone(), after });
        let next = more.or_else(|| self.after(&position.spot).filter(|_| !rows.is_empty()));
        let next = next.map(|position| PageToken(json!(position).to_string()));
        Ok(Listing { rows, total: None, next })
    }

    /// Opens a file, if it is not the one that is open, or not as it was.
    fn open(&mut self, spot: &Spot) -> Result<(), SourceError> {
        let stamp = self.tray.stamp(spot);
        if self.opened.as_ref().is_some_and(|opened| opened.spot == *spot && opened.stamp == stamp) {
            return Ok(());
        }
        self.opened = None;
        let contents = reader::contents(&self.tray, spot, &self.options)?;
        self.opened = contents.map(|contents| Opened { spot: spot.clone(), stamp, contents });
        Ok(())
    }

    /// A piece that was listed.
    pub(super) fn reading(&mut self, row: &Listed) -> Result<Reading, SourceError> {
        let Ok(spot) = serde_json::from_str::<Spot>(&row.handle) else { return Ok(Reading::Gone) };
        self.open(&spot)?;
        let takes = self.takes();
        let item = self.opened.as_mut().and_then(|opened| opened.contents.item(&row.external_id));
        let Some(item) = item.filter(|item| item.fingerprint == row.fingerprint) else {
            return Ok(Reading::Gone);
        };
        item.asked = true;
        match item.part.filter(|_| takes) {
            Some(part) => reader::anew(&self.tray, &spot, part, &item.id, &self.options, self.files.as_ref()),
            None => Ok(item.piece.reading()),
        }
    }

    /// The ids under which a piece may have been held before its row was mended.
    pub(super) fn formerly(&mut self, row: &Listed) -> Vec<ExternalId> {
        let item = self.opened.as_mut().and_then(|opened| opened.contents.item(&row.external_id));
        item.and_then(|item| Some(item.trace.as_ref()?.former())).unwrap_or_default()
    }

    /// Notes that pieces are in the register; puts their file away after the last one.
    pub(super) fn passed(&mut self, rows: &[Listed], now: DateTime<Utc>) -> Result<(), SourceError> {
        for row in rows {
            let item = self.opened.as_mut().and_then(|opened| opened.contents.item(&row.external_id));
            if let Some(item) = item {
                item.passed = true;
            }
        }
        self.settle(now)
    }

    fn settle(&mut self, now: DateTime<Utc>) -> Result<(), SourceError> {
        let Some(opened) = self.opened.take_if(|opened| opened.contents.is_settled()) else { return Ok(()) };
        // Changed since it was read, in our own subfolder: it is read again.
        if !self.takes() || self.tray.stamp(&opened.spot) != opened.stamp {
            return Ok(());
        }
        let (shelf, zone) = (shelf(&opened.contents), self.options.zone);
        let archive = Archive { tray: &self.tray, shelf, day: now.with_timezone(&zone).date_naive() };
        let put = archive.put(&opened.spot.name, |place| {
            outcome::write(&About { place, at: now, zone, shelf }, &opened.contents)
        });
        put.map_err(|error| self.trouble(&error))?;
        self.seen.remove(&opened.spot);
        let pieces = opened.contents.items.len();
        tracing::info!(source = %self.options.id, pieces, shelf = shelf.folder(), "file put away");
        Ok(())
    }

    /// What is wrong with the folder, for ops. No name of a file: it may say too much.
    fn trouble(&self, error: &io::Error) -> SourceError {
        let path = self.tray.root.display();
        SourceError::Unreachable(match error.kind() {
            io::ErrorKind::NotFound => format!("không có thư mục {path}; tạo thư mục, hoặc gắn lại ổ mạng"),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                format!(
                    "thư mục {path} chỉ đọc hoặc bị cấm: tài khoản chạy vanthu phải đọc và ghi được trong đó"
                )
            }
            io::ErrorKind::NotADirectory => format!(
                "thư mục {path}, hoặc working, done, refused, withheld trong đó, không phải thư mục thật"
            ),
            _ => format!("thư mục {path}: {error}"),
        })
    }
}

/// Where a file ends. One piece that may be secret is enough to keep the whole file out of the archive.
fn shelf(contents: &Contents) -> Shelf {
    let is_withheld = |piece: &Piece| matches!(piece, Piece::Withheld(_));
    let is_broken = |piece: &Piece| matches!(piece, Piece::Broken(_));
    if contents.items.iter().any(|item| is_withheld(&item.piece)) {
        Shelf::Withheld
    } else if contents.items.iter().all(|item| is_broken(&item.piece)) {
        Shelf::Refused
    } else {
        Shelf::Done
    }
}
