//! What is odd about a source is mailed to whoever looks after the office: once when it begins, once when it
//! is over. Enqueued in the transaction that records it, sent by the dispatcher.

use chrono::{DateTime, Utc};

use super::Poll;
use crate::app::ports::{About, NewBulletin, PollState, StoreError, Tx};
use crate::domain::bulletin::{SourceNews, message_id};
use crate::domain::watch::{Concern, Odd};

/// Failures in a row before a mail is written: one that the next poll heals is nobody's business.
const PATIENCE: u32 = 3;

/// Enqueues what is new, and remembers that it was told; whether there was anything.
pub(super) async fn tell(
    tx: &mut dyn Tx,
    poll: &Poll<'_>,
    state: &mut PollState,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let news = news(state);
    for news in &news {
        match news.over {
            true => state.watch.told.remove(&news.concern.odd),
            false => state.watch.told.insert(news.concern.odd, news.concern.since),
        };
        let Concern { odd, detail, .. } = &news.concern;
        tracing::warn!(source = %state.source, odd = odd.as_str(), over = news.over, %detail, "tình trạng nguồn đổi");
    }
    let Some(mailbox) = &poll.care.owner else { return Ok(false) };
    for news in &news {
        let state = news.state();
        let bulletin = NewBulletin {
            message_id: message_id(&state, mailbox, &poll.policy.secret, &poll.policy.domain),
            about: About::Source(news.clone(), now),
            state,
            mailbox: mailbox.clone(),
            send_at: now,
        };
        tx.enqueue_bulletin(&bulletin).await?;
    }
    Ok(!news.is_empty())
}

fn news(state: &PollState) -> Vec<SourceNews> {
    let present = state.concerns();
    let lasts = |concern: &&Concern| {
        concern.odd != Odd::Failing || state.failures >= PATIENCE || state.not_before.is_some()
    };
    let begun = present.iter().filter(lasts).filter(|concern| !state.watch.told.contains_key(&concern.odd));
    let begun = begun.map(|concern| (concern.clone(), false));
    let over = state.watch.told.iter().filter(|(odd, _)| !present.iter().any(|concern| concern.odd == **odd));
    let over = over.map(|(odd, since)| (Concern { odd: *odd, since: *since, detail: String::new() }, true));
    let news = |(concern, over)| SourceNews { source: state.source.clone(), concern, over };
    begun.chain(over).map(news).collect()
}
