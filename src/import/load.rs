//! From paths or bytes to one register: reads each file in its format and puts the results together.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::blocks::{self, Source};
use super::collection::CollectionCutter;
use super::csv::{self, Header};
use super::duplicates::{Row, sort_and_drop_same_ids, warn_of_same_places};
use super::hours::KnownHours;
use super::problem::{ProblemLog, RowProblem, Severity, shown};
use super::record::{Checker, Context};
use super::{
    ImportError, ImportFormat, ImportOptions, Imported, LoadedFile, MAX_FILE_BYTES, MAX_IGNORED_NAMES,
    MAX_PROBLEMS, MAX_STATIONS, geojson,
};
use crate::domain::station::Station;

/// What one piece of a file gave.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub(super) rows: u64,
    pub(super) stations: Vec<(u64, Station)>,
    pub(super) ignored: BTreeSet<String>,
    log: ProblemLog,
    ids_made: u64,
    datums_overridden: u64,
}

impl Parsed {
    /// Takes over what a checker noted.
    pub(super) fn take_from(&mut self, checker: Checker<'_>) {
        self.log = checker.log;
        self.ids_made = checker.ids_made;
        self.datums_overridden = checker.datums_overridden;
    }
}

/// Loads files and folders into one register.
///
/// Of a folder every `*.csv`, `*.tsv`, `*.geojson` and `*.json` is read, by name, not the
/// folders within. `progress` is called with bytes done and bytes in all after each few megabytes.
pub fn load(
    paths: &[PathBuf],
    options: &ImportOptions,
    progress: &dyn Fn(u64, u64),
) -> Result<Imported, ImportError> {
    let mut files = Vec::new();
    for path in paths {
        list_files(path, &mut files)?;
    }
    let mut total_bytes = 0;
    for path in &files {
        let bytes = fs::metadata(path)
            .map_err(|source| ImportError::Read {
                path: path.clone(),
                source,
            })?
            .len();
        if bytes > MAX_FILE_BYTES {
            return Err(ImportError::TooLarge { path: path.clone() });
        }
        total_bytes += bytes;
    }
    let mut collector = Collector::new(options);
    let mut done_bytes = 0;
    for path in &files {
        let mut file = File::open(path).map_err(|source| ImportError::Read {
            path: path.clone(),
            source,
        })?;
        let on_block = |bytes| progress(done_bytes + bytes, total_bytes.max(done_bytes + bytes));
        done_bytes += collector.read(path, &mut file, &on_block)?;
    }
    Ok(collector.finish())
}

/// Reads one document from memory. `name` is shown in messages; without a format it also tells that.
pub fn parse(
    bytes: &[u8],
    name: &str,
    format: Option<ImportFormat>,
    options: &ImportOptions,
) -> Result<Imported, ImportError> {
    let options = ImportOptions {
        format: format.or(options.format),
        ..*options
    };
    let mut collector = Collector::new(&options);
    let mut input = bytes;
    collector.read(Path::new(name), &mut input, &|_bytes| {})?;
    Ok(collector.finish())
}

fn list_files(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), ImportError> {
    let failed = |source| ImportError::Read {
        path: path.to_owned(),
        source,
    };
    if !fs::metadata(path).map_err(failed)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        let inside = entry.map_err(failed)?.path();
        if inside.is_file() && ImportFormat::infer_from_path(&inside).is_some() {
            found.push(inside);
        }
    }
    if found.is_empty() {
        return Err(ImportError::EmptyFolder {
            path: path.to_owned(),
        });
    }
    found.sort();
    files.append(&mut found);
    Ok(())
}

/// Puts the results of files together.
struct Collector<'o> {
    options: &'o ImportOptions,
    rows: Vec<Row>,
    log: ProblemLog,
    names: Vec<Arc<str>>,
    files: Vec<LoadedFile>,
    hours: Arc<KnownHours>,
}

