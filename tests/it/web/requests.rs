//! What a cell asks of the office: more time, and that its work is somebody else's; and how it is decided, by
//! link and on the board.

use reqwest::Method;
use tokio::task::JoinSet;
use vanthu::app::acknowledge::{self, OnBehalf, Outcome};
use vanthu::app::hold::{Desk, HoldError, To, Wanted};
use vanthu::app::ports::{Asked, HoldKind, RequestRow, Verdict};
use vanthu::domain::bulletin::{News, RequestNews};
use vanthu::domain::ids::{DocumentId, HoldId};
use vanthu::domain::notice::Reply;
use vanthu::domain::obligation::{Answer, Figure, FileLink, Grade, Role, State};

use crate::support::rig::local;
use crate::support::site::{Site, site, told};

const MORE: &[(&str, &str)] =
    &[("answer", "more-time"), ("until", "20/03/2026"), ("reason", "Bí thư đi học")];

async fn asked() -> Site {
    let site = site().await;
    site.wait(600);
    let (status, html) = site.read_and_press("cb-2", MORE).await;
    assert_eq!(status, 200);
    assert!(
        html.contains("Văn phòng sẽ trả lời bằng thư") && html.contains("chờ văn phòng quyết định"),
        "{html}"
    );
    site
}

async fn requests(site: &Site) -> Vec<RequestRow> {
    site.rig.store.requests(DocumentId(1)).await.unwrap()
}

async fn hold(site: &Site, kind: HoldKind) -> HoldId {
    let holds = site.rig.store.holds(true).await.unwrap();
    holds.iter().find(|hold| hold.kind == kind).unwrap().id
}

fn desk<'a>(site: &'a Site, reason: &'a str) -> Desk<'a> {
    let rig = &site.rig;
    Desk {
        store: rig.store.as_ref(),
        office: &rig.office,
        policy: &rig.policy,
        actor: "vt",
        reason,
        now: rig.clock_now(),
    }
}

/// What the office was mailed last.
fn news(site: &Site) -> RequestNews {
    let bulletins = site.rig.mailer.bulletins();
    let News::Request(news) = bulletins.last().unwrap().news.clone() else { panic!("{bulletins:?}") };
    news
}

fn path(news: &RequestNews) -> String {
    news.link.as_deref().unwrap().strip_prefix("https://vanthu.example").unwrap().to_owned()
}

async fn decide(site: &Site, news: &RequestNews, fields: &[(&str, &str)]) -> (u16, String) {
    told(site.form(&path(news), "", fields).send().await.unwrap()).await
}

