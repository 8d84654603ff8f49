//! `yizhan import` and `yizhan undo`: a sheet into the register as a dry run, then as one revision, and back.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, bail};
use clap::Args;
use indicatif::ProgressBar;
use tokio::sync::Notify;

use super::data::progress_bar;
use super::geocode::GeocodeArgs;
use super::register::{RegisterArg, with_store};
use super::serve::EndSignals;
use super::{exit, file, import_listing, terminal};
use crate::domain::datum::Datum;
use crate::domain::district::District;
use crate::domain::language::Language;
use crate::import::{self, CopyFormat, Mapping, ReadFile};
use crate::register::decisions;
use crate::register::diff::Counts;
use crate::register::dry_run::Asked;
use crate::register::edit::Author;
use crate::register::intake::{self, Basis, ImportedFile};
use crate::register::row::Decisions;
use crate::register::row_remark;
use crate::register::row_report::Reporter;
use crate::register::sheet::{Comparison, Sheet};
use crate::register::undo;
use crate::storage::{NewRevision, StationStore, StorageError};

/// Flags of `import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The file: xlsx, xls, ods, CSV, TSV, GeoJSON or JSON lines
    file: PathBuf,
    #[command(flatten)]
    register: RegisterArg,
    /// Who keeps the sheet; what it said last time and how its columns are read is remembered under this name
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Datum of the coordinates; else the file's own column
    #[arg(long, value_name = "wgs84|gcj02|bd09", env = "YIZHAN_COORD")]
    coord: Option<Datum>,
    /// How columns are read, JSON; else as remembered, else by their names
    #[arg(long, value_name = "PATH")]
    mapping: Option<PathBuf>,
    /// Outlines of districts that the stations are expected in, GeoJSON
    #[arg(long, value_name = "PATH", env = "YIZHAN_DISTRICTS")]
    districts: Option<PathBuf>,
    /// What was decided about rows and conflicts, JSON or CSV; the listing of a dry run says how
    #[arg(long, value_name = "PATH")]
    decisions: Option<PathBuf>,
    /// Write a copy of the sheet with a column of remarks (.xlsx or .csv)
    #[arg(long, value_name = "PATH")]
    remarks: Option<PathBuf>,
    /// Write how the columns were read, to be corrected and given back with --mapping
    #[arg(long, value_name = "PATH")]
    save_mapping: Option<PathBuf>,
    #[command(flatten)]
    geocode: GeocodeArgs,
    /// Write the changes; without it nothing is written
    #[arg(long)]
    commit: bool,
    /// Who writes, for the log
    #[arg(
        long,
        value_name = "NAME",
        default_value = "yizhan import",
        env = "YIZHAN_AUTHOR"
    )]
    author: String,
    /// Language of the tables
    #[arg(long, value_name = "zh|en", default_value = "zh", value_parser = language)]
    lang: Language,
}

/// Flags of `undo`.
#[derive(Debug, Args)]
pub struct UndoArgs {
    /// The revision that is to be taken back
    revision: u64,
    #[command(flatten)]
    register: RegisterArg,
    /// Who writes, for the log
    #[arg(
        long,
        value_name = "NAME",
        default_value = "yizhan undo",
        env = "YIZHAN_AUTHOR"
    )]
    author: String,
}

pub(super) fn language(word: &str) -> Result<Language, &'static str> {
    match word {
        "zh" => Ok(Language::Zh),
        "en" => Ok(Language::En),
        _ => Err("expected zh or en"),
    }
}

/// Compares, shows, and with `--commit` writes.
pub fn run(args: &ImportArgs) -> anyhow::Result<u8> {
    let bytes = std::fs::read(&args.file).with_context(|| format!("cannot read {}", args.file.display()))?;
    let districts = match &args.districts {
        Some(path) => import::load_districts(path)?,
        None => Vec::new(),
    };
    let decisions = match &args.decisions {
        Some(path) => read_decisions(path)?,
        None => Decisions::default(),
    };
    with_store(&args.register.database, async |store| {
        let end = End::listen()?;
        let done = import_into(&store, (args, decisions), (&bytes, &districts), &end).await;
        if end.has_come() {
            terminal::tell("yizhan: interrupted, nothing was written · 已中断，没有写入");
            return Ok(exit::INTERRUPTED);
        }
        done
    })
}

fn read_decisions(path: &Path) -> anyhow::Result<Decisions> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let entries = decisions::read(&bytes).with_context(|| path.display().to_string())?;
    Ok(Decisions::of(&entries))
}

/// Word of Ctrl-C or SIGTERM, for work that ends in between and leaves nothing behind.
struct End(Arc<(AtomicBool, Notify)>);

impl End {
    fn listen() -> anyhow::Result<Self> {
        let mut signals = EndSignals::listen()?;
        let word = Arc::new((AtomicBool::new(false), Notify::new()));
        let own = Arc::clone(&word);
        tokio::spawn(async move {
            signals.next().await;
            own.0.store(true, Ordering::Relaxed);
            own.1.notify_one();
        });
        Ok(Self(word))
    }

    fn has_come(&self) -> bool {
        self.0.0.load(Ordering::Relaxed)
    }

    /// Goes on while nobody has asked for the end.
    fn check(&self) -> anyhow::Result<()> {
        if self.has_come() {
            bail!("interrupted");
        }
        Ok(())
    }

    /// Awaits something, or the end.
    async fn or<T>(&self, work: impl Future<Output = T>) -> anyhow::Result<T> {
        tokio::select! {
            done = work => Ok(done),
            () = self.0.1.notified() => bail!("interrupted"),
        }
    }
}

