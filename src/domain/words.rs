//! The macro that turns a closed vocabulary into an enum: one list of words serves code, JSON, CLI and pages.

use thiserror::Error;

/// A word that is not in a closed vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{kind} `{given}` is not known; expected one of {expected}")]
pub struct UnknownWord {
    /// Which vocabulary was asked, for example `facility`.
    pub kind: &'static str,
    /// The word as it was given.
    pub given: String,
    /// Every word of the vocabulary, separated by `, `.
    pub expected: String,
}

/// Declares an enum whose variants have a stable word (wire name), a Chinese and an English label and, at will, Chinese
/// or other synonyms that are accepted when tables are read.
macro_rules! vocabulary {
    (
        $(#[$meta:meta])*
        $name:ident, $kind:literal {
            $( $(#[$vmeta:meta])* $variant:ident = $word:literal, $zh:literal, $en:literal $(, [$($synonym:literal),*])? ; )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum $name { $( $(#[$vmeta])* #[doc = concat!("`", $word, "`: ", $en, ".")] $variant, )+ }

        impl $name {
            /// Every word of the vocabulary, in the order in which it is shown.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            /// The stable word used in JSON, parameters and the command line.
            pub const fn word(self) -> &'static str {
                match self { $( Self::$variant => $word, )+ }
            }

            /// The label that a person reads.
            pub const fn label(self, language: $crate::domain::language::Language) -> &'static str {
                match (self, language) {
                    $( (Self::$variant, $crate::domain::language::Language::Zh) => $zh,
                       (Self::$variant, $crate::domain::language::Language::En) => $en, )+
                }
            }

            /// Finds the entry for a stable word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $( $word => Some(Self::$variant), )+ _ => None }
            }

            /// Finds the entry for a stable word, a label or a synonym, as tables made by people hold them.
            pub fn from_any_word(word: &str) -> Option<Self> {
                let lower = word.trim().to_lowercase().replace([' ', '-'], "_");
                Self::from_word(&lower).or(match word.trim() {
                    $( $zh | $en $( $( | $synonym )* )? => Some(Self::$variant), )+
                    _ => None,
                })
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl core::str::FromStr for $name {
            type Err = $crate::domain::words::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::from_word(text).ok_or_else(|| $crate::domain::words::UnknownWord {
                    kind: $kind,
                    given: text.to_owned(),
                    expected: Self::ALL.iter().map(|entry| entry.word()).collect::<Vec<_>>().join(", "),
                })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }
    };
}
pub(crate) use vocabulary;
