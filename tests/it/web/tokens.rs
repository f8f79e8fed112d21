//! Links that are nearly ours (promises.md T62): millions of mutations, none of which is accepted, and no time that
//! tells a near miss from any other.
//!
//! `VANTHU_TOKENS` sets how many mutations, `VANTHU_TIMINGS` how many measurements (docs/RELIABILITY.md).

use std::time::Instant;

use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;
use vanthu::domain::ids::{HoldId, ObligationId};
use vanthu::domain::token::{Claims, Deciding, Keyring, SigningKey, mailbox_hash};

use crate::daemon::kill::Random;
use crate::support::number;

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
/// Where a difference between two means counts as told (dudect, Reparaz et al. 2017); by chance one run in two million
/// goes beyond.
const TOLD: f64 = 5.0;

fn ring() -> Keyring {
    let key =
        |id: &str| SigningKey::new(id, format!("{id}: a secret of thirty-two bytes or more").as_bytes());
    Keyring::new(vec![key("k2"), key("k1")]).unwrap()
}

fn end() -> DateTime<Utc> {
    DateTime::from_timestamp(2_000_000_000, 0).unwrap()
}

fn link(ring: &Keyring, obligation: i64) -> String {
    let mailbox = mailbox_hash(&format!("cb-{obligation}@mau.example"));
    ring.sign(&Claims { obligation: ObligationId(obligation), mailbox, expires: end() })
}

fn pick(random: &mut Random, below: usize) -> usize {
    usize::try_from(random.below(below as u64)).unwrap()
}

/// A link with something else in place of one of its four parts.
fn with_part(link: &str, part: usize, text: &str) -> String {
    let mut parts: Vec<_> = link.split('.').collect();
    parts[part] = text;
    parts.join(".")
}

/// One bit of what a part says, turned.
fn with_bit(link: &str, part: usize, random: &mut Random) -> String {
    let mut bytes = BASE64URL_NOPAD.decode(link.split('.').nth(part).unwrap().as_bytes()).unwrap();
    let at = pick(random, bytes.len());
    bytes[at] ^= 1 << random.below(8);
    with_part(link, part, &BASE64URL_NOPAD.encode(&bytes))
}

/// A link that nobody signed, made of two that somebody did.
fn forged(own: &str, other: &str, random: &mut Random) -> String {
    let (at, letter) = (pick(random, own.len()), LETTERS[pick(random, LETTERS.len())]);
    let mut letters = own.as_bytes().to_vec();
    let part = |n| other.split('.').nth(n).unwrap();
    match random.below(14) {
        0 => letters[at] = letter,
        1 => {
            letters.remove(at);
        }
        2 => letters.insert(at, letter),
        3 => letters.swap(at, (at + 1) % own.len()),
        4 => letters.truncate(at),
        5 => letters.extend([letter; 3].iter().take(1 + at % 3)),
        6 => letters[at] ^= 0x20,
        7 => return with_part(own, 3, part(3)),
        8 => return with_part(own, 2, part(2)),
        9 => return with_part(own, 1, if part(1) == "k2" { "k1" } else { "k9" }),
        10 => return with_part(own, 0, "d1"),
        11 => return with_bit(own, 2, random),
        12 => return with_bit(own, 3, random),
        _ => return format!("{own}{}", ["%00", " ", "\u{301}", "=", "\n"][at % 5]),
    }
    String::from_utf8_lossy(&letters).into_owned()
}

