//! `calendar draft` and `calendar confirm`: a year as a file, first computed, then confirmed by a person.

use std::path::PathBuf;

use anyhow::Context as _;
use chrono::{Datelike as _, NaiveDate};

use crate::cli::{Exit, Place, print};
use crate::config::calendar::draft::{Confirmation, confirmed, text};
use crate::config::write;
use crate::domain::calendar::Draft;

/// The week of an office whose files cannot be read yet: Monday to Friday.
const WEEK: [bool; 7] = [true, true, true, true, true, false, false];

/// `calendar draft`
#[derive(Debug, clap::Args)]
pub struct DraftArgs {
    /// Năm
    year: i32,
    /// Chỉ in ra, không ghi tệp
    #[arg(long)]
    stdout: bool,
}

/// `calendar confirm`
#[derive(Debug, clap::Args)]
pub struct ConfirmArgs {
    /// Năm
    year: i32,
    /// Số văn bản công bố lịch nghỉ, ví dụ 12729/VPCP-KGVX
    #[arg(long)]
    notice: String,
    /// Ngày của văn bản ấy, yyyy-mm-dd
    #[arg(long)]
    date: Option<NaiveDate>,
    /// Địa chỉ nơi đọc được văn bản ấy
    #[arg(long)]
    link: Option<String>,
    /// Ai đã đối chiếu từng ngày với văn bản
    #[arg(long)]
    by: String,
}

fn file(place: &Place, year: i32) -> PathBuf {
    place.paths().calendar.join(format!("{year}.toml"))
}

pub(super) fn draft(place: &Place, args: &DraftArgs) -> anyhow::Result<Exit> {
    let week = place.load_quietly().map_or(WEEK, |loaded| loaded.office.calendar.week);
    let Some(draft) = Draft::new(args.year, week) else {
        print::error("chỉ tính được âm lịch cho các năm 1900–2199");
        return Ok(Exit::Failed);
    };
    if args.stdout {
        print::text(&text(&draft));
        return Ok(Exit::Done);
    }
    let path = file(place, args.year);
    if path.exists() {
        print::error(&format!(
            "đã có {}; không ghi đè. Xem bản tính sẵn: vanthu calendar draft {} --stdout",
            path.display(),
            args.year
        ));
        return Ok(Exit::Failed);
    }
    write::replace(&path, &text(&draft)).with_context(|| format!("không ghi được {}", path.display()))?;
    print::text(&format!(
        "đã ghi bản nháp {}\nĐối chiếu với thông báo chính thức, sửa cho khớp, rồi:\n  vanthu calendar confirm {} --notice SỐ --date NGÀY --by NGƯỜI",
        path.display(),
        args.year
    ));
    Ok(Exit::Done)
}

pub(super) fn confirm(place: &Place, args: &ConfirmArgs) -> anyhow::Result<Exit> {
    if args.notice.trim().is_empty() || args.by.trim().is_empty() {
        print::error("--notice và --by không được để trống: ai, theo văn bản nào");
        return Ok(Exit::Failed);
    }
    let path = file(place, args.year);
    if !path.exists() {
        print::error(&format!(
            "chưa có {}; lập bản nháp: vanthu calendar draft {}",
            path.display(),
            args.year
        ));
        return Ok(Exit::Failed);
    }
    // A file with faults is not confirmed: what it says is not what would count.
    let Some(loaded) = place.load_untested() else { return Ok(Exit::Configuration) };
    let Some(year) = loaded.office.calendar.years.get(&args.year) else {
        print::error(&format!("{} không phải lịch năm {}", path.display(), args.year));
        return Ok(Exit::Failed);
    };
    if let Some(basis) = year.basis.as_ref().filter(|basis| **basis != args.notice) {
        print::text(&format!("trước đây đã xác nhận theo {basis}; nay ghi lại theo {}", args.notice));
    }
    let before =
        std::fs::read_to_string(&path).with_context(|| format!("không đọc được {}", path.display()))?;
    let confirmation = Confirmation {
        notice: args.notice.trim().to_owned(),
        date: args.date,
        link: args.link.clone(),
        by: args.by.trim().to_owned(),
    };
    let after = confirmed(&before, &confirmation).with_context(|| path.display().to_string())?;
    write::replace(&path, &after).with_context(|| format!("không ghi được {}", path.display()))?;
    let off = year.off.keys().chain(year.swaps.keys()).filter(|day| day.year() == args.year).count();
    print::text(&format!(
        "đã xác nhận lịch năm {} ({off} ngày nghỉ, {} ngày làm bù) theo {} trong {}\nHạn nào đổi theo: vanthu calendar plan",
        args.year,
        year.work.len() + year.swaps.len(),
        confirmation.notice,
        path.display()
    ));
    Ok(Exit::Done)
}
