//! One row of a register as a document: judged by its mark and by the text of every cell, understood
//! column or not, before anything is made of it.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use serde_json::json;

use super::day;
use super::heading::Column;
use crate::app::ports::{Broken, Incoming};
use crate::domain::document::{Document, Exchange, Operation, Steering, Urgency};
use crate::domain::legacy;
use crate::domain::secrecy::{self, Withheld, judge};
use crate::domain::text::tone_key;
use crate::sheet::heading::Headings;
use crate::source::folder::item::{self, Item, Piece};
use crate::source::folder::options::Options;
use crate::source::folder::trace::Trace;
use crate::source::hash::sha256;

/// A row as it stands in the sheet.
pub(super) struct Row<'a> {
    pub options: &'a Options,
    pub headings: &'a Headings<Column>,
    /// What the headings say, by column of the sheet.
    pub names: &'a [String],
    pub cells: &'a [String],
    /// Number in the sheet, from 1.
    pub number: usize,
}

/// What identifies a document in a register.
struct Key {
    symbol: String,
    issuer: String,
    day: NaiveDate,
    arrival: String,
}

impl Key {
    /// One text of it. Only the year counts of a day that is the day of arrival, because the number
    /// of arrival begins anew with it.
    fn text(&self, issued: bool) -> String {
        let day = if issued { self.day.to_string() } else { self.day.year().to_string() };
        json!([tone_key(&self.symbol), tone_key(&self.issuer), day, self.arrival]).to_string()
    }
}

