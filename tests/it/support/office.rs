//! A small office in code: one bloc, one base committee with two cells, one base cell, one cell
//! without a mailbox; one ladder; rules by subject.

use chrono::NaiveTime;
use chrono_tz::Asia::Ho_Chi_Minh;
use vanthu::app::office::Office;
use vanthu::domain::calendar::{BeforeDay, Calendar};
use vanthu::domain::ids::TaskId;
use vanthu::domain::ladder::{Anchor, Ladder, Recipient, Step, StepKind, Until};
use vanthu::domain::obligation::{Grade, Owed, Role, TaskName};
use vanthu::domain::rule::{DueSource, Rule, Ruleset, Targets, Task, When};
use vanthu::domain::unit::{Dated, Kind, Mailbox, Unit, Units, Validity};

const ALWAYS: Validity = Validity { from: None, until: None };

/// The office.
pub fn office() -> Office {
    Office {
        name: "Văn phòng Đảng uỷ Khối Mẫu".to_owned(),
        phone: Some("0200 123 456".to_owned()),
        units: units(),
        calendar: calendar(),
        ruleset: Ruleset::new(rules(), "0123456789ab".to_owned()),
    }
}

/// The same kinds with other units.
pub fn with_units(old: &Units, units: Vec<Unit>) -> Units {
    Units::new(old.office.clone(), old.kinds.clone(), old.sectors.clone(), units)
}

/// The same units with other addresses.
pub fn readdressed(old: &Units, addresses: &[(&str, &str)]) -> Units {
    let mut units: Vec<_> = old.iter().cloned().collect();
    for unit in &mut units {
        let Some((_, address)) = addresses.iter().find(|(id, _)| *id == unit.id.as_str()) else { continue };
        for mailbox in &mut unit.mailboxes {
            mailbox.address = (*address).to_owned();
        }
    }
    with_units(old, units)
}

/// Monday to Friday, 07:30–11:30 and 13:30–17:00, every year from 2025 to 2028 confirmed without holidays.
pub fn calendar() -> Calendar {
    let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    Calendar {
        zone: Ho_Chi_Minh,
        week: [true, true, true, true, true, false, false],
        mornings: [false; 7],
        sectors: std::collections::BTreeMap::new(),
        hours: vec![(time(7, 30), time(11, 30)), (time(13, 30), time(17, 0))],
        before_day: BeforeDay::Exclusive,
        years: (2025..=2028).map(|year| (year, Default::default())).collect(),
    }
}

fn units() -> Units {
    let kind = |id: &str, name: &str, cell| Kind { id: id.to_owned(), name: name.to_owned(), cell };
    let kinds = vec![
        kind("bloc", "đảng uỷ khối", false),
        kind("base-committee", "đảng bộ cơ sở", false),
        kind("base-cell", "chi bộ cơ sở", true),
        kind("subordinate-cell", "chi bộ trực thuộc", true),
    ];
    let all = [
        unit("duk", "bloc", "Đảng uỷ Khối Mẫu", None, Some("vp@duk.example")),
        unit("db-1", "base-committee", "Đảng bộ Sở Mẫu", Some("duk"), Some("db-1@mau.example")),
        unit("cb-1-1", "subordinate-cell", "Chi bộ Văn phòng", Some("db-1"), Some("cb-1-1@mau.example")),
        unit("cb-1-2", "subordinate-cell", "Chi bộ Thanh tra", Some("db-1"), Some("cb-1-2@mau.example")),
        unit("cb-2", "base-cell", "Chi bộ Hội Mẫu", Some("duk"), Some("cb-2@mau.example")),
        unit("cb-3", "base-cell", "Chi bộ Quỹ Mẫu", Some("duk"), None),
    ];
    Units::new(Some("duk".into()), kinds, Default::default(), all)
}

fn unit(id: &str, kind: &str, name: &str, parent: Option<&str>, mailbox: Option<&str>) -> Unit {
    let mailbox = mailbox.map(|address| Mailbox {
        address: address.to_owned(),
        post: "secretary".to_owned(),
        order: 1,
        valid: ALWAYS,
        language: None,
    });
    Unit {
        sector: Some("administration".to_owned()),
        parents: parent.map(|parent| Dated::always(parent.into())).into_iter().collect(),
        mailboxes: mailbox.into_iter().collect(),
        ..Unit::new(id, kind, name)
    }
}

/// Remind on the second working day unless acknowledged, before the due day, chase after it, then
/// escalate to the committee and to the office.
pub fn ladder() -> Ladder {
    let step = |number, anchor, offset, kind, to, until| {
        let hours = 0;
        Step { number, anchor, offset, hours, kind, to, until }
    };
    use {Anchor as A, Recipient as R, StepKind as K, Until as U};
    Ladder {
        name: "standard".to_owned(),
        steps: vec![
            step(1, A::Notice, 2, K::Remind, R::Cell, U::Acknowledged),
            step(2, A::Due, -1, K::Remind, R::Cell, U::Done),
            step(3, A::Due, 0, K::Remind, R::Cell, U::Done),
            step(4, A::Due, 1, K::Chase, R::Cell, U::Done),
            step(5, A::Due, 2, K::Chase, R::Parent, U::Done),
            step(6, A::Due, 4, K::Chase, R::Office, U::Done),
        ],
        ..Ladder::default()
    }
}

fn rules() -> Vec<Rule> {
    let everyone =
        Targets { kind: vec!["base-cell".to_owned(), "subordinate-cell".to_owned()], ..Targets::default() };
    let committee = Targets { subtree: vec!["db-1".into()], ..everyone.clone() };
    let rule = |id: &str, words: &str, to: Targets| Rule {
        id: id.into(),
        name: format!("Quy tắc {words}"),
        when: When { text_any: vec![words.to_owned()], ..When::default() },
        to,
        tasks: Vec::new(),
        nobody_because: None,
        role: Role::Lead,
        owes: vec![Owed::Acknowledge, Owed::Report],
        acknowledge_within: Some(1),
        due: vec![DueSource::Document, DueSource::WorkingDays(10)],
        ladder: ladder(),
        grade: Grade::Clicked,
        figures: Vec::new(),
        valid: ALWAYS,
        is_final: false,
        place: "rules.toml:1".to_owned(),
    };
    let mut archive = rule("archive", "lưu", Targets::default());
    archive.nobody_because = Some("chỉ lưu".to_owned());
    let mut plan = rule("plan", "kế hoạch năm", Targets::default());
    let task = |code: &str, name: &str, to: &Targets, days| Task {
        name: TaskName { id: TaskId::of(&plan.id, code), name: name.to_owned() },
        to: vec![(Role::Lead, to.clone())],
        owes: plan.owes.clone(),
        acknowledge_within: plan.acknowledge_within,
        due: vec![DueSource::WorkingDays(days)],
        ladder: plan.ladder.clone(),
        grade: plan.grade,
        figures: Vec::new(),
    };
    plan.tasks = vec![
        task("quan-triet", "Quán triệt kế hoạch", &everyone, 9),
        task("dang-ky", "Đăng ký nội dung làm theo", &everyone, 4),
        task("toa-dam", "Tổ chức toạ đàm", &committee, 9),
    ];
    vec![rule("everyone", "chuyên đề", everyone), rule("committee", "thanh tra", committee), archive, plan]
}
