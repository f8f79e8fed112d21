//! Dues in mails and at the address of a cell, read by an independent reader.

use std::sync::Arc;

use reqwest::Method;
use vanthu::app::due::{Entry, enter};
use vanthu::app::feed;
use vanthu::app::ports::NewNotice;
use vanthu::domain::appointment::When;
use vanthu::domain::ids::UnitId;
use vanthu::domain::notice::{Letter, NoticeKey, NoticeKind};
use vanthu::domain::obligation::State;
use vanthu::mail::Post;
use vanthu::mail::transport::TransportOptions;
use vanthu::render::ics::Frame;

use super::{document, done, number, python, rig, say};
use crate::mail::compose_options;
use crate::support::rig::Rig;
use crate::support::site::{Site, fake};

const CELL: &str = "cb-1-1";

async fn opened() -> Rig {
    let rig = rig("2026-03-02 09:00").await;
    rig.ioffice.put(document(1, "12-KH/ĐUK", "Kế hoạch năm 2026", "2026-03-02 08:40"));
    let mut directive = document(2, "9-HD/ĐUK", "Sinh hoạt chuyên đề quý I", "2026-03-02 08:45");
    directive.due = "2026-03-13".parse().ok();
    rig.ioffice.put(directive);
    rig.poll().await.unwrap();
    rig.send().await;
    rig
}

async fn path(rig: &Rig, cell: &str) -> String {
    let address = feed::address(rig.store.as_ref(), &rig.policy, &UnitId::from(cell)).await.unwrap();
    address.strip_prefix("https://vanthu.example").unwrap().to_owned()
}

/// The entries of a first notice, by another reader: what, when, how it rings.
#[tokio::test]
async fn a_first_notice_brings_its_dues() {
    let rig = opened().await;
    let letters = rig.mailer.letters();
    let mut mine = letters.iter().filter(|letter| letter.unit.as_str() == CELL);
    let plan = mine.find(|letter| letter.facts.symbol == "12-KH/ĐUK").unwrap();
    let frame = Frame { office: "Văn phòng", domain: "vanthu.example", zone: rig.office.calendar.zone };
    insta::assert_snapshot!(python("ics.py", frame.mailed(&plan.appointments, plan.written).as_bytes()));
}

/// In the mail the entries are a file beside the text, announced as such.
#[tokio::test]
async fn the_entries_are_a_file_of_the_mail() {
    let rig = opened().await;
    let letter = rig.mailer.letters().into_iter().find(|letter| letter.unit.as_str() == CELL).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let post = Post::new(compose_options(), TransportOptions::Folder(folder.path().to_owned())).unwrap().0;
    let mail = post.composer().compose(&letter).unwrap();
    assert_eq!(mail, post.composer().compose(&letter).unwrap(), "a repeat is the same mail");
    let told = python("mime.py", &mail.bytes);
    assert!(told.contains("text/calendar method=PUBLISH charset=utf-8 han.ics attachment"), "{told}");
    let bare = Letter { appointments: Vec::new(), ..letter };
    assert!(!python("mime.py", &post.composer().compose(&bare).unwrap().bytes).contains("calendar"));
}

#[tokio::test]
async fn a_cell_subscribes_to_its_own_dues_alone() {
    let rig = opened().await;
    let (own, other) = (path(&rig, CELL).await, path(&rig, "cb-2").await);
    let site = Site::over(rig, fake()).await;
    let before = site.journal().await;
    let (status, text) = site.get(&own).await;
    assert_eq!(status, 200);
    assert!(!text.contains("v1.") && !text.contains("/a/") && !text.contains("@mau.example"), "{text}");
    insta::assert_snapshot!(python("ics.py", text.as_bytes()));
    let (_, others) = site.get(&other).await;
    let uid = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.starts_with("UID:")).map(str::to_owned).collect()
    };
    assert!(uid(&text).iter().all(|id| !uid(&others).contains(id)));
    assert_eq!(site.journal().await, before, "reading changes nothing");
}

/// Phones ask with the tag of what they have; a change of one due is a higher sequence of the same entry, an
/// end is the same entry cancelled.
#[tokio::test]
async fn what_changes_is_fetched_anew() {
    let rig = opened().await;
    let own = path(&rig, CELL).await;
    let site = Site::over(rig, fake()).await;
    let first = site.ask(Method::GET, &own).send().await.unwrap();
    assert_eq!(first.headers()["cache-control"], "private, max-age=900");
    assert_eq!(first.headers()["content-type"], "text/calendar; charset=utf-8");
    let tag = first.headers()["etag"].clone();
    site.wait(3600);
    let again = site.ask(Method::GET, &own).header("if-none-match", &tag).send().await.unwrap();
    assert_eq!((again.status().as_u16(), again.headers()["etag"].clone()), (304, tag.clone()));
    say(&site.rig, CELL, &["9-HD/ĐUK"], done()).await;
    let changed = site.ask(Method::GET, &own).header("if-none-match", &tag).send().await.unwrap();
    assert_eq!(changed.status().as_u16(), 200);
    let told = python("ics.py", changed.text().await.unwrap().as_bytes());
    assert!(told.contains("seq=1 CANCELLED") && told.contains("seq=0 CONFIRMED"), "{told}");
}

