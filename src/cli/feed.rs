//! `yizhan feed`: sheets that are fetched on a schedule, and what waits for a person.

use std::io::Write as _;

use anyhow::{Context as _, bail};
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};

use super::import::{language, write_revision};
use super::import_listing;
use super::register::{RegisterArg, with_store};
use super::{exit, terminal};
use crate::domain::datum::Datum;
use crate::domain::language::Language;
use crate::export::columns::{Align, push_table};
use crate::register::edit::Author;
use crate::register::feed::{self, FeedSettings, FeedState, Outcome, WaitReason};
use crate::register::intake::{self, Basis, ImportedFile};
use crate::register::row::Decisions;
use crate::register::sheet::{Comparison, Sheet};
use crate::remote::{AllowedHost, Limits, Remote};
use crate::storage::{FeedRecord, StationStore};

/// Flags of `feed`.
#[derive(Debug, Args)]
pub struct FeedArgs {
    #[command(subcommand)]
    command: FeedCommand,
    #[command(flatten)]
    register: RegisterArg,
}

/// Which hosts may be asked though they are not public.
#[derive(Debug, Clone, Args)]
pub struct RemoteArgs {
    /// A host that may be asked though its address is not public, such as `sheets.example:8080`
    #[arg(
        long = "allow-host",
        value_name = "HOST:PORT",
        value_delimiter = ',',
        env = "YIZHAN_ALLOW_HOST"
    )]
    allow_host: Vec<AllowedHost>,
}

impl RemoteArgs {
    /// The client that asks other servers.
    pub fn client(&self, limits: Limits) -> anyhow::Result<Remote> {
        Ok(Remote::new(&self.allow_host, limits)?)
    }
}

#[derive(Debug, Subcommand)]
enum FeedCommand {
    /// Fetch a sheet from now on, by every server of this register · 添加
    Add(AddArgs),
    /// All feeds, and what came of the last time · 列出
    List {
        /// Language of the table
        #[arg(long, value_name = "zh|en", default_value = "zh", value_parser = language)]
        lang: Language,
    },
    /// Fetch a sheet no longer; what it brought stays · 移除
    Remove {
        /// The name of its source
        name: String,
    },
    /// Fetch now, due or not · 立即获取
    Run {
        /// The names of sources; all when left out
        names: Vec<String>,
        #[command(flatten)]
        remote: RemoteArgs,
    },
    /// What the file that waits would change · 查看待确认的变化
    Show {
        /// The name of its source
        name: String,
        /// Language of the tables
        #[arg(long, value_name = "zh|en", default_value = "zh", value_parser = language)]
        lang: Language,
    },
    /// Write what the file that waits changes · 确认写入
    Commit {
        /// The name of its source
        name: String,
        /// Who writes, for the log
        #[arg(
            long,
            value_name = "NAME",
            default_value = "yizhan feed",
            env = "YIZHAN_AUTHOR"
        )]
        author: String,
        /// Language of the tables
        #[arg(long, value_name = "zh|en", default_value = "zh", value_parser = language)]
        lang: Language,
    },
}

#[derive(Debug, Args)]
struct AddArgs {
    /// Where the sheet is, http or https
    url: String,
    /// Who keeps the sheet, as with `yizhan import`; also the name of the feed
    #[arg(long, value_name = "NAME")]
    source: String,
    /// How often it is fetched: minutes, hours or days such as 30m, 6h, 1d
    #[arg(long, value_name = "TIME", default_value = "6h", value_parser = every)]
    every: u32,
    /// Datum of the coordinates; else the file's own column
    #[arg(long, value_name = "wgs84|gcj02|bd09")]
    coord: Option<Datum>,
    /// Write by itself what changes little and leaves nothing to decide; without it a person does
    #[arg(long)]
    auto_commit: bool,
    /// Least share of rows, new, changed or missing, that is left to a person
    #[arg(long, value_name = "SHARE", default_value = "0.05", requires = "auto_commit", value_parser = share)]
    max_changed_share: f64,
}

/// Seconds of a text such as `6h`; five minutes to thirty days.
fn every(text: &str) -> Result<u32, String> {
    let refused = || format!("`{text}` is no such time; expected 5m to 30d, such as 30m, 6h, 1d");
    let (number, unit) = text
        .char_indices()
        .last()
        .and_then(|(at, _)| text.split_at_checked(at))
        .ok_or_else(refused)?;
    let unit_s = match unit {
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(refused()),
    };
    let seconds = number
        .parse::<u32>()
        .ok()
        .and_then(|number| number.checked_mul(unit_s));
    seconds
        .filter(|seconds| feed::EVERY_S.contains(seconds))
        .ok_or_else(refused)
}

