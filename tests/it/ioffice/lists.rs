//! Walking through lists, T37 and T38.

use std::time::Duration;

use tokio::time::Instant;
use vanthu::app::ports::{PageToken, Source};
use vanthu::demo::ioffice::{Act, FakeAccount, FakeDocument, FakeList, FakePost, Fault, Setup};
use vanthu::source::ioffice::{Ioffice, Options};

use super::{asked, holding, ids, kind, options, pages, plan, plans, source, start, walk};

fn in_list(id: i64, list: FakeList) -> FakeDocument {
    FakeDocument { list, ..plan(id) }
}

#[tokio::test]
async fn a_walk_goes_through_every_list_newest_first() {
    let mut documents = plans(7);
    documents.push(in_list(8, FakeList::Processed));
    documents.push(in_list(9, FakeList::Notify));
    let fake = holding(documents).await;
    let source = source(&fake);
    let pages = pages(&source).await.unwrap();
    let trace: Vec<_> = pages.iter().map(|page| ids(&page.rows)).collect();
    assert_eq!(trace, [vec!["7", "6", "5"], vec!["4", "3", "2"], vec!["1"], vec!["8"], vec!["9"]]);
    assert!(pages.iter().all(|page| page.total == Some(9)));
    assert_eq!(asked(&fake, "login"), 1);
}

#[tokio::test]
async fn an_empty_office_is_three_empty_lists() {
    let fake = holding(Vec::new()).await;
    let pages = pages(&source(&fake)).await.unwrap();
    assert_eq!((pages.len(), pages[0].total), (3, Some(0)));
}

#[tokio::test]
async fn a_server_that_caps_pages_below_what_we_ask_hides_nothing() {
    let fake = start(Setup { documents: plans(7), page_cap: 2, ..Setup::default() }).await;
    assert_eq!(walk(&source(&fake)).await.unwrap().len(), 7);
}

#[tokio::test]
async fn a_page_that_fails_for_good_ends_the_walk_there() {
    let acts = [
        (Act::Status(500), "unreachable"),
        (Act::Status(503), "unreachable"),
        (Act::Delay(Duration::from_millis(400)), "unreachable"),
        (Act::Cut, "unreachable"),
        (Act::Half, "unexpected"),
        (Act::Status(404), "unexpected"),
        (Act::Data(serde_json::json!("TRUE")), "unexpected"),
    ];
    for (act, expected) in acts {
        let fake = holding(plans(19)).await;
        fake.script(Fault::on("getlistwaiting", act.clone()).page(3).always());
        let source =
            Ioffice::new(Options { request_timeout: Duration::from_millis(200), ..options(&fake) }).unwrap();
        let first = source.list(None).await.unwrap();
        let second = source.list(first.next.as_ref()).await.unwrap();
        let third = source.list(second.next.as_ref()).await.unwrap_err();
        assert_eq!(ids(&first.rows), ["19", "18", "17"], "{act:?}");
        assert_eq!(ids(&second.rows), ["16", "15", "14"], "{act:?}");
        assert_eq!(kind(&third), expected, "{act:?}");
    }
}

#[tokio::test]
async fn a_page_that_fails_in_passing_is_asked_for_again() {
    for act in [Act::Status(500), Act::Status(502), Act::Status(429), Act::Cut] {
        let fake = holding(plans(19)).await;
        fake.script(Fault::on("getlistwaiting", act.clone()).page(3).times(2));
        assert_eq!(walk(&source(&fake)).await.unwrap().len(), 19, "{act:?}");
    }
}

#[tokio::test]
async fn a_row_that_arrives_while_paging_hides_none_and_comes_with_the_next_walk() {
    let fake = holding(plans(7)).await;
    fake.script(Fault::on("getlistwaiting", Act::Arrive(Box::new(plan(8)))).page(2));
    let source = source(&fake);
    let first = walk(&source).await.unwrap();
    assert_eq!(ids(&first), ["7", "6", "5", "5", "4", "3", "2", "1"]);
    let second = walk(&source).await.unwrap();
    assert_eq!(ids(&second), ["8", "7", "6", "5", "4", "3", "2", "1"]);
}

#[tokio::test]
async fn a_row_that_leaves_while_paging_hides_another_for_one_walk_only() {
    let fake = holding(plans(7)).await;
    fake.script(Fault::on("getlistwaiting", Act::Leave(6)).page(2));
    let source = source(&fake);
    assert_eq!(ids(&walk(&source).await.unwrap()), ["7", "6", "5", "3", "2", "1"]);
    assert_eq!(ids(&walk(&source).await.unwrap()), ["7", "5", "4", "3", "2", "1"]);
}

