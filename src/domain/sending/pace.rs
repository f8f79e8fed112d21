//! Token buckets: how many mails may leave for one mailbox, for one host, and in all, in what time. A
//! bucket is one instant, that at which it would be full again, so that it can be rebuilt after a restart
//! from the times of the mails that left, and asked about any instant without a clock.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

/// So many mails in such a time: a bucket of as many tokens, filled evenly over that time.
///
/// A rest lets a whole bucket leave at once; never more than twice the number leave in the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    mails: u32,
    per: TimeDelta,
}

/// The times a rate may name, by the word that stands in TOML.
const UNITS: [(&str, i64); 3] = [("minute", 60), ("hour", 3_600), ("day", 86_400)];

impl Rate {
    /// Reads `30 per hour`; `minute`, `hour` or `day`, from 1 to 100,000 mails.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_ascii_whitespace();
        let (mails, per, unit) = (words.next()?, words.next()?, words.next()?);
        let (_, seconds) = UNITS.into_iter().find(|(word, _)| *word == unit)?;
        let mails = mails.parse().ok().filter(|mails| (1..=100_000).contains(mails))?;
        (per == "per" && words.next().is_none()).then(|| Self { mails, per: TimeDelta::seconds(seconds) })
    }

    /// As it stands in TOML.
    pub fn text(self) -> String {
        let unit = UNITS.into_iter().find(|(_, seconds)| *seconds == self.per.num_seconds());
        format!("{} per {}", self.mails, unit.map_or("hour", |(word, _)| word))
    }

    /// As people read it: `30 thư mỗi giờ`.
    pub fn vietnamese(self) -> String {
        let unit = match self.per.num_seconds() {
            60 => "phút",
            3_600 => "giờ",
            _ => "ngày",
        };
        format!("{} thư mỗi {unit}", self.mails)
    }

    /// The time in which an empty bucket fills.
    pub fn window(self) -> TimeDelta {
        self.per
    }

    /// The time in which one token comes back.
    fn refill(self) -> TimeDelta {
        self.per / i32::try_from(self.mails).unwrap_or(i32::MAX)
    }

    /// The earliest instant from `now` on at which a bucket that is full at `full` has a token.
    fn earliest(self, full: Option<DateTime<Utc>>, now: DateTime<Utc>) -> DateTime<Utc> {
        full.map_or(now, |full| now.max(full + self.refill() - self.per))
    }

    /// When the bucket is full again once a token was taken at `at`.
    fn taken(self, full: Option<DateTime<Utc>>, at: DateTime<Utc>) -> DateTime<Utc> {
        full.map_or(at, |full| full.max(at)) + self.refill()
    }
}

/// How many mails may leave in what time; what is `None` has no limit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pace {
    /// To one mailbox.
    pub mailbox: Option<Rate>,
    /// To the mailboxes of one domain.
    pub host: Option<Rate>,
    /// To the mailboxes of domains with a rate of their own, lower case.
    pub hosts: BTreeMap<String, Rate>,
    /// In all: what the office's own relay takes.
    pub relay: Option<Rate>,
}

impl Pace {
    /// Whether nothing is limited.
    pub fn is_free(&self) -> bool {
        self.longest().is_none()
    }

    /// How far back mails still weigh on a bucket.
    pub fn longest(&self) -> Option<TimeDelta> {
        let rates = [self.mailbox, self.host, self.relay].into_iter().flatten();
        rates.chain(self.hosts.values().copied()).map(Rate::window).max()
    }

    /// The buckets of a mail.
    fn buckets(&self, mailbox: &str) -> impl Iterator<Item = (String, Rate)> {
        let domain = host(mailbox);
        let own = self.hosts.get(&domain).copied().or(self.host);
        let of_mailbox = self.mailbox.map(|rate| (mailbox.to_ascii_lowercase(), rate));
        // A domain has no `@`, so that no key is another's.
        let of_host = own.map(|rate| (domain, rate));
        of_mailbox.into_iter().chain(of_host).chain(self.relay.map(|rate| (String::new(), rate)))
    }
}

