//! Every fixture, one malformation each, and what it becomes: one table to read.

use std::fmt::Write as _;

use vanthu::app::ports::Reading;
use vanthu::domain::document::{Document, Exchange, Operation};

use super::{Desk, fixtures};

/// What a reader of the table wants to see of a document: what differs from the plain message.
fn told(document: &Document, plain: &Document) -> String {
    let mut text = format!("mở  {} · {}", document.symbol, document.subject);
    let mut add = |what: &str, value: String, ordinary: String| {
        if value != ordinary {
            write!(text, "\n    {what}: {value}").unwrap();
        }
    };
    let date = |day: Option<chrono::NaiveDate>| day.map_or("không".to_owned(), |day| day.to_string());
    add("ngày", date(document.issued), date(plain.issued));
    add("hạn", date(document.due), date(plain.due));
    add("hạn đáng ngờ", document.due_is_doubtful().to_string(), "false".to_owned());
    add("loại", format!("{:?}", document.kind_name), format!("{:?}", plain.kind_name));
    add("cơ quan", document.issuer.clone(), plain.issuer.clone());
    add("người ký", format!("{:?}", document.signer), format!("{:?}", plain.signer));
    add("độ khẩn", document.urgency.as_str().to_owned(), plain.urgency.as_str().to_owned());
    add("chỉ đạo", document.steering.as_str().to_owned(), plain.steering.as_str().to_owned());
    add("nơi nhận", document.addressees.join("; "), plain.addressees.join("; "));
    add("nghiệp vụ", document.operation.as_str().to_owned(), Operation::New.as_str().to_owned());
    let exchange = |exchange: &Exchange| serde_json::to_string(exchange).unwrap();
    add("trao đổi", exchange(&document.exchange), exchange(&plain.exchange));
    add("tệp", files(document), files(plain));
    text
}

fn files(document: &Document) -> String {
    let files = document.attachments.iter().map(|file| {
        let name: String = file.name.chars().take(24).collect();
        let stored = file.stored.as_ref().map_or("không có nội dung", |stored| &stored.media);
        format!("{name} ({} chữ, {:?} byte, {stored})", file.name.chars().count(), file.size)
    });
    files.collect::<Vec<_>>().join("; ")
}

#[test]
fn every_malformation_becomes_what_the_table_says() {
    let plain = Desk::new().document(&super::fixture("minimal"));
    let mut table = String::new();
    for (name, bytes) in fixtures() {
        let desk = Desk::new();
        let outcome = match desk.read(&bytes) {
            Reading::Open(incoming) => told(incoming.document.get(), &plain),
            Reading::Withheld(why) => format!("giữ  {}", why.code()),
            Reading::Broken(broken) => {
                let kept = if broken.raw.is_some() { "giữ nguyên văn" } else { "KHÔNG giữ" };
                format!("hỏng  {} ({kept})", broken.reason)
            }
            Reading::Status(status) => format!(
                "trạng thái  {} từ {} về {} lúc {:?}: {}",
                status.digits,
                status.from,
                status.about.key.as_deref().unwrap_or("?"),
                status.at,
                status.description.as_deref().unwrap_or_default()
            ),
            Reading::Gone => "mất".to_owned(),
        };
        writeln!(table, "{name}\n    {outcome}\n    trên đĩa: {}", desk.on_disk().len()).unwrap();
    }
    insta::assert_snapshot!(table);
}