#[tokio::test]
async fn a_list_that_is_suddenly_empty_is_an_error() {
    for nothing in [serde_json::json!(""), serde_json::json!([]), serde_json::json!(null)] {
        let fake = holding(plans(2)).await;
        fake.script(Fault::on("getlistwaiting", Act::Data(nothing.clone())));
        assert_eq!(kind(&walk(&source(&fake)).await.unwrap_err()), "unexpected", "{nothing}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_page_is_noticed() {
    let fake = holding(plans(7)).await;
    let row = |id: i64| serde_json::json!({"id": id.to_string(), "trichYeu": "x"});
    let same = serde_json::json!([row(3), row(2), row(1)]);
    fake.script(Fault::on("getlistwaiting", Act::Data(same)).always());
    assert_eq!(kind(&walk(&source(&fake)).await.unwrap_err()), "unexpected");
    assert_eq!(asked(&fake, "getlistwaiting"), 2);
}

#[tokio::test]
async fn an_unknown_token_starts_the_walk_anew() {
    let fake = holding(plans(4)).await;
    let page = source(&fake).list(Some(&PageToken("2018-12-07".to_owned()))).await.unwrap();
    assert_eq!(ids(&page.rows), ["4", "3", "2"]);
}

#[tokio::test]
async fn rows_without_a_usable_id_or_shape_are_listed_and_read_as_broken() {
    let fake = holding(plans(1)).await;
    let rows = serde_json::json!([{"id": "../finish/1", "trichYeu": "Kế hoạch"}, "Kế hoạch", {"id": "1"}]);
    fake.script(Fault::on("getlistwaiting", Act::Data(rows)));
    let source = source(&fake);
    let rows = walk(&source).await.unwrap();
    let mut outcomes = Vec::new();
    for row in &rows {
        outcomes.push(super::outcome(&source.read(row).await));
    }
    assert_eq!(outcomes, ["broken", "broken", "open"]);
    assert_eq!(asked(&fake, "finish"), 0);
}

#[tokio::test]
async fn what_is_overdue_is_a_list_too() {
    let late = FakeDocument { due: plan(1).received.date_naive().into(), ..plan(1) };
    let fake = holding(vec![late, FakeDocument { due: None, ..plan(2) }]).await;
    let outdate = Options { lists: vec!["outdate".to_owned()], ..options(&fake) };
    assert_eq!(ids(&walk(&Ioffice::new(outdate).unwrap()).await.unwrap()), ["1"]);
}

#[tokio::test]
async fn further_posts_are_read_after_one_switch_each() {
    let post = |userid: &str| FakePost { userid: userid.to_owned(), name: "Chánh văn phòng".to_owned() };
    let mut account = FakeAccount::new("vanthu", "vanthu");
    account.posts = vec![post("77"), post("78")];
    let of = |id, userid: &str| FakeDocument { post: Some(userid.to_owned()), ..plan(id) };
    let documents = vec![plan(1), of(2, "77"), of(3, "78")];
    let fake = start(Setup { accounts: vec![account], documents, ..Setup::default() }).await;
    let posts = ["77", "78"].map(str::to_owned).to_vec();
    let source = Ioffice::new(Options { posts, ..options(&fake) }).unwrap();
    for _ in 0..2 {
        let rows = walk(&source).await.unwrap();
        assert_eq!(ids(&rows), ["1", "2", "1", "3", "1"]);
        for row in &rows {
            super::open(source.read(row).await);
        }
    }
    assert_eq!((asked(&fake, "login"), asked(&fake, "switch/77/"), asked(&fake, "switch/78/")), (1, 1, 1));
}

#[tokio::test]
async fn without_configured_posts_nothing_is_switched() {
    let mut account = FakeAccount::new("vanthu", "vanthu");
    account.posts = vec![FakePost { userid: "77".to_owned(), name: "Chánh văn phòng".to_owned() }];
    let fake = start(Setup { accounts: vec![account], documents: plans(4), ..Setup::default() }).await;
    walk(&source(&fake)).await.unwrap();
    assert_eq!(asked(&fake, "switch"), 0);
}

#[tokio::test]
async fn requests_keep_their_pace() {
    let fake = holding(plans(1)).await;
    let pace = Duration::from_millis(20);
    let source = Ioffice::new(Options { pace, ..options(&fake) }).unwrap();
    let start = Instant::now();
    walk(&source).await.unwrap();
    let requests = u32::try_from(fake.seen().len()).unwrap();
    assert!(start.elapsed() >= pace * (requests - 1), "{requests} requests in {:?}", start.elapsed());
}
