//! `rules new`: a rule by questions, shown with what it would do, then appended beside a test of its own.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};

use super::ask::{Ask, Lines, Terminal};
use super::interview::interview;
use super::preview;
use crate::cli::{Exit, Place, print};
use crate::config::diagnostic::Findings;
use crate::config::draft::{Aim, Conditions, Draft, Found, Specimen, code};
use crate::config::file::SourceFile;
use crate::config::office::{Office, Texts, draft, source_ids};
use crate::config::schema::{Known, Schema};
use crate::config::{format, rules_test, write};

/// `rules new`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Tên quy tắc; có tên thì không hỏi gì nữa, mọi điều lấy từ các tuỳ chọn
    #[arg(long)]
    name: Option<String>,
    /// Cơ quan ban hành; nhiều thì viết nhiều lần
    #[arg(long)]
    issuer: Vec<String>,
    /// Loại văn bản, ví dụ KH
    #[arg(long)]
    kind: Vec<String>,
    /// Cụm chữ trong trích yếu
    #[arg(long)]
    text: Vec<String>,
    /// Độ khẩn
    #[arg(long)]
    urgency: Vec<String>,
    /// Giao cho loại chi bộ này; không nói giao cho ai thì là mọi chi bộ
    #[arg(long)]
    to_kind: Vec<String>,
    /// Giao cho khối ngành này
    #[arg(long)]
    to_sector: Vec<String>,
    /// Giao cho các chi bộ dưới tổ chức này
    #[arg(long)]
    under: Vec<String>,
    /// Giao cho chi bộ này
    #[arg(long)]
    cell: Vec<String>,
    /// Trừ tổ chức này
    #[arg(long)]
    except: Vec<String>,
    /// Không giao cho ai, vì lý do này
    #[arg(long, conflicts_with_all = ["to_kind", "to_sector", "under", "cell", "except"])]
    nobody: Option<String>,
    /// Vai trò: lead, support, inform
    #[arg(long, default_value = "lead")]
    role: String,
    /// Phải làm gì: acknowledge, do, report
    #[arg(long, default_values = ["acknowledge", "report"])]
    owes: Vec<String>,
    /// Xác nhận đã nhận trong mấy ngày làm việc
    #[arg(long, default_value_t = 1)]
    within: u16,
    /// Hạn xong; "none" là không có hạn
    #[arg(long, default_value = "document, else 15 working days")]
    due: String,
    /// Bậc nhắc
    #[arg(long, default_value = "standard")]
    ladder: String,
    /// Ngày đầu có hiệu lực, yyyy-mm-dd
    #[arg(long)]
    from: Option<chrono::NaiveDate>,
    /// Ngày cuối có hiệu lực, yyyy-mm-dd
    #[arg(long)]
    until: Option<chrono::NaiveDate>,
    /// Khớp quy tắc này thì không đọc các quy tắc dưới
    #[arg(long = "final")]
    is_final: bool,
    /// Tệp nhận quy tắc; mặc định là 50-van-phong.toml trong thư mục quy tắc
    #[arg(long)]
    file: Option<PathBuf>,
    /// Không hỏi trước khi ghi
    #[arg(long)]
    yes: bool,
    /// Chỉ xem, không ghi
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
}

/// The file rules of the office's own go to, after those that came with vanthu.
const USUAL_FILE: &str = "50-van-phong.toml";

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let settings = place.plain_settings();
    let (units, ruleset) = draft(settings.as_ref(), &place.root());
    let sources = settings.as_ref().map(source_ids);
    let known = Known::of(&units, &ruleset, sources.as_deref().unwrap_or_default());
    let mut ask: Box<dyn Ask> = if std::io::stdin().is_terminal() {
        Box::new(Terminal)
    } else {
        Box::new(Lines(std::io::stdin().lock()))
    };
    let draft = match &args.name {
        Some(name) => {
            let taken: Vec<&str> = ruleset.rules.iter().map(|rule| rule.id.as_str()).collect();
            given(args, name, code(name, &taken), &known)?
        }
        None => interview(ask.as_mut(), &known, &ruleset)?,
    };
    let target = args.file.clone().unwrap_or_else(|| place.paths().rules.join(USUAL_FILE));
    let Some(proposal) = propose(place, &draft, &target, sources.as_deref())? else {
        return Ok(Exit::Configuration);
    };
    print::text(&proposal.block);
    preview::show(place, settings.as_ref(), &proposal.office, &draft, &proposal.trace).await?;
    if args.dry_run {
        return Ok(Exit::Done);
    }
    if !args.yes && !ask.yes(&format!("Ghi vào {}?", target.display()))? {
        print::text("Chưa ghi gì.");
        return Ok(Exit::Done);
    }
    proposal.save(&target)?;
    print::text(&format!(
        "đã ghi  {} – quy tắc “{}” và một phép thử. Dịch vụ tự nạp lại khi tệp đã yên.",
        target.display(),
        draft.id
    ));
    Ok(Exit::Done)
}

