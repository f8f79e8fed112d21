//! What happened, kept apart from the register.

use std::collections::BTreeMap;

use vanthu::app::ports::ObligationRow;
use vanthu::domain::notice::{Letter, NoticeKind};
use vanthu::domain::obligation::State;

/// Cells of the office; the last has no mailbox.
pub const CELLS: [&str; 4] = ["cb-1-1", "cb-1-2", "cb-2", "cb-3"];

/// The obligations of each registered document, by the number under which it arrived.
pub type Rows = BTreeMap<usize, Vec<ObligationRow>>;

/// An answer.
#[derive(Debug, Clone, Copy)]
pub enum Word {
    Received,
    Done,
    Declined,
}

impl Word {
    /// What a row is after it.
    fn after(self, state: State) -> State {
        match (state, self) {
            (State::Open | State::Acknowledged, Self::Received) => State::Acknowledged,
            (State::Open | State::Acknowledged, Self::Done) => State::Done,
            (State::Open | State::Acknowledged, Self::Declined) => State::Declined,
            (closed, _) => closed,
        }
    }
}

/// Documents, cells, letters.
#[derive(Default)]
pub struct Truth {
    arrived: usize,
    /// Of each registered document how its cells stand.
    documents: BTreeMap<usize, BTreeMap<&'static str, State>>,
    /// Sendings that were cut short.
    cuts: usize,
    /// Letters judged so far.
    judged: usize,
    by_id: BTreeMap<String, usize>,
}

fn states(rows: &[ObligationRow]) -> BTreeMap<&'static str, State> {
    let of = |cell: &str| CELLS.into_iter().find(|known| *known == cell).unwrap();
    rows.iter().map(|row| (of(row.obligation.cell.as_str()), row.obligation.state)).collect()
}

impl Truth {
    /// One more stands in the source; its number.
    pub fn arrived(&mut self) -> usize {
        self.arrived += 1;
        self.arrived
    }

    /// Documents known to be registered.
    pub fn registered(&self) -> usize {
        self.documents.len()
    }

    /// The number of one of them.
    pub fn nth(&self, at: usize) -> usize {
        *self.documents.keys().nth(at).unwrap()
    }

    /// The source was read, to the end or not: what is registered now is whole, and new to nobody's answers.
    pub fn looked(&mut self, whole: bool, rows: &Rows) {
        assert!(rows.len() >= self.documents.len(), "a registered document is gone");
        assert!(!whole || rows.len() == self.arrived, "{} of {} registered", rows.len(), self.arrived);
        let mut added = Vec::new();
        let open: BTreeMap<_, _> = CELLS.into_iter().map(|cell| (cell, State::Open)).collect();
        for (number, new) in rows.iter().filter(|(number, _)| !self.documents.contains_key(number)) {
            assert_eq!(states(new), open, "a document was registered in part");
            added.push(*number);
        }
        self.documents.extend(added.into_iter().map(|number| (number, open.clone())));
    }

    /// An answer was confirmed.
    pub fn answered(&mut self, (document, cell): (usize, &'static str), word: Word) {
        let state = self.documents.get_mut(&document).and_then(|cells| cells.get_mut(cell)).unwrap();
        *state = word.after(*state);
    }

    /// Death came while an answer was recorded: it is there or it is not.
    pub fn perhaps_answered(&mut self, (document, cell): (usize, &'static str), word: Word, rows: &Rows) {
        let (before, now) = (self.documents[&document][cell], states(&rows[&document])[cell]);
        assert!(now == before || now == word.after(before), "{now:?} after {before:?} and {word:?}");
        self.documents.get_mut(&document).unwrap().insert(cell, now);
    }

    /// Mails were sent, all that were due or until death came.
    pub fn sent(&mut self, whole: bool) {
        self.cuts += usize::from(!whole);
    }

    /// The register says the same.
    pub fn compare(&self, rows: &Rows) {
        let seen: BTreeMap<_, _> = rows.iter().map(|(number, rows)| (*number, states(rows))).collect();
        assert_eq!(seen, self.documents);
    }

    /// The letters that came since: about what is registered, to nobody who has ended it, and none twice but for a
    /// death in mid-air.
    pub fn judge_letters(&mut self, letters: &[Letter], sessions: usize) {
        for letter in &letters[self.judged..] {
            *self.by_id.entry(letter.message_id.clone()).or_default() += 1;
            if matches!(letter.kind, NoticeKind::Reminder | NoticeKind::Chase) {
                let state = self.documents[&number(letter)][letter.unit.as_str()];
                assert!(state.is_live(), "{} is asked although {state:?}", letter.unit);
            }
        }
        self.judged = letters.len();
        let repeats: usize = self.by_id.values().map(|times| times - 1).sum();
        assert!(repeats <= sessions * self.cuts, "{repeats} repeats after {} deaths", self.cuts);
    }

    /// After undisturbed days every cell that can be reached and still owes something was told of it once.
    pub fn judge_end(&self, letters: &[Letter]) {
        assert_eq!(self.documents.len(), self.arrived);
        for (document, cells) in &self.documents {
            for cell in CELLS.into_iter().take(3).filter(|cell| cells[cell].is_live()) {
                let told = |letter: &&Letter| {
                    letter.kind == NoticeKind::Notice
                        && letter.unit.as_str() == cell
                        && number(letter) == *document
                };
                assert!(letters.iter().any(|letter| told(&letter)), "{cell} was never told of {document}");
            }
        }
    }
}

/// Which document a letter is about, from its symbol.
fn number(letter: &Letter) -> usize {
    letter.facts.symbol.split('-').next().unwrap().parse().unwrap()
}
