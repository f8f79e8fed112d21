//! The pages that list: cells, holds, the outbox, the state of the system; and messages.

use super::*;

#[test]
fn cells_are_counted() {
    let sample = Sample::new();
    let count = |cell: &str, state, late, unreached, count| TallyRow {
        cell: cell.into(),
        state,
        late,
        unreached,
        count,
    };
    let tally = [
        count("cb-0", State::Open, true, false, 1),
        count("cb-0", State::Done, false, false, 12),
        count("cb-2", State::Acknowledged, false, false, 3),
        count("cb-4", State::Open, false, true, 2),
        count("cb-cu", State::Declined, false, false, 1),
    ];
    check("cells", &CellsPage::new(sample.setting("cells"), &tally));
}

#[test]
fn holds_wait_for_a_human() {
    let sample = Sample::new();
    let hold = |id, kind, unit: Option<&str>, document: Option<i64>, reason: &str| HoldRow {
        id: HoldId(id),
        kind,
        source: "ioffice".into(),
        external_id: format!("10423{id}").as_str().into(),
        document: document.map(DocumentId),
        symbol: (id == 7).then(|| "12-KH/ĐUK".to_owned()),
        unit: unit.map(UnitId::from),
        reason: reason.to_owned(),
        opened: at("2026-03-13T09:00"),
        closed: None,
        decided: None,
        matter: Matter::Nothing,
    };
    let holds = [
        hold(
            7,
            HoldKind::Declined,
            Some("cb-3"),
            Some(1),
            "Thuộc Chi bộ Sở Nội vụ theo Quyết định 15-QĐ/ĐUK.",
        ),
        hold(6, HoldKind::Unmatched, None, Some(5), "không quy tắc nào khớp"),
        hold(5, HoldKind::Secret, None, None, "độ mật không có trong danh sách công khai"),
    ];
    check("holds", &HoldsPage::new(sample.setting("holds"), &holds));
}

#[test]
fn the_outbox_shows_trouble_first() {
    let sample = Sample::new();
    let counts = [(Delivery::Queued, 12), (Delivery::Sent, 1204), (Delivery::Failed, 1)];
    let oldest = Some(at("2026-03-16T08:00"));
    check("outbox", &OutboxPage::new(sample.setting("outbox"), &counts, oldest, &notices()));
}

#[test]
fn the_system_page_names_what_is_wrong() {
    let sample = Sample::new();
    let setting = sample.setting("system");
    let poll = PollState {
        source: "ioffice".to_owned(),
        good: Some(at("2026-03-16T08:00")),
        failing_since: Some(at("2026-03-16T08:05")),
        error: Some("không kết nối được: quá thời gian".to_owned()),
        failures: 27,
        rows_seen: 1450,
        watch: Watch {
            compared: Some(Compared {
                at: at("2026-03-16T01:05"),
                found: 132,
                slipped: 1,
                missing: 1,
                overdue: 2,
                ..Compared::default()
            }),
            ..Watch::default()
        },
        ..PollState::default()
    };
    let differences = [
        difference(7, "07-CV/ĐUK", Differ::Missing),
        difference(8, "", Differ::Undated),
        difference(9, "09-KH/ĐUK", Differ::Finished),
    ];
    let check_line = |name: &str, detail: &str| CheckLine {
        name: name.to_owned(),
        well: detail.is_empty(),
        detail: detail.to_owned(),
    };
    let page = SystemPage {
        checks: vec![check_line("Sổ đọc được", ""), check_line("Nguồn ioffice", "quá thời gian")],
        polls: vec![PollLine::new(&poll, &setting)],
        sources: upstream::sources(&[("ioffice".into(), abilities())], &status_tally(), &setting),
        differences: differences.iter().map(|one| DifferenceLine::new(one, &setting)).collect(),
        facts: vec![
            ("Bộ quy tắc", "0123456789ab (9 quy tắc)".to_owned()),
            ("Múi giờ", "Asia/Ho_Chi_Minh".to_owned()),
        ],
        shell: setting.shell,
    };
    check("system", &page);
}

#[test]
fn messages_say_what_to_do() {
    let message = MessagePage {
        language: Language::Vi,
        office: "Văn phòng Đảng uỷ Khối".to_owned(),
        phone: Some("0251 382 2501".to_owned()),
        title: "Không tìm thấy".to_owned(),
        text: vec!["Liên kết không đúng.".to_owned(), "Xin mở lại từ thư gốc.".to_owned()],
    };
    check("message", &message);
    let shell = Sample::new().setting("").shell;
    let text = vec!["Có thể văn bản không có trong sổ.".to_owned()];
    check("refusal", &RefusalPage { shell, title: "Không có trang này".to_owned(), text });
}
