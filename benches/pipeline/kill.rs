//! G10: `kill -9` at random points of a burst, over a register with a million open obligations. What arrives is kept, so that
//! lost mails, repeats and their Message-IDs are counted by what the mail server took.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tokio::runtime::Runtime;
use vanthu::config::settings::StoreSettings;

use super::daemon::{Daemon, deliveries, settled};
use super::office::{Office, Way};
use super::postfix::Sink;
use super::report::{Report, median, note};
use super::source::DocumentSystem;
use super::wait::until;
use super::{CELLS, Plan, idle};

/// Kills within the burst.
const KILLS: u64 = 20;

/// Mails that must be left for another kill to fall into the burst.
const ENOUGH: u64 = 64;

/// What makes two mails repeats of one another: who gets it, and its subject, which names the document.
type Key = (String, String);

/// Kills the daemon in the middle of a burst, again and again.
///
/// # Errors
/// A mail is lost, or more are repeated than were in flight.
pub fn run(runtime: &Runtime, plan: &Plan, report: &mut Report) -> Result<()> {
    let sessions = *plan.sessions.last().context("no sessions")?;
    let taken = tempfile::tempdir()?;
    open_to_all(taken.path())?;
    let template = taken.path().join("%S.").display().to_string();
    let sink = Sink::start(&["-d", &template])?;
    let source = DocumentSystem::start(runtime, 1)?;
    let office = Office::new(&source.url(), &Way::Smtp(sink.port, sessions))?;
    queue(runtime, plan, (&sink, &source, &office))?;

    let wanted = (plan.documents + 1) * CELLS;
    let (mut dice, mut firsts) = (Dice(20_260_122), Vec::new());
    let kills = (1..=KILLS).rev().try_fold(0, |kills, left| {
        let before = sink.count()?;
        let rest = wanted.saturating_sub(before);
        if rest < ENOUGH {
            return Ok(kills);
        }
        let daemon = Daemon::start(&office)?;
        firsts.push(first(&sink, before)?);
        let at = before + 1 + dice.below((2 * rest / (left + 2)).max(1));
        until("the next kill", Duration::from_millis(1), || Ok((sink.count()? >= at).then_some(())))?;
        std::thread::sleep(Duration::from_micros(dice.below(5_000)));
        daemon.kill()?;
        // What its connections had said is still heard.
        std::thread::sleep(Duration::from_millis(100));
        Ok::<u64, anyhow::Error>(kills + 1)
    })?;
    let before = sink.count()?;
    let daemon = Daemon::start(&office)?;
    firsts.push(first(&sink, before)?);
    settled(runtime, &office)?;
    daemon.stop()?;
    let counts = deliveries(runtime, &office)?;
    note(&format!("kill: the register counts {counts:?}"));
    judge(taken.path(), wanted, (kills, sessions as u64), report)?;
    let most = firsts.iter().copied().fold(0.0, f64::max);
    let lease = StoreSettings::default().lease.as_secs_f64();
    report.at_most("G10", "from a start after a kill to the next mail, s, at most", lease + 1.0, most);
    report.figure("G10", "the same, median, s", format!("{:.2}", median(firsts)));
    Ok(())
}

/// A register with all its open obligations, and every mail of the burst queued in it.
fn queue(
    runtime: &Runtime,
    plan: &Plan,
    (sink, source, office): (&Sink, &DocumentSystem, &Office),
) -> Result<()> {
    let daemon = Daemon::start(office)?;
    until("the first mails", Duration::from_millis(5), || Ok((sink.count()? >= CELLS).then_some(())))?;
    settled(runtime, office)?;
    daemon.stop()?;
    let documents = plan.open.div_ceil(CELLS);
    note(&format!("kill: writing {} open obligations", documents * CELLS));
    runtime.block_on(idle::fill(office, documents))?;
    (2..=plan.documents + 1).for_each(|id| source.put(id));
    sink.stand_still(true)?;
    let daemon = Daemon::start(office)?;
    let mails = plan.documents * CELLS;
    until("the queue", Duration::from_millis(200), || {
        let waiting = deliveries(runtime, office)?;
        let waiting = ["queued", "sending"].into_iter().filter_map(|state| waiting.get(state)).sum::<u64>();
        Ok((waiting >= mails).then_some(()))
    })?;
    daemon.kill()?;
    sink.stand_still(false)?;
    note(&format!("kill: {mails} mails are queued"));
    Ok(())
}

/// Seconds from now to the next mail.
fn first(sink: &Sink, before: u64) -> Result<f64> {
    let begun = Instant::now();
    until("a mail after a kill", Duration::from_millis(1), || Ok((sink.count()? > before).then_some(())))?;
    Ok(begun.elapsed().as_secs_f64())
}

/// Counts what was lost and what came twice, by what the server took.
fn judge(folder: &Path, wanted: u64, (kills, sessions): (u64, u64), report: &mut Report) -> Result<()> {
    let (mut ids, mut mails) = (BTreeMap::<Key, BTreeSet<String>>::new(), 0_u64);
    for file in fs::read_dir(folder)? {
        let bytes = fs::read(file?.path())?;
        // Cut off before its final dot: nobody has accepted it.
        if !bytes.trim_ascii_end().ends_with(b"--") {
            continue;
        }
        let (key, id) = read(&String::from_utf8_lossy(&bytes)).context("a mail without its headers")?;
        ids.entry(key).or_default().insert(id);
        mails += 1;
    }
    let different = ids.len() as u64;
    let renamed = ids.values().filter(|ids| ids.len() > 1).count();
    let lost = wanted.saturating_sub(different);
    let repeated = mails - different;
    report.at_most("G10", format!("mails lost of {wanted} in {kills} kills"), 0.0, lost as f64);
    let bound = kills * sessions;
    report.at_most("G10", format!("mails repeated, {sessions} sessions"), bound as f64, repeated as f64);
    report.at_most("G10", "repeats under another Message-ID", 0.0, renamed as f64);
    ensure!(lost == 0 && renamed == 0, "{lost} mails lost, {renamed} repeated under another Message-ID");
    ensure!(different == wanted, "{different} mails, {wanted} expected");
    Ok(())
}

/// Who gets a mail, about what, and its Message-ID.
fn read(mail: &str) -> Option<(Key, String)> {
    let (head, _) = mail.split_once("\n\n")?;
    // A folded line belongs to the one before.
    let head = head.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ");
    let value = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        Some(lines.find(|(found, _)| found.eq_ignore_ascii_case(name))?.1.to_owned())
    };
    Some(((value("To")?, value("Subject")?), value("Message-ID")?))
}

/// The sink writes as nobody where this runs as root.
fn open_to_all(folder: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::set_permissions(folder, fs::Permissions::from_mode(0o777))?)
}

/// Numbers from a seed (splitmix64).
struct Dice(u64);

impl Dice {
    /// The next one, below a bound.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) % bound
    }
}
