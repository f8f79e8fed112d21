//! The one integration binary.
mod demo;

fn main() {}