/// The domain of an address, lower case; empty where it has none.
pub fn host(address: &str) -> String {
    address.rsplit_once('@').map(|(_, domain)| domain.to_ascii_lowercase()).unwrap_or_default()
}

/// Whether a mail may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    /// Now.
    Now,
    /// Not before this.
    At {
        /// When.
        at: DateTime<Utc>,
        /// The rate that holds it up longest.
        rate: Rate,
    },
}

/// The buckets of a run.
#[derive(Debug, Clone, Default)]
pub struct Meter {
    pace: Pace,
    full: BTreeMap<String, DateTime<Utc>>,
    /// The last instant that was promised to a mail of a bucket: who comes after it waits longer.
    promised: BTreeMap<String, DateTime<Utc>>,
}

impl Meter {
    /// Buckets that are full.
    pub fn new(pace: Pace) -> Self {
        Self { pace, ..Self::default() }
    }

    /// A mail left.
    pub fn left(&mut self, mailbox: &str, at: DateTime<Utc>) {
        for (key, rate) in self.pace.buckets(mailbox).collect::<Vec<_>>() {
            let full = rate.taken(self.full.get(&key).copied(), at);
            self.full.insert(key, full);
        }
    }

    /// Asks for a mail; where it may leave now, its tokens are taken. Those that may not are promised instants
    /// one refill apart, in the order in which they ask.
    pub fn ask(&mut self, mailbox: &str, now: DateTime<Utc>) -> Leave {
        let buckets: Vec<_> = self.pace.buckets(mailbox).collect();
        let full = &self.full;
        let earliest = |(key, rate): &(String, Rate)| rate.earliest(full.get(key).copied(), now);
        if buckets.iter().all(|bucket| earliest(bucket) <= now) {
            self.left(mailbox, now);
            return Leave::Now;
        }
        let mut latest = (now, Rate { mails: 1, per: TimeDelta::zero() });
        for bucket in buckets {
            let after = self.promised.get(&bucket.0).map(|last| *last + bucket.1.refill());
            let slot = after.map_or(earliest(&bucket), |after| after.max(earliest(&bucket)));
            if slot > latest.0 {
                latest = (slot, bucket.1);
            }
            // A bucket that holds nobody up promises nothing: a slow host must not delay all others.
            if slot > now {
                self.promised.insert(bucket.0, slot);
            }
        }
        let (at, rate) = latest;
        Leave::At { at, rate }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(1_000_000 + seconds)
    }

    fn rate(text: &str) -> Rate {
        Rate::parse(text).unwrap()
    }

    #[test]
    fn rates_as_people_write_them() {
        for (text, shown) in [
            ("30 per hour", Some("30 thư mỗi giờ")),
            (" 1  per minute ", Some("1 thư mỗi phút")),
            ("100000 per day", Some("100000 thư mỗi ngày")),
            ("0 per hour", None),
            ("100001 per hour", None),
            ("-1 per hour", None),
            ("30", None),
            ("30/hour", None),
            ("30 per week", None),
            ("30 per hour now", None),
            ("", None),
        ] {
            let read = Rate::parse(text);
            assert_eq!(read.map(Rate::vietnamese).as_deref(), shown, "{text:?}");
            assert_eq!(read.and_then(|rate| Rate::parse(&rate.text())), read, "{text:?}");
        }
    }

    #[test]
    fn a_burst_leaves_at_once_and_the_rest_one_refill_apart() {
        let mut meter = Meter::new(Pace { mailbox: Some(rate("3 per minute")), ..Pace::default() });
        let asked: Vec<_> = (0..6).map(|_| meter.ask("a@b.example", at(0))).collect();
        let later = |seconds| Leave::At { at: at(seconds), rate: rate("3 per minute") };
        assert_eq!(asked, [Leave::Now, Leave::Now, Leave::Now, later(20), later(40), later(60)]);
        assert_eq!(meter.ask("A@b.example", at(20)), Leave::Now, "the promise is kept, in any case");
        assert_eq!(meter.ask("c@b.example", at(0)), Leave::Now, "another mailbox has a bucket of its own");
    }

