//! A busy office: the sample's 238 cells, three weeks of the demo's papers, and secretaries who answer
//! at once, later, or never. Deterministic; the same every time.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, NaiveTime, Utc};
use vanthu::app::acknowledge::{self, Desk, Memory, Outcome, Press};
use vanthu::app::office::Office;
use vanthu::app::ports::SendOutcome;
use vanthu::config::sample;
use vanthu::demo::ioffice::{FakeDocument, FakeFile, FakeList};
use vanthu::demo::papers::{List, Paper, papers};
use vanthu::domain::challenge::stamp;
use vanthu::domain::ids::ObligationId;
use vanthu::domain::notice::{Letter, NoticeKind};
use vanthu::domain::obligation::{Answer, State};
use vanthu::web::Standing;

use crate::support::rig::{Rig, local};
use crate::support::site::Site;

/// The register opens on a Monday and is looked at three weeks later, on a Monday morning.
const FIRST: &str = "2026-02-23 08:05";
const NOW: &str = "2026-03-16 09:10";
/// Mailboxes that were given up without telling anybody.
const GONE: [usize; 3] = [17, 64, 140];

/// The pages of the busy office.
pub async fn site() -> Site {
    let rig = rig().await;
    let mut life = Life { rig, memory: Memory::default(), read: 0, answers: BTreeMap::new() };
    let (mut at, end) = (local(FIRST), local(NOW));
    while at < end {
        if life.rig.office.calendar.is_working(life.rig.office.calendar.date_of(at)) {
            life.live(at).await;
        }
        at += Duration::hours(if life.of_the_morning(at) { 7 } else { 17 });
    }
    life.live(end).await;
    Site::over(life.rig, Standing::default()).await
}

/// Where the page of the directive with the most late cells is.
pub async fn worst_document(site: &Site) -> String {
    let documents = site.rig.store.documents(1000, site.rig.clock_now()).await.unwrap();
    let worst = documents.iter().max_by_key(|row| row.late).unwrap();
    format!("/documents/{}", worst.id)
}

/// The newest mail with a deadline whose cell has not said anything yet.
pub async fn unanswered(site: &Site) -> Letter {
    for letter in site.rig.mailer.letters().into_iter().rev().filter(|letter| letter.due.is_some()) {
        let Some(link) = &letter.link else { continue };
        let row = claimed(&site.rig, link, letter.written);
        let stands = site.rig.store.obligation(row).await.unwrap().unwrap().obligation.state;
        if letter.kind == NoticeKind::Notice && stands == State::Open {
            return letter;
        }
    }
    panic!("everybody has answered")
}

/// The obligation a link is for.
fn claimed(rig: &Rig, link: &str, now: DateTime<Utc>) -> ObligationId {
    let token = link.rsplit('/').next().unwrap();
    rig.policy.keyring.verify(token, now).unwrap().obligation
}

async fn rig() -> Rig {
    let mut rig = Rig::at(FIRST).await;
    let (files, _) = sample::office().unwrap();
    rig.office = Office {
        name: "Văn phòng Đảng uỷ Khối".to_owned(),
        phone: Some("0299 3 123 456".to_owned()),
        units: files.units,
        calendar: files.calendar,
        ruleset: files.ruleset,
    };
    let first = local(FIRST) - Duration::days(1);
    for paper in papers(local(NOW), 3).iter().filter(|paper| paper.received > first) {
        rig.ioffice.put(document(paper));
    }
    let mailboxes = rig.office.units.iter().flat_map(|unit| &unit.mailboxes).enumerate();
    for (_, mailbox) in mailboxes.filter(|(place, _)| GONE.contains(place)) {
        let reason = "550 5.1.1 Recipient address rejected: User unknown".to_owned();
        rig.mailer.script(&mailbox.address, Some(SendOutcome::Failed { reason }));
    }
    rig
}

fn document(paper: &Paper) -> FakeDocument {
    let file = |file: &vanthu::demo::papers::PaperFile| FakeFile { name: file.name.clone(), size: file.size };
    FakeDocument {
        kind_name: paper.kind_name.clone(),
        issuer: paper.issuer.clone(),
        issued: paper.issued,
        due: paper.due,
        urgency: paper.urgency.clone(),
        // The rig's source calls one word open; the sample's calls both so.
        secrecy: paper.secrecy.as_ref().map(|mark| mark.replace("Không mật", "Thường")),
        signer: paper.signer.clone(),
        field: paper.field.clone(),
        content: paper.content.clone(),
        files: paper.files.iter().map(file).collect(),
        list: match paper.list {
            List::Waiting => FakeList::Waiting,
            List::Processed => FakeList::Processed,
            List::Notify => FakeList::Notify,
        },
        ..FakeDocument::new(paper.id, &paper.symbol, &paper.subject, paper.received)
    }
}

