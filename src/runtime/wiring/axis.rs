//! From settings to the options of the two axes.

use std::time::Duration;

use chrono::TimeDelta;

use super::Room;
use super::sources::AFTER_REFUSAL;
use crate::app::ingest::Overlap;
use crate::config::{Loaded, settings};
use crate::domain::ids::SourceId;
use crate::source::axis::Reach;
use crate::source::folder::Hand;
use crate::source::{lgsp, vxp};

/// Options of the national axis.
pub(super) fn vxp(source: &settings::Vxp, loaded: &Loaded, room: &Room) -> vxp::Options {
    vxp::Options {
        reach: Reach {
            id: SourceId(source.id.clone()),
            url: source.url.clone(),
            plain_http: source.plain_http,
            ca_file: source.ca_file.clone(),
            connect_timeout: source.connect_timeout,
            request_timeout: source.request_timeout,
            body_limit: source.body_limit,
            message_limit: source.message_limit,
            pace: source.pace,
            retry_wait: Reach::RETRY_WAIT,
            zone: loaded.office.calendar.zone,
            folder: room.folder.clone(),
            scratch: room.scratch.clone(),
            renews: room.hand == Hand::Takes,
        },
        system_id: source.system_id.clone(),
        secret: source.secret.value.clone(),
        organ: source.organ.clone(),
        organ_name: loaded.settings.office.name.clone(),
    }
}

/// Options of a provincial axis.
pub(super) fn lgsp(source: &settings::Lgsp, loaded: &Loaded, room: &Room) -> lgsp::Options {
    lgsp::Options {
        reach: Reach {
            id: SourceId(source.id.clone()),
            url: source.url.clone(),
            plain_http: false,
            ca_file: source.ca_file.clone(),
            connect_timeout: source.connect_timeout,
            request_timeout: source.request_timeout,
            body_limit: source.body_limit,
            message_limit: source.message_limit,
            pace: source.pace,
            retry_wait: Reach::RETRY_WAIT,
            zone: loaded.office.calendar.zone,
            folder: room.folder.clone(),
            scratch: room.scratch.clone(),
            renews: room.hand == Hand::Takes,
        },
        username: source.username.clone(),
        password: source.password.value.clone(),
        application_code: source.application_code.clone(),
        system_id: source.system_id.clone(),
        secret_key: source.secret_key.value.clone(),
        organ: source.organ.clone(),
        organ_name: loaded.settings.office.name.clone(),
        window: source.window,
        sweep: source.sweep,
    }
}

/// What is still listed and was withheld or could not be read is read again, however old it is.
pub(super) fn overlap(recheck: Duration) -> anyhow::Result<Overlap> {
    let recheck = TimeDelta::from_std(recheck)?;
    Ok(Overlap { window: TimeDelta::days(36_500), recheck, after_refusal: AFTER_REFUSAL })
}
