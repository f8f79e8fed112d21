//! The English words. Names of units, documents and rules stay as they are written, and days keep the order day,
//! month, year.

use super::super::words::date;
use super::{Deciding, Forms, Impossible, Label, Lexicon, Message, Mistakes, Said, Standings, Told, Trouble};
use super::{Way, Words};
use crate::app::ports::Asked;
use crate::domain::language::Language;
use crate::domain::obligation::Unreadable;
use crate::domain::operation::Field;

mod say;

const DAY: &str = "Type day/month/year, for example 27/03/2026.";

pub(super) static ENGLISH: Lexicon = Lexicon {
    language: Language::En,
    words: WORDS,
    forms: FORMS,
    mistakes: MISTAKES,
    told: TOLD,
    standings: STANDINGS,
    deciding: DECIDING,
    trouble: TROUBLE,
    role: say::role,
    owed: say::owed,
    state: say::state,
    grade: say::grade,
    answer: say::answer,
    answer_detail: say::answer_detail,
    day: say::day,
    moment: say::moment,
    due: say::due,
    request: say::request,
    verdict: say::verdict,
    asked: |asked| match asked {
        Asked::MoreTime { .. } => "More time asked for",
        Asked::Declined { .. } => "Said to be not yours",
    },
    field: Field::english,
    source: |kind, issuer, issued| {
        let issued = issued.map(|day| format!(", dated {}", date(day))).unwrap_or_default();
        format!("{} by {issuer}{issued}", kind.unwrap_or("Document"))
    },
    revision: |number| {
        format!("This is version {number}: the document has changed since you were told of it.")
    },
    changed: |fields| format!("What changed: {fields}."),
    several: |count| format!("{count} tasks, each with its own due date"),
    promised: |day, lapsed| {
        let lapsed = if lapsed { "; that day has passed, reminders go on" } else { "" };
        format!("{}{lapsed}", date(day))
    },
    promise: "Promised for",
    moved: |moved| format!("; due date {moved}"),
    ended: |name, day| format!("{name} ceased on {}", date(day)),
    gone: |code| format!("The unit `{code}` no longer exists"),
    succeeded: |former, ended, heir| {
        format!(
            "This link was sent to {former}. {ended}; {heir} has taken over its work, and what is answered here counts for {heir}."
        )
    },
    heirless: "; the office is deciding who takes over this work",
};

const WORDS: Words = Words {
    tag: "en",
    skip: "Skip to the content",
    other: ("vi", "Tiếng Việt"),
    contact: "If anything is unclear, please contact",
    phone: "phone",
    title: "Answer for the document given to",
    to: "To",
    asked: "Document and what is asked",
    document: "Document",
    task: "Task",
    tasks: "Tasks",
    role: "Role",
    owes: "What is asked",
    acknowledge_due: "Acknowledge by",
    due: "Due",
    unshown: "Number and content of the document are in the mail you were sent and in the document system; this page does not repeat them.",
    answered: "What was answered",
    choose: "Choose an answer",
    correct: "To correct the report",
    together: "Answer for all tasks",
    own: "An answer given here is the unit's, not a person's. This page does not replace the official document.",
    optional: "(optional)",
    unknown: "– none chosen –",
    day: "day/month/year",
    code: "Check code in the mail",
    code_where: "The digits beside “Check code” (“Mã xác nhận”) in the mail.",
    code_where_usual: "The digits beside “Check code” (“Mã xác nhận”) in the mail, usually the end of the document's number.",
    to_code: "To the field for the code",
    to_field: "To the field",
    request: "What the unit asks",
    unshown_office: "Number and content of the document are in the mail the office was sent; this page does not repeat them.",
    reply: "Answer the unit",
    own_office: "A decision made here is the office's and is kept in the journal. The unit is told by mail.",
};

