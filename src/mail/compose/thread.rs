//! Outlook's own idea of a thread (MS-OXOMSG §2.2.1.3): 22 octets that name the conversation, and 5
//! more for each answer. Outlook groups by them where it does not look at References.

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, Utc};
use data_encoding::BASE64;

use crate::domain::notice::Letter;

/// Seconds from 1601, where Windows counts from, to 1970.
const EPOCH: i64 = 11_644_473_600;

/// The Thread-Index of a letter.
///
/// The head is the same in every mail of the thread whenever it is written: its time is the frozen
/// start, its id a hash of the thread root.
pub(super) fn index(letter: &Letter, follows_up: bool) -> String {
    let started = ticks(letter.started);
    let root = digest(&SHA256, letter.thread.as_bytes());
    let mut bytes = Vec::with_capacity(27);
    bytes.extend(started.to_be_bytes().iter().take(6));
    bytes.extend(root.as_ref().iter().take(16));
    if follows_up {
        bytes.extend(answer(ticks(letter.written).saturating_sub(started), letter.times));
    }
    BASE64.encode(&bytes)
}

/// Tenths of a microsecond since 1601.
fn ticks(at: DateTime<Utc>) -> u64 {
    u64::try_from(at.timestamp().saturating_add(EPOCH)).unwrap_or(0).saturating_mul(10_000_000)
}

/// The block of one answer: 31 bits of the time since the head, in units of 2¹⁸ ticks, or of 2²³
/// with the first bit set once that overflows (after 1.7 years); then one octet that tells answers
/// within the same unit apart.
fn answer(since: u64, times: u32) -> [u8; 5] {
    let fine = since >> 18;
    let delta = if fine < 1 << 31 { fine } else { 1 << 31 | (since >> 23) & ((1 << 31) - 1) };
    let [.., a, b, c, d] = delta.to_be_bytes();
    [a, b, c, d, times.to_be_bytes().last().copied().unwrap_or_default()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::mail::samples;

    fn decoded(letter: &Letter, follows_up: bool) -> Vec<u8> {
        BASE64.decode(index(letter, follows_up).as_bytes()).unwrap()
    }

    #[test]
    fn answers_share_the_head_of_the_first_letter() {
        let first = &samples()[0];
        let second =
            Letter { written: first.written + chrono::TimeDelta::days(9), times: 2, ..first.clone() };
        let third =
            Letter { written: first.written + chrono::TimeDelta::days(900), times: 3, ..first.clone() };
        let head = decoded(first, false);
        assert_eq!(head.len(), 22);
        for (answer, coarse) in [(&second, false), (&third, true)] {
            let bytes = decoded(answer, true);
            assert_eq!(bytes[..22], head[..]);
            assert_eq!(bytes.len(), 27);
            assert_eq!(bytes[22] & 0x80 != 0, coarse);
        }
    }

    #[test]
    fn the_head_tells_the_day_of_issue() {
        let bytes = decoded(&samples()[0], false);
        let ticks = bytes[..6].iter().fold(0_u64, |all, byte| all << 8 | u64::from(*byte)) << 16;
        let seconds = i64::try_from(ticks / 10_000_000).unwrap() - EPOCH;
        let day = DateTime::from_timestamp(seconds, 0).unwrap().date_naive();
        assert!((samples()[0].facts.issued.unwrap() - day).num_days() <= 1, "{day}");
    }
}
