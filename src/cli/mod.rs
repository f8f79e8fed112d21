//! The command line: one file per verb. Every reading verb has `--json`; exit codes are documented
//! in [`Exit`].

mod ack;
mod backup;
mod calendar;
mod cell;
mod check;
mod clock;
mod completions;
mod deadline;
mod demo;
mod doctor;
mod edition;
mod feed;
mod hold;
mod init;
mod journal;
mod letter;
mod mailbox;
mod obligation;
mod outbox;
mod place;
mod plan;
mod poll;
mod preview;
mod print;
mod reload;
mod report;
mod restore;
mod rules;
mod run;
mod schema;
mod show;
mod status;
mod store;
mod templates;
mod units;
mod upstream;
mod usage;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use place::Place;

use crate::app::ports::StoreError;
use crate::config::settings::Language;

/// Văn thư của chi bộ: đọc iOffice, giao việc theo quy tắc, báo thư, nhắc và theo dõi.
#[derive(Debug, Parser)]
#[command(name = "vanthu", version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// Tệp cấu hình chính
    #[arg(long, global = true, env = "VANTHU_CONFIG", default_value = "/etc/vanthu/vanthu.toml")]
    config: PathBuf,
    /// Ngôn ngữ của thông báo: vi hoặc en
    #[arg(long, global = true, value_enum)]
    lang: Option<Lang>,
    #[command(subcommand)]
    verb: Verb,
}

/// A language on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Lang {
    /// Tiếng Việt
    Vi,
    /// English
    En,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Chạy dịch vụ (dưới systemd)
    Run(run::Args),
    /// Dựng một văn phòng thử trên máy này, với iOffice và hộp thư giả
    Demo(demo::Args),
    /// Ghi các tệp cấu hình mẫu vào một thư mục
    Init(init::Args),
    /// Kiểm tra mọi tệp cấu hình, chỉ rõ chỗ sai
    Check(check::Args),
    /// Kiểm tra máy, nguồn, thư, lịch, quy tắc; mỗi lỗi kèm cách sửa
    Doctor(doctor::Args),
    /// Bảo dịch vụ nhận quy tắc, tổ chức, lịch, mẫu thư vừa sửa
    Reload(reload::Args),
    /// Đọc nguồn văn bản ngay bây giờ
    Poll(poll::Args),
    /// Tình hình chung
    Status(status::Args),
    /// Xem một văn bản: ai được giao, ai đã nhận, ai chậm
    Show(show::Args),
    /// Số liệu theo đảng bộ cơ sở hoặc theo văn bản, trong một khoảng thời gian
    Report(report::Args),
    /// Soạn công văn đôn đốc về một văn bản, để người phụ trách đánh số và ký
    Letter(letter::Args),
    /// Địa chỉ lịch riêng của một chi bộ
    Feed(feed::Args),
    /// Quy tắc giao việc
    #[command(subcommand)]
    Rules(rules::Verb),
    /// Tổ chức, chi bộ, hộp thư
    #[command(subcommand)]
    Units(units::Verb),
    /// Ghi nhận thay cho một chi bộ
    Ack(ack::Args),
    /// Việc chi bộ phải làm: liệt kê, tạm hoãn nhắc, tạm dừng hạn, miễn
    #[command(subcommand)]
    Obligation(obligation::Verb),
    /// Những việc chờ người quyết định
    #[command(subcommand)]
    Hold(hold::Verb),
    /// Thư đi
    #[command(subcommand)]
    Outbox(outbox::Verb),
    /// Hộp thư của chi bộ: hộp nào hỏng, dùng lại hộp đã sửa
    #[command(subcommand)]
    Mailbox(mailbox::Verb),
    /// Mẫu thư: kiểm tra, xem thử, các tên dùng được
    #[command(subcommand)]
    Templates(templates::Verb),
    /// Trạng thái báo lên nơi gửi văn bản
    #[command(subcommand)]
    Upstream(upstream::Verb),
    /// Lịch làm việc
    #[command(subcommand)]
    Calendar(calendar::Verb),
    /// Hạn ghi trong văn bản
    #[command(subcommand)]
    Deadline(deadline::Verb),
    /// Nhật ký: kiểm tra còn nguyên, xuất bằng chứng
    #[command(subcommand)]
    Journal(journal::Verb),
    /// Đồng hồ: giờ vanthu đang dùng, xác nhận giờ máy sau khi nó nhảy
    #[command(subcommand)]
    Clock(clock::Verb),
    /// Sổ: chép sang PostgreSQL hoặc ngược lại, kết xuất để kiểm tra
    #[command(subcommand)]
    Store(store::Verb),
    /// Sao lưu sổ (tệp SQLite) trong khi dịch vụ chạy, kiểm tra bản sao, xoá bản cũ
    Backup(backup::Args),
    /// Phục hồi sổ từ bản sao lưu, và cho chạy tiếp sau khi phục hồi
    Restore(restore::Args),
    /// Xem cấu hình đang có hiệu lực
    #[command(subcommand)]
    Config(check::ConfigVerb),
    /// In lược đồ JSON của một loại tệp, cho trình soạn thảo
    Schema(schema::Args),
    /// In mã bổ sung lệnh cho bash, zsh, fish
    Completions(completions::Args),
    /// In trang hướng dẫn man
    Man,
}

