//! Status messages: what another body says about a document. Only they carry a `StatusCode`.

use chrono_tz::Tz;

use super::header;
use super::problem::Problem;
use super::tree::Element;
use crate::domain::status::Status;
use crate::source::when::When;

/// Whether a message is one.
pub(super) fn is_one(root: &Element) -> bool {
    root.find("messageheader").is_some_and(|header| header.text_at(&["statuscode"]).is_some())
}

/// The status a message says. Its code stays as it came; a code nobody defined is held by who registers it.
pub(super) fn read(root: &Element, zone: Tz) -> Result<Status, Problem> {
    let header = root.find("messageheader").ok_or(Problem::NotEdxml)?;
    let timestamp = header.text_at(&["timestamp"]);
    Ok(Status {
        from: header.text_at(&["from", "organid"]).ok_or(Problem::Missing("From/OrganId"))?,
        from_name: header.text_at(&["from", "organname"]),
        about: header::references(header).next().ok_or(Problem::Missing("ResponseFor"))?,
        digits: header.text_at(&["statuscode"]).ok_or(Problem::Missing("StatusCode"))?,
        description: header.text_at(&["description"]),
        at: timestamp.and_then(|text| When::parse(&text)?.instant(zone)),
    })
}
