//! `upstream`: what is told to the sources documents came from.

use super::{Exit, Place, print, show};
use crate::app::ports::{Difference, OriginId, Reader, StatusFilter, StatusRow};
use crate::app::report_up::{self, ByHand, Recall};
use crate::config::Loaded;
use crate::domain::calendar::Calendar;
use crate::domain::ids::{DocumentId, HoldId, StatusId};
use crate::domain::notice::Delivery;
use crate::domain::status::{StatusCode, Voices};
use crate::render::pages::{upstream, words};
use crate::runtime::wiring;

/// `upstream …`
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Liệt kê trạng thái đã báo và chờ báo, mới nhất trước
    List {
        /// Chỉ văn bản này: số, ký hiệu hoặc số trong sổ (ví dụ #5)
        document: Option<String>,
        /// Chỉ trạng thái ở tình trạng này: queued, sending, sent, failed
        #[arg(long, value_parser = delivery)]
        state: Option<Delivery>,
        /// Nhiều nhất bấy nhiêu
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// In dạng JSON
        #[arg(long)]
        json: bool,
    },
    /// Liệt kê chỗ nguồn và sổ khác nhau theo lần đối chiếu đêm gần nhất
    Diff {
        /// In dạng JSON
        #[arg(long)]
        json: bool,
    },
    /// Báo một trạng thái theo quyết định của văn thư
    Send {
        /// Mã: 01 đã đến, 02 từ chối, 03 tiếp nhận, 04 phân công, 05 đang xử lý, 06 hoàn thành
        #[arg(value_parser = code)]
        code: StatusCode,
        /// Số, ký hiệu văn bản hoặc số trong sổ (ví dụ #5)
        document: String,
        /// Vì sao; gửi kèm lên nguồn và ghi vào nhật ký
        #[arg(long)]
        reason: String,
        /// Chỉ báo cho nguồn này, khi văn bản đến từ nhiều nguồn
        #[arg(long)]
        source: Option<String>,
    },
    /// Báo lại một trạng thái mà nguồn không nhận
    Retry {
        /// Số của trạng thái
        number: i64,
    },
    /// Trả lời nơi gửi muốn lấy lại văn bản
    #[command(group(clap::ArgGroup::new("decision").required(true).args(["agree", "refuse"])))]
    Answer {
        /// Số của việc chờ, xem vanthu hold list
        hold: i64,
        /// Đồng ý: rút mọi việc đã giao theo văn bản này và báo 15
        #[arg(long)]
        agree: bool,
        /// Từ chối: giữ nguyên mọi việc và báo 16
        #[arg(long)]
        refuse: bool,
        /// Vì sao; gửi kèm lên nguồn và ghi vào nhật ký
        #[arg(long)]
        reason: String,
    },
}

fn delivery(word: &str) -> Result<Delivery, String> {
    let known =
        Delivery::parse(word).filter(|state| !matches!(state, Delivery::Ambiguous | Delivery::Dropped));
    known.ok_or_else(|| "phải là queued, sending, sent hoặc failed".to_owned())
}

fn code(digits: &str) -> Result<StatusCode, String> {
    let code = StatusCode::parse(digits).filter(|code| code.rank().is_some() || *code == StatusCode::Refused);
    code.ok_or_else(|| "phải là 01, 02, 03, 04, 05 hoặc 06".to_owned())
}

pub(super) async fn run(place: &Place, verb: &Verb) -> anyhow::Result<Exit> {
    let Some(loaded) = place.in_force().await else { return Ok(Exit::Configuration) };
    match verb {
        Verb::List { document, state, limit, json } => {
            let Some(store) = place.reader(&loaded).await? else { return Ok(Exit::Failed) };
            let of = match document {
                Some(text) => match only(store.as_ref(), text, place).await? {
                    Some(id) => Some(id),
                    None => return Ok(Exit::Failed),
                },
                None => None,
            };
            let filter = StatusFilter { delivery: *state, document: of, limit: *limit };
            let statuses = store.statuses(&filter).await?;
            if *json {
                print::json(&statuses)?;
            } else {
                list(&statuses, &loaded.office.calendar);
            }
            Ok(Exit::Done)
        }
        Verb::Diff { json } => {
            let Some(store) = place.reader(&loaded).await? else { return Ok(Exit::Failed) };
            let differences = store.differences(None).await?;
            if *json {
                print::json(&differences)?;
            } else {
                diff(&differences, &loaded.office.calendar);
            }
            Ok(Exit::Done)
        }
        Verb::Send { code, document, reason, source } => {
            send(place, &loaded, *code, document, (reason, source.as_deref())).await
        }
        Verb::Retry { number } => retry(place, &loaded, StatusId(*number)).await,
        Verb::Answer { hold, agree, reason, .. } => {
            answer(place, &loaded, HoldId(*hold), *agree, reason).await
        }
    }
}

/// The one document a person means; says so where there is none or are several.
async fn only(store: &dyn Reader, text: &str, place: &Place) -> anyhow::Result<Option<DocumentId>> {
    let found = show::find(store, text, place).await?;
    match found.as_slice() {
        [document] => Ok(Some(document.id)),
        [] => {
            print::error(&format!("không có văn bản “{text}” trong sổ"));
            Ok(None)
        }
        several => {
            let numbers: Vec<_> = several.iter().map(|document| format!("#{}", document.id)).collect();
            print::error(&format!(
                "“{text}” chỉ nhiều văn bản; hãy dùng số trong sổ: {}",
                numbers.join(", ")
            ));
            Ok(None)
        }
    }
}

