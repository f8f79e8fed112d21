//! Link scanners: what they do to every link of a mail, by the thousand, and that none of it counts
//! (promises.md T60–T65). Chromium plays one for real in `browser::scanner`.

use reqwest::Method;
use reqwest::header::USER_AGENT;
use tokio::task::JoinSet;
use vanthu::domain::ids::{DocumentId, ObligationId};
use vanthu::domain::obligation::{Grade, State};
use vanthu::domain::token::{Claims, Keyring, SigningKey, mailbox_hash};

use crate::support::rig::Rig;
use crate::support::site::{AGENT, Site, site, told};

const CELLS: [&str; 3] = ["cb-1-1", "cb-1-2", "cb-2"];
const RECEIVED: &[(&str, &str)] = &[("answer", "received")];
/// What scanners call themselves: nothing, themselves, a library, a browser without a window, or the reader.
const AGENTS: [&str; 5] = [
    "",
    "Mozilla/5.0 (compatible; SafeLinksBot/1.0)",
    "python-requests/2.31.0",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/126.0.0.0 Safari/537.36",
    AGENT,
];

async fn states(site: &Site) -> Vec<(State, Option<Grade>)> {
    let rows = site.rig.store.obligations(DocumentId(1), false).await.unwrap();
    rows.into_iter().map(|row| (row.obligation.state, row.obligation.grade)).collect()
}

async fn evidence(site: &Site) -> usize {
    let mut count = 0;
    for row in site.rig.store.obligations(DocumentId(1), false).await.unwrap() {
        count += site.rig.store.answers(row.obligation.id).await.unwrap().len();
    }
    count
}

/// All that a scanner may press on a page that it parsed: every form with every field filled blindly.
const FORMS: [&[(&str, &str)]; 5] = [
    RECEIVED,
    &[("answer", "received"), ("promised", "10/03/2026")],
    &[
        ("answer", "done"),
        ("report_symbol", "test"),
        ("report_date", "01/03/2026"),
        ("note", "test"),
        ("link", "https://a.example"),
    ],
    &[("answer", "more-time"), ("until", "31/12/2026"), ("reason", "test")],
    &[("answer", "declined"), ("reason", "test"), ("suggested", "cb-3")],
];

/// One mail's link as rewriters and scanners call it: whole, with tracking behind it, cut, in other letters.
fn manglings(link: &str) -> Vec<String> {
    let token = link.rsplit('/').next().unwrap();
    vec![
        link.to_owned(),
        format!("{link}?utm_source=mail&data=05%7C02"),
        format!("{link}/"),
        format!("/{link}"),
        link.to_uppercase(),
        link.get(..link.len() - 7).unwrap().to_owned(),
        format!("{link}%20"),
        format!("{link}%3E"),
        format!("/a/{token}#viec-1"),
        format!("/a/{token}&amp;x=1"),
        format!("/safelinks?url=https%3A%2F%2Fvanthu.example%2Fa%2F{token}"),
    ]
}

/// T60: within the first minute every link is asked for by HEAD and GET in all its manglings, the page is
/// loaded, and its forms are sent blindly, with and without its note. 0 of more than 1,000 visits count; what
/// was pressed is shown apart, and each cell is asked once by mail.
#[tokio::test]
async fn a_thousand_visits_of_scanners_acknowledge_nothing() {
    let site = site().await;
    let fresh = states(&site).await;
    let mut visits = 0;
    for second in [0, 2, 5, 20, 45, 60] {
        site.wait(second);
        for cell in CELLS {
            visits += crawl(&site, &site.link(cell)).await;
        }
        assert_eq!(states(&site).await, fresh, "{second} s after the mail");
    }
    assert!(visits >= 1000, "{visits}");
    println!("{visits} visits of scanners, 0 acknowledgements");
    assert_eq!(evidence(&site).await, 0);

    let doubts = site.rig.store.doubts(None).await.unwrap();
    assert_eq!(doubts.len(), 3, "{doubts:?}");
    assert!(doubts.iter().all(|doubt| doubt.presses >= 10), "{doubts:?}");
    let (_, board) = site.staff("/").await;
    assert!(board.contains("3 việc có liên kết bị bấm như máy"), "{board}");
    let (_, page) = site.staff("/documents/1").await;
    assert!(page.contains("chưa tính là trả lời") && !page.contains("Đã nhận – "), "{page}");

    assert_eq!(site.rig.attend().await.doubts, 0, "not before an hour has passed");
    site.wait(3600);
    assert_eq!(site.rig.attend().await.doubts, 3);
    assert_eq!(site.rig.attend().await.doubts, 0, "once");
    assert_eq!(site.rig.send().await, CELLS.map(|cell| format!("reminder {cell}@mau.example")));
    let before = states(&site).await;
    for cell in CELLS {
        crawl(&site, &site.link(cell)).await;
    }
    assert_eq!(states(&site).await, before, "the second mail is scanned like the first");
    site.wait(7200);
    assert_eq!(
        (site.rig.attend().await.doubts, site.rig.send().await.len()),
        (0, 0),
        "and asks no third time"
    );
}

