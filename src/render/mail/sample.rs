//! One letter of each kind, with synthetic names: what overrides are tried on, what `outbox preview`
//! can show before any document has come, and what the tests read.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;

mod bulletins;
mod morning;

use super::Office;
use crate::domain::deadline::Basis;
use crate::domain::digest::name;
use crate::domain::document::Urgency;
use crate::domain::ids::{NoticeId, ObligationId, UnitId};
use crate::domain::ladder::StepKind;
use crate::domain::language::Language;
use crate::domain::notice::{Facts, Laggard, Letter, LetterTask, Matter, Measure, News, NoticeKind, Reply};
use crate::domain::obligation::{DueWhy, Owed, Role};
use crate::domain::operation::{Edit, Field, Standing};
use crate::domain::thread::{self, About, Table, start};

pub use bulletins::{STAFF, bulletin_samples, staff_named, weekly_bulletin};
use morning::digest;
pub use morning::{digest_samples, weekly_sample};

/// The office of the samples.
pub fn office() -> Office {
    Office {
        name: "Văn phòng Đảng uỷ Khối".to_owned(),
        phone: Some("0299 3 123 456".to_owned()),
        zone: Ho_Chi_Minh,
    }
}

/// Letters about a plan with three tasks: the first, one that reminds of a task, one that follows a change.
pub fn plan_samples() -> Vec<Letter> {
    let kinds = [NoticeKind::Notice, NoticeKind::Reminder, NoticeKind::Change];
    kinds.into_iter().zip(1..).map(|(kind, times)| plan(sample(kind, times))).collect()
}

fn plan(letter: Letter) -> Letter {
    let all = letter.kind != NoticeKind::Reminder;
    let (due_why, days_left) = (letter.due_why.clone(), letter.days_left.unwrap_or_default());
    let task = |number, name: &str, role, due, later| LetterTask {
        obligation: ObligationId(number),
        name: name.to_owned(),
        role,
        owes: letter.owes.clone(),
        acknowledge_due: letter.acknowledge_due,
        due,
        due_why: due_why.clone().filter(|_| number == 42),
        days_left: Some(days_left + later),
        is_meant: all || number == 42,
    };
    let tasks = vec![
        task(42, "Quán triệt kế hoạch đến toàn thể đảng viên", Role::Lead, letter.due, 0),
        task(43, "Đăng ký nội dung làm theo năm 2026", Role::Lead, end_of(2026, 2, 27), 11),
        task(44, "Phối hợp tổ chức toạ đàm cấp đảng bộ cơ sở", Role::Support, end_of(2026, 3, 31), 33),
    ];
    let dropped = match letter.kind {
        NoticeKind::Change => vec!["Tổ chức hội thi tìm hiểu nghị quyết".to_owned()],
        _ => Vec::new(),
    };
    let rule_names = vec!["Kế hoạch công tác năm".to_owned()];
    Letter { tasks, dropped, rule_names, ..letter }
}

/// What an operation on a document leads to, each with its name: a small change, one that asks anew, a
/// revocation, a document replaced, and the notice of the one that takes its place.
pub fn operation_samples() -> Vec<(&'static str, Letter)> {
    let edit = |field, old: &str, new: &str| Edit { field, old: old.to_owned(), new: new.to_owned() };
    let subject = edit(
        Field::Subject,
        "Tổ chức sinh hoạt chuyên đề quý I năm 2026",
        "Tổ chức sinh hoạt chuyên đề quý I và quý II năm 2026",
    );
    let due = edit(Field::Due, "30/01/2026", "05/02/2026");
    let small = [edit(Field::Signer, "Nguyễn Văn A", "Trần Thị B"), edit(Field::Files, "", "")];
    let other =
        Facts { symbol: "19-KH/ĐUK".to_owned(), issued: NaiveDate::from_ymd_opt(2026, 1, 20), ..facts() };
    let told = |kind, news| Letter { news, ..sample(kind, 2) };
    let revoked = News {
        reason: Some("văn bản phát hành nhầm nơi nhận".to_owned()),
        ..stands(Standing::Revoked)
    };
    let replaced = News { replaced_by: vec![other.clone()], ..stands(Standing::Replaced) };
    let mut instead = told(NoticeKind::Notice, News { replaces: vec![facts()], ..News::default() });
    (instead.topic, instead.first) = (topic(&other, None), None);
    instead.facts = other;
    vec![
        (
            "updated",
            told(NoticeKind::Change, News { edits: small.into(), retouched: true, ..News::default() }),
        ),
        ("changed", told(NoticeKind::Change, News { edits: vec![subject, due], ..News::default() })),
        ("revoked", told(NoticeKind::Withdrawal, revoked)),
        ("replaced", told(NoticeKind::Withdrawal, replaced)),
        ("instead", instead),
    ]
}

