//! An office of a thousand cells, its rules and what comes in, the same on every run.

use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;
use regex::Regex;
use vanthu::domain::calendar::{BeforeDay, Calendar};
use vanthu::domain::document::{Document, Exchange, Operation, Steering, Urgency};
use vanthu::domain::ladder::{Anchor, Ladder, Recipient, Step, StepKind, Until};
use vanthu::domain::obligation::{Grade, Owed, Role};
use vanthu::domain::rule::{DueSource, Rule, Targets, When};
use vanthu::domain::unit::{Dated, Kind, Unit, Units, Validity};

const CELLS: usize = 1_000;
const COMMITTEES: usize = 100;
const ALWAYS: Validity = Validity { from: None, until: None };
const KINDS: [&str; 8] = ["KH", "HD", "NQ", "KL", "CT", "BC", "TB", "CTr"];
const ISSUERS: [&str; 6] = ["TU", "ĐUK", "VPTU", "BTCTU", "UBKTTU", "BTGTU"];
const SECTORS: [&str; 3] = ["administration", "public-service", "enterprise"];
#[rustfmt::skip]
const SYLLABLES: [&str; 40] = [
    "sinh", "hoạt", "chuyên", "đề", "báo", "cáo", "kế", "hoạch", "học", "tập", "quán", "triệt", "nghị", "quyết",
    "chỉ", "thị", "đảng", "viên", "chi", "bộ", "đại", "hội", "kiểm", "tra", "giám", "sát", "tổ", "chức", "cán",
    "công", "tác", "xây", "dựng", "chỉnh", "đốn", "phát", "triển", "doanh", "nghiệp", "thuỷ",
];

/// The office.
pub struct Office {
    /// How many rules there are.
    count: usize,
    pub units: Units,
    pub calendar: Calendar,
    pub now: DateTime<Utc>,
}

impl Office {
    pub fn new(count: usize) -> Self {
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        let calendar = Calendar {
            zone: Ho_Chi_Minh,
            week: [true, true, true, true, true, false, false],
            mornings: [false; 7],
            sectors: std::collections::BTreeMap::new(),
            hours: vec![(time(8), time(17))],
            before_day: BeforeDay::Exclusive,
            years: (2026..=2027).map(|year| (year, Default::default())).collect(),
        };
        Self { count, units: units(), calendar, now: "2026-03-02T01:00:00Z".parse().unwrap_or_default() }
    }

    /// The rules: of ten, five with issuer, kind and phrases, one each by all phrases, by pattern, in
    /// tables of conditions, without accents, and by symbol with words that must not stand there.
    pub fn rules(&self) -> Vec<Rule> {
        (0..self.count).map(rule).collect()
    }

    /// A document written for one of the rules, with 30 words around its phrase and, every third, a
    /// longer text.
    pub fn document(&self, number: usize) -> Document {
        let aim = mix(number) % self.count;
        let subject = format!("{} {} {}", words(number, 12), phrase(aim), words(number ^ 0x55, 12));
        let content = number.is_multiple_of(3).then(|| words(number ^ 0xaa, 60));
        Document {
            source: "ioffice".into(),
            external_id: vanthu::domain::ids::ExternalId(number.to_string()),
            symbol: format!("{}-{}/{}", number % 900 + 1, kind(aim), issuer(aim)),
            kind_name: None,
            subject,
            content,
            issuer: "Đảng uỷ Khối các cơ quan và doanh nghiệp tỉnh".to_owned(),
            signer: None,
            issued: "2026-02-27".parse().ok(),
            received: Some(self.now),
            due: None,
            urgency: Urgency::Normal,
            operation: Operation::New,
            steering: Steering::Unknown,
            addressees: Vec::new(),
            exchange: Exchange::default(),
            field: None,
            attachments: Vec::new(),
        }
    }
}

fn units() -> Units {
    let kind = |id: &str, cell| Kind { id: id.to_owned(), name: id.to_owned(), cell };
    let committees =
        (0..COMMITTEES).map(|number| unit(format!("db-{number}"), "base-committee", "duk", number));
    let cells = (0..CELLS).map(|number| {
        unit(format!("cb-{number}"), "subordinate-cell", &format!("db-{}", number % COMMITTEES), number)
    });
    let office = unit("duk".to_owned(), "committee", "", 0);
    let all = std::iter::once(office).chain(committees).chain(cells);
    let kinds = vec![kind("committee", false), kind("base-committee", false), kind("subordinate-cell", true)];
    Units::new(Some("duk".into()), kinds, Default::default(), all)
}