impl Row<'_> {
    /// The text of a column; empty where the sheet has none.
    pub(super) fn text(&self, column: Column) -> &str {
        let at = self.headings.columns.get(&column);
        at.and_then(|at| self.cells.get(*at)).map_or("", String::as_str)
    }

    /// Whether it says which document it is.
    pub(super) fn has_identity(&self) -> bool {
        !self.text(Column::ArrivalNumber).is_empty() || !self.symbol().is_empty()
    }

    /// The item it makes.
    pub(super) fn item(&self) -> Item {
        let place = format!("dòng {}", self.number);
        if let Err(why) = self.judge_cells() {
            return Item::new(&self.cells.join("\u{1f}"), place, Piece::Withheld(why));
        }
        let (key, piece) = match self.document() {
            Ok((key, document)) => match judge(document, Some(self.mark()), &self.options.open_marks) {
                Ok(document) => (key, Piece::Open(Box::new(Incoming { document, raw: self.raw() }))),
                Err(why) => (key, Piece::Withheld(why)),
            },
            Err(reason) => return self.broken(place, &reason),
        };
        Item { trace: Some(self.trace()), ..Item::new(&key, place, piece) }
    }

    /// An item that is known by what a mend will leave as it is, where there is enough of that.
    fn broken(&self, place: String, reason: &str) -> Item {
        let cells = self.cells.join("\u{1f}");
        let fingerprint = sha256(&json!([cells, reason]).to_string());
        let broken = Broken { reason: format!("{place}: {reason}"), raw: Some(self.raw()) };
        let key = self.trace().name().unwrap_or(cells);
        Item { fingerprint, ..Item::new(&key, place, Piece::Broken(broken)) }
    }

    fn mark(&self) -> &str {
        self.text(Column::Secrecy)
    }

    /// Judges the mark first, so that what is not known to be open is not even looked at; then every
    /// other cell.
    fn judge_cells(&self) -> Result<(), Withheld> {
        let mark = tone_key(self.mark());
        if !self.options.open_marks.iter().any(|open| tone_key(open) == mark) {
            return Err(Withheld::UnknownMark);
        }
        let secrecy = self.headings.columns.get(&Column::Secrecy);
        let others = self.cells.iter().enumerate().filter(|(at, _)| Some(at) != secrecy);
        others.map(|(_, text)| text).try_for_each(|text| secrecy::judge_text(text))
    }

    fn trace(&self) -> Trace {
        let days = [Column::Issued, Column::Arrived].map(|column| self.day(column).ok().flatten());
        Trace {
            arrival: self.text(Column::ArrivalNumber).to_owned(),
            symbol: self.symbol(),
            issuer: self.text(Column::Issuer).to_owned(),
            days: days.into_iter().flatten().collect(),
        }
    }

    fn symbol(&self) -> String {
        let whole = self.text(Column::Symbol);
        let (number, sign) = (self.text(Column::SymbolNumber), self.text(Column::SymbolSign));
        match (whole.is_empty(), number.is_empty(), sign.is_empty()) {
            (false, ..) => whole.to_owned(),
            (_, false, false) if sign.starts_with(['/', '-']) => format!("{number}{sign}"),
            (_, false, false) => format!("{number}/{sign}"),
            _ => format!("{number}{sign}"),
        }
    }

    /// The document with the text of its identity, or what is wrong, without any text of the row.
    fn document(&self) -> Result<(String, Document), String> {
        let issued = self.day(Column::Issued)?;
        let arrived = self.day(Column::Arrived)?;
        let symbol = self.symbol();
        self.check_texts(&symbol)?;
        let lost = "thiếu cả ngày văn bản và ngày đến";
        let key = Key {
            symbol,
            issuer: self.text(Column::Issuer).to_owned(),
            day: issued.or(arrived).ok_or(lost)?,
            arrival: self.text(Column::ArrivalNumber).trim_start_matches('0').to_owned(),
        };
        let (text, due) = (key.text(issued.is_some()), self.day(Column::Due)?);
        let optional = |column| Some(self.text(column)).filter(|text| !text.is_empty()).map(str::to_owned);
        let document = Document {
            source: self.options.id.clone(),
            external_id: item::document_id(&text),
            symbol: key.symbol,
            kind_name: optional(Column::Kind),
            subject: self.text(Column::Subject).to_owned(),
            content: optional(Column::Note),
            issuer: key.issuer,
            signer: optional(Column::Signer),
            issued,
            received: arrived.and_then(|day| self.instant(day)),
            due,
            urgency: Urgency::named(self.text(Column::Urgency)),
            operation: Operation::New,
            steering: Steering::Unknown,
            addressees: Vec::new(),
            exchange: Exchange::default(),
            field: optional(Column::Field),
            attachments: Vec::new(),
        };
        Ok((text, document))
    }

    fn day(&self, column: Column) -> Result<Option<NaiveDate>, String> {
        let name = column.vietnamese();
        day::read(self.text(column)).map_err(|()| format!("ô “{name}” không phải ngày (viết 15/01/2026)"))
    }

    fn instant(&self, day: NaiveDate) -> Option<DateTime<Utc>> {
        let start = day.and_time(chrono::NaiveTime::MIN).and_local_timezone(self.options.zone);
        start.earliest().map(|at| at.to_utc())
    }

    fn check_texts(&self, symbol: &str) -> Result<(), String> {
        if !self.has_identity() {
            return Err("thiếu cả số, ký hiệu và số đến".to_owned());
        }
        if NaiveDate::parse_from_str(symbol, "%Y-%m-%d").is_ok() {
            return Err("Excel đã đổi số, ký hiệu thành ngày; định dạng lại cột này là Văn bản".to_owned());
        }
        if symbol.is_empty() && self.text(Column::Subject).is_empty() {
            return Err("thiếu cả số, ký hiệu và trích yếu".to_owned());
        }
        for column in [Column::Subject, Column::Issuer, Column::Symbol] {
            if let Some((page, _)) = legacy::suspect(self.text(column)) {
                let (name, page) = (column.vietnamese(), page.name());
                return Err(format!("ô “{name}” gõ bằng bảng mã cũ {page}; chuyển sang Unicode"));
            }
        }
        Ok(())
    }

    /// The row as one JSON object, each cell under its heading.
    fn raw(&self) -> Vec<u8> {
        let mut cells = BTreeMap::new();
        for (at, text) in self.cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            let name = self.names.get(at).filter(|name| !name.is_empty());
            cells.insert(name.map_or_else(|| format!("cột {}", at + 1), Clone::clone), text);
        }
        json!({"row": self.number, "cells": cells}).to_string().into_bytes()
    }
}