#[test]
fn no_mutation_of_a_link_is_accepted() {
    let (count, ring) = (number("VANTHU_TOKENS", 100_000), ring());
    let links: Vec<_> = (1..=50).map(|obligation| link(&ring, obligation)).collect();
    let deciding = Deciding { hold: HoldId(7), mailbox: mailbox_hash("vp@duk.example"), expires: end() };
    let decision = ring.sign_decision(&deciding);
    let (mut random, mut tried) = (Random(number("VANTHU_SEED", 62)), 0);
    while tried < count {
        let own = &links[pick(&mut random, links.len())];
        let other = &links[pick(&mut random, links.len())];
        let own = if random.below(20) == 0 { &decision } else { own };
        let forged = forged(own, other, &mut random);
        if links.contains(&forged) || forged == decision {
            continue;
        }
        assert!(ring.verify(&forged, end()).is_err(), "{forged} of {own}");
        assert!(ring.verify_decision(&forged, end()).is_err(), "{forged} of {own}");
        tried += 1;
    }
    assert!(links.iter().all(|link| ring.verify(link, end()).is_ok()), "those that were signed are good");
    println!("{tried} mutations of links, 0 accepted");
}

/// Mean, variance and number of some measurements.
fn moments(values: &[f64]) -> (f64, f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0), n)
}

/// Welch's t of two samples.
fn welch(left: &[f64], right: &[f64]) -> f64 {
    let ((mean, variance, n), (other, spread, m)) = (moments(left), moments(right));
    (mean - other) / (variance / n + spread / m).sqrt()
}

/// The chance of a t as large, either way, where nothing differs; samples are large enough for the normal distribution
/// (Abramowitz and Stegun 7.1.26).
fn chance(t: f64) -> f64 {
    let x = t.abs() / std::f64::consts::SQRT_2;
    let u = 1.0 / (1.0 + 0.327_591_1 * x);
    let sum = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    sum.iter().fold(0.0, |sum, factor| (sum + factor) * u) * (-x * x).exp()
}

/// Nanoseconds to refuse each of two kinds of links, asked in any order; the slowest tenth is the machine's.
fn times(ring: &Keyring, kinds: [&[String]; 2], count: usize, random: &mut Random) -> [Vec<f64>; 2] {
    let mut times = [Vec::new(), Vec::new()];
    while times.iter().any(|times| times.len() < count) {
        let kind = pick(random, 2);
        let link = &kinds[kind][pick(random, kinds[kind].len())];
        let begun = Instant::now();
        let refused = ring.verify(link, end()).is_err();
        let took = begun.elapsed().as_nanos() as f64;
        assert!(refused);
        times[kind].push(took);
    }
    let mut all: Vec<_> = times.iter().flatten().copied().collect();
    all.sort_by(f64::total_cmp);
    let most = all[all.len() * 9 / 10];
    times.map(|times| times.into_iter().filter(|took| *took <= most).collect())
}

/// Whoever guesses learns nothing from how long a refusal takes: a MAC that is right for another cell, one that is
/// wrong in its last letter alone, and any other take the same time.
#[test]
fn the_time_of_a_refusal_tells_nothing() {
    let count = usize::try_from(number("VANTHU_TIMINGS", 20_000)).unwrap();
    let (ring, mut random) = (ring(), Random(number("VANTHU_SEED", 62)));
    let own: Vec<_> = (1..=64).map(|obligation| link(&ring, obligation)).collect();
    let mac = |link: &str| link.rsplit('.').next().unwrap().to_owned();
    let wrong: Vec<_> = own.iter().map(|link| with_bit(link, 3, &mut random)).collect();
    let others =
        own.iter().zip(own.iter().cycle().skip(1)).map(|(own, other)| with_part(own, 3, &mac(other)));
    let near = own.iter().map(|link| {
        let mut bytes = BASE64URL_NOPAD.decode(mac(link).as_bytes()).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        with_part(link, 3, &BASE64URL_NOPAD.encode(&bytes))
    });
    for (name, kind) in [("another cell's", others.collect::<Vec<_>>()), ("nearly right", near.collect())] {
        let [left, right] = times(&ring, [&kind, &wrong], count, &mut random);
        let (t, difference) = (welch(&left, &right), moments(&left).0 - moments(&right).0);
        println!("{name} against wrong: {difference:+.1} ns, t = {t:.2}, p = {:.3}", chance(t));
        assert!(t.abs() < TOLD, "{name}: t = {t:.2}, {difference:+.1} ns");
    }
}