/// From the link of the office's mail to the new deadline, its ladder, and the mail that tells the cell.
#[tokio::test]
async fn more_time_is_granted_by_the_link_of_a_mail() {
    let site = asked().await;
    let before = site.row("cb-2").await;
    assert_eq!(site.rig.attend().await.requests, 1);
    assert_eq!(site.rig.attend().await.requests, 0, "told once");
    let bulletins = site.rig.mailer.bulletins();
    assert_eq!((bulletins.len(), bulletins[0].to.as_str()), (1, "vp@duk.example"));
    let news = news(&site);
    let journal = site.journal().await;
    for method in [Method::GET, Method::HEAD] {
        let (status, html) = told(site.ask(method, &path(&news)).send().await.unwrap()).await;
        assert_eq!(status, 200);
        for secret in ["0612", "Sinh hoạt", news.code.as_deref().unwrap()] {
            assert!(!html.contains(secret), "{secret} is on the page: {html}");
        }
    }
    let code = news.code.clone().unwrap();
    assert_eq!(decide(&site, &news, &[("answer", "release")]).await.0, 422, "without the digits");
    assert_eq!(decide(&site, &news, &[("answer", "release"), ("digits", "000000")]).await.0, 422);
    assert_eq!((site.journal().await, requests(&site).await[0].verdict), (journal, None));

    let early = [("answer", "release"), ("digits", &code), ("day", "13/03/2026")];
    let (status, html) = decide(&site, &news, &early).await;
    assert!(status == 422 && html.contains("sau hạn hiện nay 13&#x2f;03&#x2f;2026"), "{html}");
    let (status, html) = decide(&site, &news, &[("answer", "release"), ("digits", &code)]).await;
    assert_eq!(status, 200);
    assert!(
        html.contains("Đã ghi nhận") && html.contains("13&#x2f;03&#x2f;2026 → 20&#x2f;03&#x2f;2026"),
        "{html}"
    );
    let row = site.row("cb-2").await;
    assert_eq!(row.due, Some(local("2026-03-21 00:00")));
    assert_eq!((row.state, row.extension_asked), (State::Acknowledged, None));
    assert!(row.next_action > before.next_action, "{before:?} {row:?}");
    let request = &requests(&site).await[0];
    assert_eq!((request.verdict, request.due, request.moved), (Some(Verdict::Granted), before.due, row.due));
    assert!(request.actor.as_deref().unwrap().contains("vp@duk.example"), "{request:?}");
    let duty = site.rig.store.duty(row.duty).await.unwrap().unwrap().duty;
    let why = duty.due_why.unwrap().reading;
    assert!(why.contains("đồng ý gia hạn: hết thứ Sáu 20/03/2026; hạn cũ 13/03/2026"), "{why}");

    let (status, html) =
        decide(&site, &news, &[("answer", "dismiss"), ("reason", "x"), ("digits", &code)]).await;
    assert!(status == 200 && html.contains("Đã có quyết định trước đó"), "{html}");
    assert_eq!(site.rig.send().await, ["change cb-2@mau.example"]);
    let letters = site.rig.mailer.letters();
    let Some(Reply::Granted { until, before: old, .. }) = letters.last().unwrap().reply.clone() else {
        panic!()
    };
    assert_eq!((until.to_string(), old), ("2026-03-20".to_owned(), before.due));
    let (_, page) = site.get(&site.link("cb-2")).await;
    assert!(page.contains("đã đồng ý đến 20&#x2f;03&#x2f;2026"), "{page}");
    let (_, board) = site.staff("/documents/1").await;
    assert!(board.contains("đồng ý gia hạn, hạn 13&#x2f;03&#x2f;2026 → 20&#x2f;03&#x2f;2026"), "{board}");

    // The ladder follows: what was due at the old day is not taken, what is due at the new one is.
    site.rig.go("2026-03-17 08:00");
    site.rig.chase().await;
    let sent = site.rig.send().await;
    assert!(!sent.iter().any(|mail| mail.contains("cb-2@")), "{sent:?}");
    site.rig.go("2026-03-19 08:00");
    site.rig.chase().await;
    let sent = site.rig.send().await;
    assert!(sent.contains(&"reminder cb-2@mau.example".to_owned()), "{sent:?}");
}

#[tokio::test]
async fn a_refusal_says_why_and_the_old_day_holds() {
    let site = asked().await;
    let (due, id) = (site.row("cb-2").await.due, hold(&site, HoldKind::MoreTime).await);
    assert!(matches!(desk(&site, " ").dismiss(id).await, Err(HoldError::NoReason)));
    desk(&site, "đã quá hạn báo cáo Tỉnh uỷ").dismiss(id).await.unwrap();
    let row = site.row("cb-2").await;
    assert_eq!((row.due, row.extension_asked, row.state), (due, None, State::Acknowledged));
    assert_eq!(site.rig.send().await, ["change cb-2@mau.example"]);
    let reply = site.rig.mailer.letters().last().unwrap().reply.clone();
    let why = Some("đã quá hạn báo cáo Tỉnh uỷ".to_owned());
    assert_eq!(reply, Some(Reply::Refused { asked: "2026-03-20".parse().unwrap(), why }));
    site.wait(600);
    assert_eq!(site.read_and_press("cb-2", MORE).await.0, 200, "asking again is a new request");
    let verdicts: Vec<_> = requests(&site).await.iter().map(|request| request.verdict).collect();
    assert_eq!(verdicts, [Some(Verdict::Refused), None]);
}

