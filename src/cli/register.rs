//! Opens the register that a command works on.

use std::future::Future;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::Args;

use super::data::{DataArgs, Loaded};
use super::demand::DemandArgs;
use crate::http::{ApiState, Published};
use crate::locator::Snapshot;
use crate::register::keeper::{Keeper, Publish, first_load};
use crate::register::record;
use crate::remote::Remote;
use crate::storage::{DatabaseAddress, StationStore};

/// Where the register is that a command works on.
#[derive(Debug, Args)]
pub struct RegisterArg {
    /// Where the register is: a SQLite file or a postgres:// URL
    #[arg(
        long,
        value_name = "FILE|URL",
        default_value = "yizhan.db",
        env = "YIZHAN_DATABASE",
        hide_env_values = true,
        global = true
    )]
    pub database: String,
}

/// Runs work on a store to its end, for commands that do nothing beside it.
pub fn with_store<T, F: Future<Output = anyhow::Result<T>>>(
    address: &str,
    work: impl FnOnce(StationStore) -> F,
) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("starting threads")?;
    runtime.block_on(async {
        let store = open(address).await?;
        let done = work(store.clone()).await;
        store.close().await;
        done
    })
}

/// The address is read here and not by the parser of arguments, which would repeat a password in its errors.
async fn open(address: &str) -> anyhow::Result<StationStore> {
    let address: DatabaseAddress = address.parse()?;
    StationStore::open(&address)
        .await
        .with_context(|| format!("the register in {address}"))
}

/// The stations of a register, for commands that only read.
pub fn load(data: &DataArgs, address: &str) -> anyhow::Result<Loaded> {
    let (loaded, from) = with_store(address, async |store| {
        Ok((store.load().await?, store.address().to_string()))
    })?;
    let stations = record::stations(loaded.records)?;
    let summary = format!(
        "{} stations, revision {}, from {from}",
        stations.len(),
        loaded.revision
    );
    let snapshot = Snapshot::build(stations, data.reference()?, loaded.revision);
    Ok(Loaded {
        published: Published::new(snapshot),
        summary,
    })
}

/// Opens a register to serve and to write to, and publishes it. A new one is filled from `--stations` when that is given.
pub async fn serve(
    address: &str,
    (state, remote): (&ApiState, Remote),
    (data, demand): (&DataArgs, &DemandArgs),
) -> anyhow::Result<(Arc<Keeper>, String)> {
    let store = open(address).await?;
    let from = store.address().to_string();
    if !data.stations.is_empty() {
        fill(&store, data).await?;
    }
    let publish: Publish = {
        let state = state.clone();
        Arc::new(move |new| state.publish_changes(new))
    };
    let (keeper, stations, revision) = Keeper::open(store, remote, publish).await?;
    let (data, demand) = (data.clone(), demand.clone());
    let loaded = tokio::task::spawn_blocking(move || {
        let summary = format!("{} stations, revision {revision}, from {from}", stations.len());
        let snapshot = Snapshot::build(stations, data.reference()?, revision);
        demand.attach(Loaded {
            published: Published::new(snapshot),
            summary,
        })
    });
    let Loaded { published, summary } = loaded.await.context("the loading thread")??;
    let keeper = Arc::new(keeper);
    state.keep(Arc::clone(&keeper));
    state.publish(published);
    Ok((keeper, summary))
}

/// Fills a register that has no revision yet. One that has is left alone: the same command starts it again and again.
async fn fill(store: &StationStore, data: &DataArgs) -> anyhow::Result<()> {
    if store.revision().await? > 0 {
        tracing::info!(
            "The register has stations already; --stations is left aside, `yizhan import` brings changes in"
        );
        return Ok(());
    }
    let data = data.clone();
    let imported = tokio::task::spawn_blocking(move || data.imported());
    let imported = imported.await.context("the loading thread")??;
    if imported.stations.is_empty() {
        bail!("no station could be read from --stations; the register stays empty");
    }
    let files: Vec<String> = imported
        .files
        .iter()
        .map(|file| file.path.display().to_string())
        .collect();
    let revision = first_load(&imported.stations, "yizhan serve", &files.join(", "));
    store.commit(&revision).await?;
    Ok(())
}
