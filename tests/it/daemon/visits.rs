//! What follows the links of mails by itself, against the real program (promises.md T60, T61): gateways that ask by
//! HEAD and GET under any name, rewriters that mangle, robots that fill in and send every form, and headless
//! Chromium, which runs what a page bears. All of it within a minute of the mail; none of it is an answer.
//!
//! `VANTHU_VISITS` sets how many, `VANTHU_SEED` which link is visited next (docs/RELIABILITY.md).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_TYPE, USER_AGENT};
use reqwest::{Client, Method};
use tokio::task::JoinSet;
use vanthu::app::ports::Reader as _;
use vanthu::domain::obligation::State;
use vanthu::store::sqlite::open_reader;

use super::kill::Random;
use super::mail::Mail;
use crate::browser::chromium::Browser;
use crate::browser::scanner::press_everything;
use crate::support::daemon::{CELLS, World, now, wait_until};
use crate::support::{net, number};

/// Documents that arrive together.
const DOCUMENTS: usize = 8;
/// Visits to their mails, and to those of the last minute.
const WAVE: usize = 4000;
/// How old a mail is at most when it is visited.
const FRESH: Duration = Duration::from_secs(60);
/// Visitors at a time.
const CLIENTS: usize = 8;
/// Of so many visits at least one is a page or a form in Chromium.
const BROWSED: usize = 500;
/// A gateway that rewrites, a sandbox, and what calls itself the reader's own browser.
const AGENTS: [&str; 3] = [
    "Mozilla/5.0 (compatible; SafeLinksBot/1.0)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
];
/// What is sent without being understood.
const FORMS: [&str; 6] = [
    "answer=received",
    "answer=received&promised=31%2F12%2F2030",
    "answer=done&report_symbol=test&report_date=01%2F01%2F2026&note=test",
    "answer=more-time&until=31%2F12%2F2030&reason=test",
    "answer=declined&reason=test",
    "answer=received&digits=0000",
];

/// The link of a mail, and when the mail was there.
#[derive(Clone)]
struct Link {
    path: String,
    since: Instant,
}

/// Who visits, and how often each kind did.
struct Visitors {
    public: String,
    client: Client,
    links: Vec<Link>,
    /// Visits still to come in this wave.
    left: AtomicUsize,
    looks: AtomicUsize,
    presses: AtomicUsize,
    pages: AtomicUsize,
    seed: u64,
}

impl Visitors {
    fn new(world: &World, links: Vec<Link>, visits: usize, seed: u64) -> Self {
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().unwrap();
        let public = format!("http://127.0.0.1:{}", world.web);
        let zero = AtomicUsize::default;
        Self {
            public,
            client,
            links,
            left: visits.into(),
            looks: zero(),
            presses: zero(),
            pages: zero(),
            seed,
        }
    }

    /// Takes so many visits off what is left.
    fn next(&self, visits: usize) -> bool {
        let left =
            self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(visits));
        left.is_ok()
    }

    /// Looks and presses until all visits were made.
    async fn visit(&self, number: u64) {
        let mut random = Random(self.seed ^ (number << 32));
        while self.next(1) {
            let link = &self.links[usize::try_from(random.below(self.links.len() as u64)).unwrap()];
            if link.since.elapsed() > FRESH {
                return;
            }
            let agent = AGENTS[usize::try_from(random.below(3)).unwrap()];
            match random.below(10) {
                0..4 => self.look(Method::HEAD, &mangled(&link.path, random.below(8)), agent).await,
                4..8 => self.look(Method::GET, &mangled(&link.path, random.below(8)), agent).await,
                _ => self.press(link, agent, &mut random).await,
            }
        }
    }

    async fn look(&self, method: Method, path: &str, agent: &str) {
        let request = self.client.request(method, format!("{}{path}", self.public));
        let answer = request.header(USER_AGENT, agent).send().await.unwrap();
        assert!(!answer.status().is_server_error(), "{path}: {}", answer.status());
        answer.bytes().await.unwrap();
        self.looks.fetch_add(1, Ordering::Relaxed);
    }

    /// Loads the page and sends one of its forms, with its note or without.
    async fn press(&self, link: &Link, agent: &str, random: &mut Random) {
        let address = format!("{}{}", self.public, link.path);
        let page = self.client.get(&address).header(USER_AGENT, agent).send().await.unwrap();
        let page = page.text().await.unwrap();
        let stamp = page.split_once("name=\"stamp\" value=\"").and_then(|(_, rest)| rest.split_once('"'));
        let stamp = stamp.filter(|_| random.below(4) > 0).map_or("", |(stamp, _)| stamp);
        let form = FORMS[usize::try_from(random.below(FORMS.len() as u64)).unwrap()];
        let press = self.client.post(&address).header(USER_AGENT, agent);
        let press = press.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = press.body(format!("stamp={stamp}&{form}")).send().await.unwrap();
        let status = answer.status().as_u16();
        assert!(
            matches!(status, 422 | 429),
            "{status} for {form} by {agent}: {}",
            answer.text().await.unwrap()
        );
        self.presses.fetch_add(1, Ordering::Relaxed);
    }

    /// Opens pages, runs what they bear and sends all their forms, while the others visit.
    async fn browse(&self, browser: &Browser) {
        for link in self.links.iter().rev() {
            if link.since.elapsed() > FRESH || !self.next(1) {
                break;
            }
            let sent = press_everything(browser, &format!("{}{}", self.public, link.path)).await;
            // Every form from a page that was loaded anew, and once more from the page it led to.
            self.pages.fetch_add(1 + 2 * sent, Ordering::Relaxed);
        }
    }
}