/// Twice the same is one request; another day takes its place; a day no later, or after the work is done, is told.
#[tokio::test]
async fn asking_twice_too_early_or_too_late_has_a_clear_page() {
    let site = asked().await;
    let journal = site.journal().await;
    let (status, html) = site.read_and_press("cb-2", MORE).await;
    assert!(status == 200 && html.contains("Đã được ghi nhận trước đó"), "{html}");
    assert_eq!((requests(&site).await.len(), site.journal().await), (1, journal));
    let other = [("answer", "more-time"), ("until", "25/03/2026"), ("reason", "mưa lũ")];
    let (status, html) = site.read_and_press("cb-2", &other).await;
    assert!(status == 200 && html.contains("đã thay bằng đề nghị sau"), "{html}");
    let all = requests(&site).await;
    let verdicts: Vec<_> = all.iter().map(|request| (request.verdict, request.hold)).collect();
    assert_eq!(verdicts, [(Some(Verdict::Replaced), all[0].hold), (None, all[0].hold)], "one hold");
    let hold = site.rig.store.hold(all[0].hold).await.unwrap().unwrap();
    assert_eq!(hold.reason, "xin gia hạn đến 25/03/2026: mưa lũ");

    for until in ["13/03/2026", "10/03/2026"] {
        let early = [("answer", "more-time"), ("until", until), ("reason", "x")];
        let (status, html) = site.read_and_press("cb-2", &early).await;
        assert!(status == 422 && html.contains("Hạn hiện nay là"), "{until}: {html}");
    }
    assert_eq!(site.read_and_press("cb-2", &[("answer", "done")]).await.0, 200);
    let (status, html) = site.read_and_press("cb-2", &other).await;
    assert!(status == 200 && html.contains("Chi bộ đã báo hoàn thành nên không cần xin gia hạn"), "{html}");
    assert_eq!(requests(&site).await[1].verdict, Some(Verdict::Overtaken));
    assert!(
        site.rig.store.hold(hold.id).await.unwrap().unwrap().closed.is_some(),
        "nobody has to decide any more"
    );
    assert_eq!(site.rig.attend().await.requests, 0);
}

#[tokio::test]
async fn a_hundred_presses_of_one_decision_decide_once() {
    let site = asked().await;
    site.rig.attend().await;
    let news = news(&site);
    let code = news.code.clone().unwrap();
    let (mut decided, mut known) = (0, 0);
    // The listener takes a limited number of connections from one address.
    for _ in 0..4 {
        let mut presses = JoinSet::new();
        for _ in 0..25 {
            presses.spawn(site.form(&path(&news), "", &[("answer", "release"), ("digits", &code)]).send());
        }
        while let Some(response) = presses.join_next().await {
            let (status, html) = told(response.unwrap().unwrap()).await;
            assert_eq!(status, 200, "{html}");
            decided += usize::from(html.contains(">Đã ghi nhận<"));
            known += usize::from(html.contains("Đã có quyết định trước đó"));
        }
    }
    assert_eq!((decided, known), (1, 99));
    assert_eq!(site.rig.send().await, ["change cb-2@mau.example"]);
}

/// A link of the office is no link of a cell, nor the other way round; one to a mailbox that the office no longer
/// has decides nothing.
#[tokio::test]
async fn links_do_not_pass_for_each_other() {
    let site = asked().await;
    site.rig.attend().await;
    let news = news(&site);
    let (office, cell) = (path(&news), site.link("cb-2"));
    assert_eq!(site.get(&office.replacen("/d/", "/a/", 1)).await.0, 404);
    assert_eq!(site.get(&cell.replacen("/a/", "/d/", 1)).await.0, 404);
    assert_eq!(site.get(&format!("{office}x")).await.0, 404);
    assert_eq!(site.get(&office).await.0, 200);
    site.wait(400 * 24 * 60 * 60);
    assert_eq!(site.get(&office).await.0, 410, "its time is over");
}

/// "Not ours" goes back to staff with the cell that was named; passed on it is asked of that cell as it was.
#[tokio::test]
async fn what_is_not_ours_is_passed_on_or_handed_back() {
    let site = site().await;
    site.wait(600);
    let (_, page) = site.get(&site.link("cb-1-1")).await;
    assert!(page.contains("<option value=\"cb-2\">Chi bộ Hội Mẫu</option>"), "{page}");
    assert!(!page.contains("value=\"cb-1-1\""), "not to itself");
    let bad = [("answer", "declined"), ("reason", "x"), ("suggested", "db-1")];
    assert_eq!(site.read_and_press("cb-1-1", &bad).await.0, 422, "a committee is no cell");
    let declined = [("answer", "declined"), ("reason", "việc của Quỹ"), ("suggested", "cb-3")];
    assert_eq!(site.read_and_press("cb-1-1", &declined).await.0, 200);
    let asks = requests(&site).await[0].asks.clone();
    assert_eq!(asks, Asked::Declined { suggested: Some("cb-3".into()) });
    let id = hold(&site, HoldKind::Declined).await;
    let (_, board) = site.staff(&format!("/holds/{id}")).await;
    assert!(board.contains("gợi ý giao Chi bộ Quỹ Mẫu") && board.contains(">cb-3</textarea>"), "{board}");

    let to = Wanted { to: To::Cells(vec!["cb-3".into()]), role: Role::Lead, due: None };
    assert!(matches!(desk(&site, "x").assign(id, &to).await, Err(HoldError::Nobody)), "cb-3 has it already");
    desk(&site, "đã họp thống nhất").release(id).await.unwrap();
    let row = site.row("cb-1-1").await;
    assert_eq!(row.state, State::Acknowledged);
    assert!(row.next_action.is_some(), "its ladder goes on");
    assert_eq!(site.rig.send().await, ["change cb-1-1@mau.example"]);
    let reply = site.rig.mailer.letters().last().unwrap().reply.clone();
    assert_eq!(reply, Some(Reply::HandedBack { why: Some("đã họp thống nhất".to_owned()) }));
    let (_, page) = site.get(&site.link("cb-1-1")).await;
    assert!(page.contains("vẫn là việc của chi bộ (đã họp thống nhất)"), "{page}");
}

