//! The nightly comparison with what iOffice finds when it is asked by day of issue.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, TimeDelta, Utc};
use vanthu::app::ports::{Differ, Found, PollState, Source};
use vanthu::demo::ioffice::{Act, FakeDirective, FakeDocument, FakeIoffice, Fault};
use vanthu::domain::watch::Odd;
use vanthu::source::ioffice::{Directives, Ioffice, Options, Unmarked};

use super::{asked, holding, options, plan};
use crate::support::rig::{self, Rig};

/// A document received then, that all cells must act on.
fn paper(id: i64, received: DateTime<Utc>) -> FakeDocument {
    FakeDocument::new(id, &format!("{id:02}-KH/ĐUK"), "Kế hoạch sinh hoạt chuyên đề", received)
}

async fn rig(now: &str) -> Rig {
    let mut rig = Rig::at(now).await;
    rig.source = Ioffice::new(Options { compare_days: 30, ..rig::options(&rig.ioffice) }).unwrap();
    rig
}

async fn state(rig: &Rig) -> PollState {
    rig.store.polls().await.unwrap().remove(0)
}

/// The differences as `id: difference`.
async fn differences(rig: &Rig) -> Vec<String> {
    let all = rig.store.differences(None).await.unwrap();
    all.iter().map(|one| format!("{}: {:?}", one.external_id, one.differ)).collect()
}

async fn symbols(rig: &Rig) -> Vec<String> {
    let mut all: Vec<_> = rig
        .store
        .documents(99, rig.clock_now())
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.document.symbol)
        .collect();
    all.sort();
    all
}

#[tokio::test]
async fn a_lookup_goes_page_by_page_through_documents_directives_and_what_is_overdue() {
    let day = plan(1).issued;
    let mut documents: Vec<_> = (1..=5).map(|id| FakeDocument { due: None, ..plan(id) }).collect();
    documents[0].due = Some(day);
    documents[1].issued = day - Days::new(40);
    let fake = holding(documents).await;
    fake.direct(FakeDirective::new(1, "Đôn đốc", "x", plan(1).received));
    let source = Ioffice::new(Options {
        compare_days: 30,
        directives: Directives::Received,
        unmarked: Unmarked::Open,
        page_size: 2,
        ..options(&fake)
    })
    .unwrap();
    let (mut page, mut found, mut totals) = (None, Vec::<Found>::new(), Vec::new());
    loop {
        let lookup = source.lookup(day + Days::new(2), page.as_ref()).await.unwrap().unwrap();
        assert_eq!(lookup.span.from, day - Days::new(28));
        found.extend(lookup.rows);
        totals.push(lookup.total);
        page = lookup.next;
        if page.is_none() {
            break;
        }
    }
    let seen: Vec<_> = found.iter().map(|found| (found.row.external_id.as_str(), found.overdue)).collect();
    let expected =
        [("5", false), ("4", false), ("3", false), ("1", false), ("1", true), ("information/1", false)];
    assert_eq!(seen, expected);
    assert_eq!(totals.iter().flatten().copied().collect::<Vec<_>>(), [5, 5, 5, 5]);
}

#[tokio::test]
async fn without_days_nothing_is_looked_up() {
    let fake = holding(vec![plan(1)]).await;
    assert!(super::source(&fake).lookup(plan(1).issued, None).await.unwrap().is_none());
    assert_eq!(asked(&fake, "lookup"), 0);
}

/// A document that no list shows is registered the next night, once, and told like any other.
#[tokio::test]
async fn what_slipped_past_the_lists_is_found_at_night() {
    let rig = rig("2026-03-02 08:00").await;
    rig.ioffice.put(paper(1, rig.clock_now()));
    rig.poll().await.unwrap();
    rig.go("2026-03-02 10:00");
    rig.ioffice.put(paper(2, rig.clock_now()));
    rig.ioffice.slip(2);
    rig.go("2026-03-02 10:05");
    assert_eq!(rig.poll().await.unwrap().registered, 0, "the lists do not show it");
    rig.go("2026-03-03 01:10");
    let night = rig.poll().await.unwrap();
    assert_eq!((night.registered, night.directives), (1, 1));
    assert_eq!(symbols(&rig).await, ["01-KH/ĐUK", "02-KH/ĐUK"]);
    let compared = state(&rig).await.watch.compared.unwrap();
    assert_eq!((compared.found, compared.slipped, compared.missing), (2, 1, 0));
    rig.go("2026-03-04 01:10");
    assert_eq!(rig.poll().await.unwrap().registered, 0);
    assert_eq!(state(&rig).await.watch.compared.unwrap().slipped, 0);
}

/// What lay there before the first poll is no news, however it is found.
#[tokio::test]
async fn the_first_comparison_tells_nobody_of_what_is_old() {
    let mut rig = rig("2026-03-02 08:00").await;
    rig.care.baseline = vanthu::domain::brake::Baseline::Silent;
    rig.ioffice.put(paper(1, rig.clock_now() - TimeDelta::days(9)));
    rig.ioffice.slip(1);
    let first = rig.poll().await.unwrap();
    assert_eq!((first.registered, first.silent), (1, 1));
    assert_eq!(rig.send().await, Vec::<String>::new());
    assert!(state(&rig).await.watch.settled);
}