/// A link as rewriters and scanners call it: whole, with tracking behind it, cut, in other letters.
fn mangled(path: &str, how: u64) -> String {
    match how {
        0 => format!("{path}?utm_source=mail&data=05%7C02"),
        1 => format!("{path}/"),
        2 => path.to_uppercase(),
        3 => path.get(..path.len() - 7).unwrap().to_owned(),
        4 => format!("{path}%3E"),
        _ => path.to_owned(),
    }
}

/// Sums over all waves.
#[derive(Default)]
struct Sum {
    looks: usize,
    presses: usize,
    pages: usize,
    oldest: Duration,
}

impl Sum {
    fn visits(&self) -> usize {
        self.looks + self.presses + self.pages
    }

    fn add(&mut self, visitors: &Visitors) {
        self.looks += visitors.looks.load(Ordering::Relaxed);
        self.presses += visitors.presses.load(Ordering::Relaxed);
        self.pages += visitors.pages.load(Ordering::Relaxed);
        let ages = visitors.links.iter().map(|link| link.since.elapsed());
        self.oldest = ages.chain([self.oldest]).max().unwrap_or_default();
    }
}

/// Documents arrive, their mails leave, and their links are followed until all visits of the wave were made.
async fn wave(visitors: Arc<Visitors>, browser: Arc<Browser>) -> Arc<Visitors> {
    let mut tasks = JoinSet::new();
    for number in 0..CLIENTS {
        let visitors = visitors.clone();
        tasks.spawn(async move { visitors.visit(number as u64).await });
    }
    let own = visitors.clone();
    tasks.spawn(async move { own.browse(&browser).await });
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    visitors
}

/// The next so many mails, as links, once they are all out; one that is still coming in waits for the next look.
fn mailed(world: &World, count: usize) -> (Vec<Mail>, Vec<Link>) {
    let mut mails: Vec<Mail> = Vec::new();
    wait_until("all mails are out", || {
        mails.extend(world.sink.take(Mail::read));
        mails.len() >= count
    });
    let link = |mail: &Mail| Link { path: mail.path.clone(), since: Instant::now() };
    let links = mails.iter().map(link).collect();
    (mails, links)
}

/// Nothing was answered, whatever the grade; how many mails were visited.
async fn judge(world: &World) -> usize {
    let store = open_reader(&world.path("vanthu.db")).await.unwrap();
    let mut rows = 0;
    for document in store.documents(u32::MAX, now()).await.unwrap() {
        for row in store.obligations(document.id, false).await.unwrap() {
            let row = row.obligation;
            assert_eq!((row.state, row.grade), (State::Open, None), "{} of {}", row.cell, document.id);
            assert!(store.answers(row.id).await.unwrap().is_empty());
            rows += 1;
        }
    }
    rows
}

#[test]
fn whatever_follows_links_by_itself_answers_nothing() {
    let (wanted, seed) = (number("VANTHU_VISITS", 2000), number("VANTHU_SEED", 20_260_302));
    println!("VANTHU_VISITS={wanted} VANTHU_SEED={seed}");
    let wanted = usize::try_from(wanted).unwrap();
    let (world, mut sum, mut links, mut last) = (World::new(), Sum::default(), Vec::new(), None);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let browser = Arc::new(runtime.block_on(Browser::scanner()));
    let mut documents = 0;
    while sum.visits() < wanted {
        ((documents + 1)..).take(DOCUMENTS).for_each(|id| world.deliver(i64::try_from(id).unwrap()));
        documents += DOCUMENTS;
        let daemon = world.start();
        let (mails, new) = mailed(&world, DOCUMENTS * CELLS);
        last = mails.into_iter().next_back();
        links.retain(|link: &Link| link.since.elapsed() < FRESH);
        links.extend(new);
        let visits = WAVE.min(wanted - sum.visits());
        let visitors = Visitors::new(&world, links.clone(), visits, seed ^ documents as u64);
        sum.add(&runtime.block_on(wave(Arc::new(visitors), browser.clone())));
        println!("{} visits to the links of {documents} documents", sum.visits());
        assert!(daemon.terminate().0.success(), "{}", world.log());
    }
    assert_eq!(runtime.block_on(judge(&world)), documents * CELLS);
    assert!(sum.pages >= wanted / BROWSED, "{} of {} visits in Chromium", sum.pages, sum.visits());
    answered(&world, &last.unwrap());
    println!(
        "{} visits: {} by HEAD and GET, {} presses by robots, {} pages and forms in Chromium; the last of a \
         mail {:.0?} after it left; {} links, 0 answers",
        sum.visits(),
        sum.looks,
        sum.presses,
        sum.pages,
        sum.oldest,
        documents * CELLS
    );
}

/// A person who has the mail is heard all the same.
fn answered(world: &World, mail: &Mail) {
    let daemon = world.start();
    let digits: String = mail.symbol.chars().take_while(char::is_ascii_digit).collect();
    let (status, page) =
        net::post(world.web, &mail.path, &format!("answer=received&digits={digits}")).unwrap();
    assert_eq!(status, 200, "{page}");
    assert!(daemon.terminate().0.success());
}
