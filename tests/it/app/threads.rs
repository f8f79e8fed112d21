//! One conversation for the whole life of an obligation, as Gmail, Outlook and Thunderbird each make them.

use std::collections::BTreeSet;

use mail_parser::{HeaderForm, HeaderValue, MessageParser};
use vanthu::domain::notice::{Letter, NoticeKind};
use vanthu::mail::compose::{ComposeOptions, Composer};
use vanthu::render::mail::sample_office;

use crate::support::rig::Rig;
use crate::support::scripted::{Scripted, paper, revocation, update};

const CELL: &str = "cb-1-1@mau.example";

/// What mail programs group by.
#[derive(Debug, Clone)]
struct Seen {
    kind: NoticeKind,
    id: String,
    subject: String,
    /// In-Reply-To and References.
    answers: Vec<String>,
    references: Vec<String>,
    topic: String,
    index: Vec<u8>,
}

fn texts(value: Option<&HeaderValue<'_>>) -> Vec<String> {
    match value {
        Some(HeaderValue::Text(text)) => vec![text.to_string()],
        Some(HeaderValue::TextList(list)) => list.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

fn seen(letter: &Letter) -> Seen {
    let options = ComposeOptions {
        from: "Văn thư <vanthu@khoi.example>".to_owned(),
        reply_to: None,
        list_id: "chi-dao.khoi.example".to_owned(),
        tagged: false,
        office: sample_office(),
        shadow: None,
        dkim: None,
        templates: Default::default(),
    };
    let mail = Composer::new(options).unwrap().0.compose(letter).unwrap();
    let parsed = MessageParser::default().parse(&mail.bytes).unwrap();
    let index = parsed.header("Thread-Index").unwrap().as_text().unwrap().to_owned();
    Seen {
        kind: letter.kind,
        id: parsed.message_id().unwrap().to_owned(),
        subject: parsed.subject().unwrap().to_owned(),
        answers: texts(Some(parsed.in_reply_to())),
        references: texts(Some(parsed.references())),
        topic: texts(parsed.header_as("Thread-Topic", HeaderForm::Text).first()).remove(0),
        index: data_encoding::BASE64.decode(index.as_bytes()).unwrap(),
    }
}

fn base(subject: &str) -> &str {
    subject.strip_prefix("Re: ").unwrap_or(subject)
}

/// Gmail: the same subject but for `Re:`, and a reference in common.
fn gmail(a: &Seen, b: &Seen) -> bool {
    let ids = |one: &Seen| -> BTreeSet<String> {
        one.references.iter().chain(&one.answers).chain([&one.id]).cloned().collect()
    };
    base(&a.subject) == base(&b.subject) && !ids(a).is_disjoint(&ids(b))
}

/// Outlook: the head of Thread-Index, shown under Thread-Topic.
fn outlook(a: &Seen, b: &Seen) -> bool {
    a.topic == b.topic && a.index[..22] == b.index[..22]
}

/// Thunderbird: References alone, whether or not the root ever came.
fn thunderbird(a: &Seen, b: &Seen) -> bool {
    let root = |one: &Seen| one.references.first().cloned().unwrap_or_else(|| one.id.clone());
    root(a) == root(b)
}

/// Every kind of notice a cell gets about one obligation, with title and due day changed in between.
async fn life(rig: &Rig) -> Vec<Letter> {
    let axis = Scripted::new("truc");
    axis.deliver(paper("k1"));
    rig.poll_from(&axis).await.unwrap();
    rig.dispatch().await;
    rig.go("2026-03-04 09:00");
    rig.chase().await;
    rig.dispatch().await;
    axis.deliver(update(&paper("k1"), |document| {
        document.subject = "Sinh hoạt chuyên đề, tên mới".to_owned();
        document.due = "2026-03-20".parse().ok();
    }));
    rig.go("2026-03-05 09:00");
    rig.poll_from(&axis).await.unwrap();
    rig.dispatch().await;
    for day in ["2026-03-19", "2026-03-20", "2026-03-23", "2026-03-24"] {
        rig.go(&format!("{day} 09:00"));
        rig.chase().await;
        rig.dispatch().await;
    }
    axis.deliver(revocation(&paper("k1")));
    rig.go("2026-03-25 09:00");
    rig.poll_from(&axis).await.unwrap();
    rig.dispatch().await;
    rig.mailer.letters()
}

#[tokio::test]
async fn all_mails_of_an_obligation_form_one_conversation_in_every_program() {
    let rig = Rig::at("2026-03-02 09:00").await;
    let letters = life(&rig).await;
    let own: Vec<_> = letters.iter().filter(|letter| letter.to == CELL).map(seen).collect();
    let kinds: BTreeSet<_> = own.iter().map(|one| one.kind).collect();
    use NoticeKind::{Change, Chase, Escalation, Notice, Reminder, Withdrawal};
    assert_eq!(kinds, BTreeSet::from([Notice, Reminder, Chase, Change, Withdrawal]), "{own:#?}");
    let first = &own[0];
    for one in &own {
        assert_eq!(base(&one.subject), first.topic, "frozen by the first mail");
        assert_eq!(one.topic, first.topic);
        for (program, together) in [
            ("Gmail", gmail(first, one)),
            ("Outlook", outlook(first, one)),
            ("Thunderbird", thunderbird(first, one)),
        ] {
            assert!(together, "{program}: {one:#?}");
        }
    }
    for one in own.iter().skip(1) {
        assert!(one.subject.starts_with("Re: "), "{one:#?}");
        assert_eq!(one.answers, std::slice::from_ref(&first.id), "answers the first mail");
        assert_eq!(one.index.len(), 27, "one block behind the head");
    }
    let blocks: BTreeSet<_> = own.iter().map(|one| one.index.clone()).collect();
    assert_eq!(blocks.len(), own.len(), "no two mails of a conversation bear the same Thread-Index");

    // Other cells, and those above, have conversations of their own.
    let others = letters.iter().filter(|letter| letter.to != CELL).map(seen);
    for other in others {
        assert!(
            !gmail(first, &other) && !outlook(first, &other) && !thunderbird(first, &other),
            "{other:#?}"
        );
    }
    let escalations: Vec<_> = letters.iter().filter(|letter| letter.kind == Escalation).map(seen).collect();
    assert!(!escalations.is_empty());
    assert!(escalations.iter().all(|one| one.references.is_empty() && !one.subject.starts_with("Re: ")));
}

/// A first mail whose answer was lost is sent again as it was, and stays the first.
#[tokio::test]
async fn a_first_mail_sent_again_answers_nothing() {
    let rig = Rig::at("2026-03-02 09:00").await;
    let axis = Scripted::new("truc");
    axis.deliver(paper("k1"));
    rig.poll_from(&axis).await.unwrap();
    let silence = vanthu::app::ports::SendOutcome::Ambiguous { reason: "im lặng".to_owned() };
    rig.mailer.script(CELL, Some(silence));
    rig.dispatch().await;
    rig.mailer.script(CELL, None);
    rig.go("2026-03-02 09:01");
    rig.dispatch().await;
    let letters = rig.mailer.letters();
    let again = letters.iter().find(|letter| letter.to == CELL).unwrap();
    assert_eq!(again.first, None);
    rig.go("2026-03-04 09:00");
    rig.chase().await;
    rig.dispatch().await;
    let letters = rig.mailer.letters();
    let reminder = letters.iter().rfind(|letter| letter.to == CELL).unwrap();
    assert_eq!(reminder.first.as_deref(), Some(again.message_id.as_str()));
}
