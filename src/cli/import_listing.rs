//! The listing of a dry run: how the columns were read, what the rows would do, and how to decide what is open.

use std::fmt::Write as _;
use std::io::Write as _;

use rayon::prelude::*;

use super::data::report;
use super::terminal;
use crate::domain::language::Language;
use crate::export::columns::{Align, push_table};
use crate::import::ReadFile;
use crate::register::row_report::{Reporter, RowOutcome, RowReport};
use crate::register::sheet::{Comparison, Totals};

/// Lines that are shown; a copy with remarks has all of them.
const SHOWN: usize = 20;
/// How to decide, in English and in Chinese.
const HOW: &str = "\
To decide, write a file and give it with --decisions (CSV, or the same as JSON: [{\"row\":7,\"decide\":\"skip\"}, …]):
用 --decisions 给出决定文件（CSV，或同样内容的 JSON）：
  row,decide,field,station
  7,skip,,            the row changes nothing · 跳过该行
  8,match,,ID         the row is this station · 该行对应此站点
  9,new,,             the row is a new station · 新增站点
  10,take,,           no duplicate of another row · 不是重复行，照常导入
  11,theirs,phone,    the sheet's value; without a field in all fields, without a row in all rows · 采用表格的值
  11,ours,,           the register's value · 保留登记的值
  ,delete,,ID         a missing station goes · 删除表中已没有的站点
";

/// Prints what was read and what it would change.
pub fn show(comparison: &Comparison<'_>, language: Language) -> anyhow::Result<()> {
    let file = &comparison.sheet.file;
    let mut out = String::new();
    push_columns(&mut out, file);
    if let Some(evidence) = &comparison.evidence {
        for sentence in evidence.sentences(language) {
            writeln!(out, "{sentence}")?;
        }
        out.push('\n');
    }
    push_rows(&mut out, comparison);
    let totals = comparison.totals();
    if totals.is_open() {
        out.push_str(HOW);
        out.push('\n');
    }
    push_totals(&mut out, totals, file);
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

fn push_totals(out: &mut String, totals: Totals, file: &ReadFile) {
    let counts = totals.diff;
    let mut line = format!(
        "new 新增 {} · changed 修改 {} · unchanged 未变 {} · conflict 冲突 {} · undecided 待定 {}",
        counts.new, counts.changed, counts.unchanged, counts.conflict, counts.undecided
    );
    for (label, count) in [
        ("skipped 跳过", counts.skipped as u64),
        ("perhaps twice 疑似重复", totals.duplicate),
        ("deleted 删除", counts.deleted as u64),
    ] {
        if count > 0 {
            line.extend([format!(" · {label} {count}")]);
        }
    }
    out.extend([format!(
        "{line} · missing 缺失 {} · without place 缺坐标 {} · errors 错误 {} · warnings 警告 {}\n",
        counts.missing, totals.unplaced, file.errors, file.warnings
    )]);
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

/// The first rows that change something, field by field, or wait for a decision; then how many more there are.
fn push_rows(out: &mut String, comparison: &Comparison<'_>) {
    let reporter = Reporter::new(comparison);
    let mut lines = Vec::new();
    let mut listed = 0;
    for report in reporter.reports(0..reporter.len()) {
        if lines.len() >= SHOWN {
            break;
        }
        lines.extend(lines_of(&report));
        listed += 1;
    }
    let rest: usize = (listed..reporter.len())
        .into_par_iter()
        .map(|line| {
            reporter
                .reports(line..line + 1)
                .map(|report| lines_of(&report).len())
                .sum::<usize>()
        })
        .sum();
    let more = lines.len().saturating_sub(SHOWN) + rest;
    lines.truncate(SHOWN);
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

/// The lines of one row: number, what happens, id, what of it.
fn lines_of(report: &RowReport) -> Vec<Vec<String>> {
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
    let number = report.row.map_or_else(|| "–".to_owned(), |row| row.to_string());
    let id = shown(&report.id);
    let line = |kind: &str, what: String| vec![number.clone(), kind.to_owned(), id.clone(), what];
    let mut lines = Vec::new();
    for word in &report.outcomes {
        match RowOutcome::from_word(word) {
            Some(RowOutcome::New) => lines.push(line(word, shown(&report.name))),
            Some(RowOutcome::Changed) => lines.extend(report.changes.iter().map(|change| {
                let (old, new) = (shown(&change.old), shown(&change.new));
                line(word, format!("{}: {old} → {new}", change.field))
            })),
            Some(RowOutcome::Conflict) => {
                let open = report
                    .conflicts
                    .iter()
                    .filter(|conflict| conflict.decided.is_none());
                lines.extend(open.map(|conflict| {
                    let (ours, theirs) = (shown(&conflict.ours), shown(&conflict.theirs));
                    line(word, format!("{}: {ours} ≠ {theirs}", conflict.field))
                }));
            }
            Some(RowOutcome::Undecided) => {
                let named = report
                    .candidates
                    .iter()
                    .map(|one| format!("{} {}", one.id, one.name));
                lines.push(line(word, named.collect::<Vec<_>>().join(" | ")));
            }
            Some(RowOutcome::Duplicate) => {
                let open = report.duplicates.iter().filter(|duplicate| !duplicate.is_decided);
                let later = open.filter(|duplicate| report.row < Some(duplicate.row));
                lines.extend(later.map(|duplicate| {
                    let (row, distance_m) = (duplicate.row, duplicate.distance_m);
                    line(word, format!("= {row}? {distance_m:.0} m, {}", duplicate.ground))
                }));
            }
            _ => {}
        }
    }
    lines
}
