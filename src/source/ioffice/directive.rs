//! Reading one directive of the module "Thông tin chỉ đạo": its row bears title and sender, its detail the text.
//!
//! The module has no secrecy field. What comes without one is withheld, unless the office vouches for the module;
//! and even then every text and every name of a file is judged before anything is stored.

use serde_json::Value;

use super::Ioffice;
use super::call::Read;
use super::detail::{self, Context, DetailError, Mark};
use super::field::{Fields, items};
use super::html;
use super::options::Unmarked;
use super::read::{Place, Stop, broken, bundle};
use super::row::Module;
use crate::app::ports::{Broken, Incoming, Listed, Reading};
use crate::domain::document::{Document, Steering};
use crate::domain::text::clean;

/// What a directive is called where the module does not say.
const KIND: &str = "Thông tin chỉ đạo";

impl Ioffice {
    /// Row and detail are judged together before either is decoded; files are asked for only of what is open.
    pub(super) async fn directive(&self, row: &Listed, place: &Place) -> Result<Incoming, Stop> {
        let answer = self.ask_one(place, Read::Directive(place.id.clone())).await?;
        let detail = match items(answer.data).as_deref() {
            None => return Err(broken("dữ liệu không đúng cấu trúc")),
            Some([]) => return Err(Stop::Reading(Reading::Gone)),
            Some([detail]) => detail.clone(),
            Some(_) => return Err(broken("một mã chỉ đạo ứng với nhiều chỉ đạo")),
        };
        let whole =
            whole(place.row.as_ref(), &detail).ok_or_else(|| broken("dữ liệu không đúng cấu trúc"))?;
        let fields = Fields::of(&whole).ok_or_else(|| broken("dữ liệu không đúng cấu trúc"))?;
        let mark = self.mark(place.row.as_ref(), &detail);
        self.judge(detail::probe(detail::texts(fields, &self.names)), &mark)?;
        let keep = |error: DetailError| {
            let broken = Broken { reason: error.to_string(), raw: Some(answer.raw.clone()) };
            Stop::Reading(Reading::Broken(broken))
        };
        let document = document(fields, &self.context(row, place)).map_err(keep)?;
        let (attachments, files) = self.files(place).await?;
        let document = self.judge(Document { attachments, ..document }, &mark)?;
        let row = place.row.as_ref().map(|row| row.to_string().into_bytes());
        let parts = [("directive", Some(answer.raw)), ("row", row), ("files", files)];
        Ok(Incoming { document, raw: bundle(&parts) })
    }

    /// What row and detail say of secrecy, each for itself: a field that both have must be open in both.
    fn mark(&self, row: Option<&Value>, detail: &Value) -> Mark {
        let parts = [Some(detail), row].into_iter().flatten().filter_map(Fields::of);
        let mark = Mark::all(parts.map(|fields| Mark::of(fields, &self.names)));
        match self.unmarked {
            Unmarked::Withhold => mark,
            Unmarked::Open => mark.vouched(),
        }
    }
}

/// Row and detail as one object, the detail's fields first. Of a field that both have both values stay, so that
/// nothing escapes judgement.
fn whole(row: Option<&Value>, detail: &Value) -> Option<Value> {
    let mut whole = detail.as_object()?.clone();
    for (key, value) in row.and_then(Value::as_object).into_iter().flatten() {
        match whole.get(key) {
            None => whole.insert(key.clone(), value.clone()),
            Some(same) if same == value => None,
            Some(_) => whole.insert(format!("row.{key}"), value.clone()),
        };
    }
    Some(Value::Object(whole))
}

fn document(fields: Fields<'_>, context: &Context<'_>) -> Result<Document, DetailError> {
    if fields.text("id").is_some_and(|id| id != context.id.as_str()) {
        return Err(DetailError::OtherDocument);
    }
    let content = fields.first_raw(&context.names.content).map(|content| paragraphs(&content));
    let decoded = detail::decode(fields, context, content.filter(|content| !content.is_empty()))?;
    if decoded.subject.is_empty() && decoded.content.is_none() {
        return Err(DetailError::Nameless);
    }
    // Directives have no day of issue: they are given when they are sent.
    let sent = decoded.received.map(|at| at.with_timezone(&context.zone).date_naive());
    Ok(Document {
        external_id: Module::Directives.external_id(context.id.as_str()),
        kind_name: decoded.kind_name.or_else(|| Some(KIND.to_owned())),
        issued: decoded.issued.or(sent),
        steering: Steering::Directive,
        ..decoded
    })
}

/// HTML as lines of clean text.
fn paragraphs(html: &str) -> String {
    let text = html::text(html);
    text.lines().map(clean).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}
