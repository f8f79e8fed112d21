//! A rule that is not in any file yet: from answers to TOML.

use toml_edit::Value;

use super::fields::is_code;
use crate::domain::symbol::kind_code;
use crate::domain::text::bare_key;

/// Longest code that is made from a name.
const CODE_LENGTH: usize = 40;

/// What somebody wants of a rule, in the words of TOML. Lists that are empty are not written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// `id`
    pub id: String,
    /// `name`
    pub name: String,
    /// `when`
    pub when: Conditions,
    /// `to`, or why nobody.
    pub aim: Aim,
    /// `role`
    pub role: Option<String>,
    /// `owes`
    pub owes: Vec<String>,
    /// `acknowledge_within`, in working days.
    pub within: Option<u16>,
    /// `due`
    pub due: Option<String>,
    /// `ladder`
    pub ladder: Option<String>,
    /// `from` and `until`, as dates of TOML.
    pub valid: (Option<String>, Option<String>),
    /// `final`
    pub is_final: bool,
}

/// `when`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conditions {
    /// `issuer`
    pub issuer: Vec<String>,
    /// `kind`
    pub kind: Vec<String>,
    /// `text_any`
    pub text_any: Vec<String>,
    /// `urgency`
    pub urgency: Vec<String>,
}

impl Conditions {
    /// Whether every document would meet them.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Whom a rule is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aim {
    /// `to`
    To {
        /// `kind`
        kind: Vec<String>,
        /// `sector`
        sector: Vec<String>,
        /// `subtree`
        subtree: Vec<String>,
        /// `units`
        units: Vec<String>,
        /// `except`
        except: Vec<String>,
    },
    /// `nobody`
    Nobody(String),
}

impl Default for Aim {
    fn default() -> Self {
        Self::To { kind: vec![], sector: vec![], subtree: vec![], units: vec![], except: vec![] }
    }
}

/// The document of the test beside a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Specimen {
    /// `symbol`
    pub symbol: String,
    /// `subject`
    pub subject: String,
    /// `issuer`, where the symbol does not name it.
    pub issuer: Option<String>,
    /// `kind`, where the symbol does not name it.
    pub kind: Option<String>,
    /// `urgency`
    pub urgency: Option<String>,
    /// `issued`, as a date of TOML.
    pub issued: String,
}

/// What the test must find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// So many cells.
    Cells(usize),
    /// Nobody, on purpose.
    Nobody,
}

impl Draft {
    /// The `[[rule]]`.
    pub fn rule(&self) -> String {
        let when = [
            ("issuer", list(&self.when.issuer)),
            ("kind", list(&self.when.kind)),
            ("text_any", list(&self.when.text_any)),
            ("urgency", list(&self.when.urgency)),
        ];
        let (to, nobody) = match &self.aim {
            Aim::Nobody(because) => (None, Some(quoted(because))),
            Aim::To { kind, sector, subtree, units, except } => {
                let parts = [
                    ("kind", kind),
                    ("sector", sector),
                    ("subtree", subtree),
                    ("units", units),
                    ("except", except),
                ];
                (table(parts.map(|(key, codes)| (key, list(codes)))), None)
            }
        };
        let within = self
            .within
            .map(|days| quoted(&format!("{days} working {}", if days == 1 { "day" } else { "days" })));
        let lines = [
            ("id", Some(quoted(&self.id))),
            ("name", Some(quoted(&self.name))),
            ("when", table(when)),
            ("to", to),
            ("nobody", nobody),
            ("role", self.role.as_deref().map(quoted)),
            ("owes", list(&self.owes)),
            ("acknowledge_within", within),
            ("due", self.due.as_deref().map(quoted)),
            ("ladder", self.ladder.as_deref().map(quoted)),
            ("from", self.valid.0.clone()),
            ("until", self.valid.1.clone()),
            ("final", self.is_final.then(|| "true".to_owned())),
        ];
        block("[[rule]]", lines)
    }

    /// What the test beside it is called.
    pub fn test_name(&self) -> String {
        format!("Thử: {} ({})", self.name, self.id)
    }

