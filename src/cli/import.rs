//! `yizhan import` and `yizhan undo`: a sheet into the register as a dry run, then as one revision, and back.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;

use super::data::{progress_bar, report};
use super::geocode::GeocodeArgs;
use super::register::with_store;
use super::{exit, file, terminal};
use crate::domain::datum::Datum;
use crate::domain::district::District;
use crate::domain::language::Language;
use crate::export::columns::{Align, push_table};
use crate::import::{self, CopyFormat, Mapping, ReadFile, ReadOptions};
use crate::register::datum_evidence::{Forensics, Verdict};
use crate::register::diff::{Counts, Diff, Outcome};
use crate::register::edit::Author;
use crate::register::intake::{self, Basis, ImportedFile};
use crate::register::row::Decisions;
use crate::storage::{NewRevision, StationStore, StorageError};

/// Lines of each kind that are shown; a copy with remarks has all of them.
const SHOWN: usize = 20;

/// Flags of `import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The file: xlsx, xls, ods, CSV, TSV, GeoJSON or JSON lines
    file: PathBuf,
    /// Where the register is: a SQLite file or a postgres:// URL
    #[arg(
        long,
        value_name = "FILE|URL",
        default_value = "yizhan.db",
        env = "YIZHAN_DATABASE",
        hide_env_values = true
    )]
    database: String,
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
    /// Where the register is: a SQLite file or a postgres:// URL
    #[arg(
        long,
        value_name = "FILE|URL",
        default_value = "yizhan.db",
        env = "YIZHAN_DATABASE",
        hide_env_values = true
    )]
    database: String,
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
    with_store(&args.database, async |store| {
        import_into(&store, args, (&bytes, &districts)).await
    })
}

async fn import_into(
    store: &StationStore,
    args: &ImportArgs,
    (bytes, districts): (&[u8], &[District]),
) -> anyhow::Result<u8> {
    let name = args
        .file
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("sheet")
        .to_owned();
    let source = args.source.clone().unwrap_or_else(|| name.clone());
    let mapping = mapping(store, args, &source).await?;
    let mut file = read(args, (&name, bytes), (mapping.as_ref(), districts))?;
    args.geocode.place(store, &mut file).await?;
    let basis = Basis::load(store, &source).await?;
    let rows = intake::incoming(&file);
    let evidence = basis.datum_evidence(&file, districts);
    let diff = basis.compare(&rows, &Decisions::default())?;
    show(&file, &diff, evidence.as_ref(), args.lang)?;
    write_files(args, (&file, bytes))?;

    let counts = diff.counts();
    if !args.commit {
        terminal::tell("dry run: nothing was written; --commit writes it · 试运行，未写入；加 --commit 写入");
        return Ok(if file.errors > 0 || diff.is_open() {
            exit::NOTHING_OR_PROBLEMS
        } else {
            exit::DONE
        });
    }
    if evidence.is_some_and(|evidence| evidence.verdict != Verdict::NoDifference) {
        bail!("the datum of the coordinates is not stated; say it with --coord, the evidence is above");
    }
    if diff.is_empty() {
        terminal::tell("nothing to write: the register says all of this already · 没有变化");
        return Ok(exit::DONE);
    }
    let author = Author {
        name: args.author.clone(),
        why: None,
    };
    let imported = ImportedFile {
        name: &name,
        fingerprint: intake::fingerprint(bytes, &source),
        mapping: Some(file.mapping.to_json()),
    };
    write_revision(store, &basis.revision(&diff, &rows, (&author, &imported)), counts).await?;
    Ok(if file.errors > 0 || diff.is_open() {
        exit::NOTHING_OR_PROBLEMS
    } else {
        exit::DONE
    })
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
    args: &ImportArgs,
    (name, bytes): (&str, &[u8]),
    (mapping, districts): (Option<&Mapping>, &[District]),
) -> anyhow::Result<ReadFile> {
    let options = ReadOptions {
        datum: args.coord,
        format: None,
        mapping,
        districts,
    };
    let bar = progress_bar();
    bar.set_length(bytes.len() as u64);
    let mut input = bytes;
    let file = import::read(name, &mut input, &options, &|done| bar.set_position(done));
    bar.finish_and_clear();
    Ok(file?)
}

