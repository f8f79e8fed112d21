//! One obligation, and letting it rest or go.

use super::Setting;
use super::desk::{DeskForm, DeskPage, day};
use super::words;
use crate::app::ports::{ObligationRow, Stepped, StoredDuty};
use crate::domain::obligation::Respite;
use crate::domain::tally::is_late;

/// The verb, its name, and what happens then.
type Act = (&'static str, &'static str, &'static str);

const MUTE: Act = (
    "mute",
    "Tạm hoãn nhắc",
    "Thư nhắc, đôn đốc về việc này dừng đến hết ngày được ghi; hạn vẫn chạy. Hết thời gian, bậc nhắc mới nhất bị lỡ được làm.",
);
const PAUSE: Act = (
    "pause",
    "Tạm dừng tính hạn",
    "Đồng hồ dừng đến hết ngày được ghi; thời gian làm việc trong lúc dừng được cộng vào hạn, chi bộ được báo hạn mới.",
);
const RESUME: Act = (
    "resume",
    "Cho chạy lại",
    "Hết tạm hoãn ngay bây giờ; nếu đang dừng tính hạn thì hạn chỉ được cộng thời gian đã dừng.",
);
const EXCUSE: Act = (
    "excuse",
    "Miễn cho chi bộ",
    "Việc khép lại, chi bộ không phải làm và được báo nếu đã nhận thư. Không mở lại được.",
);

/// An obligation as it stands.
pub fn page(
    setting: &Setting<'_>,
    row: &ObligationRow,
    (duty, respite, steps): (Option<&StoredDuty>, Option<&Respite>, &[Stepped]),
    stamp: String,
) -> DeskPage {
    let obligation = &row.obligation;
    let acts: &[Act] = match (obligation.state.is_live(), respite) {
        (false, _) => &[],
        (true, Some(_)) => &[RESUME, EXCUSE],
        (true, None) => &[MUTE, PAUSE, EXCUSE],
    };
    let document = obligation.document.0;
    DeskPage {
        shell: setting.shell.clone(),
        word: None,
        place: "respites",
        id: obligation.id.0,
        title: format!("Việc số {}", obligation.id),
        heading: format!("Việc của {}", setting.name(&obligation.cell)),
        above: (format!("/documents/{document}"), format!("Văn bản #{document}")),
        facts: facts(setting, row, (duty, respite, steps)),
        document: None,
        choose: "Tạm hoãn hoặc miễn",
        advice: None,
        forms: acts.iter().map(|act| form(*act)).collect(),
        stamp,
        confirm: None,
    }
}

fn form(act: Act) -> DeskForm {
    let ends = matches!(act.0, "mute" | "pause");
    let fields = if ends { vec![day("until", "Đến hết ngày", true)] } else { Vec::new() };
    DeskForm::new(act, fields, true)
}

fn facts(
    setting: &Setting<'_>,
    row: &ObligationRow,
    (duty, respite, steps): (Option<&StoredDuty>, Option<&Respite>, &[Stepped]),
) -> Vec<(&'static str, String)> {
    let obligation = &row.obligation;
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
    facts
}
