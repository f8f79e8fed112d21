//! `ack`: staff record what a cell told them by other ways.

use chrono::NaiveDate;

use super::{Exit, Place, print, show};
use crate::app::acknowledge::{self, OnBehalf, Outcome};
use crate::domain::ids::{ObligationId, UnitId};
use crate::domain::obligation::{Answer, Obligation};
use crate::runtime::wiring;

/// `ack`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Số, ký hiệu văn bản (ví dụ 12-KH/ĐUK) hoặc số trong sổ (ví dụ #5)
    document: String,
    /// Mã chi bộ
    cell: String,
    /// Chi bộ trả lời gì
    #[arg(value_enum)]
    answer: Word,
    /// Việc nào, khi kế hoạch giao chi bộ nhiều việc: mã việc trong quy tắc; bỏ trống với received là mọi việc
    #[arg(long)]
    task: Option<String>,
    /// Vì sao ghi nhận thay: gọi điện, công văn giấy…
    #[arg(long)]
    reason: String,
    /// Ngày hẹn xong (received) hoặc ngày xin gia hạn đến (more-time), yyyy-mm-dd
    #[arg(long)]
    until: Option<NaiveDate>,
    /// Số báo cáo của chi bộ (done)
    #[arg(long)]
    report: Option<String>,
}

/// The four answers.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Word {
    /// Đã nhận
    Received,
    /// Đã hoàn thành
    Done,
    /// Không thuộc trách nhiệm
    Declined,
    /// Xin gia hạn
    MoreTime,
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.in_force().await else { return Ok(Exit::Configuration) };
    let Some(store) = place.register(&loaded).await? else { return Ok(Exit::Failed) };
    let Some(answer) = answer(args) else {
        print::error("xin gia hạn cần --until yyyy-mm-dd");
        return Ok(Exit::Failed);
    };
    let documents = show::find(store.as_ref(), &args.document, place).await?;
    if documents.is_empty() {
        print::error(&format!("không có văn bản “{}” trong sổ", args.document));
        return Ok(Exit::Failed);
    }
    let [document] = documents.as_slice() else {
        print::error(&format!(
            "“{}” chỉ {} văn bản; hãy dùng số trong sổ, ví dụ #5",
            args.document,
            documents.len()
        ));
        return Ok(Exit::Failed);
    };
    let cell = UnitId::from(args.cell.as_str());
    let rows = store.obligations(document.id, false).await?;
    let rows: Vec<_> = rows.into_iter().map(|row| row.obligation).filter(|row| row.cell == cell).collect();
    if rows.is_empty() {
        print::error(&format!("chi bộ “{cell}” không được giao việc trong văn bản #{}", document.id));
        return Ok(Exit::Failed);
    }
    let Some(meant) = meant(&rows, args) else {
        let codes: Vec<_> = rows.iter().map(|row| row.task.code()).collect();
        print::error(&format!("chi bộ được giao nhiều việc; cần --task, một trong: {}", codes.join(", ")));
        return Ok(Exit::Failed);
    };
    record(place, &loaded, store.as_ref(), &meant, &answer, &args.reason).await
}

/// The rows an answer is about: the task that is named, the only one there is, or, that it was received,
/// all that still owe.
fn meant(rows: &[Obligation], args: &Args) -> Option<Vec<ObligationId>> {
    let ids =
        |of: &dyn Fn(&&Obligation) -> bool| -> Vec<_> { rows.iter().filter(of).map(|row| row.id).collect() };
    let meant = match &args.task {
        Some(code) => ids(&|row| row.task.code() == code || row.task.as_str() == code),
        None if rows.len() == 1 => ids(&|_| true),
        None if matches!(args.answer, Word::Received) => ids(&|row| row.state.is_live()),
        None => Vec::new(),
    };
    (!meant.is_empty()).then_some(meant)
}

fn answer(args: &Args) -> Option<Answer> {
    Some(match args.answer {
        Word::Received => Answer::Received { promised: args.until },
        Word::Done => Answer::Done { report_symbol: args.report.clone(), report_date: None, note: None },
        Word::Declined => Answer::Declined { reason: args.reason.clone() },
        Word::MoreTime => Answer::MoreTime { until: args.until?, reason: args.reason.clone() },
    })
}

async fn record(
    place: &Place,
    loaded: &crate::config::Loaded,
    store: &dyn crate::app::ports::Store,
    obligations: &[ObligationId],
    answer: &Answer,
    reason: &str,
) -> anyhow::Result<Exit> {
    let actor = place.actor();
    let entry = OnBehalf { obligations, answer, actor: &actor, reason, now: place.now() };
    let voices = wiring::voices(&loaded.settings);
    match acknowledge::staff(store, (&loaded.office.calendar, &voices), &entry).await? {
        Outcome::Recorded(_) => print::text("đã ghi nhận"),
        Outcome::Already => print::text("đã ghi nhận từ trước; không có gì thay đổi"),
        _ => print::text("việc này đã kết thúc; câu trả lời được giữ làm bằng chứng"),
    }
    Ok(Exit::Done)
}
