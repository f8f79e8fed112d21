//! `rules diff`: how two editions differ, in the texts and in what they do.

use std::collections::BTreeSet;

use similar::TextDiff;

use super::{Exit, Place, find, in_force, open, print};
use crate::app::plan::impact;
use crate::app::ports::Store;
use crate::config::{self, Office, settings::Settings};
use crate::domain::edition::{Edition, short};
use crate::runtime::wiring;

/// Lines around a change.
const CONTEXT: usize = 3;

/// `rules diff`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Bản cũ: mã trong `rules log`, ít nhất vài chữ số đầu; mặc định là bản đang có hiệu lực
    old: Option<String>,
    /// Bản mới; mặc định là các tệp trong thư mục
    new: Option<String>,
}

pub async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let (settings, store) = match open(place).await? {
        Ok(opened) => opened,
        Err(exit) => return Ok(exit),
    };
    let old = match &args.old {
        Some(prefix) => find(store.as_ref(), prefix).await?,
        None => in_force(store.as_ref()).await?,
    };
    let Some(old) = old else { return Ok(Exit::Failed) };
    let new = match &args.new {
        Some(prefix) => find(store.as_ref(), prefix).await?,
        None => Some(place.files(&settings).texts()),
    };
    let Some(new) = new else { return Ok(Exit::Failed) };
    if old == new {
        print::text(&format!("không khác gì bản {}", short(old.hash())));
        return Ok(Exit::Done);
    }
    print::text(&texts(&old, &new));
    for line in meaning(place, &settings, store.as_ref(), [&old, &new]).await? {
        print::text(&line);
    }
    Ok(Exit::Done)
}

/// The unified diff of every file that differs.
pub(super) fn texts(old: &Edition, new: &Edition) -> String {
    let paths: BTreeSet<_> = old.files().iter().chain(new.files()).map(|file| file.path.as_str()).collect();
    let mut text = String::new();
    for path in paths {
        let (before, after) = (old.text(path), new.text(path));
        if before == after {
            continue;
        }
        let name =
            |side: &str, there: bool| if there { format!("{side}/{path}") } else { "/dev/null".to_owned() };
        let diff = TextDiff::from_lines(before.unwrap_or_default(), after.unwrap_or_default());
        let mut unified = diff.unified_diff();
        let (from, to) = (name("a", before.is_some()), name("b", after.is_some()));
        text.push_str(&unified.context_radius(CONTEXT).header(&from, &to).to_string());
    }
    text
}

/// What the change does, as far as both editions can be read.
async fn meaning(
    place: &Place,
    settings: &Settings,
    store: &dyn Store,
    editions: [&Edition; 2],
) -> anyhow::Result<Vec<String>> {
    let [Ok((old, _)), Ok((new, _))] = editions.map(|edition| config::restore_office(settings, edition))
    else {
        return Ok(vec![
            "một trong hai bản có lỗi nên không xét được cách giao; xem `vanthu check`".to_owned(),
        ]);
    };
    let mut lines = words(&old, &new);
    let now = place.now();
    let since = now - chrono::Duration::from_std(settings.accept.window)?;
    let [before, after] = [&old, &new].map(|office| wiring::office(settings, office));
    lines.push(impact::impact(store, &before, &after, since, now).await?.vietnamese());
    Ok(lines)
}

/// Rules and units that came, went or changed.
fn words(old: &Office, new: &Office) -> Vec<String> {
    let rules = |office: &Office| -> BTreeSet<String> {
        office.ruleset.rules.iter().map(|rule| rule.id.0.clone()).collect()
    };
    let units =
        |office: &Office| -> BTreeSet<String> { office.units.iter().map(|unit| unit.id.0.clone()).collect() };
    let sets = [("quy tắc", rules(old), rules(new)), ("tổ chức", units(old), units(new))];
    let mut lines = Vec::new();
    for (what, before, after) in &sets {
        let list = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
            one.difference(other).cloned().collect::<Vec<_>>().join(", ")
        };
        for (verb, names) in [("thêm", list(after, before)), ("bỏ", list(before, after))] {
            if !names.is_empty() {
                lines.push(format!("{verb} {what}: {names}"));
            }
        }
    }
    let changed: Vec<_> = (new.ruleset.rules.iter())
        .filter(|rule| {
            let earlier = old.ruleset.rules.iter().find(|earlier| earlier.id == rule.id);
            // Where a rule stands says nothing of what it does.
            let say = |rule: &crate::domain::rule::Rule| {
                let mut rule = rule.clone();
                rule.place = String::new();
                format!("{rule:?}")
            };
            earlier.is_some_and(|earlier| say(earlier) != say(rule))
        })
        .map(|rule| rule.id.as_str())
        .collect();
    if !changed.is_empty() {
        lines.push(format!("sửa quy tắc: {}", changed.join(", ")));
    }
    lines
}
