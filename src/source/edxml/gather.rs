//! The walk through a message: its small part becomes a tree, the contents of its files become drafts,
//! and everything that is text is judged, at the latest before the next content is written.

use std::io::Read;

use data_encoding::BASE64;

use super::body;
use super::problem::Problem;
use super::pull::{Pull, Step, of_error};
use super::tree::Element;
use super::{Context, Stop};
use crate::app::ports::{Draft, Kept};
use crate::domain::secrecy::{Withheld, judge_text};

/// What XML-DSig writes as numbers in base64; they are judged as text only where they are none.
const NUMBERS: [&str; 5] = ["signaturevalue", "digestvalue", "x509certificate", "modulus", "exponent"];
/// Fewest bytes of such a number; a word in letters is shorter.
const NUMBER: usize = 20;
/// Texts are judged together up to this size.
const BATCH: usize = 16 << 10;

/// The content of one file.
pub(super) enum Content {
    /// Written, not yet kept.
    Draft(Box<dyn Draft>),
    /// In memory, because it came before what had to be judged first.
    Early(Vec<u8>),
    /// Not base64.
    Unreadable,
    /// Kept already, or never whole.
    Nothing,
}

/// What a walk brought.
#[derive(Default)]
pub(super) struct Gathered {
    /// The root, once it was closed.
    pub root: Option<Element>,
    /// The contents, in the order of the message.
    pub files: Vec<Content>,
    /// The message without the contents.
    pub raw: Vec<u8>,
    /// Whether `raw` is the whole message and all of it was judged open.
    pub whole: bool,
    /// Where in `raw` each content stood.
    gaps: Vec<usize>,
}

impl Gathered {
    /// The number, from 1, of the first file that is not base64.
    pub(super) fn unreadable(&self) -> Option<usize> {
        self.files.iter().position(|file| matches!(file, Content::Unreadable)).map(|index| index + 1)
    }

    /// The message with the places of its files where their contents stood.
    pub(super) fn text(self, places: &[(usize, Kept)]) -> Vec<u8> {
        let mut whole = Vec::with_capacity(self.raw.len() + 160 * self.gaps.len());
        let mut from = 0;
        for (file, gap) in self.gaps.iter().enumerate() {
            whole.extend_from_slice(self.raw.get(from..*gap).unwrap_or_default());
            whole.extend_from_slice(instruction(places, file).as_bytes());
            from = *gap;
        }
        whole.extend_from_slice(self.raw.get(from..).unwrap_or_default());
        whole
    }
}

fn instruction(places: &[(usize, Kept)], file: usize) -> String {
    match places.iter().find(|(number, _)| *number == file) {
        Some((_, kept)) => kept.mention(),
        None => "<?vanthu-file?>".to_owned(),
    }
}

fn is_signed(element: &Element) -> bool {
    NUMBERS.contains(&element.name.as_str())
}

/// Whether a text is base64 of more bytes than a word in letters could give.
fn is_number(text: &str) -> bool {
    let letters: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    BASE64.decode(&letters).is_ok_and(|bytes| bytes.len() >= NUMBER)
}

/// Walks through a message. What was gathered is good also where the walk stopped early.
pub(super) fn gather(input: impl Read, context: &Context<'_>) -> (Gathered, Result<(), Stop>) {
    let (mut pull, begun) = Pull::new(input, &context.limits);
    let mut walk = Walk {
        context,
        stack: Vec::new(),
        pending: String::new(),
        names: String::new(),
        texts: 0,
        header: false,
        early: 0,
        seen: 0,
        gathered: Gathered::default(),
    };
    walk.pending = String::from_utf8_lossy(pull.reader.get_ref().copied()).into_owned();
    let mut outcome = begun.and_then(|()| walk.run(&mut pull));
    match &outcome {
        Ok(()) => walk.gathered.whole = true,
        Err(Stop::Problem(problem)) => {
            if let Err(stop) = walk.give_up(&mut pull, problem) {
                outcome = Err(stop);
            }
        }
        Err(_) => {}
    }
    walk.gathered.raw = pull.reader.get_mut().take_copy();
    (walk.gathered, outcome)
}

struct Walk<'a> {
    context: &'a Context<'a>,
    stack: Vec<Element>,
    /// Texts not judged yet.
    pending: String,
    /// Of these, names of files.
    names: String,
    /// Bytes of all texts.
    texts: usize,
    /// Whether `MessageHeader` is complete.
    header: bool,
    /// Bytes of contents in memory.
    early: usize,
    /// Bytes of the copy that were understood.
    seen: usize,
    gathered: Gathered,
}