/// What a scanner does to one link; how many requests that were.
async fn crawl(site: &Site, link: &str) -> usize {
    let mut visits = 0;
    for (n, address) in manglings(link).into_iter().enumerate() {
        for method in [Method::HEAD, Method::GET] {
            let request = site.ask(method, &address).header(USER_AGENT, AGENTS[n % AGENTS.len()]);
            let response = request.header("purpose", "prefetch").send().await.unwrap();
            assert!(!response.status().is_server_error(), "{address}");
            visits += 1;
        }
    }
    for (n, agent) in AGENTS.into_iter().enumerate() {
        let (_, page) =
            told(site.ask(Method::GET, link).header(USER_AGENT, agent).send().await.unwrap()).await;
        let stamp = page
            .split_once("name=\"stamp\" value=\"")
            .map_or("", |(_, rest)| rest.split_once('"').unwrap().0);
        let form = FORMS[n % FORMS.len()];
        for fields in [form, &[form, &[("digits", "1234")]].concat(), &[form, &[("digits", "0000")]].concat()]
        {
            // Wrong digits lock the page at times; that is not "recorded" either.
            let press = site.form(link, stamp, fields).header(USER_AGENT, agent);
            let (status, html) = told(press.send().await.unwrap()).await;
            assert!(matches!(status, 422 | 429), "{status} for {fields:?} by {agent:?}: {html}");
            visits += 1;
        }
        for method in [Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH] {
            let answer = site.ask(method, link).header(USER_AGENT, agent).send().await.unwrap();
            assert_eq!(answer.status(), 405);
            visits += 1;
        }
        visits += 1;
    }
    visits
}

/// T61: hours after the mail a program that has read the page for a minute presses every button. None of it is
/// fully trusted: it does not know the digits, which stand in the mail and nowhere on the page.
#[tokio::test]
async fn a_patient_program_is_still_a_program() {
    let site = site().await;
    site.wait(4 * 60 * 60);
    for agent in AGENTS.into_iter().take(4) {
        for form in FORMS {
            let stamp = site.stamp("cb-2").await;
            site.wait(60);
            let press = site.form(&site.link("cb-2"), &stamp, form).header(USER_AGENT, agent);
            let (status, html) = told(press.send().await.unwrap()).await;
            assert_eq!(status, 422, "{agent:?} {form:?}");
            assert!(!html.contains(&site.challenge("cb-2")), "the digits are on the page");
        }
    }
    assert_eq!(site.row("cb-2").await.state, State::Open);
    let doubt = site.rig.store.doubts(None).await.unwrap().remove(0);
    assert_eq!((doubt.why.as_str(), doubt.presses), ("program", 20));
    // The person who has the mail answers all the same, and nothing is in doubt any more.
    let digits = site.challenge("cb-2");
    let (status, _) = site.press("cb-2", "", &[("answer", "received"), ("digits", &digits)]).await;
    assert_eq!((status, site.row("cb-2").await.grade), (200, Some(Grade::Verified)));
    assert!(site.rig.store.doubts(None).await.unwrap().is_empty());
    site.wait(3600);
    assert_eq!(site.rig.attend().await.doubts, 0);
}

/// A mail that asks again is dropped when the cell has answered before it leaves.
#[tokio::test]
async fn who_answers_meanwhile_is_not_asked_again() {
    let site = site().await;
    site.press("cb-2", "", RECEIVED).await;
    site.wait(3601);
    assert_eq!(site.rig.attend().await.doubts, 1);
    let digits = site.challenge("cb-2");
    assert_eq!(site.press("cb-2", "", &[("answer", "received"), ("digits", &digits)]).await.0, 200);
    assert!(site.rig.send().await.is_empty());
}

