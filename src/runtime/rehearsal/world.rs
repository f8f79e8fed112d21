//! The world: document system, mail server, mailboxes, people.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{Addresses, Options, Places};
use crate::app::ports::Clock as _;
use crate::demo::ioffice::{
    FakeDirective, FakeDocument, FakeFile, FakeIoffice, FakeList, FakeReceiver, Setup,
};
use crate::demo::mailboxes::Mailboxes;
use crate::demo::papers::{self, Directive, List, Paper};
use crate::demo::people::{Action, People};
use crate::demo::{mailbox, sink};
use crate::runtime::clock::DemoClock;

/// A cell whose mailbox no longer exists, so that a real refusal can be seen.
pub(super) const GONE: &str = "cb-hoi-luat-gia-tinh";

/// Everything outside vanthu.
pub(super) struct World {
    pub(super) papers: Vec<Paper>,
    pub(super) mailboxes: Arc<Mailboxes>,
    ioffice: FakeIoffice,
    people: People,
    client: reqwest::Client,
    read_to: u64,
    smtp: SocketAddr,
    web: SocketAddr,
    page: SocketAddr,
    stop: CancellationToken,
    _servers: JoinSet<()>,
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl World {
    pub(super) async fn open(options: Options, clock: Arc<DemoClock>) -> anyhow::Result<Self> {
        let papers = papers::papers(options.end, options.seed);
        let shown = clock.clone();
        let now: sink::Now = Arc::new(move || shown.now());
        let setup = Setup {
            documents: papers.iter().map(document).collect(),
            directives: papers::directives(options.end).into_iter().map(directive).collect(),
            ..Setup::default()
        };
        let ioffice = FakeIoffice::start(any_port(), setup, now.clone()).await?;
        let mailboxes = Mailboxes::new();
        let sink = sink::Sink::bind(any_port(), mailboxes.clone(), now).await?;
        sink.faults().refuse(&format!("{GONE}@mau.example"));
        let smtp = sink.local_addr()?;
        let listener = TcpListener::bind(any_port()).await?;
        let page = listener.local_addr()?;
        let router = mailbox::router(mailboxes.clone())?;
        let (stop, mut servers) = (CancellationToken::new(), JoinSet::new());
        let stopped = stop.clone();
        servers.spawn(async move { report(sink.serve(stopped).await) });
        let stopped = stop.clone().cancelled_owned();
        servers.spawn(async move {
            report(axum::serve(listener, router).with_graceful_shutdown(stopped).await);
        });
        Ok(Self {
            papers,
            mailboxes,
            ioffice,
            people: People::new(options.seed),
            client: client()?,
            read_to: 0,
            smtp,
            web: free_port().await?,
            page,
            stop,
            _servers: servers,
        })
    }

    /// What the daemon's files must name.
    pub(super) fn places(&self) -> Places {
        Places { ioffice: self.ioffice.url(), smtp: self.smtp, web: self.web }
    }

    /// Where people can look.
    pub(super) fn addresses(&self, board: SocketAddr) -> Addresses {
        Addresses {
            board: format!("http://{board}/"),
            mailboxes: format!("http://{}/", self.page),
            ioffice: self.ioffice.url(),
        }
    }

    /// The comments under each document, oldest first.
    pub(super) fn comments(&self) -> Vec<(i64, Vec<String>)> {
        let comments = |paper: &Paper| Some((paper.id, self.ioffice.document(paper.id)?.comments));
        self.papers.iter().filter_map(comments).collect()
    }

    /// When somebody wants to act next, whatever new mail brings.
    pub(super) fn next(&self) -> Option<DateTime<Utc>> {
        self.people.next()
    }

    /// Whether a mail lies in a mailbox that nobody has looked at.
    pub(super) fn has_new_mail(&self) -> bool {
        self.mailboxes.taken() > self.read_to
    }

    /// Lets the people read their new mail and do what is due.
    pub(super) async fn act(&mut self, now: DateTime<Utc>) -> Vec<Action> {
        let new = self.mailboxes.since(self.read_to);
        self.read_to = new.last().map_or(self.read_to, |mail| mail.id);
        self.people.act(&self.client, &new, now).await
    }
}

fn report(ended: std::io::Result<()>) {
    if let Err(error) = ended {
        tracing::error!(%error, "một phần của thế giới thử dừng vì lỗi");
    }
}

fn any_port() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}

/// A port that is free now: links must name it before the daemon listens there.
async fn free_port() -> std::io::Result<SocketAddr> {
    TcpListener::bind(any_port()).await?.local_addr()
}

fn client() -> anyhow::Result<reqwest::Client> {
    let builder = reqwest::Client::builder().timeout(Duration::from_secs(30)).no_proxy();
    builder.build().context("không tạo được trình duyệt giả")
}

fn document(paper: &Paper) -> FakeDocument {
    let files = paper.files.iter().map(|file| FakeFile { name: file.name.clone(), size: file.size });
    FakeDocument {
        id: paper.id,
        subject: paper.subject.clone(),
        symbol: paper.symbol.clone(),
        kind_name: paper.kind_name.clone(),
        issuer: paper.issuer.clone(),
        issued: paper.issued,
        received: paper.received,
        due: paper.due,
        urgency: paper.urgency.clone(),
        secrecy: paper.secrecy.clone(),
        signer: paper.signer.clone(),
        field: paper.field.clone(),
        content: paper.content.clone(),
        files: files.collect(),
        comments: Vec::new(),
        list: match paper.list {
            List::Waiting => FakeList::Waiting,
            List::Processed => FakeList::Processed,
            List::Notify => FakeList::Notify,
        },
        post: None,
    }
}

fn directive(directive: Directive) -> FakeDirective {
    let Directive { id, title, html, received, readers } = directive;
    let receivers = readers.into_iter().map(|(unit, address, seen)| FakeReceiver::new(unit, address, seen));
    FakeDirective { receivers: receivers.collect(), ..FakeDirective::new(id, title, html, received) }
}
