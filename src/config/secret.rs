//! A secret in the settings: where it is, never what it is. It is read when the settings are loaded.

use std::fmt;
use std::path::PathBuf;

use secrecy::SecretString;
use serde::de::{Error, MapAccess, Unexpected, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::load::tree::BARE_SECRET;

/// What a reader that is refused was looking for.
pub const WANTED: &str = "the place of a secret";

/// Where a secret is: `{ credential = "…" }` (a file in `$CREDENTIALS_DIRECTORY`, as systemd passes
/// it), `{ file = "…" }` or `{ env = "…" }`. A bare string is refused: it would stand in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretPlace {
    /// Name of a systemd credential.
    Credential(String),
    /// A file readable by the daemon only; a trailing newline is dropped.
    File(PathBuf),
    /// An environment variable; warned about, because others may see it.
    Env(String),
}

/// `credential smtp`, `file /etc/…`, `env NAME`: for people, without the secret.
impl fmt::Display for SecretPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Credential(name) => write!(f, "credential {name}"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Env(name) => write!(f, "env {name}"),
        }
    }
}

/// A secret with its place; filled in by the loader.
#[derive(Debug, Clone)]
pub struct Secret {
    /// Where it is.
    pub place: SecretPlace,
    /// What it is; never printed.
    pub value: SecretString,
}

impl From<SecretPlace> for Secret {
    fn from(place: SecretPlace) -> Self {
        Self { place, value: SecretString::from(String::new()) }
    }
}

/// Writes the place only.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.place.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PlaceVisitor).map(Self::from)
    }
}

struct PlaceVisitor;

impl<'de> Visitor<'de> for PlaceVisitor {
    type Value = SecretPlace;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(WANTED)
    }

    /// A bare secret is refused without being repeated.
    fn visit_str<E: Error>(self, _: &str) -> Result<SecretPlace, E> {
        Err(E::invalid_type(Unexpected::Other(BARE_SECRET), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<SecretPlace, A::Error> {
        let raw = Raw::deserialize(MapAccessDeserializer::new(map))?;
        match raw {
            Raw { credential: Some(name), file: None, env: None } => Ok(SecretPlace::Credential(name)),
            Raw { credential: None, file: Some(path), env: None } => Ok(SecretPlace::File(path)),
            Raw { credential: None, file: None, env: Some(name) } => Ok(SecretPlace::Env(name)),
            _ => Err(A::Error::invalid_value(Unexpected::Map, &self)),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    credential: Option<String>,
    file: Option<PathBuf>,
    env: Option<String>,
}
