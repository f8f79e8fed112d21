//! What one input may cost. Shared by the targets.

use std::fs;
use std::time::Duration;

use peak_alloc::PeakAlloc;

/// Every allocation, counted.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Most time on a processor for one input.
const TIME: Duration = Duration::from_millis(100);
/// Most memory for one input, bytes.
const SPACE: usize = 64 << 20;

/// Runs `work` and panics if it costs more than an input may.
pub fn within_bounds(work: impl FnOnce()) {
    let (time, space) = (spent(), MEMORY.current_usage());
    MEMORY.reset_peak_usage();
    work();
    let space = MEMORY.peak_usage().saturating_sub(space);
    let time = spent().saturating_sub(time);
    assert!(time <= TIME, "{time:?} for one input");
    assert!(space <= SPACE, "{space} bytes for one input");
}

/// Time on a processor so far: a busy host must not make an input slow.
fn spent() -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(told.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or_default())
}
