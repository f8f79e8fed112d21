//! From bytes to events. Names are matched by their local part, so that a prefix bound to nothing does
//! no harm; entities beyond XML's five are refused and a DOCTYPE with them, so nothing is ever expanded or
//! fetched.

use std::io::Read;

use quick_xml::Reader;
use quick_xml::errors::Error;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::input::{Input, problem_of};
use super::limits::Limits;
use super::problem::Problem;
use super::{ReadError, Stop};

/// A buffer larger than this is given back after the node that needed it.
const SPARE: usize = 64 << 10;
/// Longest name of an element that anybody looks for.
const NAME: usize = 64;

/// One event.
pub(super) enum Step {
    /// An element begins.
    Open {
        /// Its local name as `tree` compares names.
        name: String,
        /// Its attributes as written.
        attributes: String,
    },
    /// A piece of text.
    Text(String),
    /// Text beside the data: a comment, an instruction.
    Aside(String),
    /// The innermost element ends.
    Close,
    /// Nothing follows.
    End,
}

/// The events of a message.
pub(super) struct Pull<R: Read> {
    pub(super) reader: Reader<Input<R>>,
    buffer: Vec<u8>,
    depth: usize,
    elements: usize,
    closed: bool,
    limits: Limits,
}

impl<R: Read> Pull<R> {
    /// Over a message whose junk is skipped.
    pub(super) fn new(input: R, limits: &Limits) -> (Self, Result<(), Stop>) {
        let mut input = Input::new(input, limits);
        let begun = match input.skip_junk() {
            Ok(true) => Ok(()),
            Ok(false) => Err(Problem::NotXml.into()),
            Err(error) => Err(of_error(Error::from(error), 0)),
        };
        let mut reader = Reader::from_reader(input);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        // `A & B` unescaped is a known carelessness.
        config.allow_dangling_amp = true;
        let pull = Self { reader, buffer: Vec::new(), depth: 0, elements: 0, closed: false, limits: *limits };
        (pull, begun)
    }

    /// The next event.
    pub(super) fn next(&mut self) -> Result<Step, Stop> {
        self.reader.get_mut().refill();
        if self.buffer.capacity() > SPARE {
            self.buffer = Vec::new();
        }
        self.buffer.clear();
        let event = self.reader.read_event_into(&mut self.buffer);
        let step = match event {
            Ok(Event::Start(start)) => {
                Step::Open { name: local(&start), attributes: attributes(&start, &self.limits)? }
            }
            Ok(Event::End(_)) => Step::Close,
            Ok(Event::Text(text)) => Step::Text(text.into_inner().into_owned()),
            Ok(Event::CData(text)) => Step::Text(text.into_inner().into_owned()),
            Ok(Event::GeneralRef(reference)) => Step::Text(meaning(&reference)?.to_string()),
            Ok(Event::Comment(text)) => Step::Aside(text.into_inner().into_owned()),
            Ok(Event::PI(text)) => Step::Aside(text.into_inner().into_owned()),
            // `expand_empty_elements` is on, so no element comes as `Empty`.
            Ok(Event::Decl(_) | Event::Empty(_)) => Step::Aside(String::new()),
            Ok(Event::DocType(_)) => return Err(Problem::DocType.into()),
            Ok(Event::Eof) => Step::End,
            Err(error) => return Err(of_error(error, self.reader.error_position())),
        };
        self.count(&step)?;
        Ok(step)
    }

    fn count(&mut self, step: &Step) -> Result<(), Problem> {
        match step {
            Step::Open { .. } if self.closed => {
                return Err(Problem::Malformed(self.reader.buffer_position()));
            }
            Step::Open { .. } => {
                self.depth += 1;
                self.elements += 1;
            }
            Step::Close => {
                self.depth = self.depth.saturating_sub(1);
                self.closed = self.depth == 0;
            }
            Step::End if self.depth > 0 => return Err(Problem::Truncated),
            Step::Text(_) | Step::Aside(_) | Step::End => {}
        }
        if self.depth > self.limits.depth {
            return Err(Problem::TooMuch("các thẻ lồng nhau quá sâu"));
        }
        if self.elements > self.limits.elements {
            return Err(Problem::TooMuch("quá nhiều thẻ"));
        }
        Ok(())
    }
}

/// The local name, lower case, spelt with one `s`: the wire writes `Bussiness`, some senders `Business`.
fn local(start: &BytesStart<'_>) -> String {
    let name = start.local_name();
    let name: String = name.as_ref().chars().take(NAME).collect();
    name.to_ascii_lowercase().replace("bussiness", "business")
}

/// The attributes as one text. They are counted by hand: the parser's own check for repeated names is not
/// needed, and a text is judged the same in pieces or whole.
fn attributes(start: &BytesStart<'_>, limits: &Limits) -> Result<String, Problem> {
    let count = start.attributes().with_checks(false).take(limits.attributes + 1).count();
    if count > limits.attributes {
        return Err(Problem::TooMuch("một thẻ có quá nhiều thuộc tính"));
    }
    Ok(start.attributes_raw().to_owned())
}

/// What a reference stands for.
pub(super) fn meaning(reference: &BytesRef<'_>) -> Result<char, Problem> {
    match reference.resolve_char_ref() {
        Ok(Some(letter)) => return Ok(letter),
        Ok(None) => {}
        Err(_) => return Err(Problem::Entity),
    }
    match reference.as_ref() {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        _ => Err(Problem::Entity),
    }
}

/// The parser's error as ours. Its own text may quote the message.
pub(super) fn of_error(error: Error, position: u64) -> Stop {
    let error = match error {
        Error::Io(error) => error,
        Error::Encoding(_) => return Problem::Encoding.into(),
        _ => return Problem::Malformed(position).into(),
    };
    match problem_of(&error) {
        Some(problem) => problem.into(),
        None => Stop::Error(ReadError::Input(std::io::Error::new(error.kind(), error.to_string()))),
    }
}
