//! `hold`: what waits for a human, and deciding about it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::{Exit, Place, print};
use crate::app::hold::{Decided, Desk, HoldError, To, Wanted};
use crate::app::ports::{HoldKind, HoldRow, choices};
use crate::config::Loaded;
use crate::domain::ids::{DocumentId, HoldId, RuleId, UnitId};
use crate::domain::obligation::Role;
use crate::render::pages::words::waited;
use crate::runtime::wiring;

mod about;

/// `hold …`
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Liệt kê những việc chờ người quyết định
    List {
        /// Cả những việc đã giải quyết
        #[arg(long)]
        all: bool,
        /// Chỉ loại này: unmatched, secret, broken, brake, no-contact, declined…
        #[arg(long, value_parser = kind)]
        kind: Option<HoldKind>,
        /// Chỉ nguồn này
        #[arg(long)]
        source: Option<String>,
        /// In dạng JSON
        #[arg(long)]
        json: bool,
    },
    /// Xem một việc: vì sao, từ bao giờ, làm được gì, quy tắc nào sẽ bắt được văn bản này
    Show {
        /// Số của việc
        number: i64,
        /// In dạng JSON
        #[arg(long)]
        json: bool,
        /// In nguyên văn của văn bản không đọc được, để tìm chỗ hỏng
        #[arg(long, conflicts_with = "json")]
        raw: bool,
    },
    /// Giao văn bản cho chi bộ như quy tắc giao, hoặc chỉ ra việc chờ nói về văn bản nào trong sổ
    Assign(Assign),
    /// Cho đi tiếp: gửi thư đang giữ, đọc lại, ghi thành văn bản riêng, đồng ý trả lại, báo lại trạng thái, đồng ý gia
    /// hạn, trả việc về chi bộ đã báo không thuộc trách nhiệm
    Release {
        /// Số của việc
        number: i64,
        /// Gia hạn đến hết ngày này thay vì ngày chi bộ xin, yyyy-mm-dd
        #[arg(long)]
        until: Option<NaiveDate>,
        /// Lý do, ghi vào nhật ký
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Khép lại: đã xử lý bằng cách khác, không cần làm gì, từ chối trả lại, hoặc không đồng ý gia hạn
    Dismiss {
        /// Số của việc
        number: i64,
        /// Lý do, ghi vào nhật ký
        #[arg(long)]
        reason: String,
    },
}

/// `hold assign`
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("whom").required(true)))]
pub struct Assign {
    /// Số của việc
    number: i64,
    /// Mã các chi bộ, cách nhau bằng dấu phẩy
    #[arg(long, value_delimiter = ',', group = "whom")]
    cells: Vec<String>,
    /// Giao như quy tắc này, dù văn bản không khớp điều kiện của nó
    #[arg(long, group = "whom")]
    rule: Option<String>,
    /// Số trong sổ của văn bản mà việc này nói đến, ví dụ 5 hoặc #5
    #[arg(long, value_parser = document, group = "whom")]
    document: Option<DocumentId>,
    /// Vai trò của các chi bộ được nêu
    #[arg(long, value_enum, default_value_t = Part::Lead)]
    role: Part,
    /// Hạn hoàn thành, yyyy-mm-dd; mặc định theo văn bản hoặc quy tắc
    #[arg(long)]
    due: Option<NaiveDate>,
    /// Lý do, ghi vào nhật ký
    #[arg(long)]
    reason: String,
}

/// A role on the command line.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Part {
    /// Chủ trì
    Lead,
    /// Phối hợp
    Support,
    /// Để biết
    Inform,
}

fn document(text: &str) -> Result<DocumentId, String> {
    let number = text.trim().trim_start_matches('#').parse();
    number.map(DocumentId).map_err(|_| "phải là số trong sổ, ví dụ 5 hoặc #5".to_owned())
}

fn kind(word: &str) -> Result<HoldKind, String> {
    let known = || HoldKind::ALL.map(HoldKind::as_str).join(", ");
    HoldKind::parse(word).ok_or_else(|| format!("phải là một trong: {}", known()))
}

