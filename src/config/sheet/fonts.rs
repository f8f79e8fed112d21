//! Old Vietnamese code pages. Text typed with a TCVN3 or VNI font is other letters under another font;
//! stored as it is, every name would be gibberish in mails. It is refused column by column, because
//! sheets are pasted together.

use super::Sheet;
use crate::config::code::Code;
use crate::config::diagnostic::Diagnostic;

/// Letters of Latin-1 that TCVN3 fonts show as Vietnamese ones and that Vietnamese never has: the
/// places of ă â ê ô ơ ư đ and of the toned vowels (TCVN 5712:1993, VN3).
const TCVN3: &str = "¨©ª«¬\u{ad}®µ¶·¸¹»¼½¾ÆÇËÎÏÑÖ×ØÜÞßäåæçëîïñöøûü§¡¢£¤¥¦";
/// What VNI fonts write behind a vowel for its tone or mark: `aû` is ả, `oä` is ộ.
const VNI_MARKS: &str = "ûÛøØïÏäÄåÅæÆëË";
/// Vowels before such a mark.
const VOWELS: &str = "aeiouyAEIOUYôöâêÔÖÂÊ";

/// Whether a word is written with VNI marks, or begins with its Đ.
fn is_vni(word: &str) -> bool {
    let pairs = word.chars().zip(word.chars().skip(1));
    word.starts_with(['Ñ', 'ñ'])
        || pairs.into_iter().any(|(v, m)| VOWELS.contains(v) && VNI_MARKS.contains(m))
}

/// Letters that only Unicode Vietnamese has.
fn is_vietnamese(c: char) -> bool {
    matches!(
        c,
        'ă' | 'Ă' | 'đ' | 'Đ' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | 'ĩ' | 'Ĩ' | 'ũ' | 'Ũ' | '\u{1ea0}'..='\u{1ef9}'
    )
}

/// Words of a column by how they are written.
#[derive(Default)]
struct Count {
    vietnamese: usize,
    tcvn3: usize,
    vni: usize,
    first: Option<(usize, String)>,
}

/// Refuses a sheet of which a column is written in an old code page.
pub(super) fn check(sheet: &Sheet) -> Result<(), Diagnostic> {
    let width = sheet.rows.iter().map(Vec::len).max().unwrap_or_default();
    for column in 0..width {
        let mut count = Count::default();
        for row in 0..sheet.rows.len() {
            count.cell(row, sheet.cell(row, column));
        }
        let old = count.tcvn3 + count.vni;
        if let Some((row, word)) = count.first.filter(|_| old >= 2 && old > count.vietnamese) {
            let page = if count.vni > count.tcvn3 { "VNI" } else { "TCVN3 (.VnTime)" };
            let finding = Diagnostic::new(Code::OldFont, sheet.at(row, column));
            return Err(finding.with(page).with(word));
        }
    }
    Ok(())
}

impl Count {
    fn cell(&mut self, row: usize, text: &str) {
        for word in text.split_whitespace() {
            let (vni, tcvn3) = (is_vni(word), word.chars().any(|c| TCVN3.contains(c)));
            let spelt = word.chars().any(|c| c.is_ascii_alphabetic());
            if word.chars().any(is_vietnamese) {
                self.vietnamese += 1;
            } else if spelt && (vni || tcvn3) {
                self.tcvn3 += usize::from(!vni);
                self.vni += usize::from(vni);
                self.first.get_or_insert_with(|| (row, text.to_owned()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(texts: &[&str]) -> Option<String> {
        let rows = texts.iter().map(|text| vec![(*text).to_owned()]).collect();
        let sheet = Sheet { file: "a.xlsx".to_owned(), name: "T".to_owned(), rows };
        check(&sheet).err().map(|finding| finding.title(crate::config::settings::Language::Vi))
    }

    #[test]
    fn old_code_pages_are_told_apart_and_unicode_passes() {
        let told = page(&["Tªn tæ chøc", "Chi bé Së Néi vô", "§¶ng bé Së Y tÕ"]).unwrap();
        assert!(told.contains("TCVN3"), "{told}");
        let told = page(&["Teân toå chöùc", "Ñaûng uûy Khoái", "Chi boä Vaên phoøng"]).unwrap();
        assert!(told.contains("VNI"), "{told}");
        assert_eq!(page(&["Chi bộ Công ty Dürr", "Đảng uỷ Khối", "Chi bộ Müller"]), None);
        assert_eq!(page(&["Chi bo khong dau", "cb-1", "a@mau.example"]), None);
    }
}
