//! The one integration binary.
mod deploy;
mod layers;
