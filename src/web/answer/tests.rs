//! The answer page in every shape a cell may meet.

use std::collections::BTreeMap;

use chrono::NaiveTime;

use super::page::{Press, Reading, page};
use super::*;
use crate::app::acknowledge::TaskView;
use crate::app::ports::AnswerRecord;
use crate::domain::calendar::{BeforeDay, Calendar};
use crate::domain::ids::{DocumentId, DutyId, ObligationId, RevisionId, TaskId};
use crate::domain::language::Language;
use crate::domain::obligation::{Answer, Figure, FileLink, Grade, Obligation, Owed, Role, State as Stand};
use crate::domain::operation::{Field as Changed, Standing};
use crate::domain::rule::Ruleset;
use crate::domain::unit::{Unit, Units};
use crate::render::pages::Pages;
use crate::render::pages::answer::{AnswerPage, Ask, TaskSheet, Tone};

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00+07:00").parse().unwrap()
}

fn office() -> Office {
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let unit = Unit::new("cb-noi-vu", "base-cell", "Chi bộ Sở Nội vụ");
    Office {
        name: "Văn phòng Đảng uỷ Khối".to_owned(),
        phone: Some("0251 382 2501".to_owned()),
        units: Units::new(None, Vec::new(), BTreeMap::new(), [unit]),
        calendar: Calendar {
            zone: chrono_tz::Asia::Ho_Chi_Minh,
            week: [true, true, true, true, true, false, false],
            mornings: [false; 7],
            sectors: std::collections::BTreeMap::new(),
            hours: vec![(time(7), time(17))],
            before_day: BeforeDay::Exclusive,
            years: BTreeMap::new(),
        },
        ruleset: Ruleset::default(),
    }
}

fn view(state: Stand) -> View {
    let record = |answer, grade, when| AnswerRecord {
        obligation: ObligationId(7),
        revision: RevisionId(1),
        answer,
        grade,
        channel: "link".to_owned(),
        actor: None,
        reason: None,
        evidence: Some("203.0.113.7 Mozilla".to_owned()),
        at: at(when),
    };
    let mut answers = Vec::new();
    if state != Stand::Open {
        let promised = "2026-03-20".parse().ok();
        answers.push(record(Answer::Received { promised }, Grade::Clicked, "2026-03-13T14:02"));
    }
    if state == Stand::Done {
        let note = Some("Đã họp <ngày 14>".to_owned());
        let done = Answer::Done {
            report_symbol: Some("03-BC/CB".to_owned()),
            report_date: "2026-03-15".parse().ok(),
            note,
            link: FileLink::read("https://tep.example.vn/03-BC.pdf").ok(),
            figures: Figure::read("Số đảng viên dự (người)", "1.250").into_iter().collect(),
        };
        answers.push(record(done, Grade::Verified, "2026-03-16T09:30"));
    }
    let row = obligation(7, state);
    View {
        standing: Standing::InForce,
        changed: Vec::new(),
        due_moved: None,
        cell: row.cell.clone(),
        succeeds: None,
        revision: 1,
        kind_name: Some("Kế hoạch".to_owned()),
        issuer: "Đảng uỷ Khối".to_owned(),
        issued: "2026-03-12".parse().ok(),
        tasks: vec![TaskView {
            obligation: row,
            title: "Sinh hoạt chuyên đề theo quý".to_owned(),
            is_task: false,
            role: Role::Lead,
            owes: vec![Owed::Acknowledge, Owed::Do, Owed::Report],
            answers,
            requests: Vec::new(),
            figures: Vec::new(),
        }],
        stamp: "1773631260.abc".to_owned(),
        language: None,
    }
}

