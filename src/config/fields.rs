//! Reading tables key by key, with every finding at its place. A reader asks for what it knows; what
//! was not asked for is an unknown key. Nothing stops at the first fault: a value that cannot be read
//! is a finding and then absent.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use unicode_normalization::UnicodeNormalization;

use super::code::Code;
use super::diagnostic::{Diagnostic, Findings};
use super::file::{Place, SourceFile, Sourced};
use super::suggest::{meant, similar_words};
use crate::domain::legacy;
use crate::domain::unit::Validity;

type Node<'a> = &'a Spanned<DeValue<'a>>;

/// A table being read.
pub struct Fields<'a> {
    /// The file it stands in.
    file: &'a Arc<SourceFile>,
    /// Where findings go.
    findings: &'a Findings,
    table: &'a DeTable<'a>,
    /// Its name in findings, for example `[[rule]]`.
    name: &'static str,
    span: Range<usize>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Fields<'a> {
    /// The top of a file.
    pub fn top(file: &'a Arc<SourceFile>, table: &'a DeTable<'a>, findings: &'a Findings) -> Self {
        Self { file, findings, table, name: "tệp", span: 0..0, asked: RefCell::default() }
    }

    /// The place of the table: its header, or its opening brace.
    pub fn place(&self) -> Place {
        Place::text(self.file, self.span.clone())
    }

    /// Adds a finding.
    pub fn report(&self, finding: Diagnostic) {
        self.findings.add(finding);
    }

    /// Whether a key is written.
    pub fn has(&self, key: &'static str) -> bool {
        self.table.contains_key(key)
    }

    /// Whether nothing is written in it.
    pub fn is_blank(&self) -> bool {
        self.table.is_empty()
    }

    /// The place of a key, if it is written.
    pub fn key_place(&self, key: &str) -> Option<Place> {
        self.table.get_key_value(key).map(|(key, _)| Place::text(self.file, key.span()))
    }

    /// The place of a key's value, if it is written.
    pub fn value_place(&self, key: &str) -> Option<Place> {
        self.table.get(key).map(|node| self.at(node))
    }

    /// Whether a key holds a number.
    pub fn is_number(&self, key: &str) -> bool {
        self.table.get(key).is_some_and(|node| node.get_ref().is_integer())
    }

    /// Whether a key holds a list of nothing.
    pub fn is_empty_list(&self, key: &str) -> bool {
        self.table.get(key).and_then(|node| node.get_ref().as_array()).is_some_and(|list| list.is_empty())
    }

    /// Whether a key holds a table.
    pub fn is_table(&self, key: &str) -> bool {
        self.table.get(key).is_some_and(|node| node.get_ref().is_table())
    }

    /// Text, in NFC.
    pub fn text(&self, key: &'static str) -> Option<Sourced<String>> {
        let node = self.node(key)?;
        self.as_text(key, node)
    }

    /// Text that must be there and not be blank.
    pub fn required_text(&self, key: &'static str) -> Option<Sourced<String>> {
        if !self.has(key) {
            self.missing(key);
        }
        self.required_if_written(key)
    }

    /// Text that may be absent, but must not be blank.
    pub fn required_if_written(&self, key: &'static str) -> Option<Sourced<String>> {
        let text = self.text(key)?;
        if text.value.trim().is_empty() {
            self.report(Diagnostic::new(Code::Empty, text.place).with(key));
            return None;
        }
        Some(text)
    }

    /// A list of texts; one bare text is a list of one.
    pub fn texts(&self, key: &'static str) -> Vec<Sourced<String>> {
        let Some(node) = self.node(key) else { return Vec::new() };
        match node.get_ref() {
            DeValue::String(_) => self.as_text(key, node).into_iter().collect(),
            DeValue::Array(items) => {
                let texts: Vec<_> = items.iter().filter_map(|item| self.as_text(key, item)).collect();
                self.doubles(&texts);
                texts
            }
            _ => {
                self.wrong_type(
                    key,
                    node,
                    ("danh sách chữ, ví dụ [\"a\", \"b\"]", "a list of texts, for example [\"a\", \"b\"]"),
                );
                Vec::new()
            }
        }
    }

    /// `true` or `false`.
    pub fn flag(&self, key: &'static str) -> Option<bool> {
        let node = self.node(key)?;
        let value = node.get_ref().as_bool();
        if value.is_none() {
            self.wrong_type(key, node, ("true hoặc false", "true or false"));
        }
        value
    }

    /// A whole number from `range`.
    pub fn number(&self, key: &'static str, range: std::ops::RangeInclusive<i64>) -> Option<Sourced<i64>> {
        let node = self.node(key)?;
        let Some(integer) = node.get_ref().as_integer() else {
            self.wrong_type(key, node, ("số nguyên", "a whole number"));
            return None;
        };
        let value = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        let Some(value) = value.filter(|value| range.contains(value)) else {
            let (low, high) = (range.start(), range.end());
            let wanted = (format!("số từ {low} đến {high}"), format!("a number from {low} to {high}"));
            self.report(Diagnostic::new(Code::BadValue, self.at(node)).with(key).with(wanted));
            return None;
        };
        Some(Sourced { value, place: self.at(node) })
    }

    /// A TOML date; a quoted one is accepted, because spreadsheets quote them.
    pub fn date(&self, key: &'static str) -> Option<Sourced<NaiveDate>> {
        let node = self.node(key)?;
        let text = match node.get_ref() {
            DeValue::Datetime(datetime) => datetime.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => {
                self.wrong_type(key, node, ("ngày, ví dụ 2026-03-15", "a date, for example 2026-03-15"));
                return None;
            }
        };
        let value = day(&text);
        if value.is_none() {
            self.report(Diagnostic::new(Code::BadDate, self.at(node)).with(text));
        }
        value.map(|value| Sourced { value, place: self.at(node) })
    }

    /// `from` and `until`, checked to be in order; open at both ends where they are not.
    pub fn validity(&self) -> Validity {
        let (from, until) = (self.date("from"), self.date("until"));
        if let (Some(from), Some(until)) = (&from, &until)
            && until.value < from.value
        {
            let finding = Diagnostic::new(Code::ReversedDates, until.place.clone());
            let finding = finding.with(from.value.to_string()).with(until.value.to_string());
            self.report(finding.and_at(&from.place, ("bắt đầu ở đây", "begins here")));
            return Validity::default();
        }
        Validity { from: from.map(|day| day.value), until: until.map(|day| day.value) }
    }

    /// One of `known` words, as its meaning.
    pub fn word<T: Copy>(&self, key: &'static str, known: &[(&str, T)]) -> Option<T> {
        #[cfg(test)]
        super::schema::lexicon::hear_words(self.name, key, known);
        self.text(key).and_then(|word| self.meaning(key, &word, known))
    }

    /// A list of `known` words, as their meanings.
    pub fn words<T: Copy>(&self, key: &'static str, known: &[(&str, T)]) -> Vec<T> {
        #[cfg(test)]
        super::schema::lexicon::hear_words(self.name, key, known);
        self.texts(key).iter().filter_map(|word| self.meaning(key, word, known)).collect()
    }

    /// A table within, read elsewhere; reports nothing.
    pub fn peek_table(&self, key: &'static str) -> Option<Fields<'a>> {
        let node = self.table.get(key)?;
        let table = node.get_ref().as_table()?;
        let (file, findings, name) = (self.file, self.findings, self.name);
        Some(Fields { file, findings, table, name, span: node.span(), asked: RefCell::default() })
    }

    /// A text or a list of texts, read elsewhere; reports nothing.
    pub fn peek_texts(&self, key: &'static str) -> Vec<Sourced<String>> {
        let text = |node: Node<'a>| {
            Some(Sourced { value: node.get_ref().as_str()?.nfc().collect(), place: self.at(node) })
        };
        match self.table.get(key).map(|node| (node, node.get_ref())) {
            Some((_, DeValue::Array(items))) => items.iter().filter_map(text).collect(),
            Some((node, _)) => text(node).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// A table within, called `name` in findings.
    pub fn table(&self, key: &'static str, name: &'static str) -> Option<Fields<'a>> {
        let node = self.node(key)?;
        self.as_table(key, name, node)
    }

    /// A list of tables within; one bare table is a list of one.
    pub fn tables(&self, key: &'static str, name: &'static str) -> Vec<Fields<'a>> {
        let Some(node) = self.node(key) else { return Vec::new() };
        match node.get_ref() {
            DeValue::Array(items) => items.iter().filter_map(|item| self.as_table(key, name, item)).collect(),
            _ => self.as_table(key, name, node).into_iter().collect(),
        }
    }

    /// Every entry of a table whose keys are free, with its key; in the order written.
    pub fn entries(&self) -> Vec<(Sourced<String>, Sourced<String>)> {
        let mut keys: Vec<_> = self.table.iter().collect();
        keys.sort_by_key(|(key, _)| key.span().start);
        let entry = |(key, node): (&'a Spanned<toml::de::DeString<'a>>, Node<'a>)| {
            let name =
                Sourced { value: key.get_ref().nfc().collect(), place: Place::text(self.file, key.span()) };
            self.as_text(key.get_ref(), node).map(|text| (name, text))
        };
        keys.into_iter().filter_map(entry).collect()
    }

    /// Reports what is missing.
    pub fn missing(&self, key: &'static str) {
        let finding = Diagnostic::new(Code::MissingKey, self.place()).with(key);
        self.report(finding.with(self.title()));
    }

    /// Ends the reading: whatever was not asked for is unknown.
    pub fn finish(self) {
        let asked = self.asked.borrow();
        for key in self.table.keys().filter(|key| !asked.contains(&&**key.get_ref())) {
            let name: String = key.get_ref().nfc().collect();
            let similar = similar_words(&name, asked.iter().copied());
            let finding = Diagnostic::new(Code::UnknownKey, Place::text(self.file, key.span()));
            self.report(finding.with(name).with(self.title()).or_rather(similar));
        }
    }

    fn title(&self) -> super::diagnostic::Word {
        if self.name == "tệp" { ("tệp này", "this file").into() } else { self.name.into() }
    }

    /// Counts a key as known although it is read elsewhere or not at all.
    pub fn know(&self, key: &'static str) {
        #[cfg(test)]
        super::schema::lexicon::hear(self.name, key);
        self.asked.borrow_mut().push(key);
    }

    fn node(&self, key: &'static str) -> Option<Node<'a>> {
        self.know(key);
        self.table.get(key)
    }

    fn at(&self, node: Node<'_>) -> Place {
        Place::text(self.file, node.span())
    }

    fn as_text(&self, key: &str, node: Node<'a>) -> Option<Sourced<String>> {
        let Some(text) = node.get_ref().as_str() else {
            self.wrong_type(key, node, ("chữ trong dấu ngoặc kép", "text in quotes"));
            return None;
        };
        if let Some((page, plain)) = legacy::suspect(text) {
            let finding = Diagnostic::new(Code::LegacyText, self.at(node));
            self.report(finding.with(page.name()).with(plain));
        }
        Some(Sourced { value: text.nfc().collect(), place: self.at(node) })
    }

    fn as_table(&self, key: &str, name: &'static str, node: Node<'a>) -> Option<Fields<'a>> {
        let Some(table) = node.get_ref().as_table() else {
            self.wrong_type(key, node, ("bảng, ví dụ { a = \"b\" }", "a table, for example { a = \"b\" }"));
            return None;
        };
        let (file, findings) = (self.file, self.findings);
        Some(Fields { file, findings, table, name, span: node.span(), asked: RefCell::default() })
    }

    fn meaning<T: Copy>(&self, key: &str, word: &Sourced<String>, known: &[(&str, T)]) -> Option<T> {
        let found = known.iter().find(|(name, _)| *name == word.value).map(|(_, meaning)| *meaning);
        if found.is_none() {
            let names = || known.iter().map(|(name, _)| *name).collect::<Vec<_>>();
            let finding = Diagnostic::new(Code::UnknownWord, word.place.clone()).with(word.value.as_str());
            let finding = finding.with(key).with(names().join(", "));
            self.report(finding.or_rather(meant(&word.value, names())));
        }
        found
    }

    /// Warns of entries that stand twice in one list.
    fn doubles(&self, texts: &[Sourced<String>]) {
        let mut first = BTreeMap::new();
        for text in texts {
            if let Some(earlier) = first.insert(text.value.as_str(), &text.place) {
                let finding = Diagnostic::new(Code::DoubleEntry, text.place.clone());
                let finding = finding.with(text.value.as_str());
                self.report(finding.and_at(earlier, ("lần đầu", "the first time")));
            }
        }
    }

    fn wrong_type(&self, key: &str, node: Node<'_>, wanted: (&str, &str)) {
        let finding = Diagnostic::new(Code::WrongType, self.at(node)).with(key);
        self.report(finding.with(wanted).with(kind_of(node.get_ref())));
    }
}

/// A date written `2026-03-15`.
pub fn day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()
}

/// Whether `text` is 1 to `most` of `a-z0-9-`.
pub fn is_code(text: &str, most: usize) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.len() <= most && text.chars().all(allowed)
}

/// What a value is, for people.
fn kind_of(value: &DeValue<'_>) -> (&'static str, &'static str) {
    match value {
        DeValue::String(_) => ("chữ", "text"),
        DeValue::Integer(_) => ("số nguyên", "a whole number"),
        DeValue::Float(_) => ("số lẻ", "a fraction"),
        DeValue::Boolean(_) => ("true/false", "true/false"),
        DeValue::Datetime(_) => ("ngày giờ", "a date or time"),
        DeValue::Array(_) => ("danh sách", "a list"),
        DeValue::Table(_) => ("bảng", "a table"),
    }
}
