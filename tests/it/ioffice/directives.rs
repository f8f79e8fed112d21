//! "Thông tin chỉ đạo": its lists, its texts, what becomes of it without a secrecy field, and its readers.

use chrono::{DateTime, TimeDelta, Utc};
use vanthu::app::ports::{Ability, Receipts, Source};
use vanthu::demo::ioffice::{Act, FakeDirective, FakeFile, FakeIoffice, FakeReceiver, Fault, Setup};
use vanthu::domain::document::Steering;
use vanthu::source::ioffice::{Directives, Ioffice, Options, Unmarked};

use super::{asked, ids, kind, now, open, options, outcome, pages, plans, start, walk};

fn directive(id: i64, title: &str, html: &str) -> FakeDirective {
    FakeDirective::new(id, title, html, now() - TimeDelta::days(1) + TimeDelta::minutes(id))
}

async fn fake(directives: Vec<FakeDirective>) -> FakeIoffice {
    start(Setup { directives, documents: plans(2), ..Setup::default() }).await
}

fn reads(fake: &FakeIoffice, directives: Directives) -> Ioffice {
    Ioffice::new(Options { directives, unmarked: Unmarked::Open, ..options(fake) }).unwrap()
}

#[tokio::test]
async fn directives_follow_the_documents_under_ids_of_their_own() {
    let sent = FakeDirective { is_sent: true, ..directive(2, "Đã gửi", "<p>x</p>") };
    let fake = fake(vec![directive(1, "Nhận được", "<p>x</p>"), sent]).await;
    let table = [
        (Directives::Off, vec!["2", "1"]),
        (Directives::Received, vec!["2", "1", "information/1"]),
        (Directives::Sent, vec!["2", "1", "information/2"]),
        (Directives::Both, vec!["2", "1", "information/1", "information/2"]),
    ];
    for (directives, expected) in table {
        assert_eq!(ids(&walk(&reads(&fake, directives)).await.unwrap()), expected, "{directives:?}");
    }
    let is_told = |directives| reads(&fake, directives).abilities().read_receipts;
    assert_eq!([is_told(Directives::Off), is_told(Directives::Sent)], [Ability::Off, Ability::Yes]);
}

#[tokio::test]
async fn what_is_not_counted_is_walked_to_its_end_and_is_no_gap() {
    let all = (1..=8).map(|id| directive(id, &format!("Chỉ đạo {id}"), "x")).collect();
    let fake = start(Setup { directives: all, documents: plans(2), page_cap: 2, ..Setup::default() }).await;
    let pages = pages(&reads(&fake, Directives::Received)).await.unwrap();
    let totals: Vec<_> = pages.iter().map(|page| page.total).collect();
    assert_eq!(totals.iter().flatten().count(), 3, "waiting, processed, notify: {totals:?}");
    assert_eq!(
        pages.iter().filter(|page| page.total.is_none()).map(|page| page.rows.len()).sum::<usize>(),
        8
    );
}

#[tokio::test]
async fn a_directive_comes_through_whole() {
    let html = "<p>Y&ecirc;u cầu <b>các chi bộ</b> báo cáo<br/>trước ngày 15/3/2026</p><style>p{}</style>";
    let file = FakeFile { name: "phu-luc.xlsx".to_owned(), size: 10 };
    let fake = fake(vec![FakeDirective {
        files: vec![file],
        ..directive(2, "Đôn đốc chuyên đề quý I", html)
    }])
    .await;
    let source = reads(&fake, Directives::Received);
    let rows = walk(&source).await.unwrap();
    let incoming = open(source.read(rows.last().unwrap()).await);
    let document = incoming.document.get();
    insta::assert_debug_snapshot!(document);
    assert_eq!(document.steering, Steering::Directive);
    let raw: serde_json::Value = serde_json::from_slice(&incoming.raw).unwrap();
    assert_eq!(raw["row"]["id"], "2");
}

#[tokio::test]
async fn without_the_offices_word_everything_is_withheld() {
    let fake = fake(vec![directive(1, "Đôn đốc", "<p>x</p>")]).await;
    let source = Ioffice::new(Options { directives: Directives::Received, ..options(&fake) }).unwrap();
    let rows = walk(&source).await.unwrap();
    assert_eq!(outcome(&source.read(rows.last().unwrap()).await), "withheld");
    assert_eq!(asked(&fake, "information/getfiles"), 0, "nothing more is asked of what is withheld");
}

