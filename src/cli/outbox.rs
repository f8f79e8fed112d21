//! `outbox`: notices and what became of them.

use super::{Exit, Place, preview, print};
use crate::app::ports::NoticeFilter;
use crate::domain::ids::NoticeId;
use crate::domain::notice::Delivery;

/// `outbox …`
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Liệt kê thư, mới nhất trước
    List {
        /// Chỉ thư ở tình trạng này: queued, sending, sent, failed, ambiguous, dropped, held
        #[arg(long, value_parser = delivery)]
        state: Option<Delivery>,
        /// Nhiều nhất bấy nhiêu
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// In dạng JSON
        #[arg(long)]
        json: bool,
    },
    /// Xem một thư như khi gửi, không gửi: theo số của thư, hoặc thư mẫu của một loại
    Preview(preview::Args),
    /// Gửi lại một thư hỏng, hoặc gửi ngay một thư đang chờ
    Retry {
        /// Số của thư
        number: i64,
    },
}

fn delivery(word: &str) -> Result<Delivery, String> {
    Delivery::parse(word)
        .ok_or_else(|| "phải là queued, sending, sent, failed, ambiguous, dropped hoặc held".to_owned())
}

pub(super) async fn run(place: &Place, verb: &Verb) -> anyhow::Result<Exit> {
    let office = match verb {
        // A sample shows the files as they stand, before anything is in force, and needs no secret.
        Verb::Preview(args) if args.is_sample() => place.load_untested(),
        _ => place.in_force().await,
    };
    let Some(loaded) = office else { return Ok(Exit::Configuration) };
    match verb {
        Verb::List { state, limit, json } => {
            let Some(store) = place.reader(&loaded).await? else { return Ok(Exit::Failed) };
            let filter = NoticeFilter { delivery: *state, limit: *limit, ..NoticeFilter::default() };
            let notices = store.notices(&filter).await?;
            if *json {
                print::json(&notices)?;
                return Ok(Exit::Done);
            }
            if notices.is_empty() {
                print::text("không có thư nào");
            }
            let calendar = &loaded.office.calendar;
            print::table(
                &["Số", "Loại", "Đến", "Tình trạng", "Gửi lúc", "Lần", "Máy chủ trả lời"],
                notices.iter().map(|notice| {
                    vec![
                        notice.id.to_string(),
                        format!("{} {}", notice.kind.as_str(), notice.step),
                        notice.mailbox.clone(),
                        notice.delivery.as_str().to_owned(),
                        print::instant(notice.sent_at.or(Some(notice.send_at)), calendar),
                        notice.tries.to_string(),
                        notice.reply.clone().unwrap_or_default(),
                    ]
                }),
            );
            Ok(Exit::Done)
        }
        Verb::Preview(args) => preview::run(place, &loaded, args).await,
        Verb::Retry { number } => {
            let Some(store) = place.register(&loaded).await? else { return Ok(Exit::Failed) };
            let mut tx = store.begin().await?;
            if !tx.requeue(NoticeId(*number), place.now()).await? {
                print::error(&format!("thư số {number} không ở tình trạng gửi lại được"));
                return Ok(Exit::Failed);
            }
            tx.commit().await?;
            print::text(&format!("thư số {number} sẽ được gửi trong lượt tới"));
            Ok(Exit::Done)
        }
    }
}