impl Walk<'_> {
    fn run<R: Read>(&mut self, pull: &mut Pull<R>) -> Result<(), Stop> {
        loop {
            let step = pull.next()?;
            self.seen = pull.reader.get_ref().copied().len();
            match step {
                Step::Open { name, attributes } => self.open(pull, name, &attributes)?,
                Step::Text(text) => self.text(&text)?,
                Step::Aside(text) => self.aside(&text)?,
                Step::Close => self.close(),
                Step::End => return self.judge(),
            }
        }
    }

    /// What the parser gave up is judged as it stands, markup included. Bytes that are no text cannot be
    /// judged, and neither is a rest too long to be the small part of a message.
    fn give_up<R: Read>(&mut self, pull: &mut Pull<R>, problem: &Problem) -> Result<(), Stop> {
        let most = self.context.limits.texts;
        let input = pull.reader.get_mut();
        let drained = match problem {
            Problem::Encoding => false,
            _ => match input.drain(most).map_err(|error| of_error(error.into(), 0)) {
                Ok(drained) => drained,
                Err(Stop::Problem(_)) => false,
                Err(stop) => return Err(stop),
            },
        };
        let rest = input.copied().get(self.seen..).unwrap_or_default();
        if drained && rest.len() <= most {
            judge_text(&String::from_utf8_lossy(rest)).map_err(Stop::Withheld)?;
            self.judge()?;
            self.gathered.whole = true;
        }
        Ok(())
    }

    fn open<R: Read>(&mut self, pull: &mut Pull<R>, name: String, attributes: &str) -> Result<(), Stop> {
        self.aside(attributes)?;
        if self.pending.len() > BATCH {
            self.judge()?;
        }
        let is_content = self.stack.last().is_some_and(|parent| parent.name == "attachment")
            && matches!(name.as_str(), "contenttransferencoded" | "content");
        self.stack.push(Element { name, ..Element::default() });
        if is_content { self.content(pull) } else { Ok(()) }
    }

    fn text(&mut self, text: &str) -> Result<(), Problem> {
        self.note(text)?;
        if let Some(element) = self.stack.last_mut() {
            element.text.push_str(text);
            if matches!(element.name.as_str(), "attachmentname" | "filename") {
                self.names.push_str(text);
            }
        }
        Ok(())
    }

    /// Attributes, comments, instructions: judged wherever they stand.
    fn aside(&mut self, text: &str) -> Result<(), Problem> {
        self.count(text)?;
        self.pending.push('\n');
        self.pending.push_str(text);
        self.pending.push('\n');
        Ok(())
    }

    fn count(&mut self, text: &str) -> Result<(), Problem> {
        self.texts += text.len();
        if self.texts > self.context.limits.texts {
            return Err(Problem::TooMuch("quá nhiều chữ trong phần đầu của thông điệp"));
        }
        Ok(())
    }

    /// Remembers a text until it is judged; the numbers of a signature until their element ends.
    fn note(&mut self, text: &str) -> Result<(), Problem> {
        self.count(text)?;
        if !self.stack.last().is_some_and(is_signed) {
            self.pending.push_str(text);
        }
        Ok(())
    }

    fn judge(&mut self) -> Result<(), Stop> {
        judge_text(&self.names).map_err(|_| Stop::Withheld(Withheld::MarkInFileName))?;
        judge_text(&self.pending).map_err(Stop::Withheld)?;
        self.names.clear();
        self.pending.clear();
        Ok(())
    }

    fn close(&mut self) {
        let Some(element) = self.stack.pop() else { return };
        if is_signed(&element) && !is_number(&element.text) {
            self.pending.push_str(&element.text);
        }
        self.pending.push('\n');
        if !self.names.is_empty() {
            self.names.push('\n');
        }
        self.header |= element.name == "messageheader";
        match self.stack.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.gathered.root = Some(element),
        }
    }

    /// The content of a file, to a draft if all that is to be judged before it has been, else to memory.
    fn content<R: Read>(&mut self, pull: &mut Pull<R>) -> Result<(), Stop> {
        self.judge()?;
        let number = self.gathered.files.len();
        if number >= self.context.limits.files {
            return Err(Problem::TooMuch("quá nhiều tệp đính kèm").into());
        }
        if let Some(element) = self.stack.last_mut() {
            element.file = Some(number);
        }
        self.gathered.gaps.push(pull.reader.get_ref().copied().len());
        // Should the walk stop inside the content, there is none.
        self.gathered.files.push(Content::Nothing);
        let content = if self.header && self.is_named() { self.draft(pull)? } else { self.early(pull)? };
        if let Some(place) = self.gathered.files.get_mut(number) {
            *place = content;
        }
        Ok(())
    }

    /// Whether the name of the file whose content begins was read, here or in the manifest.
    fn is_named(&self) -> bool {
        let Some(attachment) = self.stack.iter().rev().nth(1) else { return false };
        let own = attachment.text_of(&[&["attachmentname"], &["filename"]]);
        own.is_some() || super::attachment::is_referred(attachment, &self.stack)
    }

    fn draft<R: Read>(&mut self, pull: &mut Pull<R>) -> Result<Content, Stop> {
        let mut draft = self.context.files.begin()?;
        let valid = body::stream(pull, &mut |bytes| {
            draft.write_all(bytes).map_err(|error| Stop::from(draft.error(error)))
        })?;
        Ok(if valid { Content::Draft(draft) } else { Content::Unreadable })
    }

    fn early<R: Read>(&mut self, pull: &mut Pull<R>) -> Result<Content, Stop> {
        let mut held = Vec::new();
        let room = self.context.limits.early.saturating_sub(self.early);
        let valid = body::stream(pull, &mut |bytes| {
            if held.len() + bytes.len() > room {
                return Err(Problem::Early.into());
            }
            held.extend_from_slice(bytes);
            Ok(())
        })?;
        self.early += held.len();
        Ok(if valid { Content::Early(held) } else { Content::Unreadable })
    }
}
