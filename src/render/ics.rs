//! Dues as calendars read them: iCalendar (RFC 5545), folded at 75 octets, the same bytes each time.
//!
//! Written here and not by a library: those at hand give every component a new random UID and the time of day,
//! the zone and the alarms included, so that no repeat is the same mail and a zone is not one (§3.6.5).

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::{Asia, Tz};

use super::line::{one_line, shorten};
use super::mail::words;
use crate::domain::appointment::{Appointment, LENGTH, When};

/// Characters of a trích yếu or a task in a title.
const ABOUT: usize = 80;
/// Octets of a line, its end not counted (§3.1).
const FOLD: usize = 75;

/// Việt Nam keeps one time all year round since 13/6/1975, so one standard time says it all.
const ZONE: [&str; 9] = [
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Ho_Chi_Minh",
    "BEGIN:STANDARD",
    "DTSTART:19750613T000000",
    "TZNAME:+07",
    "TZOFFSETFROM:+0700",
    "TZOFFSETTO:+0700",
    "END:STANDARD",
    "END:VTIMEZONE",
];

/// What all entries share.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// Name of the office, as the source of every entry.
    pub office: &'a str,
    /// Right-hand side of the names by which calendars know entries.
    pub domain: &'a str,
    /// Zone of due instants with an hour.
    pub zone: Tz,
}

impl Frame<'_> {
    /// The calendar that a mail brings.
    pub fn mailed(&self, appointments: &[Appointment], written: DateTime<Utc>) -> String {
        self.calendar(appointments, &|_| written, None)
    }

    /// The calendar that a phone subscribes to; changes only when an entry does.
    pub fn subscribed(&self, name: &str, appointments: &[Appointment]) -> String {
        self.calendar(appointments, &|one| one.changed, Some(name))
    }

    fn calendar(
        &self,
        appointments: &[Appointment],
        stamp: &dyn Fn(&Appointment) -> DateTime<Utc>,
        name: Option<&str>,
    ) -> String {
        let mut lines = Lines::default();
        lines.all(&["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//vanthu//vanthu//VI", "CALSCALE:GREGORIAN"]);
        lines.line("METHOD:PUBLISH");
        if let Some(name) = name {
            let name = format!("Hạn việc – {}", one_line(name));
            // RFC 7986, and the older spelling that Outlook and Google read.
            lines.text("NAME", &name);
            lines.text("X-WR-CALNAME", &name);
            lines.all(&["REFRESH-INTERVAL;VALUE=DURATION:PT4H", "X-PUBLISHED-TTL:PT4H"]);
        }
        lines.all(&ZONE);
        for appointment in appointments {
            self.event(&mut lines, appointment, stamp(appointment));
        }
        lines.line("END:VCALENDAR");
        lines.0
    }

    fn event(&self, lines: &mut Lines, appointment: &Appointment, stamp: DateTime<Utc>) {
        let title = title(appointment);
        lines.line("BEGIN:VEVENT");
        lines.text("UID", &appointment.uid(self.domain));
        lines.line(&format!("DTSTAMP:{}", utc(stamp)));
        lines.line(&format!("SEQUENCE:{}", appointment.sequence));
        lines.line(if appointment.cancelled { "STATUS:CANCELLED" } else { "STATUS:CONFIRMED" });
        lines.text("SUMMARY", &title);
        lines.text("DESCRIPTION", &self.description(appointment));
        for (key, at) in ["DTSTART", "DTEND"].into_iter().zip(self.place(appointment.when)) {
            lines.line(&format!("{key}{at}"));
        }
        // It takes nobody's time: it only ends then.
        lines.line("TRANSP:TRANSPARENT");
        for at in &appointment.alarms {
            lines.all(&["BEGIN:VALARM", "ACTION:DISPLAY"]);
            lines.text("DESCRIPTION", &title);
            lines.line(&format!("TRIGGER;VALUE=DATE-TIME:{}", utc(*at)));
            lines.line("END:VALARM");
        }
        lines.line("END:VEVENT");
    }

    /// Beginning and end, each with its parameters. An instant stands in the zone that the calendar declares, in
    /// UTC for an office that lives elsewhere.
    fn place(&self, when: When) -> [String; 2] {
        match when {
            When::Day(day) => {
                let shown = |day: NaiveDate| format!(";VALUE=DATE:{}", day.format("%Y%m%d"));
                [shown(day), shown(day.succ_opt().unwrap_or(day))]
            }
            When::Until(due) if self.zone == Asia::Ho_Chi_Minh => {
                let local =
                    |at: DateTime<Utc>| at.with_timezone(&self.zone).format("%Y%m%dT%H%M%S").to_string();
                [due - LENGTH, due].map(|at| format!(";TZID=Asia/Ho_Chi_Minh:{}", local(at)))
            }
            When::Until(due) => [due - LENGTH, due].map(|at| format!(":{}", utc(at))),
        }
    }

    fn description(&self, appointment: &Appointment) -> String {
        let facts = &appointment.facts;
        let said = [
            Some(words::capitalised(&words::full(facts))),
            facts.subject.as_deref().map(|subject| format!("Trích yếu: {}", one_line(subject))),
            appointment.task.as_deref().map(|task| format!("Việc: {}", one_line(task))),
            Some(match appointment.cancelled {
                true => "Việc này đã xong hoặc không còn phải làm.".to_owned(),
                false => "Trả lời bằng liên kết trong thư giao việc.".to_owned(),
            }),
            Some(format!("Mục lịch của {}, không thay thế văn bản.", one_line(self.office))),
        ];
        said.into_iter().flatten().collect::<Vec<_>>().join("\n")
    }
}

