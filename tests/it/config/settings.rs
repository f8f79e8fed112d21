//! Faults of vanthu.toml, its drop-ins and the environment; and where effective values come from.

use secrecy::ExposeSecret as _;
use vanthu::config::settings::{SourceSettings, Transport};

use super::office::Office;

fn tells(old: &str, new: &str) -> String {
    Office::new().exchange("vanthu.toml", old, new).tells()
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
    unknown_key: "list_id = " => "reply-to = \"a@mau.example\"\nlist_id = ";
    unknown_table: "[office]" => "[offices]\nx = 1\n\n[office]";
    missing_keys: "from = \"Văn thư <vanthu@mau.example>\"\nlist_id = \"chi-dao.mau.example\"\n" => "";
    missing_section: "[office]\nname = \"Văn phòng Đảng uỷ\"\n" => "";
    wrong_section: "[office]\nname = \"Văn phòng Đảng uỷ\"\n" => "office = \"Văn phòng Đảng uỷ\"\n";
    unknown_transport: "type = \"smtp\"" => "type = \"smpt\"";
    missing_transport_type: "type = \"smtp\"\n" => "";
    key_of_another_transport: "type = \"smtp\"" => "type = \"file\"";
    bad_duration: "list_id = " => "waits = [\"5 phút\", \"1h\"]\nlist_id = ";
    bad_listen_address: "public_url" => "listen = \"localhost\"\ntrusted_proxies = [\"proxy\"]\npublic_url";
    bare_secret: "password = { credential = \"ioffice\" }" => "password = \"hunter2\"";
    bare_secret_in_a_list: "secret = { credential = \"link-key\" }" => "secret = \"0123456789abcdef0123456789abcdef\"";
    two_places_of_a_secret: "{ credential = \"ioffice\" }" => "{ credential = \"ioffice\", file = \"x\" }";
    secret_that_is_not_there: "{ credential = \"ioffice\" }" => "{ credential = \"iofice\" }";
    secret_outside_the_folder: "{ credential = \"ioffice\" }" => "{ credential = \"../ioffice\" }";
    short_link_key: "{ credential = \"link-key\" }" => "{ credential = \"ioffice\" }";
    doubled_link_key: "link_keys = [" => "link_keys = [{ id = \"k1\", secret = { credential = \"link-key\" } }, { id = \"K 2\", secret = { credential = \"link-key\" } }, ";
    no_web_address: "https://vanthu.mau.example" => "vanthu.mau.example";
    bad_sender: "Văn thư <vanthu@mau.example>" => "Văn thư <văn-thư@mau.example>";
    plain_to_a_stranger: "tls = \"implicit\"" => "tls = \"plain\"";
    half_a_login: "tls = \"implicit\"" => "tls = \"implicit\"\nusername = \"vanthu\"";
    too_many_sessions: "tls = \"implicit\"" => "tls = \"implicit\"\nsessions = 65\ncommand_timeout = \"20m\"";
    bad_schedule: "username = \"vanthu\"" => "username = \"vanthu\"\npoll = \"0 0 7 * * 1-5\"";
    unknown_list: "username = \"vanthu\"" => "username = \"vanthu\"\nlists = [\"waiting\", \"outdated\"]";
    unknown_field_of_a_tenant: "username = \"vanthu\"" => "username = \"vanthu\"\nfields = { symbol = [\"so_kyhieu\"], subjekt = [\"trich_yeu\"] }";
    field_with_two_meanings: "username = \"vanthu\"" => "username = \"vanthu\"\nfields = { due = [\"han_xuly\"], issued = [\"ngay\", \"HAN_XULY\", \" \"] }";
    unknown_word_for_directives: "username = \"vanthu\"" => "username = \"vanthu\"\ndirectives = \"recieved\"";
    compare_of_half_a_day: "username = \"vanthu\"" => "username = \"vanthu\"\ncompare = \"12h\"";
    directives_that_are_all_withheld: "username = \"vanthu\"" => "username = \"vanthu\"\ndirectives = \"both\"";
    no_waits: "list_id = " => "waits = []\nlist_id = ";
}

/// A folder cannot be told anything, which is not the same as a key that is misspelt.
#[test]
fn statuses_of_a_folder() {
    let folder = "[[source]]\ntype = \"folder\"\nid = \"thu-muc\"\npath = \"/khong-co\"\nstatuses = [\"01\"]\nstatuses_by = \"comment\"\n";
    insta::assert_snapshot!(Office::new().append("vanthu.toml", folder).tells());
}

#[test]
fn sources_of_one_code() {
    let second = "[[source]]\ntype = \"ioffice\"\nid = \"ioffice\"\nurl = \"https://x.mau.example\"\nusername = \"v\"\npassword = { credential = \"ioffice\" }\n";
    insta::assert_snapshot!(Office::new().append("vanthu.toml", second).tells());
}

