//! Faults of units.toml.

use super::office::Office;

fn tells(old: &str, new: &str) -> String {
    Office::new().exchange("units.toml", old, new).tells()
}

macro_rules! broken {
    ($($name:ident: $old:expr => $new:expr;)*) => {
        $(#[test]
        fn $name() {
            insta::assert_snapshot!(tells($old, $new));
        })*
    };
}

broken! {
    duplicate_unit: "id = \"cb-dien-luc\"" => "id = \"cb-truong-hoc\"";
    unknown_parent_by_name: "parent = \"duk\"" => "parent = \"Dang uy Khoi\"";
    unknown_kind: "kind = \"base-cell\"" => "kind = \"base-cel\"";
    unknown_sector: "sector = \"enterprise\"" => "sector = \"Doanh nghiệp\"";
    unknown_key: "mailbox = \"cb-dien" => "mail_box = \"cb-dien";
    no_mailbox: "mailbox = \"cb-dien-luc@mau.example\"\n" => "";
    accented_address: "cb-dien-luc@mau" => "cb-điện-lực@mau";
    smuggled_header: "cb-dien-luc@mau.example" => "cb@mau.example\\r\\nBcc: kẻ-khác@mau.example";
    reversed_validity: "kind = \"committee\"\n\n[[unit]]" => "kind = \"committee\"\nfrom = 2026-03-01\nuntil = 2025-12-31\n\n[[unit]]";
    both_forms: "parent = \"duk\"" => "parent = \"duk\"\nparents = [{ unit = \"duk\", from = 2026-01-01 }]";
    date_of_another_type: "parent = \"duk\"" => "parent = \"duk\"\nfrom = 2026\nuntil = \"31/12/2026\"";
    missing_keys: "name = \"Chi bộ Điện lực\"\nkind = \"base-cell\"\n" => "";
    bad_code: "id = \"cb-dien-luc\"" => "id = \"CB Điện lực\"";
    unknown_office: "office = \"duk\"" => "office = \"dukk\"";
}

/// Mergers, splits and absences, appended to the small office.
fn tells_of(tables: &str) -> String {
    Office::new().append("units.toml", tables).tells()
}

macro_rules! reorganised {
    ($($name:ident: $tables:expr;)*) => {
        $(#[test]
        fn $name() {
            insta::assert_snapshot!(tells_of($tables));
        })*
    };
}

const CELL: &str = "kind = \"base-cell\"\nparent = \"duk\"\nmailbox = \"a@mau.example\"\n";

reorganised! {
    successor_without_a_last_day: &format!("[[unit]]\nid = \"cb-cu\"\nname = \"Chi bộ Cũ\"\n{CELL}successor = \"cb-dien-luc\"\n");
    successor_that_is_unknown: &format!("[[unit]]\nid = \"cb-cu\"\nname = \"Chi bộ Cũ\"\n{CELL}until = 2026-06-30\nsuccessor = \"Chi bộ Điện lực\"\n");
    split_without_an_heir: &format!("[[unit]]\nid = \"cb-cu\"\nname = \"Chi bộ Cũ\"\n{CELL}until = 2026-06-30\nsuccessors = [\"cb-dien-luc\", \"cb-truong-hoc\"]\n");
    heir_that_is_no_successor: &format!("[[unit]]\nid = \"cb-cu\"\nname = \"Chi bộ Cũ\"\n{CELL}until = 2026-06-30\nsuccessors = [\"cb-dien-luc\"]\nheir = \"cb-truong-hoc\"\n");
    successor_that_begins_too_late: &format!("[[unit]]\nid = \"cb-cu\"\nname = \"Chi bộ Cũ\"\n{CELL}until = 2026-06-30\nsuccessor = \"cb-moi\"\n\n[[unit]]\nid = \"cb-moi\"\nname = \"Chi bộ Mới\"\n{CELL}from = 2026-07-15\n");
    successor_that_is_no_cell: &format!("[[unit]]\nid = \"cb-cu\"\nname = \"Chi bộ Cũ\"\n{CELL}until = 2026-06-30\nsuccessor = \"duk\"\n");
    successions_in_a_circle: &format!("[[unit]]\nid = \"cb-cu\"\nname = \"Chi bộ Cũ\"\n{CELL}until = 2026-06-30\nsuccessor = \"cb-moi\"\n\n[[unit]]\nid = \"cb-moi\"\nname = \"Chi bộ Mới\"\n{CELL}until = 2026-09-30\nsuccessor = \"cb-cu\"\n");
    both_forms_of_successors: &format!("[[unit]]\nid = \"cb-cu\"\nname = \"Chi bộ Cũ\"\n{CELL}until = 2026-06-30\nsuccessor = \"cb-dien-luc\"\nsuccessors = [\"cb-truong-hoc\"]\n");
    absence_of_an_unknown_unit: "[[absence]]\nunit = \"cb-dien-luk\"\nfrom = 2026-08-03\nuntil = 2026-08-14\ndeputy = \"pho@mau.example\"\n";
    absence_of_a_strange_mailbox: "[[absence]]\nunit = \"cb-dien-luc\"\nmailbox = \"cb-dien-luk@mau.example\"\ndeputy = \"pho@mau.example\"\n";
    absence_with_a_post_nobody_has: "[[absence]]\nunit = \"cb-dien-luc\"\ndeputy = \"phó bí thư\"\n";
    absence_in_which_nobody_reads: "[[absence]]\nunit = \"cb-dien-luc\"\nperson = \"đồng chí Bí thư\"\nfrom = 2026-08-03\nuntil = 2026-08-14\n";
    absence_with_an_accented_deputy: "[[absence]]\nunit = \"cb-dien-luc\"\ndeputy = \"phó@mau.example\"\n";
}