/// The duty that was declined opens for the cell that staff chose, with its own mail and its own due.
#[tokio::test]
async fn declined_work_of_a_committee_goes_to_another_cell() {
    let rig = crate::support::rig::Rig::at("2026-03-02 09:00").await;
    crate::support::site::mailed(&rig, "Về công tác thanh tra").await;
    let site = Site::over(rig, crate::support::site::fake()).await;
    site.wait(600);
    let declined = [("answer", "declined"), ("reason", "việc của Hội"), ("suggested", "cb-2")];
    assert_eq!(site.read_and_press("cb-1-1", &declined).await.0, 200);
    let id = hold(&site, HoldKind::Declined).await;
    site.rig.attend().await;
    let news = news(&site);
    assert_eq!((news.until, news.suggested.as_deref()), (None, Some("Chi bộ Hội Mẫu")));
    let code = news.code.clone().unwrap();
    let assign = [("answer", "assign"), ("reason", "đúng là việc của Hội"), ("digits", code.as_str())];
    let (status, html) = decide(&site, &news, &assign).await;
    assert_eq!(status, 200, "{html}");
    let (new, old) = (site.row("cb-2").await, site.row("cb-1-1").await);
    assert_eq!((new.state, new.due, new.task), (State::Open, old.due, old.task.clone()));
    assert_eq!(old.state, State::Declined);
    assert_eq!(site.rig.send().await, ["notice cb-2@mau.example"]);
    assert_eq!(site.rig.store.hold(id).await.unwrap().unwrap().decided.unwrap().as_str(), "assign");
}

#[tokio::test]
async fn the_board_grants_another_day_after_showing_what_it_would_do() {
    let site = asked().await;
    let id = hold(&site, HoldKind::MoreTime).await;
    let (_, page) = site.staff(&format!("/holds/{id}")).await;
    assert!(page.contains("Đồng ý gia hạn") && page.contains("Gia hạn đến ngày"), "{page}");
    let stamp = page.split_once("name=\"stamp\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let send = |sure: &'static str| {
        let fields = [
            ("stamp", stamp.as_str()),
            ("who", "Chị Hoa"),
            ("due", "18/03/2026"),
            ("reason", ""),
            ("sure", sure),
        ];
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        let request = site.client.post(format!("{}/holds/{id}/release", site.admin));
        request.header("content-type", "application/x-www-form-urlencoded").body(body.finish()).send()
    };
    let (status, html) = told(send("").await.unwrap()).await;
    assert!(status == 200 && html.contains("Gia hạn đến: 18&#x2f;03&#x2f;2026"), "{html}");
    assert_eq!(requests(&site).await[0].verdict, None, "only shown");
    assert_eq!(told(send("yes").await.unwrap()).await.0, 200);
    assert_eq!(site.row("cb-2").await.due, Some(local("2026-03-19 00:00")));
    assert_eq!(requests(&site).await[0].given, "2026-03-18".parse().ok());
}

