//! Mail out, against real servers and against one that lies.

mod dkim;
mod evil;
mod fuzz;
mod headers;
mod keep;
mod limits;

pub mod dovecot;
pub mod pki;
pub mod postfix;
mod real_postfix;
mod script;
mod sent;
mod shadow;
mod sink;

use std::sync::LazyLock;
use std::time::Duration;

use vanthu::app::ports::{Clearance, Mailer, SendOutcome};
use vanthu::domain::notice::Letter;
use vanthu::mail::Post;
use vanthu::mail::compose::{ComposeOptions, Mail};
use vanthu::mail::transport::{Outbox, Security, SmtpOptions, TransportOptions};
use vanthu::render::mail::{sample_office, samples};

use crate::support::net::{free_port, wait_for};

/// The first notice of the samples, to a mailbox.
fn letter_to(address: &str) -> Letter {
    Letter { to: address.to_owned(), ..samples().swap_remove(0) }
}

pub(crate) fn compose_options() -> ComposeOptions {
    ComposeOptions {
        from: "Văn thư Đảng uỷ Khối <vanthu@khoi.example>".to_owned(),
        reply_to: Some("Văn thư <vanthu@khoi.example>".to_owned()),
        list_id: "chi-dao.khoi.example".to_owned(),
        tagged: false,
        office: sample_office(),
        shadow: None,
        dkim: None,
        templates: Default::default(),
    }
}

/// A server in clear on this machine, with short patience.
fn plain(port: u16) -> SmtpOptions {
    SmtpOptions {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::Plain,
        login: None,
        ca_file: None,
        sessions: 1,
        command_timeout: Duration::from_secs(5),
        dot_timeout: Duration::from_secs(5),
        hello: Some("vanthu.khoi.example".to_owned()),
    }
}

fn post(transport: TransportOptions) -> Post {
    Post::new(compose_options(), transport).unwrap().0
}

fn smtp(options: SmtpOptions) -> Post {
    post(TransportOptions::Smtp(options))
}

/// Composes one letter as it would leave.
fn composed(letter: &Letter) -> Result<Mail, String> {
    static POST: LazyLock<Post> = LazyLock::new(|| post(TransportOptions::Memory(Outbox::default())));
    POST.composer().compose(letter).map_err(|error| error.to_string())
}

/// The outcome as a word, for tables.
fn word(outcome: &SendOutcome) -> &'static str {
    match outcome {
        SendOutcome::Sent { .. } => "sent",
        SendOutcome::Retry { everyone: true, .. } => "retry all",
        SendOutcome::Retry { everyone: false, .. } => "retry",
        SendOutcome::Failed { .. } => "failed",
        SendOutcome::Ambiguous { .. } => "ambiguous",
    }
}

/// Sends letters one after the other on session 0.
async fn send_all(post: &Post, count: usize) -> Vec<SendOutcome> {
    let mut outcomes = Vec::new();
    for _ in 0..count {
        outcomes.push(post.send(0, &letter_to("chibo1@khoi.example"), Clearance::given()).await);
    }
    outcomes
}
