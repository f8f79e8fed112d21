//! A cell answers by its link.

use reqwest::Method;
use tokio::task::JoinSet;
use vanthu::app::ports::HoldKind;
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::ids::DocumentId;
use vanthu::domain::obligation::{Answer, Grade, State};

use crate::support::rig::{Rig, local};
use crate::support::site::{Site, fake, mailed, site, told};

const RECEIVED: &[(&str, &str)] = &[("answer", "received")];

#[tokio::test]
async fn looking_changes_nothing_and_shows_neither_number_nor_subject() {
    let site = site().await;
    let (before, link) = (site.journal().await, site.link("cb-2"));
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let response = site.ask(method, &link).send().await.unwrap();
        let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.starts_with("default-src 'none'; style-src 'self'; form-action 'self'"), "{policy}");
        for (name, value) in [
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
            ("x-robots-tag", "noindex, nofollow"),
        ] {
            assert_eq!(response.headers()[name], value, "{name}");
        }
        let (status, html) = told(response).await;
        assert_eq!(status, 200);
        assert!(html.is_empty() || html.contains("Chi bộ Hội Mẫu"), "HEAD has no body");
        for secret in ["0612", "612", "Sinh hoạt", &site.challenge("cb-2")] {
            assert!(!html.contains(secret), "{secret} is on the page");
        }
    }
    assert_eq!(site.journal().await, before);
    assert_eq!(site.row("cb-2").await.state, State::Open);
}

#[tokio::test]
async fn a_reader_is_recorded_once() {
    let site = site().await;
    site.wait(600);
    let (status, html) =
        site.read_and_press("cb-2", &[("answer", "received"), ("promised", "10/03/2026")]).await;
    assert_eq!(status, 200);
    assert!(html.contains("Đã ghi nhận") && html.contains("hẹn xong ngày 10&#x2f;03&#x2f;2026"), "{html}");
    let row = site.row("cb-2").await;
    assert_eq!((row.state, row.grade), (State::Acknowledged, Some(Grade::Clicked)));
    assert_eq!(row.promised, "2026-03-10".parse().ok());
    assert!(row.next_action.is_some(), "the deadline's ladder goes on");
    let journal = site.journal().await;
    let (status, html) =
        site.read_and_press("cb-2", &[("answer", "received"), ("promised", "10/03/2026")]).await;
    assert_eq!(status, 200);
    assert!(html.contains("Đã được ghi nhận trước đó"), "{html}");
    assert_eq!((site.evidence(row.id).await, site.journal().await), (1, journal));
}

#[tokio::test]
async fn many_presses_at_once_leave_one_piece_of_evidence() {
    let site = site().await;
    site.wait(600);
    let stamp = site.stamp("cb-2").await;
    site.wait(20);
    let mut presses = JoinSet::new();
    for _ in 0..50 {
        presses.spawn(site.form(&site.link("cb-2"), &stamp, RECEIVED).send());
    }
    let mut recorded = 0;
    while let Some(response) = presses.join_next().await {
        let (status, html) = told(response.unwrap().unwrap()).await;
        assert_eq!(status, 200, "{html}");
        recorded += usize::from(html.contains(">Đã ghi nhận<"));
    }
    assert_eq!(recorded, 1);
    assert_eq!(site.evidence(site.row("cb-2").await.id).await, 1);
}

#[tokio::test]
async fn what_looks_like_a_machine_is_asked_for_digits() {
    let site = site().await;
    let stamp = site.stamp("cb-2").await;
    site.wait(20);
    let (status, html) = site.press("cb-2", &stamp, RECEIVED).await;
    assert_eq!(status, 422, "20 seconds after the mail");
    assert!(html.contains("name=\"digits\"") && !html.contains("0612"), "{html}");
    site.wait(600);
    for (name, stamp) in [("no page", String::new()), ("page shown this second", site.stamp("cb-2").await)] {
        assert_eq!(site.press("cb-2", &stamp, RECEIVED).await.0, 422, "{name}");
    }
    assert_eq!(site.row("cb-2").await.state, State::Open);
    assert_eq!(site.evidence(site.row("cb-2").await.id).await, 0);
    let (status, _) = site.press("cb-2", "", &[("answer", "received"), ("digits", "612")]).await;
    assert_eq!(status, 200);
    assert_eq!(site.row("cb-2").await.grade, Some(Grade::Verified));
}