const FORMS: Forms = Forms {
    together: Way {
        title: "All received",
        lead: "One press confirms that the document was received and every task below is known.",
        button: "Acknowledge all",
    },
    received: Way {
        title: "Received",
        lead: "The unit confirms that it received the document and knows what to do.",
        button: "Acknowledge",
    },
    promise: Way {
        title: "Promise a day",
        lead: "The unit has acknowledged. It may name the day by which it will be done, or another one.",
        button: "Note the day",
    },
    done: Way { title: "Done", lead: "The unit reports that the work is done.", button: "Report as done" },
    correct: Way {
        title: "Correct the report",
        lead: "A wrong number, date or figure is put right here. The report sent before is kept.",
        button: "Send the correction",
    },
    more_time: Way {
        title: "Ask for more time",
        lead: "The due date changes only when the office agrees; until then the old one holds.",
        button: "Ask for more time",
    },
    more_time_again: "A request of yours is waiting for an answer; a new one takes its place. Until then the old due date holds.",
    declined: Way {
        title: "Not ours",
        lead: "The work goes back to the office, which looks into it.",
        button: "Report as not ours",
    },
    promised: Label { name: "Will be done on", hint: DAY },
    report_symbol: Label { name: "Number of the report", hint: "For example 12-BC/CB." },
    report_date: Label { name: "Date of the report", hint: DAY },
    note: Label { name: "Note", hint: "" },
    link: Label { name: "Where the report is", hint: "A link to the file, beginning with https://." },
    figure: "Digits only, for example 38; decimals after a comma, for example 97,5.",
    until: Label { name: "More time until", hint: DAY },
    reason: Label { name: "Reason", hint: "" },
    reason_declined: Label { name: "Reason", hint: "Why the work is not this unit's." },
    suggested: Label { name: "Whose work it is", hint: "If known." },
    granted: Label {
        name: "More time until",
        hint: "Empty: until the day that was asked for. Type day/month/year, for example 27/03/2026.",
    },
    passed: "Empty: the old due date. Type day/month/year, for example 27/03/2026.",
};

const MISTAKES: Mistakes = Mistakes {
    answer: "Please choose one of the answers.",
    until: "Please give the day by which the unit can be done.",
    suggested: "Please choose a unit from the list.",
    figure: "Please give this figure; 0 if there is none.",
    reason: "Please give a reason for the office to consider.",
    passed: "This day has passed.",
    to_come: "This day is still to come.",
    day: "This is not a date; please type it like 27/03/2026.",
    no_due: "This work has no due date, so no more time is needed.",
    long: |long, most| format!("{long} letters long; please shorten it to at most {most}."),
    not_later: |due| format!("The due date is {}; please give a later day.", say::day(due)),
    tries: |left| match left {
        1 => "Not right; 1 try is left within this hour.".to_owned(),
        left => format!("Not right; {left} tries are left within this hour."),
    },
    digits: "Please type the code from the mail.",
    unreadable: |why| {
        match why {
            Unreadable::NoNumber => "Digits only, for example 38 or 97,5.",
            Unreadable::Ambiguous => {
                "Does the point part thousands or decimals? Please type 1.250 or 12,5."
            }
            Unreadable::Long => "The number is too long; please check it.",
            Unreadable::NoLink => {
                "Only a link that begins with https:// or http://, for example https://tep.example.vn/report.pdf."
            }
            Unreadable::Credentials => {
                "The link bears a user name or password; please take out what stands before the @."
            }
            Unreadable::LongLink => "The link is longer than 1000 letters; please use a shorter one.",
        }
        .to_owned()
    },
};

const TOLD: Told = Told {
    recorded: "Recorded",
    thanks: "Thank you. You may close this page.",
    more_time: "The office will answer by mail. Until then the old due date holds.",
    declined: "The office will look into it and give it to somebody else or answer you.",
    promised_late: "The day you named lies after the due date, which does not change; for more time choose “Ask for more time”.",
    corrected: Said {
        title: "Correction recorded",
        text: "The correction is recorded; the report sent before is kept in the journal.",
    },
    already: "Recorded before",
    unchanged: "Nothing has changed.",
    mistaken: Said { title: "Not recorded yet", text: "Please correct what is marked and send it again." },
    other_task: "The document has changed since this page was opened. Please read the tasks below again, then answer.",
    digits: Said {
        title: "One more step",
        text: "Some mail systems open and press links by themselves. To be sure that it is you, please type the code from the mail and press once more.",
    },
    locked: |from| {
        format!("A wrong code was typed too often. You can try again from {from}, or call the office.")
    },
    done: Said {
        title: "This work is done",
        text: "It was reported as done, so no more time is needed. What you wrote is kept for the office.",
    },
    closed: Said {
        title: "Your answer is kept",
        text: "This work is closed, so its state does not change. What you wrote is kept for the office.",
    },
};