/// How a command ends. Anything else is a failure (1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: done.
    Done,
    /// 1: failed, or a check found something.
    Failed,
    /// 2: a plan has changes to show.
    Changes,
    /// 2: the command does not fit this register or lacks something.
    Usage,
    /// 69: the source or the mail server cannot be reached.
    Unreachable,
    /// 75: try again later.
    Later,
    /// 77: not allowed.
    Permission,
    /// 78: the configuration is wrong.
    Configuration,
}

impl Exit {
    /// Every exit code with its meaning, for the manual; 2 is how clap ends a command it cannot parse,
    /// the codes from 64 up are those of sysexits(3).
    const MEANINGS: [(u8, &str); 7] = [
        (0, "xong"),
        (1, "không thành công, hoặc phép kiểm tra tìm thấy lỗi"),
        (2, "lệnh hoặc tuỳ chọn viết sai; với rules plan, calendar plan: có thay đổi"),
        (69, "không kết nối được nguồn văn bản hoặc máy chủ thư"),
        (75, "chưa làm được lúc này; thử lại sau"),
        (77, "bị từ chối: sai mật khẩu hoặc thiếu quyền"),
        (78, "tệp cấu hình có lỗi"),
    ];

    fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Changes | Self::Usage => 2,
            Self::Unreachable => 69,
            Self::Later => 75,
            Self::Permission => 77,
            Self::Configuration => 78,
        }
    }
}

impl Exit {
    /// How a command ends that failed: by what stood against the register, else plainly.
    fn after(error: &anyhow::Error) -> Self {
        match error.downcast_ref() {
            Some(StoreError::Busy(_) | StoreError::Away(_) | StoreError::Full(_)) => Self::Later,
            Some(StoreError::Forbidden(_)) => Self::Permission,
            Some(StoreError::Refused(_) | StoreError::Receded { copied: false, .. }) => Self::Configuration,
            _ => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Parses the command line, runs the verb and says how it ended.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage::tell(&error, wants_english()),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            print::error(&format!("không khởi động được: {error}"));
            return Exit::Failed.into();
        }
    };
    match runtime.block_on(dispatch(cli)) {
        Ok(exit) => exit.into(),
        Err(error) => {
            print::error(&format!("{error:#}"));
            Exit::after(&error).into()
        }
    }
}

/// Whether English was asked for, where the command line itself could not be read.
fn wants_english() -> bool {
    let args: Vec<_> = std::env::args_os().collect();
    let asked = |lang: &str| {
        args.iter().any(|arg| *arg == *format!("--lang={lang}"))
            || args.windows(2).any(|pair| matches!(pair, [key, word] if key == "--lang" && word == lang))
    };
    let lang = if asked("en") { Some(Lang::En) } else { asked("vi").then_some(Lang::Vi) };
    Place::new(PathBuf::new(), lang).language() == Language::En
}

async fn dispatch(cli: Cli) -> anyhow::Result<Exit> {
    let place = Place::new(cli.config, cli.lang);
    match cli.verb {
        Verb::Run(args) => run::run(&place, &args).await,
        Verb::Demo(args) => demo::run(&args).await,
        Verb::Init(args) => init::run(&args),
        Verb::Check(args) => check::run(&place, &args).await,
        Verb::Doctor(args) => doctor::run(&place, &args).await,
        Verb::Reload(args) => reload::run(&place, &args).await,
        Verb::Poll(args) => Box::pin(poll::run(&place, &args)).await,
        Verb::Status(args) => status::run(&place, &args).await,
        Verb::Show(args) => show::run(&place, &args).await,
        Verb::Report(args) => report::run(&place, &args).await,
        Verb::Letter(args) => letter::run(&place, &args).await,
        Verb::Feed(args) => feed::run(&place, &args).await,
        Verb::Rules(verb) => rules::run(&place, &verb).await,
        Verb::Units(verb) => units::run(&place, &verb).await,
        Verb::Ack(args) => ack::run(&place, &args).await,
        Verb::Obligation(verb) => obligation::run(&place, &verb).await,
        Verb::Hold(verb) => hold::run(&place, &verb).await,
        Verb::Outbox(verb) => outbox::run(&place, &verb).await,
        Verb::Mailbox(verb) => mailbox::run(&place, &verb).await,
        Verb::Templates(verb) => templates::run(&place, &verb),
        Verb::Upstream(verb) => upstream::run(&place, &verb).await,
        Verb::Calendar(verb) => Box::pin(calendar::run(&place, &verb)).await,
        Verb::Deadline(verb) => Box::pin(deadline::run(&place, &verb)).await,
        Verb::Journal(verb) => Box::pin(journal::run(&place, &verb)).await,
        Verb::Clock(verb) => clock::run(&place, &verb).await,
        Verb::Store(verb) => Box::pin(store::run(&place, &verb)).await,
        Verb::Backup(args) => Box::pin(backup::run(&place, &args)).await,
        Verb::Restore(args) => Box::pin(restore::run(&place, &args)).await,
        Verb::Config(verb) => check::config(&place, &verb),
        Verb::Schema(args) => schema::run(&place, &args),
        Verb::Completions(args) => completions::run(&args),
        Verb::Man => completions::man(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        super::Cli::command().debug_assert();
    }
}
