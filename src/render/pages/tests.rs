//! Every page for staff, rendered from the sample office: what people read is reviewed as it is.

use super::board::{BoardPage, Filter, Query};
use super::cells::CellsPage;
use super::document::{DocumentPage, Dossier};
use super::holds::HoldsPage;
use super::message::{MessagePage, RefusalPage};
use super::outbox::OutboxPage;
use super::sample::{
    Sample, abilities, at, document, doubts, duty, heard, journal, notices, obligation, requests, row, rows,
    status_tally, statuses, trace,
};
use super::system::{CheckLine, DifferenceLine, PollLine, SystemPage};
use super::*;
use crate::app::ports::{
    CellReceipt, Differ, Difference, HoldKind, HoldRow, InboundKind, InboundRow, Matter, PollState,
    StoredRevision, TallyRow,
};
use crate::domain::document::{Operation, Urgency};
use crate::domain::ids::{DocumentId, DutyId, HoldId, ObligationId, RevisionId, TaskId};
use crate::domain::language::Language;
use crate::domain::notice::Delivery;
use crate::domain::obligation::{Contact, Role, State, TaskName};
use crate::domain::operation::{self, Change, Edit, Field, History, Related, Standing};
use crate::domain::receipt::Times;
use crate::domain::watch::{Compared, Watch};

mod desk;
mod lists;

fn check<P: Page>(name: &str, page: &P) {
    let html = Pages::new().unwrap().render(page).unwrap();
    assert!(!html.contains("style=") && !html.contains("<script"), "the policy forbids both");
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, html) });
}

#[test]
fn the_board_shows_first_what_hurts() {
    let sample = Sample::new();
    check("board", &BoardPage::new(sample.setting("board"), &rows(), 3, 5000, Query::default()));
}

#[test]
fn counters_are_filters() {
    let sample = Sample::new();
    for (filter, symbols) in [
        (Filter::All, vec!["12-KH/ĐUK", "05-CV/ĐUK", "31-HD/BTGĐU", "", "08-TB/ĐUK"]),
        (Filter::Late, vec!["12-KH/ĐUK"]),
        (Filter::Soon, vec!["05-CV/ĐUK"]),
        (Filter::Open, vec!["12-KH/ĐUK", "05-CV/ĐUK"]),
    ] {
        let page = BoardPage::new(sample.setting("board"), &rows(), 3, 5000, Query { filter, page: 1 });
        let shown: Vec<_> = page.lines.iter().map(|line| line.symbol.as_str()).collect();
        assert_eq!(shown, symbols, "{filter:?}");
        let current: Vec<_> = page.counters.iter().filter(|counter| counter.current).collect();
        for counter in current {
            assert_eq!(counter.count, symbols.len().to_string(), "the counter is the number of rows");
        }
    }
}

#[test]
fn a_long_board_has_pages() {
    let sample = Sample::new();
    let many: Vec<_> =
        (0..230).map(|n| row(n, document("1-CV/X", "x", Urgency::Normal), None, 0, &[])).collect();
    for (asked, page, shown) in [(0, 1, 100), (2, 2, 100), (3, 3, 30), (99, 3, 30)] {
        let query = Query { filter: Filter::All, page: asked };
        let board = BoardPage::new(sample.setting("board"), &many, 0, 230, query);
        assert_eq!((board.page, board.pages, board.lines.len()), (page, 3, shown));
        assert_eq!(board.looked_at, Some(230), "there may be older ones");
    }
}

#[test]
fn an_empty_board_says_so() {
    let sample = Sample::new();
    let mut setting = sample.setting("board");
    setting.shell.banners.clear();
    check("board_empty", &BoardPage::new(setting, &[], 0, 5000, Query { filter: Filter::Late, page: 1 }));
}

