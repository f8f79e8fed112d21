//! The people against a small acknowledgement page that behaves as vanthu's does.

mod letters;

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Mutex;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Html;
use axum::routing::get;
use tokio_util::sync::CancellationToken;

use super::form::Form;
use super::*;
use crate::demo::worktime;
use chrono::TimeDelta;
use letters::{item, list};

/// A page with two of the four forms, written as vanthu writes them.
const PAGE: &str = r#"<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>Trả lời</title></head><body>
<p>Đảng bộ A &amp; B &nbsp; <br> 3 < 4</p>
<details class="choice" name="answer" open><summary>Đã nhận</summary>
<form method="post">
  <input type="hidden" name="answer" value="received">
  <input type="hidden" name="stamp" value="a&#x2f;b&amp;c">
  <input id="p" name="promised" type="text" placeholder="ngày/tháng/năm" value="" maxlength="200" aria-describedby="p-hint p-error">
  <button type="submit">Xác nhận đã nhận</button>
</form></details>
<form method="post">
  <input type="hidden" name="answer" value="done">
  <input type="hidden" name="stamp" value="s">
  <input name="report_symbol" type="text" value="">
  <input name="report_date" type="text" placeholder="ngày/tháng/năm" required>
  <textarea name="note" rows="3">cũ</textarea>
  <input name="digits" inputmode="numeric" autocomplete="off" required autofocus>
  <button type="submit" name="go" value="1">Báo cáo</button>
</form></body></html>"#;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00+07:00").parse().unwrap()
}

#[test]
fn forms_are_read_and_filled_as_a_browser_would() {
    let forms = form::forms(PAGE);
    assert_eq!(forms.len(), 2);
    let query = |form: &Form, intent| {
        let pairs = form.fill(intent, day("2026-11-27"), "0031").into_iter();
        pairs.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    };
    assert!(forms[0].sends("received") && !forms[0].asks_digits() && forms[1].asks_digits());
    assert_eq!(query(&forms[0], Intent::Receive), "answer=received; stamp=a/b&c; promised=");
    assert_eq!(
        query(&forms[1], Intent::Report),
        "answer=done; stamp=s; go=1; report_symbol=07-BC/CB; report_date=27/11/2026; \
         note=Chi bộ đã thực hiện xong, kết quả nêu trong báo cáo.; digits=0031"
    );
    assert!(query(&forms[1], Intent::AskTime(day("2026-12-04"))).contains("report_date=04/12/2026"));
}

fn mail(id: u64, to: &str, headers: &str, link: &str) -> Arc<Mail> {
    let raw = format!(
        "{headers}\r\nSubject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nChi bộ 1, hạn 01/01/2020.\r\n\
         Số, ký hiệu: 12-KH/ĐUK\r\nNgày ban hành: 20/11/2026\r\nTrích yếu: Ôn tập\r\nHạn: thứ Ba, 15/12/2026 (còn 12 ngày)\r\n\r\n{link}\r\n\
         Mã xác nhận: 0031 (chỉ nhập khi trang hỏi)\r\n"
    );
    let received = at("2026-11-27T08:00");
    Arc::new(Mail {
        id,
        received,
        from: "vt@mau.example".into(),
        to: to.into(),
        raw: raw.into_bytes().into(),
    })
}

#[test]
fn characters_keep_their_shares() {
    let people = People::new(1);
    let mut seen: BTreeMap<Character, u32> = BTreeMap::new();
    for number in 0..5_000 {
        *seen.entry(people.character(&format!("cb-{number}@mau.example"))).or_default() += 1;
    }
    for (character, percent) in [
        (Character::Prompt, 62),
        (Character::Late, 12),
        (Character::Silent, 6),
        (Character::AfterReminder, 6),
        (Character::Declining, 7),
        (Character::Asking, 7),
    ] {
        let share = seen[&character].div_ceil(50);
        assert!(share.abs_diff(percent) <= 2, "{character:?}: {share} %");
    }
}

#[test]
fn plans_follow_the_character() {
    let letter = Letter::read(&mail(1, "a@b", "Message-ID: <m1@x>", "https://x/a/t1")).remove(0);
    let due = worktime::at(day("2026-12-16"), 0);
    for seed in 0..200 {
        let plan = |character: Character| {
            let wants = character.plan(&letter, &mut Random::new(seed));
            assert!(wants.is_sorted_by(|later, sooner| later.0 >= sooner.0), "{wants:?}");
            assert!(wants.iter().all(|(at, _)| *at >= letter.received));
            wants.into_iter().rev().filter(|(_, intent)| *intent != Intent::Scan).collect::<Vec<_>>()
        };
        assert!(plan(Character::Silent).is_empty() && plan(Character::AfterReminder).is_empty());
        let prompt = plan(Character::Prompt);
        assert_eq!(
            prompt.iter().map(|(_, intent)| *intent).collect::<Vec<_>>(),
            [Intent::Receive, Intent::Report]
        );
        assert!(prompt[0].0 < at("2026-11-30T12:00") && prompt[1].0 < due, "{prompt:?}");
        let late = plan(Character::Late);
        assert!(late[0].0 >= at("2026-12-01T08:00") && late[1].0 > due, "{late:?}");
        let intents: BTreeSet<_> = plan(Character::Asking).into_iter().map(|(_, intent)| intent).collect();
        assert!(intents.contains(&Intent::Receive) && intents.contains(&Intent::Report));
    }
}