#[tokio::test]
async fn one_address_that_answers_for_several_cells_is_asked_for_digits() {
    let site = site().await;
    site.wait(600);
    let stamps = [site.stamp("cb-2").await, site.stamp("cb-1-1").await];
    site.wait(20);
    assert_eq!(site.press("cb-2", &stamps[0], RECEIVED).await.0, 200);
    site.wait(5);
    assert_eq!(site.press("cb-1-1", &stamps[1], RECEIVED).await.0, 422);
    assert_eq!(site.press("cb-1-1", &stamps[1], RECEIVED).await.0, 422, "trying again does not help");
    site.wait(30);
    assert_eq!(
        site.press("cb-1-1", &stamps[1], RECEIVED).await.0,
        200,
        "a minute later it is a person's pace"
    );
}

#[tokio::test]
async fn guessing_ends_after_five_tries() {
    let site = site().await;
    let wrong = [("answer", "received"), ("digits", "9999")];
    for left in (0..5).rev() {
        let (status, html) = site.press("cb-2", "", &wrong).await;
        assert_eq!(status, 422);
        assert!(html.contains(&format!("còn {left} lần thử")), "{html}");
    }
    let right = [("answer", "received"), ("digits", "0612")];
    assert_eq!(site.press("cb-2", "", &right).await.0, 429, "even the right ones");
    assert_eq!(site.row("cb-2").await.state, State::Open);
    site.wait(3600);
    assert_eq!(site.press("cb-2", "", &right).await.0, 200);
}

#[tokio::test]
async fn declining_and_asking_for_time_wait_for_staff() {
    let site = site().await;
    site.wait(600);
    let due = site.row("cb-2").await.due;
    let more = [("answer", "more-time"), ("until", "20/03/2026"), ("reason", "Bí thư đi học")];
    assert_eq!(site.read_and_press("cb-2", &more).await.0, 200);
    let row = site.row("cb-2").await;
    assert_eq!((row.extension_asked, row.due), ("2026-03-20".parse().ok(), due), "the old due instant holds");
    let declined = [("answer", "declined"), ("reason", "Thuộc Chi bộ Thanh tra")];
    assert_eq!(site.read_and_press("cb-1-1", &declined).await.0, 200);
    let row = site.row("cb-1-1").await;
    assert_eq!((row.state, row.next_action), (State::Declined, None));
    let holds = site.rig.store.holds(true).await.unwrap();
    for (kind, cell, reason) in [
        (HoldKind::MoreTime, "cb-2", "xin gia hạn đến 20/03/2026: Bí thư đi học"),
        (HoldKind::Declined, "cb-1-1", "Thuộc Chi bộ Thanh tra"),
    ] {
        let hold = holds.iter().find(|hold| hold.kind == kind).unwrap();
        assert_eq!((hold.unit.as_ref().unwrap().as_str(), hold.reason.as_str()), (cell, reason));
    }
}

#[tokio::test]
async fn a_report_is_kept_with_address_and_agent() {
    let site = site().await;
    site.wait(600);
    let done = [("answer", "done"), ("report_symbol", "03-BC/CB"), ("report_date", "02/03/2026")];
    let stamp = site.stamp("cb-2").await;
    site.wait(20);
    let press = site.form(&site.link("cb-2"), &stamp, &done).header("user-agent", "Thử/1.0");
    assert_eq!(told(press.send().await.unwrap()).await.0, 200);
    let row = site.row("cb-2").await;
    assert_eq!((row.state, row.next_action), (State::Done, None));
    let answers = site.rig.store.answers(row.id).await.unwrap();
    assert!(answers[0].evidence.as_deref().unwrap().starts_with("127.0.0.1"), "{answers:?}");
    let Answer::Done { report_symbol, .. } = &answers[0].answer else { panic!("{answers:?}") };
    assert_eq!(report_symbol.as_deref(), Some("03-BC/CB"));
    let (status, html) = site.get(&site.link("cb-2")).await;
    assert_eq!(status, 200);
    assert!(html.contains("Chi bộ đã báo hoàn thành") && html.contains("Sửa báo cáo"), "{html}");
    assert!(
        !html.contains("<details class=\"choice\" name=\"answer\" open"),
        "nothing more is wanted: {html}"
    );
}