#[tokio::test]
async fn what_is_gone_is_shown_as_missing_and_comes_back() {
    let rig = rig("2026-03-02 08:00").await;
    for id in 1..=3 {
        rig.ioffice.put(paper(id, rig.clock_now() - TimeDelta::days(4)));
    }
    rig.poll().await.unwrap();
    assert_eq!(differences(&rig).await, Vec::<String>::new());
    let kept = paper(2, rig.clock_now() - TimeDelta::days(4));
    rig.ioffice.remove(2);
    rig.go("2026-03-03 01:10");
    rig.poll().await.unwrap();
    assert_eq!(differences(&rig).await, ["2: Missing"]);
    let since = rig.store.differences(None).await.unwrap()[0].since;
    rig.go("2026-03-04 01:10");
    rig.poll().await.unwrap();
    assert_eq!(rig.store.differences(None).await.unwrap()[0].since, since, "since the first night");
    assert_eq!(rig.store.tally(rig.clock_now()).await.unwrap().iter().map(|row| row.count).sum::<u64>(), 12);
    rig.ioffice.put(kept);
    rig.go("2026-03-05 01:10");
    rig.poll().await.unwrap();
    assert_eq!(differences(&rig).await, Vec::<String>::new());
}

/// A page that fails, a count that does not fit, a lookup that is suddenly empty: none of it proves that
/// anything is gone. It is tried again every hour, and after three tries it is something odd.
#[tokio::test]
async fn a_comparison_that_did_not_go_through_concludes_nothing() {
    let counts = |rows: u32| Act::Data(serde_json::json!({"pageNo": "1", "pageRec": rows.to_string()}));
    let acts: [(&str, Act, Option<u32>); 4] = [
        ("getlistlookup", Act::Status(404), Some(2)),
        ("getlistlookup", Act::Half, Some(1)),
        ("paginglookup", counts(40), None),
        ("lookupbyparam", Act::Data(serde_json::json!("")), None),
    ];
    for (path, act, page) in acts {
        let rig = rig("2026-03-02 08:00").await;
        for id in 1..=14 {
            rig.ioffice.put(paper(id, rig.clock_now() - TimeDelta::days(4)));
        }
        rig.poll().await.unwrap();
        let before = state(&rig).await.watch.compared;
        let fault = Fault::on(path, act.clone()).always();
        rig.ioffice.script(page.map_or(fault.clone(), |page| fault.page(page)));
        let mut odd = Vec::new();
        for now in ["2026-03-03 01:10", "2026-03-03 01:20", "2026-03-03 02:15", "2026-03-03 03:20"] {
            rig.go(now);
            assert!(rig.poll().await.unwrap().good, "{path} {act:?}: the poll itself is good");
            let tries = state(&rig).await.watch.uncompared.map(|failed| failed.tries);
            odd.push((
                tries,
                state(&rig).await.concerns().iter().any(|concern| concern.odd == Odd::Uncompared),
            ));
        }
        assert_eq!(odd, [(Some(1), false), (Some(1), false), (Some(2), false), (Some(3), true)], "{path}");
        assert_eq!(differences(&rig).await, Vec::<String>::new(), "{path} {act:?}");
        assert_eq!(state(&rig).await.watch.compared, before, "{path}");
        rig.ioffice.clear_faults();
        rig.go("2026-03-03 04:25");
        rig.poll().await.unwrap();
        assert!(state(&rig).await.concerns().is_empty(), "{path}");
    }
}

/// iOffice calls something overdue that the register holds without a due date, or as done: shown, never guessed.
#[tokio::test]
async fn what_is_overdue_there_and_not_here_is_a_difference() {
    let rig = rig("2026-03-02 08:00").await;
    let due = rig.clock_now().date_naive().checked_sub_days(Days::new(1));
    let received = rig.clock_now() - TimeDelta::days(4);
    // The newest is registered first.
    let late = |id| FakeDocument { due, ..paper(id, received - TimeDelta::minutes(id)) };
    rig.ioffice.put(late(1));
    rig.ioffice.put(FakeDocument { subject: "Kiểm tra, thanh tra".to_owned(), ..late(2) });
    rig.poll().await.unwrap();
    assert_eq!(differences(&rig).await, Vec::<String>::new(), "due here too");
    for row in rig.store.obligations(vanthu::domain::ids::DocumentId(1), false).await.unwrap() {
        let mut tx = rig.store.begin().await.unwrap();
        let done = row.obligation.closed(vanthu::domain::obligation::State::Done, rig.clock_now());
        tx.save_obligations(&[done]).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(differences(&rig).await, ["1: Finished"]);
    for row in rig.store.obligations(vanthu::domain::ids::DocumentId(2), false).await.unwrap() {
        let mut tx = rig.store.begin().await.unwrap();
        let mut open = row.obligation;
        open.due = None;
        tx.save_obligations(&[open]).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(differences(&rig).await, ["1: Finished", "2: Undated"]);
    let of_two = rig.store.differences(Some(vanthu::domain::ids::DocumentId(2))).await.unwrap();
    assert_eq!(of_two.iter().map(|one| one.differ).collect::<Vec<_>>(), [Differ::Undated]);
    let put = |fake: &FakeIoffice, id| fake.put(FakeDocument { due: None, ..late(id) });
    put(&rig.ioffice, 1);
    put(&rig.ioffice, 2);
    rig.go("2026-03-03 01:10");
    rig.poll().await.unwrap();
    let left: BTreeMap<_, _> = rig
        .store
        .differences(None)
        .await
        .unwrap()
        .into_iter()
        .map(|one| (one.document.0, one.differ))
        .collect();
    assert_eq!(left, BTreeMap::new(), "no longer called overdue");
}