fn write_files(args: &ImportArgs, (read, bytes): (&ReadFile, &[u8])) -> anyhow::Result<()> {
    if let Some(path) = &args.remarks {
        let is_csv = path.extension().is_some_and(|ending| ending == "csv");
        let format = if is_csv { CopyFormat::Csv } else { CopyFormat::Xlsx };
        let copy = read.copy_with_remarks(bytes, &read.remarks(args.lang), (format, args.lang))?;
        write(path, &copy)?;
    }
    if let Some(path) = &args.save_mapping {
        write(path, read.mapping.to_json().as_bytes())?;
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    file::replace(path, bytes)?;
    terminal::tell(format_args!("wrote {}", path.display()));
    Ok(())
}

/// Prints what was read and what it would change.
pub(super) fn show(
    file: &ReadFile,
    diff: &Diff<'_>,
    evidence: Option<&Forensics>,
    language: Language,
) -> anyhow::Result<()> {
    let mut out = String::new();
    push_columns(&mut out, file);
    if let Some(evidence) = evidence {
        for sentence in evidence.sentences(language) {
            writeln!(out, "{sentence}")?;
        }
        out.push('\n');
    }
    push_rows(&mut out, diff);
    let counts = diff.counts();
    writeln!(
        out,
        "new 新增 {} · changed 修改 {} · unchanged 未变 {} · conflict 冲突 {} · undecided 待定 {} · missing 缺失 {} · without place 缺坐标 {} · errors 错误 {} · warnings 警告 {}",
        counts.new,
        counts.changed,
        counts.unchanged,
        counts.conflict,
        counts.undecided,
        counts.missing,
        file.unplaced.len(),
        file.errors,
        file.warnings
    )?;
    terminal::output().write_all(out.as_bytes())?;
    report(
        &file.problems,
        (
            file.errors + file.warnings,
            "; --remarks writes them into a copy of the sheet",
        ),
    );
    Ok(())
}

fn push_columns(out: &mut String, file: &ReadFile) {
    let rows: Vec<Vec<String>> = file
        .columns
        .iter()
        .map(|column| {
            let how = column.recognised.word().to_owned();
            vec![
                column.letter.clone(),
                column.header.clone(),
                column.targets.join(", "),
                how,
            ]
        })
        .collect();
    push_table(out, &[Align::Left; 4], &rows);
    if !rows.is_empty() {
        out.push('\n');
    }
}

/// Rows that change something, field by field, then those that wait for a decision.
fn push_rows(out: &mut String, diff: &Diff<'_>) {
    let mut lines: Vec<Vec<String>> = Vec::new();
    let mut more = 0_usize;
    let mut line = |number: u64, kind: &str, id: &str, what: String| {
        if lines.len() < SHOWN {
            lines.push(vec![number.to_string(), kind.to_owned(), id.to_owned(), what]);
        } else {
            more += 1;
        }
    };
    for row in &diff.rows {
        match &row.outcome {
            Outcome::New(station) => line(row.number, "new", station.id.as_str(), station.name.to_string()),
            Outcome::Known(known) => {
                let says = |station| {
                    move |part: &crate::register::part::Part| {
                        part.text(station).unwrap_or_else(|| "–".to_owned())
                    }
                };
                for part in &known.changed {
                    let (old, new) = (
                        says(known.before)(part),
                        known.after.as_ref().map(|after| says(after)(part)),
                    );
                    let what = format!("{}: {old} → {}", part.word(), new.unwrap_or_default());
                    line(row.number, "changed", known.before.id.as_str(), what);
                }
                for part in &known.conflicts {
                    let (mine, theirs) = (says(known.before)(part), says(&known.row.station)(part));
                    let what = format!("{}: {mine} ≠ {theirs}", part.word());
                    line(row.number, "conflict", known.before.id.as_str(), what);
                }
            }
            Outcome::Undecided(candidates) => {
                let named = candidates
                    .iter()
                    .map(|candidate| format!("{} {}", candidate.station.id.as_str(), candidate.station.name));
                line(
                    row.number,
                    "undecided",
                    "?",
                    named.collect::<Vec<_>>().join(" | "),
                );
            }
            Outcome::Skipped => {}
        }
    }
    push_table(
        out,
        &[Align::Right, Align::Left, Align::Left, Align::Left],
        &lines,
    );
    if more > 0 {
        out.extend(["… +", &more.to_string(), "\n"]);
    }
    if !lines.is_empty() {
        out.push('\n');
    }
}

/// Takes a revision back.
pub fn undo(args: &UndoArgs) -> anyhow::Result<u8> {
    let author = Author {
        name: args.author.clone(),
        why: None,
    };
    let committed = with_store(&args.database, async |store| {
        let revision = intake::undo(&store, args.revision, &author).await?;
        Ok(store.commit(&revision).await?)
    })?;
    terminal::tell(format_args!(
        "revision {} takes {} back · 已撤销",
        committed.revision, args.revision
    ));
    Ok(exit::DONE)
}