fn obligation(id: i64, state: Stand) -> Obligation {
    let opened = at("2026-03-13T08:15");
    Obligation {
        id: ObligationId(id),
        document: DocumentId(1),
        revision: RevisionId(1),
        duty: DutyId(1),
        task: TaskId::only(),
        cell: "cb-noi-vu".into(),
        state,
        opened,
        since: opened,
        acknowledge_due: Some(at("2026-03-17T00:00")),
        due: Some(at("2026-03-28T00:00")),
        grade: None,
        promised: None,
        extension_asked: None,
        step: 0,
        next_action: None,
    }
}

/// A plan with three tasks, of which one is done.
fn plan() -> View {
    let task = |id, title: &str, state, due: &str, role, owes: &[Owed]| {
        let mut task = view(state).tasks.remove(0);
        task.obligation = Obligation { due: Some(at(due)), ..obligation(id, state) };
        TaskView { title: title.to_owned(), is_task: true, role, owes: owes.to_vec(), ..task }
    };
    let (ack, report) = (Owed::Acknowledge, Owed::Report);
    let tasks = vec![
        task(7, "Quán triệt kế hoạch", Stand::Done, "2026-03-18T00:00", Role::Lead, &[ack, report]),
        task(8, "Đăng ký làm theo", Stand::Open, "2026-03-28T00:00", Role::Lead, &[ack, Owed::Do]),
        task(
            9,
            "Dự toạ đàm cấp đảng bộ",
            Stand::Acknowledged,
            "2026-04-04T00:00",
            Role::Support,
            &[ack, report],
        ),
    ];
    View { tasks, ..view(Stand::Open) }
}

fn asking() -> Asking<'static> {
    let speech = Lexicon::of(Language::Vi);
    Asking { today: "2026-03-16".parse().unwrap(), figures: &[], is_cell: &|_| false, speech }
}

fn page_in(language: Language, view: &View, word: Option<Word>, press: Option<&Press>) -> AnswerPage {
    let (office, now) = (office(), at("2026-03-16T10:21"));
    let cells = choices::cells(&office, office.calendar.date_of(now));
    page(&Reading { office: &office, cells: &cells, speech: Lexicon::of(language), now }, view, word, press)
}

fn check(name: &str, view: &View, word: Option<Word>, press: Option<&Press>) {
    check_in(Language::Vi, name, view, word, press);
}

fn check_in(language: Language, name: &str, view: &View, word: Option<Word>, press: Option<&Press>) {
    let page = page_in(language, view, word, press);
    let html = Pages::new().unwrap().render(&page).unwrap();
    assert!(!html.contains("style=") && !html.contains("<script"), "the policy forbids both");
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, html) });
}

#[test]
fn a_fresh_link() {
    check("open", &view(Stand::Open), None, None);
}

#[test]
fn a_link_to_something_only_to_know() {
    let mut view = View { kind_name: None, ..view(Stand::Open) };
    (view.tasks[0].role, view.tasks[0].owes) = (Role::Inform, vec![Owed::Acknowledge]);
    check("inform", &view, None, None);
}

#[test]
fn an_acknowledged_one_under_a_newer_revision() {
    let due_moved = Some(("13/03/2026".to_owned(), "20/03/2026".to_owned()));
    let changed = vec![Changed::Signer, Changed::Due];
    let newer = View { revision: 2, changed, due_moved, ..view(Stand::Acknowledged) };
    check("acknowledged", &newer, None, None);
}

#[test]
fn a_done_one() {
    let thanks = word(Tone::Good, "Đã ghi nhận", "Cảm ơn chi bộ. Có thể đóng trang này.".to_owned());
    check("done", &view(Stand::Done), Some(thanks), None);
}

#[test]
fn a_withdrawn_one() {
    check("withdrawn", &view(Stand::Withdrawn), None, None);
}

#[test]
fn a_revoked_one_and_a_replaced_one() {
    for (name, standing) in [("revoked", Standing::Revoked), ("replaced", Standing::Replaced)] {
        check(name, &View { standing, revision: 2, ..view(Stand::Withdrawn) }, None, None);
    }
}

