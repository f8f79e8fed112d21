//! Questions and answers: at a terminal by menus, elsewhere line by line, so that an interview can be
//! scripted and tested as people hold it.

use std::io::{BufRead, Write as _};

use anyhow::{Context as _, bail};
use inquire::ui::{RenderConfig, Styled};
use inquire::{Confirm, InquireError, MultiSelect, Select, Text};

use crate::config::suggest::similar;
use crate::domain::text::bare_key;

/// Entries of a menu that are shown at once.
const PAGE: usize = 12;
const MOVE: &str = "↑↓ để chọn, Enter để nhận, gõ chữ (không cần dấu) để lọc, Esc để thôi";
const TICK: &str =
    "↑↓ để đi, dấu cách để đánh dấu, Enter khi xong; gõ chữ liền, không dấu để lọc, ví dụ phapche";

/// One thing to choose.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What stands in TOML.
    pub code: String,
    /// What people read.
    pub name: String,
}

impl Choice {
    pub fn new(code: impl Into<String>, name: impl Into<String>) -> Self {
        Self { code: code.into(), name: name.into() }
    }

    fn label(&self) -> String {
        if self.name == self.code { self.name.clone() } else { format!("{} ({})", self.name, self.code) }
    }
}

/// Somebody who answers.
pub trait Ask {
    /// A line of text; `usual` where nothing is answered.
    fn text(&mut self, question: &str, help: &str, usual: &str) -> anyhow::Result<String>;
    /// One of the choices, by its place; the first where nothing is answered.
    fn one(&mut self, question: &str, choices: &[Choice]) -> anyhow::Result<usize>;
    /// Any of the choices, by their places; `usual` where nothing is answered.
    fn many(&mut self, question: &str, choices: &[Choice], usual: &[usize]) -> anyhow::Result<Vec<usize>>;
    /// Yes or no; no where nothing is answered.
    fn yes(&mut self, question: &str) -> anyhow::Result<bool>;
}

/// A person at a terminal.
pub struct Terminal;

/// How well typed letters meet an entry: as a beginning, as a piece, or word by word. Accents and case do
/// not matter, nor do spaces: where several entries are ticked, the space bar is what ticks them.
fn score(typed: &str, label: &str) -> Option<i64> {
    let (typed, label) = (bare_key(typed), bare_key(label));
    if !typed.contains(' ') && label.replace(' ', "").contains(&typed) && !label.contains(&typed) {
        return Some(2);
    }
    match label.find(&typed) {
        Some(0) => Some(3),
        Some(_) => Some(2),
        None => typed.split(' ').all(|word| label.contains(word)).then_some(1),
    }
}

fn config() -> RenderConfig<'static> {
    RenderConfig::default().with_prompt_prefix(Styled::new("?")).with_answered_prompt_prefix(Styled::new("✓"))
}

impl Ask for Terminal {
    fn text(&mut self, question: &str, help: &str, usual: &str) -> anyhow::Result<String> {
        let prompt = Text::new(question).with_help_message(help).with_render_config(config());
        let prompt = if usual.is_empty() { prompt } else { prompt.with_default(usual) };
        prompt.prompt().map_err(stopped)
    }

    fn one(&mut self, question: &str, choices: &[Choice]) -> anyhow::Result<usize> {
        let labels: Vec<_> = choices.iter().map(Choice::label).collect();
        let scorer = |typed: &str, _: &String, label: &str, _: usize| score(typed, label);
        let prompt = Select::new(question, labels).with_scorer(&scorer).with_page_size(PAGE);
        let prompt = prompt.with_help_message(MOVE).with_render_config(config());
        prompt.raw_prompt().map(|chosen| chosen.index).map_err(stopped)
    }

    fn many(&mut self, question: &str, choices: &[Choice], usual: &[usize]) -> anyhow::Result<Vec<usize>> {
        let labels: Vec<_> = choices.iter().map(Choice::label).collect();
        let scorer = |typed: &str, _: &String, label: &str, _: usize| score(typed, label);
        let prompt = MultiSelect::new(question, labels).with_scorer(&scorer).with_page_size(PAGE);
        let prompt = prompt.with_default(usual).with_help_message(TICK).with_render_config(config());
        let chosen = prompt.raw_prompt().map_err(stopped)?;
        Ok(chosen.into_iter().map(|chosen| chosen.index).collect())
    }

