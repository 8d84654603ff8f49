//! From paths or bytes to one register: reads each file in its format and puts the results together.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::duplicates::{Row, sort_and_drop_same_ids, warn_of_same_places};
use super::file::{self, FileRead, Settings};
use super::hours::KnownHours;
use super::mapping::Mapping;
use super::notes::note_file;
use super::problem::ProblemLog;
use super::record::Purpose;
use super::{
    ImportError, ImportFormat, ImportOptions, Imported, LoadedFile, MAX_FILE_BYTES, MAX_PROBLEMS,
    MAX_STATIONS,
};
use crate::domain::station::Station;

/// Loads files and folders into one register.
///
/// Of a folder every file whose name tells a format is read, by name, not the
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
    hours: KnownHours,
    mapping: Mapping,
}

impl<'o> Collector<'o> {
    fn new(options: &'o ImportOptions) -> Self {
        Self {
            options,
            rows: Vec::new(),
            log: ProblemLog::with_limit(MAX_PROBLEMS),
            names: Vec::new(),
            files: Vec::new(),
            hours: KnownHours::default(),
            mapping: Mapping::default(),
        }
    }

    /// Reads one file and gives the number of its bytes.
    fn read(
        &mut self,
        path: &Path,
        input: &mut (dyn Read + Send),
        on_block: &dyn Fn(u64),
    ) -> Result<u64, ImportError> {
        let name: Arc<str> = path.display().to_string().into();
        let settings = Settings {
            options: self.options,
            mapping: &self.mapping,
            purpose: Purpose::Register,
            hours: &self.hours,
        };
        let room = MAX_STATIONS.saturating_sub(self.rows.len());
        let mut read = file::read((path, &name), input, settings, (on_block, room))?;
        note_file(&mut read, &name, settings);
        Ok(self.take(path, name, read))
    }

    fn take(&mut self, path: &Path, name: Arc<str>, read: FileRead) -> u64 {
        let file = self.names.len();
        self.names.push(name);
        let taken = read.parsed.taken;
        self.files.push(LoadedFile {
            path: path.to_owned(),
            format: read.format,
            rows: read.parsed.rows,
            stations: taken.len() as u64,
        });
        self.log.append(read.parsed.log);
        self.rows.extend(taken.into_iter().map(|row| Row {
            station: row.station,
            file,
            number: row.number,
        }));
        read.bytes
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
