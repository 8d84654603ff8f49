//! Builds the web pages into the binary: runs npm in `web/` and writes a table of the files for `include!`.
//!
//! `OUT_DIR/pages.rs` defines `static PAGES: &[Page]`, sorted by path (`index.html`, `assets/…`); the file that includes
//! it says what a `Page` is. `YIZHAN_PAGES` is `built`, or `left_out` when Node.js is missing, its build fails, or
//! `YIZHAN_SKIP_WEB=1` asks for it; then the table is empty and a warning says why.

use std::error::Error;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// What the pages are made from, relative to `web/`; a change of any of them builds the pages again.
const SOURCES: [&str; 12] = [
    "src",
    "public",
    "index.html",
    "docs.html",
    "plan.html",
    "keep.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "frame.ts",
    "precache.ts",
    "tsconfig.json",
];

/// How much of what npm printed goes into the warning.
const MAX_REASON_LINES: usize = 4;

fn main() -> Result<(), Box<dyn Error>> {
    let web = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("web");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=YIZHAN_SKIP_WEB");
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", web.join(source).display());
    }
    let pages = out.join("web");
    let built = build_pages(&web, &pages);
    let mut files = Vec::new();
    match &built {
        Ok(()) => list_files(&pages, &mut files)?,
        Err(reason) => println!("cargo::warning=pages are left out: {reason}"),
    }
    println!(
        "cargo::rustc-env=YIZHAN_PAGES={}",
        if built.is_ok() { "built" } else { "left_out" }
    );
    fs::write(out.join("pages.rs"), page_table(&pages, files)?)?;
    Ok(())
}

/// Installs what the pages are built with, unless it is there, and builds them into `pages`.
fn build_pages(web: &Path, pages: &Path) -> Result<(), String> {
    if env::var_os("YIZHAN_SKIP_WEB").is_some_and(|value| value == "1") {
        return Err("`YIZHAN_SKIP_WEB` is 1".to_owned());
    }
    if !is_installed(web) {
        run_npm(web, &["ci".as_ref(), "--no-audit".as_ref(), "--no-fund".as_ref()])?;
    }
    let build = [
        "run",
        "build",
        "--",
        "--emptyOutDir",
        "--logLevel",
        "warn",
        "--outDir",
    ]
    .map(OsStr::new);
    run_npm(web, &[&build[..], &[pages.as_os_str()]].concat())
}

/// Whether `node_modules` was installed after the lock file last changed.
fn is_installed(web: &Path) -> bool {
    let modified = |path: &str| web.join(path).metadata().and_then(|metadata| metadata.modified());
    match (
        modified("node_modules/.package-lock.json"),
        modified("package-lock.json"),
    ) {
        (Ok(installed), Ok(locked)) => installed >= locked,
        _ => false,
    }
}

/// Runs npm in `web`; the error is one line that says what failed, from the first line in which npm says "error".
fn run_npm(web: &Path, arguments: &[&OsStr]) -> Result<(), String> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let step = arguments
        .iter()
        .take(2)
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ");
    let output = Command::new(npm)
        .args(arguments)
        .current_dir(web)
        .output()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => "npm was not found; install Node.js 20.19 or later".to_owned(),
            _ => format!("`npm {step}` did not start: {error}"),
        })?;
    if output.status.success() {
        return Ok(());
    }
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8_lossy(&printed);
    let lines: Vec<&str> = printed
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let says_error = |line: &&str| line.to_ascii_lowercase().contains("error");
    let first = lines
        .iter()
        .position(says_error)
        .unwrap_or(lines.len().saturating_sub(MAX_REASON_LINES));
    let reason: Vec<&str> = lines.iter().skip(first).take(MAX_REASON_LINES).copied().collect();
    Err(format!("`npm {step}` failed: {}", reason.join(" | ")))
}

/// Collects every file below `folder`.
fn list_files(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list_files(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// The source of `pages.rs`. A file `x.br` is not a page of its own: it is `x`, compressed.
fn page_table(pages: &Path, mut files: Vec<PathBuf>) -> Result<String, Box<dyn Error>> {
    files.sort();
    let mut table =
        String::from("/// Every file of the web pages, sorted by path.\nstatic PAGES: &[Page] = &[\n");
    for file in files {
        if file.extension() == Some(OsStr::new("br")) {
            continue;
        }
        let path = file.strip_prefix(pages)?.to_string_lossy().replace('\\', "/");
        let content_type =
            content_type(&file).ok_or_else(|| format!("no content type is known for `{path}`"))?;
        let source = file
            .to_str()
            .ok_or_else(|| format!("the path of `{path}` is not UTF-8"))?;
        let compressed = format!("{source}.br");
        let brotli = if Path::new(&compressed).exists() {
            format!("Some(include_bytes!({compressed:?}))")
        } else {
            "None".to_owned()
        };
        let mut hasher = DefaultHasher::new();
        fs::read(&file)?.hash(&mut hasher);
        let etag = format!("W/\"{:016x}\"", hasher.finish());
        writeln!(
            table,
            "    Page {{ path: {path:?}, content_type: {content_type:?}, etag: {etag:?}, \
             bytes: include_bytes!({source:?}), brotli: {brotli} }},"
        )?;
    }
    table.push_str("];\n");
    Ok(table)
}

/// The content type by the extension; `None` for one that the pages are not known to have.
fn content_type(file: &Path) -> Option<&'static str> {
    match file.extension()?.to_str()? {
        "html" => Some("text/html; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        "png" => Some("image/png"),
        "json" => Some("application/json"),
        "webmanifest" => Some("application/manifest+json"),
        "md" => Some("text/plain; charset=utf-8"),
        _ => None,
    }
}
