//! Typed views become text and HTML here. Templates are embedded, staff may override them, and every
//! view has samples against which an override is tried before it is believed.

pub mod line;
pub mod mail;
