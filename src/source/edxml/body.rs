//! The content of a file: base64 with white space anywhere, as a stream from the message to where it goes.
//! It never becomes a text of the parser, which would hold all of it.

use std::io::{BufRead as _, Read};

use data_encoding::{BASE64, BASE64_NOPAD};

use super::Stop;
use super::problem::Problem;
use super::pull::{Pull, Step, of_error};

/// Letters decoded at once; a multiple of four.
const STAGE: usize = 64 << 10;
/// Bytes they give.
const GIVES: usize = STAGE / 4 * 3;

/// Where decoded bytes go.
pub(super) type Sink<'a> = &'a mut dyn FnMut(&[u8]) -> Result<(), Stop>;

/// Streams the content of the element that was just opened, up to its end tag, which is left for the
/// parser. `false` if it is not base64; then the rest of it is skipped.
///
/// # Errors
/// The sink's, the carrier's, or a [`Problem`] of the markup.
pub(super) fn stream<R: Read>(pull: &mut Pull<R>, sink: Sink<'_>) -> Result<bool, Stop> {
    let mut decoder = Decoder::new();
    pull.reader.get_mut().set_body(true);
    let streamed = copy(pull, &mut decoder, sink);
    pull.reader.get_mut().set_body(false);
    streamed?;
    decoder.finish(sink)
}

fn copy<R: Read>(pull: &mut Pull<R>, decoder: &mut Decoder, sink: Sink<'_>) -> Result<(), Stop> {
    loop {
        match run(pull, decoder, sink, |bytes| memchr::memchr2(b'<', b'&', bytes))? {
            b'&' => reference(pull, decoder, sink)?,
            _ => {
                take(pull, 1)?;
                match peek(pull)? {
                    b'!' => section(pull, decoder, sink)?,
                    _ => {
                        pull.reader.get_mut().push_back();
                        return Ok(());
                    }
                }
            }
        }
    }
}

/// Feeds everything up to the first stop byte, and gives that byte.
fn run<R: Read>(
    pull: &mut Pull<R>,
    decoder: &mut Decoder,
    sink: Sink<'_>,
    stop: impl Fn(&[u8]) -> Option<usize>,
) -> Result<u8, Stop> {
    let mut stream = pull.reader.stream();
    loop {
        let bytes = stream.fill_buf().map_err(|error| of_error(error.into(), 0))?;
        if bytes.is_empty() {
            return Err(Problem::Truncated.into());
        }
        let found = stop(bytes);
        let (content, rest) = bytes.split_at(found.unwrap_or(bytes.len()));
        decoder.feed(content, sink)?;
        let (length, byte) = (content.len(), rest.first().copied());
        stream.consume(length);
        if let Some(byte) = byte {
            return Ok(byte);
        }
    }
}

/// `&#13;`, as some writers put at every line end.
fn reference<R: Read>(pull: &mut Pull<R>, decoder: &mut Decoder, sink: Sink<'_>) -> Result<(), Stop> {
    pull.reader.get_mut().set_body(false);
    let step = pull.next()?;
    pull.reader.get_mut().set_body(true);
    match step {
        Step::Text(text) => decoder.feed(text.as_bytes(), sink),
        _ => Err(Problem::Malformed(pull.reader.buffer_position()).into()),
    }
}

/// `<![CDATA[…]]>`; base64 itself has no bracket.
fn section<R: Read>(pull: &mut Pull<R>, decoder: &mut Decoder, sink: Sink<'_>) -> Result<(), Stop> {
    if take(pull, 8)? != b"![CDATA[" {
        return Err(Problem::Malformed(pull.reader.buffer_position()).into());
    }
    run(pull, decoder, sink, |bytes| memchr::memchr(b']', bytes))?;
    if take(pull, 3)? != b"]]>" {
        return Err(Problem::Malformed(pull.reader.buffer_position()).into());
    }
    Ok(())
}

fn peek<R: Read>(pull: &mut Pull<R>) -> Result<u8, Stop> {
    let mut stream = pull.reader.stream();
    let bytes = stream.fill_buf().map_err(|error| of_error(error.into(), 0))?;
    bytes.first().copied().ok_or_else(|| Problem::Truncated.into())
}

fn take<R: Read>(pull: &mut Pull<R>, amount: usize) -> Result<Vec<u8>, Stop> {
    let mut taken = vec![0; amount];
    let read = pull.reader.stream().read_exact(&mut taken);
    read.map_err(|error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => Problem::Truncated.into(),
        _ => of_error(error.into(), 0),
    })?;
    Ok(taken)
}

/// Base64, piece by piece.
struct Decoder {
    /// Letters without white space that wait for more.
    staged: Vec<u8>,
    decoded: Vec<u8>,
    valid: bool,
}

impl Decoder {
    fn new() -> Self {
        Self { staged: Vec::with_capacity(STAGE), decoded: vec![0; GIVES], valid: true }
    }

    fn feed(&mut self, bytes: &[u8], sink: Sink<'_>) -> Result<(), Stop> {
        for line in bytes.split(u8::is_ascii_whitespace) {
            let mut line = line;
            while !line.is_empty() && self.valid {
                let (now, later) = line.split_at(line.len().min(STAGE - self.staged.len()));
                self.staged.extend_from_slice(now);
                line = later;
                if self.staged.len() == STAGE {
                    self.flush(sink)?;
                }
            }
        }
        Ok(())
    }

    /// Decodes what is staged. Whatever its padding, it is the end of what came in one piece.
    fn flush(&mut self, sink: Sink<'_>) -> Result<(), Stop> {
        let encoding = if self.staged.len().is_multiple_of(4) { BASE64 } else { BASE64_NOPAD };
        // One letter beyond whole groups of four stands for nothing: the library names no length for it.
        let room = encoding.decode_len(self.staged.len()).ok();
        let target = room.and_then(|room| self.decoded.get_mut(..room));
        let decoded = target.and_then(|target| encoding.decode_mut(&self.staged, target).ok());
        self.staged.clear();
        match decoded {
            Some(length) => sink(self.decoded.get(..length).unwrap_or_default()),
            None => {
                self.valid = false;
                Ok(())
            }
        }
    }

    fn finish(mut self, sink: Sink<'_>) -> Result<bool, Stop> {
        if self.valid && !self.staged.is_empty() {
            self.flush(sink)?;
        }
        Ok(self.valid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut sink = |piece: &[u8]| {
            bytes.extend_from_slice(piece);
            Ok(())
        };
        let mut decoder = Decoder::new();
        decoder.feed(text.as_bytes(), &mut sink).ok()?;
        decoder.finish(&mut sink).ok()?.then_some(bytes)
    }

    #[test]
    fn any_number_of_letters_gives_bytes_or_nothing() {
        let whole = "A".repeat(STAGE);
        for (letters, bytes) in [(0, Some(0)), (1, None), (2, Some(1)), (3, Some(2)), (4, Some(3)), (5, None)]
        {
            let few = "A".repeat(letters);
            assert_eq!(decoded(&few).map(|bytes| bytes.len()), bytes, "{letters} letters");
            let many = bytes.map(|bytes| bytes + GIVES);
            assert_eq!(
                decoded(&format!("{whole}\n{few}")).map(|bytes| bytes.len()),
                many,
                "{letters} letters more"
            );
        }
    }
}
