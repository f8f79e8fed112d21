//! real_postfix
