//! Vietnamese typed before Unicode: TCVN3 (fonts `.VnTime`), VNI (`VNI-Times`), Windows-1258. Such text
//! is still copied out of old documents; it looks right in its own font only and matches nothing
//! (experience R4.18). Tables: TCVN 5712:1993 VN3; VNI-Windows as the fonts lay it out.

use unicode_normalization::UnicodeNormalization as _;

/// An old way to write Vietnamese in one byte a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodePage {
    /// TCVN 5712 VN3, the fonts `.VnTime` and `.VnArial`.
    Tcvn3,
    /// VNI-Windows, the fonts `VNI-Times`.
    Vni,
    /// Windows-1258, the system's own code page in Vietnam.
    Windows1258,
}

impl CodePage {
    /// What people know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tcvn3 => "TCVN3",
            Self::Vni => "VNI",
            Self::Windows1258 => "Windows-1258",
        }
    }
}

/// TCVN3 letters from 0xA1 on; `\0` where the page has none.
const TCVN3: &str = "ĂÂÊÔƠƯĐăâêôơưđ\0\0\0\0\0\0àảãáạ\0ằẳẵắ\0\0\0\0\0\0\0ặầẩẫấậè\0ẻẽéẹềểễếệìỉ\0\0\0ĩíịò\0ỏõóọồổỗốộờởỡớợù\0ủũúụừửữứựỳỷỹýỵ";
/// First code of [`TCVN3`].
const TCVN3_FIRST: u32 = 0xa1;
/// VNI marks behind a vowel, as the combining marks they stand for.
const VNI_MARKS: [(char, &str); 17] = [
    ('ù', "\u{301}"),
    ('ø', "\u{300}"),
    ('û', "\u{309}"),
    ('õ', "\u{303}"),
    ('ï', "\u{323}"),
    ('â', "\u{302}"),
    ('á', "\u{302}\u{301}"),
    ('à', "\u{302}\u{300}"),
    ('å', "\u{302}\u{309}"),
    ('ã', "\u{302}\u{303}"),
    ('ä', "\u{323}\u{302}"),
    ('ê', "\u{306}"),
    ('é', "\u{306}\u{301}"),
    ('è', "\u{306}\u{300}"),
    ('ú', "\u{306}\u{309}"),
    ('ü', "\u{306}\u{303}"),
    ('ë', "\u{323}\u{306}"),
];
/// VNI letters that stand alone.
const VNI_LETTERS: [(char, char); 12] = [
    ('ñ', 'đ'),
    ('Ñ', 'Đ'),
    ('ô', 'ơ'),
    ('Ô', 'Ơ'),
    ('ö', 'ư'),
    ('Ö', 'Ư'),
    ('î', 'ỵ'),
    ('í', 'í'),
    ('ì', 'ì'),
    ('æ', 'ỉ'),
    ('ó', 'ĩ'),
    ('ò', 'ị'),
];
/// Signs that Vietnamese in Unicode never has and VNI has in most words.
const VNI_SIGNS: &str = "øûïåäüëöñæ";
/// Vowels, plain and hatted, after which Windows-1258 sets a tone of its own.
const VOWELS_1258: &str = "aeiouyAEIOUYâêôãõýÂÊÔÃÕÝ";
/// The tones of Windows-1258, as the Latin letters that stand at their codes.
const TONES_1258: &str = "ÌÒÞìò";

/// The code page of a text and the text in Unicode, where it is surely not Unicode Vietnamese.
pub fn suspect(text: &str) -> Option<(CodePage, String)> {
    if text.is_ascii() || text.chars().any(is_vietnamese) {
        return None;
    }
    if tcvn3_signs(text) >= 2 || text.chars().zip(text.chars().skip(1)).any(|(c, next)| hats(c, next)) {
        return Some((CodePage::Tcvn3, from_tcvn3(text)));
    }
    (vni_signs(text) >= 2).then(|| (CodePage::Vni, from_vni(text)))
}

/// The code page that bytes, which are not UTF-8, most look like.
pub fn guess(bytes: &[u8]) -> Option<CodePage> {
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let scores = [
        (tcvn3_signs(&text), CodePage::Tcvn3),
        (vni_signs(&text), CodePage::Vni),
        (tones_1258(&text), CodePage::Windows1258),
    ];
    scores.into_iter().filter(|(score, _)| *score > 0).max_by_key(|(score, _)| *score).map(|(_, page)| page)
}

