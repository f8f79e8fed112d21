//! Statements that run on either engine: what is bound to them, where they run, and the rows they give.
//!
//! A text serves both engines where it keeps to what SQLite and PostgreSQL share; where it cannot, it is
//! [`Words`], both texts side by side (in `dialect`). Rows become private structs by `sqlx::FromRow`, derived once
//! for both. Rows that come by the hundred come as one text (`gathered`).

mod alarm;
mod conn;
mod gathered;
mod patience;
mod statement;
mod value;

pub(super) use alarm::Alarm;
pub(super) use conn::{Conn, Held, Line, Tip};
pub(super) use gathered::{array, gathered, query_gathered};
pub(super) use patience::{answered, one_by_one};
pub(super) use statement::{Words, query, query_as, query_scalar};
pub(super) use value::{Value, arguments};