/// The office and its secretaries.
struct Life {
    rig: Rig,
    memory: Memory,
    /// Letters read so far.
    read: usize,
    /// What will be answered when, by which link.
    answers: BTreeMap<DateTime<Utc>, Vec<(String, Answer)>>,
}

impl Life {
    fn of_the_morning(&self, at: DateTime<Utc>) -> bool {
        let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap();
        at.with_timezone(&self.rig.office.calendar.zone).time() < noon
    }

    /// The answers that are ready, one visit to the document system, one round of mails.
    async fn live(&mut self, at: DateTime<Utc>) {
        self.rig.clock.advance_to(at);
        let later = self.answers.split_off(&at);
        for (link, answer) in std::mem::replace(&mut self.answers, later).into_values().flatten() {
            self.press(&link, answer, at).await;
        }
        self.rig.poll().await.unwrap();
        self.rig.chase().await;
        self.rig.dispatch().await;
        self.read_letters(at);
    }

    fn read_letters(&mut self, at: DateTime<Utc>) {
        let letters = self.rig.mailer.letters();
        for letter in &letters[self.read..] {
            if let (NoticeKind::Notice, Some(link)) = (letter.kind, &letter.link) {
                for (days, answer) in intention(letter) {
                    let when = at + Duration::days(days) - Duration::minutes(5);
                    self.answers.entry(when).or_default().push((link.clone(), answer));
                }
            }
        }
        self.read = letters.len();
    }

    async fn press(&self, link: &str, answer: Answer, now: DateTime<Utc>) {
        let token = link.rsplit('/').next().unwrap().to_owned();
        let policy = &self.rig.policy;
        let row = claimed(&self.rig, link, now);
        let client = u32::try_from(row.0).unwrap();
        let press = Press {
            stamp: stamp(row, now - Duration::seconds(40), &policy.secret),
            digits: String::new(),
            client: std::net::Ipv4Addr::from(0x0a00_0000 + client).into(),
            agent: "Mozilla/5.0 (Linux; Android 14)".to_owned(),
            token,
            task: None,
            answer,
            now,
        };
        let desk = Desk {
            store: self.rig.store.as_ref(),
            keyring: &policy.keyring,
            secret: &policy.secret,
            memory: &self.memory,
            calendar: &self.rig.office.calendar,
            units: &self.rig.office.units,
            voices: &policy.voices,
        };
        let outcome = acknowledge::answer(&desk, &press).await.unwrap();
        assert!(!matches!(outcome, Outcome::AskDigits { .. } | Outcome::Locked { .. }), "{outcome:?}");
    }
}

/// What a secretary will say to a letter, and after how many days; nothing from a few.
fn intention(letter: &Letter) -> Vec<(i64, Answer)> {
    let (habit, luck) = (pick(&[letter.unit.as_str()]), pick(&[letter.unit.as_str(), &letter.facts.symbol]));
    let (received, reason) = (Answer::Received { promised: None }, "Bí thư đi học tập trung".to_owned());
    let done = Answer::Done {
        report_symbol: Some(format!("{:02}-BC/CB", 1 + luck % 40)),
        report_date: None,
        note: None,
        link: None,
        figures: Vec::new(),
    };
    let until =
        letter.due.map_or_else(|| letter.written.date_naive(), |due| due.date_naive()) + chrono::Days::new(7);
    match (habit % 20, luck % 20) {
        (0, 0..=11) | (_, 0) => Vec::new(),
        (1, 0..=3) => vec![(3, Answer::MoreTime { until, reason })],
        (_, 1..=5) => vec![(1 + luck % 3, received)],
        (_, 6..=9) => vec![(luck % 4, received), (9 + luck % 9, done)],
        _ => vec![(luck % 2, received), (4 + luck % 7, done)],
    }
}

/// FNV-1a, as a small number without order.
fn pick(words: &[&str]) -> i64 {
    let bytes = words.iter().flat_map(|word| word.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    i64::try_from(hash >> 40).unwrap()
}
