//! What is told upstream: the keys `statuses…` of a `[[source]]`.

use serde::{Deserialize, Serialize};

use super::SourceSettings;
use crate::domain::status::{Fold, StatusCode};

/// How iOffice is told how a document fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatusesBy {
    /// A comment under the document.
    Comment,
    /// The integration interface, where the tenant has it switched on.
    Integration,
}

/// What is told by itself about the documents of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statuses {
    /// The codes.
    pub codes: Vec<StatusCode>,
    /// When many cells count as one receiver.
    pub fold: Fold,
}

impl Statuses {
    /// By the keys as they stand; nobody who wrote none wants more than that a document has arrived.
    pub fn new(codes: Option<&[String]>, fold: Fold) -> Self {
        let codes = match codes {
            None => vec![StatusCode::Arrived],
            Some(codes) => codes.iter().filter_map(|digits| StatusCode::parse(digits)).collect(),
        };
        Self { codes, fold }
    }
}

impl SourceSettings {
    /// What is told to it by itself; `None` where it is not told anything.
    pub fn statuses(&self) -> Option<Statuses> {
        match self {
            Self::Ioffice(source) => {
                source.statuses_by?;
                Some(Statuses::new(source.statuses.as_deref(), source.statuses_when))
            }
            Self::Folder(_) => None,
            Self::Vxp(source) => {
                source.organ.as_ref()?;
                Some(Statuses::new(source.statuses.as_deref(), source.statuses_when))
            }
            Self::Lgsp(source) => {
                source.organ.as_ref()?;
                Some(Statuses::new(source.statuses.as_deref(), source.statuses_when))
            }
        }
    }
}
