//! `reload`: tells the daemon to read the office's files now.

use std::time::Duration;

use super::{Exit, Place, print};
use crate::config::settings::Settings;
use crate::runtime::accept::{Answer, Word};
use crate::runtime::control::{self, Question, Reply, Unanswered};

/// How long to wait: routing thousands of documents anew takes seconds.
const PATIENCE: Duration = Duration::from_secs(120);

/// `reload`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Chờ và cho biết kết quả; khác 0 nếu bản cũ vẫn giữ nguyên
    #[arg(long)]
    wait: bool,
    /// Người sửa, ghi vào sổ; mặc định là chủ của tệp mới nhất
    #[arg(long)]
    author: Option<String>,
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(settings) = place.plain_settings() else { return Ok(Exit::Configuration) };
    match ask(&settings, args.author.clone(), args.wait).await {
        Ok(reply) => tell(&reply, args.json),
        Err(why) => Ok(unanswered(&why)),
    }
}

/// Says that the daemon answered another question.
pub(super) fn strange() -> Exit {
    print::error("dịch vụ trả lời không đúng câu hỏi; hai bản vanthu khác nhau?");
    Exit::Failed
}

/// Says why the daemon did not answer.
pub(super) fn unanswered(why: &Unanswered) -> Exit {
    print::error(&why.to_string());
    match why {
        Unanswered::Forbidden(_) => Exit::Permission,
        Unanswered::Nobody(_) => Exit::Unreachable,
        Unanswered::Late(_) => Exit::Later,
        Unanswered::Broken(_) => Exit::Failed,
    }
}

/// Asks the daemon.
pub(super) async fn ask(
    settings: &Settings,
    author: Option<String>,
    wait: bool,
) -> Result<Reply, Unanswered> {
    control::ask(&settings.admin.control, &Question::Reload { author, wait }, PATIENCE).await
}

/// Prints what it said.
pub(super) fn tell(reply: &Reply, json: bool) -> anyhow::Result<Exit> {
    if json {
        print::json(reply)?;
    }
    match reply {
        Reply::Settled(answer) => {
            if !json {
                say(answer);
            }
            Ok(exit(answer.verdict))
        }
        Reply::Taken => {
            if !json {
                print::text("dịch vụ sẽ đọc lại tệp; chờ kết quả bằng `--wait`, hoặc xem `vanthu status`");
            }
            Ok(Exit::Done)
        }
        Reply::Clock { .. } => Ok(strange()),
        Reply::Fault { reason } => {
            print::error(reason);
            Ok(Exit::Failed)
        }
    }
}

fn say(answer: &Answer) {
    if let Some(findings) = &answer.findings {
        print::block(findings);
    }
    match answer.verdict {
        Word::Accepted | Word::Unchanged => print::text(&answer.sentence),
        Word::Waiting | Word::Rejected | Word::Refused | Word::Failed => print::error(&answer.sentence),
    }
}

fn exit(verdict: Word) -> Exit {
    match verdict {
        Word::Accepted | Word::Unchanged => Exit::Done,
        Word::Waiting | Word::Rejected => Exit::Later,
        Word::Refused => Exit::Configuration,
        Word::Failed => Exit::Failed,
    }
}
