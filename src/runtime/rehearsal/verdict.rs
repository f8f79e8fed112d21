//! The verdict: what must be true after ninety days, by what the world saw and the register says.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use mail_parser::MessageParser;

use super::world::{GONE, World};
use super::{Options, Played};
use crate::app::digest::FOLDED;
use crate::app::ports::{DocumentRow, HoldKind, NoticeFilter, NoticeRow, StatusFilter};
use crate::demo::check::Checks;
use crate::demo::papers::{self, Paper};
use crate::demo::people::{Intent, Outcome};
use crate::domain::notice::{Delivery, NoticeKind};
use crate::domain::obligation::{Contact, State};
use crate::runtime::daemon::Daemon;

/// Kinds of mail that ninety days must bring.
const KINDS: [NoticeKind; 5] =
    [NoticeKind::Notice, NoticeKind::Reminder, NoticeKind::Chase, NoticeKind::Escalation, NoticeKind::Digest];

/// More documents than any demo holds.
const EVERY: u32 = 10_000;

pub(super) async fn judge(
    options: Options,
    daemon: &Daemon,
    world: &World,
    played: &Played,
) -> anyhow::Result<Checks> {
    let mut checks = Checks::new();
    register(&mut checks, daemon, options.end).await?;
    mails(&mut checks, daemon, world).await?;
    people(&mut checks, played);
    statuses(&mut checks, daemon, world, played).await?;
    Ok(checks)
}

async fn register(checks: &mut Checks, daemon: &Daemon, now: DateTime<Utc>) -> anyhow::Result<()> {
    let store = daemon.store.as_ref();
    let documents = store.documents(EVERY, now).await?;
    let open_directives = papers::DIRECTIVES - papers::SECRET_DIRECTIVES;
    checks.equal("Văn bản vào sổ", papers::COUNT - papers::SECRET + open_directives, documents.len());
    let directives =
        documents.iter().filter(|document| document.external_id.as_str().starts_with("information/"));
    checks.equal("Trong đó thông tin chỉ đạo", open_directives, directives.count());
    let holds = store.holds(true).await?;
    let held = |kind| holds.iter().filter(|hold| hold.kind == kind).count();
    let secret = papers::SECRET + papers::SECRET_DIRECTIVES;
    checks.equal("Văn bản mật, chỉ đếm", secret, held(HoldKind::Secret));
    checks.equal("Văn bản chờ văn thư phân công", papers::UNMATCHED, held(HoldKind::Unmatched));
    checks.equal("Văn bản đọc hỏng", 0, held(HoldKind::Broken));
    let (mut all, mut silent, mut looked, mut states) = (0, 0, 0, BTreeSet::new());
    for document in &documents {
        for row in store.obligations(document.id, true).await? {
            all += 1;
            states.insert(row.obligation.state.as_str());
            let gone = row.obligation.cell.as_str() == GONE;
            silent += usize::from(!row.contact.is_reached() && !gone);
            looked += usize::from(row.contact == Contact::Seen);
        }
    }
    checks.push("Việc được giao", "nhiều hơn 1000", all, all > 1000);
    checks.equal("Chi bộ được giao mà chưa được báo", 0, silent);
    checks.push("Chi bộ đã xem chỉ đạo trên nguồn", "có", looked, looked > 0);
    for state in [State::Open, State::Acknowledged, State::Done, State::Declined] {
        let name = format!("Có việc ở tình trạng {}", state.as_str());
        checks.push(
            name,
            "có",
            if states.contains(state.as_str()) { "có" } else { "không" },
            states.contains(state.as_str()),
        );
    }
    let late: u64 = documents.iter().map(|document| document.late).sum();
    checks.push("Việc quá hạn", "có", late, late > 0);
    let undeliverable = held(HoldKind::Undeliverable);
    checks.push("Hộp thư hỏng được báo cho văn thư", "có", undeliverable, undeliverable > 0);
    let more_time = held(HoldKind::MoreTime);
    checks.push("Đề nghị gia hạn chờ văn thư", "có", more_time, more_time > 0);
    let failing = store.polls().await?.iter().filter(|poll| poll.failing_since.is_some()).count();
    checks.equal("Nguồn đang lỗi", 0, failing);
    Ok(())
}

