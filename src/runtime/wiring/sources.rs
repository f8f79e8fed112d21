//! The sources and what is taken care of when they are read.

use std::sync::Arc;

use chrono::{Duration, NaiveTime};

use crate::app::ingest::{Care, Overlap};
use crate::app::ports::{Clock, Source};
use crate::config::Loaded;
use crate::config::secret::Secret;
use crate::config::settings::{self, Settings, SourceSettings};
use crate::domain::brake::Baseline;
use crate::domain::ids::SourceId;
use crate::domain::schedule::Schedule;
use crate::runtime::daemon::Polling;
use crate::source::folder::{Folder, Hand, Options as FolderOptions};
use crate::source::heartbeat::Heartbeat;
use crate::source::ioffice::{Directives, FieldMap, Ioffice, Options, StatusesBy, Unmarked};
use crate::source::lgsp::Lgsp;
use crate::source::vxp::Vxp;

use super::{Room, axis};

/// Seconds of a day.
const DAY: u64 = 24 * 60 * 60;

/// How long a source that refused our password is left alone.
pub(super) const AFTER_REFUSAL: Duration = Duration::minutes(30);

/// What lies in a folder is listed until it is dealt with: nothing of it is read again on a whim.
const ONCE: Overlap =
    Overlap { window: Duration::zero(), recheck: Duration::days(36_500), after_refusal: AFTER_REFUSAL };

/// The configured sources with their schedules; nothing is asked yet.
///
/// # Errors
/// A setting that cannot work; names its key.
pub fn sources(loaded: &Loaded, clock: &Arc<dyn Clock>, room: &Room) -> anyhow::Result<Vec<Polling>> {
    let zone = loaded.office.calendar.zone;
    let polling = |settings: &SourceSettings| {
        let schedule = Schedule::parse(settings.poll(), zone)?;
        let (source, overlap): (Arc<dyn Source>, _) = match settings {
            SourceSettings::Ioffice(ioffice) => {
                let overlap = Overlap {
                    window: Duration::from_std(ioffice.overlap)?,
                    recheck: Duration::from_std(ioffice.recheck)?,
                    after_refusal: AFTER_REFUSAL,
                };
                (Arc::new(Ioffice::new(options(ioffice, zone))?), overlap)
            }
            SourceSettings::Folder(folder) => {
                let options = folder_options(folder, zone, room.hand)?;
                (Arc::new(Folder::new(options, clock.clone(), room.files.clone())), ONCE)
            }
            SourceSettings::Vxp(vxp) => {
                let source = Vxp::new(axis::vxp(vxp, loaded, room), clock.clone(), room.files.clone())?;
                (Arc::new(source), axis::overlap(vxp.recheck)?)
            }
            SourceSettings::Lgsp(lgsp) => {
                let source = Lgsp::new(axis::lgsp(lgsp, loaded, room), clock.clone(), room.files.clone())?;
                (Arc::new(source), axis::overlap(lgsp.recheck)?)
            }
        };
        let (care, heartbeat) = (care(loaded, settings)?, heartbeat(&loaded.settings, settings.id())?);
        Ok(Polling { source, schedule, overlap, care, heartbeat })
    };
    loaded.settings.sources.iter().map(polling).collect()
}

fn folder_options(
    folder: &settings::Folder,
    zone: chrono_tz::Tz,
    hand: Hand,
) -> anyhow::Result<FolderOptions> {
    Ok(FolderOptions {
        id: SourceId(folder.id.clone()),
        path: folder.path.clone(),
        rest: Duration::from_std(folder.rest)?,
        kinds: folder.kinds.clone(),
        open_marks: folder.open_marks.clone(),
        hand,
        zone,
    })
}

/// What is taken care of when a source is read. What lies in a folder at the first look was put there to be
/// read, and is no baseline.
fn care(loaded: &Loaded, source: &SourceSettings) -> anyhow::Result<Care> {
    let (brake, calendar) = (&loaded.settings.brake, &loaded.office.calendar);
    let quiet_after = Duration::from_std(loaded.settings.watch.quiet_after(source.id()))?;
    Ok(Care {
        directives: brake.directives,
        mails: brake.mails,
        baseline: if matches!(source, SourceSettings::Folder(_)) { Baseline::Mail } else { brake.baseline },
        baseline_from: brake.baseline_from.map(|day| calendar.instant(day, NaiveTime::MIN)),
        quiet_after: Some(quiet_after).filter(|hours| !hours.is_zero()),
        owner: loaded.settings.office.rules_owner.clone(),
    })
}

fn heartbeat(settings: &Settings, source: &str) -> anyhow::Result<Option<Heartbeat>> {
    let own = settings.heartbeat.sources.iter().find(|own| own.id == source);
    own.map(|own| beat("heartbeat.source", &own.url)).transpose()
}

pub(super) fn beat(key: &'static str, url: &Secret) -> anyhow::Result<Heartbeat> {
    Heartbeat::new(url.value.clone()).map_err(|reason| anyhow::anyhow!("{key}: {reason}"))
}

fn options(ioffice: &settings::Ioffice, zone: chrono_tz::Tz) -> Options {
    Options {
        id: SourceId(ioffice.id.clone()),
        url: ioffice.url.clone(),
        username: ioffice.username.clone(),
        password: ioffice.password.value.clone(),
        login: ioffice.login.clone(),
        posts: ioffice.posts.clone(),
        lists: ioffice.lists.clone(),
        kho: ioffice.kho.clone(),
        page_size: ioffice.page_size,
        open_marks: ioffice.open_marks.clone(),
        ca_file: ioffice.ca_file.clone(),
        connect_timeout: ioffice.connect_timeout,
        request_timeout: ioffice.request_timeout,
        body_limit: ioffice.body_limit,
        pace: ioffice.pace,
        retry_wait: Options::RETRY_WAIT,
        directives: match ioffice.directives {
            settings::Directives::Off => Directives::Off,
            settings::Directives::Received => Directives::Received,
            settings::Directives::Sent => Directives::Sent,
            settings::Directives::Both => Directives::Both,
        },
        unmarked: match ioffice.unmarked_directives {
            settings::Unmarked::Withhold => Unmarked::Withhold,
            settings::Unmarked::Open => Unmarked::Open,
        },
        compare_days: u32::try_from(ioffice.compare.as_secs() / DAY).unwrap_or(u32::MAX),
        fields: fields(&ioffice.fields),
        statuses_by: ioffice.statuses_by.map(|by| match by {
            settings::StatusesBy::Comment => StatusesBy::Comment,
            settings::StatusesBy::Integration => StatusesBy::Integration,
        }),
        zone,
    }
}

/// What a tenant calls its fields.
pub(crate) fn fields(names: &settings::FieldNames) -> FieldMap {
    let settings::FieldNames {
        symbol,
        subject,
        kind,
        issuer,
        signer,
        issued,
        received,
        due,
        urgency,
        secrecy,
        field,
        content,
    } = names.clone();
    FieldMap {
        symbol,
        subject,
        kind,
        issuer,
        signer,
        issued,
        received,
        due,
        urgency,
        secrecy,
        field,
        content,
    }
}
