//! Compiled rules: conditions, targets, what is owed and by when. Reading them from TOML, with every
//! finding at its place, belongs to `config`; judging a document by them to [`routing`](super::routing).

use std::sync::Arc;

use chrono::NaiveDate;
use regex::Regex;
use serde::{Deserialize, Serialize};

use super::deadline::Recurrence;
use super::document::{Operation, Steering, Urgency};
use super::ids::{RuleId, SourceId, UnitId};
use super::ladder::Ladder;
use super::obligation::{Grade, Owed, Role, TaskName};
use super::routing::Matcher;
use super::unit::Validity;

/// What a document must be for a rule to match: a table of conditions. Absent ones do not restrict;
/// present ones must each be met (any entry within a list is enough, except `text_all` and `text_none`).
/// Tables nest in `all`, `any` and `none`.
#[derive(Debug, Clone, Default)]
pub struct When {
    /// Issuer: a token of the symbol (`TU`), or the issuer's name or alias, compared by tone key.
    pub issuer: Vec<String>,
    /// Kind: an abbreviation (`KH`), letter for letter, or a kind name (`Kế hoạch`), by tone key.
    pub kind: Vec<String>,
    /// Whole tokens of the symbol, letter for letter; `BC` never hits `ABC`.
    pub symbol: Vec<String>,
    /// Urgencies.
    pub urgency: Vec<Urgency>,
    /// Operations.
    pub operation: Vec<Operation>,
    /// Sources.
    pub source: Vec<SourceId>,
    /// Loại chỉ đạo.
    pub steering: Vec<Steering>,
    /// Any of these stands in subject or content as whole words.
    pub text_any: Vec<String>,
    /// All of these do.
    pub text_all: Vec<String>,
    /// None of these does.
    pub text_none: Vec<String>,
    /// A regular expression over the key of subject and content, each on a line of its own.
    pub text_regex: Option<Regex>,
    /// Compare the texts of this table without accents; by choice, because bản, bàn and bán then agree.
    pub accent_free: bool,
    /// Issued on or after.
    pub issued_from: Option<NaiveDate>,
    /// Issued on or before.
    pub issued_until: Option<NaiveDate>,
    /// Issued at most so many days before it was received, and not after that.
    pub issued_within: Option<u16>,
    /// Received on or after.
    pub received_from: Option<NaiveDate>,
    /// Received on or before.
    pub received_until: Option<NaiveDate>,
    /// Each of these tables is met.
    pub all: Vec<When>,
    /// At least one of these tables is met.
    pub any: Vec<When>,
    /// None of these tables is met.
    pub none: Vec<When>,
}

impl When {
    /// Whether it restricts nothing, so that every document meets it.
    pub fn is_empty(&self) -> bool {
        #[rustfmt::skip]
        let Self {
            issuer, kind, symbol, urgency, operation, source, steering, text_any, text_all, text_none, text_regex,
            accent_free: _, issued_from, issued_until, issued_within, received_from, received_until, all, any, none,
        } = self;
        let lists = [issuer, kind, symbol, text_any, text_all, text_none];
        let days = [issued_from, issued_until, received_from, received_until];
        lists.iter().all(|list| list.is_empty())
            && (urgency.is_empty() && operation.is_empty() && source.is_empty() && steering.is_empty())
            && days.iter().all(|day| day.is_none())
            && (text_regex.is_none() && issued_within.is_none())
            && (all.is_empty() && any.is_empty() && none.is_empty())
    }
}

/// Which of the units that a document is addressed to a rule chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direct {
    /// The addressees themselves.
    Addressees,
    /// The addressees and all cells below them.
    Cells,
}

/// Which cells a rule chooses; the parts that are present are intersected, then `units` are added and
/// what is excepted is taken away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Targets {
    /// Kinds of cells.
    pub kind: Vec<String>,
    /// Sectors.
    pub sector: Vec<String>,
    /// Tags; one of them is enough.
    pub tag: Vec<String>,
    /// Units at or below these.
    pub subtree: Vec<UnitId>,
    /// Those whom the document names as its receivers.
    pub direct: Option<Direct>,
    /// These cells, whatever the rest says.
    pub units: Vec<UnitId>,
    /// A chosen unit stands for itself and for every cell below it: kinds, sectors, tags, units and
    /// receivers may then name base committees.
    pub cascade: bool,
    /// But never these cells, nor any cell below them.
    pub except: Vec<UnitId>,
    /// Nor any cell with one of these tags.
    pub except_tag: Vec<String>,
}

impl Targets {
    /// Whether it names nobody at all.
    pub fn is_empty(&self) -> bool {
        !self.is_narrowed() && self.units.is_empty()
    }

    /// Whether anything but single units is asked for.
    pub fn is_narrowed(&self) -> bool {
        let lists = [&self.kind, &self.sector, &self.tag];
        lists.iter().any(|list| !list.is_empty()) || !self.subtree.is_empty() || self.direct.is_some()
    }
}