#[tokio::test]
async fn an_old_link_answers_for_the_newest_revision() {
    let site = site().await;
    let (old, stamp) = (site.link("cb-2"), site.stamp("cb-2").await);
    site.rig.go("2026-03-03 09:00");
    let mut newer =
        FakeDocument::new(1, "0612-KH/ĐUK", "Sinh hoạt chuyên đề quý I và II", local("2026-03-03 08:40"));
    newer.due = "2026-03-20".parse().ok();
    site.rig.ioffice.put(newer);
    site.rig.poll().await.unwrap();
    let (status, html) = site.get(&old).await;
    assert_eq!(status, 200);
    assert!(html.contains("bản thứ 2"), "{html}");
    let press = site.form(&old, &stamp, RECEIVED).send().await.unwrap();
    assert_eq!(told(press).await.0, 422, "that page showed the older revision");
    let verified = [("answer", "received"), ("digits", "612")];
    assert_eq!(told(site.form(&old, &stamp, &verified).send().await.unwrap()).await.0, 200);
    let row = site.row("cb-2").await;
    assert_eq!((row.state, row.revision.0), (State::Acknowledged, 2));
}

/// One link, one page: all that was received in one press, each task done by its own form.
#[tokio::test]
async fn a_plan_is_answered_together_and_task_by_task() {
    let rig = Rig::at("2026-03-02 09:00").await;
    mailed(&rig, "Kế hoạch năm 2026").await;
    let site = Site::over(rig, fake()).await;
    site.wait(600);
    let (status, page) = site.get(&site.link("cb-1-1")).await;
    assert_eq!(status, 200);
    for title in ["1. Quán triệt kế hoạch", "2. Đăng ký nội dung làm theo", "3. Tổ chức toạ đàm"]
    {
        assert!(page.contains(title), "{title}");
    }
    let (status, html) = site.read_and_press("cb-1-1", RECEIVED).await;
    assert_eq!(status, 200, "{html}");
    assert!(html.contains("Đã ghi nhận") && !html.contains("Xác nhận đã nhận tất cả"), "{html}");
    let rows = site.rig.store.obligations(DocumentId(1), false).await.unwrap();
    let of = |cell: &str| {
        let rows = rows.iter().filter(|row| row.obligation.cell.as_str() == cell);
        rows.map(|row| (row.obligation.id.to_string(), row.obligation.state)).collect::<Vec<_>>()
    };
    assert!(of("cb-1-1").iter().all(|(_, state)| *state == State::Acknowledged), "{rows:?}");
    assert!(of("cb-2").iter().all(|(_, state)| *state == State::Open), "{rows:?}");

    let (second, _) = &of("cb-1-1")[1];
    site.wait(60);
    let (status, _) = site.read_and_press("cb-1-1", &[("answer", "done"), ("task", second)]).await;
    assert_eq!(status, 200);
    let rows = site.rig.store.obligations(DocumentId(1), false).await.unwrap();
    let done: Vec<_> = rows.iter().filter(|row| row.obligation.state == State::Done).collect();
    assert_eq!(done.len(), 1);
    assert_eq!(done[0].obligation.task.code(), "dang-ky");

    // A task of another cell, or none at all, is nobody's to answer by this link.
    let (theirs, _) = &of("cb-2")[0];
    for task in [theirs.as_str(), "0", "x", "999999"] {
        site.wait(60);
        let (status, html) = site.read_and_press("cb-1-1", &[("answer", "done"), ("task", task)]).await;
        assert!(status == 422 && html.contains("Chưa ghi nhận"), "{task}: {status} {html}");
    }
    let after = site.rig.store.obligations(DocumentId(1), false).await.unwrap();
    assert_eq!(after.iter().filter(|row| row.obligation.state == State::Done).count(), 1);
}
