//! From the table of codes to their type: a code without a page in docs/diagnostics does not compile.

macro_rules! codes {
    ($($id:literal $name:ident $severity:ident
        $vt:literal / $vl:literal / $vh:literal
        $et:literal / $el:literal / $eh:literal)*) => {
        /// A kind of finding.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $et] $name,)*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The stable number, for example `VT020`.
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// How bad it is.
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// Its texts.
            pub fn words(self, language: Language) -> Words {
                match (self, language) {
                    $((Self::$name, Language::Vi) => Words { title: $vt, label: $vl, help: $vh },
                    (Self::$name, Language::En) => Words { title: $et, label: $el, help: $eh },)*
                }
            }

            /// Its page, as it stands in docs/diagnostics; see [`Page`](super::page::Page).
            pub fn page(self) -> &'static str {
                match self {
                    $(Self::$name => include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/diagnostics/", $id, ".md")),)*
                }
            }
        }
    };
}

pub(super) use codes;
