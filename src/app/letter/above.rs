//! To a superior, about everybody below it that lags: one mail at a time, whatever the documents.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Asked, Draft, Known, Writer};
use crate::app::ports::{Claimed, ObligationRow, StoreError, StoredDuty, Told};
use crate::domain::ids::{ObligationId, UnitId};
use crate::domain::ladder::StepKind;
use crate::domain::notice::{Delivery, Laggard, Letter, Matter, Measure, told_at};
use crate::domain::obligation::State;
use crate::domain::tally;
use crate::domain::text::vietnamese_order;

/// What a superior was not told of for so long is told no more: its own later steps tell of it.
const UNTOLD: TimeDelta = TimeDelta::days(14);

/// Rows of one document that lag, with their duties.
type Lagging = Vec<(ObligationRow, Arc<StoredDuty>)>;

impl Writer<'_> {
    /// The letter to a superior, as things stand at `now`.
    pub(super) async fn escalation(
        &mut self,
        claimed: &Claimed,
        revision: &Known,
        now: DateTime<Utc>,
    ) -> Result<Draft, StoreError> {
        let Some((told, sternest)) = self.told(claimed, revision).await? else {
            return Ok(Draft::Needless("đã có báo cáo mới hơn, gồm cả nội dung này"));
        };
        let cells = self.below(&claimed.key.unit, now);
        let mut matters = Vec::new();
        for told in told {
            let Some(known) = self.revision(told.revision).await? else { continue };
            let lagging = self.lagging(&known, &cells, now).await?;
            if !lagging.is_empty() {
                matters.push((known, lagging));
            }
        }
        // The most urgent first, then the first due.
        matters.sort_by_key(|(known, lagging)| {
            let due = lagging.iter().filter_map(|(row, _)| row.obligation.due).min();
            (std::cmp::Reverse(known.stored.document.urgency), due.is_none(), due)
        });
        let mut matters = matters.into_iter();
        let Some((known, lagging)) = matters.next() else {
            return Ok(Draft::Needless("không còn chi bộ nào chậm"));
        };
        let mut letter = self.about(claimed, &known, &lagging, now);
        letter.measure = sternest.map(|kind| Measure { kind, times: None });
        letter.others = matters.map(|(known, lagging)| self.matter(&known, &lagging, now)).collect();
        Ok(Draft::Letter(Box::new(letter)))
    }

    /// The documents a mail tells of: those whose steps were taken since the last one left, and as urgent; nothing
    /// where a newer one waits and tells of them too. Mails of older registers tell of one.
    async fn told(
        &mut self,
        claimed: &Claimed,
        revision: &Known,
    ) -> Result<Option<(Vec<Told>, Option<StepKind>)>, StoreError> {
        let apart = revision.stored.document.urgency.breaks_quiet_hours();
        let all = match told_at(&claimed.key.step) {
            Some(at) => {
                let Some(since) = self.since(claimed, apart, at).await? else { return Ok(None) };
                self.store.told_above(&claimed.key.unit, since, at).await?
            }
            None => vec![Told { revision: revision.stored.id, kind: StepKind::Chase }],
        };
        let mut told = Vec::with_capacity(all.len());
        for one in all {
            let known = self.revision(one.revision).await?;
            if known.is_some_and(|known| known.stored.document.urgency.breaks_quiet_hours() == apart) {
                told.push(one);
            }
        }
        let sternest = told.iter().map(|told| told.kind).max();
        Ok(Some((told, sternest)))
    }

    /// After which instant steps are still to be told: that of the last mail that left, so that what waited through
    /// an outage leaves as one mail. Nothing where a newer mail to the same address waits.
    async fn since(
        &mut self,
        claimed: &Claimed,
        apart: bool,
        at: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let mut since = at - UNTOLD;
        for table in self.store.tables(&claimed.key.unit, since).await? {
            let known = self.revision(table.revision).await?;
            if known.is_none_or(|known| known.stored.document.urgency.breaks_quiet_hours() != apart) {
                continue;
            }
            let waits = matches!(table.delivery, Delivery::Queued | Delivery::Sending);
            if table.at > at && table.mailbox == claimed.key.mailbox && waits {
                return Ok(None);
            }
            if table.at < at && table.delivery == Delivery::Sent {
                since = since.max(table.at);
            }
        }
        Ok(Some(since))
    }

    /// The cells a unit is told about: those below it, or all where it is the office or its leadership.
    fn below(&self, unit: &UnitId, now: DateTime<Utc>) -> Vec<UnitId> {
        let (units, today) = (&self.office.units, self.office.calendar.date_of(now));
        let everyone = [&units.office, &units.leadership].into_iter().flatten().any(|top| top == unit);
        let meant = |cell: &UnitId| everyone || units.is_within(cell, unit, today);
        units.cells_on(today).map(|cell| &cell.id).filter(|cell| meant(cell)).cloned().collect()
    }

    /// The rows that are late, or past their due instant and never reached: a superior must know of both. Rows
    /// that rest are left out.
    async fn lagging(
        &mut self,
        known: &Known,
        cells: &[UnitId],
        now: DateTime<Utc>,
    ) -> Result<Lagging, StoreError> {
        let mut rows = self.store.live_among(known.stored.id, cells).await?;
        rows.retain(|row| tally::is_past(&row.obligation, now));
        let ids: Vec<ObligationId> = rows.iter().map(|row| row.obligation.id).collect();
        let resting = self.resting_among(&ids).await?;
        let mut lagging = Vec::with_capacity(rows.len());
        for row in rows.into_iter().filter(|row| !resting.contains(&row.obligation.id)) {
            let Some(duty) = self.duty(row.obligation.duty).await? else { continue };
            lagging.push((row, duty));
        }
        Ok(lagging)
    }

    fn about(&self, claimed: &Claimed, known: &Known, lagging: &Lagging, now: DateTime<Utc>) -> Letter {
        let asked: Vec<_> = lagging
            .iter()
            .map(|(row, duty)| Asked { row: &row.obligation, duty: duty.clone(), is_meant: true })
            .collect();
        let mut letter = self.letter(claimed, known, &asked, now);
        letter.tasks = Vec::new();
        (letter.link, letter.challenge) = (None, None);
        letter.laggards = self.laggards(lagging, now);
        letter
    }

    fn matter(&self, known: &Known, lagging: &Lagging, now: DateTime<Utc>) -> Matter {
        Matter {
            facts: known.facts.clone(),
            due: lagging.iter().filter_map(|(row, _)| row.obligation.due).min(),
            laggards: self.laggards(lagging, now),
        }
    }

    /// The cells that lag, each once, with the tasks it lags with. Whoever was never reached is not late.
    fn laggards(&self, rows: &Lagging, now: DateTime<Utc>) -> Vec<Laggard> {
        let today = self.office.calendar.date_of(now);
        let mut by_cell: BTreeMap<&UnitId, Laggard> = BTreeMap::new();
        for (row, duty) in rows {
            let cell = &row.obligation.cell;
            let acknowledged = row.obligation.state == State::Acknowledged;
            let unreached = !row.contact.is_reached();
            let laggard = by_cell.entry(cell).or_insert_with(|| Laggard {
                name: self.office.units.name_on(cell, today).to_owned(),
                tasks: Vec::new(),
                acknowledged: true,
                days_late: 0,
                unreached,
            });
            laggard.acknowledged &= acknowledged;
            let late = self.days_left(row.obligation.due, now).filter(|_| !unreached);
            let days_late = late.map_or(0, |days| (-days).max(0));
            laggard.days_late = laggard.days_late.max(days_late);
            laggard.tasks.extend(duty.duty.task.as_ref().map(|task| task.name.clone()));
        }
        let mut laggards: Vec<_> = by_cell.into_values().collect();
        laggards.sort_by(|a, b| vietnamese_order(&a.name, &b.name));
        laggards
    }
}
