//! `poll`: read the sources now, for real or to see what would happen.

use super::{Exit, Place, print};
use crate::app::explain::{self, Preview};
use crate::app::ingest::{PollError, Polled};
use crate::app::ports::SourceError;
use crate::domain::brake::Baseline;
use crate::domain::ids::SourceId;
use crate::runtime::accept::{self, Begun};
use crate::runtime::wiring::{self, Room};

/// `poll`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Đọc một lần rồi thôi (dịch vụ không được chạy cùng lúc)
    #[arg(long)]
    once: bool,
    /// Chỉ đọc và cho biết sẽ giao cho ai; không ghi sổ, không gửi thư
    #[arg(long)]
    dry_run: bool,
    /// Lần đọc đầu: văn bản đã có sẵn ở nguồn chỉ vào sổ (silent) hay giao việc, gửi thư (mail); mặc định theo
    /// `brake.baseline`
    #[arg(long, value_enum)]
    baseline: Option<First>,
    /// In dạng JSON
    #[arg(long)]
    json: bool,
}

/// What becomes of what lies in a source before it is read for the first time.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum First {
    /// Chỉ vào sổ
    Silent,
    /// Giao việc và gửi thư
    Mail,
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    if args.dry_run {
        let Some(loaded) = place.load() else { return Ok(Exit::Configuration) };
        return dry(place, &loaded, args.json).await;
    }
    if !args.once {
        print::error("dùng `vanthu poll --once`, hoặc `vanthu run` để đọc theo lịch");
        return Ok(Exit::Failed);
    }
    let Some(mut settings) = place.settings() else { return Ok(Exit::Configuration) };
    if let Some(first) = args.baseline {
        settings.brake.baseline = match first {
            First::Silent => Baseline::Silent,
            First::Mail => Baseline::Mail,
        };
    }
    let store = wiring::serve(&settings, place.now()).await?;
    let serving = store.instances().await?.len();
    if serving > 0 {
        print::error(&format!(
            "đang có {serving} dịch vụ vanthu chạy trên sổ này và tự đọc nguồn theo lịch; muốn đọc ngay thì dừng dịch vụ trước \
             (vừa mất đột ngột thì đợi một phút)"
        ));
        return Ok(Exit::Failed);
    }
    let office = match accept::begin(&place.files(&settings), store.as_ref(), place.clock().as_ref()).await? {
        Begun::Force(office) => *office,
        Begun::Broken(findings) => {
            print::block(&findings);
            return Ok(Exit::Configuration);
        }
    };
    let loaded = wiring::loaded(settings, office);
    let daemon = wiring::daemon(&loaded, store, place.clock()).await?;
    let mut exit = Exit::Done;
    for polling in &daemon.sources {
        match daemon.poll(polling, place.now()).await {
            Ok(done) if args.json => print::json(&done)?,
            Ok(done) => tell(polling.source.id(), &done),
            Err(PollError::Store(error)) => return Err(error.into()),
            Err(PollError::TooSoon(at)) => {
                let at = print::instant(Some(at), &loaded.office.calendar);
                print::error(&format!("{}: bị từ chối gần đây; hỏi lại sau {at}", polling.source.id()));
                exit = Exit::Later;
            }
            Err(PollError::Source(error)) => {
                print::error(&format!("{}: {error}", polling.source.id()));
                exit = code(&error);
            }
        }
    }
    daemon.store.close().await;
    Ok(exit)
}

fn tell(source: &SourceId, done: &Polled) {
    print::text(&format!(
        "{source}: {} dòng, {} văn bản mới, {} việc được giao, {} giữ lại vì độ mật, {} lỗi, {} chưa khớp quy tắc",
        done.listed, done.registered, done.obligations, done.withheld, done.broken, done.unmatched
    ));
    if done.silent > 0 {
        print::text(&format!(
            "LẦN ĐỌC ĐẦU: {} văn bản có sẵn ở nguồn chỉ vào sổ, không giao cho ai, không gửi thư. Xem: vanthu hold list \
             --kind brake; muốn giao và gửi thư: vanthu hold release SỐ",
            done.silent
        ));
    }
    if done.braked > 0 {
        print::text(&format!(
            "PHANH: {} văn bản đến dồn quá mức đã vào sổ, thư bị giữ. Xem: vanthu hold list --kind brake",
            done.braked
        ));
    }
    if done.unconfirmed > 0 {
        print::text(&format!(
            "CHÚ Ý: nguồn chưa nhận lời báo đã nhận của {} văn bản; văn bản đã vào sổ, lần đọc sau báo lại",
            done.unconfirmed
        ));
    }
    if !done.good {
        print::text("CHÚ Ý: danh sách của nguồn có điều bất thường; xem vanthu status");
    }
}

fn code(error: &SourceError) -> Exit {
    match error {
        SourceError::Denied(_) | SourceError::OneTimePassword(_) => Exit::Permission,
        SourceError::Unreachable(_) | SourceError::Unexpected(_) => Exit::Unreachable,
        SourceError::Unkept(_) => Exit::Later,
    }
}

async fn dry(place: &Place, loaded: &crate::config::Loaded, as_json: bool) -> anyhow::Result<Exit> {
    let mut exit = Exit::Done;
    let office = wiring::office(&loaded.settings, &loaded.office);
    let scratch = tempfile::tempdir()?;
    for polling in wiring::sources(loaded, &place.clock(), &Room::looking(&loaded.settings, scratch.path()))?
    {
        match explain::preview(polling.source.as_ref(), &office, place.now()).await {
            Ok(previews) if as_json => print::json(&previews)?,
            Ok(previews) => show(&previews),
            Err(error) => {
                print::error(&format!("{}: {error}", polling.source.id()));
                exit = code(&error);
            }
        }
    }
    Ok(exit)
}

fn show(previews: &[Preview]) {
    print::table(
        &["Mã ở nguồn", "Số, ký hiệu", "Trích yếu", "Quy tắc", "Chi bộ"],
        previews.iter().map(|preview| {
            vec![
                preview.external_id.to_string(),
                preview.symbol.clone(),
                preview.subject.clone(),
                preview.rules.join(", "),
                preview.outcome.clone(),
            ]
        }),
    );
}
