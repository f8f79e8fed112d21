//! `restore compare`: what a restored register lacks by the copy of its journal.

use serde::Serialize;

use crate::app::ports::{RecalledTally, Unmatched};
use crate::cli::{Exit, Place, print};
use crate::config::settings::Settings;

/// Facts that are shown; `--json` has as many as there are.
const SHOWN: u32 = 50;

#[derive(Serialize)]
struct Compared {
    recalled: Vec<RecalledTally>,
    unmatched: Vec<Unmatched>,
}

pub(super) async fn run(place: &Place, settings: &Settings, json: bool) -> anyhow::Result<Exit> {
    let Some(store) = place.register_at(settings).await? else { return Ok(Exit::Failed) };
    let limit = if json { i32::MAX.unsigned_abs() } else { SHOWN };
    let compared = Compared { recalled: store.recalled().await?, unmatched: store.unmatched(limit).await? };
    if json {
        print::json(&compared)?;
        return Ok(Exit::Done);
    }
    if compared.recalled.is_empty() {
        print::text(match &settings.journal.copy {
            Some(_) => "Sổ không thiếu gì so với bản chép nhật ký (so khi dịch vụ khởi động).",
            None => {
                "Không có bản chép nhật ký (journal.copy) để đối chiếu; hãy xem hộp thư đi trước khi cho chạy tiếp."
            }
        });
        return Ok(Exit::Done);
    }
    let row = |tally: &RecalledTally| {
        vec![word(&tally.kind).to_owned(), tally.all.to_string(), tally.found.to_string()]
    };
    print::table(&["Sổ đã mất có", "Tất cả", "Đã nhận lại"], compared.recalled.iter().map(row));
    let left = compared.unmatched.iter().map(|one| {
        vec![
            word(&one.kind).to_owned(),
            one.at.format("%d/%m/%Y %H:%M UTC").to_string(),
            format!("{}/{}", one.source, one.external_id),
            one.unit.to_string(),
            one.content.chars().take(120).collect(),
        ]
    });
    print::table(&["Chưa nhận lại", "Lúc", "Văn bản", "Tổ chức", "Nội dung"], left);
    print::text(
        "Chưa nhận lại vì văn bản chưa được đọc lại từ nguồn, hoặc không còn việc tương ứng. Quyết định của người (khép, cho đi \
         tiếp, tạm hoãn) phải làm lại bằng tay. Thư dự định gửi chưa chắc đã gửi: nơi xem thư đã gửi (mail.sent) được hỏi \
         trước khi gửi.",
    );
    Ok(Exit::Done)
}

fn word(kind: &str) -> &'static str {
    match kind {
        "sent" => "thư đã gửi",
        "doubtful" => "thư không rõ đã đi chưa",
        "planned" => "thư dự định gửi",
        "answered" => "câu trả lời của chi bộ",
        _ => "quyết định của người",
    }
}
