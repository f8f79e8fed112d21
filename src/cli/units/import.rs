//! `units import`: first what a spreadsheet would change, then, when asked, the change.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::NaiveDate;
use serde_json::json;

use super::{check, day};
use crate::app::reorganise::{Consequence, preview};
use crate::cli::{Exit, Place, print};
use crate::config::Loaded;
use crate::config::diagnostic::{Findings, Report};
use crate::config::file::SourceFile;
use crate::config::sheet;
use crate::config::unit::{self, import};
use crate::domain::unit::Units;

/// `units import`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Bảng tính .xlsx hoặc .csv
    file: PathBuf,
    /// Tên trang trong bảng tính; mặc định là trang đầu tiên có dữ liệu
    #[arg(long)]
    sheet: Option<String>,
    /// Ghi vào tệp tổ chức; không có thì chỉ cho xem
    #[arg(long)]
    write: bool,
    /// Tên mới và cấp trên mới có hiệu lực từ ngày này, giữ lại giá trị cũ; không có thì coi là sửa lỗi
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<NaiveDate>,
    /// Tổ chức không có trong bảng kết thúc vào ngày này; không có thì giữ nguyên
    #[arg(long, value_name = "YYYY-MM-DD")]
    dissolve_missing: Option<NaiveDate>,
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load_untested() else { return Ok(Exit::Configuration) };
    let sheet = match sheet::read(&args.file, args.sheet.as_deref()) {
        Ok(sheet) => sheet,
        Err(finding) => return Ok(refused(place, &Report { diagnostics: vec![finding] })),
    };
    let path = &loaded.settings.files.units;
    let before = fs::read_to_string(path).with_context(|| format!("không đọc được {}", path.display()))?;
    let job = import::Import {
        sheet: &sheet,
        units: &loaded.office.units,
        today: day(None, &loaded, place),
        as_of: args.as_of,
        dissolve: args.dissolve_missing,
    };
    let (plan, warnings) = match import::plan(&job) {
        Ok(planned) => planned,
        Err(report) => return Ok(refused(place, &report)),
    };
    let after = import::apply(&before, &plan)?;
    let units = match checked(path, &after) {
        Ok(units) => units,
        Err(report) => return Ok(refused(place, &report)),
    };
    let open = consequences(place, &loaded, &units, job.today).await?;
    show(place, args, &plan, &warnings, (&open, &units))?;
    if args.write && !plan.is_empty() {
        write(path, &before, &after)?;
        if !args.json {
            print::text(&format!("đã ghi {}; dịch vụ đang chạy nhận tệp mới khi nạp lại", path.display()));
        }
    }
    Ok(Exit::Done)
}

fn refused(place: &Place, report: &Report) -> Exit {
    print::block(&report.render(place.language(), print::colour()));
    Exit::Failed
}

/// The units of the new text, unless it has faults: what is written is what `vanthu check` takes.
fn checked(path: &Path, text: &str) -> Result<Units, Report> {
    let findings = Findings::default();
    let file = SourceFile::new(format!("{} (sau khi nhập)", path.display()), text);
    let units = unit::read(&file, &findings);
    let report = findings.into_report();
    match units {
        Some((units, _)) if report.errors() == 0 => Ok(units),
        _ => Err(report),
    }
}

/// What the new file holds for open work; nothing is known without a register.
async fn consequences(
    place: &Place,
    loaded: &Loaded,
    units: &Units,
    today: NaiveDate,
) -> anyhow::Result<Vec<Consequence>> {
    if !loaded.settings.store.may_exist() {
        return Ok(Vec::new());
    }
    let Some(store) = place.register(loaded).await? else { return Ok(Vec::new()) };
    Ok(preview(store.as_ref(), units, today).await?)
}