/// A due that moves is the same entry with a greater sequence, told by the mail about the change; what is taken back
/// is the same entry cancelled. Reminders bring none.
#[tokio::test]
async fn a_moved_due_moves_the_entry_and_an_end_cancels_it() {
    let rig = opened().await;
    let entries = |rig: &Rig, kind: NoticeKind| {
        let letters = rig.mailer.letters().into_iter().rev();
        let mut mine =
            letters.filter(|letter| letter.unit.as_str() == CELL && letter.facts.symbol == "9-HD/ĐUK");
        let letter = mine.find(|letter| letter.kind == kind).unwrap();
        letter
            .appointments
            .into_iter()
            .map(|one| (one.obligation, one.sequence, one.when, one.cancelled))
            .collect()
    };
    let first: Vec<_> = entries(&rig, NoticeKind::Notice);
    let day = |text: &str| When::Day(text.parse().unwrap());
    assert_eq!(
        first.iter().map(|one| (one.1, one.2, one.3)).collect::<Vec<_>>(),
        [(0, day("2026-03-13"), false)]
    );
    let document = number(&rig, "9-HD/ĐUK").await;
    let entry = Entry {
        store: rig.store.as_ref(),
        office: &rig.office,
        policy: &rig.policy,
        document,
        task: None,
        day: "2026-03-20".parse().unwrap(),
        actor: "vt",
        reason: "Ban Tổ chức gọi",
        now: rig.clock_now(),
    };
    enter(&entry).await.unwrap();
    rig.send().await;
    let moved: Vec<_> = entries(&rig, NoticeKind::Change);
    assert_eq!(moved, [(first[0].0, 1, day("2026-03-20"), false)]);

    rig.go("2026-03-04 07:30");
    rig.chase().await;
    rig.go("2026-03-04 07:35");
    rig.send().await;
    assert_eq!(entries(&rig, NoticeKind::Reminder), Vec::<(_, u32, When, bool)>::new());

    let rows = rig.store.obligations(document, false).await.unwrap();
    let mut rows: Vec<_> = rows.into_iter().map(|row| row.obligation).collect();
    rows.iter_mut().for_each(|row| row.state = State::Withdrawn);
    let mut tx = rig.store.begin().await.unwrap();
    tx.save_obligations(&rows).await.unwrap();
    let key = NoticeKey {
        revision: rows[0].revision,
        unit: CELL.into(),
        kind: NoticeKind::Withdrawal,
        step: "00".to_owned(),
        mailbox: "cb-1-1@mau.example".to_owned(),
    };
    let notice = NewNotice {
        message_id: "thu-hoi@vanthu.example".to_owned(),
        key,
        send_at: rig.clock_now(),
        priority: 3,
        about: Vec::new(),
    };
    tx.enqueue(document, &[notice], rig.clock_now()).await.unwrap();
    tx.commit().await.unwrap();
    rig.send().await;
    let ended: Vec<_> = entries(&rig, NoticeKind::Withdrawal);
    assert_eq!(ended, [(first[0].0, 2, day("2026-03-20"), true)]);
}

/// T62, for calendars: whatever is wrong with an address, the answer is the same; a renewed one ends the old.
#[tokio::test]
async fn other_addresses_are_all_the_same_nothing() {
    let rig = opened().await;
    let own = path(&rig, CELL).await;
    let mut answers = Vec::new();
    let mut tx = rig.store.begin().await.unwrap();
    assert_eq!(tx.renew_feed(&CELL.into(), rig.clock_now()).await.unwrap(), 1);
    tx.commit().await.unwrap();
    let renewed = path(&rig, CELL).await;
    let link = rig.mailer.letters()[0].link.clone().unwrap();
    let link = link.rsplit('/').next().unwrap().to_owned();
    let site = Site::over(rig, fake()).await;
    assert_eq!(site.get(&renewed).await.0, 200);
    let forged = renewed.replacen("l1.k1.A", "l1.k1.B", 1);
    let foreign = format!("/lich/{link}.ics");
    for path in [&own, &forged, &foreign, "/lich/x.ics", "/lich/x", &own.replace(".ics", "")] {
        answers.push(site.get(path).await);
    }
    assert!(answers.iter().all(|answer| answer == &answers[0] && answer.0 == 404), "{answers:?}");
    assert_eq!(site.ask(Method::POST, &renewed).send().await.unwrap().status().as_u16(), 405);
    let head = site.ask(Method::HEAD, &renewed).send().await.unwrap();
    assert_eq!(head.status().as_u16(), 200);
}

/// A cell that is no more has no calendar.
#[tokio::test]
async fn a_dissolved_cell_has_no_calendar() {
    let mut rig = opened().await;
    let own = path(&rig, CELL).await;
    let units = rig.office.units.iter().filter(|unit| unit.id.as_str() != CELL).cloned().collect::<Vec<_>>();
    let known = &rig.office.units;
    let office = known.office.clone();
    rig.office.units =
        vanthu::domain::unit::Units::new(office, known.kinds.clone(), known.sectors.clone(), units);
    rig.policy = Arc::new((*rig.policy).clone());
    let site = Site::over(rig, fake()).await;
    assert_eq!(site.get(&own).await.0, 404);
}