fn list(statuses: &[StatusRow], calendar: &Calendar) {
    if statuses.is_empty() {
        print::text("chưa có trạng thái nào");
        return;
    }
    print::table(
        &["Số", "Văn bản", "Nguồn", "Trạng thái", "Kèm theo", "Kết quả", "Lúc", "Lần", "Nguồn trả lời"],
        statuses.iter().map(|status| {
            vec![
                status.id.to_string(),
                format!("#{}", status.document),
                format!("{} / {}", status.origin.source, status.origin.external_id),
                upstream::code(status.code),
                status.description.clone(),
                words::told(status.delivery).to_owned(),
                print::instant(status.sent_at.or(Some(status.send_at)), calendar),
                status.tries.to_string(),
                status.reply.clone().unwrap_or_default(),
            ]
        }),
    );
}

fn diff(differences: &[Difference], calendar: &Calendar) {
    if differences.is_empty() {
        print::text("nguồn và sổ không khác nhau ở chỗ nào đã đối chiếu");
        return;
    }
    print::table(
        &["Văn bản", "Số, ký hiệu", "Nguồn", "Khác nhau", "Từ"],
        differences.iter().map(|difference| {
            vec![
                format!("#{}", difference.document),
                difference.symbol.clone(),
                format!("{} / {}", difference.source, difference.external_id),
                difference.differ.vietnamese().to_owned(),
                print::instant(Some(difference.since), calendar),
            ]
        }),
    );
}

/// Whether a status about an origin is taken by its source, by these settings.
fn takes(voices: &Voices, origin: &OriginId) -> bool {
    voices.get(&origin.source).is_some_and(|voice| voice.speaks_of(&origin.external_id))
}

async fn send(
    place: &Place,
    loaded: &Loaded,
    code: StatusCode,
    document: &str,
    (reason, source): (&str, Option<&str>),
) -> anyhow::Result<Exit> {
    let Some(store) = place.register(loaded).await? else { return Ok(Exit::Failed) };
    let Some(document) = only(store.as_ref(), document, place).await? else { return Ok(Exit::Failed) };
    let (voices, actor) = (wiring::voices(&loaded.settings), place.actor());
    let takes = |origin: &OriginId| takes(&voices, origin);
    let said = ByHand { document, code, source, actor: &actor, reason, now: place.now() };
    match report_up::send(store.as_ref(), &takes, &said).await {
        Ok(origins) => {
            let to: Vec<_> = origins.iter().map(|origin| origin.source.to_string()).collect();
            print::text(&format!("sẽ báo {} cho {} trong lượt tới", upstream::code(code), to.join(", ")));
            Ok(Exit::Done)
        }
        Err(report_up::SendError::Store(error)) => Err(error.into()),
        Err(refusal) => {
            print::error(&refusal.to_string());
            Ok(Exit::Failed)
        }
    }
}

async fn retry(place: &Place, loaded: &Loaded, id: StatusId) -> anyhow::Result<Exit> {
    let Some(store) = place.register(loaded).await? else { return Ok(Exit::Failed) };
    match report_up::retry(store.as_ref(), id, &place.actor(), place.now()).await {
        Ok(status) => {
            print::text(&format!(
                "trạng thái số {id} ({}) sẽ được báo lại trong lượt tới",
                upstream::code(status.code)
            ));
            Ok(Exit::Done)
        }
        Err(report_up::SendError::Store(error)) => Err(error.into()),
        Err(refusal) => {
            print::error(&refusal.to_string());
            Ok(Exit::Failed)
        }
    }
}

async fn answer(
    place: &Place,
    loaded: &Loaded,
    hold: HoldId,
    agrees: bool,
    reason: &str,
) -> anyhow::Result<Exit> {
    let Some(store) = place.register(loaded).await? else { return Ok(Exit::Failed) };
    let policy = wiring::policy(loaded, store.as_ref()).await?;
    let office = wiring::office(&loaded.settings, &loaded.office);
    let (voices, actor) = (wiring::voices(&loaded.settings), place.actor());
    let takes = |origin: &OriginId| takes(&voices, origin);
    let recall =
        Recall { hold, agrees, actor: &actor, reason, office: &office, policy: &policy, now: place.now() };
    match report_up::answer(store.as_ref(), &takes, &recall).await {
        Ok(done) => {
            let what = if agrees {
                format!("đã rút {} việc", done.withdrawn)
            } else {
                "mọi việc giữ nguyên".to_owned()
            };
            let told = if done.told.is_empty() {
                "nguồn này không nhận trạng thái, hãy tự báo nơi gửi"
            } else {
                "sẽ báo nơi gửi trong lượt tới"
            };
            print::text(&format!("văn bản #{}: {what}; {told}", done.document));
            Ok(Exit::Done)
        }
        Err(report_up::RecallError::Store(error)) => Err(error.into()),
        Err(refusal) => {
            print::error(&refusal.to_string());
            Ok(Exit::Failed)
        }
    }
}
