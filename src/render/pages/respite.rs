//! One obligation, and letting it rest or go. Nothing is decided by looking: a form leads to a page that says what
//! would happen, and only its button does it.

use serde::Serialize;

use super::answer::Word;
use super::hold::Confirm;
use super::words;
use super::{Page, Setting, Shell};
use crate::app::ports::{ObligationRow, Stepped, StoredDuty};
use crate::domain::obligation::Respite;
use crate::domain::tally::is_late;

/// The page.
#[derive(Debug, Clone, Serialize)]
pub struct RespitePage {
    /// What surrounds it.
    pub shell: Shell,
    /// What happened to an act, if one was just sent.
    pub word: Option<Word>,
    /// Its number.
    pub id: i64,
    /// Number of its document in the register.
    pub document: i64,
    /// The cell.
    pub cell: String,
    /// Label and value.
    pub facts: Vec<(&'static str, String)>,
    /// What can be done; nothing once it is closed.
    pub forms: Vec<Form>,
    /// Proves that a form comes from this page.
    pub stamp: String,
    /// What was typed.
    pub typed: Typed,
    /// The act to be confirmed.
    pub confirm: Option<Confirm>,
}

impl Page for RespitePage {
    const TEMPLATE: &'static str = "respite.html";
}

/// One act.
#[derive(Debug, Clone, Serialize)]
pub struct Form {
    /// The verb, the end of the address.
    pub act: &'static str,
    /// What its heading and button say.
    pub label: &'static str,
    /// What happens then.
    pub effect: &'static str,
    /// Whether it asks until when.
    pub ends: bool,
    /// Whether it is open, because it was just sent.
    pub open: bool,
}

/// What was typed into a form.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Typed {
    /// Who decides.
    pub who: String,
    /// Why.
    pub reason: String,
    /// The last day of it.
    pub until: String,
}

const fn form(act: &'static str, label: &'static str, effect: &'static str, ends: bool) -> Form {
    Form { act, label, effect, ends, open: false }
}

const MUTE: Form = form(
    "mute",
    "Tạm hoãn nhắc",
    "Thư nhắc, đôn đốc về việc này dừng đến hết ngày được ghi; hạn vẫn chạy. Hết thời gian, bậc nhắc mới nhất bị lỡ được làm.",
    true,
);
const PAUSE: Form = form(
    "pause",
    "Tạm dừng tính hạn",
    "Đồng hồ dừng đến hết ngày được ghi; thời gian làm việc trong lúc dừng được cộng vào hạn, chi bộ được báo hạn mới.",
    true,
);
const RESUME: Form = form(
    "resume",
    "Cho chạy lại",
    "Hết tạm hoãn ngay bây giờ; nếu đang dừng tính hạn thì hạn chỉ được cộng thời gian đã dừng.",
    false,
);
const EXCUSE: Form = form(
    "excuse",
    "Miễn cho chi bộ",
    "Việc khép lại, chi bộ không phải làm và được báo nếu đã nhận thư. Không mở lại được.",
    false,
);

impl RespitePage {
    /// An obligation as it stands.
    pub fn new(
        setting: &Setting<'_>,
        row: &ObligationRow,
        (duty, respite, steps): (Option<&StoredDuty>, Option<&Respite>, &[Stepped]),
        stamp: String,
    ) -> Self {
        let obligation = &row.obligation;
        let forms = match (obligation.state.is_live(), respite) {
            (false, _) => Vec::new(),
            (true, Some(_)) => vec![RESUME, EXCUSE],
            (true, None) => vec![MUTE, PAUSE, EXCUSE],
        };
        let mut facts = vec![("Chi bộ", setting.name(&obligation.cell))];
        facts.extend(duty.map(|stored| ("Việc", stored.duty.title())));
        let late = if is_late(obligation, row.contact, setting.now) { ", quá hạn" } else { "" };
        facts.push(("Trạng thái", format!("{}{late}", words::state(obligation.state))));
        let due = obligation.due.map(|due| setting.calendar.due_day(due));
        facts.extend(due.map(|day| ("Hạn hoàn thành", words::weekday_date(day))));
        facts.extend(respite.map(|respite| ("Đang", respite.sentence(setting.calendar))));
        let told = |step: &Stepped| {
            let to = setting.name(&step.unit);
            format!("{} {} ({to})", words::step(step.kind), setting.moment(step.at))
        };
        let steps: Vec<_> = steps.iter().map(told).collect();
        facts.extend((!steps.is_empty()).then(|| ("Đã nhắc", steps.join("; "))));
        Self {
            shell: setting.shell.clone(),
            word: None,
            id: obligation.id.0,
            document: obligation.document.0,
            cell: setting.name(&obligation.cell),
            facts,
            forms,
            stamp,
            typed: Typed::default(),
            confirm: None,
        }
    }
}
