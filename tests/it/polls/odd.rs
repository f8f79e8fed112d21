//! What is odd is seen, told once, and over when it is over.

use chrono::TimeDelta;
use vanthu::app::ports::SourceError;
use vanthu::domain::bulletin::News;

use super::upstream::{Desk, Mishap, Paper};
use crate::support::rig::local;

/// A desk with forty documents that were read well.
async fn desk() -> Desk {
    let mut desk = Desk::at("2026-03-02 09:00", 10).await;
    desk.care.owner = Some("quy-tac@mau.example".to_owned());
    desk.put((1..=40).map(|id| Paper::new(id, local("2026-03-02 08:00"))));
    assert!(desk.poll().await.unwrap().good);
    desk
}

/// What the mails that wait say: what is odd, and whether it is over.
async fn mails(desk: &Desk) -> Vec<String> {
    let due = desk.store.due_bulletins(desk.now()).await.unwrap();
    let word = |news| match news {
        News::Source(news) => format!("{}{}", if news.over { "hết " } else { "" }, news.concern.odd.as_str()),
        other => panic!("{other:?}"),
    };
    due.into_iter().map(|due| word(due.bulletin.news)).collect()
}

#[tokio::test]
async fn sudden_emptiness_moves_no_cursor_and_is_told_once() {
    let desk = desk().await;
    let before = desk.state().await;
    for _ in 0..2 {
        desk.pass(TimeDelta::minutes(5));
        desk.mishap(1, Mishap::Empty);
        assert!(!desk.poll().await.unwrap().good);
    }
    let state = desk.state().await;
    assert_eq!((state.cursor, state.good), (before.cursor, before.good), "as if it had not been read");
    assert_eq!(desk.odd().await, ["emptied"]);
    assert_eq!(mails(&desk).await, ["emptied"]);
    desk.pass(TimeDelta::minutes(5));
    assert!(desk.poll().await.unwrap().good);
    assert_eq!(mails(&desk).await, ["emptied", "hết emptied"]);
}

#[tokio::test]
async fn fewer_than_half_is_emptiness_too() {
    let desk = desk().await;
    for id in 1..=21 {
        desk.upstream.shelf.lock().unwrap().remove(id);
    }
    assert!(!desk.poll().await.unwrap().good);
    assert_eq!(desk.odd().await, ["emptied"]);
    // What is left is read again at once, in search of what went.
    desk.pass(TimeDelta::minutes(40));
    assert_eq!(desk.poll().await.unwrap().read, 19);
}

#[tokio::test]
async fn a_count_that_shifts_explain_is_walked_again_and_forgotten() {
    let desk = desk().await;
    desk.mishap(1, Mishap::Counts(3));
    let polled = desk.poll().await.unwrap();
    assert!(polled.good && desk.odd().await.is_empty());
}

#[tokio::test]
async fn a_count_that_stays_wrong_is_seen_and_walked_again_once_an_hour() {
    let desk = desk().await;
    let mut walks = Vec::new();
    for minutes in [5, 5, 50, 5] {
        desk.pass(TimeDelta::minutes(minutes));
        for _ in 0..2 {
            desk.mishap(1, Mishap::Counts(2));
        }
        // Two mishaps of one page strike together; a second walk meets none of them.
        desk.upstream.shelf.lock().unwrap().mishaps.truncate(1);
        walks.push(desk.poll().await.unwrap().good);
    }
    assert_eq!(walks, [true, false, false, true], "the walk at once heals it, once an hour");
}

#[tokio::test]
async fn a_source_that_fails_is_told_after_three_times_and_when_it_is_back() {
    let desk = desk().await;
    for (times, told) in [(1, 0), (2, 0), (3, 1), (4, 1)] {
        desk.pass(TimeDelta::minutes(5));
        desk.mishap(3, Mishap::Fails(SourceError::Unreachable("mã HTTP 500".to_owned())));
        desk.poll().await.unwrap_err();
        assert_eq!(desk.state().await.failures, times);
        assert_eq!(desk.odd().await, ["failing"]);
        assert_eq!(mails(&desk).await.len(), told, "after {times}");
    }
    desk.pass(TimeDelta::minutes(5));
    desk.poll().await.unwrap();
    assert_eq!(mails(&desk).await, ["failing", "hết failing"]);
}

#[tokio::test]
async fn silence_is_counted_in_working_hours() {
    let mut desk = desk().await;
    desk.care.quiet_after = Some(TimeDelta::hours(16));
    // Monday 09:00 to Wednesday 10:00: 6, 7.5 and 2.5 office hours.
    for (at, odd) in [
        ("2026-03-03 17:00", &[][..]),
        ("2026-03-04 07:00", &[]),
        ("2026-03-04 09:59", &[]),
        ("2026-03-04 10:01", &["quiet"]),
    ] {
        desk.clock.advance_to(local(at));
        assert!(desk.poll().await.unwrap().good, "silence is no failure");
        assert_eq!(desk.odd().await, odd, "{at}");
    }
    desk.put([Paper::new(99, desk.now())]);
    desk.poll().await.unwrap();
    assert!(desk.odd().await.is_empty());
}

#[tokio::test]
async fn a_clock_that_is_off_is_seen_and_never_moves_the_cursor_ahead() {
    let desk = desk().await;
    desk.upstream.shelf.lock().unwrap().skew = Some(TimeDelta::hours(2));
    desk.put([Paper::new(99, desk.now() + TimeDelta::hours(2))]);
    assert!(desk.poll().await.unwrap().good);
    assert_eq!(desk.odd().await, ["skewed"]);
    let state = desk.state().await;
    assert_eq!(state.cursor.watermark, Some(desk.now()));
    assert_eq!(state.watch.skew.unwrap().seconds, 7200);
    desk.upstream.shelf.lock().unwrap().skew = Some(TimeDelta::seconds(-59));
    desk.poll().await.unwrap();
    assert!(desk.odd().await.is_empty());
}

#[tokio::test]
async fn what_came_of_late_is_read_again_hourly_and_what_came_this_month_nightly() {
    let desk = Desk::at("2026-03-02 09:00", 10).await;
    let ages = [TimeDelta::hours(2), TimeDelta::hours(47), TimeDelta::days(20), TimeDelta::days(40)];
    let papers = ages.iter().zip(1..).map(|(age, id)| Paper::new(id, desk.now() - *age));
    desk.put(papers);
    desk.poll().await.unwrap();
    let mut read = Vec::new();
    for at in
        ["2026-03-02 09:20", "2026-03-02 10:00", "2026-03-02 10:20", "2026-03-03 00:59", "2026-03-03 01:01"]
    {
        desk.clock.advance_to(local(at));
        desk.upstream.shelf.lock().unwrap().read.clear();
        desk.poll().await.unwrap();
        let mut ids = desk.upstream.shelf.lock().unwrap().read.clone();
        ids.sort_unstable();
        read.push(ids);
    }
    // At 00:59 the second is older than 48 hours; what is within the overlap of a week is read after six.
    assert_eq!(read, [vec![], vec![1, 2], vec![], vec![1, 2], vec![3]]);
}
