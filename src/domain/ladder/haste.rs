//! Haste: the more urgent a document, the shorter its ladder.

use super::{Ladder, Step};
use crate::domain::document::Urgency;

impl Ladder {
    /// The ladder as a duty about a document of this urgency keeps it.
    #[must_use]
    pub fn frozen(&self, urgency: Urgency) -> Self {
        let own = self.by_urgency.iter().find(|(known, _)| *known == urgency);
        let ladder = own.map_or(self, |(_, ladder)| ladder);
        Self { by_urgency: Vec::new(), ..ladder.clone() }
    }

    /// The same steps at a percentage of their distances, each at least one working day or hour away if it
    /// was any. Of steps to one recipient that fall together the last remains: it is the sternest.
    #[must_use]
    pub fn shortened(&self, percent: u16) -> Self {
        let mut steps: Vec<Step> = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            let step = Step {
                offset: scaled(step.offset, percent),
                hours: scaled(step.hours, percent),
                ..step.clone()
            };
            steps.retain(|earlier| !earlier.coincides(&step));
            steps.push(step);
        }
        let name = format!("{} ({percent}%)", self.name);
        Self { name, steps, catch_up: self.catch_up, by_urgency: Vec::new() }
    }
}

impl Step {
    /// Whether both write to the same recipient at the same time.
    pub fn coincides(&self, other: &Self) -> bool {
        (self.anchor, self.offset, self.hours, self.to) == (other.anchor, other.offset, other.hours, other.to)
    }
}

fn scaled(distance: i32, percent: u16) -> i32 {
    let product = i64::from(distance) * i64::from(percent);
    let rounded = (product.abs() + 50) / 100;
    let kept = rounded.max(i64::from(distance != 0)) * product.signum();
    i32::try_from(kept).unwrap_or(distance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ladder::{Anchor, CatchUp, Recipient, StepKind, Until};

    fn step(number: u16, offset: i32, hours: i32, to: Recipient) -> Step {
        let (anchor, kind, until) = (Anchor::Due, StepKind::Chase, Until::Done);
        Step { number, anchor, offset, hours, kind, to, until }
    }

    fn ladder() -> Ladder {
        let steps = vec![
            step(1, -3, 0, Recipient::Cell),
            step(2, 0, 0, Recipient::Cell),
            step(3, 1, 0, Recipient::Cell),
            step(4, 2, 0, Recipient::Cell),
            step(5, 2, 0, Recipient::Parent),
            step(6, 0, -8, Recipient::Cell),
        ];
        Ladder { name: "thử".to_owned(), steps, ..Ladder::default() }
    }

    #[test]
    fn distances_shrink_but_never_to_nothing() {
        let cases =
            [(10, 50, 5), (-3, 50, -2), (3, 50, 2), (1, 10, 1), (-1, 10, -1), (0, 50, 0), (5, 100, 5)];
        for (distance, percent, expected) in cases {
            assert_eq!(scaled(distance, percent), expected, "{distance} at {percent}%");
        }
    }

    #[test]
    fn of_steps_that_fall_together_the_last_remains() {
        let short = ladder().shortened(50);
        let told: Vec<_> = short.steps.iter().map(|step| (step.number, step.offset, step.hours)).collect();
        assert_eq!(told, [(1, -2, 0), (2, 0, 0), (4, 1, 0), (5, 1, 0), (6, 0, -4)]);
        assert_eq!(short.name, "thử (50%)");
    }

    #[test]
    fn freezing_takes_the_ladder_of_the_urgency_and_leaves_the_others_behind() {
        let express = Ladder { name: "gấp".to_owned(), catch_up: CatchUp::All, ..ladder() };
        let by_urgency = vec![(Urgency::Express, express), (Urgency::Urgent, ladder().shortened(50))];
        let whole = Ladder { by_urgency, ..ladder() };
        let named = |urgency| whole.frozen(urgency).name;
        assert_eq!(named(Urgency::Normal), "thử");
        assert_eq!(named(Urgency::Urgent), "thử (50%)");
        assert_eq!(whole.frozen(Urgency::Express).catch_up, CatchUp::All);
        assert!(whole.frozen(Urgency::Normal).by_urgency.is_empty());
    }
}
