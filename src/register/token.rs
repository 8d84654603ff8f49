//! Tokens: made once, shown once, kept as a hash, compared in constant time.

use core::ops::RangeInclusive;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use thiserror::Error;

use super::keeper::Keeper;
use super::random::{self, hexadecimal};
use crate::domain::words::vocabulary;
use crate::storage::{StorageError, TokenRecord};

vocabulary! {
    /// What a token may do; each role may do what those before it may.
    Role, "role" {
        Reader = "reader", "只读", "reader";
        Editor = "editor", "编辑", "editor";
        Admin = "admin", "管理员", "administrator";
    }
}

vocabulary! {
    /// Whether a token is of use.
    TokenState, "state of a token" {
        Good = "good", "有效", "good";
        Expired = "expired", "已过期", "expired";
        Revoked = "revoked", "已吊销", "revoked";
    }
}

/// How every secret begins, so that people and scanners know one when they see it.
const PREFIX: &str = "yz_";
/// Random bytes in a secret.
const SECRET_BYTES: usize = 32;
/// The longest name of a token, in characters.
pub const MAX_NAME_CHARS: usize = 80;
/// For how many days a token can be good.
pub const DAYS: RangeInclusive<u16> = 1..=3_650;
/// For how many days it is when nothing is said.
pub const DEFAULT_DAYS: u16 = 365;

/// A token that was just made, and its secret, which nothing can tell again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// What the store keeps.
    pub record: TokenRecord,
    /// What its holder keeps.
    pub secret: String,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The id of the token.
    pub token: String,
    /// The name that the log of changes keeps.
    pub name: String,
    /// What the token may do.
    pub role: Role,
}

/// Why a token is not good.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TokenRefused {
    /// No token has this secret.
    #[error("the token is not known")]
    Unknown,
    /// It was good until a time.
    #[error("token `{id}` has expired")]
    Expired {
        /// The token.
        id: String,
    },
    /// An administrator ended it.
    #[error("token `{id}` was revoked")]
    Revoked {
        /// The token.
        id: String,
    },
}

/// Makes a token.
pub fn make(name: &str, role: Role, expires_at: Option<DateTime<Utc>>) -> NewToken {
    let mut bytes = [0; SECRET_BYTES];
    random::fill(&mut bytes);
    let secret = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes));
    let record = TokenRecord {
        id: random::letters('t', 7),
        name: name.to_owned(),
        role: role.word().to_owned(),
        hash: hash(&secret),
        made_at: Utc::now().trunc_subsecs(3),
        expires_at,
        revoked_at: None,
    };
    NewToken { record, secret }
}

/// Makes a token that is good for some days.
pub fn make_for_days(name: &str, role: Role, days: u16) -> NewToken {
    let end = Utc::now().trunc_subsecs(3) + TimeDelta::days(days.into());
    make(name, role, Some(end))
}

/// Whether a token is of use at a time.
pub fn state(token: &TokenRecord, now: DateTime<Utc>) -> TokenState {
    if token.revoked_at.is_some() {
        TokenState::Revoked
    } else if token.expires_at.is_some_and(|end| end <= now) {
        TokenState::Expired
    } else {
        TokenState::Good
    }
}

impl Keeper {
    /// All tokens as the store has them, the oldest first; expired and revoked ones too.
    pub async fn tokens(&self) -> Result<Vec<TokenRecord>, StorageError> {
        self.refresh_tokens().await?;
        Ok(self.known_tokens().to_vec())
    }

    /// The token of somebody who was let in a moment ago, without asking the store.
    pub fn token(&self, identity: &Identity) -> Option<TokenRecord> {
        let tokens = self.known_tokens();
        tokens.iter().find(|token| token.id == identity.token).cloned()
    }

    /// Keeps a new token; from then on this instance knows it.
    pub async fn add_token(&self, token: &TokenRecord) -> Result<(), StorageError> {
        self.note(self.store().add_token(token).await)?;
        self.refresh_tokens().await
    }

    /// Ends a token; from then on this instance refuses it, and others within a second. `false` when there is none of that
    /// id; one that was ended before stays as it is.
    pub async fn revoke_token(&self, id: &str) -> Result<bool, StorageError> {
        self.note(self.store().revoke_token(id, Utc::now()).await)?;
        self.refresh_tokens().await?;
        Ok(self.known_tokens().iter().any(|token| token.id == id))
    }
}

/// Whose secret this is. Every token is compared, so that the time tells nothing of which one it was.
pub fn identify(tokens: &[TokenRecord], secret: &str, now: DateTime<Utc>) -> Result<Identity, TokenRefused> {
    let hash = hash(secret);
    let mut found = None;
    for token in tokens {
        if bool::from(token.hash.as_bytes().ct_eq(hash.as_bytes())) {
            found = Some(token);
        }
    }
    let token = found.ok_or(TokenRefused::Unknown)?;
    let id = token.id.clone();
    match state(token, now) {
        TokenState::Good => {}
        TokenState::Expired => return Err(TokenRefused::Expired { id }),
        TokenState::Revoked => return Err(TokenRefused::Revoked { id }),
    }
    let role = Role::from_word(&token.role).ok_or(TokenRefused::Unknown)?;
    Ok(Identity {
        token: id,
        name: token.name.clone(),
        role,
    })
}

/// SHA-256 in hexadecimal digits. The secret has 256 random bits, so nothing slower is needed.
fn hash(secret: &str) -> String {
    hexadecimal(&Sha256::digest(secret.as_bytes()))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_token_is_known_by_its_secret_only() {
        let now = Utc::now();
        let (one, other) = (make("王", Role::Editor, None), make("李", Role::Admin, None));
        let tokens = [one.record.clone(), other.record.clone()];
        assert_eq!(identify(&tokens, &one.secret, now).unwrap().name, "王");
        assert_eq!(identify(&tokens, &other.secret, now).unwrap().role, Role::Admin);
        for wrong in [
            "",
            &one.record.hash,
            &one.record.id,
            one.secret.trim_start_matches('y'),
            "yz_",
        ] {
            assert_eq!(
                identify(&tokens, wrong, now),
                Err(TokenRefused::Unknown),
                "{wrong}"
            );
        }
        assert_ne!(one.secret, other.secret);
        assert_eq!((one.secret.len(), one.record.hash.len()), (46, 64));
    }

    #[test]
    fn a_hash_is_sha_256() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(
            hash("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn expired_and_revoked_tokens_are_refused_by_name() {
        let now = Utc::now();
        let mut token = make("王", Role::Reader, Some(now + TimeDelta::seconds(1)));
        let id = token.record.id.clone();
        let ask = |record: &TokenRecord, at| identify(core::slice::from_ref(record), &token.secret, at);
        assert!(ask(&token.record, now).is_ok());
        assert_eq!(
            ask(&token.record, now + TimeDelta::seconds(1)),
            Err(TokenRefused::Expired { id: id.clone() })
        );
        let revoked = TokenRecord {
            revoked_at: Some(now),
            ..token.record.clone()
        };
        assert_eq!(ask(&revoked, now), Err(TokenRefused::Revoked { id }));
        token.record.role = "emperor".to_owned();
        assert_eq!(
            identify(&[token.record], &token.secret, now),
            Err(TokenRefused::Unknown)
        );
    }

    #[test]
    fn roles_are_ordered_by_what_they_may() {
        assert!(Role::Reader < Role::Editor && Role::Editor < Role::Admin);
    }
}