    #[test]
    fn the_slowest_of_mailbox_host_and_relay_decides() {
        let hosts = BTreeMap::from([("tight.example".to_owned(), rate("1 per hour"))]);
        let pace = Pace {
            hosts,
            host: Some(rate("2 per hour")),
            relay: Some(rate("4 per hour")),
            ..Pace::default()
        };
        let mut meter = Meter::new(pace);
        let asked: Vec<_> =
            ["a@tight.example", "b@tight.example", "a@x.example", "b@x.example", "c@y.example"]
                .map(|mailbox| meter.ask(mailbox, at(0)))
                .into_iter()
                .collect();
        let tight = Leave::At { at: at(3600), rate: rate("1 per hour") };
        assert_eq!(asked, [Leave::Now, tight, Leave::Now, Leave::Now, Leave::Now]);
        let slow = Leave::At { at: at(900), rate: rate("4 per hour") };
        assert_eq!(meter.ask("d@z.example", at(0)), slow, "not delayed by the tight host");
    }

    #[test]
    fn what_left_before_a_restart_still_weighs() {
        let pace = Pace { mailbox: Some(rate("2 per hour")), ..Pace::default() };
        assert_eq!(pace.longest(), Some(TimeDelta::hours(1)));
        let mut meter = Meter::new(pace);
        meter.left("a@b.example", at(-600));
        meter.left("a@b.example", at(-300));
        assert_eq!(meter.ask("a@b.example", at(0)), Leave::At { at: at(1200), rate: rate("2 per hour") });
        assert_eq!(meter.ask("a@b.example", at(1200)), Leave::Now);
    }

    #[test]
    fn without_limits_everything_leaves() {
        let mut meter = Meter::default();
        assert!(Pace::default().is_free());
        assert!((0..1000).all(|_| meter.ask("a@b.example", at(0)) == Leave::Now));
    }

    proptest! {
        /// However mails ask, no window of the rate's time lets more than twice its number through.
        #[test]
        fn no_window_lets_more_than_two_buckets_through(
            mails in 1_u32..20,
            steps in prop::collection::vec(0_i64..40, 1..200),
        ) {
            let rate = Rate { mails, per: TimeDelta::seconds(60) };
            let mut meter = Meter::new(Pace { mailbox: Some(rate), ..Pace::default() });
            let (mut now, mut left) = (0, Vec::new());
            for step in steps {
                now += step;
                match meter.ask("a@b.example", at(now)) {
                    Leave::Now => left.push(at(now)),
                    Leave::At { at: later, .. } => prop_assert!(later > at(now)),
                }
            }
            for first in &left {
                let inside = left.iter().filter(|one| *one >= first && **one < *first + rate.per).count();
                prop_assert!(inside <= 2 * mails as usize, "{inside} of {mails}");
            }
        }

        /// Whoever comes at the instant it was promised is let through, also after a restart in between.
        #[test]
        fn promises_are_kept(mails in 1_u32..20, asking in 1_usize..100) {
            let pace = Pace { host: Some(Rate { mails, per: TimeDelta::seconds(60) }), ..Pace::default() };
            let mut meter = Meter::new(pace.clone());
            let asked: Vec<_> = (0..asking).map(|_| meter.ask("a@b.example", at(0))).collect();
            let (mut again, mut last) = (Meter::new(pace), at(0));
            for leave in asked {
                match leave {
                    Leave::Now => again.left("a@b.example", at(0)),
                    Leave::At { at, .. } => {
                        prop_assert!(at > last);
                        prop_assert_eq!(again.ask("a@b.example", at), Leave::Now);
                        last = at;
                    }
                }
            }
        }
    }
}