    fn yes(&mut self, question: &str) -> anyhow::Result<bool> {
        let prompt = Confirm::new(question).with_render_config(config()).with_default(false);
        let prompt = prompt
            .with_parser(&|typed| said(typed).ok_or(()))
            .with_default_value_formatter(&|yes| if yes { "C/k" } else { "c/K" }.to_owned())
            .with_formatter(&|yes| if yes { "có" } else { "không" }.to_owned())
            .with_error_message("gõ c (có) hoặc k (không)");
        prompt.prompt().map_err(stopped)
    }
}

fn said(typed: &str) -> Option<bool> {
    match bare_key(typed).as_str() {
        "c" | "co" | "y" | "yes" => Some(true),
        "k" | "khong" | "n" | "no" => Some(false),
        _ => None,
    }
}

fn stopped(error: InquireError) -> anyhow::Error {
    match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => {
            anyhow::anyhow!("đã thôi; chưa ghi gì")
        }
        other => anyhow::anyhow!("không hỏi được ở cửa sổ lệnh này: {other}"),
    }
}

/// Answers that come as lines: an empty one takes what is usual; several choices are parted by `;`.
pub struct Lines<R>(pub R);

impl<R: BufRead> Lines<R> {
    fn line(&mut self, question: &str) -> anyhow::Result<String> {
        writeln!(std::io::stderr(), "? {question}").ok();
        let mut line = String::new();
        let read = self.0.read_line(&mut line).context("không đọc được câu trả lời")?;
        if read == 0 {
            bail!("hết câu trả lời ở câu: {question}; chưa ghi gì");
        }
        Ok(line.trim().to_owned())
    }
}

/// The place of what was answered: by number, code or name.
fn found(answer: &str, choices: &[Choice]) -> anyhow::Result<usize> {
    let number = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    if let Some(number) = number.filter(|number| *number < choices.len()) {
        return Ok(number);
    }
    let wanted = bare_key(answer);
    let exact = |choice: &Choice| bare_key(&choice.code) == wanted || bare_key(&choice.name) == wanted;
    if let Some(place) = choices.iter().position(exact) {
        return Ok(place);
    }
    let known = choices.iter().map(|choice| (choice.label(), [choice.code.as_str(), choice.name.as_str()]));
    match similar(answer, known).as_slice() {
        [] => bail!("không có lựa chọn “{answer}”; chưa ghi gì"),
        close => bail!("không có lựa chọn “{answer}”; có phải ý bạn là {}? Chưa ghi gì", close.join(", ")),
    }
}

impl<R: BufRead> Ask for Lines<R> {
    fn text(&mut self, question: &str, _: &str, usual: &str) -> anyhow::Result<String> {
        let line = self.line(question)?;
        Ok(if line.is_empty() { usual.to_owned() } else { line })
    }

    fn one(&mut self, question: &str, choices: &[Choice]) -> anyhow::Result<usize> {
        let line = self.line(question)?;
        if line.is_empty() { Ok(0) } else { found(&line, choices) }
    }

    fn many(&mut self, question: &str, choices: &[Choice], usual: &[usize]) -> anyhow::Result<Vec<usize>> {
        let line = self.line(question)?;
        if line.is_empty() {
            return Ok(usual.to_vec());
        }
        line.split(';').map(|answer| found(answer.trim(), choices)).collect()
    }

    fn yes(&mut self, question: &str) -> anyhow::Result<bool> {
        let line = self.line(question)?;
        Ok(said(&line).unwrap_or(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_without_accents_finds_names() {
        let label = "Chi bộ Phòng Tổ chức cán bộ (cb-so-noi-vu-4)";
        assert_eq!(score("chi bo", label), Some(3));
        assert_eq!(score("to chuc", label), Some(2));
        assert_eq!(score("noi vu to chuc", label), Some(1));
        assert_eq!(score("tochuc", label), Some(2));
        assert_eq!(score("giao duc", label), None);
    }

    #[test]
    fn lines_answer_by_number_code_and_name() {
        let choices = [Choice::new("a", "Chi bộ Trường học"), Choice::new("b", "Chi bộ Y tế")];
        let mut lines = Lines("2; chi bo truong hoc\n\nB\nchi bo y te hoc\n".as_bytes());
        assert_eq!(lines.many("ai", &choices, &[]).unwrap(), [1, 0]);
        assert_eq!(lines.many("ai", &choices, &[1]).unwrap(), [1]);
        assert_eq!(lines.one("ai", &choices).unwrap(), 1);
        let wrong = lines.one("ai", &choices).unwrap_err().to_string();
        assert!(wrong.contains("có phải ý bạn là Chi bộ Y tế (b)"), "{wrong}");
        assert!(lines.text("còn gì", "", "").unwrap_err().to_string().contains("còn gì"));
    }
}