#[test]
fn everything_at_once() {
    let office = Office::new()
        .exchange("vanthu.toml", "port = 465", "port = 70000")
        .exchange("vanthu.toml", "host = \"mail.mau.example\"", "host = 3")
        .exchange("vanthu.toml", "id = \"ioffice\"\nurl", "urll")
        .exchange(
            "vanthu.toml",
            "[web]",
            "[log]\nfilter = 1\nformat = \"xml\"\n\n[web]\nlisten = \"127.0.0.1:8080\"",
        );
    insta::assert_snapshot!(office.tells());
}

#[test]
fn english_is_as_complete() {
    let office = Office::new().exchange("vanthu.toml", "port = 465", "port = \"465\"").exchange(
        "vanthu.toml",
        "public_url",
        "publik_url",
    );
    insta::assert_snapshot!(office.tells_in_english());
}

/// A drop-in's fault is told in the drop-in, also where a table is spread over files.
#[test]
fn faults_stand_where_they_were_written() {
    let office = Office::new()
        .with("vanthu.toml.d/10-thu.toml", "[mail.transport]\nport = 70000\n")
        .with("vanthu.toml.d/20-web.toml", "[web]\nlink_life = \"nửa năm\"\n")
        .with("vanthu.toml.d/30.toml~", "[[[");
    insta::assert_snapshot!(office.tells());
}

#[test]
fn variables_are_told_by_name() {
    let office = Office::new()
        .env("VANTHU_MAIL__TRANSPORT__PORT", "bảy")
        .env("VANTHU_MAIL__TRANSPORT__HOTS", "x")
        .env("VANTHU_LOG__FILTRE", "debug")
        .env("VANTHU_NOSUCH__KEY", "1")
        .env("VANTHU_LOG_FILTER", "debug")
        .env("VANTHU_CONFIG", "/etc/vanthu")
        .env("HOME", "/");
    insta::assert_snapshot!(office.tells());
}

/// Variables are read as the type that is wanted, and win over files.
#[test]
fn variables_override_files() {
    let office = Office::new()
        .with("vanthu.toml.d/10.toml", "[mail.transport]\nport = 25\nsessions = 2\n")
        .env("VANTHU_MAIL__TRANSPORT__PORT", "2525")
        .env("VANTHU_MAIL__SHOW_SUBJECT", "false")
        .env("VANTHU_MAIL__STOP_WORDS", "mật, riêng")
        .env("VANTHU_OFFICE__PHONE", "0200000000");
    let loaded = office.load().unwrap_or_else(|report| panic!("{report}"));
    let Transport::Smtp(smtp) = &loaded.settings.mail.transport else { panic!("smtp") };
    assert_eq!((smtp.port, smtp.sessions), (2525, 2));
    assert!(!loaded.settings.mail.show_subject);
    assert_eq!(loaded.settings.mail.stop_words, ["mật", "riêng"]);
    assert_eq!(loaded.settings.office.phone.as_deref(), Some("0200000000"));
}

#[test]
fn secrets_are_filled_in_and_paths_resolved() {
    let office = Office::new()
        .exchange(
            "vanthu.toml",
            "password = { credential = \"ioffice\" }",
            "password = { env = \"VANTHU_IOFFICE\" }\nca_file = \"ca.pem\"",
        )
        .exchange("vanthu.toml", "{ credential = \"link-key\" }", "{ file = \"credentials/link-key\" }")
        .env("VANTHU_IOFFICE", "bí mật");
    let loaded = office.load().unwrap_or_else(|report| panic!("{report}"));
    let SourceSettings::Ioffice(source) = &loaded.settings.sources[0] else { panic!("another source") };
    assert_eq!(source.password.value.expose_secret(), "bí mật");
    assert_eq!(source.ca_file.as_deref(), Some(&*office.root().join("ca.pem")));
    assert_eq!(loaded.settings.store.path, office.root().join("vanthu.db"));
    assert_eq!(loaded.settings.store.files(), office.root().join("files"), "beside the register unless set");
    assert_eq!(
        loaded.settings.web.link_keys[0].secret.value.expose_secret(),
        "0123456789abcdef0123456789abcdef"
    );
    insta::assert_snapshot!(office.tells());
}

#[test]
fn the_folder_of_files_may_be_elsewhere() {
    let office =
        Office::new().with("vanthu.toml.d/10.toml", "[store]\npath = \"so/vanthu.db\"\nfiles = \"kho\"\n");
    let loaded = office.load().unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(loaded.settings.store.files(), office.root().join("kho"));
    let office = Office::new().with("vanthu.toml.d/10.toml", "[store]\npath = \"so/vanthu.db\"\n");
    let loaded = office.load().unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(loaded.settings.store.files(), office.root().join("so/files"));
}

#[test]
fn effective_settings_show_their_origin() {
    let office = Office::new()
        .with("vanthu.toml.d/10.toml", "[mail.transport]\nport = 25\n")
        .env("VANTHU_LOG__FILTER", "debug");
    let shown = office.load().unwrap().shown;
    let root = office.root().display().to_string();
    let lines = shown.iter().map(|shown| format!("{} = {}  # {}", shown.key, shown.value, shown.origin));
    let text = lines.collect::<Vec<_>>().join("\n").replace(&root, "ROOT");
    assert!(!text.contains("mat-khau"), "a secret is shown");
    insta::assert_snapshot!(text);
}
