//! What stands in the copy.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Line {
    /// From here on the copy follows a register that was put back, or made anew.
    Fork {
        /// Where they part.
        fork: Fork,
    },
    /// A row of the journal.
    Row(Row),
}

/// Where the copy begins to follow another register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fork {
    /// The last row that both registers have.
    pub after: i64,
    /// Its hash; 64 zeros where they have none in common.
    pub hash: String,
    /// As in [`Row`].
    pub seen: Numbers,
}

/// A row of the journal, with what it tells in words that outlive the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its number.
    pub number: i64,
    /// Milliseconds since 1970.
    pub at: i64,
    /// What it tells of.
    pub kind: String,
    /// The document's number in its register.
    pub document: Option<i64>,
    /// The obligation's.
    pub obligation: Option<i64>,
    /// The details as the journal has them, to the letter: the chain is over these.
    pub detail: String,
    /// The chain.
    pub hash: String,
    /// The facts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// The greatest numbers of notices and obligations whose facts stand in the copy so far.
    pub seen: Numbers,
    /// The greatest numbers of documents, revisions and holds that were given so far.
    pub given: Numbers,
}

/// Numbers that a register gave.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Numbers {
    /// Of notices.
    #[serde(skip_serializing_if = "is_none")]
    pub notice: i64,
    /// Of obligations.
    #[serde(skip_serializing_if = "is_none")]
    pub obligation: i64,
    /// Of documents.
    #[serde(skip_serializing_if = "is_none")]
    pub document: i64,
    /// Of revisions.
    #[serde(skip_serializing_if = "is_none")]
    pub revision: i64,
    /// Of holds.
    #[serde(skip_serializing_if = "is_none")]
    pub hold: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands references")]
fn is_none(number: &i64) -> bool {
    *number == 0
}

impl Numbers {
    /// The greater of each.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            notice: self.notice.max(other.notice),
            obligation: self.obligation.max(other.obligation),
            document: self.document.max(other.document),
            revision: self.revision.max(other.revision),
            hold: self.hold.max(other.hold),
        }
    }
}

/// A fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Fact {
    /// An obligation was opened; its number may stand in links.
    Opened(Opened),
    /// A mail was to be sent, under this Message-ID.
    Planned(Posted),
    /// A server accepted it.
    Sent(Posted),
    /// A server may have.
    Doubtful(Posted),
    /// A cell answered.
    Answered(Answered),
}

/// An obligation, by what it is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Opened {
    /// Its number in the register that opened it.
    pub obligation: i64,
    /// The document's source.
    pub source: String,
    /// Its id there.
    pub id: String,
    /// The cell.
    pub cell: String,
    /// The task of a plan; empty where there is none.
    pub task: String,
}

/// A mail, by what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// The document's source.
    pub source: String,
    /// Its id there.
    pub id: String,
    /// What its revision read, hashed.
    pub fingerprint: String,
    /// The unit written to.
    pub unit: String,
    /// Kind of notice.
    pub kind: String,
    /// Step.
    pub step: String,
    /// Address.
    pub mailbox: String,
    /// Without angle brackets.
    pub message_id: String,
    /// When it was accepted; of others when it was to be. Milliseconds since 1970.
    pub at: i64,
    /// The server's reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
    /// The obligations that it was about, each with the ladder step that was taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<(Opened, i64)>,
}

/// An answer, by what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Which obligation.
    pub obligation: Opened,
    /// What was said.
    pub answer: Value,
    /// Its grade.
    pub grade: String,
    /// How it came.
    pub channel: String,
    /// Who entered it, where staff did.
    pub actor: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// When. Milliseconds since 1970.
    pub at: i64,
}
