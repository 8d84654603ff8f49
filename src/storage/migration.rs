//! Brings the tables of a database up to what this version of the program knows; forward only, under a lock.
//!
//! # Why our own
//! The driver's migrator takes a lock on PostgreSQL only, and two commands that open the same new SQLite file at once is what
//! people do. Here all steps run in one transaction that shuts out every other writer on either database, so that a killed
//! start leaves the old tables or the new ones.

use sqlx::{AnyConnection, AssertSqlSafe, Executor as _, Row as _};

use super::StorageError;
use super::store::StationStore;

/// Every step, in order; step 1 is the first. Steps that were released never change.
const STEPS: &[(i64, &str)] = &[
    (1, include_str!("migrations/0001_register.sql")),
    (2, include_str!("migrations/0002_tokens.sql")),
    (3, include_str!("migrations/0003_imports.sql")),
    (4, include_str!("migrations/0004_dry_runs.sql")),
    (5, include_str!("migrations/0005_tickets.sql")),
    (6, include_str!("migrations/0006_feeds.sql")),
];

/// The schema that this program knows.
pub(super) const SCHEMA: i64 = 6;

/// Runs the steps that the database has not seen.
pub(super) async fn run(store: &StationStore) -> Result<(), StorageError> {
    const DOING: &str = "bringing its tables up to date";
    let failed = |source| store.failed(DOING, source);
    let mut transaction = store.begin_write(DOING).await?;
    let connection: &mut AnyConnection = &mut transaction;
    connection
        .execute("CREATE TABLE IF NOT EXISTS schema_steps (step BIGINT PRIMARY KEY)")
        .await
        .map_err(failed)?;
    let found: i64 = sqlx::query("SELECT COALESCE(MAX(step), 0) FROM schema_steps")
        .fetch_one(&mut *connection)
        .await
        .and_then(|row| row.try_get(0))
        .map_err(failed)?;
    if found > SCHEMA {
        return Err(StorageError::TooNew { found, known: SCHEMA });
    }
    for &(step, statements) in STEPS.iter().filter(|(step, _)| *step > found) {
        for statement in statements
            .split(';')
            .map(str::trim)
            .filter(|statement| !statement.is_empty())
        {
            connection
                .execute(AssertSqlSafe(statement.to_owned()))
                .await
                .map_err(failed)?;
        }
        sqlx::query("INSERT INTO schema_steps (step) VALUES ($1)")
            .bind(step)
            .execute(&mut *connection)
            .await
            .map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)
}
