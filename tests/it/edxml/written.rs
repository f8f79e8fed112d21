//! What we write, others read: by their rules, and so do we.

use std::io::Write as _;
use std::process::{Command, Stdio};

use chrono::{DateTime, NaiveDate, TimeZone as _, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;
use proptest::prelude::*;
use vanthu::app::ports::{Files as _, Reading};
use vanthu::domain::document::{
    Attachment, Concern, Document, Exchange, Operation, ReceiverChange, Reference, Steering, StoredFile,
    Urgency,
};
use vanthu::domain::status::{Status, StatusCode};
use vanthu::source::edxml::{Organ, Outgoing, WriteError, write_document, write_status};

use super::{Desk, fixture};

fn at() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2022, 2, 21, 1, 30, 0).unwrap()
}

fn receivers() -> Vec<Organ> {
    vec![Organ { id: "000.05.77.H99".to_owned(), name: Some("Đảng uỷ Khối Mẫu".to_owned()) }]
}

fn written(desk: &Desk, document: &Document) -> Result<Vec<u8>, WriteError> {
    let to = receivers();
    let outgoing = Outgoing { document, to: &to, at: at(), zone: Ho_Chi_Minh, files: &desk.files };
    write_document(&outgoing, Vec::new())
}

/// Judged by libxml2, which minds namespaces.
#[track_caller]
fn is_valid(message: &[u8]) {
    let mut lint = Command::new("xmllint")
        .args(["--noout", "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("xmllint is missing: run ./test.sh, which installs it");
    lint.stdin.take().unwrap().write_all(message).unwrap();
    let done = lint.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && told.is_empty(), "{told}");
}

#[test]
fn a_document_as_it_is_written() {
    let desk = Desk::new();
    let document = desk.document(&fixture("update-receivers"));
    let message = written(&desk, &document).unwrap();
    is_valid(&message);
    insta::assert_snapshot!(String::from_utf8(message).unwrap());
}

#[test]
fn a_status_as_it_is_written() {
    let Reading::Status(status) = Desk::new().read(&fixture("status-01")) else { panic!("no status") };
    let message = write_status(&status, Ho_Chi_Minh).unwrap();
    is_valid(&message);
    insta::assert_snapshot!(String::from_utf8(message).unwrap());
}

#[test]
fn every_element_inside_the_envelope_is_prefixed() {
    let desk = Desk::new();
    for name in ["minimal", "update-receivers", "replace", "answers"] {
        let message = String::from_utf8(written(&desk, &desk.document(&fixture(name))).unwrap()).unwrap();
        let envelope = message
            .split_once("<edXML:edXMLEnvelope")
            .unwrap()
            .1
            .split_once("</edXML:edXMLEnvelope>")
            .unwrap()
            .0;
        let bare = envelope.split('<').skip(1).find(|tag| !tag.trim_start_matches('/').starts_with("edXML:"));
        assert_eq!(bare, None, "{name}");
    }
}

#[test]
fn what_receivers_would_refuse_is_not_written() {
    let desk = Desk::new();
    let good = desk.document(&fixture("minimal"));
    let exchange = good.exchange.clone();
    let bare = |organ: Option<&str>, key: Option<&str>| {
        let (organ, key) = (organ.map(str::to_owned), key.map(str::to_owned));
        Document { exchange: Exchange { organ, key, ..exchange.clone() }, ..good.clone() }
    };
    let table = [
        ("From/OrganId", bare(None, Some("1"))),
        ("DocumentId", bare(Some("000.00.77.H99"), None)),
        ("OrganId", bare(Some("h99 x"), Some("1"))),
        ("PromulgationDate", Document { issued: None, ..good.clone() }),
        ("TypeName", Document { kind_name: None, ..good.clone() }),
        ("Subject", Document { subject: String::new(), ..good.clone() }),
        ("Subject dài quá 500 chữ", Document { subject: "ộ".repeat(501), ..good.clone() }),
        ("Code", Document { symbol: "31".to_owned(), ..good.clone() }),
        ("Bussiness/DocumentId", Document { operation: Operation::Update, ..good.clone() }),
        ("ReplacementInfoList", Document { operation: Operation::Replace, ..good.clone() }),
        ("ContentTransferEncoded", Document { attachments: vec![Attachment::default()], ..good.clone() }),
    ];
    for (what, document) in table {
        let error = written(&desk, &document).unwrap_err().to_string();
        assert!(error.contains(what), "{what}: {error}");
    }
}

fn organ() -> impl Strategy<Value = String> {
    "[A-Z0-9]{1,3}(\\.[A-Z0-9]{2,4}){1,3}"
}

fn words(most: usize) -> impl Strategy<Value = String> {
    let letters = "[a-zA-ZđĐăâêôơưàáảãạ0-9&<>'\"/,.-]{1,12}";
    prop::collection::vec(letters, 1..=most).prop_map(|words| words.join(" "))
}

fn day() -> impl Strategy<Value = NaiveDate> {
    (0..40_000_i32).prop_map(|days| NaiveDate::from_num_days_from_ce_opt(720_000 + days).unwrap())
}

fn symbol() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "31-CV/TU",
        "7816/VPCP-TTĐT",
        "30/2020/NĐ-CP",
        "05-NQ/ĐUK",
        "123a/QĐ-UBND",
        "9-KH/CB",
    ])
    .prop_map(str::to_owned)
}

