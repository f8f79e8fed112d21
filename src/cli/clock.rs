//! `clock`: the time that the daemon goes by, and a person's word that the machine's clock is right.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Exit, Place, print, reload};
use crate::app::timekeeping;
use crate::domain::reckoning::Doubt;
use crate::runtime::control::{self, Question, Reply};

/// How long the daemon may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// `clock`
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Giờ dịch vụ đang dùng, và có tin giờ của máy không
    Show {
        /// In dạng JSON
        #[arg(long)]
        json: bool,
    },
    /// Xác nhận giờ của máy là đúng, tiếp tục nhắc việc
    Trust,
}

/// How the clock stands.
#[derive(Debug, Serialize)]
struct Shown {
    /// The time that the daemon goes by.
    now: DateTime<Utc>,
    /// Why whoever sets it is not believed.
    doubt: Option<Doubt>,
}

pub(super) async fn run(place: &Place, verb: &Verb) -> anyhow::Result<Exit> {
    let Some(loaded) = place.in_force().await else { return Ok(Exit::Configuration) };
    let question = match verb {
        Verb::Show { .. } => Question::Clock,
        Verb::Trust => Question::Trust { author: place.actor() },
    };
    let shown = match control::ask(&loaded.settings.admin.control, &question, PATIENCE).await {
        Ok(Reply::Clock { now, doubt }) => Shown { now, doubt },
        Ok(Reply::Fault { reason }) => {
            print::error(&reason);
            return Ok(Exit::Failed);
        }
        Ok(Reply::Settled(_) | Reply::Taken) => return Ok(reload::strange()),
        Err(unanswered) => return Ok(reload::unanswered(&unanswered)),
    };
    if matches!(verb, Verb::Show { json: true }) {
        print::json(&shown)?;
        return Ok(Exit::Done);
    }
    let calendar = &loaded.office.calendar;
    let time = shown.now.with_timezone(&calendar.zone).format("%H:%M:%S ngày %d/%m/%Y");
    print::text(&format!("Giờ vanthu đang dùng: {time}"));
    print::text(&match &shown.doubt {
        Some(doubt) => format!("{}.", timekeeping::sentence(doubt, calendar)),
        None => "Giờ của máy được tin; nhắc việc chạy bình thường.".to_owned(),
    });
    Ok(Exit::Done)
}
