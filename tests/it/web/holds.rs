//! Deciding about holds on the board: shown, previewed, done; and by nobody else.

use reqwest::{Method, RequestBuilder};
use vanthu::app::ports::HoldKind;
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::document::Document;
use vanthu::domain::ids::DocumentId;

use crate::support::rig::{Rig, local};
use crate::support::scripted::{Scripted, paper, revocation};
use crate::support::site::{Site, fake, told};

/// A board with one document that no rule matched.
async fn site() -> Site {
    let rig = Rig::at("2026-03-02 09:00").await;
    rig.ioffice.put(FakeDocument::new(1, "12-TM/ĐUK", "Thư mời dự tiệc", local("2026-03-02 08:40")));
    rig.poll().await.unwrap();
    Site::over(rig, fake()).await
}

/// What the page of the one hold gives to prove that a form comes from it.
async fn stamp(site: &Site) -> String {
    let (status, html) = site.staff("/holds/1").await;
    assert_eq!(status, 200);
    let (_, rest) = html.split_once("name=\"stamp\" value=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

fn request(site: &Site, act: &str, form: &[(&str, &str)]) -> RequestBuilder {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = site.client.request(Method::POST, format!("{}/holds/1/{act}", site.admin));
    request.header("content-type", "application/x-www-form-urlencoded").body(body)
}

async fn post(site: &Site, act: &str, form: &[(&str, &str)]) -> (u16, String) {
    let (status, html) = told(request(site, act, form).send().await.unwrap()).await;
    (status, html.replace("&#x2f;", "/"))
}

async fn open(site: &Site) -> usize {
    let holds = site.rig.store.holds(true).await.unwrap();
    holds.iter().filter(|hold| hold.kind == HoldKind::Unmatched).count()
}

#[tokio::test]
async fn a_decision_is_shown_before_it_is_made() {
    let site = site().await;
    let stamp = stamp(&site).await;
    let journal = site.journal().await;
    let form = [
        ("stamp", stamp.as_str()),
        ("who", "Nguyễn Thị Lan"),
        ("reason", "đồng chí Bí thư giao"),
        ("cells", "cb-1-1\nChi bộ Hội Mẫu"),
        ("due", "20/03/2026"),
    ];
    let (status, html) = post(&site, "assign", &form).await;
    assert_eq!(status, 200, "{html}");
    for text in ["Giao cho: Chi bộ Văn phòng; Chi bộ Hội Mẫu. Hạn hoàn thành: 20/03/2026.", "Thôi, quay lại"]
    {
        assert!(html.contains(text), "{text} is missing: {html}");
    }
    assert_eq!((site.journal().await, open(&site).await), (journal, 1), "nothing was done");

    let sure: Vec<_> = form.into_iter().chain([("sure", "yes")]).collect();
    let (status, html) = post(&site, "assign", &sure).await;
    assert_eq!(status, 200, "{html}");
    assert!(html.contains("1 văn bản, mở 2 việc, 2 thư sẽ đi trong giờ làm việc."), "{html}");
    assert_eq!(open(&site).await, 0);
    assert_eq!(site.rig.send().await, ["notice cb-1-1@mau.example", "notice cb-2@mau.example"]);
    let (status, html) = post(&site, "assign", &sure).await;
    assert_eq!(status, 409, "{html}");
    assert!(html.contains("đã được người khác giải quyết"));
}

#[tokio::test]
async fn what_does_not_come_from_our_page_changes_nothing() {
    let site = site().await;
    let stamp = stamp(&site).await;
    let form = |stamp| vec![("stamp", stamp), ("who", "a"), ("reason", "b"), ("sure", "yes")];
    for wrong in ["", "AAAA"] {
        assert_eq!(post(&site, "dismiss", &form(wrong)).await.0, 403);
    }
    let foreign = request(&site, "dismiss", &form(&stamp));
    assert_eq!(told(foreign.header("sec-fetch-site", "cross-site").send().await.unwrap()).await.0, 403);
    for path in ["/holds/1/dismiss", "/holds/1/assign"] {
        assert_eq!(site.staff(path).await.0, 405, "{path} by GET");
    }
    for (act, expected) in [("burn", 404), ("release", 422)] {
        assert_eq!(post(&site, act, &form(&stamp)).await.0, expected, "{act}");
    }
    assert_eq!(site.staff("/holds/99").await.0, 404);
    assert_eq!(site.staff("/holds/x").await.0, 404);
    assert_eq!(open(&site).await, 1);
}

#[tokio::test]
async fn mistakes_are_said_and_what_was_typed_stays() {
    let site = site().await;
    let stamp = stamp(&site).await;
    for (cells, rule, due, said) in [
        ("", "", "", "ít nhất một chi bộ"),
        ("Chi bộ Trên Trời", "", "", "Không có chi bộ nào tên “Chi bộ Trên Trời”"),
        ("chi bộ", "", "", "có thể là: cb-"),
        ("cb-2", "", "mai", "không phải một ngày"),
    ] {
        let form = [
            ("stamp", stamp.as_str()),
            ("who", "Lan"),
            ("reason", "lý do riêng"),
            ("cells", cells),
            ("rule", rule),
            ("due", due),
        ];
        let (status, html) = post(&site, "assign", &form).await;
        assert_eq!(status, 422, "{cells}");
        assert!(html.contains(said) && html.contains("lý do riêng"), "{said}: {html}");
    }
    let (status, html) = post(&site, "dismiss", &[("stamp", &stamp), ("who", " ")]).await;
    assert_eq!(status, 422);
    assert!(html.contains("Xin ghi tên người quyết định"), "{html}");
    assert_eq!(open(&site).await, 1);
}

/// A board with a near match: document 1, and a hold that asks whether another delivery is the same.
async fn near() -> (Site, i64) {
    let rig = Rig::at("2026-03-02 09:00").await;
    let (ioffice, axis) = (Scripted::new("ioffice"), Scripted::new("truc"));
    ioffice.deliver(Document { exchange: Default::default(), ..paper("") });
    rig.poll_from(&ioffice).await.unwrap();
    axis.deliver(Document { issuer: "Đảng uỷ Khối các cơ quan".to_owned(), ..paper("k1") });
    rig.poll_from(&axis).await.unwrap();
    let holds = rig.store.holds(true).await.unwrap();
    let hold = holds.iter().find(|hold| hold.kind == HoldKind::Ambiguous).unwrap().id.0;
    (Site::over(rig, fake()).await, hold)
}

#[tokio::test]
async fn a_near_match_is_settled_by_naming_the_document() {
    let (site, hold) = near().await;
    let (_, list) = site.staff("/holds").await;
    for choice in ["Là văn bản đã có trong sổ", "Là văn bản khác", "Bỏ văn bản này"] {
        assert!(list.contains(choice), "{choice} is not offered: {list}");
    }
    let (_, html) = site.staff(&format!("/holds/{hold}")).await;
    let (_, rest) = html.split_once("name=\"stamp\" value=\"").unwrap();
    let stamp = rest.split_once('"').unwrap().0.to_owned();
    let post = async |act: &str, more: &[(&str, &str)]| {
        let fields = [("stamp", stamp.as_str()), ("who", "Lan"), ("reason", "so bản giấy")];
        let fields = fields.iter().chain(more).copied();
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = site.client.post(format!("{}/holds/{hold}/{act}", site.admin));
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        told(request.send().await.unwrap()).await
    };
    for wrong in ["", "một"] {
        let (status, html) = post("assign", &[("document", wrong)]).await;
        assert_eq!(status, 422, "{wrong}");
        assert!(html.contains("Xin ghi số trong sổ của văn bản"), "{html}");
    }
    let (status, html) = post("assign", &[("document", "#1")]).await;
    assert!(status == 200 && html.contains("Văn bản trong sổ: #1."), "{html}");
    let (status, html) = post("assign", &[("document", "9"), ("sure", "yes")]).await;
    assert!(status == 422 && html.contains("không có văn bản #9"), "{html}");
    assert_eq!(site.rig.store.origins(DocumentId(1)).await.unwrap().len(), 1, "nothing was done yet");
    let (status, html) = post("assign", &[("document", "#1"), ("sure", "yes")]).await;
    assert!(status == 200 && html.contains("Đã ghi nhận"), "{html}");
    assert_eq!(site.rig.store.origins(DocumentId(1)).await.unwrap().len(), 2);
    assert_eq!(post("assign", &[("document", "#1"), ("sure", "yes")]).await.0, 409, "by somebody else");
}

/// What waits too long, and what a source refused, stand over every look at the board.
#[tokio::test]
async fn overdue_operations_stand_on_the_board_and_in_the_metrics() {
    let rig = Rig::at("2026-03-02 09:00").await;
    let axis = Scripted::new("truc");
    axis.deliver(revocation(&paper("k1")));
    rig.poll_from(&axis).await.unwrap();
    let site = Site::over(rig, fake()).await;
    assert!(!site.staff("/").await.1.contains("chờ văn bản gốc quá"));
    assert!(site.staff("/metrics").await.1.contains("vanthu_operations_overdue 0"));
    site.rig.go("2026-04-02 09:00");
    let (_, board) = site.staff("/").await;
    assert!(board.contains("1 nghiệp vụ chờ văn bản gốc quá 30 ngày, cũ nhất là việc chờ số 1"), "{board}");
    assert!(site.staff("/metrics").await.1.contains("vanthu_operations_overdue 1"));
}
