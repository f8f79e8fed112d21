//! `rules log`: which editions came into force, when, by whom, and what they changed.

use serde::Serialize;

use super::{Exit, Place, open, print};
use crate::app::ports::{AcceptanceKind, AcceptanceRow};
use crate::domain::edition::short;

/// `rules log`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Cả những lần chờ duyệt, bị từ chối, hoặc tệp có lỗi
    #[arg(long)]
    all: bool,
    /// Nhiều nhất bấy nhiêu dòng, mới nhất trước
    #[arg(long, default_value_t = 50)]
    limit: usize,
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

/// A line of the log.
#[derive(Debug, Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    row: &'a AcceptanceRow,
    /// Who let it in, where it had waited.
    approved_by: Option<&'a str>,
}

pub async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let (_, store) = match open(place).await? {
        Ok(opened) => opened,
        Err(exit) => return Ok(exit),
    };
    let rows = store.acceptances(None, 0).await?;
    let shown = |row: &AcceptanceRow| args.all || row.kind == AcceptanceKind::Accepted;
    // Newest first: the step before a row stands behind it.
    let lines = rows.iter().enumerate().filter(|(_, row)| shown(row));
    let lines = lines.map(|(at, row)| Line { row, approved_by: approver(row, rows.get(at + 1)) });
    let lines: Vec<_> = lines.take(args.limit).collect();
    if args.json {
        print::json(&lines)?;
        return Ok(Exit::Done);
    }
    if lines.is_empty() {
        print::text("chưa có bản nào được nhận");
    }
    let zone = place.in_force().await.map(|loaded| loaded.office.calendar);
    let when = |row: &AcceptanceRow| match &zone {
        Some(calendar) => print::instant(Some(row.at), calendar),
        None => row.at.format("%d/%m/%Y %H:%M UTC").to_string(),
    };
    print::table(
        &["Lúc", "Mã", "Kết quả", "Người sửa", "Thay đổi", "Người duyệt"],
        lines.iter().map(|line| {
            let row = line.row;
            let hash = if row.kind == AcceptanceKind::Refused { "" } else { short(&row.edition) };
            let approved = line.approved_by.unwrap_or_default();
            let cells = [&when(row), hash, result(row.kind), &row.author, &what(row), approved];
            cells.map(str::to_owned).to_vec()
        }),
    );
    Ok(Exit::Done)
}

fn approver<'a>(row: &AcceptanceRow, before: Option<&'a AcceptanceRow>) -> Option<&'a str> {
    let before = before?;
    let approved = before.kind == AcceptanceKind::Approved && before.edition == row.edition;
    (row.kind == AcceptanceKind::Accepted && approved).then_some(before.author.as_str())
}

fn result(kind: AcceptanceKind) -> &'static str {
    match kind {
        AcceptanceKind::Accepted => "có hiệu lực",
        AcceptanceKind::Waiting => "chờ duyệt",
        AcceptanceKind::Approved => "được duyệt",
        AcceptanceKind::Rejected => "bị từ chối",
        AcceptanceKind::Refused => "tệp có lỗi",
        AcceptanceKind::Returned => "trở lại như cũ",
    }
}

fn what(row: &AcceptanceRow) -> String {
    match (row.kind, &row.impact, &row.detail) {
        (AcceptanceKind::Refused, _, Some(findings)) => {
            findings.trim_end().lines().next_back().unwrap_or_default().to_owned()
        }
        (_, _, Some(reason)) => reason.clone(),
        (_, Some(impact), None) => impact.vietnamese(),
        (AcceptanceKind::Accepted, None, None) => "bản đầu tiên".to_owned(),
        (_, None, None) => String::new(),
    }
}
