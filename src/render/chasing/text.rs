//! The letter as text, to read and to paste.

use chrono_tz::Tz;

use super::{COPIES, MOTTO, SIGNED, TO, Words};
use crate::domain::chasing::ChasingLetter;

/// Characters of a line.
const WIDTH: usize = 92;

/// The letter as text, lines ended by LF.
pub fn text(letter: &ChasingLetter, zone: Tz) -> String {
    let words = Words::new(letter, zone);
    let mut lines = head(&words);
    lines.push(String::new());
    lines.push(TO.to_owned());
    lines.extend(words.to.iter().map(|line| format!("    {line}")));
    lines.push(String::new());
    for paragraph in &words.paragraphs {
        lines.extend(wrapped(paragraph, "    "));
    }
    lines.push(String::new());
    let copies = [COPIES.to_owned()].into_iter().chain(words.copies.iter().cloned()).collect::<Vec<_>>();
    let signed = SIGNED.map(str::to_owned).to_vec();
    lines.extend(beside(&copies, &signed, false));
    for list in &words.lists {
        lines.extend([String::new(), String::new(), list.title.clone()]);
        let mut number = 0;
        for (heading, rows) in &list.groups {
            lines.extend([String::new(), heading.clone()]);
            for [name, standing, last] in rows {
                number += 1;
                let last =
                    if last == "–" { String::new() } else { format!(" [{}: {last}]", list.columns[2]) };
                lines.push(format!("{number:>4}. {name}: {standing}{last}"));
            }
        }
    }
    let text: Vec<_> = lines.iter().map(|line| line.trim_end()).collect();
    format!("{}\n", text.join("\n"))
}

fn head(words: &Words) -> Vec<String> {
    let star = "*".to_owned();
    let left: Vec<_> =
        words.issuer.iter().cloned().chain([star, words.number.to_owned(), words.subject.clone()]).collect();
    let right = vec![MOTTO.to_owned(), "――――――――――".to_owned(), words.place.clone()];
    beside(&left, &right, true)
}

/// Two columns, each wrapped to half of the width, the right one centred, the left one if so wanted.
fn beside(left: &[String], right: &[String], centred: bool) -> Vec<String> {
    let half = WIDTH / 2;
    let column =
        |lines: &[String]| -> Vec<String> { lines.iter().flat_map(|line| broken(line, half - 2)).collect() };
    let (left, right) = (column(left), column(right));
    let line = |lines: &[String], at: usize| lines.get(at).cloned().unwrap_or_default();
    (0..left.len().max(right.len()))
        .map(|at| match (line(&left, at), line(&right, at)) {
            (left, right) if centred => format!("{left:^half$}{right:^half$}"),
            (left, right) => format!("{left:<half$}{right:^half$}"),
        })
        .collect()
}

fn wrapped(paragraph: &str, indent: &str) -> Vec<String> {
    let lines = broken(&format!("{indent}{paragraph}"), WIDTH);
    lines
        .into_iter()
        .enumerate()
        .map(|(at, line)| if at == 0 { format!("{indent}{line}") } else { line })
        .collect()
}

/// Breaks at spaces; a word longer than a line stays whole.
fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty() || text.contains("  ")) {
        let fits = |line: &String| line.chars().count() + 1 + word.chars().count() <= width;
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if fits(line) => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