fn share(text: &str) -> Result<f64, String> {
    let share = text
        .parse::<f64>()
        .ok()
        .filter(|share| feed::SHARE.contains(share));
    share.ok_or_else(|| format!("`{text}` is no share; expected 0 to 1, such as 0.05"))
}

/// Runs the command.
pub fn run(args: &FeedArgs) -> anyhow::Result<u8> {
    with_store(&args.register.database, async |store| match &args.command {
        FeedCommand::Add(add_args) => add(&store, add_args).await,
        FeedCommand::List { lang } => list(&store, *lang).await,
        FeedCommand::Remove { name } => remove(&store, name).await,
        FeedCommand::Run { names, remote } => fetch(&store, names, remote).await,
        FeedCommand::Show { name, lang } => waiting(&store, name, (None, *lang)).await,
        FeedCommand::Commit { name, author, lang } => waiting(&store, name, (Some(author), *lang)).await,
    })
}

async fn add(store: &StationStore, args: &AddArgs) -> anyhow::Result<u8> {
    let name = args.source.trim();
    if !feed::is_name(name) {
        bail!(
            "name `{name}` is not usable; expected 1 to {} characters",
            feed::MAX_NAME_CHARS
        );
    }
    feed::check_url(&args.url).map_err(anyhow::Error::msg)?;
    let settings = FeedSettings {
        every_s: args.every,
        coord: args.coord,
        max_changed_share: args.auto_commit.then_some(args.max_changed_share),
    };
    if !feed::add(store, (name, &args.url), &settings).await? {
        bail!("there is a feed `{name}` already; `yizhan feed remove` takes it away");
    }
    terminal::tell(format_args!(
        "feed `{name}` is due now; a running server fetches it, or `yizhan feed run` · 已添加"
    ));
    Ok(exit::DONE)
}

async fn list(store: &StationStore, language: Language) -> anyhow::Result<u8> {
    let feeds = store.feeds().await?;
    let heads = ["name", "every", "next", "last", "state", "what", "address"];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    for feed in &feeds {
        let settings = feed::settings(feed)?;
        let outcome = feed::outcome(feed);
        let time = |time: DateTime<Utc>| time.format("%m-%d %H:%M UTC").to_string();
        rows.push(vec![
            feed.name.clone(),
            format!("{} min", settings.every_s / 60),
            time(feed.due_at),
            outcome
                .as_ref()
                .map_or_else(String::new, |outcome| time(outcome.at)),
            outcome
                .as_ref()
                .map_or_else(String::new, |outcome| state(outcome, language).to_owned()),
            outcome
                .as_ref()
                .map_or_else(String::new, |outcome| what(outcome, feed, language)),
            feed::without_query(&feed.url).to_owned(),
        ]);
    }
    let mut table = String::new();
    push_table(&mut table, &[Align::Left; 7], &rows);
    terminal::output().write_all(table.as_bytes())?;
    Ok(if feeds.is_empty() {
        exit::NOTHING_OR_PROBLEMS
    } else {
        exit::DONE
    })
}

fn state(outcome: &Outcome, language: Language) -> &str {
    FeedState::from_word(&outcome.state).map_or(&outcome.state, |state| state.label(language))
}

/// What came of a run in a few words: how much changes, why it waits or failed, the revision.
fn what(outcome: &Outcome, feed: &FeedRecord, language: Language) -> String {
    let mut parts = Vec::new();
    if let Some(changed) = outcome.changed {
        let (new, more, missing, all) = (changed.new, changed.changed, changed.missing, changed.all);
        parts.push(match language {
            Language::Zh => format!("新增 {new}、修改 {more}、缺失 {missing}，共 {all}"),
            Language::En => format!("{new} new, {more} changed, {missing} missing of {all}"),
        });
    }
    let reasons = outcome
        .reasons
        .iter()
        .map(|reason| WaitReason::from_word(reason).map_or(reason.as_str(), |reason| reason.label(language)));
    parts.extend(reasons.map(str::to_owned));
    if let Some(revision) = outcome.revision {
        parts.push(match language {
            Language::Zh => format!("第 {revision} 版"),
            Language::En => format!("revision {revision}"),
        });
    }
    if feed.has_file && outcome.state == FeedState::Failed.word() {
        parts.push(FeedState::Waiting.label(language).to_owned());
    }
    parts.join("; ")
}

