//! Answers that are wrong: a failure, never an empty list, and never a lost or invented document.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;
use vanthu::app::ports::{Clock as _, Source as _};

use super::fake::Act;
use super::{Place, lgsp_server, outcome, read_only, vxp_server, walk};

fn fail(description: &str) -> Act {
    Act::Body(json!({"status": "FAIL", "ErrorCode": "1", "ErrorDesc": description}))
}

#[tokio::test]
async fn a_list_that_cannot_be_read_is_an_error() {
    let place = Place::new();
    let fake = vxp_server::start(&place.clock).await;
    fake.put("1", "Chuyên đề");
    let source = place.vxp(&fake);
    let table = [
        (Act::Status(500), "unexpected"),
        (Act::Status(503), "unreachable"),
        (Act::Status(401), "denied"),
        (Act::Status(403), "denied"),
        (Act::Status(404), "unexpected"),
        (Act::Status(302), "unexpected"),
        (Act::Delay(Duration::from_secs(2)), "unreachable"),
        (Act::Html, "unexpected"),
        (Act::Half, "unexpected"),
        (Act::Cut, "unreachable"),
        (Act::Bomb, "unexpected"),
        (Act::Body(json!([])), "unexpected"),
        (Act::Body(json!({"data": []})), "unexpected"),
        (Act::Body(json!({"status": "OK", "data": "khong co"})), "unexpected"),
        (fail("Loi he thong"), "unexpected"),
        (fail("Sai SystemId"), "denied"),
    ];
    for (act, expected) in table {
        fake.clear_faults();
        fake.script_many("getReceivedEdocList", 0, 9, act.clone());
        let listed = walk(&source).await.map(|_| panic!("{act:?} gave a list"));
        assert_eq!(outcome(&listed), expected, "{act:?}");
    }
    fake.clear_faults();
    assert_eq!(walk(&source).await.unwrap().len(), 1);
    fake.check();
}

#[tokio::test]
async fn what_passes_is_waited_out() {
    let place = Place::new();
    let fake = vxp_server::start(&place.clock).await;
    fake.put("1", "Chuyên đề");
    let source = place.vxp(&fake);
    for act in [Act::Status(500), Act::Status(429), Act::Cut, Act::Half] {
        fake.script_many("getEdoc", 0, 2, act);
        assert_eq!(outcome(&read_only(&source).await), "open");
    }
    fake.check();
}

#[tokio::test]
async fn one_bad_message_is_held_and_a_bad_axis_ends_the_poll() {
    let place = Place::new();
    let fake = vxp_server::start(&place.clock).await;
    fake.put("1", "Chuyên đề");
    let source = place.vxp(&fake);
    let table = [
        (Act::Status(500), "broken"),
        (Act::Half, "broken"),
        (Act::Bomb, "broken"),
        (Act::Html, "unexpected"),
        (Act::Status(503), "unreachable"),
        (Act::Delay(Duration::from_secs(2)), "unreachable"),
        (Act::Status(401), "denied"),
    ];
    for (act, expected) in table {
        fake.clear_faults();
        fake.script_many("getEdoc", 0, 9, act.clone());
        assert_eq!(outcome(&read_only(&source).await), expected, "{act:?}");
    }
}

#[tokio::test]
async fn errors_carry_nothing_that_the_axis_wrote() {
    let place = Place::new();
    let fake = vxp_server::start(&place.clock).await;
    fake.put("1", "Chuyên đề");
    let source = place.vxp(&fake);
    fake.script_many("getReceivedEdocList", 0, 9, fail("van ban chim hoa mi"));
    let error = walk(&source).await.unwrap_err().to_string();
    insta::assert_snapshot!(error, @"trả lời không đúng giao thức: lấy danh sách văn bản chờ nhận (getReceivedEdocList): trục từ chối, mã lỗi 1");
    fake.clear_faults();
    fake.script_many("getReceivedEdocList", 0, 9, fail("Sai chu ky chim hoa mi"));
    insta::assert_snapshot!(walk(&source).await.unwrap_err(), @"đăng nhập bị từ chối: lấy danh sách văn bản chờ nhận (getReceivedEdocList): trục từ chối, mã lỗi 1; kiểm tra system_id và secret");
}

#[tokio::test]
async fn a_clock_two_hours_off_costs_nothing_and_shows() {
    for hours in [-2, 2] {
        let place = Place::new();
        let fake = vxp_server::start(&place.clock).await;
        fake.world().skew = TimeDelta::hours(hours);
        fake.put("1", "Chuyên đề");
        let source = place.vxp(&fake);
        assert_eq!(outcome(&read_only(&source).await), "open");
        assert_eq!(source.served().unwrap() - place.clock.now(), TimeDelta::hours(hours));
        fake.check();
    }
}

#[tokio::test]
async fn a_provincial_list_that_cannot_be_read_is_an_error() {
    let place = Place::new();
    let fake = lgsp_server::start(&place.clock).await;
    fake.put("1", "Chuyên đề");
    let source = place.lgsp(&fake);
    let code = |code: &str| Act::Body(json!({"success": false, "data": {"errorCode": code}}));
    let table = [
        (Act::Status(500), "unexpected"),
        (Act::Status(502), "unreachable"),
        (Act::Status(401), "denied"),
        (Act::Html, "unexpected"),
        (Act::Half, "unexpected"),
        (Act::Bomb, "unexpected"),
        (code("15"), "denied"),
        (code("20"), "unexpected"),
        (Act::Body(json!({"count": 0})), "unexpected"),
        (Act::Body(json!({"success": true, "data": "x"})), "unexpected"),
    ];
    for (act, expected) in table {
        fake.clear_faults();
        fake.script_many("syncReceivedEdocList", 0, 9, act.clone());
        let listed = walk(&source).await.map(|_| panic!("{act:?} gave a list"));
        assert_eq!(outcome(&listed), expected, "{act:?}");
    }
    fake.clear_faults();
    assert_eq!(walk(&source).await.unwrap().len(), 1);
    fake.check();
}
