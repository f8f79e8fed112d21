//! Every order of arrival as the register sees it, what differs, and who is one.

use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;

use super::*;
use crate::domain::document::{Attachment, Concern, Exchange, ReceiverChange, Steering, Urgency};

fn paper() -> Document {
    Document {
        source: "truc".into(),
        external_id: "1".into(),
        symbol: "12-KH/ĐUK".to_owned(),
        kind_name: None,
        subject: "Tổ chức sinh hoạt chuyên đề quý I năm 2026".to_owned(),
        content: None,
        issuer: "Đảng uỷ Khối".to_owned(),
        signer: None,
        issued: "2026-03-02".parse().ok(),
        received: None,
        due: None,
        urgency: Urgency::Unknown,
        operation: Operation::New,
        steering: Steering::Unknown,
        addressees: Vec::new(),
        exchange: Exchange {
            organ: Some("H37.02".to_owned()),
            key: Some("k1".to_owned()),
            ..Exchange::default()
        },
        field: None,
        attachments: Vec::new(),
    }
}

fn as_(operation: Operation, external_id: &str) -> Document {
    let mut document = Document { operation, external_id: external_id.into(), ..paper() };
    if matches!(operation, Operation::Update | Operation::Replace) {
        document.exchange.concerns = vec![Concern { key: "k1".to_owned(), organs: Vec::new() }];
        document.exchange.key = Some("k2".to_owned());
    }
    document
}

fn origin(content: Document) -> Origin {
    Origin { document: DocumentId(1), content, seen: DateTime::UNIX_EPOCH }
}

fn candidate(content: Document) -> Candidate {
    Candidate { id: DocumentId(1), content }
}

#[test]
fn what_a_delivery_is_given_what_is_known() {
    use Operation::{New, Replace, Revoke, Unknown, Update};
    let one = DocumentId(1);
    let nothing = Known::default();
    let same_id = |content| Known { origin: Some(origin(content)), ..Known::default() };
    let keyed = |repeats: Vec<Document>| Known {
        keyed: vec![one],
        repeats: repeats.into_iter().map(origin).collect(),
        ..Known::default()
    };
    let alike = |content| Known { alike: vec![candidate(content)], ..Known::default() };
    let key = Key { organ: "H37.02".to_owned(), id: "k1".to_owned() };
    let other_issuer = Document { issuer: "Tỉnh uỷ".to_owned(), ..paper() };
    let edited = Document { due: "2026-03-13".parse().ok(), ..as_(New, "1") };
    let unnamed = Document { exchange: Exchange::default(), ..as_(Revoke, "2") };
    let removing = {
        let mut update = as_(Update, "3");
        update.exchange.receivers = vec![ReceiverChange { organ: "H37.10".to_owned(), added: false }];
        update
    };
    let table = [
        ("never seen", as_(New, "1"), nothing.clone(), Verdict::New),
        ("the same id, unchanged", as_(New, "1"), same_id(as_(New, "1")), Verdict::Unchanged),
        ("the same id, edited", edited.clone(), same_id(as_(New, "1")), Verdict::Onto(one)),
        ("another id, the same", as_(New, "2"), keyed(vec![as_(New, "1")]), Verdict::Repeat(one)),
        (
            "another id, edited",
            Document { external_id: "2".into(), ..edited },
            keyed(vec![as_(New, "1")]),
            Verdict::Onto(one),
        ),
        ("by key from another source", as_(New, "2"), keyed(Vec::new()), Verdict::Onto(one)),
        ("by nature", as_(New, "2"), alike(paper()), Verdict::Onto(one)),
        ("nearly", as_(New, "2"), alike(other_issuer), Verdict::Doubtful(vec![(one, Doubt::Issuer)])),
        ("an update of a known one", as_(Update, "2"), keyed(Vec::new()), Verdict::Onto(one)),
        ("an update once more", as_(Update, "3"), keyed(vec![as_(Update, "2")]), Verdict::Repeat(one)),
        ("an update that removes a receiver", removing, keyed(vec![as_(Update, "2")]), Verdict::Onto(one)),
        ("an update of nothing known", as_(Update, "2"), nothing.clone(), Verdict::Await(key.clone())),
        ("a revocation", as_(Revoke, "2"), keyed(Vec::new()), Verdict::Revoke(one)),
        ("a revocation once more", as_(Revoke, "3"), keyed(vec![as_(Revoke, "2")]), Verdict::Repeat(one)),
        ("a revocation of nothing known", as_(Revoke, "2"), nothing.clone(), Verdict::Await(key)),
        ("a revocation by nature", as_(Revoke, "2"), alike(paper()), Verdict::Revoke(one)),
        ("a revocation that names nothing", unnamed, nothing.clone(), Verdict::Aimless),
        (
            "an operation nobody defined, of nothing known",
            as_(Unknown, "2"),
            nothing.clone(),
            Verdict::Aimless,
        ),
        ("the same of a known one", as_(Unknown, "2"), keyed(vec![as_(New, "1")]), Verdict::Aimless),
        ("the same by nature", as_(Unknown, "2"), alike(paper()), Verdict::Aimless),
        ("the same once more", as_(Unknown, "2"), same_id(as_(Unknown, "2")), Verdict::Unchanged),
        ("the same in the place of a document", as_(Unknown, "1"), same_id(as_(New, "1")), Verdict::Aimless),
        ("a replacement is new itself", as_(Replace, "2"), nothing, Verdict::New),
    ];
    for (what, incoming, known, verdict) in table {
        assert_eq!(judge(&incoming, &known), verdict, "{what}");
    }
}

