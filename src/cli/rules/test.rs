//! `rules test`: the tests beside the rules, what they cover, and a test from a real document.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::json;

use crate::app::ports::HoldKind;
use crate::cli::{Exit, Place, print, show};
use crate::config::Loaded;
use crate::config::golden::Golden;
use crate::config::rules_test::{self, Coverage, Tested};
use crate::domain::examine::withheld;

/// `rules test`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Không đạt (mã thoát 1) nếu các phép thử chạm tới ít hơn bấy nhiêu phần trăm số quy tắc
    #[arg(long, value_parser = percent)]
    fail_under: Option<u8>,
    /// Viết một phép thử từ văn bản này (#5 hoặc số, ký hiệu), với kết quả hôm nay, đã che những chữ không cần
    #[arg(long, conflicts_with = "fail_under")]
    from_doc: Option<String>,
    /// Ghi thêm phép thử ấy vào cuối tệp này, thay vì in ra
    #[arg(long, requires = "from_doc")]
    write: Option<PathBuf>,
    /// In dạng JSON
    #[arg(long, conflicts_with = "from_doc")]
    json: bool,
}

fn percent(text: &str) -> Result<u8, String> {
    let share = text.parse().ok().filter(|share| *share <= 100);
    share.ok_or_else(|| "phải là số từ 0 đến 100".to_owned())
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load_untested() else { return Ok(Exit::Configuration) };
    match &args.from_doc {
        Some(document) => from_document(place, &loaded, document, args.write.as_deref()).await,
        None => test(place, &loaded, args),
    }
}

fn test(place: &Place, loaded: &Loaded, args: &Args) -> anyhow::Result<Exit> {
    let tested = rules_test::run(&loaded.office);
    let report = rules_test::report(&tested);
    let coverage = Coverage::new(&loaded.office, &tested);
    if args.json {
        let tests: Vec<_> = tested.iter().map(|one| outcome(one, place)).collect();
        print::json(&json!({"tests": tests, "coverage": coverage}))?;
    } else {
        print::table(
            &["", "Phép thử", "Ở"],
            tested.iter().map(|one| {
                let mark = if one.failures.is_empty() { "✓" } else { "✗" };
                vec![mark.to_owned(), one.test.name.clone(), one.test.place.to_string()]
            }),
        );
        print::block(&report.render(place.language(), print::colour()));
        cover(&coverage);
    }
    let enough = args.fail_under.is_none_or(|least| coverage.percent >= least);
    if !enough {
        let least = args.fail_under.unwrap_or_default();
        print::error(&format!(
            "các phép thử mới chạm tới {}% số quy tắc, cần ít nhất {least}%",
            coverage.percent
        ));
    }
    Ok(if report.errors() == 0 && enough { Exit::Done } else { Exit::Failed })
}

fn cover(coverage: &Coverage) {
    print::table(
        &["", "Quy tắc", "Phép thử", "Ở"],
        coverage.rules.iter().map(|rule| {
            let mark = if rule.tests > 0 { "✓" } else { "✗" };
            vec![mark.to_owned(), rule.rule.to_string(), rule.tests.to_string(), rule.place.clone()]
        }),
    );
    print::text(&format!(
        "{} trên {} quy tắc có phép thử chạm tới ({}%)",
        coverage.hit,
        coverage.rules.len(),
        coverage.percent
    ));
}

fn outcome(tested: &Tested<'_>, place: &Place) -> serde_json::Value {
    let failures: Vec<_> = tested.failures.iter().map(|failure| failure.to_json(place.language())).collect();
    json!({
        "name": tested.test.name, "place": tested.test.place.to_string(),
        "passed": failures.is_empty(), "failures": failures,
    })
}

async fn from_document(
    place: &Place,
    loaded: &Loaded,
    document: &str,
    write: Option<&Path>,
) -> anyhow::Result<Exit> {
    let Some(store) = place.reader(loaded).await? else { return Ok(Exit::Failed) };
    let secret = store.holds(true).await?.into_iter().filter(|hold| hold.kind == HoldKind::Secret);
    let secret: Vec<_> = secret.map(|hold| (hold.source, hold.external_id)).collect();
    let found = show::find(store.as_ref(), document, place).await?;
    let row = match &found[..] {
        [row] => row,
        [] if secret.iter().any(|(_, id)| id.as_str() == document) => return refuse(document),
        [] => {
            print::error(&format!("không có văn bản “{document}” trong sổ"));
            return Ok(Exit::Failed);
        }
        several => {
            let numbers: Vec<_> = several.iter().map(|row| format!("#{}", row.id)).collect();
            print::error(&format!(
                "“{document}” có nhiều văn bản: {}; hãy ghi số trong sổ",
                numbers.join(", ")
            ));
            return Ok(Exit::Failed);
        }
    };
    if withheld(&row.document).is_some() || secret.contains(&(row.source.clone(), row.external_id.clone())) {
        return refuse(document);
    }
    let received = row.document.received.unwrap_or(row.registered);
    let golden = Golden::new(&row.document, loaded.office.calendar.date_of(received), &loaded.office);
    let text = golden.toml(&loaded.office);
    match write {
        None => print::text(&text),
        Some(path) => {
            let path = append(path, &text, loaded)?;
            print::text(&format!("đã ghi phép thử vào {}; chạy lại: vanthu rules test", path.display()));
        }
    }
    Ok(Exit::Done)
}

fn refuse(document: &str) -> anyhow::Result<Exit> {
    print::error(&format!("“{document}” có dấu hiệu độ mật: không lấy làm phép thử"));
    Ok(Exit::Failed)
}

/// Appends to the end of a file; a bare name is one of the office's files of rules.
fn append(path: &Path, text: &str, loaded: &Loaded) -> anyhow::Result<PathBuf> {
    let is_bare = path.parent().is_none_or(|parent| parent.as_os_str().is_empty());
    let path = if is_bare { loaded.settings.files.rules.join(path) } else { path.to_owned() };
    let failed = || format!("không ghi được vào {}", path.display());
    let known = match std::fs::read_to_string(&path) {
        Ok(known) => known,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(failed),
    };
    let gap = match () {
        () if known.is_empty() => "",
        () if known.ends_with('\n') => "\n",
        () => "\n\n",
    };
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&path).with_context(failed)?;
    std::io::Write::write_all(&mut file, format!("{gap}{text}").as_bytes()).with_context(failed)?;
    Ok(path)
}