const STANDINGS: Standings = Standings {
    done: Said { title: "Reported as done", text: "Nothing more is needed on this page." },
    declined: Said {
        title: "Reported as not yours",
        text: "The office is looking into it. To add anything, please use the contact at the end of this page.",
    },
    excused: Said { title: "You are excused from this work", text: "Nothing more is needed." },
    revoked: Said {
        title: "This document was revoked",
        text: "Its sender has revoked it. Please stop carrying it out and do not use it any more.",
    },
    replaced: Said {
        title: "This document was replaced",
        text: "You no longer carry it out. If the new document asks anything of you, the office writes to you about it.",
    },
    withdrawn: Said {
        title: "This is no longer asked",
        text: "The document was revoked or replaced, or the work was given to somebody else. Nothing more is needed of you.",
    },
};

const DECIDING: Deciding = Deciding {
    facts: [
        "Unit",
        "Task",
        "Due",
        "Asks until",
        "Whose work it is, says the unit",
        "Reason",
        "Sent",
        "State",
        "Decision",
        "Due date moved",
    ],
    mailed: "The unit is told by mail within office hours. You may close this page.",
    thanks: "Thank you. You may close this page.",
    already: "Decided before",
    settled: "Decided",
    digits: "A decision is recorded only with the code from the mail to the office.",
    locked: |from| {
        format!("A wrong code was typed too often. You can try again from {from}, or decide on the board.")
    },
    due_of: |cell| format!("Due date for {cell}"),
    title: |asked| match asked {
        Asked::MoreTime { .. } => "A unit asks for more time",
        Asked::Declined { .. } => "A unit says this is not its work",
    },
    choice: say::choice,
    impossible: |why, said| match why {
        Impossible::NoReason => "Please give a reason.".to_owned(),
        Impossible::NotLater(due) => format!("The day must be after the due date, {}.", date(due)),
        Impossible::Past(day) => format!("{} has passed; please give a day to come.", date(day)),
        Impossible::Nobody => "Nobody is left to whom it could be given.".to_owned(),
        Impossible::Ended => "The work has ended, so nothing can be decided here.".to_owned(),
        Impossible::Other => format!("This cannot be done here; please use the board. In its words: {said}."),
    },
};

const TROUBLE: Trouble = Trouble {
    forged: Message {
        title: "Not found",
        text: &[
            "The link is not right; it may have been cut when it was forwarded or copied.",
            "Please open it from the mail itself. If that does not help, please reply to that mail.",
        ],
    },
    expired: Message {
        title: "The link has expired",
        text: &[
            "This link can no longer be used.",
            "If you still have to answer, please use the link in the newest mail, or reply to the mail.",
        ],
    },
    long: Message {
        title: "Too long",
        text: &[
            "What was sent is too long and was not recorded. Please go back and shorten the reason or note.",
        ],
    },
    unreadable: Message {
        title: "The answer could not be read",
        text: &[
            "The answer could not be read and was not recorded. Please open the link again and use the form.",
        ],
    },
    method: Message {
        title: "This does not work here",
        text: &["This page can only be read and answered by its form. Nothing has changed."],
    },
    unavailable: Message {
        title: "Not recorded yet",
        text: &[
            "The system is interrupted, so nothing was recorded.",
            "Please try again in a few minutes with the same link; it stays valid.",
        ],
    },
    restoring: Message {
        title: "The register is being restored",
        text: &[
            "The office is restoring its register after an incident, so the work behind this link cannot be opened yet. \
             Nothing was recorded.",
            "The link is right and your work is not lost. Please open it again from tomorrow on; if it is urgent, please \
             reply to the mail or call the office.",
        ],
    },
    broken: Message {
        title: "Something went wrong",
        text: &["The page failed. Please try again; if it fails again, please tell the office."],
    },
    slow: Message {
        title: "Not known yet",
        text: &[
            "This took too long, so it is not known whether it was recorded.",
            "Please open the link again: if it was, the page shows your answer; if not, please answer again.",
        ],
    },
    unrendered: "This page is broken. Please tell the office.",
};