fn reference() -> impl Strategy<Value = Reference> {
    (organ(), symbol(), prop::option::of(day()), prop::option::of(words(3))).prop_map(
        |(organ, symbol, issued, key)| Reference { organ: Some(organ), symbol: Some(symbol), issued, key },
    )
}

fn exchange() -> impl Strategy<Value = (Operation, Exchange)> {
    let operation =
        prop::sample::select(vec![Operation::New, Operation::Revoke, Operation::Update, Operation::Replace]);
    let concern =
        (words(2), prop::collection::vec(organ(), 0..3)).prop_map(|(key, organs)| Concern { key, organs });
    let receiver = (organ(), any::<bool>()).prop_map(|(organ, added)| ReceiverChange { organ, added });
    let concerns = prop::collection::vec(concern, 1..3);
    let receivers = prop::collection::vec(receiver, 0..3);
    let answers = prop::collection::vec(reference(), 0..3);
    (operation, organ(), words(3), concerns, receivers, words(4), answers).prop_map(
        |(operation, organ, key, concerns, receivers, reason, answers)| {
            let concerns = match operation {
                Operation::New | Operation::Revoke | Operation::Unknown => Vec::new(),
                Operation::Update => {
                    let first = concerns.into_iter().next().unwrap();
                    vec![Concern { organs: Vec::new(), ..first }]
                }
                Operation::Replace => concerns,
            };
            let receivers = if operation == Operation::Update { receivers } else { Vec::new() };
            let (organ, key, reason) = (Some(organ), Some(key), Some(reason));
            (operation, Exchange { organ, key, concerns, receivers, code: None, reason, answers })
        },
    )
}

prop_compose! {
    fn document()(
        symbol in symbol(),
        (kind, subject, issuer) in (words(2), words(20), words(5)),
        content in prop::option::of(words(20)),
        signer in prop::option::of("[a-zA-ZđăâêôơưĐ]{1,20}"),
        (issued, due) in (day(), prop::option::of(day())),
        urgency in prop::sample::select(vec![
            Urgency::Unknown, Urgency::Normal, Urgency::Urgent, Urgency::VeryUrgent, Urgency::Express,
            Urgency::ExpressTimed,
        ]),
        steering in prop::sample::select(vec![
            Steering::Unknown, Steering::None, Steering::Directive, Steering::Result,
        ]),
        places in prop::collection::btree_set(words(3), 0..3),
        (operation, exchange) in exchange(),
        files in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..3),
    ) -> (Document, Vec<Vec<u8>>) {
        let content = content.filter(|content| *content != subject);
        let addressees = std::iter::once("000.05.77.H99".to_owned()).chain(places).collect();
        let document = Document {
            source: "truc".into(),
            external_id: "1".into(),
            symbol, kind_name: Some(kind), subject, content, issuer, signer,
            issued: Some(issued), received: Some(at()), due, urgency, operation, steering, addressees,
            exchange, field: None, attachments: Vec::new(),
        };
        (document, files)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_reads_back_the_same((mut document, files) in document()) {
        let desk = Desk::new();
        for (number, bytes) in files.iter().enumerate() {
            let mut draft = desk.files.begin().unwrap();
            draft.write_all(bytes).unwrap();
            let kept = draft.keep().unwrap();
            document.attachments.push(Attachment {
                external_id: format!("f{number}"),
                name: format!("phụ lục {number}.xyz"),
                size: Some(kept.size),
                stored: Some(StoredFile { id: kept.id, sha256: kept.sha256, media: String::new() }),
            });
        }
        let message = written(&desk, &document).unwrap();
        is_valid(&message);
        let mut read = match desk.read(&message) {
            Reading::Open(incoming) => incoming.document.get().clone(),
            // Letters at random spell a mark now and then; then there is nothing to compare.
            Reading::Withheld(_) => return Ok(()),
            other => panic!("{other:?}"),
        };
        for (number, bytes) in files.iter().enumerate() {
            prop_assert_eq!(&desk.content(&read, number), bytes);
            let (one, two) = (&mut read.attachments[number], &document.attachments[number]);
            prop_assert_eq!(&one.stored.as_ref().unwrap().sha256, &two.stored.as_ref().unwrap().sha256);
            one.stored = two.stored.clone();
        }
        prop_assert_eq!(read, document);
    }

    #[test]
    fn a_written_status_reads_back_the_same(
        (from, about) in (organ(), reference()),
        code in prop::sample::select(StatusCode::ALL.to_vec()),
        (name, description) in (words(4), words(10)),
        seconds in 0..2_000_000_000_i64,
    ) {
        let status = Status {
            from, from_name: Some(name), about, digits: code.digits().to_owned(),
            description: Some(description), at: DateTime::from_timestamp(seconds, 0),
        };
        let message = write_status(&status, Ho_Chi_Minh).unwrap();
        match Desk::new().read(&message) {
            Reading::Status(read) => prop_assert_eq!(*read, status),
            Reading::Withheld(_) => {}
            other => panic!("{other:?}"),
        }
    }
}
