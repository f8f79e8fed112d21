//! Wiring: from checked settings to the daemon's parts. Adapters take their own plain options; here,
//! and only here, settings are turned into them.

use std::sync::Arc;

use anyhow::Context as _;
use aws_lc_rs::{hmac, rand::SystemRandom};
use chrono::{DateTime, NaiveDate, Utc};
use secrecy::ExposeSecret as _;
use tokio::sync::{Notify, watch};

mod axis;
mod inbox;
mod register;
mod room;
mod sources;

use super::backup;
use super::daemon::{Daemon, Polling};
use super::eyes;
use super::servers::Servers;
use super::share::Share;
use super::space::Space;
use crate::app::office::Office;
use crate::app::policy::Policy;
use crate::app::ports::{Abilities, Clock, Reader, Store};
use crate::app::report::Weekly;
use crate::config::settings::{self, AtOnce, Settings, SourceSettings, Statuses};
use crate::config::{self, Loaded};
use crate::domain::calendar::Calendar;
use crate::domain::document::Urgency;
use crate::domain::ids::SourceId;
use crate::domain::operation::Handling;
use crate::domain::retry::Waits;
use crate::domain::schedule::Schedule;
use crate::domain::sending::{Pace, SafeList, Sending};
use crate::domain::status::{Voice, Voices};
use crate::domain::token::{Keyring, SigningKey};
use crate::mail::Post;
use crate::mail::compose::ComposeOptions;
use crate::mail::dkim::DkimOptions;
use crate::mail::transport::{Login, Security, SmtpOptions, TransportOptions};
use crate::render::mail::{Office as Letterhead, Template};
use crate::render::pages::Pages;
use crate::store::files;
use crate::web::metrics::Metrics;
use crate::web::{self, Standing, State};

use inbox::answers;
pub use inbox::inbox;
pub use register::{common_clock, last_written, own, reader, rebuild, serve, share, visit};
pub use room::Room;
use sources::beat;
pub(crate) use sources::fields;
pub use sources::sources;

/// The office's files as the use cases see them.
pub fn office(settings: &Settings, files: &config::Office) -> Office {
    Office {
        name: settings.office.name.clone(),
        phone: settings.office.phone.clone(),
        units: files.units.clone(),
        calendar: files.calendar.clone(),
        ruleset: files.ruleset.clone(),
    }
}

/// Settings and an office that are known to be good, as if they had just been read together.
pub fn loaded(settings: Settings, office: config::Office) -> Loaded {
    Loaded { settings, office, shown: Vec::new(), warnings: config::Report::default() }
}

/// Where the contents of attachments are kept.
pub fn files(settings: &Settings) -> Arc<files::Folder> {
    Arc::new(files::Folder::new(settings.store.files()))
}

/// Everything put together over the register.
///
/// # Errors
/// What cannot be set up, in words for ops.
pub async fn daemon(loaded: &Loaded, store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> anyhow::Result<Daemon> {
    let now = clock.now();
    let mut tx = store.begin().await?;
    tx.recover(now).await?;
    let admitted = tx.admit(&SafeList::new(loaded.settings.mail.domains.iter().cloned()), now).await?;
    tx.commit().await?;
    if admitted > 0 {
        tracing::info!(admitted, "đã cho gửi các thư bị giữ vì tên miền, nay có trong mail.domains");
    }
    let files = files(&loaded.settings);
    // What another instance is writing is not left over.
    let is_alone = store.instances().await?.is_empty();
    match if is_alone { files.recover() } else { Ok(0) } {
        Ok(0) => {}
        Ok(left) => tracing::info!(left, "đã bỏ các tệp đính kèm mà lần chạy trước ghi dở"),
        // Its disk fails: whoever brings files is told so, and everything else goes on.
        Err(error) => tracing::error!(%error, "chưa dọn được tệp đính kèm mà lần chạy trước ghi dở"),
    }
    let policy = policy(loaded, store.as_ref()).await?;
    let zone = loaded.office.calendar.zone;
    let (post, faults) = post(loaded)?;
    for fault in faults {
        tracing::warn!(%fault, "mẫu thư bị lỗi; dùng mẫu có sẵn");
    }
    let sources = sources(loaded, &clock, &Room::own(&loaded.settings))?;
    let names: Vec<_> = sources.iter().map(|polling| polling.source.id().as_str()).collect();
    let metrics = Metrics::new(&names);
    let office = office(&loaded.settings, &loaded.office);
    metrics.shadowed(loaded.settings.mail.shadow.is_some());
    metrics.reloaded(&office.ruleset.hash, covered_until(&office.calendar), now);
    Ok(Daemon {
        store,
        mailer: Arc::new(post),
        owner: loaded.settings.office.rules_owner.clone(),
        chase: Schedule::parse(&loaded.settings.schedule.chase, zone)?,
        weekly: weekly(&loaded.settings.weekly)?,
        office: watch::Sender::new(Arc::new(office)),
        policy: Arc::new(policy),
        metrics: Arc::new(metrics),
        standing: watch::Sender::new(Standing { banners: shadowed(&loaded.settings), ..Standing::default() }),
        instance: instance()?,
        share: Arc::new(Share::alone()),
        space: Space::default(),
        sources,
        heartbeat: loaded
            .settings
            .heartbeat
            .url
            .as_ref()
            .map(|url| beat("heartbeat.url", url))
            .transpose()?,
        files,
        answers: answers(&loaded.settings)?,
        witness: eyes::eyes(&loaded.settings)?,
        clock,
        bell: Notify::new(),
        upstream: Notify::new(),
    })
}

/// Who gets the table of the week.
fn weekly(weekly: &settings::Weekly) -> anyhow::Result<Weekly> {
    let hour = settings::hour(&weekly.at).context("weekly.at: cần giờ dạng 07:30")?;
    Ok(Weekly { to: weekly.to.clone(), day: weekly.day.into(), hour })
}

/// What staff must know first while the office tries things out.
fn shadowed(settings: &Settings) -> Vec<String> {
    let banner = |to: &String| {
        format!("CHẠY THỬ: mọi thư gửi tới {to}, chi bộ không nhận được thư nào (mail.shadow).")
    };
    settings.mail.shadow.iter().map(banner).collect()
}

/// A name no other start has.
fn instance() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 8];
    aws_lc_rs::rand::SecureRandom::fill(&SystemRandom::new(), &mut bytes)
        .map_err(|_| anyhow::anyhow!("hệ điều hành không cho số ngẫu nhiên"))?;
    Ok(data_encoding::HEXLOWER.encode(&bytes))
}

