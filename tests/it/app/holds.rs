//! Holds about operations, statuses and secrets, settled by the same three verbs as every other.

use vanthu::app::hold::{Decided, Desk, HoldError, To, Wanted};
use vanthu::app::ports::{HoldKind, HoldRow, Matter};
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::document::{Document, Operation};
use vanthu::domain::ids::{DocumentId, HoldId};
use vanthu::domain::obligation::Role;
use vanthu::domain::operation::Standing;

use crate::support::rig::{Rig, local};
use crate::support::scripted::{Scripted, paper, receiver, replacement, revocation};

struct Scene {
    rig: Rig,
    axis: Scripted,
}

impl Scene {
    /// Monday 2026-03-02, with these deliveries read.
    async fn with(deliveries: &[Document]) -> Self {
        let scene = Self { rig: Rig::at("2026-03-02 09:00").await, axis: Scripted::new("truc") };
        for delivery in deliveries {
            scene.axis.deliver(delivery.clone());
            scene.poll().await;
        }
        scene
    }

    async fn poll(&self) {
        self.rig.poll_from(&self.axis).await.unwrap();
    }

    /// Everything is read again, as a night later.
    async fn read_again(&self) {
        self.rig.go("2026-03-04 16:00");
        self.poll().await;
    }

    fn desk(&self) -> Desk<'_> {
        let Rig { store, office, policy, .. } = &self.rig;
        Desk {
            store: store.as_ref(),
            office,
            policy,
            actor: "vt",
            reason: "theo bản giấy",
            now: self.rig.clock_now(),
        }
    }

    /// The open holds, but for the cell without a mailbox.
    async fn holds(&self) -> Vec<HoldRow> {
        let holds = self.rig.store.holds(true).await.unwrap();
        holds.into_iter().filter(|hold| hold.kind != HoldKind::NoContact).collect()
    }

    /// The one open hold.
    async fn hold(&self, kind: HoldKind, matter: Matter) -> HoldId {
        let [hold] = &self.holds().await[..] else { panic!("{:?}", self.holds().await) };
        assert_eq!((hold.kind, hold.matter), (kind, matter), "{}", hold.reason);
        hold.id
    }

    async fn assign(&self, hold: HoldId, document: i64) -> Result<Decided, HoldError> {
        let wanted = Wanted { to: To::Document(DocumentId(document)), role: Role::Lead, due: None };
        self.desk().assign(hold, &wanted).await
    }

    /// Every document with its standing, by number.
    async fn documents(&self) -> Vec<Standing> {
        let rows = self.rig.store.documents(9, self.rig.clock_now()).await.unwrap();
        rows.into_iter().rev().map(|row| row.standing).collect()
    }

    async fn decided(&self, hold: HoldId) -> Option<&'static str> {
        self.rig.store.hold(hold).await.unwrap().unwrap().decided.map(|act| act.as_str())
    }
}

/// A delivery whose operation nobody defined.
fn strange(key: &str) -> Document {
    let mut document = Document { operation: Operation::Unknown, ..paper(key) };
    document.exchange.code = Some("7".to_owned());
    document
}

#[tokio::test]
async fn an_operation_nobody_defined_is_held_with_its_bytes_and_shown() {
    let scene = Scene::with(&[strange("k1")]).await;
    let id = scene.hold(HoldKind::Operation, Matter::Kept).await;
    let hold = scene.rig.store.hold(id).await.unwrap().unwrap();
    insta::assert_snapshot!(hold.reason, @"mã nghiệp vụ “7” không có trong danh mục: 12-KH/ĐUK ngày 02/03/2026 của Đảng uỷ Khối, “Sinh hoạt chuyên đề quý I”");
    let mut tx = scene.rig.store.begin().await.unwrap();
    let kept = tx.kept(&hold.source, &hold.external_id).await.unwrap();
    assert!(String::from_utf8_lossy(&kept[0].raw).contains("12-KH/ĐUK"));
    drop(tx);
    assert!(scene.documents().await.is_empty() && scene.rig.send().await.is_empty());

    let done = scene.desk().release(id).await.unwrap();
    assert_eq!(done, Decided { documents: 1, opened: 4, mails: 3 });
    assert_eq!(scene.decided(id).await, Some("release"));
    scene.read_again().await;
    assert_eq!((scene.documents().await.len(), scene.holds().await.len()), (1, 0), "what was decided stays");
}

#[tokio::test]
async fn an_operation_nobody_defined_may_be_news_of_a_document() {
    let mut news = strange("k1");
    news.due = "2026-03-20".parse().ok();
    let scene = Scene::with(&[paper("k1"), news]).await;
    assert_eq!(scene.rig.send().await.len(), 3);
    let id = scene.hold(HoldKind::Operation, Matter::Kept).await;
    assert!(matches!(scene.assign(id, 9).await, Err(HoldError::NotThis(_))));
    let cells = Wanted { to: To::Cells(vec!["cb-2".into()]), role: Role::Lead, due: None };
    assert!(matches!(scene.desk().assign(id, &cells).await, Err(HoldError::Names(..))));
    assert_eq!(scene.assign(id, 1).await.unwrap().mails, 3);
    let changed = ["cb-1-1", "cb-1-2", "cb-2"].map(|cell| format!("change {cell}@mau.example"));
    assert_eq!(scene.rig.send().await, changed);
    scene.read_again().await;
    assert!(scene.holds().await.is_empty());
}

