//! Chance that repeats: splitmix64 from a seed, and a hash of text to seed it with.

/// The generator of Steele, Lea and Flood (2014): a counter through a mixing function. Good enough to
/// spread papers over days; never for secrets.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    /// A sequence that only depends on `seed`.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A sequence that only depends on `seed` and the texts, in their order.
    pub(super) fn of(seed: u64, texts: &[&str]) -> Self {
        Self(texts.iter().fold(seed, |hash, text| hash_text(hash, text)))
    }

    /// The next number.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// The next number in `0..end`; 0 where `end` is 0. The bias is far below what a demo can show.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next().checked_rem(end).unwrap_or_default()
    }
}

fn mix(state: u64) -> u64 {
    let once = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let twice = (once ^ (once >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    twice ^ (twice >> 31)
}

/// FNV-1a over the bytes and one byte no UTF-8 text holds, so that ("ab", "c") is not ("a", "bc").
fn hash_text(hash: u64, text: &str) -> u64 {
    let bytes = text.bytes().chain([0xff]);
    bytes.fold(hash ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_the_published_one() {
        let mut random = Random::new(1_234_567);
        let expected = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!(expected, [random.next(), random.next(), random.next()]);
    }

    #[test]
    fn texts_do_not_run_into_each_other() {
        let first = |texts: &[&str]| Random::of(7, texts).next();
        assert_ne!(first(&["ab", "c"]), first(&["a", "bc"]));
        assert_eq!(first(&["chi bộ"]), first(&["chi bộ"]));
        assert_eq!(Random::new(1).below(0), 0);
    }
}