#[test]
fn a_tree_that_is_too_deep_is_refused_once() {
    let unit = |level: usize| {
        let parent = if level == 0 { "duk".to_owned() } else { format!("u-{}", level - 1) };
        format!(
            "[[unit]]\nid = \"u-{level}\"\nname = \"Cấp {level}\"\nkind = \"committee\"\nparent = \"{parent}\"\n\n"
        )
    };
    let tables: String = (0..70).map(unit).collect();
    let told = Office::new().append("units.toml", &tables).tells();
    assert_eq!(told.matches("VT134").count(), 1, "{told}");
}

/// A deputy by post reads in place of the secretary; outside the absence nothing changes.
#[test]
fn absences_are_read() {
    let office = Office::new().append(
        "units.toml",
        r#"[[unit]]
id = "cb-moi"
name = "Chi bộ Mới"
kind = "base-cell"
parent = "duk"
mailboxes = [{ address = "a@mau.example", post = "secretary" }, { address = "b@mau.example", post = "deputy" }]

[[absence]]
unit = "cb-moi"
mailbox = "a@mau.example"
person = "đồng chí Bí thư"
from = 2026-08-03
until = 2026-08-14
deputy = "deputy"
"#,
    );
    let loaded = office.load().unwrap();
    let unit = loaded.office.units.get(&"cb-moi".into()).unwrap();
    let to = |day: &str| {
        let recipients = unit.recipients_on(day.parse().unwrap());
        recipients.iter().map(|one| (one.address.to_owned(), one.instead.is_some())).collect::<Vec<_>>()
    };
    assert_eq!(to("2026-08-02"), [("a@mau.example".to_owned(), false)]);
    assert_eq!(to("2026-08-03"), [("b@mau.example".to_owned(), true)]);
    assert_eq!(to("2026-08-15"), [("a@mau.example".to_owned(), false)]);
}

#[test]
fn a_circle_is_told_with_its_day() {
    let office = Office::new().append(
        "units.toml",
        "[[unit]]\nid = \"a\"\nname = \"A\"\nkind = \"committee\"\nparents = [{ unit = \"b\", from = 2026-03-01 }]\n\n\
         [[unit]]\nid = \"b\"\nname = \"B\"\nkind = \"committee\"\nparent = \"a\"\n",
    );
    insta::assert_snapshot!(office.tells());
}

/// A unit's sector is its parent's unless it has its own; names and parents change on their day.
#[test]
fn dated_units_are_read() {
    let office = Office::new().append(
        "units.toml",
        r#"[[unit]]
id = "cb-moi"
names = [{ name = "Chi bộ Cũ", until = 2025-06-30 }, { name = "Chi bộ Mới", from = 2025-07-01 }]
kind = "base-cell"
parents = [{ unit = "duk", until = 2025-06-30 }, { unit = "cb-dien-luc", from = 2025-07-01 }]
mailboxes = [{ address = "b@mau.example", post = "deputy" }, { address = "a@mau.example", order = 0 }]
"#,
    );
    let loaded = office.load().unwrap();
    let unit = loaded.office.units.get(&"cb-moi".into()).unwrap();
    let day = |text: &str| text.parse().unwrap();
    assert_eq!(unit.sector.as_deref(), Some("enterprise"));
    assert_eq!(unit.name_on(day("2025-01-01")), "Chi bộ Cũ");
    assert_eq!(unit.name_on(day("2026-01-01")), "Chi bộ Mới");
    assert_eq!(unit.parent_on(day("2025-01-01")).map(|id| id.as_str()), Some("duk"));
    let posts: Vec<_> =
        unit.mailboxes_on(day("2026-01-01")).iter().map(|mailbox| mailbox.post.clone()).collect();
    assert_eq!(posts, ["secretary", "deputy"]);
}
