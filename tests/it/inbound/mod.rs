//! Mail that came back: what it does to the register, and reading it from a real server.

pub mod bounces;
mod cage;
mod damage;
pub mod fake;
mod real;
mod replies;
mod shapes;
mod vacations;
mod walks;

use std::hash::{Hash as _, Hasher as _};

use vanthu::app::inbound::{Collected, Inbound};
use vanthu::app::ports::{Clock as _, HoldRow, Inbox as _};
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::ids::DocumentId;
use vanthu::domain::notice::Letter;
use vanthu::domain::unit::{Mailbox, Unit, Units, Validity};

use crate::support::rig::{Rig, local};
use fake::FakeInbox;

/// A rig with a directive to three cells, mailed on Monday 2026-03-02.
pub async fn mailed() -> Rig {
    let rig = directed().await;
    assert_eq!(rig.send().await.len(), 3);
    rig
}

/// The same before anything was mailed.
pub async fn directed() -> Rig {
    let mut rig = Rig::at("2026-03-02 09:00").await;
    rig.office.units = with_second_mailbox(&rig.office.units);
    let mut document =
        FakeDocument::new(1, "12-KH/ĐUK", "Sinh hoạt chuyên đề quý I", local("2026-03-02 08:40"));
    document.due = "2026-03-13".parse().ok();
    rig.ioffice.put(document);
    rig.poll().await.unwrap();
    rig
}

/// The office, in which cell cb-1-1 has a second mailbox for when the first fails.
fn with_second_mailbox(units: &Units) -> Units {
    let more = |unit: &Unit| {
        let mut unit = unit.clone();
        if unit.id.as_str() == "cb-1-1" {
            unit.mailboxes.push(Mailbox {
                address: "pho-cb-1-1@mau.example".to_owned(),
                post: "deputy".to_owned(),
                order: 9,
                language: None,
                valid: Validity::default(),
            });
        }
        unit
    };
    Units::new(units.office.clone(), units.kinds.clone(), units.sectors.clone(), units.iter().map(more))
}

/// Reads what lies in a mailbox.
pub async fn collect(rig: &Rig, inbox: &FakeInbox) -> Collected {
    let mut open = inbox.open().await.unwrap();
    job(rig).collect(open.as_mut()).await.unwrap()
}

/// What reading works with.
pub fn job(rig: &Rig) -> Inbound<'_> {
    Inbound {
        store: rig.store.as_ref(),
        office: &rig.office,
        policy: &rig.policy,
        clock: rig.clock.as_ref(),
        inbox: "vanthu@mail.example/INBOX",
        largest: 25_000_000,
    }
}

/// The letter that went to an address.
pub fn letter(rig: &Rig, to: &str) -> Letter {
    rig.mailer.letters().into_iter().rev().find(|letter| letter.to == to).unwrap()
}

/// A reply to a letter, as a mail program writes it.
pub fn reply(letter: &Letter, from: &str, text: &str) -> Vec<u8> {
    reply_with(letter, from, "", text)
}

/// The same with further headers, each with its line end.
pub fn reply_with(letter: &Letter, from: &str, headers: &str, text: &str) -> Vec<u8> {
    let mut hash = std::hash::DefaultHasher::new();
    (from, headers, text).hash(&mut hash);
    let number = hash.finish();
    format!(
        "Return-Path: <{from}>\r\nFrom: Chi bộ <{from}>\r\nTo: vanthu@vanthu.example\r\n\
         Subject: Re: 12-KH\r\nMessage-ID: <{number}@mau.example>\r\n\
         In-Reply-To: <{id}>\r\nReferences: <{root}> <{id}>\r\n{headers}\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n\r\n\
         Vào Th 2, 2 thg 3, 2026 lúc 09:00 Văn thư <vanthu@vanthu.example> đã viết:\r\n> Kính gửi chi bộ\r\n",
        id = letter.message_id,
        root = letter.thread,
    )
    .into_bytes()
}

/// Every cell's state, grade and contact, one line each.
pub async fn states(rig: &Rig) -> Vec<String> {
    let rows = rig.store.obligations(DocumentId(1), false).await.unwrap();
    let line = |row: &vanthu::app::ports::ObligationRow| {
        let grade = row.obligation.grade.map_or("–", |grade| grade.as_str());
        format!("{} {} {grade} {:?}", row.obligation.cell, row.obligation.state.as_str(), row.contact)
    };
    rows.iter().map(line).collect()
}

/// What waits for people since the directive came, the cell without a mailbox left out.
pub async fn holds(rig: &Rig) -> Vec<HoldRow> {
    let mut holds = rig.store.holds(true).await.unwrap();
    holds.retain(|hold| hold.kind.as_str() != "no-contact");
    holds
}

/// The instant the rig's clock shows, for the journal.
pub fn now(rig: &Rig) -> chrono::DateTime<chrono::Utc> {
    rig.clock.now()
}
