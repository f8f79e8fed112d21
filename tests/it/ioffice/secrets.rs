//! What is secret leaves no trace, and nothing that could act upstream is ever asked for.

use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::json;
use tracing_subscriber::filter::LevelFilter;
use vanthu::app::ports::{Reading, Source};
use vanthu::demo::ioffice::{Act, FakeAccount, FakeDocument, FakeFile, FakePost, Fault, Setup};
use vanthu::source::ioffice::{Ioffice, Options};

use super::{asked, holding, only_row, open, options, outcome, plan, plans, read_only, source, start, walk};

/// Collects every log line of this thread while it lives.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let writer = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// A document of which each text can be told again.
fn secret(mark: Option<&str>) -> FakeDocument {
    FakeDocument {
        subject: "Trich-yeu-bi-giau".to_owned(),
        symbol: "99-QĐ/BIGIAU".to_owned(),
        issuer: "Noi-gui-bi-giau".to_owned(),
        signer: "Nguoi-ky-bi-giau".to_owned(),
        content: "Noi-dung-bi-giau".to_owned(),
        comments: vec!["But-phe-bi-giau".to_owned()],
        files: vec![FakeFile { name: "Tep-bi-giau.pdf".to_owned(), size: 1 }],
        secrecy: mark.map(str::to_owned),
        ..plan(1)
    }
}

#[tokio::test]
async fn any_mark_that_is_not_open_withholds_and_fetches_no_more() {
    let marks =
        [Some("Mật"), Some("Tối mật"), Some("TUYỆT MẬT"), Some(""), Some("null"), Some("1"), Some("A"), None];
    for mark in marks {
        let fake = holding(vec![secret(mark)]).await;
        assert_eq!(outcome(&read_only(&source(&fake)).await), "withheld", "{mark:?}");
        assert_eq!((asked(&fake, "getfileattach"), asked(&fake, "getactivitylog")), (0, 0), "{mark:?}");
    }
}

#[tokio::test]
async fn a_mark_of_no_text_or_of_two_minds_withholds() {
    for mark in [json!({"name": "Thường"}), json!(["Thường"]), json!(null), json!(false), json!(0)] {
        let fake = holding(vec![plan(1)]).await;
        let detail = json!({"id": 1, "trichYeu": "Kế hoạch", "doMat": mark.clone()});
        fake.script(Fault::on("getdetaildocument", Act::Data(detail)));
        assert_eq!(outcome(&read_only(&source(&fake)).await), "withheld", "{mark}");
    }
    let fake = holding(vec![plan(1)]).await;
    let detail = json!({"id": 1, "trichYeu": "Kế hoạch", "doMat": "Thường", "domat": "Mật"});
    fake.script(Fault::on("getdetaildocument", Act::Data(detail)));
    assert_eq!(outcome(&read_only(&source(&fake)).await), "withheld");
}

#[tokio::test]
async fn a_tenant_that_leaves_the_mark_empty_can_say_so() {
    let fake = holding(vec![secret(Some(""))]).await;
    let open_marks = vec![String::new()];
    let source = Ioffice::new(Options { open_marks, ..options(&fake) }).unwrap();
    open(read_only(&source).await);
}

#[tokio::test]
async fn a_mark_in_any_text_withholds() {
    let marked = |change: fn(&mut FakeDocument)| {
        let mut document = secret(Some("Thường"));
        change(&mut document);
        document
    };
    let table = [
        ("subject", marked(|document| document.subject = "Báo cáo (Mật)".to_owned())),
        ("content", marked(|document| document.content = "ĐỘ MẬT: TỐI MẬT".to_owned())),
        ("field that is not decoded", marked(|document| document.field = "Tuyệt mật".to_owned())),
        ("escaped twice", marked(|document| document.subject = "T&#7889;i m&#7853;t".to_owned())),
        ("file name", marked(|document| document.files[0].name = "Tối mật.pdf".to_owned())),
        ("activity log", marked(|document| document.comments[0] = "Văn bản TỐI MẬT".to_owned())),
    ];
    for (place, document) in table {
        let fake = holding(vec![document]).await;
        assert_eq!(outcome(&read_only(&source(&fake)).await), "withheld", "{place}");
    }
}

#[tokio::test]
async fn a_broken_document_keeps_its_bytes_only_if_it_is_open() {
    let table = [
        ("Thường", "quý I", "broken, bytes kept"),
        ("Mật", "quý I", "withheld"),
        ("Thường", "TỐI MẬT", "withheld"),
    ];
    for (mark, due, expected) in table {
        let fake = holding(vec![plan(1)]).await;
        let detail = json!({"id": 1, "trichYeu": "Kế hoạch", "doMat": mark, "hanGiaiQuyet": due});
        fake.script(Fault::on("getdetaildocument", Act::Data(detail)));
        let reading = read_only(&source(&fake)).await;
        let kept = matches!(&reading, Ok(Reading::Broken(broken)) if broken.raw.is_some());
        assert_eq!(format!("{}{}", outcome(&reading), if kept { ", bytes kept" } else { "" }), expected);
    }
}