/// How mails and links are made by these settings over this register.
///
/// # Errors
/// A setting that cannot work, naming its key; the store's.
pub async fn policy(loaded: &Loaded, store: &dyn Reader) -> anyhow::Result<Policy> {
    let settings = &loaded.settings;
    let keys = settings.web.link_keys.iter();
    let keys =
        keys.map(|key| SigningKey::new(&key.id, key.secret.value.expose_secret().as_bytes())).collect();
    Ok(Policy {
        domain: mail_domain(settings)?,
        secret: hmac::Key::new(hmac::HMAC_SHA256, &store.meta().await?.secret),
        keyring: Keyring::new(keys).context("web.link_keys: cần ít nhất một khoá")?,
        public_url: settings.web.public_url.trim_end_matches('/').to_owned(),
        link_life: settings.web.link_life,
        waits: Waits(settings.mail.waits.clone()),
        any_hour: settings.mail.any_hour,
        show_subject: settings.mail.show_subject,
        stop_words: settings.mail.stop_words.clone(),
        sending: sending(settings),
        voices: voices(settings),
        operations: handling(settings),
        digest: settings::hour(&settings.digest.at).filter(|_| settings.digest.enabled),
    })
}

/// When mails may leave, and to whom.
fn sending(settings: &Settings) -> Sending {
    let mail = &settings.mail;
    let hosts = mail.pace.hosts.iter().map(|(domain, rate)| (domain.to_ascii_lowercase(), *rate));
    Sending {
        at_once: match mail.at_once {
            AtOnce::Express => Urgency::Express,
            AtOnce::VeryUrgent => Urgency::VeryUrgent,
            AtOnce::Urgent => Urgency::Urgent,
        },
        pace: Pace {
            mailbox: mail.pace.mailbox,
            host: mail.pace.host,
            hosts: hosts.collect(),
            relay: mail.pace.relay,
        },
        safe: SafeList::new(mail.domains.iter().cloned()),
        shadow: mail.shadow.clone(),
        language: mail.language,
    }
}

/// What may be told upstream by itself, for each source that takes statuses.
pub fn voices(settings: &Settings) -> Voices {
    let voice = |source: &SourceSettings| {
        let Statuses { codes, fold } = source.statuses()?;
        Some((SourceId(source.id().to_owned()), Voice { codes, fold, except: except(source) }))
    };
    settings.sources.iter().filter_map(voice).collect()
}

/// What of a source takes no status: iOffice's directives are messages, not documents in a register.
fn except(source: &SourceSettings) -> Option<&'static str> {
    match source {
        SourceSettings::Ioffice(_) => Some(crate::source::ioffice::DIRECTIVES),
        SourceSettings::Vxp(_) | SourceSettings::Lgsp(_) | SourceSettings::Folder(_) => None,
    }
}

/// How operations and second origins are handled; sources that `order` leaves out follow in the order of the file.
fn handling(settings: &Settings) -> Handling {
    let operations = &settings.operations;
    let mut order: Vec<SourceId> = operations.order.iter().map(|id| id.as_str().into()).collect();
    for source in &settings.sources {
        let id = SourceId::from(source.id());
        if !order.contains(&id) {
            order.push(id);
        }
    }
    Handling {
        material: operations.material.clone(),
        tells_small: operations.small == settings::Small::Mail,
        organs: operations.organs.clone(),
        order,
        wait: operations.wait,
    }
}

/// Right-hand side of Message-IDs: the sender's domain.
///
/// # Errors
/// A sender without one; names the key.
pub(super) fn mail_domain(settings: &Settings) -> anyhow::Result<String> {
    let domain = settings.mail.from.rsplit_once('@').map(|(_, domain)| domain.trim_end_matches('>'));
    Ok(domain.context("mail.from: thiếu tên miền")?.trim().to_owned())
}