#[test]
fn who_is_one() {
    let with = |edit: fn(&mut Document)| {
        let mut document = paper();
        edit(&mut document);
        document
    };
    type Edit = fn(&mut Document);
    let table: [(Edit, Likeness); 9] = [
        (|_| (), Likeness::Same),
        (|document| document.issuer = "ĐẢNG ỦY KHỐI".to_owned(), Likeness::Same),
        (
            |document| document.subject = "Kế hoạch tổ chức sinh hoạt chuyên đề quý I năm 2026".to_owned(),
            Likeness::Same,
        ),
        (|document| document.subject = "Tuyên truyền bầu cử".to_owned(), Likeness::Doubtful(Doubt::Subject)),
        (|document| document.issuer = "Đảng ủy Khối CCQ".to_owned(), Likeness::Doubtful(Doubt::Issuer)),
        (|document| document.issued = None, Likeness::Doubtful(Doubt::Issued)),
        (|document| document.issued = "2025-03-02".parse().ok(), Likeness::Other),
        (|document| document.symbol = "12-KH/DUK".to_owned(), Likeness::Other),
        (|document| document.symbol = String::new(), Likeness::Other),
    ];
    for (number, (edit, likeness)) in table.into_iter().enumerate() {
        assert_eq!(super::likeness(&paper(), &with(edit)), likeness, "{number}");
        assert_eq!(super::likeness(&with(edit), &paper()), likeness, "{number}, the other way");
    }
    let nameless = with(|document| document.symbol = String::new());
    assert_eq!(super::likeness(&nameless, &nameless), Likeness::Other, "no number, no identity");
}