/// A cell that has not looked, one that has, and two receivers that are no cell.
fn receipts() -> Vec<CellReceipt> {
    let receipt = |cell: Option<&str>, received, seen: Option<&str>, receivers| CellReceipt {
        source: "ioffice".into(),
        cell: cell.map(Into::into),
        times: Times { received: Some(at(received)), seen: seen.map(at) },
        receivers,
    };
    vec![
        receipt(Some("cb-3"), "2026-03-02T08:10", None, 1),
        receipt(Some("cb-5"), "2026-03-02T08:10", Some("2026-03-16T08:02"), 1),
        receipt(None, "2026-03-16T08:05", None, 2),
    ]
}

fn difference(document: i64, symbol: &str, differ: Differ) -> Difference {
    Difference {
        document: DocumentId(document),
        symbol: symbol.to_owned(),
        source: "ioffice".into(),
        external_id: document.to_string().as_str().into(),
        differ,
        since: at("2026-03-16T01:05"),
    }
}

#[test]
fn a_document_tells_its_whole_story() {
    let sample = Sample::new();
    let row = rows().remove(0);
    let dossier = Dossier {
        revision: Some(StoredRevision {
            id: RevisionId(1),
            document_id: DocumentId(1),
            number: 1,
            document: row.document.clone(),
            registered: row.registered,
            asked: row.registered,
            standing: Standing::InForce,
            trace: Some(trace()),
        }),
        row,
        obligations: vec![
            obligation(5, State::Open, Contact::Seen),
            obligation(1, State::Acknowledged, Contact::Delivered),
            obligation(2, State::Done, Contact::Sent),
            obligation(3, State::Declined, Contact::Sent),
            obligation(4, State::Open, Contact::NoContact),
            obligation(0, State::Withdrawn, Contact::Sent),
        ],
        duties: vec![duty()],
        notices: notices(),
        journal: journal(),
        statuses: statuses(),
        heard: heard(),
        receipts: receipts(),
        differences: vec![difference(1, "12-KH/ĐUK", Differ::Undated)],
        requests: requests(),
        reports: [(ObligationId(2), "báo cáo số 03-BC/CB; Số đảng viên dự (người): 1.250".to_owned())].into(),
        doubts: doubts(),
        history: History::default(),
        resting: Vec::new(),
    };
    check("document", &DocumentPage::new(sample.setting("board"), &dossier));
}

/// A document that came by two ways, was changed twice and replaced.
#[test]
fn a_document_tells_where_it_came_from_and_how_it_changed() {
    let sample = Sample::new();
    let delivery = |source: &str, id: &str, wanted, key: Option<&str>| operation::Delivery {
        source: source.into(),
        external_id: id.into(),
        operation: wanted,
        key: key.map(str::to_owned),
        seen: at("2026-03-03T09:00"),
    };
    let edit = |field, old: &str, new: &str| Edit { field, old: old.to_owned(), new: new.to_owned() };
    let change = |revision, retouched: bool, edits| Change {
        revision,
        at: at("2026-03-04T10:00"),
        reason: (!retouched).then(|| "ghi nhầm hạn".to_owned()),
        operation: Operation::Update,
        retouched,
        edits,
    };
    let history = History {
        standing: Standing::Replaced,
        origins: vec![
            delivery("ioffice", "104233", Operation::New, None),
            delivery("truc", "9f1c", Operation::Update, Some("H37.02,2026/03/02,12-KH/ĐUK")),
        ],
        replaces: Vec::new(),
        replaced_by: vec![Related {
            id: DocumentId(9),
            symbol: "19-KH/ĐUK".to_owned(),
            subject: String::new(),
        }],
        changes: vec![
            change(2, true, vec![edit(Field::Signer, "Nguyễn Văn A", "Trần Thị B")]),
            change(
                3,
                false,
                vec![
                    edit(Field::Subject, "Sinh hoạt chuyên đề quý I", "Sinh hoạt chuyên đề quý I và quý II"),
                    edit(Field::Due, "13/03/2026", "20/03/2026"),
                ],
            ),
        ],
    };
    let dossier = Dossier {
        revision: None,
        row: rows().remove(0),
        obligations: Vec::new(),
        duties: Vec::new(),
        notices: Vec::new(),
        journal: Vec::new(),
        statuses: Vec::new(),
        heard: Vec::new(),
        receipts: Vec::new(),
        differences: Vec::new(),
        requests: Vec::new(),
        reports: Default::default(),
        doubts: Vec::new(),
        history,
        resting: Vec::new(),
    };
    check("document_history", &DocumentPage::new(sample.setting("board"), &dossier));
}

