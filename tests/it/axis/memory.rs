//! What large answers cost: messages of 50 MB by both axes in every shape, and a list of all organs. Each is
//! received by a process of its own, whose peak is its own.

use std::process::Command;
use std::time::Duration;

use data_encoding::BASE64;
use serde_json::json;
use vanthu::app::ports::{Reading, Source};
use vanthu::source::lgsp::Lgsp;
use vanthu::source::vxp::Vxp;

use super::fake::{Act, Fake, document};
use super::{Place, lgsp_at, lgsp_server, outcome, vxp_at, vxp_server, walk};

/// Letters of base64 behind which stand 49,999,998 bytes, in groups of four.
const GROUPS: usize = 16_666_666;

/// Kilobytes that receiving may add to the peak.
const MOST: u64 = 16 << 10;

/// Where the process of a test finds the axis.
const ADDRESS: &str = "VANTHU_TEST_AXIS";

/// Kilobytes of memory at the most so far.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the test beside starts this process and tells it the address")]
fn address() -> String {
    std::env::var(ADDRESS).unwrap()
}

/// Walks, reads the message `small`, and then the message `large`; says what the second added.
async fn receive(source: &dyn Source) {
    let rows = walk(source).await.unwrap();
    let of = |id: &str| rows.iter().find(|row| row.external_id.as_str() == id).unwrap();
    assert_eq!(outcome(&source.read(of("small")).await), "open");
    let before = peak();
    let reading = source.read(of("large")).await;
    let Ok(Reading::Open(incoming)) = reading else { panic!("{reading:?}") };
    assert_eq!(incoming.document.get().attachments[0].size, Some(49_999_998));
    assert!(incoming.raw.len() < 10_000);
    println!("growth {}", peak() - before);
}

/// Run by the tests below, alone in a process.
#[tokio::test]
#[ignore = "a part of the tests below"]
async fn receives_by_vxp() {
    let place = Place::new();
    let mut options = vxp_at(&address(), place.folder.path());
    options.reach.request_timeout = Duration::from_secs(120);
    options.reach.message_limit = 128 << 20;
    receive(&Vxp::new(options, place.clock.clone(), place.files()).unwrap()).await;
}

/// Likewise.
#[tokio::test]
#[ignore = "a part of the tests below"]
async fn receives_by_lgsp() {
    let place = Place::new();
    let mut options = lgsp_at(&address(), place.folder.path());
    options.reach.request_timeout = Duration::from_secs(120);
    options.reach.message_limit = 128 << 20;
    receive(&Lgsp::new(options, place.clock.clone(), place.files()).unwrap()).await;
}

/// Likewise.
#[tokio::test]
#[ignore = "a part of the tests below"]
async fn receives_all_organs() {
    let place = Place::new();
    let mut options = vxp_at(&address(), place.folder.path());
    options.reach.request_timeout = Duration::from_secs(120);
    options.reach.message_limit = 128 << 20;
    options.reach.renews = false;
    walk(&Vxp::new(options.clone(), place.clock.clone(), place.files()).unwrap()).await.unwrap();
    let before = peak();
    options.reach.renews = true;
    walk(&Vxp::new(options, place.clock.clone(), place.files()).unwrap()).await.unwrap();
    println!("growth {}", peak() - before);
    let kept = std::fs::read_to_string(place.folder.path().join("agencies-truc.tsv")).unwrap();
    assert_eq!(kept.lines().count(), 1 + 2 * 111_000);
}

/// How much the process of a test grew.
fn growth(test: &str, fake: &Fake) -> u64 {
    let name = format!("axis::memory::{test}");
    let run = Command::new(std::env::current_exe().unwrap())
        .args([&name, "--exact", "--ignored", "--nocapture"])
        .env(ADDRESS, fake.url())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{told}{}", String::from_utf8_lossy(&run.stderr));
    let (_, growth) = told.split_once("growth ").unwrap();
    growth.split_whitespace().next().unwrap().parse().unwrap()
}

/// The same document, before and behind the content of its file.
fn parted() -> (String, String) {
    let whole = document("1", "Chuyên đề quý I");
    let (before, after) = whole.split_once("JVBERi0=").unwrap();
    (before.to_owned(), after.to_owned())
}

/// A text as it stands inside JSON, without the quotes.
fn inside(text: &str) -> String {
    json!(text).to_string().trim_matches('"').to_owned()
}

const FRAME: (&str, &str) = (r#"{"status":"OK","ErrorCode":"0","data":""#, r#""}"#);

fn plain() -> Act {
    let (before, after) = parted();
    let (before, after) = (FRAME.0.to_owned() + &inside(&before), inside(&after) + FRAME.1);
    Act::Pour(before, ("AAAA", GROUPS), after)
}

/// Base64 of a text that itself holds base64.
fn encoded() -> Act {
    let (before, after) = parted();
    // Groups of three bytes become groups of four letters wherever one stops.
    let before = " ".repeat(3 - before.len() % 3) + &before;
    let after = "A".repeat(GROUPS * 4 % 3) + &after;
    let (before, after) = (BASE64.encode(before.as_bytes()), BASE64.encode(after.as_bytes()));
    Act::Pour(FRAME.0.to_owned() + &before, ("QUFB", GROUPS * 4 / 3), after + FRAME.1)
}

/// A file beside a message that only names it.
fn beside() -> Act {
    let whole = document("1", "Chuyên đề quý I");
    let (head, _) = whole.split_once(" <AttachmentEncoded>").unwrap();
    let message = inside(&format!("{head}</edXML>"));
    let before = format!(
        r#"{{"success":true,"data":{{"docId":"large","edxml":"{message}","attachments":[{{"fileName":"31-CV-TU.pdf","fileContent":""#
    );
    Act::Pour(before, ("AAAA", GROUPS), r#""}]}}"#.to_owned())
}

async fn axis(provincial: bool) -> Fake {
    let place = Place::new();
    let fake = match provincial {
        true => lgsp_server::start(&place.clock).await,
        false => vxp_server::start(&place.clock).await,
    };
    fake.put("small", "Chuyên đề");
    fake.put("large", "Chuyên đề");
    fake
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_50_mb_costs_at_most_16_mb() {
    for (shape, act) in [("plain", plain()), ("base64", encoded())] {
        let fake = axis(false).await;
        fake.script_many("getEdoc", 1, 1, act);
        let growth = growth("receives_by_vxp", &fake);
        assert!(growth <= MOST, "{shape}: {growth} kB");
        println!("{shape}: {growth} kB");
        fake.check();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_50_mb_beside_a_message_costs_at_most_16_mb() {
    let fake = axis(true).await;
    fake.script_many("getEdoc", 1, 1, beside());
    let growth = growth("receives_by_lgsp", &fake);
    assert!(growth <= MOST, "{growth} kB");
    println!("beside: {growth} kB");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_all_organs_costs_at_most_16_mb() {
    let fake = axis(false).await;
    let organ = |number: u32| {
        json!({
            "code": format!("H{}.{number:06}", number % 63), "oldCode": format!("000.{number:06}.H{}", number % 63),
            "name": format!("Uỷ ban nhân dân xã Mẫu số {number}"), "pcode": "000.00.00.H99", "mobile": "", "fax": "",
        })
    };
    fake.world().agencies = (0..111_000).map(organ).collect();
    let growth = growth("receives_all_organs", &fake);
    assert!(growth <= MOST, "{growth} kB");
    println!("organs: {growth} kB");
    fake.check();
}