#[test]
fn what_differs_and_how_much() {
    let material = Handling::default().material;
    let file = |name: &str, size| Attachment { name: name.to_owned(), size, ..Attachment::default() };
    type Edit<'a> = &'a dyn Fn(&mut Document);
    let table: [(Edit<'_>, &str, Option<Weight>); 8] = [
        (&|document| document.received = Some(DateTime::UNIX_EPOCH), "", None),
        (&|document| document.exchange = Exchange::default(), "", None),
        (&|document| document.subject = "Tổ chức  sinh hoạt chuyên đề quý I năm 2026".to_owned(), "", None),
        (&|document| document.issuer = "Đảng ủy Khối".to_owned(), "issuer", Some(Weight::Spelling)),
        (&|document| document.signer = Some("Bí thư".to_owned()), "signer", Some(Weight::Small)),
        (&|document| document.attachments = vec![file("kh.pdf", Some(9))], "files", Some(Weight::Small)),
        (&|document| document.subject.push_str(" và quý II"), "subject", Some(Weight::Material)),
        (&|document| document.due = "2026-03-13".parse().ok(), "due", Some(Weight::Material)),
    ];
    for (edit, field, weight) in table {
        let mut new = paper();
        edit(&mut new);
        let found = edits(&paper(), &new);
        assert_eq!(found.first().map_or("", |edit| edit.field.as_str()), field);
        assert_eq!(found.first().map(|edit| edit.weight(&material)), weight, "{field}");
        assert_eq!(edits(&new, &paper()).len(), found.len());
    }
    let typed = Document { attachments: vec![file("KH.pdf", None)], ..paper() };
    let replaced = Document { attachments: vec![file("kh.pdf", Some(9))], ..paper() };
    let by = Document { attachments: vec![file("kh.pdf", Some(10))], ..paper() };
    assert_eq!(edits(&replaced, &by).len(), 1, "a file put in the place of another keeps the name");
    assert_eq!(edits(&typed, &by), [], "one side tells the size, the other does not");
}

#[test]
fn the_leading_source_is_read_and_others_fill_its_gaps() {
    let order = ["truc".into(), "ioffice".into()];
    let mut typed = Document { source: "ioffice".into(), due: "2026-03-13".parse().ok(), ..paper() };
    typed.signer = Some("PBT".to_owned());
    let lead = Document { signer: Some("Phó Bí thư".to_owned()), ..paper() };
    let both = reading(&[origin(typed.clone()), origin(lead.clone())], &order).unwrap();
    assert_eq!(both.signer.as_deref(), Some("Phó Bí thư"));
    assert_eq!(both.due, typed.due);
    assert_eq!(reading(&[origin(lead), origin(typed)], &order).unwrap(), both, "whoever came first");
    let update = Document { signer: Some("Bí thư".to_owned()), ..as_(Operation::Update, "2") };
    let mut late = origin(paper());
    late.seen = DateTime::UNIX_EPOCH + Duration::days(1);
    let read = reading(&[origin(update), late], &order).unwrap();
    assert_eq!(read.signer.as_deref(), Some("Bí thư"), "what an update updates does not come back");
    assert_eq!(reading(&[origin(as_(Operation::Revoke, "2"))], &order), None);
}

proptest! {
    /// Put together again, the words of either side are that side, but for nothing.
    #[test]
    fn words_are_both_readings(old in "[a-zđêô ]{0,40}", new in "[a-zđêô ]{0,40}") {
        let edit = Edit { field: Field::Subject, old: old.clone(), new: new.clone() };
        let side = |other| edit.words().iter().filter(|words| words.side != other)
            .map(|words| words.text.as_str()).collect::<String>();
        prop_assert_eq!(side(Side::New), old);
        prop_assert_eq!(side(Side::Old), new);
    }

    /// What a document reads depends on what was delivered, not on the order in which it was looked at.
    #[test]
    fn reading_ignores_the_order(
        days in prop::collection::vec((0_i64..4, 0_usize..3, any::<bool>()), 1..6),
        turn in 0_usize..6,
    ) {
        let sources = ["truc", "ioffice", "thu-muc"];
        let one = |(number, (day, source, updates)): (usize, &(i64, usize, bool))| {
            let operation = if *updates { Operation::Update } else { Operation::New };
            // Deliveries of one instant have one content: their order is no order.
            let signer = Some(format!("{day} {updates}"));
            let mut origin = origin(Document { source: sources[*source].into(), signer, ..as_(operation, "") });
            origin.content.external_id = number.to_string().as_str().into();
            origin.seen = DateTime::<Utc>::UNIX_EPOCH + Duration::days(*day);
            origin
        };
        let mut origins: Vec<_> = days.iter().enumerate().map(one).collect();
        let order = ["truc".into(), "ioffice".into()];
        let before = reading(&origins, &order).map(|document| document.signer);
        let turn = turn % origins.len();
        origins.rotate_left(turn);
        prop_assert_eq!(reading(&origins, &order).map(|document| document.signer), before);
    }
}

mod turns {
    //! What a new content means for each row.

    use super::super::*;
    use crate::domain::ids::{DutyId, ObligationId, RevisionId, TaskId};
    use crate::domain::ladder::Ladder;
    use crate::domain::obligation::{Duty, Grade, Obligation, Owed, Role, State};
    use crate::domain::routing::{Assignment, Outcome};
    use chrono::{DateTime, Duration, Utc};

    fn duty(role: Role, day: i64) -> Duty {
        Duty {
            task: None,
            role,
            owes: vec![Owed::Acknowledge],
            rules: Vec::new(),
            rule_names: Vec::new(),
            acknowledge_due: None,
            due: Some(DateTime::<Utc>::UNIX_EPOCH + Duration::days(day)),
            due_why: None,
            ladder: Ladder::default(),
            grade: Grade::Clicked,
            figures: Vec::new(),
            ruleset: String::new(),
        }
    }

    fn assigned(groups: &[(Role, i64, &[&str])]) -> Outcome {
        let group = |(role, day, cells): &(Role, i64, &[&str])| Assignment {
            duty: duty(*role, *day),
            cells: cells.iter().map(|cell| UnitId::from(*cell)).collect::<Vec<_>>().into(),
        };
        Outcome::Assigned { assignments: groups.iter().map(group).collect() }
    }

    fn row(id: i64, cell: &str, state: State) -> Obligation {
        let opened = DateTime::UNIX_EPOCH;
        Obligation {
            id: ObligationId(id),
            document: DocumentId(1),
            revision: RevisionId(1),
            duty: DutyId(1),
            task: TaskId::only(),
            cell: cell.into(),
            state,
            opened,
            since: opened,
            acknowledge_due: None,
            due: None,
            grade: None,
            promised: None,
            extension_asked: None,
            step: 0,
            next_action: None,
        }
    }

    fn edit(field: Field) -> Edit {
        Edit { field, old: "cũ".to_owned(), new: "mới".to_owned() }
    }

    /// Rows 1 (open), 2 (acknowledged), 3 (done), 4 (withdrawn) of cells a to d: kept, given, withdrawn, and
    /// the cells asked from now on.
    fn turned(edits: &[Edit], after: &Outcome, material: &[Field]) -> String {
        let states = [State::Open, State::Acknowledged, State::Done, State::Withdrawn];
        let rows: Vec<_> = (1..)
            .zip(["a", "b", "c", "d"])
            .zip(states)
            .map(|((id, cell), state)| row(id, cell, state))
            .collect();
        let before = assigned(&[(Role::Lead, 9, &["a", "b", "c", "d"])]);
        let routes = Routes { before: &before, after, now: after };
        let turn = turn(&rows, edits, routes, &material.iter().copied().collect());
        let ids =
            |ids: &mut dyn Iterator<Item = ObligationId>| ids.map(|id| id.to_string()).collect::<String>();
        let cells = turn.opened.iter().flat_map(|group| group.cells.iter()).map(UnitId::as_str);
        format!(
            "kept {} given {} withdrawn {} asked {}",
            ids(&mut turn.kept.iter().copied()),
            ids(&mut turn.given.iter().map(|(id, _)| *id)),
            ids(&mut turn.withdrawn.iter().copied()),
            cells.collect::<String>()
        )
    }

    #[test]
    fn each_row_goes_on_is_asked_anew_or_ends() {
        let all: &[&str] = &["a", "b", "c", "d"];
        let same = assigned(&[(Role::Lead, 9, all)]);
        let later = assigned(&[(Role::Lead, 12, all)]);
        let support = assigned(&[(Role::Support, 9, all)]);
        let fewer = assigned(&[(Role::Lead, 9, &["b", "c", "d"])]);
        let more = assigned(&[(Role::Lead, 9, &["a", "b", "c", "d", "e"])]);
        let usual: &[Field] = &[Field::Symbol, Field::Subject, Field::Due, Field::Asks];
        let none: &[Field] = &[];
        let table = [
            ("a small change", edit(Field::Signer), &same, usual, "kept 123 given  withdrawn  asked "),
            ("the subject", edit(Field::Subject), &same, usual, "kept  given  withdrawn 12 asked abcd"),
            ("the due day", edit(Field::Due), &later, usual, "kept 3 given  withdrawn 12 asked ab"),
            (
                "a due day that only informs",
                edit(Field::Due),
                &later,
                none,
                "kept 3 given 12 withdrawn  asked ",
            ),
            ("another role", edit(Field::Addressees), &support, usual, "kept  given  withdrawn 12 asked abc"),
            (
                "a role that only informs",
                edit(Field::Addressees),
                &support,
                none,
                "kept 3 given 12 withdrawn  asked ",
            ),
            ("a cell removed", edit(Field::Addressees), &fewer, usual, "kept 23 given  withdrawn 1 asked "),
            ("a cell added", edit(Field::Addressees), &more, usual, "kept 123 given  withdrawn  asked e"),
            (
                "no rule any more",
                edit(Field::Kind),
                &Outcome::Unmatched,
                usual,
                "kept 3 given  withdrawn 12 asked ",
            ),
        ];
        for (what, edit, after, material, expected) in table {
            assert_eq!(turned(&[edit], after, material), expected, "{what}");
        }
    }

    /// What staff gave out by hand is not the rules' to take back.
    #[test]
    fn rows_no_rule_gave_are_left_alone() {
        let routes =
            Routes { before: &Outcome::Unmatched, after: &Outcome::Unmatched, now: &Outcome::Unmatched };
        let turn =
            turn(&[row(1, "a", State::Open)], &[edit(Field::Subject)], routes, &[Field::Subject].into());
        assert_eq!(turn, Turn { kept: vec![ObligationId(1)], ..Turn::default() });
    }
}
