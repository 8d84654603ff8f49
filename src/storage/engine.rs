//! Which database keeps the register, and how its address is written.

use core::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::StorageError;

/// Which database keeps the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// One file beside one instance.
    Sqlite,
    /// A server that several instances share.
    Postgres,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// Where a register is kept: the path of a SQLite file, with or without `sqlite:` before it, or a `postgres://` URL.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseAddress {
    /// A SQLite file; it is made when it is not there.
    File(PathBuf),
    /// A PostgreSQL server, as a URL; it may hold a password.
    Server(String),
}

impl DatabaseAddress {
    /// The database behind the address.
    pub const fn engine(&self) -> Engine {
        match self {
            Self::File(_) => Engine::Sqlite,
            Self::Server(_) => Engine::Postgres,
        }
    }
}

impl FromStr for DatabaseAddress {
    type Err = StorageError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = |reason: &str| StorageError::BadAddress {
            given: without_secret(text),
            reason: reason.to_owned(),
        };
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Server(text.to_owned()));
        }
        let path = text
            .strip_prefix("sqlite://")
            .or_else(|| text.strip_prefix("sqlite:"))
            .unwrap_or(text);
        if let Some((scheme, _)) = path.split_once("://") {
            return Err(refuse(&format!("`{scheme}` is no database that is known")));
        }
        if path.is_empty() || path == ":memory:" {
            return Err(refuse("a register needs a file"));
        }
        Ok(Self::File(PathBuf::from(path)))
    }
}

impl fmt::Display for DatabaseAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Server(url) => f.write_str(&without_secret(url)),
        }
    }
}

impl fmt::Debug for DatabaseAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseAddress({self})")
    }
}

/// An address as logs may show it: no password, no parameters.
fn without_secret(address: &str) -> String {
    let address = address.split('?').next().unwrap_or_default();
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let (authority, path) = rest
        .split_once('/')
        .map_or((rest, None), |(authority, path)| (authority, Some(path)));
    let host = match authority.rsplit_once('@') {
        Some((user, host)) => format!("{}@{host}", user.split(':').next().unwrap_or_default()),
        None => authority.to_owned(),
    };
    path.map_or_else(
        || format!("{scheme}://{host}"),
        |path| format!("{scheme}://{host}/{path}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_servers_are_told_apart() {
        for (text, engine) in [
            ("yizhan.db", Engine::Sqlite),
            ("sqlite:/var/lib/yizhan.db", Engine::Sqlite),
            ("sqlite://data/yizhan.db", Engine::Sqlite),
            ("postgres://a@b/c", Engine::Postgres),
            ("postgresql://b/c?sslmode=require", Engine::Postgres),
        ] {
            assert_eq!(
                text.parse::<DatabaseAddress>().unwrap().engine(),
                engine,
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_database_is_refused_with_its_scheme() {
        let error = "mysql://root:secret@host/db"
            .parse::<DatabaseAddress>()
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("`mysql` is no database") && !error.contains("secret"),
            "{error}"
        );
        assert!(
            "".parse::<DatabaseAddress>().is_err() && "sqlite::memory:".parse::<DatabaseAddress>().is_err()
        );
    }

    #[test]
    fn passwords_are_never_shown() {
        for text in [
            "postgres://a:se@cret@b:5432/c?password=secret",
            "postgres://a:secret@b",
        ] {
            let address: DatabaseAddress = text.parse().unwrap();
            let shown = format!("{address} {address:?}");
            assert!(
                !shown.contains("cret") && shown.contains("postgres://a@b"),
                "{shown}"
            );
        }
    }
}
