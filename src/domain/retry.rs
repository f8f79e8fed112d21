//! Retries as a visible list of waits.

use std::time::Duration;

/// How long to wait before each further try; when the list ends, a human is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waits(pub Vec<Duration>);

impl Waits {
    /// The wait after `tries` failed tries (1 = the first try failed); `None` when the list has ended.
    /// Zero failed tries need no wait.
    pub fn after(&self, tries: u32) -> Option<Duration> {
        let Some(index) = tries.checked_sub(1) else { return Some(Duration::ZERO) };
        self.0.get(usize::try_from(index).ok()?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_walked_once() {
        let waits = Waits([60, 300, 1800].map(Duration::from_secs).to_vec());
        let seconds = |tries| waits.after(tries).map(|wait| wait.as_secs());
        assert_eq!(
            (0..=5).map(seconds).collect::<Vec<_>>(),
            [Some(0), Some(60), Some(300), Some(1800), None, None]
        );
        assert_eq!(waits.after(u32::MAX), None);
    }

    #[test]
    fn an_empty_list_asks_a_human_at_once() {
        assert_eq!(Waits(Vec::new()).after(1), None);
    }
}
