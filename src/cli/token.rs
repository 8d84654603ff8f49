//! `yizhan token`: makes, lists and revokes the tokens of those who write.

use std::io::Write as _;

use anyhow::bail;
use chrono::Utc;
use clap::{Args, Subcommand};

use super::register::{RegisterArg, with_store};
use super::{exit, terminal};
use crate::export::columns::{Align, push_table};
use crate::register::token::{self, MAX_NAME_CHARS, Role};

/// Flags of `token`.
#[derive(Debug, Args)]
pub struct TokenArgs {
    #[command(subcommand)]
    command: TokenCommand,
    #[command(flatten)]
    register: RegisterArg,
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Make a token and show its secret, this once · 新建令牌
    Make {
        /// Whose it is; changes are logged under this name
        name: String,
        /// What it may do: reader, editor or admin
        #[arg(long, value_name = "ROLE", default_value = "editor")]
        role: Role,
        /// Days until it stops being good
        #[arg(long, value_name = "DAYS", default_value_t = token::DEFAULT_DAYS, value_parser = days)]
        days: u16,
    },
    /// All tokens, without their secrets · 列出令牌
    List,
    /// End a token · 吊销令牌
    Revoke {
        /// The id that `list` shows
        id: String,
    },
}

fn days(text: &str) -> Result<u16, String> {
    let days = text.parse().ok().filter(|days| token::DAYS.contains(days));
    days.ok_or_else(|| {
        let (least, most) = token::DAYS.into_inner();
        format!("`{text}` is no such number; expected {least} to {most} days")
    })
}

/// Runs the command.
pub fn run(args: &TokenArgs) -> anyhow::Result<u8> {
    match &args.command {
        TokenCommand::Make { name, role, days } => make(args, name, *role, *days),
        TokenCommand::List => list(args),
        TokenCommand::Revoke { id } => revoke(args, id),
    }
}

fn make(args: &TokenArgs, name: &str, role: Role, days: u16) -> anyhow::Result<u8> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        bail!("name `{name}` is not usable; expected 1 to {MAX_NAME_CHARS} characters");
    }
    let made = token::make_for_days(name, role, days);
    with_store(&args.register.database, async |store| {
        Ok(store.add_token(&made.record).await?)
    })?;
    terminal::tell(format_args!(
        "token {} for {name}, {role}, good for {days} days; its secret is shown this once · 密钥只显示这一次：",
        made.record.id
    ));
    writeln!(terminal::output(), "{}", made.secret)?;
    Ok(exit::DONE)
}

fn list(args: &TokenArgs) -> anyhow::Result<u8> {
    let tokens = with_store(&args.register.database, async |store| Ok(store.tokens().await?))?;
    let heads = ["id", "role", "made", "until", "state", "name"]
        .map(str::to_owned)
        .to_vec();
    let now = Utc::now();
    let rows = tokens.iter().map(|token| {
        vec![
            token.id.clone(),
            token.role.clone(),
            token.made_at.format("%Y-%m-%d").to_string(),
            token
                .expires_at
                .map_or_else(String::new, |end| end.format("%Y-%m-%d").to_string()),
            token::state(token, now).to_string(),
            token.name.clone(),
        ]
    });
    let rows: Vec<Vec<String>> = core::iter::once(heads).chain(rows).collect();
    let mut table = String::new();
    push_table(&mut table, &[Align::Left; 6], &rows);
    terminal::output().write_all(table.as_bytes())?;
    Ok(if tokens.is_empty() {
        exit::NOTHING_OR_PROBLEMS
    } else {
        exit::DONE
    })
}

fn revoke(args: &TokenArgs, id: &str) -> anyhow::Result<u8> {
    let is_done = with_store(&args.register.database, async |store| {
        Ok(store.revoke_token(id, Utc::now()).await?)
    })?;
    if is_done {
        terminal::tell(format_args!(
            "token {id} is revoked; running servers know within a second"
        ));
        Ok(exit::DONE)
    } else {
        terminal::tell(format_args!(
            "there is no token `{id}` that is not revoked; see `yizhan token list`"
        ));
        Ok(exit::NOTHING_OR_PROBLEMS)
    }
}