/// One file while it is read: what is counted ends in one warning for the file.
struct FileNotes<'n> {
    path: &'n Path,
    on_block: &'n dyn Fn(u64),
    rows: u64,
    ignored: BTreeSet<String>,
    repeated: Vec<String>,
    ids_made: u64,
    datums_overridden: u64,
}

impl<'o> Collector<'o> {
    fn new(options: &'o ImportOptions) -> Self {
        Self {
            options,
            rows: Vec::new(),
            log: ProblemLog::with_limit(MAX_PROBLEMS),
            names: Vec::new(),
            files: Vec::new(),
            hours: Arc::default(),
        }
    }

    /// Reads one file and gives the number of its bytes.
    fn read(
        &mut self,
        path: &Path,
        input: &mut (dyn Read + Send),
        on_block: &dyn Fn(u64),
    ) -> Result<u64, ImportError> {
        let mut source = Source::open(path, input)?;
        let by_bytes = || ImportFormat::infer_from_bytes(&source.rest);
        let inferred = self
            .options
            .format
            .or_else(|| ImportFormat::infer_from_path(path))
            .or_else(by_bytes);
        let format = match inferred {
            _ if ImportFormat::infer_from_bytes(&source.rest).is_none() => {
                return Err(ImportError::Empty {
                    path: path.to_owned(),
                });
            }
            Some(format) => format,
            None => {
                return Err(ImportError::UnknownFormat {
                    path: path.to_owned(),
                });
            }
        };
        let name: Arc<str> = path.display().to_string().into();
        self.names.push(Arc::clone(&name));
        let stations_before = self.rows.len();
        let mut notes = FileNotes {
            path,
            on_block,
            rows: 0,
            ignored: BTreeSet::new(),
            repeated: Vec::new(),
            ids_made: 0,
            datums_overridden: 0,
        };
        match format {
            ImportFormat::Csv => self.read_table(&name, &mut source, &mut notes)?,
            ImportFormat::GeoJson => self.read_collection(&name, &mut source, &mut notes)?,
        }
        let bytes = source.bytes_read;
        let stations = (self.rows.len() - stations_before) as u64;
        self.files.push(LoadedFile {
            path: path.to_owned(),
            format,
            rows: notes.rows,
            stations,
        });
        self.warn_of_file(&name, &notes);
        Ok(bytes)
    }

    fn read_table(
        &mut self,
        name: &Arc<str>,
        source: &mut Source<'_>,
        notes: &mut FileNotes<'_>,
    ) -> Result<(), ImportError> {
        let path = source.path;
        let hours = Arc::clone(&self.hours);
        let context = Context {
            file: name,
            path,
            options: self.options,
            hours: &hours,
        };
        let header = Header::read(&source.rest, path)?;
        source.rest.drain(..header.bytes());
        notes.ignored = header.ignored.iter().take(MAX_IGNORED_NAMES).cloned().collect();
        notes.repeated.clone_from(&header.repeated);
        let mut cutter = header.cutter();
        let parse = |block: &[u8], piece: &blocks::Piece| csv::parse_piece(context, &header, (block, piece));
        blocks::run(source, &mut cutter, &parse, &mut |parsed, bytes| {
            self.take(notes, parsed, bytes)
        })
    }

    fn read_collection(
        &mut self,
        name: &Arc<str>,
        source: &mut Source<'_>,
        notes: &mut FileNotes<'_>,
    ) -> Result<(), ImportError> {
        let path = source.path;
        let hours = Arc::clone(&self.hours);
        let context = Context {
            file: name,
            path,
            options: self.options,
            hours: &hours,
        };
        let mut cutter = CollectionCutter::new(path);
        let parse = |block: &[u8], piece: &blocks::Piece| geojson::parse_piece(context, (block, piece));
        blocks::run(source, &mut cutter, &parse, &mut |parsed, bytes| {
            self.take(notes, parsed, bytes)
        })
    }

