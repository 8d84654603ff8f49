//! `yizhan backup`, `yizhan restore` and `yizhan export`: the whole register into a file and back.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use clap::Args;
use indicatif::ProgressBar;
use serde::Serialize;
use serde_json::value::RawValue;

use super::data::{DataArgs, progress_bar, row_bar};
use super::file::{self, Part};
use super::register::{RegisterArg, with_store};
use super::{exit, terminal};
use crate::export::geojson;
use crate::storage::{LogPosition, LoggedChange, OnFull, StationStore};

/// Changes that are read from the log at a time.
const PAGE: u32 = 2_000;

/// Flags of `backup`.
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// The file to write; what it holds is replaced
    file: PathBuf,
    #[command(flatten)]
    register: RegisterArg,
}

/// Flags of `restore`.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// A file that `yizhan backup` has written
    file: PathBuf,
    /// Where the register shall be: a SQLite file or a postgres:// URL
    #[arg(
        long,
        value_name = "FILE|URL",
        default_value = "yizhan.db",
        env = "YIZHAN_DATABASE",
        hide_env_values = true
    )]
    database: String,
    /// Delete everything that the register has now; without it only an empty one is filled
    #[arg(long)]
    replace: bool,
}

/// Flags of `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The file to write, GeoJSON
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
    /// Write the log of changes, too, as JSON lines; beside --out when no name is given
    #[arg(long, value_name = "PATH", num_args = 0..=1)]
    #[expect(
        clippy::option_option,
        reason = "left out, given without a name, given with one"
    )]
    history: Option<Option<PathBuf>>,
    #[command(flatten)]
    register: RegisterArg,
}

/// Writes a backup of a register that may be in use.
pub fn backup(args: &BackupArgs) -> anyhow::Result<u8> {
    let mut part = Part::private(&args.file)?;
    let bar = row_bar();
    let header = with_store(&args.register.database, async |store| {
        let out = BufWriter::new(&mut part.file);
        let (header, mut out) = store.backup(out, &|done, all| tell_bar(&bar, done, all)).await?;
        out.flush().context("writing the backup")?;
        Ok(header)
    });
    bar.finish_and_clear();
    let header = header?;
    part.finish()?;
    terminal::tell(format_args!(
        "{}: revision {}, {} stations, {} rows; tokens are in it as hashes · 已备份第 {1} 版，令牌只有哈希",
        args.file.display(),
        header.revision,
        header.stations(),
        header.rows()
    ));
    Ok(exit::DONE)
}

fn tell_bar(bar: &ProgressBar, done: u64, all: u64) {
    bar.set_length(all);
    bar.set_position(done);
}

/// Fills an empty register from a backup, or replaces one.
pub fn restore(args: &RestoreArgs) -> anyhow::Result<u8> {
    let reading = || format!("cannot read {}", args.file.display());
    let input = File::open(&args.file).with_context(reading)?;
    let bar = progress_bar();
    bar.set_length(input.metadata().with_context(reading)?.len());
    let on_full = if args.replace {
        OnFull::Replace
    } else {
        OnFull::Refuse
    };
    let header = with_store(&args.database, async |store| {
        Ok(store.restore(bar.wrap_read(input), on_full).await?)
    });
    bar.finish_and_clear();
    let header = header.with_context(|| args.file.display().to_string())?;
    terminal::tell(format_args!(
        "restored revision {} of {}: {} stations, {} rows · 已恢复到第 {0} 版",
        header.revision,
        header.made_at.format("%Y-%m-%d %H:%M:%S UTC"),
        header.stations(),
        header.rows()
    ));
    if args.replace {
        terminal::tell("restart the servers that run on this register · 请重新启动使用此数据库的服务");
    }
    Ok(exit::DONE)
}

/// Writes all stations, and the log when asked, of one revision.
pub fn export(args: &ExportArgs) -> anyhow::Result<u8> {
    let loaded = DataArgs::of_register(&args.register.database).load(1)?;
    let (snapshot, parts) = (&loaded.published.snapshot, &loaded.published.parts);
    file::replace(&args.out, geojson::register(snapshot, parts))?;
    terminal::tell(format_args!("{}: {}", args.out.display(), loaded.summary));
    if let Some(history) = &args.history {
        let path = history.clone().unwrap_or_else(|| beside(&args.out));
        let changes = with_store(&args.register.database, async |store| {
            write_history(&store, &path, snapshot.revision()).await
        })?;
        terminal::tell(format_args!("{}: {changes} changes · 条修改", path.display()));
    }
    Ok(exit::DONE)
}

/// `register.geojson` → `register.history.jsonl`.
fn beside(out: &Path) -> PathBuf {
    out.with_extension("history.jsonl")
}

/// All changes up to a revision; what comes after it while this runs is left out.
async fn write_history(store: &StationStore, path: &Path, revision: u64) -> anyhow::Result<u64> {
    let mut part = Part::for_all(path)?;
    let mut out = BufWriter::new(&mut part.file);
    let bar = row_bar();
    let (mut position, mut written) = (LogPosition::default(), 0_u64);
    loop {
        let page = store.changes_after(position, PAGE).await?;
        let of_revision = page
            .iter()
            .take_while(|change| change.position.revision <= revision);
        for change in of_revision {
            position = change.position;
            written += 1;
            writeln!(out, "{}", line(change)?).with_context(|| format!("cannot write {}", path.display()))?;
        }
        tell_bar(&bar, position.revision, revision);
        if page.last().is_none_or(|last| last.position != position) {
            break;
        }
    }
    bar.finish_and_clear();
    out.flush()
        .with_context(|| format!("cannot write {}", path.display()))?;
    drop(out);
    part.finish()?;
    Ok(written)
}

/// A change with the stations before and after it as Features; `after` is null for one that was removed.
#[derive(Serialize)]
struct Line<'a> {
    revision: u64,
    place: u64,
    id: &'a str,
    at: DateTime<Utc>,
    who: &'a str,
    kind: &'static str,
    why: Option<&'a str>,
    before_revision: Option<u64>,
    before: Option<&'a RawValue>,
    after: Option<&'a RawValue>,
}

fn line(change: &LoggedChange) -> anyhow::Result<String> {
    let line = Line {
        revision: change.position.revision,
        place: change.position.place,
        id: &change.id,
        at: change.at,
        who: &change.who,
        kind: change.kind.word(),
        why: change.why.as_deref(),
        before_revision: change.before_revision,
        before: raw(change.before.as_deref())?,
        after: raw(change.after.as_deref())?,
    };
    Ok(serde_json::to_string(&line)?)
}

fn raw(body: Option<&str>) -> serde_json::Result<Option<&RawValue>> {
    body.map(serde_json::from_str).transpose()
}
