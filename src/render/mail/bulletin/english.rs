//! The mails to staff in English. Commands and names of settings stay as they are typed; what a source or a check
//! said stays as it was said.

use chrono::{DateTime, Utc};

use super::Text;
use crate::domain::bulletin::{Bulletin, CalendarNews, HintNews, News, RequestNews, SourceNews};
use crate::domain::calendar::{Wanting, YearStanding};
use crate::domain::edition::{Impact, short};
use crate::domain::watch::Odd;
use crate::render::line::one_line;
use crate::render::mail::Office;
use crate::render::mail::words::date_text;

/// Heading, subject line and text.
pub(super) fn text(bulletin: &Bulletin, office: &Office) -> Text {
    match &bulletin.news {
        News::Broken { findings } => broken(bulletin, findings, office),
        News::Waiting { edition, impact } => waiting(bulletin, (edition, impact), office),
        News::Source(news) => source(news, office),
        News::Calendar(news) => calendar(news, office),
        News::Request(news) => request(news, office),
        News::Hint(news) => hint(news, office),
        News::Rest(news) => super::rest::english(news, office),
        News::Weekly(news) => super::week(news, office, bulletin.language),
        News::Restoring(news) => super::restoring::english(news, office),
    }
}

fn moment(at: DateTime<Utc>, office: &Office) -> String {
    at.with_timezone(&office.zone).format("%H:%M on %d/%m/%Y").to_string()
}

fn broken(bulletin: &Bulletin, findings: &str, office: &Office) -> Text {
    let (force, author) = (short(&bulletin.force), &bulletin.author);
    let text = format!(
        "To whoever looks after the rules,

At {at}, the files of rules, units, calendar or mail templates of {office} have errors. Last edited by: {author}.
What was edited is NOT in force. Edition {force} stays in force, and documents are given out as before.

{findings}

Once mended, save the files: vanthu reads them by itself. See the errors again: vanthu check
Take back what is in force: vanthu rules revert {force} --all
",
        at = moment(bulletin.at, office),
        office = office.name,
        findings = findings.trim_end(),
    );
    ("Errors in the rules", format!("The rules have errors; edition {force} stays in force"), text)
}

fn waiting(bulletin: &Bulletin, (edition, impact): (&str, &Impact), office: &Office) -> Text {
    let (force, edition) = (short(&bulletin.force), short(edition));
    let text = format!(
        "To whoever looks after the rules,

At {at}, {author} edited the files of rules, units, calendar or mail templates of {office}. The new edition {edition} {impact}.
That is a large change, so it is NOT in force and waits for approval. Edition {force} stays in force.

See what differs:  vanthu rules diff
Approve:           vanthu rules approve {edition} --reason \"…\"
Reject:            vanthu rules reject {edition} --reason \"…\"
Once the files are as they were, nothing waits any more.
",
        at = moment(bulletin.at, office),
        author = bulletin.author,
        office = office.name,
        impact = impact_text(impact),
    );
    (
        "Rules to approve",
        format!("Edition {edition} of the rules is a large change and waits for approval"),
        text,
    )
}

fn impact_text(impact: &Impact) -> String {
    let Impact { documents, changed, added, removed, altered, cells, open } = impact;
    if *documents == 0 {
        return "could not be tried: there are no recent documents".to_owned();
    }
    if *changed == 0 {
        return format!("gives out none of the {documents} recent documents differently");
    }
    let parts = [(added, "more"), (removed, "fewer"), (altered, "with another role or due date")];
    let parts = parts.iter().filter(|(count, _)| **count > 0);
    let parts: Vec<_> = parts.map(|(count, what)| format!("{count} {what}")).collect();
    let parts = if parts.is_empty() { "none".to_owned() } else { parts.join(", ") };
    let open = if *open > 0 { format!("; {open} open ones are touched") } else { String::new() };
    format!(
        "gives out {changed} of the {documents} recent documents differently; obligations: {parts}, in {cells} units{open}"
    )
}

fn source(news: &SourceNews, office: &Office) -> Text {
    let SourceNews { source, concern, over } = news;
    let (what, means, todo) = odd(concern.odd);
    let since = moment(concern.since, office);
    if *over {
        let text = format!(
            "The source of documents {source} of {} is well again: “{what}” is over, it began at {since}.\n\
             Documents that came meanwhile have been read. Nothing needs to be done.\n",
            office.name
        );
        return ("A source is well again", format!("Source {source} is well again: “{what}” is over"), text);
    }
    let text = format!(
        "Since {since}, the source of documents {source} of {}: {what}.\nAs recorded: {}.\n\n{means}\n\n\
         What to do: {todo}\nHow things stand: vanthu status, or the page “Hệ thống” of the board.\n\
         Another mail follows when it is over.\n",
        office.name, concern.detail
    );
    ("Trouble with a source", format!("Source {source}: {what}"), text)
}

/// What it is, what it means for the office, and what to do.
fn odd(odd: Odd) -> (&'static str, &'static str, &'static str) {
    match odd {
        Odd::Failing => (
            "it cannot be read",
            "New documents are not registered and units are not told. vanthu keeps trying; once it can read, no document is lost.",
            "open the document system in a browser; if that works, run `vanthu doctor` to see password, network and certificate.",
        ),
        Odd::Gap => (
            "its count and its list differ",
            "There may be documents that the list does not show. vanthu reads all of it every hour and keeps its place.",
            "compare the number of documents on the screen of the document system with `vanthu status`; ask its administrators if they still differ.",
        ),
        Odd::Emptied => (
            "its list is suddenly empty or less than half",
            "Mostly because the service account lost a permission or a post, or the server answers in part. Nothing is taken as read.",
            "log in with the service account and see whether the list of incoming documents is whole.",
        ),
        Odd::Uncompared => (
            "it cannot be compared with the register",
            "Documents are read as usual; only the nightly comparison fails, so a document that falls out of the list is not noticed.",
            "see the reason in `vanthu status`; if the service account may not search, ask for that permission or set compare = \"0s\" for this source.",
        ),
        Odd::Quiet => (
            "no new documents for a long time",
            "There may be none, or the service account is no longer given any.",
            "ask the clerks whether documents came in this time.",
        ),
        Odd::Skewed => (
            "its clock is off",
            "Due dates and the order of documents may be wrong. The place reached never passes a document that was received.",
            "look at the clock of this machine (timedatectl), then tell the administrators of the document system.",
        ),
    }
}

