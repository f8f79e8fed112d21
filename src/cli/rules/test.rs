//! `rules test`: the tests beside the rules.

use serde_json::json;

use crate::cli::{Exit, Place, print};
use crate::config::rules_test::{self, Tested};

pub(super) fn run(place: &Place, as_json: bool) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load_untested() else { return Ok(Exit::Configuration) };
    let tested = rules_test::run(&loaded.office);
    let report = rules_test::report(&tested);
    if as_json {
        print::json(&tested.iter().map(|one| outcome(one, place)).collect::<Vec<_>>())?;
    } else {
        print::table(
            &["", "Phép thử", "Ở"],
            tested.iter().map(|one| {
                let mark = if one.failures.is_empty() { "✓" } else { "✗" };
                vec![mark.to_owned(), one.test.name.clone(), one.test.place.to_string()]
            }),
        );
        print::block(&report.render(place.language(), print::colour()));
        for rule in rules_test::untested(&loaded.office, &tested) {
            print::text(&format!("chưa có phép thử nào cho quy tắc “{}” ({})", rule.id, rule.place));
        }
    }
    Ok(if report.errors() == 0 { Exit::Done } else { Exit::Failed })
}

fn outcome(tested: &Tested<'_>, place: &Place) -> serde_json::Value {
    let failures: Vec<_> = tested.failures.iter().map(|failure| failure.to_json(place.language())).collect();
    json!({
        "name": tested.test.name, "place": tested.test.place.to_string(),
        "passed": failures.is_empty(), "failures": failures,
    })
}
