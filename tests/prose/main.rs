//! Opening hours and facilities in prose, against tables that were written from the language.

#[path = "../shared_data/mod.rs"]
mod shared_data;

mod facilities;
mod hours;
mod hours_minutes;
mod registers;

/// The rows of a table with tabs, without its header.
fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().skip(1).map(|line| line.split('\t').collect())
}