    /// The `[[test]]` beside it.
    pub fn test(&self, specimen: &Specimen, found: Found) -> String {
        let document = table([
            ("symbol", Some(quoted(&specimen.symbol))),
            ("subject", Some(quoted(&specimen.subject))),
            ("issuer", specimen.issuer.as_deref().map(quoted)),
            ("kind", specimen.kind.as_deref().map(quoted)),
            ("urgency", specimen.urgency.as_deref().map(quoted)),
            ("issued", Some(specimen.issued.clone())),
        ]);
        let rule = ("rule", Some(quoted(&self.id)));
        let expect = match found {
            Found::Cells(count) => table([("cells", Some(count.to_string())), rule]),
            Found::Nobody => table([("outcome", Some(quoted("nobody"))), rule]),
        };
        let name = Some(quoted(&self.test_name()));
        block("[[test]]", [("name", name), ("document", document), ("expect", expect)])
    }

    /// A document that meets the conditions, to test the rule with: issued on `day`.
    pub fn specimen(&self, day: String) -> Specimen {
        let when = &self.when;
        let first = |list: &[String]| list.first().cloned();
        // A short word without spaces is the abbreviation that stands in a symbol.
        let (issuer, body) = match first(&when.issuer) {
            Some(code) if !code.contains(' ') => (None, code),
            other => (other, "ĐUK".to_owned()),
        };
        let (kind, letters) = match first(&when.kind) {
            Some(name) if name.contains(' ') => {
                (Some(name.clone()), kind_code(&name).unwrap_or("CV").to_owned())
            }
            Some(code) => (None, code),
            None => (None, "CV".to_owned()),
        };
        Specimen {
            symbol: format!("01-{letters}/{body}"),
            subject: first(&when.text_any).unwrap_or_else(|| self.name.clone()),
            issuer,
            kind,
            urgency: first(&when.urgency),
            issued: day,
        }
    }
}

/// A code made from a name, not among `taken`: `Báo cáo quý` → `bao-cao-quy`.
pub fn code(name: &str, taken: &[&str]) -> String {
    let words: Vec<_> = bare_key(name)
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let mut code = String::new();
    for word in words {
        if code.len() + word.len() >= CODE_LENGTH {
            break;
        }
        code = if code.is_empty() { word } else { format!("{code}-{word}") };
    }
    if !is_code(&code, CODE_LENGTH) {
        code = "quy-tac".to_owned();
    }
    let numbered = (2..).map(|number| format!("{code}-{number}"));
    let mut free =
        std::iter::once(code.clone()).chain(numbered).filter(|code| !taken.contains(&code.as_str()));
    free.next().unwrap_or(code)
}

/// Lines under a header; keys without a value are left out.
fn block(header: &str, lines: impl IntoIterator<Item = (&'static str, Option<String>)>) -> String {
    let lines = lines.into_iter().filter_map(|(key, value)| Some(format!("{key} = {}\n", value?)));
    std::iter::once(format!("{header}\n")).chain(lines).collect()
}

/// `{ a = 1, b = 2 }`; nothing where nothing is in it.
fn table<const N: usize>(parts: [(&str, Option<String>); N]) -> Option<String> {
    let parts = parts.into_iter().filter_map(|(key, value)| Some(format!("{key} = {}", value?)));
    let parts: Vec<_> = parts.collect();
    (!parts.is_empty()).then(|| format!("{{ {} }}", parts.join(", ")))
}

fn list(items: &[String]) -> Option<String> {
    let quoted: Vec<_> = items.iter().map(|item| quoted(item)).collect();
    (!items.is_empty()).then(|| format!("[{}]", quoted.join(", ")))
}

/// Text as TOML writes it, whatever stands in it.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_from_names() {
        assert_eq!(code("Báo cáo quý: số liệu", &[]), "bao-cao-quy-so-lieu");
        assert_eq!(code("Đại hội", &["dai-hoi", "dai-hoi-2"]), "dai-hoi-3");
        assert_eq!(code("!!!", &[]), "quy-tac");
        assert_eq!(code(&"dài ".repeat(40), &[]), "dai-dai-dai-dai-dai-dai-dai-dai-dai-dai");
    }

    #[test]
    fn whatever_is_answered_is_read_back() {
        let draft = Draft {
            id: "a".to_owned(),
            name: "Có \"nháy\" và \\ và\nxuống dòng".to_owned(),
            aim: Aim::Nobody("chỉ để lưu".to_owned()),
            ..Draft::default()
        };
        let read: toml::Table = toml::from_str(&draft.rule()).unwrap();
        assert_eq!(read["rule"][0]["name"].as_str(), Some(draft.name.as_str()));
        assert_eq!(read["rule"][0]["nobody"].as_str(), Some("chỉ để lưu"));
        assert!(read["rule"][0].get("when").is_none());
    }
}
