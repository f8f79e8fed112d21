//! The one integration binary.

#[cfg(test)]
mod store;
#[cfg(test)]
mod support;
