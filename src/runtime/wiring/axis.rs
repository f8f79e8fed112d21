//! From settings to the options of the two axes.

use std::path::Path;

use crate::config::{Loaded, settings};
use crate::domain::ids::SourceId;
use crate::source::axis::Reach;
use crate::source::{lgsp, vxp};

/// Options of the national axis.
pub(super) fn vxp(source: &settings::Vxp, loaded: &Loaded, folder: &Path) -> vxp::Options {
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
            folder: folder.to_owned(),
        },
        system_id: source.system_id.clone(),
        secret: source.secret.value.clone(),
        organ: source.organ.clone(),
        organ_name: loaded.settings.office.name.clone(),
    }
}

/// Options of a provincial axis.
pub(super) fn lgsp(source: &settings::Lgsp, loaded: &Loaded, folder: &Path) -> lgsp::Options {
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
            folder: folder.to_owned(),
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
