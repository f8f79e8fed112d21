//! postfix