async fn remove(store: &StationStore, name: &str) -> anyhow::Result<u8> {
    if store.remove_feed(name).await? {
        terminal::tell(format_args!("feed `{name}` is fetched no longer · 已移除"));
        return Ok(exit::DONE);
    }
    terminal::tell(format_args!("there is no feed `{name}`; see `yizhan feed list`"));
    Ok(exit::NOTHING_OR_PROBLEMS)
}

async fn fetch(store: &StationStore, names: &[String], remote: &RemoteArgs) -> anyhow::Result<u8> {
    let remote = remote.client(Limits::default())?;
    let mut names = names.to_vec();
    if names.is_empty() {
        names = store.feeds().await?.into_iter().map(|feed| feed.name).collect();
    }
    let mut code = if names.is_empty() {
        exit::NOTHING_OR_PROBLEMS
    } else {
        exit::DONE
    };
    for name in &names {
        let outcome = feed::run(store, &remote, name).await?;
        let is_good = [FeedState::Unchanged.word(), FeedState::Committed.word()];
        if !is_good.contains(&outcome.state.as_str()) {
            code = exit::NOTHING_OR_PROBLEMS;
        }
        let feeds = store.feeds().await?;
        let Some(feed) = feeds.iter().find(|feed| feed.name == *name) else {
            continue;
        };
        let what = what(&outcome, feed, Language::En);
        terminal::tell(format_args!("{name}: {}; {what}", state(&outcome, Language::En)));
    }
    Ok(code)
}

/// Shows what the file that waits would change, and with an author writes it.
async fn waiting(
    store: &StationStore,
    name: &str,
    (author, language): (Option<&String>, Language),
) -> anyhow::Result<u8> {
    let (feed, bytes) = feed::waiting(store, name).await?;
    let mapping = store.mapping(name).await?;
    let read = feed::read(&feed, &bytes, mapping.as_deref());
    let file = read
        .map_err(anyhow::Error::msg)
        .with_context(|| format!("feed `{name}`"))?;
    let basis = Basis::load(store, name).await?;
    let (sheet, decisions) = (Sheet::of(file), Decisions::default());
    let comparison = Comparison::new((&sheet, &basis), &decisions, &[])?;
    import_listing::show(&comparison, language)?;
    let Some(author) = author else {
        terminal::tell(format_args!("`yizhan feed commit {name}` writes it · 确认后写入"));
        return Ok(exit::DONE);
    };
    if comparison.is_datum_open() {
        bail!(
            "the datum of the coordinates is not stated; add the feed again with --coord, the evidence is above"
        );
    }
    let mut revision = None;
    if !comparison.diff.is_empty() {
        let author = Author {
            name: author.clone(),
            why: None,
        };
        let imported = ImportedFile {
            name: feed::file_name(&feed.url),
            request: basis.request(&intake::fingerprint(&bytes, name)),
            mapping: Some(sheet.file.mapping.to_json()),
        };
        let new = basis.revision(&comparison.diff, &sheet.rows, (&author, &imported));
        revision = Some(write_revision(store, &new, comparison.diff.counts()).await?);
    }
    feed::note_committed(store, (name, &bytes), revision).await?;
    Ok(if sheet.file.errors > 0 || comparison.totals().is_open() {
        exit::NOTHING_OR_PROBLEMS
    } else {
        exit::DONE
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_between_fetches_are_read_within_their_bounds() {
        for (text, seconds) in [("5m", 300), ("6h", 21_600), ("1d", 86_400), ("30d", 2_592_000)] {
            assert_eq!(every(text), Ok(seconds));
        }
        assert_eq!(every("6h"), Ok(feed::DEFAULT_EVERY_S), "what the help says");
        for bad in [
            "",
            "m",
            "4m",
            "31d",
            "6",
            "6 h",
            "-6h",
            "6w",
            "99999999999d",
            "6时",
        ] {
            assert!(every(bad).unwrap_err().contains("5m to 30d"), "{bad}");
        }
        assert_eq!(share("0.05"), Ok(0.05));
        for bad in ["", "5%", "-0.1", "1.1", "NaN"] {
            assert!(share(bad).is_err(), "{bad}");
        }
    }
}