/// One source of a due instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DueSource {
    /// The source's own due field.
    Document,
    /// A phrase in the text; a proposal unless the rule says so.
    Text,
    /// A fixed day, inclusive.
    Fixed(NaiveDate),
    /// Working days from the day the document was received.
    WorkingDays(u16),
    /// Calendar days from the day the document was received, rolled to a working day (BLDS Đ147–148).
    Days(u16),
    /// A day that comes again every month, quarter or year; the first after the document was received.
    Recurring(Recurrence),
}

/// One of several things a plan asks for. What its writer left out was taken from the rule when it was
/// read, so that nothing here looks anywhere else.
#[derive(Debug, Clone)]
pub struct Task {
    /// Its code and what to do.
    pub name: TaskName,
    /// Whom it chooses, by role.
    pub to: Vec<(Role, Targets)>,
    /// What the chosen cells owe, in order, without doubles.
    pub owes: Vec<Owed>,
    /// Working days to acknowledge within.
    pub acknowledge_within: Option<u16>,
    /// Where the due instant comes from, first that yields one.
    pub due: Vec<DueSource>,
    /// The ladder.
    pub ladder: Ladder,
    /// The weakest grade that counts.
    pub grade: Grade,
    /// The figures that a report must name.
    pub figures: Vec<String>,
}

/// What a rule asks of the cells of one role: all that it asks, or one task of a plan.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// The task, if the rule is a plan.
    pub task: Option<&'a TaskName>,
    /// Whom.
    pub to: &'a Targets,
    /// In which role.
    pub role: Role,
    /// What they owe.
    pub owes: &'a [Owed],
    /// Working days to acknowledge within.
    pub acknowledge_within: Option<u16>,
    /// Where the due instant comes from.
    pub due: &'a [DueSource],
    /// The ladder.
    pub ladder: &'a Ladder,
    /// The weakest grade that counts.
    pub grade: Grade,
    /// The figures that a report must name.
    pub figures: &'a [String],
}

/// One rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its code.
    pub id: RuleId,
    /// What people call it.
    pub name: String,
    /// What it matches.
    pub when: When,
    /// Whom it chooses. In a plan this, like role, dues and ladder below, is what its tasks fell back to.
    pub to: Targets,
    /// The tasks of a plan; none where the rule asks for one thing.
    pub tasks: Vec<Task>,
    /// Set when the rule says, with a reason, that nobody is to be assigned.
    pub nobody_because: Option<String>,
    /// Role of the chosen cells.
    pub role: Role,
    /// What they owe, in order, without doubles.
    pub owes: Vec<Owed>,
    /// Working days to acknowledge within.
    pub acknowledge_within: Option<u16>,
    /// Where the due instant comes from, first that yields one.
    pub due: Vec<DueSource>,
    /// The ladder.
    pub ladder: Ladder,
    /// The weakest grade that counts.
    pub grade: Grade,
    /// The figures that a report must name.
    pub figures: Vec<String>,
    /// When the rule holds (by the day the document was received).
    pub valid: Validity,
    /// Rules below are not read when this one matches.
    pub is_final: bool,
    /// Where it stands, `file:line`.
    pub place: String,
}

impl Rule {
    /// What it asks, task by task and role by role; nothing if nobody is to be assigned.
    pub fn asks(&self) -> Vec<Ask<'_>> {
        if self.nobody_because.is_some() {
            return Vec::new();
        }
        if self.tasks.is_empty() {
            return vec![self.only_ask()];
        }
        let of = |task| Task::asks(task, self);
        self.tasks.iter().flat_map(of).collect()
    }

    fn only_ask(&self) -> Ask<'_> {
        Ask {
            rule: self,
            task: None,
            to: &self.to,
            role: self.role,
            owes: &self.owes,
            acknowledge_within: self.acknowledge_within,
            due: &self.due,
            ladder: &self.ladder,
            grade: self.grade,
            figures: &self.figures,
        }
    }
}

impl Task {
    fn asks<'a>(&'a self, rule: &'a Rule) -> impl Iterator<Item = Ask<'a>> {
        self.to.iter().map(move |(role, to)| Ask {
            rule,
            task: Some(&self.name),
            to,
            role: *role,
            owes: &self.owes,
            acknowledge_within: self.acknowledge_within,
            due: &self.due,
            ladder: &self.ladder,
            grade: self.grade,
            figures: &self.figures,
        })
    }
}

/// The rules in reading order, compiled for routing once and for all.
#[derive(Debug, Clone, Default)]
pub struct Ruleset {
    /// Rules, top to bottom, files in lexical order. Not to be changed: what was compiled would not follow.
    pub rules: Vec<Rule>,
    /// SHA-256 of the texts, first 12 hex digits.
    pub hash: String,
    matcher: Arc<Matcher>,
}

impl Ruleset {
    /// Takes the rules as written and compiles their conditions.
    pub fn new(rules: Vec<Rule>, hash: String) -> Self {
        let matcher = Arc::new(Matcher::new(&rules));
        Self { rules, hash, matcher }
    }

    /// The compiled form; copies of a ruleset share it.
    pub(super) fn matcher(&self) -> &Matcher {
        &self.matcher
    }
}
