//! Mistakes on the command line, in the reader's language. clap speaks English; its sentences are put
//! anew from what it knows of the mistake, and what is not known here is left to it.

use std::error::Error;
use std::num::ParseIntError;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// How a command ends that could not be read, as clap has it.
const USAGE: u8 = 2;

/// Tells of a mistake, or prints the help or the version that was asked for. `english` leaves clap's words.
pub(super) fn tell(error: &clap::Error, english: bool) -> ExitCode {
    let said = if english { None } else { vietnamese(error) };
    match said {
        Some(said) => super::print::error(&said),
        None => {
            error.print().ok();
        }
    }
    ExitCode::from(if error.use_stderr() { USAGE } else { 0 })
}

/// The mistake, what to do, and how the command is used.
fn vietnamese(error: &clap::Error) -> Option<String> {
    let value = |kind| error.get(kind).map(said);
    let arg = || value(ContextKind::InvalidArg).unwrap_or_default();
    let mistake = match error.kind() {
        ErrorKind::UnknownArgument => format!("không có tuỳ chọn {}", arg()),
        ErrorKind::InvalidSubcommand => {
            format!("không có lệnh {}", value(ContextKind::InvalidSubcommand)?)
        }
        ErrorKind::InvalidValue if value(ContextKind::InvalidValue).is_some_and(|v| v == "``") => {
            format!("{} cần một giá trị", arg())
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("{} không phải giá trị của {}", value(ContextKind::InvalidValue)?, arg())
        }
        ErrorKind::MissingRequiredArgument => format!("thiếu {}", arg()),
        ErrorKind::ArgumentConflict => {
            let other = value(ContextKind::PriorArg).unwrap_or_default();
            format!("{} không đi cùng {other}", arg())
        }
        ErrorKind::TooManyValues => format!("{} có quá nhiều giá trị", arg()),
        _ => return None,
    };
    let similar = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let similar =
        similar.into_iter().find_map(value).map(|name| format!("\ngợi ý: có phải ý bạn là {name}?"));
    let valid = value(ContextKind::ValidValue).filter(|valid| !valid.is_empty());
    let valid = valid.map(|valid| format!("\ngợi ý: chọn một trong: {valid}"));
    let cause = cause(error).map(|cause| format!("\ngợi ý: {cause}"));
    let usage = error.get(ContextKind::Usage).map(ToString::to_string).unwrap_or_default();
    let usage = usage.replace("Usage:", "Cách dùng:");
    let usage = if usage.trim().is_empty() { usage } else { format!("\n\n{usage}") };
    let more = "Xem đầy đủ: thêm --help vào sau lệnh";
    let hints = [similar, valid, cause].into_iter().flatten().collect::<String>();
    Some(format!("{mistake}{hints}{usage}\n{more}"))
}

/// What our own reading of a value said of it; that of numbers and days is a library's, in English, and adds nothing.
fn cause(error: &clap::Error) -> Option<String> {
    let foreign =
        |source: &&(dyn Error + 'static)| source.is::<ParseIntError>() || source.is::<chrono::ParseError>();
    let source = error.source().filter(|source| !foreign(source));
    source.filter(|_| error.kind() == ErrorKind::ValueValidation).map(ToString::to_string)
}

/// A value of clap's as people read it.
fn said(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => format!("`{text}`"),
        ContextValue::Strings(texts) => {
            texts.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;

    #[test]
    fn mistakes_are_told_in_vietnamese() {
        let cases = [
            &["vanthu", "chek"][..],
            &["vanthu", "check", "--ofline"],
            &["vanthu", "check", "--format", "xml"],
            &["vanthu", "check", "--json", "--format", "sarif"],
            &["vanthu", "show"],
            &["vanthu", "check", "--format"],
            &["vanthu", "templates", "render", "bogus"],
            &["vanthu", "rules", "test", "--fail-under", "300"],
            &["vanthu", "hold", "list", "--kind", "x"],
            &["vanthu", "units", "import", "x.xlsx", "--as-of", "mai"],
        ];
        let told = cases.map(|case| {
            let error = super::super::Cli::try_parse_from(case).unwrap_err();
            format!("$ {}\n{}", case.join(" "), vietnamese(&error).unwrap())
        });
        insta::assert_snapshot!(told.join("\n\n"));
    }
}
