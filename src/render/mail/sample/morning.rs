//! What is sent of a morning: digests of a cell, the table of a week.

use chrono::{NaiveDate, TimeDelta};

use crate::domain::bulletin::WeeklyNews;
use crate::domain::digest::{Digest, Item, Pain};
use crate::domain::document::Urgency;
use crate::domain::ids::{DocumentId, ObligationId};
use crate::domain::language::Language;
use crate::domain::notice::{Facts, InsteadOf, Letter, NoticeKind};
use crate::domain::obligation::{Owed, Role};
use crate::domain::tally::{Counts, DirectiveLine, GroupLine, Moved, Report, Window};

use super::{end_of, facts, in_language, sample};

/// The table of a week of a small office.
pub fn weekly_sample() -> WeeklyNews {
    let moved = |all, opened, acknowledged, done, late: (u64, u64), unreached| Moved {
        now: Counts { all, sent: all - unreached, acknowledged, done, late: late.0, unreached, set_aside: 0 },
        before: Counts { all: all - opened, late: late.1, ..Counts::default() },
    };
    let group = |committee: Option<&str>, kind: &str, cells, counts| GroupLine {
        committee: committee.map(str::to_owned),
        kind: kind.to_owned(),
        cells,
        counts,
    };
    let groups = vec![
        group(Some("Đảng bộ Sở Thí dụ 2"), "chi bộ trực thuộc", 6, moved(24, 6, 20, 11, (3, 1), 0)),
        group(Some("Đảng bộ Sở Thí dụ 10"), "chi bộ trực thuộc", 9, moved(36, 9, 36, 30, (0, 2), 0)),
        group(None, "chi bộ cơ sở", 38, moved(152, 38, 140, 96, (5, 5), 1)),
    ];
    let mut total = Moved::default();
    for line in &groups {
        total.now += line.counts.now;
        total.before += line.counts.before;
    }
    let directive = |number, symbol: &str, subject: &str, counts| DirectiveLine {
        document: DocumentId(number),
        symbol: symbol.to_owned(),
        subject: Some(subject.to_owned()),
        counts,
    };
    let directives = vec![
        directive(
            3,
            "12-KH/ĐUK",
            "Tổ chức sinh hoạt chuyên đề quý I năm 2026",
            moved(53, 0, 50, 44, (6, 5), 0),
        ),
        directive(
            9,
            "33-CV/ĐUK",
            "Báo cáo nhanh tình hình tư tưởng đảng viên",
            moved(53, 53, 49, 20, (2, 0), 1),
        ),
    ];
    let end = |day| end_of(2026, 2, day).unwrap_or_default();
    let window = Window { since: end(1), until: end(8) };
    let day = NaiveDate::from_ymd_opt(2026, 2, 9).unwrap_or_default();
    WeeklyNews { day, report: Report { window, groups, directives, total } }
}

/// Digests: one of everything that may press, and one of two things to a deputy.
pub fn digest_samples() -> Vec<Letter> {
    let full = in_language(sample(NoticeKind::Digest, 12), Language::Vi);
    let mut short = full.clone();
    short.instead_of = Some(InsteadOf {
        person: Some("đồng chí Bí thư chi bộ".to_owned()),
        until: NaiveDate::from_ymd_opt(2026, 2, 13),
    });
    if let Some(digest) = &mut short.digest {
        digest.items.truncate(2);
        digest.feed = None;
    }
    vec![full, short]
}

pub(super) fn digest(letter: Letter) -> Letter {
    let item = |number: i64, (kind, symbol, subject): (&str, &str, &str), pain, days_left, due| Item {
        obligation: ObligationId(number),
        facts: Facts {
            symbol: symbol.to_owned(),
            kind_name: Some(kind.to_owned()),
            subject: Some(subject.to_owned()),
            ..facts()
        },
        task: None,
        role: Role::Lead,
        owes: if pain == Pain::Unheard { vec![Owed::Acknowledge, Owed::Report] } else { vec![Owed::Report] },
        pain,
        acknowledged: pain != Pain::Unheard,
        acknowledge_due: None,
        due,
        days_left,
        link: format!(
            "https://vanthu.example/a/v1.a.AAAAAAAAAAAqAAAAAAAAAABqAAAAAAA{number}.c2FtcGxlLXNpZ25hdHVyZQ"
        ),
        challenge: format!("48{number}"),
    };
    let urgent = ("Công văn", "33-CV/ĐUK", "Báo cáo nhanh tình hình tư tưởng đảng viên");
    let mut late = item(21, urgent, Pain::Late, Some(-3), end_of(2026, 2, 4));
    late.facts.urgency = Urgency::Urgent;
    let plan = ("Kế hoạch", "12-KH/ĐUK", "Tổ chức sinh hoạt chuyên đề quý I năm 2026");
    let mut task = item(24, plan, Pain::Rest, Some(13), end_of(2026, 2, 27));
    (task.task, task.role) = (Some("Phối hợp tổ chức toạ đàm".to_owned()), Role::Support);
    let guide = ("Hướng dẫn", "05-HD/BTCTU", "Đánh giá, xếp loại chi bộ và đảng viên");
    let mut unheard = item(23, guide, Pain::Unheard, Some(2), None);
    unheard.acknowledge_due = end_of(2026, 2, 11);
    let items = vec![
        late,
        item(
            22,
            ("Thông báo", "40-TB/ĐUK", "Lịch kiểm tra đảng phí năm 2026"),
            Pain::Today,
            Some(0),
            end_of(2026, 2, 9),
        ),
        unheard,
        task,
    ];
    let month = NaiveDate::from_ymd_opt(2026, 2, 1);
    let feed = "https://vanthu.example/lich/l1.a.AAAAAGNiLXRoaS1kdS0x.c2FtcGxlLXNpZ25hdHVyZQ.ics";
    Letter {
        kind: NoticeKind::Digest,
        facts: Facts {
            symbol: String::new(),
            kind_name: Some("Việc cần làm tháng 2/2026".to_owned()),
            issued: month,
            subject: None,
            ..facts()
        },
        role: Role::Inform,
        owes: Vec::new(),
        rule_names: Vec::new(),
        acknowledge_due: None,
        due: None,
        topic_due: None,
        due_why: None,
        days_left: None,
        link: None,
        challenge: None,
        first: None,
        digest: Some(Digest {
            day: NaiveDate::from_ymd_opt(2026, 2, 9).unwrap_or_default(),
            items,
            feed: Some(feed.to_owned()),
        }),
        written: end_of(2026, 2, 8).unwrap_or_default() + TimeDelta::minutes(450),
        ..letter
    }
}