fn calendar(news: &CalendarNews, office: &Office) -> Text {
    let each = |one: &Wanting| {
        let year = one.year;
        let (stands, todo) = match one.standing {
            YearStanding::Missing => (
                "missing",
                format!(
                    "write it with `vanthu calendar draft {year}`, compare it with the official notice, then confirm it"
                ),
            ),
            YearStanding::Draft | YearStanding::Confirmed => (
                "a draft that nobody has confirmed",
                format!(
                    "compare it with the official notice, then `vanthu calendar confirm {year} --notice NUMBER --by WHO`"
                ),
            ),
        };
        format!("- {year}: {stands}.\n  What to do: {todo}")
    };
    let list: Vec<_> = news.wanting.iter().map(each).collect();
    let years: Vec<_> = news.wanting.iter().map(|one| one.year.to_string()).collect();
    let text = format!(
        "The working calendar of {} is not confirmed for years that are needed:\n\n{}\n\n\
         Until then due dates in these years are provisional and may be off by holidays and make-up days.\n\
         Once confirmed, see which due dates move: vanthu calendar plan\nThis mail comes every month until they are confirmed.\n",
        office.name,
        list.join("\n"),
    );
    (
        "Calendar to confirm",
        format!("The working calendar of {} waits to be confirmed", years.join(", ")),
        text,
    )
}

fn request(news: &RequestNews, office: &Office) -> Text {
    let (cell, document, reason) = (one_line(&news.cell), one_line(&news.document), one_line(&news.reason));
    let task = news.task.as_deref().map(|task| format!(" (task “{}”)", one_line(task))).unwrap_or_default();
    let due = news.due.map(|day| format!("Due now: {}\n", date_text(day))).unwrap_or_default();
    let (heading, subject, asks, choices) = match news.until {
        Some(until) => (
            "A unit asks for more time",
            format!("{cell} asks for more time until {}: {document}", date_text(until)),
            format!(
                "{cell} asks for more time{task}: {document}.\n\n{due}Asks until: {}\n",
                date_text(until)
            ),
            MORE_TIME,
        ),
        None => (
            "A unit says this is not its work",
            format!("{cell} says this is not its work: {document}"),
            format!(
                "{cell} says this is not its work{task}: {document}.\n\n{due}{}",
                news.suggested
                    .as_deref()
                    .map(|cell| format!("Whose work it is, says the unit: {}\n", one_line(cell)))
                    .unwrap_or_default()
            ),
            DECLINED,
        ),
    };
    let link = match (&news.link, &news.code) {
        (Some(link), Some(code)) => format!(
            "Decide by the link (choose, then type the code):\n{link}\nCheck code: {code}\n\
             The link is for this mailbox alone; please do not pass it on.\n\n"
        ),
        _ => String::new(),
    };
    let text = format!(
        "To {},\n\n{asks}Reason: {reason}\n\n{link}Or on the board, page “Tạm giữ”, number {hold}; or by command:\n{}",
        one_line(&office.name),
        choices.replace("{hold}", &news.hold.to_string()),
        hold = news.hold,
    );
    (heading, subject, text)
}

const MORE_TIME: &str = "  Grant:   vanthu hold release {hold}   (another day: --until yyyy-mm-dd)
  Refuse:  vanthu hold dismiss {hold} --reason \"…\"

The unit is told by mail. Until then the old due date holds.
";
const DECLINED: &str = "  Give it to others:         vanthu hold assign {hold} --cells CODE --reason \"…\"
  It stays with the unit:    vanthu hold release {hold} --reason \"…\"
  Agree, give it to nobody:  vanthu hold dismiss {hold} --reason \"…\"
";

fn hint(news: &HintNews, office: &Office) -> Text {
    let times = |count: usize| if count == 1 { "once".to_owned() } else { format!("{count} times") };
    let list = |units: &[(String, usize)]| {
        let each = |(name, count): &(String, usize)| format!("- {}: {}\n", one_line(name), times(*count));
        units.iter().map(each).collect::<String>()
    };
    let suggested = match news.suggested.is_empty() {
        true => String::new(),
        false => format!("\nWhose work it is, say the units:\n{}", list(&news.suggested)),
    };
    let (name, count) = (one_line(&news.name), times(news.corrections));
    let text = format!(
        "To whoever looks after the rules,\n\nIn the last 90 days, work given by the rule “{name}” (code {rule}) of {office} was said \
         {count} to be somebody else's:\n{cells}{suggested}\nWhat to do: look at `to` and `except` of this rule; where a unit \
         was mistaken, give the work back on the page “Tạm giữ”.\nIn detail:  vanthu rules hints\n\nThis mail comes once a month, \
         as long as it happens at least 3 times in 90 days.\n",
        rule = news.rule,
        office = one_line(&office.name),
        cells = list(&news.cells),
    );
    ("A rule to look at", format!("The rule “{name}” was corrected by units {count}"), text)
}
