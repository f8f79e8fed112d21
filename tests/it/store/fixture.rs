//! Directives made up for the register's tests.

use chrono::{DateTime, Duration, Utc};
use vanthu::app::ports::{
    ClaimRequest, Claimed, NewNotice, NewObligation, NoticeFilter, NoticeRow, Registered, Settled,
    Settlement, Store,
};
use vanthu::domain::document::{Document, Exchange, Operation, Steering, Urgency};
use vanthu::domain::ids::{DutyId, ObligationId, RevisionId, TaskId, UnitId};
use vanthu::domain::ladder::Ladder;
use vanthu::domain::notice::{NoticeKey, NoticeKind};
use vanthu::domain::obligation::{Duty, Grade, Obligation, Owed, Role};
use vanthu::domain::secrecy::{Open, judge};

/// 08:00 in Hà Nội on the day most tests happen, and so many minutes later.
pub fn minute(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_768_438_800, 0).unwrap() + Duration::minutes(minutes)
}

/// An open document.
pub fn document(external_id: &str, subject: &str) -> Open<Document> {
    let document = Document {
        source: "ioffice".into(),
        external_id: external_id.into(),
        symbol: "16-KH/ĐUK".to_owned(),
        kind_name: Some("Kế hoạch".to_owned()),
        subject: subject.to_owned(),
        content: None,
        issuer: "Đảng uỷ Khối".to_owned(),
        signer: None,
        issued: "2026-01-15".parse().ok(),
        received: Some(minute(-30)),
        due: None,
        urgency: Urgency::Normal,
        operation: Operation::New,
        steering: Steering::Unknown,
        addressees: Vec::new(),
        exchange: Exchange::default(),
        field: None,
        attachments: Vec::new(),
    };
    judge(document, Some("Thường"), &["Thường".to_owned()]).unwrap()
}

/// What is asked of the cells.
pub fn duty() -> Duty {
    Duty {
        task: None,
        role: Role::Lead,
        owes: vec![Owed::Acknowledge, Owed::Report],
        rules: vec!["chuyen-de-quy".into()],
        rule_names: vec!["Sinh hoạt chuyên đề theo quý".to_owned()],
        acknowledge_due: Some(minute(60)),
        due: Some(minute(600)),
        due_why: None,
        ladder: Ladder { name: "standard".to_owned(), ..Ladder::default() },
        grade: Grade::Clicked,
        figures: Vec::new(),
        ruleset: "0123456789ab".to_owned(),
    }
}

/// A directive in the register.
pub struct Directive {
    /// The registered revision.
    pub registered: Registered,
    /// The duty of its cells.
    pub duty: DutyId,
    /// Its obligations, by cell in the order given.
    pub obligations: Vec<(ObligationId, UnitId)>,
}

/// Registers a document and opens an obligation for each cell, whose ladder looks at minute 30.
pub async fn directive(store: &dyn Store, external_id: &str, cells: &[&str]) -> Directive {
    let mut tx = store.begin().await.unwrap();
    let known = tx.registered(&"ioffice".into(), &external_id.into()).await.unwrap();
    let subject =
        format!("V/v sinh hoạt chuyên đề, lần {}", known.as_ref().map_or(1, |known| known.number + 1));
    let document = document(external_id, &subject);
    let registered = tx.register(known.as_ref(), &document, b"{}", minute(0)).await.unwrap();
    let duty = tx.open_duty(registered.revision, &duty()).await.unwrap();
    let rows: Vec<_> = cells.iter().map(|cell| new_obligation(duty, cell)).collect();
    let opened = tx.open_obligations(registered.id, registered.revision, &rows, minute(0)).await.unwrap();
    tx.commit().await.unwrap();
    Directive { registered, duty, obligations: opened }
}

/// A row as rules open it.
pub fn new_obligation(duty: DutyId, cell: &str) -> NewObligation {
    NewObligation {
        duty,
        cell: cell.into(),
        task: TaskId::only(),
        acknowledge_due: Some(minute(60)),
        due: Some(minute(600)),
        next_action: Some(minute(30)),
    }
}

/// A first notice to a cell's secretary, to be sent at minute 0.
pub fn notice(revision: RevisionId, cell: &str) -> NewNotice {
    let key = NoticeKey {
        revision,
        unit: cell.into(),
        kind: NoticeKind::Notice,
        step: "00".to_owned(),
        mailbox: format!("{cell}@example.vn"),
    };
    NewNotice {
        message_id: format!("{cell}.{revision}@vanthu.example"),
        key,
        send_at: minute(0),
        priority: 5,
        about: Vec::new(),
    }
}

/// Enqueues notices; returns how many were new.
pub async fn enqueue(store: &dyn Store, directive: &Directive, notices: &[NewNotice]) -> u64 {
    let mut tx = store.begin().await.unwrap();
    let new = tx.enqueue(directive.registered.id, notices, minute(0)).await.unwrap();
    tx.commit().await.unwrap();
    new
}

/// Claims for an instance at a minute, for one minute.
pub async fn claim(store: &dyn Store, instance: &str, at: i64, limit: u32) -> Vec<Claimed> {
    let request =
        ClaimRequest { instance: instance.to_owned(), now: minute(at), lease_until: minute(at + 1), limit };
    let mut tx = store.begin().await.unwrap();
    let claimed = tx.claim(&request).await.unwrap();
    tx.commit().await.unwrap();
    claimed
}

/// Records one outcome; whether it counted.
pub async fn settle(store: &dyn Store, claimed: &Claimed, settled: Settled, at: i64) -> bool {
    let settlement = Settlement { id: claimed.id, epoch: claimed.epoch, settled };
    let mut tx = store.begin().await.unwrap();
    let counted = tx.settle(&[settlement], minute(at)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(counted.len(), 1);
    counted[0]
}

/// Accepted.
pub fn sent() -> Settled {
    Settled::Sent { reply: "250 2.0.0 Ok: queued".to_owned() }
}

/// Every notice, oldest first.
pub async fn notices(store: &dyn Store) -> Vec<NoticeRow> {
    let mut rows = store.notices(&NoticeFilter::default()).await.unwrap();
    rows.reverse();
    rows
}

/// Stores the new form of one row.
pub async fn save(store: &dyn Store, row: &Obligation) {
    let mut tx = store.begin().await.unwrap();
    tx.save_obligations(std::slice::from_ref(row)).await.unwrap();
    tx.commit().await.unwrap();
}

/// The number of the last migration on the disk.
pub fn newest_schema() -> i64 {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/migrations/sqlite");
    let files =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    files.map(|name| name.split('_').next().unwrap().parse().unwrap()).max().unwrap()
}