#[tokio::test]
async fn marked_file_names_are_seen_before_the_activity_log_is_asked_for() {
    let mut document = secret(Some("Thường"));
    document.files[0].name = "Tối mật.pdf".to_owned();
    let fake = holding(vec![document]).await;
    assert_eq!(outcome(&read_only(&source(&fake)).await), "withheld");
    assert_eq!((asked(&fake, "getfileattach"), asked(&fake, "getactivitylog")), (1, 0));
}

#[tokio::test]
async fn no_text_of_a_document_reaches_debug_errors_or_log() {
    let log = Log::default();
    let guard = log.listen();
    let mut debugged = String::new();
    let acts = [
        None,
        Some(Act::Half),
        Some(Act::WrongCharset),
        Some(Act::Cut),
        Some(Act::Status(500)),
        Some(Act::Refuse("Trich-yeu-bi-giau".to_owned(), "Trich-yeu-bi-giau".to_owned())),
        Some(Act::Data(
            json!({"id": 1, "trichYeu": "Trich-yeu-bi-giau", "hanGiaiQuyet": "Trich-yeu-bi-giau"}),
        )),
        Some(Act::Data(json!("Trich-yeu-bi-giau"))),
    ];
    for act in acts {
        for place in ["getlistwaiting", "getdetaildocument", "getfileattach"] {
            let mark = if place == "getfileattach" { "Thường" } else { "Mật" };
            let fake = holding(vec![secret(Some(mark))]).await;
            let source = source(&fake);
            let row = only_row(&source).await;
            if let Some(act) = &act {
                fake.script(Fault::on(place, act.clone()).always());
            }
            debugged.push_str(&format!("{row:?} {:?} ", source.list(None).await));
            let reading = source.read(&row).await;
            if outcome(&reading) != "open" {
                debugged.push_str(&format!("{reading:?}\n"));
            }
        }
    }
    drop(guard);
    let log = log.text();
    assert!(log.contains("read failed"), "the log is being listened to");
    for (name, text) in [("debug", &debugged), ("log", &log)] {
        for trace in ["bi-giau", "BIGIAU"] {
            assert!(
                !text.contains(trace),
                "{name}: {}",
                text.lines().find(|line| line.contains(trace)).unwrap()
            );
        }
    }
}

#[tokio::test]
async fn no_token_password_or_user_name_reaches_errors_or_log() {
    let log = Log::default();
    let guard = log.listen();
    let account = FakeAccount {
        posts: vec![FakePost { userid: "770077".to_owned(), name: "Chánh văn phòng".to_owned() }],
        ..FakeAccount::new("tai.khoan.rieng", "mat-khau-rieng")
    };
    let fake = start(Setup { accounts: vec![account], documents: plans(2), ..Setup::default() }).await;
    let named = Options {
        username: "tai.khoan.rieng".to_owned(),
        password: "mat-khau-rieng".to_owned().into(),
        posts: vec!["770077".to_owned()],
        ..options(&fake)
    };
    let mut errors = String::new();
    for path in ["login", "switch", "getpaging", "getlist"] {
        for act in
            [Act::Status(503), Act::Cut, Act::LoginPage, Act::Expire, Act::Refuse("1".into(), String::new())]
        {
            let source = Ioffice::new(named.clone()).unwrap();
            fake.script(Fault::on(path, act).times(4));
            for _ in 0..6 {
                if let Err(error) = walk(&source).await {
                    errors.push_str(&format!("{error} {error:?}\n"));
                }
            }
        }
    }
    drop(guard);
    for text in [errors, log.text()] {
        for trace in ["phien-0", "mat-khau-rieng", "tai.khoan.rieng", "770077"] {
            let line = text.lines().find(|line| line.contains(trace));
            assert_eq!(line, None);
        }
    }
}

/// Every path the adapter may ask for. `switch/` is the one that acts, and only for configured posts.
const LAWFUL: [(&str, &str); 6] = [
    ("POST", "login/"),
    ("POST", "document/getpaging"),
    ("POST", "document/getlist"),
    ("GET", "document/getdetaildocument/"),
    ("GET", "document/getactivitylog/"),
    ("GET", "file/getfileattach/"),
];

#[tokio::test]
async fn nothing_that_acts_upstream_is_ever_asked_for() {
    let mut documents = plans(7);
    documents[2].files = vec![FakeFile { name: "ke-hoach.pdf".to_owned(), size: 1 }];
    let fake = holding(documents).await;
    let before: Vec<_> = (1..=7).map(|id| fake.document(id)).collect();
    let source = source(&fake);
    for act in [Act::Status(500), Act::Expire, Act::Half] {
        fake.script(Fault::on("getdetaildocument", act));
        for row in &walk(&source).await.unwrap() {
            drop(source.read(row).await);
        }
    }
    for seen in fake.seen() {
        let lawful =
            LAWFUL.iter().any(|(method, path)| seen.method == *method && seen.path.starts_with(path));
        assert!(lawful, "{} {}", seen.method, seen.path);
    }
    let after: Vec<_> = (1..=7).map(|id| fake.document(id)).collect();
    assert_eq!(before, after);
}