#[test]
fn mistakes_keep_what_was_typed() {
    let entered = Entered {
        answer: "more-time".to_owned(),
        until: "2026-03-01".to_owned(),
        reason: "  ".to_owned(),
        ..Entered::default()
    };
    let mistakes = entered.read(&asking()).unwrap_err();
    let press = Press { entered, mistakes, ask: None };
    let wrong = word(Tone::Ask, "Chưa ghi nhận", "Xin sửa chỗ được đánh dấu rồi gửi lại.".to_owned());
    check("mistaken", &view(Stand::Open), Some(wrong), Some(&press));
}

#[test]
fn digits_are_asked_with_what_was_typed_kept() {
    let entered = Entered {
        answer: "received".to_owned(),
        promised: "2026-03-20".to_owned(),
        digits: "999".to_owned(),
        ..Entered::default()
    };
    let ask = Some(Ask { error: Some("Chưa đúng; còn 4 lần thử trong giờ này.".to_owned()) });
    let press = Press { entered, ask, ..Press::default() };
    let more = word(Tone::Ask, "Xin xác nhận thêm một bước", "Xin nhập mã trong thư.".to_owned());
    check("digits", &view(Stand::Open), Some(more), Some(&press));
}

#[test]
fn a_plan_has_an_answer_for_each_task_and_one_for_all() {
    check("plan", &plan(), None, None);
}

/// Fields of one name stand once per task; what was typed goes back to the one that was pressed.
#[test]
fn a_mistake_in_one_task_stays_in_that_task() {
    let entered = Entered { answer: "more-time".to_owned(), task: "9".to_owned(), ..Entered::default() };
    let mistakes = entered.read(&asking()).unwrap_err();
    let press = Press { entered, mistakes, ask: None };
    let page = page_in(Language::Vi, &plan(), None, Some(&press));
    let open = |task: &TaskSheet| task.forms.iter().filter(|form| form.open).count();
    assert_eq!(page.tasks.iter().map(open).collect::<Vec<_>>(), [0, 0, 1]);
    assert!(page.together.iter().all(|form| !form.open));
    let html = Pages::new().unwrap().render(&page).unwrap();
    let ids: Vec<_> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "{ids:?}");
    assert!(ids.contains(&"viec-9-more-time-until-error"), "{ids:?}");
}

/// What a reader of English meets: a fresh link, what was answered, a plan, a mistake, the question for digits, and
/// what has ended. Nothing Vietnamese is left but names.
#[test]
fn the_page_in_english() {
    let english = Lexicon::of(Language::En);
    let check = |name: &str, view: &View, word, press: Option<&Press>| {
        check_in(Language::En, &format!("english_{name}"), view, word, press);
    };
    check("open", &view(Stand::Open), None, None);
    let due_moved = Some(("13/03/2026".to_owned(), "20/03/2026".to_owned()));
    let newer = View { revision: 2, changed: vec![Changed::Due], due_moved, ..view(Stand::Acknowledged) };
    check("acknowledged", &newer, None, None);
    let thanks = word(Tone::Good, english.told.recorded, english.told.thanks.to_owned());
    check("done", &view(Stand::Done), Some(thanks), None);
    check("plan", &plan(), None, None);
    check("withdrawn", &view(Stand::Withdrawn), None, None);
    let entered =
        Entered { answer: "more-time".to_owned(), until: "1/3/2026".to_owned(), ..Entered::default() };
    let mistakes = entered.read(&Asking { speech: english, ..asking() }).unwrap_err();
    let press = Press { entered, mistakes, ask: None };
    check("mistaken", &view(Stand::Open), Some(said(Tone::Ask, english.told.mistaken)), Some(&press));
    let entered = Entered { answer: "received".to_owned(), ..Entered::default() };
    let press =
        Press { entered, ask: Some(Ask { error: Some((english.mistakes.tries)(1)) }), ..Press::default() };
    check("digits", &view(Stand::Open), Some(said(Tone::Ask, english.told.digits)), Some(&press));
}
