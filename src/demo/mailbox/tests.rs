//! The pages over two mailboxes, one of them with an HTML mail.

use axum::body::to_bytes;

use super::*;

const LETTER: &str = "From: =?utf-8?q?=C4=90=E1=BA=A3ng_u=E1=BB=B7_Kh=E1=BB=91i?= <vt@mau.example>\r\n\
To: cb-01@mau.example\r\n\
Subject: =?utf-8?q?=5B31-KH/=C4=90UK=5D_K=E1=BA=BF_ho=E1=BA=A1ch_=E2=80=93_h=E1=BA=A1n_15/12/2026?=\r\n\
Message-ID: <n1@mau.example>\r\n\
MIME-Version: 1.0\r\n\
Content-Type: multipart/alternative; boundary=b\r\n\
\r\n\
--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
Chi bộ 1 báo cáo kế hoạch 31-KH/ĐUK, hạn 15/12/2026.\r\nMã xác nhận: 0031\r\n\
--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
<!DOCTYPE html><html><head><title>x</title></head><body><script>alert(1)</script>\
<a href=\"http://127.0.0.1/a/t\">Xác nhận &amp; trả lời</a></body></html>\r\n--b--\r\n";

fn desk() -> Arc<Desk> {
    let mailboxes = Mailboxes::new();
    let at = |minute| chrono::DateTime::from_timestamp(1_795_741_200 + 60_i64 * minute, 0).unwrap();
    mailboxes.deliver("vt@mau.example", "cb-01@mau.example", LETTER.as_bytes().into(), at(0));
    let plain = "Subject: Re: <b>\r\n\r\nmot\r\n".as_bytes();
    mailboxes.deliver("vt@mau.example", "cb-02@mau.example", plain.into(), at(5));
    mailboxes.deliver("vt@mau.example", "cb-01@mau.example", plain.into(), at(9));
    Arc::new(Desk { mailboxes, pages: pages().unwrap() })
}

async fn body(response: Response) -> String {
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let page = String::from_utf8(bytes.to_vec()).unwrap();
    let main = page.split_once("<main id=\"main\">").unwrap().1.split_once("</main>").unwrap().0;
    main.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

async fn front(desk: &Arc<Desk>, q: &str) -> Response {
    index(State(Arc::clone(desk)), Query(Search { q: q.into() })).await
}

#[tokio::test]
async fn the_pages_read_like_this() {
    let desk = desk();
    insta::assert_snapshot!("index", body(front(&desk, "").await).await);
    let list = listing(State(Arc::clone(&desk)), Path("CB-01@mau.example".into())).await;
    insta::assert_snapshot!("listing", body(list).await);
    insta::assert_snapshot!("mail", body(html(State(Arc::clone(&desk)), Path(1)).await).await);
    insta::assert_snapshot!("text", body(text(State(Arc::clone(&desk)), Path(1)).await).await);
    insta::assert_snapshot!("source", body(source(State(Arc::clone(&desk)), Path(1)).await).await);
}

#[tokio::test]
async fn what_is_not_there_is_said_so() {
    let desk = desk();
    for response in [
        html(State(Arc::clone(&desk)), Path(99)).await,
        listing(State(Arc::clone(&desk)), Path("nobody@mau.example".into())).await,
    ] {
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert!(body(response).await.contains("Không có thư này"));
    }
    assert!(body(front(&desk, "zz").await).await.contains("Không có hộp thư nào"));
    assert!(!body(front(&desk, "CB-02").await).await.contains("cb-01"));
}

#[tokio::test]
async fn opening_a_mail_reads_it() {
    let desk = desk();
    assert!(body(front(&desk, "").await).await.contains("3 thư chưa đọc"));
    html(State(Arc::clone(&desk)), Path(1)).await;
    assert!(body(front(&desk, "").await).await.contains("2 thư chưa đọc"));
}

#[tokio::test]
async fn a_mail_can_neither_script_nor_break_out_of_its_frame() {
    let response = html(State(desk()), Path(1)).await;
    let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    let page = body(response).await;
    assert!(!page.contains("<script"), "{page}");
    assert!(!page.contains("allow-scripts") && !page.contains("allow-same-origin"), "{page}");
}
