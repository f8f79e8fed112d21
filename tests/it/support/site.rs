//! Both listeners over a rig.

use std::net::IpAddr;
use std::sync::Arc;

use aws_lc_rs::hmac;
use reqwest::{Client, Method, RequestBuilder, Response};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use vanthu::app::acknowledge::Memory;
use vanthu::app::ports::{Clock, Source};
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::ids::{DocumentId, ObligationId};
use vanthu::domain::obligation::Obligation;
use vanthu::render::pages::Pages;
use vanthu::web::metrics::Metrics;
use vanthu::web::{self, Standing, State};

use crate::support::rig::{Rig, local};

/// What a reader's browser calls itself.
pub const AGENT: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0";

/// The pages of a rig.
pub struct Site {
    pub rig: Rig,
    pub public: String,
    pub admin: String,
    pub client: Client,
    _servers: JoinSet<std::io::Result<()>>,
}

/// The pages after the three mails of one directive were sent on Monday 2026-03-02 at 09:00.
pub async fn site() -> Site {
    let rig = Rig::at("2026-03-02 09:00").await;
    mailed(&rig, "Sinh hoạt chuyên đề quý I").await;
    Site::over(rig, fake()).await
}

/// What the board says of made-up data.
pub fn fake() -> Standing {
    Standing { banners: vec!["DỮ LIỆU GIẢ".to_owned()], ..Standing::default() }
}

/// One directive for four cells, three of them with a mailbox; its mails are sent.
pub async fn mailed(rig: &Rig, subject: &str) {
    let mut document = FakeDocument::new(1, "0612-KH/ĐUK", subject, local("2026-03-02 08:40"));
    document.due = "2026-03-13".parse().ok();
    rig.ioffice.put(document);
    rig.poll().await.unwrap();
    rig.send().await;
}

async fn state(rig: &Rig, standing: Standing, trusted_proxies: &Arc<[IpAddr]>) -> State {
    let office = Arc::new(rig.office.clone());
    State {
        store: rig.store.clone(),
        clock: rig.clock.clone(),
        office: Arc::new(move || office.clone()),
        standing: Arc::new(move || standing.clone()),
        policy: rig.policy.clone(),
        keyring: Arc::new(rig.policy.keyring.clone()),
        secret: hmac::Key::new(hmac::HMAC_SHA256, &rig.store.meta().await.unwrap().secret),
        memory: Arc::new(Memory::default()),
        offered: Arc::default(),
        pages: Arc::new(Pages::new().unwrap()),
        metrics: Arc::new(Metrics::new(&["ioffice"])),
        voices: Arc::new(rig.policy.voices.clone()),
        sources: Arc::new([(rig.source.id().clone(), rig.source.abilities())]),
        trusted_proxies: trusted_proxies.clone(),
    }
}

async fn serve(
    servers: &mut JoinSet<std::io::Result<()>>,
    router: axum::Router,
    trusted: &Arc<[IpAddr]>,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    servers.spawn(web::serve(listener, router, trusted.clone(), web::MOST, std::future::pending()));
    format!("http://{address}")
}

impl Site {
    /// Serves a rig as it stands, to clients that reach it directly.
    pub async fn over(rig: Rig, standing: Standing) -> Self {
        Self::behind(rig, standing, &[]).await
    }

    /// The same behind reverse proxies at these addresses.
    pub async fn behind(rig: Rig, standing: Standing, trusted: &[IpAddr]) -> Self {
        let trusted: Arc<[IpAddr]> = trusted.into();
        let state = state(&rig, standing, &trusted).await;
        let mut servers = JoinSet::new();
        let public = serve(&mut servers, web::public_router(state.clone()), &trusted).await;
        let admin = serve(&mut servers, web::admin_router(state), &trusted).await;
        let client = Client::builder().no_proxy().user_agent(AGENT).build().unwrap();
        Self { rig, public, admin, client, _servers: servers }
    }

    /// The path of the link that a cell was mailed.
    pub fn link(&self, cell: &str) -> String {
        let letters = self.rig.mailer.letters();
        let letter = letters.iter().rev().find(|letter| letter.unit.as_str() == cell).unwrap();
        letter.link.as_deref().unwrap().strip_prefix("https://vanthu.example").unwrap().to_owned()
    }

    /// What the mail says to type.
    pub fn challenge(&self, cell: &str) -> String {
        let letters = self.rig.mailer.letters();
        letters.iter().find(|letter| letter.unit.as_str() == cell).unwrap().challenge.clone().unwrap()
    }

    /// A request to the public listener.
    pub fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.public))
    }

    /// A page of the public listener.
    pub async fn get(&self, path: &str) -> (u16, String) {
        told(self.ask(Method::GET, path).send().await.unwrap()).await
    }

    /// A page of the admin listener.
    pub async fn staff(&self, path: &str) -> (u16, String) {
        told(self.client.get(format!("{}{path}", self.admin)).send().await.unwrap()).await
    }

    /// Opens a cell's page, waits as a reader does, and presses.
    pub async fn read_and_press(&self, cell: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let stamp = self.stamp(cell).await;
        self.wait(20);
        self.press(cell, &stamp, fields).await
    }

    /// The note of a cell's page.
    pub async fn stamp(&self, cell: &str) -> String {
        let (_, html) = self.get(&self.link(cell)).await;
        let rest = html.split_once("name=\"stamp\" value=\"").unwrap().1;
        rest.split_once('"').unwrap().0.to_owned()
    }

    /// Presses, with the page's note.
    pub async fn press(&self, cell: &str, stamp: &str, fields: &[(&str, &str)]) -> (u16, String) {
        told(self.form(&self.link(cell), stamp, fields).send().await.unwrap()).await
    }

    /// A press, not yet sent.
    pub fn form(&self, path: &str, stamp: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.append_pair("stamp", stamp).extend_pairs(fields);
        self.ask(Method::POST, path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.finish())
    }

    /// Lets time pass.
    pub fn wait(&self, seconds: i64) {
        self.rig.clock.advance_to(self.rig.clock.now() + chrono::Duration::seconds(seconds));
    }

    /// A cell's row.
    pub async fn row(&self, cell: &str) -> Obligation {
        let rows = self.rig.store.obligations(DocumentId(1), false).await.unwrap();
        rows.into_iter().find(|row| row.obligation.cell.as_str() == cell).unwrap().obligation
    }

    /// How many pieces of evidence there are for a row.
    pub async fn evidence(&self, id: ObligationId) -> usize {
        self.rig.store.answers(id).await.unwrap().len()
    }

    /// Everything the register says of the directive and its cells, for comparison.
    pub async fn register(&self) -> String {
        let store = &self.rig.store;
        let rows = store.obligations(DocumentId(1), true).await.unwrap();
        let mut answers = Vec::new();
        for row in &rows {
            answers.extend(store.answers(row.obligation.id).await.unwrap());
        }
        format!("{rows:#?}\n{answers:#?}\n{:#?}", store.journal(None, 0, 0).await.unwrap())
    }

    /// How long the journal is.
    pub async fn journal(&self) -> usize {
        self.rig.store.journal(None, 0, 0).await.unwrap().len()
    }
}

/// Status and text of an answer.
pub async fn told(response: Response) -> (u16, String) {
    (response.status().as_u16(), response.text().await.unwrap())
}