/// The rule of the options alone.
fn given(args: &Args, name: &str, id: String, known: &Known) -> anyhow::Result<Draft> {
    let when = Conditions {
        issuer: args.issuer.clone(),
        kind: args.kind.clone(),
        text_any: args.text.clone(),
        urgency: args.urgency.clone(),
    };
    if when.is_empty() {
        bail!("cần ít nhất một điều kiện: --issuer, --kind, --text hoặc --urgency; chưa ghi gì");
    }
    let (from, until) = (args.from.map(|day| day.to_string()), args.until.map(|day| day.to_string()));
    let draft = Draft {
        id,
        name: name.to_owned(),
        when,
        valid: (from, until),
        is_final: args.is_final,
        ..Draft::default()
    };
    if let Some(because) = &args.nobody {
        return Ok(Draft { aim: Aim::Nobody(because.clone()), ..draft });
    }
    let mut kind = args.to_kind.clone();
    if kind.is_empty() && args.under.is_empty() && args.cell.is_empty() {
        kind = known.cell_kinds();
    }
    let (sector, subtree) = (args.to_sector.clone(), args.under.clone());
    Ok(Draft {
        aim: Aim::To { kind, sector, subtree, units: args.cell.clone(), except: args.except.clone() },
        role: Some(args.role.clone()),
        owes: args.owes.clone(),
        within: Some(args.within),
        due: Some(args.due.clone()).filter(|due| due != "none"),
        ladder: Some(args.ladder.clone()),
        ..draft
    })
}

/// A rule with its test, tried together with everything else, not yet written.
struct Proposal {
    /// What is appended.
    block: String,
    /// The text of the file before; what is written must follow it.
    before: Option<String>,
    /// The office as it would be.
    office: Office,
    /// What becomes of the test's document.
    trace: crate::domain::routing::Trace,
}

/// Tries the rule; `None` after printing what is wrong.
fn propose(
    place: &Place,
    draft: &Draft,
    target: &Path,
    sources: Option<&[String]>,
) -> anyhow::Result<Option<Proposal>> {
    let before = match std::fs::read_to_string(target) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(error).with_context(|| format!("không đọc được {}", target.display())),
    };
    let try_on = |block: &str| compile(place, target, &joined(before.as_deref(), block), sources);
    let Some(office) = try_on(&draft.rule()) else { return Ok(None) };
    let specimen = draft.specimen(office.calendar.date_of(place.now()).to_string());
    let block = with_test(draft, &specimen, Found::Cells(0))?;
    let Some(office) = try_on(&block) else { return Ok(None) };
    let name = draft.test_name();
    let own = rules_test::run(&office).into_iter().rfind(|tested| tested.test.name == name);
    let Some(trace) = own.map(|tested| tested.trace) else {
        bail!("phép thử không đọc lại được")
    };
    let found = preview::found(&trace);
    let block = with_test(draft, &specimen, found)?;
    let Some(office) = try_on(&block) else { return Ok(None) };
    let failures = rules_test::report(&rules_test::run(&office));
    if failures.errors() > 0 {
        print::block(&failures.render(place.language(), print::colour()));
        return Ok(None);
    }
    Ok(Some(Proposal { block, before, office, trace }))
}

fn with_test(draft: &Draft, specimen: &Specimen, found: Found) -> anyhow::Result<String> {
    let block = format!("{}\n{}", draft.rule(), draft.test(specimen, found));
    format::format(&block).map_err(|refusal| anyhow::anyhow!("quy tắc không viết ra được: {refusal:?}"))
}

/// The file with the block at its end; a new file says what it is, and where editors find its schema.
fn joined(before: Option<&str>, block: &str) -> String {
    let schema = Schema::Rules.path().rsplit('/').next().unwrap_or_default();
    let head =
        || format!("#:schema ./{schema}\n# Quy tắc do văn phòng thêm. Sổ tay: docs/SO-TAY-QUY-TAC.md.\n");
    let before = before.map_or_else(head, str::to_owned);
    let gap = if before.ends_with('\n') { "\n" } else { "\n\n" };
    format!("{before}{gap}{block}")
}

/// Everything as it would be with this text in the file.
fn compile(place: &Place, target: &Path, text: &str, sources: Option<&[String]>) -> Option<Office> {
    let findings = Findings::default();
    let mut texts = Texts::read(&place.paths(), &place.root(), &findings);
    let [folder, _] = &texts.folders;
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let file = SourceFile::new(format!("{folder}/{name}"), text);
    texts.rules.files.retain(|known| known.path != file.path);
    texts.rules.files.push(Arc::clone(&file));
    texts.rules.files.sort_by(|left, right| left.path.cmp(&right.path));
    let office = texts.compile(sources, &findings);
    if office.is_none() {
        print::block(&findings.into_report().render(place.language(), print::colour()));
    }
    office
}

impl Proposal {
    /// Appends; refuses if somebody changed the file in the meantime.
    fn save(&self, target: &Path) -> anyhow::Result<()> {
        if std::fs::read_to_string(target).ok() != self.before {
            bail!("{} vừa bị người khác sửa; chưa ghi gì, hãy chạy lại", target.display());
        }
        write::replace(target, &joined(self.before.as_deref(), &self.block))
            .with_context(|| format!("không ghi được {}", target.display()))
    }
}
