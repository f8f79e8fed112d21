//! An import into the text of units.toml: values change where they stand, new units come last, comments
//! and order stay.

use chrono::NaiveDate;
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value as Toml, value};

use super::heading::Column;
use super::plan::{Change, Edit, Plan};
use super::value::Value;

/// Why the file cannot be changed in place.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// It is no TOML any more.
    #[error("tệp tổ chức đã hỏng trong lúc nhập: {0}")]
    Syntax(#[from] toml_edit::TomlError),
    /// Units are written in another form.
    #[error("các tổ chức phải được viết thành từng bảng [[unit]] mới sửa được bằng lệnh này")]
    Form,
    /// A day outside the range of TOML.
    #[error("ngày {0} không viết được vào tệp")]
    Day(NaiveDate),
}

/// The text of units.toml after the plan.
///
/// # Errors
/// [`WriteError`]; nothing of the plan is lost, because nothing was written.
pub fn apply(text: &str, plan: &Plan) -> Result<String, WriteError> {
    let mut document: DocumentMut = text.parse()?;
    let units = document.entry("unit").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let units = units.as_array_of_tables_mut().ok_or(WriteError::Form)?;
    for table in units.iter_mut() {
        let id = table.get("id").and_then(Item::as_str).map(str::to_owned).unwrap_or_default();
        for change in plan.changed.iter().filter(|change| change.id == id) {
            change.edits.iter().try_for_each(|edit| put(table, edit, plan.as_of))?;
        }
        for missing in plan.missing.iter().filter(|missing| missing.id == id) {
            if let Some(until) = missing.until {
                set(table, "until", day(until)?);
            }
        }
    }
    for change in &plan.added {
        units.push(added(change)?);
    }
    Ok(document.to_string())
}

fn added(change: &Change) -> Result<Table, WriteError> {
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    table.insert("id", value(change.id.as_str()));
    change.edits.iter().try_for_each(|edit| put(&mut table, edit, None))?;
    Ok(table)
}

fn put(table: &mut Table, edit: &Edit, as_of: Option<NaiveDate>) -> Result<(), WriteError> {
    let text = |text: &Option<String>| text.clone().map(Toml::from);
    match (edit.column, &edit.new) {
        (Column::Name, Value::Text(Some(new))) => dated(table, ("name", "names", "name"), edit, new, as_of),
        (Column::Parent, Value::Text(Some(new))) => {
            dated(table, ("parent", "parents", "unit"), edit, new, as_of)
        }
        (Column::Mailbox, Value::List(addresses)) => {
            mailboxes(table, addresses);
            Ok(())
        }
        (Column::Successors, Value::List(codes)) => {
            successors(table, codes);
            Ok(())
        }
        (column, Value::Text(new)) => {
            set_or_remove(table, key(column), text(new));
            Ok(())
        }
        (column, Value::Day(new)) => {
            set_or_remove(table, key(column), new.map(day).transpose()?);
            Ok(())
        }
        (column, Value::List(list)) => {
            set_or_remove(table, key(column), (!list.is_empty()).then(|| Toml::Array(array(list))));
            Ok(())
        }
    }
}

/// The key that holds a column.
fn key(column: Column) -> &'static str {
    match column {
        Column::Number | Column::Id => "id",
        Column::Name => "name",
        Column::Kind => "kind",
        Column::Sector => "sector",
        Column::Parent => "parent",
        Column::Aliases => "aliases",
        Column::Secretary => "secretary",
        Column::Mailbox => "mailbox",
        Column::Phone => "phone",
        Column::From => "from",
        Column::Until => "until",
        Column::Successors => "successors",
        Column::Note => "note",
    }
}

fn day(day: NaiveDate) -> Result<Toml, WriteError> {
    let date: toml_edit::Datetime = day.to_string().parse().map_err(|_| WriteError::Day(day))?;
    Ok(Toml::from(date))
}

fn array(texts: &[String]) -> Array {
    texts.iter().map(String::as_str).collect()
}

/// Sets a value; what stood around the old one, comments included, stays.
fn set(table: &mut Table, key: &str, mut new: Toml) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        None => {
            table.insert(key, Item::Value(new));
        }
    }
}

fn set_or_remove(table: &mut Table, key: &str, new: Option<Toml>) {
    match new {
        Some(new) => set(table, key, new),
        None => {
            table.remove(key);
        }
    }
}

