//! `rules apply`, and `calendar apply`: does exactly what a saved plan shows, or refuses.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::app::plan::apply::{Apply, ApplyError, apply};
use crate::app::plan::draw::Side;
use crate::cli::{Exit, Place, print};
use crate::domain::plan::Plan;
use crate::runtime::wiring;

/// `rules apply`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Kế hoạch do `vanthu rules plan --out` hoặc `vanthu calendar plan --out` lưu
    plan: PathBuf,
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

pub(in crate::cli) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let plan = read(&args.plan)?;
    let Some(loaded) = place.load() else { return Ok(Exit::Configuration) };
    let Some(store) = place.register(&loaded).await? else { return Ok(Exit::Failed) };
    let office = wiring::office(&loaded.settings, &loaded.office);
    let policy = wiring::policy(&loaded, store.as_ref()).await?;
    let done = apply(
        &Apply {
            store: store.as_ref(),
            side: Side { office: &office, stamp: &loaded.office.stamp },
            policy: &policy,
            actor: place.actor(),
            now: place.now(),
        },
        &plan,
    )
    .await;
    match done {
        Ok(done) if args.json => print::json(&done)?,
        Ok(done) => print::text(&format!(
            "đã áp dụng kế hoạch {}: {} văn bản; mở {} việc, sửa {} việc, rút {} việc; {} thư chờ gửi",
            plan.id(),
            done.documents,
            done.opened,
            done.changed,
            done.withdrawn,
            done.mails
        )),
        Err(ApplyError::Store(error)) => return Err(error.into()),
        Err(error) => {
            print::error(&format!("{}: {error}", args.plan.display()));
            return Ok(Exit::Failed);
        }
    }
    Ok(Exit::Done)
}

fn read(path: &Path) -> anyhow::Result<Plan> {
    let bytes = std::fs::read(path).with_context(|| format!("không đọc được {}", path.display()))?;
    serde_json::from_slice(&bytes)
        .with_context(|| format!("{} không phải kế hoạch do vanthu lưu (plan --out)", path.display()))
}