async fn mails(checks: &mut Checks, daemon: &Daemon, world: &World) -> anyhow::Result<()> {
    let notices = daemon.store.notices(&NoticeFilter::default()).await?;
    let sent = notices.iter().filter(|notice| notice.delivery == Delivery::Sent);
    let sent: BTreeSet<_> = sent.map(|notice| notice.message_id.as_str()).collect();
    for kind in KINDS {
        let count = notices.iter().filter(|n| n.kind == kind && n.delivery == Delivery::Sent).count();
        checks.push(format!("Thư loại {}", kind.as_str()), "có", count, count > 0);
    }
    digests(checks, daemon, &notices);
    plans(checks, daemon, &notices).await?;
    let secrets: Vec<&Paper> = secret(&world.papers);
    let (mut ids, mut repeats, mut leaks, mut crowds, mut asked) = (BTreeSet::new(), 0, 0, 0, 0);
    for mail in world.mailboxes.since(0) {
        let Some(message) = MessageParser::default().parse(mail.raw.as_ref()) else {
            leaks += 1;
            continue;
        };
        let id = message.message_id().unwrap_or_default();
        // What is no notice asks the office about what a cell wants.
        asked += usize::from(!sent.contains(id));
        repeats += usize::from(!ids.insert(id.to_owned()));
        crowds += usize::from(recipients(&message) != 1);
        let text =
            format!("{} {}", message.subject().unwrap_or_default(), message.body_text(0).unwrap_or_default());
        let is_leak = secrets.iter().any(|paper| text.contains(paper.symbol.as_str()));
        leaks += usize::from(is_leak || text.contains(papers::SECRET_WORDS));
    }
    checks.equal("Thư ghi là đã gửi và thư nhận được", sent.len(), ids.len() - asked);
    checks.push("Thư xin ý kiến văn phòng", "có", asked, asked > 0);
    checks.equal("Thư trùng Message-ID", 0, repeats);
    checks.equal("Thư có hơn một người nhận", 0, crowds);
    checks.equal("Thư nói đến văn bản mật", 0, leaks);
    Ok(())
}

/// A morning brings a mailbox one digest at most, and digests spare reminders.
fn digests(checks: &mut Checks, daemon: &Daemon, notices: &[NoticeRow]) {
    let office = daemon.office();
    let day = |at: DateTime<Utc>| office.calendar.date_of(at);
    let of = |kind, delivery| {
        notices.iter().filter(move |notice| notice.kind == kind && notice.delivery == delivery)
    };
    let (mut mornings, mut crowds) = (BTreeSet::new(), 0);
    for notice in of(NoticeKind::Digest, Delivery::Sent) {
        crowds += usize::from(!mornings.insert((&notice.mailbox, notice.sent_at.map(day))));
    }
    checks.equal("Hai thư buổi sáng trong một ngày tới một hộp thư", 0, crowds);
    let folded = of(NoticeKind::Reminder, Delivery::Dropped);
    let folded = folded.filter(|notice| notice.reply.as_deref() == Some(FOLDED)).count();
    checks.push("Thư nhắc đã gộp vào thư buổi sáng", "có", folded, folded > 0);
}

/// A plan asks a cell for several tasks, and still writes to it once.
async fn plans(checks: &mut Checks, daemon: &Daemon, notices: &[NoticeRow]) -> anyhow::Result<()> {
    let documents = daemon.store.documents(EVERY, daemon.clock.now()).await?;
    let asked = |document: &DocumentRow| document.tally.iter().map(|(_, n)| n).sum::<u64>();
    let plans: Vec<_> = documents.iter().filter(|document| document.cells < asked(document)).collect();
    checks.push("Kế hoạch giao mỗi chi bộ nhiều việc", "có", plans.len(), !plans.is_empty());
    let (mut seen, mut crowds) = (BTreeSet::new(), 0);
    let about = notices.iter().filter(|notice| plans.iter().any(|plan| plan.id == notice.document));
    // A digest is kept under one document and tells of all.
    let about = about.filter(|notice| notice.kind != NoticeKind::Digest);
    for notice in about.filter(|notice| notice.delivery == Delivery::Sent) {
        crowds += usize::from(!seen.insert((notice.document, &notice.mailbox, notice.sent_at)));
    }
    checks.equal("Hai thư cùng lúc về một kế hoạch tới một hộp thư", 0, crowds);
    Ok(())
}