/// T62: forged, cut, of another key, for another purpose, expired: one page for all that are not ours, another for
/// what once was, and nothing in either tells of the document.
#[tokio::test]
async fn links_that_are_not_ours_look_all_the_same() {
    let site = site().await;
    let link = site.link("cb-2");
    let token = link.strip_prefix("/a/").unwrap();
    let mut pages = Vec::new();
    for at in 0..token.len() {
        let mut letters: Vec<char> = token.chars().collect();
        letters[at] = if letters[at] == 'A' { 'B' } else { 'A' };
        let forged: String = letters.into_iter().collect();
        let (status, html) = site.get(&format!("/a/{forged}")).await;
        assert!(matches!(status, 404 | 410), "{forged}: {status}");
        pages.push((status, html));
    }
    for cut in 1..token.len() {
        pages.push(site.get(&format!("/a/{}", token.get(..cut).unwrap())).await);
    }
    let claims = |obligation| Claims {
        obligation: ObligationId(obligation),
        mailbox: mailbox_hash("cb-2@mau.example"),
        expires: site.rig.clock_now() + chrono::Duration::days(1),
    };
    let strange = Keyring::new(vec![SigningKey::new("k1", b"another secret of thirty-two bytes")]).unwrap();
    pages.push(site.get(&format!("/a/{}", strange.sign(&claims(1)))).await);
    pages.push(site.get(&format!("/a/{}", site.rig.policy.keyring.sign(&claims(999_999)))).await);
    pages.sort();
    pages.dedup();
    assert!(pages.len() <= 2, "{} different pages", pages.len());
    assert!(pages.iter().all(|(status, _)| matches!(status, 404 | 410)));
    for secret in ["0612", "Sinh hoạt", "Hội Mẫu"] {
        assert!(pages.iter().all(|(_, html)| !html.contains(secret)), "{secret}");
    }
}

/// T63: a hundred presses at once, and a second person an hour later: one acknowledgement, told by when and how.
#[tokio::test]
async fn a_hundred_presses_are_one_acknowledgement() {
    let site = site().await;
    site.wait(600);
    let stamp = site.stamp("cb-2").await;
    site.wait(20);
    let mut recorded = 0;
    // The listener takes a limited number of connections from one address.
    for _ in 0..4 {
        let mut presses = JoinSet::new();
        for _ in 0..25 {
            presses.spawn(site.form(&site.link("cb-2"), &stamp, RECEIVED).send());
        }
        while let Some(response) = presses.join_next().await {
            let (status, html) = told(response.unwrap().unwrap()).await;
            assert_eq!(status, 200);
            recorded += usize::from(html.contains(">Đã ghi nhận<"));
        }
    }
    assert_eq!((recorded, evidence(&site).await), (1, 1));
    let since = site.row("cb-2").await.since;
    site.wait(3600);
    let (status, html) = site.read_and_press("cb-2", RECEIVED).await;
    assert!(
        status == 200
            && html.contains("Đã được ghi nhận trước đó")
            && html.contains("bấm liên kết trong thư"),
        "{html}"
    );
    assert_eq!((site.row("cb-2").await.since, evidence(&site).await), (since, 1));
}

/// T64: three keys live, the oldest dropped, more than a year: every mail's link works as long as its key is kept
/// and its time is not over, and none after.
#[tokio::test]
async fn links_outlive_their_signing_key_until_it_is_dropped() {
    let rig = Rig::at("2026-03-02 09:00").await;
    let now = rig.clock_now();
    let key = |id: &str| SigningKey::new(id, format!("secret of {id}, thirty-two bytes and more").as_bytes());
    let claims = Claims {
        obligation: ObligationId(1),
        mailbox: mailbox_hash("cb-2@mau.example"),
        expires: now + chrono::Duration::days(400),
    };
    let tokens: Vec<_> = ["a", "b", "c"].map(|id| Keyring::new(vec![key(id)]).unwrap().sign(&claims)).into();
    let all = Keyring::new(vec![key("c"), key("b"), key("a")]).unwrap();
    let newer = Keyring::new(vec![key("d"), key("c"), key("b")]).unwrap();
    for day in 0..=400 {
        let then = now + chrono::Duration::days(day);
        assert!(tokens.iter().all(|token| all.verify(token, then).is_ok()), "day {day}");
        let kept: Vec<_> = tokens.iter().map(|token| newer.verify(token, then).is_ok()).collect();
        assert_eq!(kept, [false, true, true], "day {day}");
    }
    let after = now + chrono::Duration::days(401);
    assert!(tokens.iter().all(|token| all.verify(token, after).is_err()));
}

/// T65: whoever a mail was forwarded to sees nothing of the document, whatever became of it.
#[tokio::test]
async fn no_page_behind_a_link_tells_of_the_document() {
    let site = site().await;
    site.wait(600);
    let link = site.link("cb-2");
    let secrets = ["0612", "Sinh hoạt chuyên đề", "quý I"];
    let presses: [&[(&str, &str)]; 4] = [
        &[("answer", "received"), ("promised", "10/03/2026")],
        &[("answer", "more-time"), ("until", "20/03/2026"), ("reason", "bão")],
        &[("answer", "done"), ("report_symbol", "03-BC/CB")],
        &[("answer", "done"), ("report_symbol", "04-BC/CB")],
    ];
    let mut pages = vec![site.get(&link).await.1];
    for press in presses {
        site.wait(60);
        let (status, html) = site.read_and_press("cb-2", press).await;
        assert_eq!(status, 200);
        pages.push(html);
        pages.push(site.get(&link).await.1);
    }
    for (n, page) in pages.iter().enumerate() {
        for secret in secrets {
            assert!(!page.contains(secret), "{secret} on page {n}");
        }
    }
}
