//! What whoever asked for a change of the office's files is told.

use serde::{Deserialize, Serialize};

use crate::app::accept::Verdict;
use crate::domain::edition::Impact;

/// What became of a change, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// It is in force.
    Accepted,
    /// The files say what is in force.
    Unchanged,
    /// A person must look first; what was in force stays.
    Waiting,
    /// A person turned it down; what was in force stays.
    Rejected,
    /// The files are broken; what was in force stays.
    Refused,
    /// It could not be settled: the register, or files that never rest; what was in force stays.
    Failed,
}

/// What whoever asked is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// In one word.
    pub verdict: Word,
    /// The edition it is about, 12 hex digits; `None` for broken files.
    pub edition: Option<String>,
    /// In one sentence.
    pub sentence: String,
    /// The findings, where files are broken.
    pub findings: Option<String>,
}

/// What a verdict about an edition is in words, while another is in force.
pub(super) fn answer(verdict: &Verdict, edition: &str, force: &str) -> Answer {
    let words = |impact: &Impact| impact.vietnamese();
    let (verdict, sentence) = match verdict {
        Verdict::Accepted(impact) => {
            let impact = impact.as_ref().map(words).unwrap_or_default();
            (Word::Accepted, format!("bản {edition} đã có hiệu lực: {impact}"))
        }
        Verdict::Unchanged => {
            (Word::Unchanged, format!("không có gì thay đổi; bản {edition} đang có hiệu lực"))
        }
        Verdict::Waiting(impact) => (
            Word::Waiting,
            format!(
                "bản {edition} thay đổi lớn nên chờ duyệt: {}. Bản {force} vẫn có hiệu lực. Duyệt: `vanthu rules approve {edition}`",
                words(impact)
            ),
        ),
        Verdict::Rejected => {
            (Word::Rejected, format!("bản {edition} đã bị từ chối; bản {force} vẫn có hiệu lực"))
        }
    };
    Answer { verdict, edition: Some(edition.to_owned()), sentence, findings: None }
}