/// Mails of the ladder, each with its name: the second chase, a criticism, a demand for a review, and what a
/// superior is told of two documents at once.
pub fn ladder_samples() -> Vec<(&'static str, Letter)> {
    let of = |kind, times| Some(Measure { kind, times: Some(times) });
    let late =
        |days: i32, measure| Letter { days_left: Some(-days), measure, ..sample(NoticeKind::Chase, 4) };
    let mut above = sample(NoticeKind::Escalation, 1);
    above.measure = Some(Measure { kind: StepKind::Criticise, times: None });
    let facts =
        Facts { symbol: "05-HD/BTCTU".to_owned(), kind_name: Some("Hướng dẫn".to_owned()), ..facts() };
    let mut laggards = above.laggards.clone();
    laggards.truncate(2);
    above.others = vec![Matter { facts, due: end_of(2026, 1, 30), laggards }];
    vec![
        ("chase", late(3, of(StepKind::Chase, 2))),
        ("criticise", late(5, of(StepKind::Criticise, 1))),
        ("review", late(8, of(StepKind::Review, 1))),
        ("above", in_language(above, Language::Vi)),
    ]
}

/// What a cell is told about its own answers, each with its name.
pub fn reply_samples() -> Vec<(&'static str, Letter)> {
    let why = || Some("đã trao đổi với đồng chí Bí thư".to_owned());
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap_or_default();
    let said = |kind, reply| Letter { reply: Some(reply), ..sample(kind, 3) };
    let change = NoticeKind::Change;
    vec![
        ("lapsed", said(NoticeKind::Reminder, Reply::Lapsed { promised: day(1, 28) })),
        (
            "doubted",
            said(NoticeKind::Reminder, Reply::Doubted { at: end_of(2026, 1, 16).unwrap_or_default() }),
        ),
        (
            "granted",
            said(change, Reply::Granted { until: day(2, 5), before: end_of(2026, 1, 30), why: None }),
        ),
        ("refused", said(change, Reply::Refused { asked: day(2, 13), why: why() })),
        ("handed_back", said(change, Reply::HandedBack { why: why() })),
    ]
}

fn stands(standing: Standing) -> News {
    News { standing, ..News::default() }
}

/// Names of samples beside the one of each kind.
pub const SAMPLES: [&str; 16] = [
    "one",
    "plan",
    "updated",
    "changed",
    "revoked",
    "replaced",
    "instead",
    "chase",
    "criticise",
    "review",
    "above",
    "lapsed",
    "doubted",
    "granted",
    "refused",
    "handed_back",
];

/// The sample of a kind and name, for a reader of a language; not every kind has every one.
pub fn sample_named(kind: NoticeKind, name: &str, language: Language) -> Option<Letter> {
    let found = match name {
        "one" if kind == NoticeKind::Digest => digest_samples().into_iter().next(),
        "one" => samples().into_iter().find(|letter| letter.kind == kind),
        "plan" => plan_samples().into_iter().find(|letter| letter.kind == kind),
        name => operation_samples()
            .into_iter()
            .chain(ladder_samples())
            .chain(reply_samples())
            .find(|(own, letter)| *own == name && letter.kind == kind)
            .map(|(_, letter)| letter),
    };
    found.map(|letter| in_language(letter, language))
}

/// All samples, as their readers of a language get them.
pub fn samples_in(language: Language) -> Vec<Letter> {
    let named = operation_samples()
        .into_iter()
        .chain(ladder_samples())
        .chain(reply_samples())
        .map(|(_, letter)| letter);
    let all = samples().into_iter().chain(plan_samples()).chain(named).chain(digest_samples());
    all.map(|letter| in_language(letter, language)).collect()
}

/// The same letter for a reader of a language.
pub fn in_language(letter: Letter, language: Language) -> Letter {
    if let Some(digest) = &letter.digest {
        return Letter { topic: name(digest.day, language), language, ..letter };
    }
    let others = letter.others.iter().map(|matter| matter.laggards.len()).sum::<usize>();
    let table = Table { lines: letter.laggards.len() + others, documents: letter.others.len() + 1 };
    let table = Some(table).filter(|_| letter.kind == NoticeKind::Escalation);
    let about = About { facts: &letter.facts, due: letter.topic_due, table };
    let topic = thread::topic(about, Ho_Chi_Minh, language);
    Letter { topic, language, ..letter }
}

/// One letter of each kind that is about one document, in the order of [`NoticeKind::ALL`].
pub fn samples() -> Vec<Letter> {
    let kinds = NoticeKind::ALL.into_iter().filter(|kind| *kind != NoticeKind::Digest);
    kinds.zip(1..).map(|(kind, times)| sample(kind, times)).collect()
}

