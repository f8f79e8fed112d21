//! `ack`: staff record what a cell told them by other ways.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Exit, Place, print, show};
use crate::app::acknowledge::{self, OnBehalf, Outcome};
use crate::config::Office;
use crate::domain::ids::{ObligationId, UnitId};
use crate::domain::obligation::{Answer, Figure, FileLink, Obligation};
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
    /// Ngày báo cáo, yyyy-mm-dd (done)
    #[arg(long)]
    date: Option<NaiveDate>,
    /// Ghi chú (done)
    #[arg(long)]
    note: Option<String>,
    /// Đường dẫn tới tệp báo cáo, https:// hoặc http:// (done)
    #[arg(long, value_parser = link)]
    link: Option<FileLink>,
    /// Số liệu quy tắc yêu cầu, viết TÊN=SỐ, ví dụ "Số đảng viên dự=38"; mỗi số liệu một lần (done)
    #[arg(long, value_parser = figure)]
    figure: Vec<Figure>,
    /// Mã chi bộ mà việc này thuộc về (declined)
    #[arg(long)]
    suggest: Option<String>,
}

fn link(text: &str) -> Result<FileLink, String> {
    FileLink::read(text).map_err(|error| error.to_string())
}

fn figure(text: &str) -> Result<Figure, String> {
    let (name, value) = text.rsplit_once('=').ok_or("viết TÊN=SỐ, ví dụ \"Số đảng viên dự=38\"")?;
    Figure::read(name.trim(), value).map_err(|error| error.to_string())
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
    if let Some(fault) = fault(args, &loaded.office, place.now()) {
        print::error(&fault);
        return Ok(Exit::Failed);
    }
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

/// What cannot be: no reason, a day that has passed, a cell that is none.
fn fault(args: &Args, office: &Office, now: DateTime<Utc>) -> Option<String> {
    let today = office.calendar.date_of(now);
    if args.reason.trim().is_empty() {
        return Some("cần ghi lý do".to_owned());
    }
    if let Some(day) = args.until.filter(|day| *day < today) {
        return Some(format!("ngày {} đã qua", day.format("%d/%m/%Y")));
    }
    if let Some(day) = args.date.filter(|day| *day > today) {
        return Some(format!("ngày báo cáo {} chưa tới", day.format("%d/%m/%Y")));
    }
    let strange =
        |code: &&String| !office.units.cells_on(today).any(|cell| cell.id.as_str() == code.as_str());
    args.suggest.as_ref().filter(strange).map(|code| format!("không có chi bộ “{code}” đang hoạt động"))
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
        Word::Done => Answer::Done {
            report_symbol: args.report.clone(),
            report_date: args.date,
            note: args.note.clone(),
            link: args.link.clone(),
            figures: args.figure.clone(),
        },
        Word::Declined => Answer::Declined {
            reason: args.reason.clone(),
            suggested: args.suggest.as_deref().map(UnitId::from),
        },
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
        Outcome::Corrected(_) => print::text("đã ghi bản sửa; báo cáo trước vẫn được lưu"),
        Outcome::NoDue => {
            print::error("việc này không có hạn nên không cần gia hạn");
            return Ok(Exit::Failed);
        }
        Outcome::NotLater { due } => {
            let day = loaded.office.calendar.due_day(due).format("%d/%m/%Y");
            print::error(&format!("hạn hiện nay là {day}; --until phải sau ngày này"));
            return Ok(Exit::Failed);
        }
        Outcome::Already => print::text("đã ghi nhận từ trước; không có gì thay đổi"),
        _ => print::text("việc này đã kết thúc; câu trả lời được giữ làm bằng chứng"),
    }
    Ok(Exit::Done)
}
