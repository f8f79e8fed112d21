//! Merging: when units become one, the heir may owe the same directive twice over. One row remains, and
//! nothing it asks is milder than what either asked.

use chrono::{DateTime, Utc};

use super::{Duty, FIGURES, Obligation};

/// The duty that asks all that either asks: the stricter role with its ladder, everything owed, the
/// earliest instants, the higher grade.
#[must_use]
pub fn strictest(kept: &Duty, taken: &Duty) -> Duty {
    let (lead, other) = if taken.role > kept.role { (taken, kept) } else { (kept, taken) };
    let ladder = if lead.ladder.steps.is_empty() { &other.ladder } else { &lead.ladder };
    let (due, due_why) = match (lead.due, other.due) {
        (Some(own), Some(theirs)) if theirs < own => (other.due, &other.due_why),
        (None, Some(_)) => (other.due, &other.due_why),
        _ => (lead.due, &lead.due_why),
    };
    let mut owes = [lead.owes.clone(), other.owes.clone()].concat();
    owes.sort_unstable();
    owes.dedup();
    let missing = other.figures.iter().filter(|name| !lead.figures.contains(name));
    let figures = lead.figures.iter().chain(missing).take(FIGURES).cloned().collect();
    let mut duty = Duty {
        owes,
        acknowledge_due: earliest(lead.acknowledge_due, other.acknowledge_due),
        due,
        due_why: due_why.clone(),
        ladder: ladder.clone(),
        grade: lead.grade.max(other.grade),
        figures,
        ..lead.clone()
    };
    for (rule, name) in other.rules.iter().zip(&other.rule_names) {
        if !duty.rules.contains(rule) {
            duty.rules.push(rule.clone());
            duty.rule_names.push(name.clone());
        }
    }
    duty
}

impl Obligation {
    /// The heir's row after it took over what `taken` still owes under the same revision. Its state
    /// stays: nothing goes back. An instant can only come nearer, as in [`strictest`].
    #[must_use]
    pub fn taking_over(&self, taken: &Self) -> Self {
        Self {
            acknowledge_due: earliest(self.acknowledge_due, taken.acknowledge_due),
            due: earliest(self.due, taken.due),
            next_action: earliest(self.next_action, taken.next_action),
            ..self.clone()
        }
    }
}

fn earliest(one: Option<DateTime<Utc>>, other: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    one.into_iter().chain(other).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ladder::Ladder;
    use crate::domain::obligation::{Grade, Owed, Role};

    fn duty(role: Role, owes: &[Owed], due: Option<i64>) -> Duty {
        Duty {
            task: None,
            role,
            owes: owes.to_vec(),
            rules: vec![role_name(role).into()],
            rule_names: vec![role_name(role).to_owned()],
            acknowledge_due: None,
            due: due.and_then(|hours| DateTime::from_timestamp(hours * 3600, 0)),
            due_why: None,
            ladder: Ladder { name: role_name(role).to_owned(), ..Ladder::default() },
            grade: Grade::Clicked,
            figures: Vec::new(),
            ruleset: "r".to_owned(),
        }
    }

    fn role_name(role: Role) -> &'static str {
        match role {
            Role::Inform => "inform",
            Role::Support => "support",
            Role::Lead => "lead",
        }
    }

    #[test]
    fn the_stricter_of_each_is_kept_whichever_side_it_stands_on() {
        let inform = duty(Role::Inform, &[Owed::Acknowledge], Some(10));
        let lead = duty(Role::Lead, &[Owed::Acknowledge, Owed::Report], Some(20));
        for (kept, taken) in [(&inform, &lead), (&lead, &inform)] {
            let merged = strictest(kept, taken);
            assert_eq!(merged.role, Role::Lead);
            assert_eq!(merged.owes, [Owed::Acknowledge, Owed::Report]);
            assert_eq!(merged.due, inform.due);
            assert_eq!(merged.rules, ["lead".into(), "inform".into()]);
            assert_eq!(merged.rule_names, ["lead", "inform"]);
        }
    }

    #[test]
    fn merging_with_itself_changes_nothing() {
        let lead = duty(Role::Lead, &[Owed::Acknowledge], None);
        assert_eq!(strictest(&lead, &lead), lead);
    }
}