#[tokio::test]
async fn a_dismissed_operation_is_not_asked_about_again() {
    for delivery in [strange("k1"), revocation(&paper("k1"))] {
        let scene = Scene::with(&[delivery]).await;
        let id = scene.hold(HoldKind::Operation, Matter::Kept).await;
        scene.desk().dismiss(id).await.unwrap();
        scene.read_again().await;
        assert!(scene.holds().await.is_empty() && scene.documents().await.is_empty());
        assert!(matches!(scene.desk().dismiss(id).await, Err(HoldError::Gone(_))));
    }
}

/// The original came by another way, under another name.
#[tokio::test]
async fn a_person_names_the_document_that_is_revoked() {
    let mut other = paper("");
    (other.exchange, other.symbol) = (Default::default(), "12/KH-ĐUK".to_owned());
    let scene = Scene::with(&[other, revocation(&paper("k1"))]).await;
    assert_eq!(scene.rig.send().await.len(), 3);
    let id = scene.hold(HoldKind::Operation, Matter::Kept).await;
    assert_eq!(scene.assign(id, 1).await.unwrap(), Decided { documents: 1, opened: 0, mails: 3 });
    assert_eq!(scene.documents().await, [Standing::Revoked]);
    assert!(scene.rig.send().await.iter().all(|mail| mail.starts_with("withdrawal")));
    scene.read_again().await;
    assert!(scene.holds().await.is_empty() && scene.rig.send().await.is_empty());
}

/// A notice of revocation is kept as a paper of its own: it never revokes itself, nor does what it names find it.
#[tokio::test]
async fn a_revocation_may_be_a_document_of_its_own() {
    let scene = Scene::with(&[revocation(&paper("k1"))]).await;
    let id = scene.hold(HoldKind::Operation, Matter::Kept).await;
    assert_eq!(scene.desk().release(id).await.unwrap().opened, 4);
    scene.axis.deliver(Document { symbol: "13-KH/ĐUK".to_owned(), ..paper("k1") });
    scene.read_again().await;
    assert_eq!(scene.documents().await, [Standing::InForce; 2]);
    assert!(scene.holds().await.is_empty());
}

#[tokio::test]
async fn what_replaces_two_documents_is_settled_for_one_after_the_other() {
    let (first, second) = (paper("k1"), Document { symbol: "13-KH/ĐUK".to_owned(), ..paper("k2") });
    let plain = |of: &Document| Document { exchange: Default::default(), ..of.clone() };
    let scene =
        Scene::with(&[plain(&first), plain(&second), replacement("k3", &[&first, &second], &[])]).await;
    assert_eq!(scene.documents().await, [Standing::InForce; 3]);
    let id = scene.hold(HoldKind::Operation, Matter::Kept).await;
    assert!(matches!(scene.assign(id, 3).await, Err(HoldError::NotThis(_))), "nothing replaces itself");
    scene.assign(id, 1).await.unwrap();
    assert_eq!(scene.hold(HoldKind::Operation, Matter::Kept).await, id, "the other still waits");
    scene.assign(id, 2).await.unwrap();
    let standings = [Standing::Replaced, Standing::Replaced, Standing::InForce];
    assert_eq!((scene.documents().await, scene.holds().await.len()), (standings.to_vec(), 0));
}

#[tokio::test]
async fn a_person_says_that_the_bodies_named_are_ours() {
    let removed = receiver(&paper("k1"), "H37.10", false);
    let replaced = replacement("k2", &[&paper("k1")], &["H37.10"]);
    for (operation, after) in [(removed, Standing::Removed), (replaced, Standing::Replaced)] {
        let scene = Scene::with(&[paper("k1")]).await;
        scene.rig.send().await;
        scene.axis.deliver(operation);
        scene.poll().await;
        let id = scene.hold(HoldKind::Operation, Matter::Nothing).await;
        assert_eq!(scene.documents().await[0], Standing::InForce);
        scene.desk().release(id).await.unwrap();
        assert_eq!((scene.documents().await[0], scene.holds().await.len()), (after, 0));
        assert!(!scene.rig.send().await.is_empty());
    }
}

#[tokio::test]
async fn an_operation_that_waits_too_long_is_overdue() {
    let scene = Scene::with(&[revocation(&paper("k1"))]).await;
    let wait = scene.rig.policy.operations.wait;
    let overdue = async |at: &str| scene.holds().await[0].is_overdue(wait, local(at));
    assert!(!overdue("2026-04-01 09:00").await);
    assert!(overdue("2026-04-01 09:01").await);
}

#[tokio::test]
async fn a_secret_that_was_looked_at_is_not_counted_again() {
    let rig = Rig::at("2026-03-02 09:00").await;
    let secret = |mark: &str| {
        let mut document = FakeDocument::new(1, "1-KH/ĐUK", "Chim hoạ mi", local("2026-03-02 08:40"));
        document.secrecy = Some(mark.to_owned());
        document
    };
    rig.ioffice.put(secret("Mật"));
    rig.poll().await.unwrap();
    let scene = Scene { rig, axis: Scripted::new("truc") };
    let id = scene.hold(HoldKind::Secret, Matter::Nothing).await;
    scene.desk().dismiss(id).await.unwrap();
    for at in ["2026-03-02 16:00", "2026-03-03 16:00"] {
        scene.rig.go(at);
        assert_eq!(scene.rig.poll().await.unwrap().withheld, 1, "it is read again each time");
        assert!(scene.holds().await.is_empty());
    }
    // Open for a while, and secret once more: that is news.
    scene.rig.ioffice.put(secret("Thường"));
    scene.rig.go("2026-03-04 08:00");
    scene.rig.poll().await.unwrap();
    scene.rig.ioffice.put(secret("Mật"));
    scene.rig.go("2026-03-04 16:00");
    scene.rig.poll().await.unwrap();
    assert_eq!(scene.holds().await.iter().filter(|hold| hold.kind == HoldKind::Secret).count(), 1);
}