fn sample(kind: NoticeKind, times: u32) -> Letter {
    let letter = notice(times);
    match kind {
        NoticeKind::Notice => letter,
        NoticeKind::Reminder => Letter { kind, days_left: Some(3), ..letter },
        NoticeKind::Chase => Letter { kind, days_left: Some(-2), ..letter },
        NoticeKind::Change => Letter { kind, days_left: Some(10), ..letter },
        NoticeKind::Withdrawal => Letter { kind, link: None, challenge: None, ..letter },
        NoticeKind::Escalation => escalation(letter),
        NoticeKind::Digest => digest(letter),
    }
}

fn escalation(letter: Letter) -> Letter {
    let laggard = |name: &str, acknowledged, days_late, unreached| Laggard {
        name: name.to_owned(),
        tasks: Vec::new(),
        acknowledged,
        days_late,
        unreached,
    };
    Letter {
        kind: NoticeKind::Escalation,
        thread: letter.message_id.clone(),
        topic: topic(&letter.facts, Some(Table { lines: 3, documents: 1 })),
        first: None,
        unit: UnitId::from("dbcs-so-thi-du"),
        unit_name: "Đảng bộ cơ sở Sở Thí dụ".to_owned(),
        to: "dangbo@sothidu.example".to_owned(),
        days_left: Some(-2),
        link: None,
        challenge: None,
        laggards: vec![
            laggard("Chi bộ Thí dụ 2", false, 2, false),
            laggard("Chi bộ Thí dụ 7", true, 2, false),
            laggard("Chi bộ Thí dụ 10", false, 0, true),
        ],
        ..letter
    }
}

fn notice(times: u32) -> Letter {
    Letter {
        notice: NoticeId(i64::from(times)),
        kind: NoticeKind::Notice,
        times,
        message_id: format!("mau{times}@vanthu.example"),
        thread: "mau-luong@vanthu.example".to_owned(),
        topic: topic(&facts(), None),
        started: start(&facts()),
        first: (times > 1).then(|| "mau1@vanthu.example".to_owned()),
        language: Language::Vi,
        to: "chibo1@sothidu.example".to_owned(),
        unit_name: "Chi bộ Thí dụ 1".to_owned(),
        unit: UnitId::from("cb-thi-du-1"),
        facts: facts(),
        tasks: Vec::new(),
        dropped: Vec::new(),
        news: News::default(),
        role: Role::Lead,
        owes: vec![Owed::Acknowledge, Owed::Report],
        rule_names: vec!["Sinh hoạt chuyên đề theo quý".to_owned()],
        acknowledge_due: end_of(2026, 1, 19),
        due: end_of(2026, 2, 5),
        topic_due: end_of(2026, 2, 5),
        due_why: Some(DueWhy {
            reading: "15 ngày làm việc kể từ ngày ban hành 15/01/2026, không tính ngày ban hành.".to_owned(),
            phrase: Some("báo cáo kết quả trong 15 ngày làm việc".to_owned()),
            proposal: true,
            calendar: "mau".to_owned(),
            basis: Some(Basis::Text),
            again: None,
        }),
        days_left: Some(15),
        link: Some(
            "https://vanthu.example/x/v1.a.AAAAAAAAAAAqAAAAAAAAAABqAAAAAAAA.c2FtcGxlLXNpZ25hdHVyZQ"
                .to_owned(),
        ),
        challenge: Some("4821".to_owned()),
        measure: None,
        laggards: Vec::new(),
        digest: None,
        appointments: Vec::new(),
        others: Vec::new(),
        reply: None,
        taken_over_from: None,
        instead_of: None,
        written: end_of(2026, 1, 15).unwrap_or_default(),
    }
}

fn topic(facts: &Facts, table: Option<Table>) -> String {
    let about = About { facts, due: end_of(2026, 2, 5), table };
    thread::topic(about, Ho_Chi_Minh, Language::Vi)
}

fn facts() -> Facts {
    Facts {
        symbol: "12-KH/ĐUK".to_owned(),
        kind_name: Some("Kế hoạch".to_owned()),
        issuer: "Đảng uỷ Khối".to_owned(),
        issued: NaiveDate::from_ymd_opt(2026, 1, 15),
        subject: Some("Tổ chức sinh hoạt chuyên đề quý I năm 2026".to_owned()),
        urgency: Urgency::Normal,
    }
}

/// 24:00 of a day in Việt Nam, which is 17:00 in UTC.
fn end_of(year: i32, month: u32, day: u32) -> Option<DateTime<Utc>> {
    let midnight = NaiveDate::from_ymd_opt(year, month, day)?.and_hms_opt(17, 0, 0)?;
    Some(midnight.and_utc())
}