async fn import_into(
    store: &StationStore,
    (args, decisions): (&ImportArgs, Decisions),
    (bytes, districts): (&[u8], &[District]),
    end: &End,
) -> anyhow::Result<u8> {
    let name = args.file.file_name().and_then(|name| name.to_str());
    let filename = name.unwrap_or("sheet").to_owned();
    let source = args.source.clone().unwrap_or_else(|| filename.clone());
    let asked = Asked {
        coord: args.coord,
        mapping: mapping(store, args, &source).await?,
        source,
        filename,
        decisions,
    };
    let bar = progress_bar();
    let mut file = read((&asked, bytes, districts), &bar, end)?;
    end.or(args.geocode.place(store, &mut file)).await??;
    let sheet = Sheet::of(file);
    bar.set_message("comparing · 比对中");
    let basis = end.or(Basis::load(store, &asked.source)).await??;
    end.check()?;
    let comparison = Comparison::new((&sheet, &basis), &asked.decisions, districts)?;
    bar.finish_and_clear();
    end.check()?;
    import_listing::show(&comparison, args.lang)?;
    write_files(args, (&comparison, &asked), (bytes, districts))?;
    commit(store, args, (&comparison, &basis, &asked, bytes), end).await
}

async fn commit(
    store: &StationStore,
    args: &ImportArgs,
    (comparison, basis, asked, bytes): (&Comparison<'_>, &Basis, &Asked, &[u8]),
    end: &End,
) -> anyhow::Result<u8> {
    let is_clean = comparison.sheet.file.errors == 0 && !comparison.diff.is_open();
    let code = if is_clean {
        exit::DONE
    } else {
        exit::NOTHING_OR_PROBLEMS
    };
    if !args.commit {
        terminal::tell("dry run: nothing was written; --commit writes it · 试运行，未写入；加 --commit 写入");
        return Ok(code);
    }
    if comparison.is_datum_open() {
        bail!("the datum of the coordinates is not stated; say it with --coord, the evidence is above");
    }
    if comparison.diff.is_empty() {
        terminal::tell("nothing to write: the register says all of this already · 没有变化");
        return Ok(code);
    }
    let author = Author {
        name: args.author.clone(),
        why: None,
    };
    let fingerprint = intake::fingerprint(bytes, &asked.to_json());
    let imported = ImportedFile {
        name: &asked.filename,
        request: basis.request(&fingerprint),
        mapping: Some(comparison.sheet.file.mapping.to_json()),
    };
    let revision = basis.revision(&comparison.diff, &comparison.sheet.rows, (&author, &imported));
    end.or(write_revision(store, &revision, comparison.diff.counts()))
        .await??;
    Ok(code)
}

/// Writes what was shown, and tells the revision.
pub(super) async fn write_revision(
    store: &StationStore,
    revision: &NewRevision,
    counts: Counts,
) -> anyhow::Result<u64> {
    match store.commit(revision).await {
        Ok(committed) => {
            terminal::tell(format_args!(
                "revision {}: {} new, {} changed; `yizhan undo {0}` takes it back · 第{0}版已写入",
                committed.revision, counts.new, counts.changed
            ));
            Ok(committed.revision)
        }
        Err(StorageError::Stale(stale)) => bail!(
            "{} stations were changed by somebody else in this moment; run it again for a new comparison",
            stale.len()
        ),
        Err(error) => Err(error.into()),
    }
}

async fn mapping(store: &StationStore, args: &ImportArgs, source: &str) -> anyhow::Result<Option<Mapping>> {
    if let Some(path) = &args.mapping {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        return Ok(Some(
            Mapping::from_json(&text).with_context(|| path.display().to_string())?,
        ));
    }
    let remembered = store.mapping(source).await?;
    Ok(remembered.map(|text| Mapping::from_json(&text)).transpose()?)
}

fn read(
    (asked, bytes, districts): (&Asked, &[u8], &[District]),
    bar: &ProgressBar,
    end: &End,
) -> anyhow::Result<ReadFile> {
    bar.set_length(bytes.len() as u64);
    let read = Sheet::read_file(
        (&asked.filename, bytes),
        &asked.options(districts),
        (&|done| bar.set_position(done), &|| !end.has_come()),
    );
    end.check()?;
    Ok(read?)
}

fn write_files(
    args: &ImportArgs,
    (comparison, asked): (&Comparison<'_>, &Asked),
    (bytes, districts): (&[u8], &[District]),
) -> anyhow::Result<()> {
    if let Some(path) = &args.remarks {
        let is_csv = path.extension().is_some_and(|ending| ending == "csv");
        let format = if is_csv { CopyFormat::Csv } else { CopyFormat::Xlsx };
        // The rows of the file that was read have moved on into the comparison.
        let mut input = bytes;
        let read: ReadFile = import::read(
            &asked.filename,
            &mut input,
            &asked.options(districts),
            &|_done| {},
        )?;
        let reporter = Reporter::new(comparison);
        let reports = reporter.reports(0..reporter.len());
        write(
            path,
            &row_remark::copy((&read, bytes), reports, (format, args.lang))?,
        )?;
    }
    if let Some(path) = &args.save_mapping {
        write(path, comparison.sheet.file.mapping.to_json().as_bytes())?;
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    file::replace(path, bytes)?;
    terminal::tell(format_args!("wrote {}", path.display()));
    Ok(())
}

/// Takes a revision back.
pub fn undo(args: &UndoArgs) -> anyhow::Result<u8> {
    let author = Author {
        name: args.author.clone(),
        why: None,
    };
    let committed = with_store(&args.register.database, async |store| {
        let revision = undo::undo(&store, args.revision, &author).await?;
        Ok(store.commit(&revision).await?)
    })?;
    terminal::tell(format_args!(
        "revision {} takes {} back · 已撤销",
        committed.revision, args.revision
    ));
    Ok(exit::DONE)
}
