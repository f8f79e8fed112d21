//! Letting work rest or go on the board: shown, previewed, done; and by nobody else.

use reqwest::Method;
use vanthu::app::respite::Desk;
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::ids::{DocumentId, ObligationId};
use vanthu::domain::obligation::{RespiteKind, State};

use crate::support::rig::{Rig, local};
use crate::support::site::{Site, fake, told};

/// A board with one directive, told to its cells, due on Friday 2026-03-13.
async fn site() -> Site {
    let rig = Rig::at("2026-03-02 09:00").await;
    let mut document =
        FakeDocument::new(1, "12-KH/ĐUK", "Sinh hoạt chuyên đề quý I", local("2026-03-02 08:40"));
    document.due = "2026-03-13".parse().ok();
    rig.ioffice.put(document);
    rig.poll().await.unwrap();
    rig.send().await;
    rig.go("2026-03-03 07:30");
    Site::over(rig, fake()).await
}

async fn row(site: &Site) -> ObligationId {
    let rows = site.rig.store.obligations(DocumentId(1), false).await.unwrap();
    rows.iter().find(|row| row.obligation.cell.as_str() == "cb-2").unwrap().obligation.id
}

async fn stamp(site: &Site, id: ObligationId) -> String {
    let (status, html) = site.staff(&format!("/respites/{id}")).await;
    assert_eq!(status, 200, "{html}");
    let (_, rest) = html.split_once("name=\"stamp\" value=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

async fn post(site: &Site, id: ObligationId, act: &str, form: &[(&str, &str)]) -> (u16, String) {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = site.client.request(Method::POST, format!("{}/respites/{id}/{act}", site.admin));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
    let (status, html) = told(request.send().await.unwrap()).await;
    (status, html.replace("&#x2f;", "/"))
}

#[tokio::test]
async fn a_pause_is_shown_before_it_is_made_and_ends_on_the_same_page() {
    let site = site().await;
    let (id, journal) = (row(&site).await, site.journal().await);
    let (_, html) = site.staff("/documents/1").await;
    assert!(html.replace("&#x2f;", "/").contains(&format!("/respites/{id}")), "{html}");
    let stamp_now = stamp(&site, id).await;
    let form = [
        ("stamp", stamp_now.as_str()),
        ("who", "Nguyễn Thị Lan"),
        ("reason", "chờ hướng dẫn của cấp trên"),
        ("until", "06/03/2026"),
    ];
    let (status, html) = post(&site, id, "pause", &form).await;
    assert_eq!(status, 200, "{html}");
    let text = "Hạn đang là thứ Sáu, 13/03/2026, sẽ thành thứ Năm, 19/03/2026.";
    assert!(html.contains(text), "{html}");
    assert_eq!(site.journal().await, journal, "nothing was done");

    let sure: Vec<_> = form.into_iter().chain([("sure", "yes")]).collect();
    let (status, html) = post(&site, id, "pause", &sure).await;
    assert_eq!(status, 200, "{html}");
    assert!(html.contains("tạm dừng tính hạn đến hết ngày 06/03/2026"), "{html}");
    let resting = site.rig.store.resting(&[id]).await.unwrap();
    assert_eq!(resting[0].kind, RespiteKind::Pause);
    assert!(resting[0].author.starts_with("Nguyễn Thị Lan (bảng theo dõi, "), "{resting:?}");
    assert_eq!(post(&site, id, "pause", &sure).await.0, 403, "the stamp is of what stood then");

    let stamp_now = stamp(&site, id).await;
    let form = [("stamp", stamp_now.as_str()), ("who", "Lan"), ("reason", "xong"), ("sure", "yes")];
    assert_eq!(post(&site, id, "resume", &form).await.0, 200);
    assert!(site.rig.store.resting(&[id]).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_missing_is_asked_for_and_strangers_change_nothing() {
    let site = site().await;
    let (id, journal) = (row(&site).await, site.journal().await);
    let stamp_now = stamp(&site, id).await;
    let with = |who, reason, until| {
        [("stamp", stamp_now.as_str()), ("who", who), ("reason", reason), ("until", until), ("sure", "yes")]
    };
    for (form, word) in [
        (with("", "x", "06/03/2026"), "Xin ghi tên người quyết định và lý do."),
        (with("Lan", " ", "06/03/2026"), "Xin ghi tên người quyết định và lý do."),
        (with("Lan", "x", ""), "Xin ghi ngày kết thúc."),
        (with("Lan", "x", "tuần sau"), "Ngày kết thúc xin viết như 15/03/2026."),
        (with("Lan", "x", "01/03/2026"), "ngày 01/03/2026 đã qua"),
    ] {
        let (status, html) = post(&site, id, "mute", &form).await;
        assert_eq!(status, 422, "{html}");
        assert!(html.contains(word), "{word}: {html}");
    }
    let mut forged = with("Lan", "x", "06/03/2026");
    forged[0].1 = "AAAA";
    assert_eq!(post(&site, id, "mute", &forged).await.0, 403);
    assert_eq!(post(&site, id, "resume", &with("Lan", "x", "")).await.0, 404, "it does not rest");
    assert_eq!(post(&site, ObligationId(99), "mute", &with("Lan", "x", "06/03/2026")).await.0, 404);
    assert_eq!(site.journal().await, journal);
}

#[tokio::test]
async fn an_excused_cell_has_no_more_forms() {
    let site = site().await;
    let id = row(&site).await;
    let stamp_now = stamp(&site, id).await;
    let form = [("stamp", stamp_now.as_str()), ("who", "Lan"), ("reason", "mới lập"), ("sure", "yes")];
    let (status, html) = post(&site, id, "excuse", &form).await;
    assert_eq!(status, 200, "{html}");
    assert!(html.contains("1 thư báo chi bộ") && !html.contains("<form method=\"post\""), "{html}");
    let row = site.rig.store.obligation(id).await.unwrap().unwrap().obligation;
    assert_eq!(row.state, State::Excused);
}

/// The board says it on the working day before the last one.
#[tokio::test]
async fn what_will_rest_no_longer_is_told_on_the_board() {
    let site = site().await;
    let rig = &site.rig;
    let desk = Desk {
        store: rig.store.as_ref(),
        office: &rig.office,
        policy: &rig.policy,
        actor: "van-thu",
        reason: "Bí thư đi học",
        now: rig.clock_now(),
    };
    desk.mute(&[row(&site).await], "2026-03-06".parse().unwrap()).await.unwrap();
    let told = "Hết ngày 06/03/2026, 1 việc hết tạm hoãn và chạy lại: 12-KH/ĐUK, Đảng uỷ Khối";
    for (at, expected) in
        [("2026-03-04 08:00", false), ("2026-03-05 08:00", true), ("2026-03-06 08:00", true)]
    {
        rig.go(at);
        let (_, html) = site.staff("/").await;
        assert_eq!(html.replace("&#x2f;", "/").contains(told), expected, "{at}: {html}");
    }
}
