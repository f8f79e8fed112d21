//! Cells chosen together, shared: the same hundreds of codes go to thousands of documents.

use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::ids::UnitId;

/// Cells by code, in order. Copying it copies a pointer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cells(Arc<[UnitId]>);

impl From<Vec<UnitId>> for Cells {
    fn from(cells: Vec<UnitId>) -> Self {
        Self(cells.into())
    }
}

impl Deref for Cells {
    type Target = [UnitId];

    fn deref(&self) -> &[UnitId] {
        &self.0
    }
}

impl<'a> IntoIterator for &'a Cells {
    type Item = &'a UnitId;
    type IntoIter = std::slice::Iter<'a, UnitId>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Serialize for Cells {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_ref().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Cells {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}
