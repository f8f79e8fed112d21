//! `completions` and `man`.

use clap::CommandFactory as _;
use clap_complete::Shell;
use clap_mangen::roff::{Roff, roman};

use super::{Cli, Exit, print};

/// `completions`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Loại shell
    shell: Shell,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "vanthu", &mut script);
    print::text(&String::from_utf8_lossy(&script));
    Ok(Exit::Done)
}

pub(super) fn man() -> anyhow::Result<Exit> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    exit_codes().to_writer(&mut page)?;
    print::text(&String::from_utf8_lossy(&page));
    Ok(Exit::Done)
}

/// The section every manual page of a command has (man-pages(7)), with its name in Vietnamese.
fn exit_codes() -> Roff {
    let mut section = Roff::new();
    section.control("SH", ["MÃ THOÁT"]);
    for (code, meaning) in Exit::MEANINGS {
        section.control("TP", []).control("B", [code.to_string().as_str()]).text([roman(meaning)]);
    }
    section
}