/// Number, date, note, file and a correction: the first report stays in the journal.
#[tokio::test]
async fn a_wrong_number_is_put_right_and_the_first_one_is_kept() {
    let site = site().await;
    site.wait(600);
    let link = ("link", "https://tep.mau.example/03-BC.pdf");
    let done = [("answer", "done"), ("report_symbol", "30-BC/CB"), link];
    assert_eq!(site.read_and_press("cb-2", &done).await.0, 200);
    let (_, page) = site.get(&site.link("cb-2")).await;
    assert!(
        page.contains("tệp ở tep.mau.example: https:&#x2f;&#x2f;tep.mau.example&#x2f;03-BC.pdf"),
        "{page}"
    );
    assert!(!page.contains("href=\"https://tep"), "shown, never linked");
    assert!(page.contains("value=\"30-BC&#x2f;CB\""), "the correction starts from what was sent: {page}");
    let journal = site.journal().await;
    for again in [&done[..], &[("answer", "done")]] {
        let (status, html) = site.read_and_press("cb-2", again).await;
        assert!(status == 200 && html.contains("Đã được ghi nhận trước đó"), "{html}");
    }
    assert_eq!(site.journal().await, journal);
    let right = [("answer", "done"), ("report_symbol", "03-BC/CB"), link];
    let (status, html) = site.read_and_press("cb-2", &right).await;
    assert!(status == 200 && html.contains("Đã ghi nhận bản sửa"), "{html}");
    let row = site.row("cb-2").await;
    assert_eq!((row.state, site.evidence(row.id).await), (State::Done, 2));
    let (_, board) = site.staff("/documents/1").await;
    assert!(board.contains("sửa báo cáo: Đã hoàn thành (báo cáo số 03-BC&#x2f;CB"), "{board}");
    let bad = [("answer", "done"), ("link", "javascript:alert(1)")];
    let (status, html) = site.read_and_press("cb-1-1", &bad).await;
    assert!(status == 422 && html.contains("Chỉ nhận đường dẫn"), "{html}");
}

/// Figures are asked where the rule asks, and each is looked at.
#[tokio::test]
async fn figures_that_a_rule_asks_for_are_part_of_done() {
    let mut rig = crate::support::rig::Rig::at("2026-03-02 09:00").await;
    let mut rules = rig.office.ruleset.rules.clone();
    rules[0].figures = vec!["Số đảng viên dự (người)".to_owned(), "Tỷ lệ (%)".to_owned()];
    rig.office.ruleset = vanthu::domain::rule::Ruleset::new(rules, "figures".to_owned());
    crate::support::site::mailed(&rig, "Sinh hoạt chuyên đề quý I").await;
    let site = Site::over(rig, crate::support::site::fake()).await;
    site.wait(600);
    let (status, html) =
        site.read_and_press("cb-2", &[("answer", "done"), ("figure1", "38"), ("figure2", "12.5")]).await;
    assert!(status == 422 && html.contains("Không rõ dấu chấm"), "{html}");
    let done = [("answer", "done"), ("figure1", "1.250"), ("figure2", "97,5")];
    let (status, html) = site.read_and_press("cb-2", &done).await;
    assert!(status == 200 && html.contains("Số đảng viên dự (người): 1.250; Tỷ lệ (%): 97,5"), "{html}");
    let row = site.row("cb-2").await;
    let answers = site.rig.store.answers(row.id).await.unwrap();
    let Answer::Done { figures, .. } = &answers[0].answer else { panic!() };
    let name = "Số đảng viên dự (người)".to_owned();
    assert_eq!(figures[0], Figure { name, value: "1250".to_owned() });
}

/// The promise passes and the work is not done: the ladder goes on and the next mail says so.
#[tokio::test]
async fn a_promise_that_passes_lapses_and_the_next_mail_says_so() {
    let site = site().await;
    site.wait(600);
    let promise = [("answer", "received"), ("promised", "04/03/2026")];
    assert_eq!(site.read_and_press("cb-2", &promise).await.0, 200);
    let row = site.row("cb-2").await;
    assert_eq!(row.next_action, Some(local("2026-03-05 07:30")), "the morning after");
    site.rig.go("2026-03-04 16:00");
    site.rig.chase().await;
    assert!(!site.rig.send().await.iter().any(|mail| mail.contains("cb-2@")));
    site.rig.go("2026-03-05 08:00");
    site.rig.chase().await;
    let sent = site.rig.send().await;
    assert!(sent.contains(&"reminder cb-2@mau.example".to_owned()), "{sent:?}");
    let lapsed = |site: &Site| {
        let letters = site.rig.mailer.letters();
        letters.iter().rev().find(|letter| letter.unit.as_str() == "cb-2").unwrap().reply.clone()
    };
    let promised = "2026-03-04".parse().unwrap();
    assert_eq!(lapsed(&site), Some(Reply::Lapsed { promised }));
    let (_, page) = site.get(&site.link("cb-2")).await;
    assert!(page.contains("đã qua ngày hẹn"), "{page}");
    site.rig.chase().await;
    assert!(site.rig.send().await.is_empty(), "once");
    // A new promise stands in the place of the old one; the deadline's own steps go on.
    let again = [("answer", "received"), ("promised", "10/03/2026")];
    site.wait(600);
    assert_eq!(site.read_and_press("cb-2", &again).await.0, 200);
    assert_eq!(site.row("cb-2").await.next_action, Some(local("2026-03-11 07:30")));
    assert_eq!(site.read_and_press("cb-2", &[("answer", "done")]).await.0, 200);
    assert_eq!(site.row("cb-2").await.next_action, None);
}