/// Sets a value under another key than before; the comments above the old key go along.
fn rename(table: &mut Table, from: &str, to: &str, new: Toml) {
    let above = table.key(from).map(|key| key.leaf_decor().clone());
    let around = table.get(from).and_then(Item::as_value).map(|old| old.decor().clone());
    table.remove(from);
    let mut new = new;
    if let Some(around) = around {
        *new.decor_mut() = around;
    }
    table.insert(to, Item::Value(new));
    if let (Some(above), Some(mut key)) = (above, table.key_mut(to)) {
        *key.leaf_decor_mut() = above;
    }
}

/// A value with dates: corrected in place, or ended and followed by the new one.
fn dated(
    table: &mut Table,
    (short, long, inner): (&str, &str, &str),
    edit: &Edit,
    new: &str,
    as_of: Option<NaiveDate>,
) -> Result<(), WriteError> {
    let Some(from) = as_of.filter(|_| !edit.old.is_empty()) else {
        correct(table, (short, long, inner), new);
        return Ok(());
    };
    let mut next = InlineTable::new();
    next.insert(inner, Toml::from(new));
    next.insert("from", day(from)?);
    let last = day(from.pred_opt().ok_or(WriteError::Day(from))?)?;
    if let Some(list) = table.get_mut(long).and_then(Item::as_array_mut) {
        let newest =
            list.len().checked_sub(1).and_then(|at| list.get_mut(at)).and_then(Toml::as_inline_table_mut);
        newest.into_iter().for_each(|entry| {
            entry.insert("until", last.clone());
        });
        list.push(Toml::InlineTable(next));
        return Ok(());
    }
    let old = table.get(short).and_then(Item::as_str).ok_or(WriteError::Form)?.to_owned();
    let mut former = InlineTable::new();
    former.insert(inner, Toml::from(old));
    former.insert("until", last);
    let list: Array = [Toml::InlineTable(former), Toml::InlineTable(next)].into_iter().collect();
    rename(table, short, long, Toml::Array(list));
    Ok(())
}

/// A correction: the one value there is becomes another, in whichever form it is written.
fn correct(table: &mut Table, (short, long, inner): (&str, &str, &str), new: &str) {
    let entry = table.get_mut(long).and_then(Item::as_array_mut).and_then(|list| list.get_mut(0));
    match entry.and_then(Toml::as_inline_table_mut) {
        Some(entry) => {
            entry.insert(inner, Toml::from(new));
        }
        None => set(table, short, Toml::from(new)),
    }
}

/// One address stays a plain `mailbox`; of several, those that are known keep their post and dates.
fn mailboxes(table: &mut Table, addresses: &[String]) {
    let known = table.get("mailboxes").and_then(Item::as_array).cloned();
    if known.is_none() {
        if let [only] = addresses {
            return set(table, "mailbox", Toml::from(only.as_str()));
        }
        let list: Array =
            addresses.iter().zip(0_usize..).map(|(address, at)| Toml::from(fresh(address, at))).collect();
        return match (table.contains_key("mailbox"), list.is_empty()) {
            (_, true) => drop(table.remove("mailbox")),
            (true, false) => rename(table, "mailbox", "mailboxes", Toml::Array(list)),
            (false, false) => set(table, "mailboxes", Toml::Array(list)),
        };
    }
    let known: Vec<InlineTable> = known.iter().flatten().filter_map(Toml::as_inline_table).cloned().collect();
    let address = |entry: &InlineTable| entry.get("address").and_then(Toml::as_str).map(str::to_owned);
    let is_dated = |entry: &&InlineTable| entry.contains_key("until");
    let mut list: Vec<InlineTable> = known.iter().filter(is_dated).cloned().collect();
    for (wanted, at) in addresses.iter().zip(0_usize..) {
        let own = known
            .iter()
            .find(|entry| address(entry).as_ref() == Some(wanted) && !entry.contains_key("until"));
        list.push(own.cloned().unwrap_or_else(|| fresh(wanted, at)));
    }
    // Places in the list are the order in which addresses are tried; written orders would contradict.
    for entry in &mut list {
        entry.remove("order");
    }
    let list: Array = list.into_iter().map(Toml::InlineTable).collect();
    set_or_remove(table, "mailboxes", (!list.is_empty()).then_some(Toml::Array(list)));
}

fn fresh(address: &str, at: usize) -> InlineTable {
    let mut entry = InlineTable::new();
    entry.insert("address", Toml::from(address));
    entry.insert("post", Toml::from(if at == 0 { "secretary" } else { "deputy" }));
    entry
}

fn successors(table: &mut Table, codes: &[String]) {
    table.remove(if codes.len() == 1 { "successors" } else { "successor" });
    match codes {
        [] => set_or_remove(table, "successors", None),
        [only] => set(table, "successor", Toml::from(only.as_str())),
        several => set(table, "successors", Toml::Array(array(several))),
    }
}
