//! Typed views and what people read of them. Nothing here decides; every view has a sample that the
//! tests render.

pub mod pages;
