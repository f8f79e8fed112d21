//! One form for files that people write: spaces, indents and blank lines set right; comments, order,
//! and every value as written. What is inside quotes is never touched, not even its normal form.
//!
//! The form is the one that the editors' own formatters keep with the settings `init` ships, so that
//! nobody's editor fights it.

use toml_edit::{Array, DocumentMut, InlineTable, Item, RawString, Table, Value};

/// Columns by which the items of a list over several lines are indented. Headers and keys stand at the
/// margin: indented tables pull the comments after them along in some editors and not in others.
const INDENT: usize = 2;

/// Why a text is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is not TOML; `rules check` tells where.
    Unreadable,
    /// The formatted text would mean something else. A fault of this module, never of the text.
    WouldChange,
}

/// The text in the one form. Doing it twice changes nothing more; lines end as they did.
///
/// # Errors
/// Whatever is left as it is.
pub fn format(text: &str) -> Result<String, Refusal> {
    let windows = text.contains("\r\n");
    let text = text.replace("\r\n", "\n");
    let mut document: DocumentMut = text.parse().map_err(|_| Refusal::Unreadable)?;
    entries(document.as_table_mut());
    tables(document.as_table_mut());
    let trailing = lines(raw(Some(document.trailing())), 0);
    document.set_trailing(trailing);
    let formatted = format!("{}\n", document.to_string().trim_matches('\n'));
    let same = toml::from_str::<toml::Table>(&formatted).ok() == toml::from_str::<toml::Table>(&text).ok();
    match (same, windows) {
        (false, _) => Err(Refusal::WouldChange),
        (true, true) => Ok(formatted.replace('\n', "\r\n")),
        (true, false) => Ok(formatted),
    }
}

/// The key–value lines of a table.
fn entries(table: &mut Table) {
    for (mut key, item) in table.iter_mut() {
        match item {
            Item::Value(written) => {
                let above = lines(raw(key.leaf_decor().prefix()), 0);
                key.leaf_decor_mut().set_prefix(above);
                key.leaf_decor_mut().set_suffix(" ");
                let note = note(written.decor().suffix());
                value(written, 0);
                written.decor_mut().set_prefix(" ");
                written.decor_mut().set_suffix(note);
            }
            Item::Table(inner) if inner.is_dotted() => entries(inner),
            Item::Table(_) | Item::ArrayOfTables(_) | Item::None => {}
        }
    }
    for (mut key, _) in table.iter_mut() {
        // Around the dots of a dotted key.
        key.dotted_decor_mut().clear();
    }
}

/// The tables below a table, each under its header.
fn tables(table: &mut Table) {
    for (mut key, item) in table.iter_mut() {
        // Around the names in a header.
        if matches!(item, Item::ArrayOfTables(_)) || item.as_table().is_some_and(|inner| !inner.is_dotted()) {
            key.leaf_decor_mut().clear();
        }
        match item {
            Item::Table(inner) if inner.is_dotted() => tables(inner),
            Item::Table(inner) => under_header(inner),
            Item::ArrayOfTables(list) => list.iter_mut().for_each(under_header),
            Item::Value(_) | Item::None => {}
        }
    }
}

fn under_header(table: &mut Table) {
    let above = lines(raw(table.decor().prefix()), 0);
    table.decor_mut().set_prefix(format!("\n{}", above.trim_start_matches('\n')));
    let note = note(table.decor().suffix());
    table.decor_mut().set_suffix(note);
    entries(table);
    tables(table);
}

/// Comment lines at an indent; of several blank lines one is left.
fn lines(above: &str, indent: usize) -> String {
    let mut text = String::new();
    let mut blank = false;
    let mut written: Vec<_> = above.split('\n').map(str::trim).collect();
    // The last piece is the indent of what follows.
    if written.last().is_some_and(|last| last.is_empty()) {
        written.pop();
    }
    for line in written {
        if !line.is_empty() {
            text.push_str(&" ".repeat(indent));
            text.push_str(line);
            text.push('\n');
        } else if !blank {
            text.push('\n');
        }
        blank = line.is_empty();
    }
    text
}

/// A comment behind a value or a header, one space away.
fn note(after: Option<&RawString>) -> String {
    match raw(after).trim() {
        "" => String::new(),
        comment => format!(" {comment}"),
    }
}

fn raw(text: Option<&RawString>) -> &str {
    text.and_then(RawString::as_str).unwrap_or_default()
}

fn value(value: &mut Value, indent: usize) {
    match value {
        Value::Array(array) if is_tall(&without_surroundings(array.clone())) => tall(array, indent),
        Value::Array(array) => flat(array, indent),
        Value::InlineTable(table) if !is_tall(&without_surroundings(table.clone())) => inline(table, indent),
        _ => {}
    }
}

/// Whether a list or table within a line takes several lines; strings over several lines count, too.
fn is_tall(text: &str) -> bool {
    text.contains('\n')
}

/// A value as written between its own brackets: the comments around it belong to what holds it.
fn without_surroundings(value: impl Into<Value>) -> String {
    let mut value = value.into();
    value.decor_mut().clear();
    value.to_string()
}

fn flat(array: &mut Array, indent: usize) {
    for (number, item) in array.iter_mut().enumerate() {
        value(item, indent);
        item.decor_mut().set_prefix(if number == 0 { "" } else { " " });
        item.decor_mut().set_suffix("");
    }
    array.set_trailing("");
    array.set_trailing_comma(false);
}

/// A list over several lines: what shared a line still does; the last item has its comma.
fn tall(array: &mut Array, indent: usize) {
    let last = array.len().saturating_sub(1);
    let mut trailing = raw(Some(array.trailing())).to_owned();
    for (number, item) in array.iter_mut().enumerate() {
        value(item, indent + INDENT);
        let before = within(raw(item.decor().prefix()), indent + INDENT, number == 0);
        item.decor_mut().set_prefix(before);
        let after = raw(item.decor().suffix()).to_owned();
        // Without a comma behind it, what follows the last item is all that stands before the bracket.
        let ends = number == last && trailing.trim().is_empty();
        if ends && after.contains('\n') {
            trailing.clone_from(&after);
        }
        let keep = after.contains('#') && !ends;
        item.decor_mut().set_suffix(if keep { after } else { String::new() });
    }
    let closes_alone = trailing.contains('\n');
    array.set_trailing(within(&trailing, indent, true));
    array.set_trailing_comma(closes_alone && !array.is_empty());
}

/// What stands between two items of a tall list: a comment on the line before, comment lines, the indent.
fn within(between: &str, indent: usize, edge: bool) -> String {
    let Some((same_line, below)) = between.split_once('\n') else {
        return if edge { String::new() } else { " ".to_owned() };
    };
    let note = match same_line.trim() {
        "" => String::new(),
        comment => format!(" {comment}"),
    };
    format!("{note}\n{}{}", lines(below, indent), " ".repeat(indent))
}

fn inline(table: &mut InlineTable, indent: usize) {
    let last = table.len().saturating_sub(1);
    for (number, (mut key, item)) in table.iter_mut().enumerate() {
        value(item, indent);
        key.leaf_decor_mut().set_prefix(" ");
        key.leaf_decor_mut().set_suffix(" ");
        key.dotted_decor_mut().clear();
        item.decor_mut().set_prefix(" ");
        item.decor_mut().set_suffix(if number == last { " " } else { "" });
    }
    table.set_trailing("");
    table.set_trailing_comma(false);
}

#[cfg(test)]
mod tests;
