//! From a letter to the bytes of a mail: multipart/alternative, pure ASCII, one recipient, and the
//! same bytes each time, so that a repeat after a crash is recognisably the same mail.

mod attach;
mod guard;
mod headers;
mod shadow;
mod thread;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Utc};
use data_encoding::{BASE64_MIME, HEXLOWER};
use lettre::Address;
use lettre::address::Envelope;
use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Body, Mailbox, MessageBuilder, MultiPart, SinglePart, SinglePartBuilder};

use crate::domain::bulletin::Bulletin;
use crate::domain::chain;
use crate::domain::ids::NoticeId;
use crate::domain::inbound::plus_address;
use crate::domain::notice::Letter;
use crate::mail::dkim::{DkimOptions, Signer};
use crate::render::ics;
use crate::render::mail::{Attached, LetterRenderer, Office, Rendered, RenderedBulletin, TemplateFault};

pub use guard::Breach;
use headers::Fixed;

/// What the composer must know about the office.
#[derive(Debug, Clone)]
pub struct ComposeOptions {
    /// Sender, for example `Văn thư Đảng uỷ Khối <vanthu@example.vn>`; its address is also the
    /// envelope's, so that bounces come back to it.
    pub from: String,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<String>,
    /// List-Id of the office, for example `chi-dao.duk.example.vn`.
    pub list_id: String,
    /// Whether each letter's envelope sender bears the letter's own tag, by which a report is known.
    pub tagged: bool,
    /// The office as the letter shows it.
    pub office: Office,
    /// The address every mail goes to instead of its own, while the office tries things out.
    pub shadow: Option<String>,
    /// Who signs, where the relay does not.
    pub dkim: Option<DkimOptions>,
    /// The office's own templates by name, for example `mail/opening.txt`; the embedded ones stand in
    /// for those that are absent.
    pub templates: BTreeMap<String, String>,
}

/// A mail ready to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The notice it carries.
    pub notice: NoticeId,
    /// Its Message-ID without brackets; also its envelope id (RFC 3461 §4.4), which a report returns and nobody
    /// can guess.
    pub id: String,
    /// Envelope sender.
    pub from: Address,
    /// The one recipient.
    pub to: Address,
    /// Headers and body, lines ended by CRLF, ASCII only.
    pub bytes: Vec<u8>,
}

impl Mail {
    /// SHA-256 of headers and body, 64 hex digits: what proves later which mail it was.
    pub fn sha256(&self) -> String {
        chain::sha256(&[&self.bytes])
    }
}

