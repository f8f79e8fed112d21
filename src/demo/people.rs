//! people.
