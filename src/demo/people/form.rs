//! Form: reads the forms of a page as a browser does and fills one in by what its fields are, not by
//! what they are called.

use chrono::NaiveDate;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Intent;

/// A form: what it carries along, and what is to be filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Form {
    /// Names and values of hidden inputs and of the button.
    pub(super) carried: Vec<(String, String)>,
    /// Names and kinds of the others, in the page's order.
    pub(super) fields: Vec<(String, Kind)>,
}

/// What belongs in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A day; whether it must be given.
    Date {
        /// Whether it must be given.
        required: bool,
    },
    /// A line of text.
    Line,
    /// Some lines of text.
    Lines,
    /// Digits from the mail.
    Digits,
    /// A number that the report must name.
    Figure,
    /// A link to the report's file.
    Link,
}

impl Form {
    /// Whether it sends this word as one of the values it carries.
    pub(super) fn sends(&self, word: &str) -> bool {
        self.carried.iter().any(|(_, value)| value == word)
    }

    /// Whether it asks for digits.
    pub(super) fn asks_digits(&self) -> bool {
        self.fields.iter().any(|(_, kind)| *kind == Kind::Digits)
    }

    /// Every name with its value, as a browser would send them.
    pub(super) fn fill(&self, intent: Intent, today: NaiveDate, digits: &str) -> Vec<(String, String)> {
        let filled = self.fields.iter().map(|(name, kind)| {
            let value = match kind {
                Kind::Date { required } => date(intent, *required, today),
                Kind::Line => line(intent).to_owned(),
                Kind::Lines => lines(intent).to_owned(),
                Kind::Digits => digits.to_owned(),
                Kind::Figure => "38".to_owned(),
                Kind::Link => link(intent).to_owned(),
            };
            (name.clone(), value)
        });
        self.carried.iter().cloned().chain(filled).collect()
    }
}

/// A day where one is due, as people here write it: the new one asked for, today on a report.
fn date(intent: Intent, required: bool, today: NaiveDate) -> String {
    let written = |day: NaiveDate| day.format("%d/%m/%Y").to_string();
    match intent {
        Intent::AskTime(until) => written(until),
        Intent::Report => written(today),
        _ if required => written(today),
        _ => String::new(),
    }
}

fn line(intent: Intent) -> &'static str {
    match intent {
        Intent::Report => "07-BC/CB",
        _ => "",
    }
}

fn link(intent: Intent) -> &'static str {
    match intent {
        Intent::Report => "https://tep.mau.example/07-BC-CB.pdf",
        _ => "",
    }
}

fn lines(intent: Intent) -> &'static str {
    match intent {
        Intent::Report => "Chi bộ đã thực hiện xong, kết quả nêu trong báo cáo.",
        Intent::Decline => "Nội dung này thuộc chi bộ khác theo phân công của đảng uỷ cơ sở.",
        Intent::AskTime(_) => "Bí thư đi công tác dài ngày, chi bộ chưa họp được.",
        Intent::Receive | Intent::Scan => "",
    }
}

/// The forms of a page in their order. A page that cannot be read to its end gives what came before.
pub(super) fn forms(page: &str) -> Vec<Form> {
    let mut reader = Reader::from_str(page);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let (mut forms, mut open): (Vec<Form>, Option<Form>) = (Vec::new(), None);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => match tag.name().as_ref() {
                "form" => open = Some(Form::default()),
                name => {
                    if let Some(form) = &mut open {
                        form.take(name, &tag);
                    }
                }
            },
            Ok(Event::End(tag)) if tag.name().as_ref() == "form" => forms.extend(open.take()),
            Ok(Event::Eof) | Err(_) => return forms,
            Ok(_) => {}
        }
    }
}

impl Form {
    /// Takes in one element, if it is a control with a name.
    fn take(&mut self, element: &str, tag: &BytesStart<'_>) {
        let Some(name) = attribute(tag, "name") else { return };
        let value = attribute(tag, "value").unwrap_or_default();
        let kind = attribute(tag, "type").unwrap_or_default();
        let required = has_attribute(tag, "required");
        match (element, kind.as_str()) {
            ("textarea", _) => self.fields.push((name, Kind::Lines)),
            ("button", _) | ("input", "hidden" | "submit") => self.carried.push((name, value)),
            ("input", _) if attribute(tag, "placeholder").as_deref() == Some("ngày/tháng/năm") => {
                self.fields.push((name, Kind::Date { required }));
            }
            ("input", _) if attribute(tag, "inputmode").as_deref() == Some("numeric") => {
                self.fields.push((name, Kind::Digits));
            }
            ("input", _) if attribute(tag, "inputmode").as_deref() == Some("decimal") => {
                self.fields.push((name, Kind::Figure));
            }
            ("input", "url") => self.fields.push((name, Kind::Link)),
            ("input", _) => self.fields.push((name, Kind::Line)),
            _ => {}
        }
    }
}

fn has_attribute(tag: &BytesStart<'_>, name: &str) -> bool {
    tag.html_attributes().flatten().any(|attribute| attribute.key.as_ref() == name)
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.html_attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?;
    Some(quick_xml::escape::unescape(&found.value).ok()?.into_owned())
}