/// The papers that must never show up, by the one thing a mail always shows: the symbol. Symbols that
/// an open paper bears too cannot tell.
fn secret(all: &[Paper]) -> Vec<&Paper> {
    let is_secret = |paper: &&Paper| {
        paper.secrecy.as_deref().is_none_or(|mark| mark.is_empty() || mark == "Mật")
            || paper.subject.contains("MẬT")
            || paper.files.iter().any(|file| file.name.contains("TOI_MAT"))
    };
    all.iter().filter(is_secret).filter(|paper| !paper.symbol.is_empty()).collect()
}

/// What stands under each document of the document system, beside what the register says was told.
async fn statuses(
    checks: &mut Checks,
    daemon: &Daemon,
    world: &World,
    played: &Played,
) -> anyhow::Result<()> {
    let told = daemon.store.statuses(&StatusFilter::default()).await?;
    let waiting = told.iter().filter(|status| status.delivery != Delivery::Sent).count();
    checks.equal("Trạng thái chưa báo được lên nguồn", 0, waiting);
    checks.equal("Trạng thái ghi là đã báo và nguồn đã nhận", told.len() as u64, played.told_upstream);
    let known: BTreeSet<_> = told.iter().map(|status| status.origin.external_id.0.clone()).collect();
    let (mut arrived, mut finished, mut repeats, mut backward, mut strange) = (0, 0, 0, 0, 0);
    for (paper, comments) in world.comments() {
        let codes: Vec<_> = comments.iter().filter_map(|comment| comment.get(..2)).collect();
        arrived += usize::from(codes.first() == Some(&"01"));
        finished += usize::from(codes.last() == Some(&"06"));
        repeats += codes.len() - codes.iter().collect::<BTreeSet<_>>().len();
        backward += usize::from(!codes.is_sorted());
        strange += usize::from(!known.contains(&paper.to_string()) && !comments.is_empty());
    }
    checks.equal("Văn bản vào sổ được báo 01 Đã đến", papers::COUNT - papers::SECRET, arrived);
    checks.push("Văn bản được báo 06 Đã hoàn thành", "có", finished, finished > 0);
    checks.equal("Trạng thái báo hai lần", 0, repeats);
    checks.equal("Văn bản bị báo lùi trạng thái", 0, backward);
    checks.equal("Văn bản mật hoặc lạ có trạng thái", 0, strange);
    Ok(())
}

fn recipients(message: &mail_parser::Message<'_>) -> usize {
    let count = |address: Option<&mail_parser::Address<'_>>| address.map_or(0, |list| list.iter().count());
    count(message.to()) + count(message.cc()) + count(message.bcc())
}

fn people(checks: &mut Checks, played: &Played) {
    let of = |intent: fn(&Intent) -> bool| played.actions.iter().filter(move |action| intent(&action.intent));
    let recorded = |outcome: &Outcome| matches!(outcome, Outcome::Recorded { .. });
    let scans = of(|intent| matches!(intent, Intent::Scan));
    let fooled = scans.clone().filter(|action| recorded(&action.outcome)).count();
    checks.push("Máy quét thư bấm thử", "có", scans.clone().count(), scans.count() > 0);
    checks.equal("Máy quét được tính là đã nhận", 0, fooled);
    let answers = of(|intent| !matches!(intent, Intent::Scan));
    let kept = answers.clone().filter(|action| recorded(&action.outcome)).count();
    checks.push("Câu trả lời được ghi nhận", "nhiều hơn 500", kept, kept > 500);
    let lost = |outcome: &Outcome| matches!(outcome, Outcome::Unreachable(_) | Outcome::Refused(_));
    let lost: Vec<_> = answers.filter(|action| lost(&action.outcome)).collect();
    let seen = lost.iter().map(|action| format!("{:?} {:?}", action.intent, action.outcome));
    let seen = if lost.is_empty() { "không".to_owned() } else { seen.collect::<Vec<_>>().join(", ") };
    checks.push("Câu trả lời bị từ chối hoặc không đến nơi", "không", seen, lost.is_empty());
}