/// What the page was sent, in order.
type Log = Arc<Mutex<Vec<String>>>;

/// Serves [`PAGE`] at `/a/{token}`. A press without the digits 0031 is asked for them where the token
/// begins with `ask`; the token `down` answers 503.
async fn with_page<F: Future<Output = ()>>(story: impl FnOnce(String, Log) -> F) {
    let log = Log::default();
    let press = async |State(log): State<Log>,
                       Path(token): Path<String>,
                       headers: HeaderMap,
                       body: String| {
        log.lock().unwrap().push(format!("{} {token} {body}", headers["x-forwarded-for"].to_str().unwrap()));
        match token.as_str() {
            "down" => (StatusCode::SERVICE_UNAVAILABLE, Html("")),
            token if token.starts_with("ask") && !body.contains("digits=0031") => {
                (StatusCode::UNPROCESSABLE_ENTITY, Html(PAGE))
            }
            _ => (StatusCode::OK, Html("<p>Đã ghi nhận</p>")),
        }
    };
    let app = axum::Router::new()
        .route("/a/{token}", get(async || Html(PAGE)).post(press))
        .with_state(Arc::clone(&log));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/a", listener.local_addr().unwrap());
    let stop = CancellationToken::new();
    let until = stop.clone();
    let serve = axum::serve(listener, app).with_graceful_shutdown(async move { until.cancelled().await });
    let told = async {
        story(base, log).await;
        stop.cancel();
    };
    let (served, ()) = tokio::join!(serve.into_future(), told);
    served.unwrap();
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().timeout(std::time::Duration::from_secs(5)).build().unwrap()
}

/// An address of this character and no other.
fn somebody(people: &People, character: Character) -> String {
    let mut names = (0..).map(|number| format!("cb-{number}@mau.example"));
    names.find(|name| people.character(name) == character).unwrap()
}

/// Steps by ten minutes for `days`; whatever was done, without the scanners.
async fn live(people: &mut People, mails: &[Arc<Mail>], days: i64) -> Vec<(Intent, Outcome)> {
    let (client, start) = (client(), at("2026-11-27T08:00"));
    let mut done = people.act(&client, mails, start).await;
    for step in 0..days * 144 {
        done.extend(people.act(&client, &[], start + TimeDelta::minutes(10 * step)).await);
    }
    let deeds = done.into_iter().map(|action| (action.intent, action.outcome));
    deeds.filter(|(intent, _)| *intent != Intent::Scan).collect()
}

#[tokio::test]
async fn somebody_prompt_acknowledges_and_reports() {
    with_page(|base, log| async move {
        let mut people = People::new(1);
        let address = somebody(&people, Character::Prompt);
        let mails = [mail(1, &address, "Message-ID: <m1@x>", &format!("{base}/open"))];
        let done = live(&mut people, &mails, 30).await;
        let recorded = |digits| Outcome::Recorded { digits };
        assert_eq!(done, [(Intent::Receive, recorded(false)), (Intent::Report, recorded(true))]);
        assert_eq!(people.next(), None);
        assert!(log.lock().unwrap().iter().all(|line| line.starts_with("198.18.")));
    })
    .await;
}

#[tokio::test]
async fn digits_are_read_from_the_mail_but_never_by_a_scanner() {
    with_page(|base, log| async move {
        let mut people = People::new(1);
        let address = somebody(&people, Character::Prompt);
        let letter = mail(1, &address, "Message-ID: <m1@x>", &format!("{base}/ask"));
        people.receive(&letter);
        let desk = people.desks.values_mut().next().unwrap();
        desk.wants.push((letter.received, Intent::Scan));
        let done = people.act(&client(), &[], letter.received).await;
        assert_eq!((done[0].intent, &done[0].outcome), (Intent::Scan, &Outcome::Stopped));
        assert!(!log.lock().unwrap()[0].contains("digits"));
        let done = live(&mut people, &[], 30).await;
        assert!(done.iter().all(|(_, outcome)| *outcome == Outcome::Recorded { digits: true }), "{done:?}");
    })
    .await;
}