/// A plan: each task with its role, due and cells; a cell stands once per task, in the plan's order.
#[test]
fn a_plan_is_told_task_by_task() {
    let sample = Sample::new();
    let mut row = rows().remove(0);
    row.cells = 2;
    let task = |number, code: &str, name: &str, role| {
        let mut stored = duty();
        let name = TaskName { id: TaskId::of(&"ke-hoach".into(), code), name: name.to_owned() };
        (stored.id, stored.duty.task, stored.duty.role) = (DutyId(number), Some(name), role);
        stored
    };
    let asked = |cell, number, state| {
        let mut row = obligation(cell, state, Contact::Sent);
        row.obligation.duty = DutyId(number);
        row
    };
    let dossier = Dossier {
        revision: None,
        row,
        obligations: vec![
            asked(3, 1, State::Done),
            asked(3, 2, State::Acknowledged),
            asked(2, 1, State::Open),
            asked(2, 2, State::Declined),
        ],
        duties: vec![
            task(1, "quan-triet", "Quán triệt kế hoạch và xây dựng kế hoạch của chi bộ", Role::Lead),
            task(2, "toa-dam", "Tổ chức toạ đàm điểm", Role::Support),
        ],
        notices: Vec::new(),
        journal: Vec::new(),
        statuses: Vec::new(),
        heard: Vec::new(),
        receipts: Vec::new(),
        differences: Vec::new(),
        requests: Vec::new(),
        reports: Default::default(),
        doubts: Vec::new(),
        history: History::default(),
        resting: Vec::new(),
    };
    let page = DocumentPage::new(sample.setting("board"), &dossier);
    let seen: Vec<_> = page.cells.iter().map(|cell| (cell.name.as_str(), cell.state)).collect();
    let (first, second) = ("Chi bộ Sở Nội vụ", "Chi bộ Sở Tư pháp");
    assert_eq!(seen, [(first, "open"), (first, "declined"), (second, "done"), (second, "acknowledged")]);
    check("document_plan", &page);
    let board = BoardPage::new(sample.setting("board"), &[dossier.row], 0, 9, Query::default());
    assert_eq!(board.lines[0].progress, "200/221 đã nhận, 80 xong (lượt việc của 2 chi bộ)");
}

/// What a cell wrote is text, whatever it looks like; a machine's answer is not worth a line.
#[test]
fn what_cells_wrote_back_stands_on_the_page() {
    let sample = Sample::new();
    let message = |kind, because: &str, text: Option<&str>| InboundRow {
        id: 1,
        kind,
        because: because.to_owned(),
        document: Some(DocumentId(1)),
        unit: Some("cb-1".into()),
        notice: None,
        sender: None,
        text: text.map(str::to_owned),
        at: at("2026-03-16T01:05"),
    };
    let messages = [
        message(InboundKind::Answer, "đã nhận", None),
        message(InboundKind::Message, "lời riêng, máy không tự hiểu", Some("<b>Đề nghị</b>\ngia hạn ")),
        message(InboundKind::Automatic, "header", None),
        message(InboundKind::Report, "thư bị trả lại (5.1.1)", None),
    ];
    let lines = super::document::mails(&messages, &sample.setting("board"));
    let told: Vec<_> =
        lines.iter().map(|line| format!("{}: {} {:?}", line.cell, line.what, line.words)).collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    Chi bộ Báo và Phát thanh, truyền hình: trả lời thư, được ghi nhận: đã nhận None
    Chi bộ Báo và Phát thanh, truyền hình: trả lời thư, chờ người đọc: lời riêng, máy không tự hiểu Some("<b>Đề nghị</b>\ngia hạn")
    Chi bộ Báo và Phát thanh, truyền hình: máy chủ thư báo: thư bị trả lại (5.1.1) None
    "#);
}
