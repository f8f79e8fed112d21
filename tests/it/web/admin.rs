//! The admin listener.

use vanthu::app::ports::PollState;
use vanthu::web::Standing;

use crate::support::rig::Rig;
use crate::support::site::{Site, mailed, site, told};

#[tokio::test]
async fn every_page_for_staff_opens() {
    let site = site().await;
    site.wait(600);
    site.read_and_press("cb-2", &[("answer", "done"), ("report_symbol", "03-BC/CB")]).await;
    for (path, texts) in [
        ("/", vec!["vanthu – Việc cần xem", "0612-KH/ĐUK", "1/4 đã nhận, 1 xong", "DỮ LIỆU GIẢ"]),
        ("/?filter=open&page=7", vec!["Văn bản có chi bộ chưa xác nhận", "0612-KH/ĐUK"]),
        ("/?filter=late", vec!["Không có văn bản nào"]),
        ("/?filter=%22&page=x", vec!["Tất cả văn bản"]),
        (
            "/documents/1",
            vec![
                "Chi bộ Hội Mẫu",
                "báo cáo số 03-BC/CB",
                "Vào sổ",
                "bản thứ 1",
                "3 thư",
                "Quy tắc chuyên đề",
                "không liên lạc được",
            ],
        ),
        ("/cells", vec!["Chi bộ Quỹ Mẫu", "chưa có hộp thư", "Tổng cộng"]),
        ("/holds", vec!["Chi bộ chưa có hộp thư", "Chi bộ Quỹ Mẫu"]),
        ("/outbox", vec!["cb-2@mau.example", "đã gửi"]),
        ("/system", vec!["0123456789ab", "Sổ đọc được", "ioffice", "Asia/Ho_Chi_Minh"]),
    ] {
        let (status, html) = site.staff(path).await;
        let html = html.replace("&#x2f;", "/");
        assert_eq!(status, 200, "{path}");
        assert!(html.contains("<html lang=\"vi\">") && !html.contains("<script"), "{path}");
        for text in texts {
            assert!(html.contains(text), "{path} lacks {text}: {html}");
        }
    }
    for path in ["/documents/99", "/documents/x", "/nowhere"] {
        assert_eq!(site.staff(path).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn the_board_only_reads() {
    let site = site().await;
    let before = site.journal().await;
    for path in ["/", "/documents/1", "/holds", "/outbox", "/metrics"] {
        let response = site.client.post(format!("{}{path}", site.admin)).send().await.unwrap();
        assert_eq!(response.headers()["x-frame-options"], "DENY");
        assert_eq!(told(response).await.0, 405, "{path}");
    }
    assert_eq!(site.journal().await, before);
}

#[tokio::test]
async fn a_source_that_is_down_degrades_and_never_fails() {
    let site = site().await;
    assert!(site.staff("/readyz").await.1.starts_with("{\"status\":\"ok\""));
    let trouble = PollState {
        source: "ioffice".to_owned(),
        failing_since: Some(site.rig.clock_now()),
        error: Some("không kết nối được".to_owned()),
        failures: 3,
        ..PollState::default()
    };
    let mut tx = site.rig.store.begin().await.unwrap();
    tx.save_poll(&trouble).await.unwrap();
    tx.commit().await.unwrap();
    let (status, json) = site.staff("/readyz").await;
    assert_eq!(status, 200);
    assert!(
        json.contains("\"status\":\"degraded\"") && json.contains("\"source:ioffice\",\"ok\":false"),
        "{json}"
    );
    assert!(site.staff("/system").await.1.contains("không kết nối được"));
}

#[tokio::test]
async fn mail_that_cannot_leave_degrades_and_never_fails() {
    let rig = Rig::at("2026-03-02 09:00").await;
    mailed(&rig, "Sinh hoạt chuyên đề quý I").await;
    let trouble = Some("454 4.7.0 tạm thời không đăng nhập được".to_owned());
    let site = Site::over(rig, Standing { mail_trouble: trouble, ..Standing::default() }).await;
    let (status, json) = site.staff("/readyz").await;
    assert_eq!(status, 200);
    assert!(json.contains("\"degraded\"") && json.contains("\"mail\",\"ok\":false"), "{json}");
    assert!(site.staff("/system").await.1.contains("454 4.7.0"));
}

/// An alert on a name or a label that is not there never fires.
#[tokio::test]
async fn every_alert_asks_for_metrics_that_exist() {
    let site = site().await;
    let (_, text) = site.staff("/metrics").await;
    let alerts = include_str!("../../../deploy/prometheus/alerts.yml");
    let asked = regex::Regex::new(r"\bvanthu_[a-z_]+(\{[^}]*\})?").unwrap();
    let asked: Vec<_> = asked.find_iter(alerts).map(|found| found.as_str()).collect();
    assert!(asked.len() >= 12, "{asked:?}");
    for metric in asked {
        assert!(text.lines().any(|line| line.starts_with(metric)), "{metric} is not in:\n{text}");
    }
}

#[tokio::test]
async fn metrics_are_open_metrics_without_names() {
    let site = site().await;
    site.get(&site.link("cb-2")).await;
    site.press("cb-2", "", &[("answer", "received")]).await;
    site.press("cb-2", "", &[("answer", "received"), ("digits", "612")]).await;
    let response = site.client.get(format!("{}/metrics", site.admin)).send().await.unwrap();
    let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
    assert_eq!(kind, "application/openmetrics-text; version=1.0.0; charset=utf-8");
    let (_, text) = told(response).await;
    for line in [
        "vanthu_obligations{state=\"open\"} 3",
        "vanthu_obligations{state=\"acknowledged\"} 1",
        "vanthu_obligations_unreached 1",
        "vanthu_holds{kind=\"no-contact\"} 1",
        "vanthu_outbox_messages{state=\"sent\"} 3",
        "vanthu_ack_total{channel=\"link\",grade=\"verified\"} 1",
        "vanthu_ack_suspected_scanner_total 1",
        "vanthu_http_requests_total{route=\"/a/{token}\",status=\"2xx\"} 2",
    ] {
        assert!(text.contains(line), "{line} is missing:\n{text}");
    }
    assert!(text.ends_with("# EOF\n"));
    for secret in ["@", "cb-2", "v1.k1", "0612", "Sinh hoạt"] {
        assert!(!text.contains(secret), "{secret} stands in the metrics");
    }
}