#[tokio::test]
async fn what_failed_is_tried_again_and_what_is_missing_is_not() {
    with_page(|base, _| async move {
        let mut people = People::new(1);
        let address = somebody(&people, Character::Prompt);
        let done =
            live(&mut people, &[mail(1, &address, "Message-ID: <m1@x>", &format!("{base}/down"))], 5).await;
        assert!(
            done.len() > 2 && done.iter().all(|(_, outcome)| *outcome == Outcome::Refused(503)),
            "{done:?}"
        );
        let mut people = People::new(1);
        let gone = mail(1, &address, "Message-ID: <m1@x>", "http://127.0.0.1:9/a/x");
        let done = live(&mut people, &[gone], 5).await;
        assert!(matches!(&done[0].1, Outcome::Unreachable(said) if !said.contains("/a/x")), "{done:?}");
    })
    .await;
}

#[tokio::test]
async fn a_reminder_wakes_who_waits_for_one() {
    with_page(|base, _| async move {
        let mut people = People::new(1);
        let address = somebody(&people, Character::AfterReminder);
        let link = format!("{base}/open");
        let first = mail(1, &address, "Message-ID: <m1@x>", &link);
        assert_eq!(live(&mut people, &[first], 2).await, []);
        let again = mail(2, &address, "Message-ID: <m2@x>\r\nReferences: <m1@x>", &link);
        let intents: Vec<_> =
            live(&mut people, &[again], 30).await.into_iter().map(|(intent, _)| intent).collect();
        assert_eq!(intents, [Intent::Receive, Intent::Report]);
        let third = mail(3, &address, "Message-ID: <m3@x>\r\nReferences: <m1@x>", &link);
        assert_eq!(live(&mut people, &[third], 30).await, [], "what is done is not done again");
    })
    .await;
}

/// What was sent about each matter, from the page's log: the last part of the link's path.
fn pressed(log: &Log) -> Vec<String> {
    let log = log.lock().unwrap();
    log.iter().map(|line| line.split(' ').nth(1).unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_list_wakes_who_waits_for_a_reminder_where_a_day_is_near() {
    with_page(|base, log| async move {
        let mut people = People::new(1);
        let address = somebody(&people, Character::AfterReminder);
        let first = mail(1, &address, "Message-ID: <m1@x>", &format!("{base}/first"));
        assert_eq!(live(&mut people, &[first], 1).await, []);
        let of = |id, due: &str, token: &str| {
            let says = format!("   Hạn: {due}\r\n");
            let line = "1. Kế hoạch số 12-KH/ĐUK: Ôn tập";
            list(id, &address, "2026-11-27T08:00", &[item(line, &says, &format!("{base}/{token}"), "0031")])
        };
        assert_eq!(live(&mut people, &[of(2, "15/12/2026", "far")], 1).await, []);
        let done = live(&mut people, &[of(3, "26/11/2026", "ask")], 30).await;
        let recorded = |intent| (intent, Outcome::Recorded { digits: true });
        assert_eq!(done, [recorded(Intent::Receive), recorded(Intent::Report)]);
        assert_eq!(pressed(&log).into_iter().collect::<BTreeSet<_>>(), BTreeSet::from(["ask".to_owned()]));
        assert_eq!(
            live(&mut people, &[of(4, "26/11/2026", "again")], 30).await,
            [],
            "it was answered before"
        );
        assert_eq!(people.desks.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn each_line_of_a_list_goes_to_its_own_matter() {
    with_page(|base, log| async move {
        let mut people = People::new(1);
        let address = somebody(&people, Character::Prompt);
        let known = mail(1, &address, "Message-ID: <m1@x>", &format!("{base}/first"));
        people.receive(&known);
        let planned = people.next();
        let line = |line: &str, token: &str| {
            item(line, "   Hạn: 15/12/2026\r\n", &format!("{base}/{token}"), "0031")
        };
        let items = [
            line("1. Kế hoạch số 12-KH/ĐUK: Ôn tập", "plan"),
            line("2. Kế hoạch số 12-KH/ĐUK: Ôn tập", "second-task"),
            line("3. Hướng dẫn số 9-HD/ĐUK: Sơ kết", "other"),
        ];
        people.receive(&list(2, &address, "2026-11-27T08:00", &items));
        assert_eq!(people.desks.len(), 2, "what was unknown is a matter of its own");
        assert_eq!(people.desks.values().filter_map(Desk::next).filter(|at| Some(*at) == planned).count(), 1);
        live(&mut people, &[], 30).await;
        let links: BTreeSet<_> = pressed(&log).into_iter().collect();
        assert_eq!(links, ["other", "plan"].map(str::to_owned).into(), "the line that presses most counts");
    })
    .await;
}
