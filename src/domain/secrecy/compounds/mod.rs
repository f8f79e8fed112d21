//! Lets go of ordinary words that contain the syllable of the mark.

mod words;

use std::sync::LazyLock;

use self::words::{Entry, HATLESS, LEVELS, ORDINARY, PAPERS, UNACCENTED};
use super::letters::Line;

/// How a syllable is spelled; decides which lists hold for it and how they are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// mật: compared accent by accent.
    Exact,
    /// mạt: compared accent by accent.
    Hatless,
    /// mat: compared with words that bear no accent either.
    Bare,
}

/// A phrase laid out for comparison.
struct Phrase {
    /// Words before the syllable, nearest first.
    before: Vec<Line>,
    /// Words after it, nearest first.
    after: Vec<Line>,
}

/// An [`Entry`] laid out.
struct Compound {
    phrase: Phrase,
    unless: Vec<Phrase>,
}

static ORDINARY_PHRASES: LazyLock<Vec<Compound>> = LazyLock::new(|| compile(&ORDINARY));
static UNACCENTED_PHRASES: LazyLock<Vec<Compound>> = LazyLock::new(|| compile(&UNACCENTED));
static HATLESS_PHRASES: LazyLock<Vec<Compound>> = LazyLock::new(|| compile(&HATLESS));
static PAPER_PHRASES: LazyLock<Vec<Phrase>> = LazyLock::new(|| PAPERS.map(Phrase::new).into());
static LEVEL_WORDS: LazyLock<[Line; 8]> = LazyLock::new(|| LEVELS.map(Line::new));

/// Whether the syllable at `start..end` belongs to an ordinary word and is no mark.
pub(super) fn is_ordinary(line: &Line, start: usize, end: usize, spelling: Spelling) -> bool {
    let place = Place { line, start, end, spelling };
    if place.follows_level() {
        return false;
    }
    match spelling {
        Spelling::Exact => !place.follows_paper() && place.is_in(&ORDINARY_PHRASES),
        Spelling::Hatless => place.is_in(&HATLESS_PHRASES),
        Spelling::Bare => place.is_in(&UNACCENTED_PHRASES),
    }
}

/// A syllable in its line.
struct Place<'a> {
    line: &'a Line,
    start: usize,
    end: usize,
    spelling: Spelling,
}

/// How closely the words of a phrase must stand. What lets a document go is read strictly, what holds
/// it loosely: then capitals and whatever stands between the words do not matter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Strict,
    Loose,
}

impl Place<'_> {
    /// Whether the letters before end in *tối* or *tuyệt*, whatever stands between.
    fn follows_level(&self) -> bool {
        let end = self.gap_before(Fit::Loose, self.start);
        let spells =
            |level: &Line| end.checked_sub(level.len()).map(|start| self.line.spells(start, end, level));
        LEVEL_WORDS.iter().any(|level| spells(level) == Some(true))
    }

    fn follows_paper(&self) -> bool {
        PAPER_PHRASES.iter().any(|paper| self.fits(paper, Fit::Loose))
    }

    fn is_in(&self, compounds: &[Compound]) -> bool {
        compounds.iter().any(|compound| {
            let a_mark = || compound.unless.iter().any(|phrase| self.fits(phrase, Fit::Loose));
            self.fits(&compound.phrase, Fit::Strict) && !a_mark()
        })
    }

    /// Whether the words around the syllable are those of the phrase.
    fn fits(&self, phrase: &Phrase, fit: Fit) -> bool {
        self.fits_before(&phrase.before, fit) && self.fits_after(&phrase.after, fit)
    }

    fn fits_before(&self, words: &[Line], fit: Fit) -> bool {
        let mut place = self.start;
        words.iter().all(|wanted| {
            let end = self.gap_before(fit, place);
            let Some(start) = end.checked_sub(wanted.len()) else { return false };
            place = start;
            self.is_word(start, end, wanted, fit)
        })
    }

    fn fits_after(&self, words: &[Line], fit: Fit) -> bool {
        let mut place = self.end;
        words.iter().all(|wanted| {
            let start = self.gap_after(fit, place);
            place = start + wanted.len();
            self.is_word(start, place, wanted, fit) && !self.is_name(start, fit)
        })
    }

    /// Whether a range is the wanted word and no part of a longer one, in the accents of the syllable and as loud:
    /// in `Bảo MẬT` and in `MAT tran` the capitals make it a mark. Looks no further than the word is long, so that
    /// a text of one endless word costs no more than another.
    fn is_word(&self, start: usize, end: usize, wanted: &Line, fit: Fit) -> bool {
        let whole = || {
            let inside = (start + 1..end).any(|place| self.line.is_edge(place));
            self.line.is_word(start, end) && !inside
        };
        let as_loud = || self.line.shouts(start, end) == self.line.shouts(self.start, self.end);
        self.line.spells(start, end, wanted) && whole() && (fit == Fit::Loose || as_loud())
    }

    /// Whether a word without accents is a name behind a mark: `mat Tran Van A`, not `mat tran`.
    fn is_name(&self, start: usize, fit: Fit) -> bool {
        let capital = |place: usize| self.line.shouts(place, place + 1);
        fit == Fit::Strict && self.spelling == Spelling::Bare && capital(start) && !capital(self.start)
    }

    /// Where the word in front of a place ends: strictly, behind one joint at most.
    fn gap_before(&self, fit: Fit, place: usize) -> usize {
        match fit {
            Fit::Strict => place - usize::from(place > 0 && self.is_joint(place - 1)),
            Fit::Loose => (0..place).rev().find(|&at| self.line.is_letter(at)).map_or(0, |at| at + 1),
        }
    }

    /// Where the word behind a place starts.
    fn gap_after(&self, fit: Fit, place: usize) -> usize {
        match fit {
            Fit::Strict => place + usize::from(self.is_joint(place)),
            Fit::Loose => {
                (place..self.line.len()).find(|&at| self.line.is_letter(at)).unwrap_or(self.line.len())
            }
        }
    }

    /// Whether one character that joins the words of a compound stands at a place. A stop, a bracket or
    /// a dash between blanks parts them.
    fn is_joint(&self, place: usize) -> bool {
        matches!(self.line.byte(place), Some(b' ' | b'_' | b'-' | b'+'))
    }
}

impl Phrase {
    fn new(text: &str) -> Self {
        let (before, after) = text.split_once('~').unwrap_or_default();
        Self {
            before: before.split_whitespace().rev().map(Line::new).collect(),
            after: after.split_whitespace().map(Line::new).collect(),
        }
    }
}

fn compile(entries: &[Entry]) -> Vec<Compound> {
    let compound = |(phrase, unless): &Entry| Compound {
        phrase: Phrase::new(phrase),
        unless: unless.iter().copied().map(Phrase::new).collect(),
    };
    entries.iter().map(compound).collect()
}
