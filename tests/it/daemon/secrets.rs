//! A secret document leaves nothing behind: every spelling of a mark in every place it can stand, each
//! document carrying a word that must be found nowhere afterwards.

use std::fs;

use mail_parser::MessageParser;
use vanthu::demo::ioffice::{FakeDocument, FakeFile, Setup};
use vanthu::domain::secrecy::spellings;

use crate::support::daemon::{CELLS, World, now, wait_until};

/// Stands in every text of every secret document; no letter of it changes by folding, case or escapes.
const CANARY: &str = "yenhot7319";
/// The same in the one open document: shows that what is searched for would be found.
const CONTROL: &str = "lamchung4826";

type Place = fn(&mut FakeDocument, &str);

/// Where staff write a mark.
const PLACES: [Place; 8] = [
    |document, mark| document.subject = format!("Kế hoạch {CANARY} ({mark})"),
    |document, mark| document.symbol = format!("{mark} 12-{CANARY}"),
    |document, mark| document.kind_name = format!("{CANARY} {mark}"),
    |document, mark| document.issuer = format!("{CANARY}, {mark}"),
    |document, mark| document.content = format!("{CANARY}. Độ mật: {mark}."),
    |document, mark| document.files[0].name = format!("{CANARY} ({mark}).pdf"),
    |document, mark| document.comments[0] = format!("{CANARY} [{mark}]"),
    |document, mark| document.secrecy = Some(mark.to_owned()),
];

/// A document that says `word` wherever it can.
fn speaking(id: i64, word: &str) -> FakeDocument {
    let received = now() - chrono::Duration::seconds(60);
    FakeDocument {
        kind_name: format!("Kế hoạch {word}"),
        issuer: format!("Nơi gửi {word}"),
        signer: format!("Người ký {word}"),
        field: format!("Lĩnh vực {word}"),
        content: format!("Nội dung {word}"),
        files: vec![FakeFile { name: format!("{word}.pdf"), size: 1 }],
        comments: vec![format!("Bút phê {word}")],
        ..FakeDocument::new(id, &format!("{id}-{word}"), &format!("Kế hoạch chuyên đề {word}"), received)
    }
}

/// Every spelling in every third place: two or three places for each spelling, and in the end each place
/// as often as any other.
fn secret_documents() -> Vec<FakeDocument> {
    let spellings = spellings::all();
    let marked = spellings.iter().flat_map(|mark| PLACES.iter().map(move |place| (place, mark)));
    let document = |(id, (place, mark)): (i64, (&Place, &String))| {
        let mut document = speaking(id, CANARY);
        place(&mut document, mark);
        document
    };
    (1..).zip(marked.step_by(3)).map(document).collect()
}

#[test]
fn no_spelling_of_a_mark_in_any_place_leaves_a_trace() {
    let mut documents = secret_documents();
    let secret = documents.len();
    assert!(secret >= 10_000, "{secret} documents");
    // The oldest of all stands at the end of the list: once it is out, the others have been judged.
    documents.push(FakeDocument { received: now() - chrono::Duration::hours(1), ..speaking(0, CONTROL) });
    let world = World::with(Setup { documents, ..Setup::default() });
    world.edit("vanthu.toml", "page_size = 10", "page_size = 100");
    world.edit("vanthu.toml", "format = \"json\"", "format = \"json\"\nfilter = \"trace\"");
    let daemon = world.start();
    wait_until("the open document is out", || world.sink.count() == CELLS);
    let status = world.vanthu(&["status", "--json"]).json();
    assert_eq!(status["holds"], serde_json::json!({"secret": secret}));

    // While it runs, so that the write-ahead log is there as well as the file.
    for place in ["vanthu.db", "vanthu.db-wal", "nhat-ky"] {
        let bytes = fs::read(world.path(place)).unwrap();
        assert!(!has(&bytes, CANARY), "{place}: {}", around(&bytes, CANARY));
    }
    assert!(has(&fs::read(world.path("vanthu.db-wal")).unwrap(), CONTROL));
    for page in ["/", "/holds", "/outbox", "/system", "/metrics", "/documents/1"] {
        assert!(!world.board(page).contains(CANARY), "{page}");
    }
    for mail in world.sink.mails() {
        let (canary, control) = (texts(&mail, CANARY), texts(&mail, CONTROL));
        assert_eq!((canary, control), (false, true));
    }
    assert!(daemon.terminate().0.success());
    let closed = fs::read(world.path("vanthu.db")).unwrap();
    assert_eq!((has(&closed, CANARY), has(&closed, CONTROL)), (false, true));
}

fn has(bytes: &[u8], word: &str) -> bool {
    memchr(bytes, word.as_bytes()).is_some()
}

/// Where a word stands; bytes, because a database is no text.
fn memchr(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|window| window == word)
}

fn around(bytes: &[u8], word: &str) -> String {
    let start = memchr(bytes, word.as_bytes()).unwrap_or_default();
    let from = start.saturating_sub(200);
    String::from_utf8_lossy(&bytes[from..(start + 200).min(bytes.len())]).into_owned()
}

/// Whether a mail says a word in its source, its decoded headers or its decoded bodies.
fn texts(raw: &[u8], word: &str) -> bool {
    let mail = MessageParser::default().parse(raw).unwrap();
    let bodies = [mail.body_text(0), mail.body_html(0)].into_iter().flatten();
    has(raw, word) || mail.subject().unwrap().contains(word) || { bodies }.any(|body| body.contains(word))
}
