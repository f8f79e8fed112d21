//! The one integration binary.

mod ioffice;