/// Why the composer cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum ComposeSetupError {
    /// An address of the settings is not one.
    #[error("{key} = \"{value}\": không phải địa chỉ thư dạng `Tên <hop.thu@ten-mien>`")]
    Address {
        /// Key in `[mail]`.
        key: &'static str,
        /// What stands there.
        value: String,
    },
    /// The List-Id is not a name with dots.
    #[error(
        "list_id = \"{0}\": cần dạng `ten.mien.example`, chỉ gồm chữ cái không dấu, chữ số, `.`, `-`, `_`"
    )]
    ListId(String),
    /// The key that signs.
    #[error("mail.dkim.key: {0}")]
    Dkim(&'static str),
    /// An embedded template is broken.
    #[error(transparent)]
    Template(#[from] TemplateFault),
}

/// Why a letter can never become a mail.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// The recipient's address is not one that SMTP can carry without extensions.
    #[error("địa chỉ nhận \"{0}\" không gửi được; đề nghị sửa trong danh sách đơn vị")]
    Recipient(String),
    /// Message-ID or thread root is not an id.
    #[error("mã thư \"{0}\" không hợp lệ")]
    Id(String),
    /// The day of writing cannot stand in a Date header.
    #[error("ngày viết thư nằm ngoài các năm 1970–9999")]
    Written,
    /// A template failed on this letter.
    #[error(transparent)]
    Template(#[from] TemplateFault),
    /// It could not be signed.
    #[error("không ký được thư bằng khoá DKIM; xem mail.dkim")]
    Unsigned,
    /// The message could not be put together.
    #[error("không dựng được thư: {0}")]
    Build(String),
    /// The finished mail did not pass the guard.
    #[error("thư bị giữ lại trước khi gửi: {0}")]
    Guard(#[from] Breach),
}

/// Composes mails.
#[derive(Debug, Clone)]
pub struct Composer {
    renderer: LetterRenderer,
    fixed: Fixed,
    tagged: bool,
    shadow: Option<Address>,
    signer: Option<Arc<Signer>>,
}

impl Composer {
    /// Checks the options and compiles the templates. Also returns what is wrong with overrides, each
    /// of which was set aside for the embedded template.
    ///
    /// # Errors
    /// [`ComposeSetupError`]
    pub fn new(options: ComposeOptions) -> Result<(Self, Vec<TemplateFault>), ComposeSetupError> {
        let fixed = Fixed::new(&options)?;
        let own = |name: &str| options.templates.get(name).cloned();
        let (renderer, faults) = LetterRenderer::with_overrides(options.office.clone(), &own)?;
        let refused = |value: &str| ComposeSetupError::Address { key: "shadow", value: value.to_owned() };
        let shadow = options.shadow.as_deref();
        let shadow = shadow.map(|value| recipient(value).map_err(|_| refused(value))).transpose()?;
        let signer = options.dkim.as_ref().map(Signer::new).transpose();
        let signer = signer.map_err(|fault| ComposeSetupError::Dkim(fault.vietnamese()))?.map(Arc::new);
        Ok((Self { renderer, fixed, tagged: options.tagged, shadow, signer }, faults))
    }

    /// Renders a letter without making a mail of it.
    ///
    /// # Errors
    /// The template that failed, with its place.
    pub fn render(&self, letter: &Letter) -> Result<Rendered, TemplateFault> {
        let rendered = self.renderer.render(letter)?;
        if self.shadow.is_none() {
            return Ok(rendered);
        }
        let (text, html) = shadow::banner(&rendered.text, &rendered.html, &letter.to);
        Ok(Rendered { heading: format!("{}{}", shadow::MARK, rendered.heading), text, html, ..rendered })
    }

    /// Composes and checks one mail.
    ///
    /// # Errors
    /// [`ComposeError`]; the same letter fails again, trying later is of no use.
    pub fn compose(&self, letter: &Letter) -> Result<Mail, ComposeError> {
        let meant = recipient(&letter.to)?;
        if !(1970..=9999).contains(&letter.written.year()) {
            return Err(ComposeError::Written);
        }
        let rendered = self.render(letter)?;
        guard::links(letter, [&rendered.text, &rendered.html])?;
        let to = self.shadow.clone().unwrap_or_else(|| meant.clone());
        let from = self.sender(&letter.message_id)?;
        let mut builder = headers::builder(&self.fixed, letter, &rendered, Mailbox::new(None, to.clone()))?;
        if self.shadow.is_some() {
            builder = builder.raw_header(headers::meant_for(&meant));
        }
        let read = body(&letter.message_id, &rendered.text, &rendered.html)?;
        let body = attach::with(&letter.message_id, read, &self.calendar(letter)?)?;
        let bytes = self.finish(builder, (&from, &to), body, letter.written)?;
        Ok(Mail { notice: letter.notice, id: letter.message_id.clone(), from, to, bytes })
    }

    /// The envelope sender of a letter.
    fn sender(&self, message_id: &str) -> Result<Address, ComposeError> {
        let address = self.fixed.address();
        if !self.tagged {
            return Ok(address.clone());
        }
        let tag = message_id.split('@').next().unwrap_or_default();
        let tagged = plus_address(address.as_ref(), tag).and_then(|tagged| tagged.parse().ok());
        tagged.ok_or_else(|| ComposeError::Id(crate::render::line::one_line(message_id).into_owned()))
    }
}

impl Composer {
    /// The dues of a letter as a file that calendars take in; none where it has none.
    fn calendar(&self, letter: &Letter) -> Result<Option<Attached>, ComposeError> {
        if letter.appointments.is_empty() {
            return Ok(None);
        }
        let office = self.renderer.office();
        let domain = self.fixed.address().domain();
        let frame = ics::Frame { office: &office.name, domain, zone: office.zone };
        let text = frame.mailed(&letter.appointments, letter.written);
        guard::unlinked(&text)?;
        Ok(Some(Attached { name: "han.ics".to_owned(), kind: attach::CALENDAR, bytes: text.into_bytes() }))
    }

    /// Renders a mail to staff as it would be composed.
    ///
    /// # Errors
    /// The template that failed, with its place.
    pub fn render_bulletin(&self, bulletin: &Bulletin) -> Result<RenderedBulletin, TemplateFault> {
        let rendered = self.renderer.bulletin(bulletin)?;
        if self.shadow.is_none() {
            return Ok(rendered);
        }
        let (text, html) = shadow::banner(&rendered.text, &rendered.html, &bulletin.to);
        Ok(RenderedBulletin { text, html, ..rendered })
    }

    /// Composes and checks a mail about the office's files. Its number counts downwards from −1, so that
    /// it is nobody's notice in a server's log.
    ///
    /// # Errors
    /// [`ComposeError`]; the same bulletin fails again, trying later is of no use.
    pub fn compose_bulletin(&self, bulletin: &Bulletin) -> Result<Mail, ComposeError> {
        let meant = recipient(&bulletin.to)?;
        let rendered = self.render_bulletin(bulletin)?;
        let to = self.shadow.clone().unwrap_or_else(|| meant.clone());
        let mut builder =
            headers::bulletin(&self.fixed, bulletin, &rendered, Mailbox::new(None, to.clone()))?;
        if self.shadow.is_some() {
            builder = builder.raw_header(headers::meant_for(&meant));
        }
        let read = body(&bulletin.message_id, &rendered.text, &rendered.html)?;
        let body = attach::with(&bulletin.message_id, read, &rendered.files)?;
        let from = self.fixed.address().clone();
        let bytes = self.finish(builder, (&from, &to), body, bulletin.at)?;
        let (notice, id) = (NoticeId(-bulletin.id), bulletin.message_id.clone());
        Ok(Mail { notice, id, from, to, bytes })
    }

    /// The bytes of a mail to one recipient, looked at once more and then signed.
    fn finish(
        &self,
        builder: MessageBuilder,
        (from, to): (&Address, &Address),
        body: MultiPart,
        at: DateTime<Utc>,
    ) -> Result<Vec<u8>, ComposeError> {
        let build = |error: lettre::error::Error| ComposeError::Build(error.to_string());
        let envelope = Envelope::new(Some(from.clone()), vec![to.clone()]).map_err(build)?;
        let bytes = builder.envelope(envelope).multipart(body).map_err(build)?.formatted();
        guard::bytes(&bytes, to.as_ref())?;
        match &self.signer {
            Some(signer) => signer.sign(&bytes, at).ok_or(ComposeError::Unsigned),
            None => Ok(bytes),
        }
    }
}

/// An address that every server takes: ASCII, so neither SMTPUTF8 nor IDNA is needed.
fn recipient(address: &str) -> Result<Address, ComposeError> {
    let refused = || ComposeError::Recipient(crate::render::line::one_line(address).into_owned());
    if !address.is_ascii() {
        return Err(refused());
    }
    address.parse().map_err(|_| refused())
}

/// Text and HTML, both in base64: lettre 0.11.23 leaves bare line feeds of 7bit bodies on the wire
/// (RUSTSEC-2026-0561), and base64 has no line that begins with a dot.
fn body(message_id: &str, text: &str, html: &str) -> Result<MultiPart, ComposeError> {
    Ok(MultiPart::builder()
        .header(multipart("alternative", message_id, "=")?)
        .singlepart(part(ContentType::TEXT_PLAIN, text))
        .singlepart(part(ContentType::TEXT_HTML, html)))
}

/// The kind of a part of parts, with a boundary that no base64 contains and that a repeat bears again.
fn multipart(kind: &str, message_id: &str, mark: &str) -> Result<ContentType, ComposeError> {
    let id = message_id.split('@').next().unwrap_or_default();
    let boundary = HEXLOWER.encode(id.as_bytes());
    let boundary = boundary.get(..40).unwrap_or(&boundary);
    ContentType::parse(&format!("multipart/{kind}; boundary=\"{mark}{boundary}\""))
        .map_err(|error| ComposeError::Build(error.to_string()))
}

/// A part with canonical line ends (RFC 2046 §4.1.1). Encoded here in one pass: lettre's own encoder
/// takes a fifth of all the time a mail costs.
fn part(kind: ContentType, content: &str) -> SinglePart {
    encoded(SinglePart::builder().header(kind), content.replace('\n', "\r\n").as_bytes())
}

fn encoded(builder: SinglePartBuilder, content: &[u8]) -> SinglePart {
    let mut encoded = BASE64_MIME.encode(content);
    encoded.truncate(encoded.trim_end().len());
    let body = Body::dangerous_pre_encoded(encoded.into_bytes(), ContentTransferEncoding::Base64);
    builder.header(ContentTransferEncoding::Base64).body(body)
}