pub(super) async fn run(place: &Place, verb: &Verb) -> anyhow::Result<Exit> {
    let Some(loaded) = place.in_force().await else { return Ok(Exit::Configuration) };
    match verb {
        Verb::List { all, kind, source, json } => {
            let Some(store) = place.reader(&loaded).await? else { return Ok(Exit::Failed) };
            let mut holds = store.holds(!all).await?;
            holds.retain(|hold| kind.is_none_or(|kind| hold.kind == kind));
            holds.retain(|hold| source.as_ref().is_none_or(|source| hold.source.as_str() == source));
            if *json {
                print::json(&holds.iter().map(Listed::new).collect::<Vec<_>>())?;
            } else {
                list(place, &holds, *kind == Some(HoldKind::Secret));
            }
            Ok(Exit::Done)
        }
        Verb::Show { number, raw: true, .. } => about::raw(place, &loaded, HoldId(*number)).await,
        Verb::Show { number, json, .. } => about::show(place, &loaded, HoldId(*number), *json).await,
        Verb::Assign(args) => assign(place, &loaded, args).await,
        Verb::Release { number, until, reason } => {
            let id = HoldId(*number);
            let act = async |desk: &Desk<'_>| match until {
                Some(day) => desk.grant(id, Some(*day)).await,
                None => desk.release(id).await,
            };
            decide(place, &loaded, reason, act, "đã cho đi tiếp").await
        }
        Verb::Dismiss { number, reason } => {
            let id = HoldId(*number);
            decide(place, &loaded, reason, async |desk| desk.dismiss(id).await, "đã khép").await
        }
    }
}

/// A hold with the commands that decide about it.
#[derive(Serialize)]
struct Listed<'a> {
    #[serde(flatten)]
    hold: &'a HoldRow,
    commands: Vec<String>,
}

impl<'a> Listed<'a> {
    fn new(hold: &'a HoldRow) -> Self {
        let open = choices(hold).iter().filter(|_| hold.closed.is_none());
        Self { hold, commands: open.map(|choice| about::command(choice, hold.id)).collect() }
    }
}

/// One line for each; of secret documents a number alone, unless they are asked for.
fn list(place: &Place, holds: &[HoldRow], secrets: bool) {
    if holds.is_empty() {
        print::text("không có việc nào chờ người quyết định");
    }
    let hidden = |hold: &&HoldRow| hold.kind == HoldKind::Secret && hold.closed.is_none() && !secrets;
    print::table(
        &["Số", "Loại", "Đã chờ", "Văn bản", "Tổ chức", "Lý do", "Lệnh xử lý"],
        holds.iter().filter(|hold| !hidden(hold)).map(|hold| {
            vec![
                hold.id.to_string(),
                hold.kind.as_str().to_owned(),
                waited(hold.closed.unwrap_or(place.now()) - hold.opened),
                hold.symbol.clone().unwrap_or_else(|| format!("{}/{}", hold.source, hold.external_id)),
                hold.unit.as_ref().map(ToString::to_string).unwrap_or_default(),
                hold.reason.clone(),
                Listed::new(hold).commands.join("\n"),
            ]
        }),
    );
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for hold in holds.iter().filter(hidden) {
        *counts.entry(hold.source.as_str()).or_default() += 1;
    }
    for (source, count) in counts {
        print::text(&format!(
            "{source}: {count} văn bản có dấu hiệu mật, không vào sổ; xem trên hệ thống văn bản"
        ));
    }
    if !holds.is_empty() {
        print::text("Mỗi lệnh làm gì, và quy tắc nào sẽ bắt được văn bản: vanthu hold show SỐ");
    }
}

async fn assign(place: &Place, loaded: &Loaded, args: &Assign) -> anyhow::Result<Exit> {
    let to = match (&args.rule, args.document) {
        (Some(rule), _) => To::Rule(RuleId(rule.clone())),
        (None, Some(document)) => To::Document(document),
        (None, None) => To::Cells(args.cells.iter().map(|cell| UnitId(cell.trim().to_owned())).collect()),
    };
    let role = match args.role {
        Part::Lead => Role::Lead,
        Part::Support => Role::Support,
        Part::Inform => Role::Inform,
    };
    let (id, wanted) = (HoldId(args.number), Wanted { to, role, due: args.due });
    decide(place, loaded, &args.reason, async |desk| desk.assign(id, &wanted).await, "đã giao").await
}

async fn decide(
    place: &Place,
    loaded: &Loaded,
    reason: &str,
    act: impl AsyncFnOnce(&Desk<'_>) -> Result<Decided, HoldError>,
    done: &str,
) -> anyhow::Result<Exit> {
    let Some(store) = place.register(loaded).await? else { return Ok(Exit::Failed) };
    let office = wiring::office(&loaded.settings, &loaded.office);
    let policy = wiring::policy(loaded, store.as_ref()).await?;
    let actor = place.actor();
    let desk = Desk {
        store: store.as_ref(),
        office: &office,
        policy: &policy,
        actor: &actor,
        reason,
        now: place.now(),
    };
    match act(&desk).await {
        Ok(Decided { documents: 0, .. }) => print::text(done),
        Ok(what) => print::text(&format!(
            "{done}: {} văn bản, mở {} việc, {} thư chờ gửi",
            what.documents, what.opened, what.mails
        )),
        Err(HoldError::Store(error)) => return Err(error.into()),
        Err(error) => {
            print::error(&error.to_string());
            return Ok(Exit::Failed);
        }
    }
    Ok(Exit::Done)
}