/// The way out, with what is wrong with template overrides.
///
/// # Errors
/// A setting that cannot work; names its key.
pub fn post(loaded: &Loaded) -> anyhow::Result<(Post, Vec<crate::render::mail::TemplateFault>)> {
    let compose = letters(&loaded.settings, &loaded.office);
    Ok(Post::new(compose, transport(&loaded.settings.mail.transport))?)
}

/// How letters are composed.
pub(super) fn letters(settings: &Settings, files: &config::Office) -> ComposeOptions {
    let mail = &settings.mail;
    let own = |template: &Template| {
        let text = config::edition::template(&files.edition, template.file())?;
        Some((template.file().to_owned(), text.to_owned()))
    };
    ComposeOptions {
        from: mail.from.clone(),
        reply_to: mail.reply_to.clone(),
        list_id: mail.list_id.clone(),
        tagged: settings.inbox.as_ref().is_some_and(|inbox| inbox.tagged),
        office: Letterhead {
            name: settings.office.name.clone(),
            phone: settings.office.phone.clone(),
            zone: files.calendar.zone,
        },
        shadow: mail.shadow.clone(),
        // Whoever only looks has no key.
        dkim: mail.dkim.as_ref().filter(|dkim| !dkim.key.value.expose_secret().is_empty()).map(|dkim| {
            DkimOptions {
                domain: dkim.domain.clone().or_else(|| mail_domain(settings).ok()).unwrap_or_default(),
                selector: dkim.selector.clone(),
                key: dkim.key.value.clone(),
            }
        }),
        templates: Template::ALL.iter().filter_map(own).collect(),
    }
}

pub(super) fn security(tls: settings::Tls) -> Security {
    match tls {
        settings::Tls::Implicit => Security::Implicit,
        settings::Tls::Starttls => Security::StartTls,
        settings::Tls::Plain => Security::Plain,
    }
}

fn transport(transport: &settings::Transport) -> TransportOptions {
    let smtp = match transport {
        settings::Transport::File { folder } => return TransportOptions::Folder(folder.clone()),
        settings::Transport::Smtp(smtp) => smtp,
    };
    let login = smtp.username.clone().zip(smtp.password.as_ref().map(|secret| secret.value.clone()));
    TransportOptions::Smtp(SmtpOptions {
        host: smtp.host.clone(),
        port: smtp.port,
        security: security(smtp.tls),
        login: login.map(|(username, password)| Login { username, password }),
        ca_file: smtp.ca_file.clone(),
        sessions: smtp.sessions,
        command_timeout: smtp.command_timeout,
        dot_timeout: smtp.dot_timeout,
        hello: smtp.hello.clone(),
    })
}

/// The first instant that no confirmed year covers.
pub fn covered_until(calendar: &Calendar) -> Option<DateTime<Utc>> {
    let confirmed = calendar.years.iter().filter(|(_, year)| !year.draft);
    let last = confirmed.map(|(number, _)| number).next_back()?;
    Some(calendar.end_of_day(NaiveDate::from_ymd_opt(*last, 12, 31)?))
}

/// What the pages work with.
///
/// # Errors
/// A page template of this program is broken.
pub fn state(loaded: &Loaded, daemon: &Arc<Daemon>) -> anyhow::Result<State> {
    let (office, standing) = (daemon.clone(), daemon.clone());
    let settings = loaded.settings.clone();
    Ok(State {
        store: daemon.store.clone(),
        clock: daemon.clock.clone(),
        office: Arc::new(move || office.office()),
        standing: Arc::new(move || Standing {
            backups: backup::stand(&settings),
            room: standing.space.room(),
            ..standing.standing.borrow().clone()
        }),
        policy: daemon.policy.clone(),
        keyring: Arc::new(daemon.policy.keyring.clone()),
        secret: daemon.policy.secret.clone(),
        voices: Arc::new(daemon.policy.voices.clone()),
        memory: Arc::default(),
        offered: Arc::default(),
        pages: Arc::new(Pages::new()?),
        metrics: daemon.metrics.clone(),
        sources: abilities(&daemon.sources),
        trusted_proxies: loaded.settings.web.trusted_proxies.clone().into(),
    })
}

/// What each source can and cannot do, in the order of the settings.
pub fn abilities(sources: &[Polling]) -> Arc<[(SourceId, Abilities)]> {
    sources.iter().map(|polling| (polling.source.id().clone(), polling.source.abilities())).collect()
}

/// The pages: for cells on one address, for staff and ops on another.
///
/// # Errors
/// An address that cannot be bound; says which.
pub async fn servers(loaded: &Loaded, daemon: &Arc<Daemon>) -> anyhow::Result<Servers> {
    let (settings, state) = (&loaded.settings, state(loaded, daemon)?);
    let routers = vec![
        (settings.web.listen, web::public_router(state.clone())),
        (settings.admin.listen, web::admin_router(state.clone())),
    ];
    Servers::bind(routers, state.trusted_proxies).await
}