/// A letter that only Unicode has: it cannot stand in a text of an old code page.
fn is_vietnamese(c: char) -> bool {
    matches!(c, '\u{102}' | '\u{103}' | '\u{110}' | '\u{111}' | '\u{128}' | '\u{129}' | '\u{168}' | '\u{169}'
        | '\u{1a0}' | '\u{1a1}' | '\u{1af}' | '\u{1b0}' | '\u{300}'..='\u{323}' | '\u{1ea0}'..='\u{1ef9}')
}

/// A TCVN3 hat letter beside a plain letter (`nh©n`), or đ at the head of a word (`®Ò`, `§¶ng`).
fn hats(c: char, next: char) -> bool {
    let hat = |c: char| matches!(c, '\u{a8}'..='\u{ac}' | '\u{ae}');
    (c.is_ascii_lowercase() && hat(next))
        || (matches!(c, '®' | '§') && (next.is_alphabetic() || is_sign(next)))
}

fn is_sign(c: char) -> bool {
    matches!(c, '\u{a8}'..='\u{ae}' | '\u{b5}'..='\u{b9}' | '\u{bb}'..='\u{be}')
}

/// Signs behind a letter that are punctuation in every other reading.
fn tcvn3_signs(text: &str) -> usize {
    let pairs = text.chars().zip(text.chars().skip(1));
    pairs.filter(|(before, c)| before.is_ascii_alphabetic() && is_sign(*c)).count()
}

fn vni_signs(text: &str) -> usize {
    let pairs = text.chars().zip(text.chars().skip(1));
    let signs = pairs.filter(|(before, c)| {
        before.is_alphabetic() && VNI_SIGNS.contains(c.to_lowercase().next().unwrap_or(*c))
    });
    signs.count() + usize::from(text.contains('ñ'))
}

fn tones_1258(text: &str) -> usize {
    let pairs = text.chars().zip(text.chars().skip(1));
    pairs.filter(|(before, c)| VOWELS_1258.contains(*before) && TONES_1258.contains(*c)).count()
}

fn from_tcvn3(text: &str) -> String {
    let letter = |c: char| {
        let at = u32::from(c).checked_sub(TCVN3_FIRST).and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| TCVN3.chars().nth(at)).filter(|found| *found != '\0').unwrap_or(c)
    };
    text.chars().map(letter).collect()
}

fn from_vni(text: &str) -> String {
    let mut plain = String::new();
    let mut before = ' ';
    for c in text.chars() {
        let lower = c.to_lowercase().next().unwrap_or(c);
        let mark = VNI_MARKS.iter().find(|(sign, _)| *sign == lower && "aeouyôö".contains(before));
        match mark {
            Some((_, marks)) => plain.push_str(marks),
            None => {
                plain.push(VNI_LETTERS.iter().find(|(sign, _)| *sign == c).map_or(c, |(_, letter)| *letter));
            }
        }
        before = lower;
    }
    plain.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_text_is_read() {
        let cases = [
            ("Uû ban nh©n d©n", CodePage::Tcvn3, "Uỷ ban nhân dân"),
            ("Sinh ho¹t chuyªn ®Ò", CodePage::Tcvn3, "Sinh hoạt chuyên đề"),
            ("§¶ng uû Khèi", CodePage::Tcvn3, "Đảng uỷ Khối"),
            ("Sinh hoaït chuyeân ñeà", CodePage::Vni, "Sinh hoạt chuyên đề"),
            ("Ñaûng boä", CodePage::Vni, "Đảng bộ"),
        ];
        for (old, page, text) in cases {
            assert_eq!(suspect(old), Some((page, text.to_owned())), "{old}");
        }
    }

    #[test]
    fn other_text_is_left_alone() {
        for fine in [
            "Sinh hoạt chuyên đề",
            "Hoà giải cơ sở",
            "báo cáo",
            "© 2026",
            "5 µm",
            "m²",
            "Zürich",
            "cà phê",
            "là",
            "",
        ] {
            assert_eq!(suspect(fine), None, "{fine}");
        }
    }

    #[test]
    fn bytes_are_told_apart() {
        let bytes =
            |text: &str| text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<_>>();
        assert_eq!(guess(&bytes("Sinh ho¹t chuyªn ®Ò")), Some(CodePage::Tcvn3));
        assert_eq!(guess(&bytes("Sinh hoaït chuyeân ñeà")), Some(CodePage::Vni));
        assert_eq!(guess(b"Sinh ho\x61\xf2t chuy\xean \xf0\xea\xcc"), Some(CodePage::Windows1258));
        assert_eq!(guess(&[0xe9]), None);
    }
}
