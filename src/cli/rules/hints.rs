//! `rules hints`: rules that cells keep correcting.

use crate::app::hint::hints;
use crate::cli::{Exit, Place, print};
use crate::domain::hint::{FROM, WINDOW};

/// `rules hints`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.in_force().await else { return Ok(Exit::Configuration) };
    let Some(store) = place.reader(&loaded).await? else { return Ok(Exit::Failed) };
    let hints = hints(store.as_ref(), place.now()).await?;
    if args.json {
        print::json(&hints)?;
        return Ok(Exit::Done);
    }
    if hints.is_empty() {
        let days = WINDOW.num_days();
        print::text(&format!(
            "không quy tắc nào bị báo không đúng trách nhiệm từ {FROM} lần trong {days} ngày"
        ));
        return Ok(Exit::Done);
    }
    let today = loaded.office.calendar.date_of(place.now());
    let names = |units: &[(_, usize)]| {
        let each =
            |(unit, count): &(_, usize)| format!("{} ({count})", loaded.office.units.name_on(unit, today));
        units.iter().map(each).collect::<Vec<_>>().join("\n")
    };
    print::table(
        &["Quy tắc", "Tên", "Lần", "Chi bộ báo", "Theo chi bộ, việc thuộc về", "Lần cuối"],
        hints.iter().map(|hint| {
            vec![
                hint.rule.to_string(),
                hint.name.clone(),
                hint.corrections.to_string(),
                names(&hint.cells),
                names(&hint.suggested),
                print::instant(Some(hint.last), &loaded.office.calendar),
            ]
        }),
    );
    print::text("Xem lại `to` và `except` của quy tắc; thử trước khi lưu: vanthu rules plan");
    Ok(Exit::Done)
}