fn utc(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// `Hạn: Kế hoạch số 12-KH/ĐUK – Sinh hoạt chuyên đề quý I`; of a plan with the task instead.
fn title(appointment: &Appointment) -> String {
    let facts = &appointment.facts;
    let about = appointment.task.as_deref().or(facts.subject.as_deref()).map(one_line);
    let about = about.filter(|about| !about.is_empty()).map(|about| format!(" – {}", shorten(&about, ABOUT)));
    let word = if appointment.cancelled { "Không còn hạn" } else { "Hạn" };
    format!("{word}: {}{}", words::document(facts), about.unwrap_or_default())
}

/// Content lines.
#[derive(Debug, Default)]
struct Lines(String);

impl Lines {
    /// A property whose value is free text.
    fn text(&mut self, key: &str, value: &str) {
        let mut line = format!("{key}:");
        for letter in value.chars() {
            match letter {
                '\\' | ';' | ',' => line.extend(['\\', letter]),
                '\n' => line.push_str("\\n"),
                // Nothing else that ends a line, or that a reader may take for one.
                control if control.is_control() => {}
                letter => line.push(letter),
            }
        }
        self.line(&line);
    }

    fn all(&mut self, lines: &[&str]) {
        lines.iter().for_each(|line| self.line(line));
    }

    /// A line, folded between letters.
    fn line(&mut self, line: &str) {
        let mut length = 0;
        for letter in line.chars() {
            if length + letter.len_utf8() > FOLD {
                self.0.push_str("\r\n ");
                length = 1;
            }
            self.0.push(letter);
            length += letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::ids::ObligationId;
    use crate::render::mail::samples;

    const OFFICE: Frame<'_> =
        Frame {
            office: "Văn phòng Đảng uỷ Khối", domain: "vanthu.example", zone: Asia::Ho_Chi_Minh
        };

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn appointments() -> Vec<Appointment> {
        let day = Appointment {
            obligation: ObligationId(42),
            sequence: 0,
            cancelled: false,
            facts: samples()[0].facts.clone(),
            task: None,
            when: When::Day(NaiveDate::from_ymd_opt(2026, 2, 5).unwrap()),
            changed: at("2026-01-15T02:00:00Z"),
            alarms: vec![at("2026-02-04T00:30:00Z"), at("2026-02-05T00:30:00Z")],
        };
        let task =
            Some("Đăng ký nội dung làm theo, gồm: việc A; việc B, \\ và \"C\"\r\nBEGIN:VEVENT".to_owned());
        let hour = When::Until(at("2026-02-27T08:00:00Z"));
        let timed =
            Appointment { obligation: ObligationId(43), task, sequence: 2, when: hour, ..day.clone() };
        let over =
            Appointment { obligation: ObligationId(44), cancelled: true, alarms: Vec::new(), ..day.clone() };
        vec![day, timed, over]
    }

    #[test]
    fn a_calendar_as_it_leaves() {
        let text = OFFICE.mailed(&appointments(), at("2026-01-15T17:00:00Z"));
        assert!(text.lines().all(|line| line.len() <= 75), "{text}");
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "{text}");
        // A task cannot open an entry of its own.
        assert_eq!(text.matches("\r\nBEGIN:VEVENT\r\n").count(), 3);
        insta::assert_snapshot!(text.replace("\r\n", "\n"));
    }

    /// Phones ask every few hours: what they get is the same to the byte until something changes.
    #[test]
    fn a_subscribed_calendar_changes_with_its_entries_alone() {
        let text = OFFICE.subscribed("Chi bộ Thanh tra", &appointments());
        assert_eq!(text, OFFICE.subscribed("Chi bộ Thanh tra", &appointments()));
        let mut moved = appointments();
        moved[0].sequence += 1;
        assert_ne!(text, OFFICE.subscribed("Chi bộ Thanh tra", &moved));
    }

    proptest! {
        /// Whatever stands in a task: no line too long, none broken by it, and unfolded it says the same.
        #[test]
        fn any_text_stays_one_value(text in ".{0,300}") {
            let mut lines = Lines::default();
            lines.text("SUMMARY", &text);
            prop_assert!(lines.0.ends_with("\r\n"));
            prop_assert!(lines.0.split("\r\n").all(|line| line.len() <= FOLD && !line.contains(['\r', '\n'])));
            let unfolded = lines.0.replace("\r\n ", "");
            let value = unfolded.strip_prefix("SUMMARY:").unwrap().trim_end_matches("\r\n");
            let back = value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\");
            let lost = |c: char| c != '\\' && c != 'n' && (c == '\n' || !c.is_control());
            let kept = |text: &str| text.replace(['\n', '\\', 'n'], "").chars().filter(|c| lost(*c)).collect::<String>();
            prop_assert_eq!(kept(&back), kept(&text));
        }
    }

    #[test]
    fn an_office_elsewhere_is_told_in_utc() {
        let frame = Frame { zone: chrono_tz::Europe::Berlin, ..OFFICE };
        let text = frame.mailed(&appointments(), at("2026-01-15T17:00:00Z"));
        assert!(text.contains("DTEND:20260227T080000Z"), "{text}");
    }
}