/// In the place of the old file, all of it or nothing, with the rights of the old one.
fn write(path: &Path, before: &str, after: &str) -> anyhow::Result<()> {
    let shown = path.display();
    anyhow::ensure!(
        fs::read_to_string(path).is_ok_and(|now| now == before),
        "{shown} vừa được người khác sửa; chạy lại lệnh để đối chiếu với bản mới"
    );
    // A link is followed: the file behind it is replaced, not the link.
    let target = fs::canonicalize(path).with_context(|| format!("không tìm thấy {shown}"))?;
    let folder = target.parent().context("tệp tổ chức không nằm trong thư mục nào")?;
    let mut file = tempfile::NamedTempFile::new_in(folder)
        .with_context(|| format!("không ghi được vào {}", folder.display()))?;
    file.write_all(after.as_bytes())?;
    file.as_file().set_permissions(fs::metadata(&target)?.permissions())?;
    file.as_file().sync_all()?;
    file.persist(&target).with_context(|| format!("không thay được {shown}"))?;
    Ok(())
}

fn show(
    place: &Place,
    args: &Args,
    plan: &import::Plan,
    warnings: &Report,
    (open, units): (&[Consequence], &Units),
) -> anyhow::Result<()> {
    if args.json {
        return print::json(&object(place, plan, warnings, open));
    }
    print::block(&warnings.render(place.language(), print::colour()));
    plan.added.iter().for_each(|change| print::text(&line('+', change)));
    plan.changed.iter().for_each(|change| print::text(&line('~', change)));
    plan.missing.iter().for_each(|missing| print::text(&missing_line(missing)));
    open.iter().for_each(|one| print::text(&check::sentence(one, units)));
    print::text(&summary(plan));
    if !plan.is_empty() && !args.write {
        print::text("chưa ghi gì; xem kỹ rồi chạy lại với --write");
    }
    Ok(())
}

fn line(mark: char, change: &import::Change) -> String {
    let edits = change.edits.iter().filter(|edit| mark != '+' || edit.column != import::Column::Name);
    let edits = edits.map(|edit| {
        let heading = edit.column.heading();
        let new = if edit.shown.is_empty() { "(bỏ)" } else { &edit.shown };
        match edit.old.as_str() {
            "" => format!("    {heading}: {new}"),
            old => format!("    {heading}: {old} → {new}"),
        }
    });
    let head = format!("{mark} {}  {}", change.id, change.name);
    std::iter::once(head).chain(edits).collect::<Vec<_>>().join("\n")
}

fn missing_line(missing: &import::Missing) -> String {
    let (id, name) = (&missing.id, &missing.name);
    let rest = match (missing.until, missing.spared) {
        (Some(until), _) => format!("không có trong bảng; kết thúc ngày {}", import::day_text(until)),
        (None, Some(why)) => format!("không có trong bảng; giữ nguyên vì {why}"),
        (None, None) => "không có trong bảng; giữ nguyên".to_owned(),
    };
    format!("- {id}  {name}\n    {rest}")
}

fn summary(plan: &import::Plan) -> String {
    let ended = plan.missing.iter().filter(|unit| unit.until.is_some()).count();
    let kept = plan.missing.len() - ended;
    if plan.is_empty() && kept == 0 {
        return format!("không có gì thay đổi; {} tổ chức giống hệt", plan.same);
    }
    format!(
        "{} thêm, {} sửa, {ended} kết thúc, {kept} không có trong bảng được giữ nguyên, {} giống hệt",
        plan.added.len(),
        plan.changed.len(),
        plan.same
    )
}

fn object(place: &Place, plan: &import::Plan, warnings: &Report, open: &[Consequence]) -> serde_json::Value {
    let edit =
        |edit: &import::Edit| json!({"column": edit.column.heading(), "old": edit.old, "new": edit.shown});
    let change = |change: &import::Change| json!({"id": change.id, "name": change.name, "edits": change.edits.iter().map(edit).collect::<Vec<_>>()});
    let missing = |one: &import::Missing| json!({"id": one.id, "name": one.name, "until": one.until, "kept_because": one.spared});
    json!({
        "added": plan.added.iter().map(change).collect::<Vec<_>>(),
        "changed": plan.changed.iter().map(change).collect::<Vec<_>>(),
        "missing": plan.missing.iter().map(missing).collect::<Vec<_>>(),
        "same": plan.same, "open_work": open, "findings": warnings.to_json(place.language()),
    })
}