    fn take(
        &mut self,
        notes: &mut FileNotes<'_>,
        parsed: Vec<Parsed>,
        bytes: u64,
    ) -> Result<(), ImportError> {
        let file = self.names.len() - 1;
        for piece in parsed {
            notes.rows += piece.rows;
            notes.ids_made += piece.ids_made;
            notes.datums_overridden += piece.datums_overridden;
            let room = MAX_IGNORED_NAMES.saturating_sub(notes.ignored.len());
            let new = piece
                .ignored
                .into_iter()
                .filter(|name| !notes.ignored.contains(name))
                .take(room)
                .collect::<Vec<_>>();
            notes.ignored.extend(new);
            self.log.append(piece.log);
            self.rows
                .extend(piece.stations.into_iter().map(|(row, station)| Row {
                    station,
                    file,
                    number: row,
                }));
        }
        if self.rows.len() > MAX_STATIONS {
            return Err(ImportError::TooManyStations {
                path: notes.path.to_owned(),
            });
        }
        (notes.on_block)(bytes);
        Ok(())
    }

    fn warn_of_file(&mut self, name: &Arc<str>, notes: &FileNotes<'_>) {
        let listed = |names: &mut dyn Iterator<Item = &String>| {
            names
                .map(|name| format!("`{}`", shown(name)))
                .collect::<Vec<_>>()
                .join(", ")
        };
        if !notes.ignored.is_empty() {
            let names = listed(&mut notes.ignored.iter());
            let message = format!(
                "columns {names} are not known and were ignored; expected names such as `id`, `name`, `hours`"
            );
            self.warn(
                name,
                "ignored_columns",
                message,
                format!("未识别的列 {names} 已忽略；应为 `编号`、`名称`、`营业时间` 等列名"),
            );
        }
        if !notes.repeated.is_empty() {
            let names = listed(&mut notes.repeated.iter());
            let message = format!(
                "columns {names} say again what an earlier column says; expected one column, the first counts"
            );
            self.warn(
                name,
                "repeated_columns",
                message,
                format!("列 {names} 与前面的列重复；应只有一列，以第一列为准"),
            );
        }
        if notes.ids_made > 0 {
            let count = notes.ids_made;
            let message = format!(
                "`{count}` stations have no id and got one made of name and coordinate; expected a column `id`"
            );
            self.warn(
                name,
                "ids_made",
                message,
                format!("`{count}` 个站点没有编号，已由名称和坐标生成；应有 `编号` 列"),
            );
        }
        if notes.datums_overridden > 0 {
            let count = notes.datums_overridden;
            let message = format!(
                "`{count}` rows state another datum than the one that was asked for; expected them to agree, the asked one counts"
            );
            self.warn(
                name,
                "datum_overridden",
                message,
                format!("`{count}` 行的坐标系与指定的不同；应当一致，以指定的为准"),
            );
        }
    }

    fn warn(&mut self, file: &Arc<str>, code: &'static str, message: String, message_zh: String) {
        let file = Arc::clone(file);
        self.log.push(RowProblem {
            file,
            row: 0,
            field: None,
            severity: Severity::Warning,
            code,
            message,
            message_zh,
        });
    }

    fn finish(mut self) -> Imported {
        sort_and_drop_same_ids(&mut self.rows, &self.names, &mut self.log);
        warn_of_same_places(&self.rows, &self.names, &mut self.log);
        for (position, file) in self.files.iter_mut().enumerate() {
            file.stations = self.rows.iter().filter(|row| row.file == position).count() as u64;
        }
        let mut stations: Vec<Station> = self.rows.into_iter().map(|row| row.station).collect();
        stations.shrink_to_fit();
        let ProblemLog {
            kept: mut problems,
            errors,
            warnings,
            ..
        } = self.log;
        let position = |file: &str| self.names.iter().position(|name| **name == *file);
        problems.sort_by_key(|problem| (position(&problem.file), problem.row));
        let rows = self.files.iter().map(|file| file.rows).sum();
        Imported {
            stations,
            problems,
            errors,
            warnings,
            rows,
            files: self.files,
        }
    }
}
