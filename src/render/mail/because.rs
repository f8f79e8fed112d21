//! Why somebody reads a letter, and how what it asks was counted, line by line.

use super::lexicon::Sentences;
use super::view::View;

/// The lines, for a view that holds everything else already.
pub(super) fn because(view: &View<'_>, say: &Sentences) -> Vec<String> {
    let mut lines = vec![chosen(view, say)];
    for (number, task) in (1..).zip(&view.tasks) {
        let counted =
            |reading: &String| (say.counted)(Some(number), reading, task.phrase.as_deref(), task.proposal);
        lines.extend(task.reading.as_ref().map(counted));
    }
    let counted = |reading: &String| (say.counted)(None, reading, view.phrase.as_deref(), view.proposal);
    lines.extend(view.reading.as_ref().map(counted));
    lines
}

fn chosen(view: &View<'_>, say: &Sentences) -> String {
    let rules: Vec<_> = view.rules.iter().map(|name| format!("“{name}”")).collect();
    match (view.kind, rules.as_slice()) {
        ("escalation", _) => (say.above)(&view.unit),
        (kind, []) => (say.given)(&view.unit, &view.role, kind == "withdrawal"),
        // A plan's tasks may have roles of their own.
        (_, rules) => {
            (say.chosen)(rules, &view.unit, Some(view.role.as_str()).filter(|_| view.tasks.is_empty()))
        }
    }
}