/// Three corrections of one rule are a hint to its owner: by mail once, on the board, in the register.
#[tokio::test]
async fn repeated_corrections_become_a_hint() {
    let site = site().await;
    let hint = async |site: &Site| {
        let rig = &site.rig;
        let (store, owner) = (rig.store.as_ref(), Some("quy-tac@duk.example"));
        vanthu::app::hint::tell(store, &rig.office, &rig.policy, owner, rig.clock_now()).await.unwrap()
    };
    for (told, cell) in ["cb-1-1", "cb-1-2", "cb-2"].into_iter().enumerate() {
        site.wait(600);
        assert_eq!((told, hint(&site).await), (told, 0));
        let declined = [("answer", "declined"), ("reason", "không phải"), ("suggested", "cb-3")];
        assert_eq!(site.read_and_press(cell, &declined).await.0, 200);
    }
    assert_eq!((hint(&site).await, hint(&site).await), (1, 0), "once a month");
    site.rig.attend().await;
    let bulletins = site.rig.mailer.bulletins();
    let hinted = bulletins.iter().find_map(|one| match &one.news {
        News::Hint(news) => Some((one.to.clone(), news.clone())),
        _ => None,
    });
    let (to, news) = hinted.unwrap();
    assert_eq!((to.as_str(), news.rule.as_str(), news.corrections), ("quy-tac@duk.example", "everyone", 3));
    assert_eq!(news.suggested, [("Chi bộ Quỹ Mẫu".to_owned(), 3)]);
    let (_, board) = site.staff("/").await;
    assert!(board.contains("” 3 lần. Xem: vanthu rules hints."), "{board}");
    // What staff refused was no correction of the rule.
    desk(&site, "vẫn là việc của Hội").release(hold(&site, HoldKind::Declined).await).await.unwrap();
    let now = site.rig.clock_now();
    assert!(vanthu::app::hint::hints(site.rig.store.as_ref(), now).await.unwrap().is_empty());
    let later = now + chrono::Duration::days(91);
    assert!(vanthu::app::hint::hints(site.rig.store.as_ref(), later).await.unwrap().is_empty());
}

/// Staff say for a cell all that the cell could say itself, at their own grade and with their reason.
#[tokio::test]
async fn staff_answer_for_a_cell() {
    let site = site().await;
    let row = site.row("cb-2").await;
    let answer = Answer::Done {
        report_symbol: Some("03-BC/CB".to_owned()),
        report_date: None,
        note: None,
        link: FileLink::read("https://tep.mau.example/x").ok(),
        figures: Vec::new(),
    };
    let now = site.rig.clock_now();
    let entry =
        OnBehalf { obligations: &[row.id], answer: &answer, actor: "vt", reason: "gọi điện", now };
    let ours = (&site.rig.office.calendar, &site.rig.policy.voices);
    let done = acknowledge::staff(site.rig.store.as_ref(), ours, &entry).await.unwrap();
    assert_eq!(done, Outcome::Recorded(Grade::Staff));
    let until = "2026-03-10".parse().unwrap();
    let more = Answer::MoreTime { until, reason: "x".to_owned() };
    let other = site.row("cb-1-1").await;
    let entry = OnBehalf { obligations: &[other.id], answer: &more, ..entry };
    let outcome = acknowledge::staff(site.rig.store.as_ref(), ours, &entry).await.unwrap();
    assert_eq!(outcome, Outcome::NotLater { due: local("2026-03-14 00:00") });
}
