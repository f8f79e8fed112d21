//! Elements on their way out: indented, escaped, prefixed.

use std::io::Write;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::{Organ, WriteError};
use crate::domain::document::Reference;
use crate::domain::text::clean;

/// The only namespace that is on the wire, of both the default and the prefix.
pub(super) const NAMESPACE: &str = "http://www.mic.gov.vn/TBT/QCVN_102_2016";
/// Longest name of a body.
pub(super) const NAME: usize = 200;
/// Shortest and longest code of a body (the old form of QCVN 102, the new one of Quyết định 20/2020/QĐ-TTg).
const ORGAN: std::ops::RangeInclusive<usize> = 3..=35;

/// A message being written.
pub(super) struct Sheet<W: Write> {
    writer: Writer<W>,
}

impl<W: Write> Sheet<W> {
    /// Begins a message: declaration, root, envelope.
    pub(super) fn begin(out: W) -> Result<Self, WriteError> {
        let mut sheet = Self { writer: Writer::new_with_indent(out, b' ', 1) };
        sheet.write(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        sheet.tag(BytesStart::new("edXML").with_attributes([("xmlns", NAMESPACE)]))?;
        sheet.tag(BytesStart::new("edXML:edXMLEnvelope").with_attributes([("xmlns:edXML", NAMESPACE)]))?;
        Ok(sheet)
    }

    /// Ends it.
    pub(super) fn end(mut self) -> Result<W, WriteError> {
        self.close("edXML")?;
        Ok(self.writer.into_inner())
    }

    /// A start tag with attributes.
    pub(super) fn tag(&mut self, start: BytesStart<'_>) -> Result<(), WriteError> {
        self.write(Event::Start(start))
    }

    /// A start tag.
    pub(super) fn open(&mut self, name: &str) -> Result<(), WriteError> {
        self.tag(BytesStart::new(name))
    }

    /// An end tag.
    pub(super) fn close(&mut self, name: &str) -> Result<(), WriteError> {
        self.write(Event::End(BytesEnd::new(name)))
    }

    /// An element with a text, in letters that XML 1.0 allows.
    pub(super) fn leaf(&mut self, name: &str, text: &str) -> Result<(), WriteError> {
        self.open(name)?;
        self.write(Event::Text(BytesText::new(&clean(text))))?;
        self.close(name)
    }

    /// The same where there is a text.
    pub(super) fn leaf_if(&mut self, name: &str, text: Option<&str>) -> Result<(), WriteError> {
        text.map_or(Ok(()), |text| self.leaf(name, text))
    }

    /// A text of at most `most` letters that must be there.
    pub(super) fn field(
        &mut self,
        name: &'static str,
        text: Option<&str>,
        most: usize,
    ) -> Result<(), WriteError> {
        let text = text.filter(|text| !text.is_empty()).ok_or(WriteError::Missing(bare(name)))?;
        self.leaf(name, fits(name, text, most)?)
    }

    /// Group O of the standard.
    pub(super) fn organ(&mut self, name: &str, organ: &Organ) -> Result<(), WriteError> {
        self.open(name)?;
        self.leaf("edXML:OrganId", code("OrganId", &organ.id)?)?;
        let shown = organ.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(&organ.id);
        self.field("edXML:OrganName", Some(shown), NAME)?;
        self.close(name)
    }

    /// The document this one answers, or is about.
    pub(super) fn reference(&mut self, about: &Reference) -> Result<(), WriteError> {
        self.open("edXML:ResponseFor")?;
        self.leaf_if("edXML:OrganId", about.organ.as_deref())?;
        self.leaf_if("edXML:Code", about.symbol.as_deref())?;
        self.leaf_if("edXML:PromulgationDate", about.issued.map(day).as_deref())?;
        self.leaf_if("edXML:DocumentId", about.key.as_deref())?;
        self.close("edXML:ResponseFor")
    }

    /// Text that needs no escape, where it stands.
    pub(super) fn raw(&mut self, text: &[u8]) -> Result<(), WriteError> {
        Ok(self.writer.get_mut().write_all(text)?)
    }

    fn write(&mut self, event: Event<'_>) -> Result<(), WriteError> {
        Ok(self.writer.write_event(event)?)
    }
}

/// A name without its prefix, for people.
fn bare(name: &'static str) -> &'static str {
    name.strip_prefix("edXML:").unwrap_or(name)
}

/// The text, if it is not too long.
pub(super) fn fits<'a>(name: &'static str, text: &'a str, most: usize) -> Result<&'a str, WriteError> {
    let fits = text.chars().count() <= most;
    fits.then_some(text).ok_or(WriteError::TooLong { field: bare(name), most })
}

/// A code of a body: capitals, digits and dots.
pub(super) fn code<'a>(field: &'static str, id: &'a str) -> Result<&'a str, WriteError> {
    let letters = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'.';
    let valid = ORGAN.contains(&id.len()) && id.bytes().all(letters);
    valid.then_some(id).ok_or(WriteError::Invalid(field))
}

/// A date on the wire.
pub(super) fn day(day: NaiveDate) -> String {
    day.format("%Y/%m/%d").to_string()
}

/// A time on the wire, which has no zone: the office's.
pub(super) fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%Y/%m/%d %H:%M:%S").to_string()
}