fn unit(id: String, kind: &str, parent: &str, number: usize) -> Unit {
    Unit {
        names: vec![Dated { value: format!("Chi bộ {id}"), valid: ALWAYS }],
        id: id.as_str().into(),
        kind: kind.to_owned(),
        sector: Some(SECTORS[number % SECTORS.len()].to_owned()),
        aliases: vec![format!("Tổ chức {id}")],
        tags: if number.is_multiple_of(5) { vec!["border".to_owned()] } else { Vec::new() },
        parents: (!parent.is_empty())
            .then(|| Dated { value: parent.into(), valid: ALWAYS })
            .into_iter()
            .collect(),
        mailboxes: Vec::new(),
        absences: Vec::new(),
        succession: Default::default(),
        card: Default::default(),
        valid: ALWAYS,
    }
}

fn rule(number: usize) -> Rule {
    Rule {
        id: format!("quy-tac-{number}").as_str().into(),
        name: format!("Quy tắc {number}"),
        when: when(number),
        to: targets(number),
        tasks: Vec::new(),
        nobody_because: None,
        role: Role::Lead,
        owes: vec![Owed::Acknowledge, Owed::Report],
        figures: Vec::new(),
        acknowledge_within: Some(1),
        due: vec![DueSource::Document, DueSource::WorkingDays(15)],
        ladder: ladder(),
        grade: Grade::Clicked,
        figures: Vec::new(),
        valid: ALWAYS,
        is_final: false,
        place: format!("10-chung.toml:{number}"),
    }
}

fn when(number: usize) -> When {
    let (phrase, kinds) = (phrase(number), vec![kind(number).to_owned(), kind(number + 1).to_owned()]);
    let issuer = vec![issuer(number).to_owned(), issuer(number + 1).to_owned()];
    let plain = When { text_any: vec![phrase.clone(), words(number ^ 0x1234, 3)], ..When::default() };
    match number % 10 {
        0 => {
            let half = phrase.split_at(phrase.find(' ').unwrap_or_default());
            let both = vec![half.0.to_owned(), half.1.trim().to_owned()];
            When { text_all: both, kind: kinds, ..When::default() }
        }
        1 => When {
            text_regex: Regex::new(&format!("{phrase}(?: [^.]*)?")).ok(),
            kind: kinds,
            ..When::default()
        },
        2 => {
            let table = When {
                any: vec![plain, When { symbol: vec!["QĐ".to_owned()], ..When::default() }],
                ..When::default()
            };
            When { all: vec![When { kind: kinds, ..When::default() }, table], ..When::default() }
        }
        3 => When { accent_free: true, issuer, ..plain },
        4 => When { symbol: kinds, text_none: vec!["bãi bỏ".to_owned()], ..plain },
        _ => When { issuer, kind: kinds, ..plain },
    }
}

fn targets(number: usize) -> Targets {
    let all = Targets { kind: vec!["subordinate-cell".to_owned()], ..Targets::default() };
    match number % 4 {
        0 => all,
        1 => Targets { sector: vec![SECTORS[number % SECTORS.len()].to_owned()], ..all },
        2 => Targets { subtree: vec![format!("db-{}", number % COMMITTEES).as_str().into()], ..all },
        _ => Targets { tag: vec!["border".to_owned()], ..all },
    }
}

fn ladder() -> Ladder {
    let step = |number, offset, kind, to| Step {
        number,
        anchor: Anchor::Due,
        offset,
        hours: 0,
        kind,
        to,
        until: Until::Done,
    };
    let steps = vec![
        step(1, -3, StepKind::Remind, Recipient::Cell),
        step(2, 1, StepKind::Chase, Recipient::Cell),
        step(3, 3, StepKind::Chase, Recipient::Parent),
    ];
    Ladder { name: "standard".to_owned(), steps, ..Ladder::default() }
}

fn kind(number: usize) -> &'static str {
    KINDS[number % KINDS.len()]
}

fn issuer(number: usize) -> &'static str {
    ISSUERS[number / KINDS.len() % ISSUERS.len()]
}

/// Four syllables and a number's worth of them: a phrase of its own for each rule.
fn phrase(number: usize) -> String {
    words(number.wrapping_mul(7) ^ 0x00c0_ffee, 4)
}

fn words(seed: usize, count: usize) -> String {
    let one = |place: usize| SYLLABLES[mix(seed.wrapping_mul(64) + place) % SYLLABLES.len()];
    (0..count).map(one).collect::<Vec<_>>().join(" ")
}

/// Spreads numbers evenly, the same on every run (the finaliser of SplitMix64).
pub fn mix(number: usize) -> usize {
    let mut mixed = (number as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)) as usize
}
