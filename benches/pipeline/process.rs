//! What the kernel says of processes, and which processors they may use.

use std::fs;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

/// Every processor.
pub const ALL: &str = "0-1023";
/// One processor for program, sink and stub: the most repeatable comparison.
pub const ONE: &str = "0";

/// Length of a tick in `/proc/PID/stat`: USER_HZ is 100 on every Linux that runs this.
const TICK: Duration = Duration::from_millis(10);

/// Lets this process and all it starts use these processors only.
///
/// # Errors
/// `taskset` failed.
pub fn bind(cpus: &str) -> Result<()> {
    let own = std::process::id().to_string();
    let done = Command::new("taskset").args(["-a", "-c", "-p", cpus, &own]).output().context("taskset")?;
    ensure!(done.status.success(), "taskset: {}", String::from_utf8_lossy(&done.stderr));
    Ok(())
}

/// User and system time of a process so far.
///
/// # Errors
/// The process is gone.
pub fn cpu(id: u32) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
    // The name may hold spaces; what counts comes after its closing bracket.
    let (_, fields) = stat.rsplit_once(')').context("stat without a name")?;
    let ticks: u32 =
        fields.split_whitespace().skip(11).take(2).filter_map(|tick| tick.parse::<u32>().ok()).sum();
    Ok(TICK * ticks)
}

/// A line of `/proc/PID/status` in kilobytes: `VmHWM`, the peak, or `VmRSS`.
///
/// # Errors
/// The process is gone.
pub fn memory(id: u32, line: &str) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    field(&status, line).with_context(|| format!("no {line} in the status of {id}"))
}

/// How often the threads of a process went to sleep of their own will so far.
///
/// # Errors
/// The process is gone.
pub fn wakeups(id: u32) -> Result<u64> {
    let mut all = 0;
    for task in fs::read_dir(format!("/proc/{id}/task"))? {
        let status = fs::read_to_string(task?.path().join("status"))?;
        all += field(&status, "voluntary_ctxt_switches").unwrap_or(0);
    }
    Ok(all)
}

fn field(status: &str, line: &str) -> Option<u64> {
    let value = status.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(':'))?;
    value.split_whitespace().next()?.parse().ok()
}

/// The machine in a line: processors, kernel, foreign load at the start.
///
/// # Errors
/// `/proc` is not there.
pub fn host() -> Result<String> {
    let cpus = std::thread::available_parallelism()?;
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    let load = fs::read_to_string("/proc/loadavg")?;
    let load = load.split_whitespace().next().unwrap_or_default();
    Ok(format!("{cpus} processors, Linux {}, load {load} before the run", kernel.trim()))
}
