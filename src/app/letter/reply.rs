//! What a letter has to say about an answer of its cell: what became of a request, a press that was not
//! counted, a promise that was not kept.

use chrono::NaiveDate;

use super::Asked;
use crate::app::ports::{self, Claimed, Reader, StoreError, Verdict};
use crate::domain::notice::{NoticeKind, Reply, confirms, requested};
use crate::domain::obligation::Obligation;

/// What there is to say, or why the letter is no longer wanted.
pub(super) enum Said {
    /// Nothing.
    Nothing,
    /// This.
    Reply(Reply),
    /// It was overtaken.
    Needless(&'static str),
}

/// What a claimed notice has to say about answers.
pub(super) async fn said(
    store: &dyn Reader,
    claimed: &Claimed,
    asked: &[Asked<'_>],
    today: NaiveDate,
) -> Result<Said, StoreError> {
    if let Some(id) = requested(&claimed.key.step) {
        let request = store.request(id).await?;
        return Ok(request.map_or(Said::Nothing, |request| decided(&request)));
    }
    if let Some(id) = confirms(&claimed.key.step) {
        let doubts = store.doubts(Some(claimed.document)).await?;
        let doubt = doubts.iter().find(|doubt| doubt.obligation == id);
        return Ok(doubt.map_or(Said::Needless("chi bộ đã trả lời"), |doubt| {
            Said::Reply(Reply::Doubted { at: doubt.first })
        }));
    }
    let tells = matches!(claimed.key.kind, NoticeKind::Reminder | NoticeKind::Chase);
    let meant = asked.iter().filter(|asked| tells && asked.is_meant);
    let lapsed = |row: &Obligation| row.lapsed(today);
    Ok(meant
        .filter_map(|asked| lapsed(asked.row))
        .min()
        .map_or(Said::Nothing, |promised| Said::Reply(Reply::Lapsed { promised })))
}

fn decided(request: &ports::RequestRow) -> Said {
    let why = request.why.clone();
    match (request.verdict, &request.asks) {
        (Some(Verdict::Granted), ports::Asked::MoreTime { until }) => {
            Said::Reply(Reply::Granted { until: request.given.unwrap_or(*until), before: request.due, why })
        }
        (Some(Verdict::Refused), ports::Asked::MoreTime { until }) => {
            Said::Reply(Reply::Refused { asked: *until, why })
        }
        (Some(Verdict::Refused), ports::Asked::Declined { .. }) => Said::Reply(Reply::HandedBack { why }),
        _ => Said::Nothing,
    }
}
