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
