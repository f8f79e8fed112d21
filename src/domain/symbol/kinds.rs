//! Kinds of documents and their abbreviations, as data (domain §6.1, §6.5).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::domain::text::tone_key;

/// Administrative kinds of the State (Nghị định 30/2020/NĐ-CP, Phụ lục III) and the copies. Matched
/// byte for byte: only case parts `QyĐ`, `CTr`, `TTr` from others, only an accent `ĐA` from `DA`, `HĐ`
/// from `HD`.
const STATE: [(&str, &str); 30] = [
    ("Nghị quyết", "NQ"),
    ("Quyết định", "QĐ"),
    ("Chỉ thị", "CT"),
    ("Quy chế", "QC"),
    ("Quy định", "QyĐ"),
    ("Thông cáo", "TC"),
    ("Thông báo", "TB"),
    ("Hướng dẫn", "HD"),
    ("Chương trình", "CTr"),
    ("Kế hoạch", "KH"),
    ("Phương án", "PA"),
    ("Đề án", "ĐA"),
    ("Dự án", "DA"),
    ("Báo cáo", "BC"),
    ("Biên bản", "BB"),
    ("Tờ trình", "TTr"),
    ("Hợp đồng", "HĐ"),
    ("Công điện", "CĐ"),
    ("Bản ghi nhớ", "BGN"),
    ("Bản thoả thuận", "BTT"),
    ("Giấy uỷ quyền", "GUQ"),
    ("Giấy mời", "GM"),
    ("Giấy giới thiệu", "GGT"),
    ("Giấy nghỉ phép", "GNP"),
    ("Phiếu gửi", "PG"),
    ("Phiếu chuyển", "PC"),
    ("Phiếu báo", "PB"),
    ("Sao y", "SY"),
    ("Trích sao", "TrS"),
    ("Sao lục", "SL"),
];

/// Legal kinds, whose symbols carry the year. `TT` counts as a kind there only: without a year it is as
/// often the Inspectorate (Thanh tra) writing a công văn.
const LEGAL: [(&str, &str); 5] = [
    ("Nghị định", "NĐ"),
    ("Thông tư", "TT"),
    ("Thông tư liên tịch", "TTLT"),
    ("Nghị quyết liên tịch", "NQLT"),
    ("Pháp lệnh", "PL"),
];

/// Kinds only the Party writes (Hướng dẫn 05-HD/VPTW), beside those it shares with the State.
const PARTY: [(&str, &str); 3] = [("Kết luận", "KL"), ("Thông tri", "TT"), ("Công văn", "CV")];

/// Tone key of every kind's name → its abbreviation; of two, the first list's.
static CODES: LazyLock<BTreeMap<String, &str>> = LazyLock::new(|| {
    let kinds = STATE.iter().chain(&LEGAL).chain(&PARTY).rev();
    kinds.map(|(name, code)| (tone_key(name), *code)).collect()
});

/// Whether a token in front of a State body is a kind, not a body. `31/QĐ-TW`, `100/KL-TW` are Party
/// papers written the State's way, so Party kinds count too, save `TT`; `30/NĐ-CP` is a careless form of
/// `30/2020/NĐ-CP`.
pub(super) fn is_state_kind(token: &str, has_year: bool) -> bool {
    let known = |kinds: &[(&str, &str)]| kinds.iter().any(|(_, code)| *code == token);
    known(&STATE) || matches!(token, "KL" | "CV" | "NĐ") || (has_year && known(&LEGAL))
}

/// The abbreviation of a kind given by name, in any case, normal form and tone placement: `kế hoạch` →
/// `KH`; none where the lists know no abbreviation (`Thư công`).
///
/// Where State and Party differ the more telling one is given: `Quy định` → `QyĐ` (the Party's `QĐ`
/// would be a Quyết định), `Công văn` → `CV` (the State writes none).
pub fn kind_code(kind_name: &str) -> Option<&'static str> {
    CODES.get(&tone_key(kind_name)).copied()
}

/// What an abbreviation may stand for, as tone keys: `QĐ` is a Quyết định and, the Party's way, a Quy
/// định too (Hướng dẫn 05-HD/VPTW).
pub fn kind_names(code: &str) -> impl Iterator<Item = &'static str> {
    let party_rule = (code == "QĐ").then_some("QyĐ");
    let meant = move |own: &str| own == code || party_rule == Some(own);
    CODES.iter().filter(move |(_, own)| meant(own)).map(|(name, _)| name.as_str())
}
