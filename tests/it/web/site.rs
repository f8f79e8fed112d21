//! Both listeners over a rig.

use std::sync::Arc;

use aws_lc_rs::hmac;
use reqwest::{Client, Method, RequestBuilder, Response};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use vanthu::app::acknowledge::Memory;
use vanthu::app::ports::Clock;
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::ids::{DocumentId, ObligationId};
use vanthu::domain::obligation::Obligation;
use vanthu::render::pages::Pages;
use vanthu::web::metrics::Metrics;
use vanthu::web::{self, Standing, State};

use crate::support::rig::{Rig, local};

/// The pages of a rig whose three mails were sent on Monday 2026-03-02 at 09:00.
pub struct Site {
    pub rig: Rig,
    pub public: String,
    pub admin: String,
    pub client: Client,
    _servers: JoinSet<std::io::Result<()>>,
}

/// One directive for four cells, three of them with a mailbox.
pub async fn site() -> Site {
    let rig = Rig::at("2026-03-02 09:00").await;
    let mut document =
        FakeDocument::new(1, "0612-KH/ĐUK", "Sinh hoạt chuyên đề quý I", local("2026-03-02 08:40"));
    document.due = "2026-03-13".parse().ok();
    rig.ioffice.put(document);
    rig.poll().await.unwrap();
    rig.send().await;
    let state = state(&rig).await;
    let mut servers = JoinSet::new();
    let public = serve(&mut servers, web::public_router(state.clone())).await;
    let admin = serve(&mut servers, web::admin_router(state)).await;
    let client = Client::builder().no_proxy().build().unwrap();
    Site { rig, public, admin, client, _servers: servers }
}

async fn state(rig: &Rig) -> State {
    let office = Arc::new(rig.office.clone());
    let banners = vec!["DỮ LIỆU GIẢ".to_owned()];
    State {
        store: rig.store.clone(),
        clock: rig.clock.clone(),
        office: Arc::new(move || office.clone()),
        standing: Arc::new(move || Standing { banners: banners.clone(), mail_trouble: None }),
        keyring: Arc::new(rig.policy.keyring.clone()),
        secret: hmac::Key::new(hmac::HMAC_SHA256, &rig.store.meta().await.unwrap().secret),
        memory: Arc::new(Memory::default()),
        pages: Arc::new(Pages::new().unwrap()),
        metrics: Arc::new(Metrics::new(&["ioffice"])),
        trusted_proxies: Arc::from([]),
    }
}

async fn serve(servers: &mut JoinSet<std::io::Result<()>>, router: axum::Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    servers.spawn(web::serve(listener, router, Arc::from([]), std::future::pending()));
    format!("http://{address}")
}

impl Site {
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

    /// How long the journal is.
    pub async fn journal(&self) -> usize {
        self.rig.store.journal(None, 0, 0).await.unwrap().len()
    }
}

/// Status and text of an answer.
pub async fn told(response: Response) -> (u16, String) {
    (response.status().as_u16(), response.text().await.unwrap())
}