/// With the office's word, a mark in title, text or name of a file still withholds, and so does any secrecy field
/// that does not say that the directive is open.
#[tokio::test]
async fn a_secret_directive_is_withheld_in_every_spelling() {
    let files = |name: &str| vec![FakeFile { name: name.to_owned(), size: 1 }];
    let secrecy = |word: &str| Some(word.to_owned());
    let open = directive(1, "Đôn đốc", "<p>nội dung</p>");
    let secret = [
        FakeDirective { title: "[TỐI MẬT] Đôn đốc".to_owned(), ..open.clone() },
        FakeDirective { html: "<p>Độ mật: <b>M</b><i>Ậ</i>T</p>".to_owned(), ..open.clone() },
        FakeDirective {
            html: "&lt;p&gt;&#272;&#7897; m&#7853;t: Tuyệt mật&lt;/p&gt;".to_owned(),
            ..open.clone()
        },
        FakeDirective { html: "<p title=\"Độ mật: Tối mật\">x</p>".to_owned(), ..open.clone() },
        FakeDirective { html: "<!-- Độ mật: Mật --><p>x</p>".to_owned(), ..open.clone() },
        FakeDirective { files: files("1. TỐI MẬT - phụ lục.pdf"), ..open.clone() },
        FakeDirective { secrecy: secrecy("Mật"), ..open.clone() },
        FakeDirective { secrecy: secrecy(""), ..open.clone() },
        FakeDirective { secrecy: secrecy("null"), ..open.clone() },
    ];
    for secret in secret {
        let what = format!("{secret:?}");
        let fake = fake(vec![secret]).await;
        let source = reads(&fake, Directives::Received);
        let rows = walk(&source).await.unwrap();
        assert_eq!(outcome(&source.read(rows.last().unwrap()).await), "withheld", "{what}");
    }
    let fake = fake(vec![FakeDirective { secrecy: secrecy("Không mật"), ..open }]).await;
    let source = reads(&fake, Directives::Received);
    let rows = walk(&source).await.unwrap();
    assert_eq!(outcome(&source.read(rows.last().unwrap()).await), "open");
}

#[tokio::test]
async fn one_that_cannot_be_read_holds_itself_alone() {
    let acts = [
        (Act::Half, "broken"),
        (Act::Data(serde_json::json!("TRUE")), "broken"),
        (Act::Data(serde_json::json!({"id": "7", "noiDung": "x"})), "broken"),
        (Act::Data(serde_json::json!("")), "gone"),
        (Act::Status(404), "gone"),
        (Act::LoginPage, "unexpected"),
        (Act::Status(503), "unreachable"),
    ];
    for (act, expected) in acts {
        let fake = fake(vec![directive(1, "Đôn đốc", "<p>x</p>")]).await;
        fake.script(Fault::on("information/getdetail", act.clone()).always());
        let source = reads(&fake, Directives::Received);
        let rows = walk(&source).await.unwrap();
        assert_eq!(outcome(&source.read(rows.last().unwrap()).await), expected, "{act:?}");
    }
}

async fn receipts(source: &Ioffice, id: &str) -> Vec<Receipts> {
    let id = id.into();
    let mut pages = vec![source.receipts(&id, None).await.unwrap().unwrap()];
    while let Some(next) = pages.last().and_then(|page| page.next.clone()) {
        pages.push(source.receipts(&id, Some(&next)).await.unwrap().unwrap());
    }
    pages
}

#[tokio::test]
async fn receivers_come_page_by_page_with_when_they_looked() {
    let seen = now() - TimeDelta::hours(1);
    let receiver = |number: u32| {
        let seen = number.is_multiple_of(2).then_some(seen);
        FakeReceiver::new(&format!("Chi bộ {number}"), &format!("cb{number}@mau.example"), seen)
    };
    let many =
        FakeDirective { receivers: (1..=8).map(receiver).collect(), ..directive(1, "Đôn đốc", "x") };
    let fake = fake(vec![many]).await;
    let source = reads(&fake, Directives::Received);
    let pages = receipts(&source, "information/1").await;
    assert_eq!(pages.iter().map(|page| page.rows.len()).collect::<Vec<_>>(), [3, 3, 2]);
    let rows: Vec<_> = pages.into_iter().flat_map(|page| page.rows).collect();
    assert_eq!(rows[1].unit.as_deref(), Some("Chi bộ 2"));
    assert_eq!(rows[1].address.as_deref(), Some("cb2@mau.example"));
    let times: Vec<Option<DateTime<Utc>>> = rows.iter().map(|row| row.times.seen).collect();
    assert_eq!(times[..2], [None, Some(seen)], "the word null is no date");
    assert!(rows.iter().all(|row| row.times.received.is_some()));
}

#[tokio::test]
async fn of_documents_nothing_is_asked_and_a_failing_page_gives_nothing() {
    let receivers = (1..=8).map(|number| FakeReceiver::new(&format!("Chi bộ {number}"), "", None)).collect();
    let fake = fake(vec![FakeDirective { receivers, ..directive(1, "Đôn đốc", "x") }]).await;
    let source = reads(&fake, Directives::Received);
    assert!(source.receipts(&"1".into(), None).await.unwrap().is_none());
    assert!(source.receipts(&"information/../1".into(), None).await.unwrap().is_none());
    assert_eq!(asked(&fake, "getuserreceiver"), 0);
    fake.script(Fault::on("getuserreceiver", Act::Half).page(2).always());
    let first = source.receipts(&"information/1".into(), None).await.unwrap().unwrap();
    let error = source.receipts(&"information/1".into(), first.next.as_ref()).await.unwrap_err();
    assert_eq!(kind(&error), "unexpected");
}

/// What this module could be made to do, and is not: the fake's log holds readings alone.
#[tokio::test]
async fn nothing_is_created_edited_sent_or_deleted() {
    let fake = fake(vec![FakeDirective {
        receivers: vec![FakeReceiver::new("Chi bộ 1", "", None)],
        ..directive(1, "Đôn đốc", "x")
    }])
    .await;
    let source = reads(&fake, Directives::Both);
    for row in walk(&source).await.unwrap() {
        open(source.read(&row).await);
    }
    receipts(&source, "information/1").await;
    for seen in fake.seen().iter().filter(|seen| seen.path.starts_with("information/")) {
        assert!(seen.path.starts_with("information/get"), "{}", seen.path);
    }
}
