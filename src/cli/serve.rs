//! `yizhan serve`: takes the port, loads the data, answers until a signal ends it, reloads on SIGHUP.

use core::num::NonZeroU32;
use std::io::Write as _;
use std::sync::Arc;

use actix_web::rt::task::JoinHandle;
use anyhow::Context as _;
use clap::Args;
use clap::builder::FalseyValueParser;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::data::{DataArgs, Loaded};
use super::demand::DemandArgs;
use super::feed::RemoteArgs;
use super::{exit, register, terminal};
use crate::domain::datum::Datum;
use crate::http::{ApiState, BaseMap, Limits, Published, Server};
use crate::register::feed;
use crate::register::keeper::Keeper;
use crate::remote::Limits as RemoteLimits;
use crate::telemetry::{self, LogFormat};

/// Flags of `serve`.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(
        long,
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:8080",
        env = "YIZHAN_LISTEN"
    )]
    listen: String,
    /// Threads that serve connections; as many as processors when left out
    #[arg(long, value_name = "NUMBER", env = "YIZHAN_WORKERS", value_parser = clap::value_parser!(u16).range(1..=1024))]
    workers: Option<u16>,
    /// Form of log lines
    #[arg(long, value_enum, default_value = "text", env = "YIZHAN_LOG_FORMAT")]
    log_format: LogFormat,
    /// Which log lines: error, warn, info, debug, or a filter such as yizhan=debug
    #[arg(long, value_name = "FILTER", default_value = "info", env = "YIZHAN_LOG")]
    log: String,
    /// Ask for a token for reading, too
    #[arg(long, env = "YIZHAN_CLOSED", value_parser = FalseyValueParser::new())]
    closed: bool,
    /// Questions a second that one address may ask; as many as come when left out
    #[arg(long, value_name = "NUMBER", env = "YIZHAN_READS_PER_SECOND")]
    reads_per_second: Option<NonZeroU32>,
    /// Believe the address that a proxy names; only behind a proxy that always names it
    #[arg(long, env = "YIZHAN_TRUST_FORWARDED", value_parser = FalseyValueParser::new())]
    trust_forwarded: bool,
    #[command(flatten)]
    remote: RemoteArgs,
    #[command(flatten)]
    base_map: BaseMapArgs,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    demand: DemandArgs,
}

/// What pages draw below the stations.
#[derive(Debug, Clone, Args)]
struct BaseMapArgs {
    /// Base map of the pages: a style, or raster tiles with {z} {x} {y}; may be given several times, lowest first
    #[arg(
        long = "base-map",
        value_name = "URL",
        env = "YIZHAN_BASE_MAP",
        value_delimiter = ' '
    )]
    addresses: Vec<String>,
    /// Datum that the base map is drawn in: wgs84 or gcj02
    #[arg(
        long = "base-map-datum",
        value_name = "DATUM",
        default_value = "wgs84",
        env = "YIZHAN_BASE_MAP_DATUM"
    )]
    datum: Datum,
    /// Whom the base map is from, shown on it
    #[arg(long = "base-map-credit", value_name = "TEXT", env = "YIZHAN_BASE_MAP_CREDIT")]
    credit: Option<String>,
    /// More servers that a style loads from
    #[arg(
        long = "base-map-origin",
        value_name = "URL",
        env = "YIZHAN_BASE_MAP_ORIGIN",
        value_delimiter = ' '
    )]
    origins: Vec<String>,
}

impl BaseMapArgs {
    fn read(&self) -> anyhow::Result<Option<BaseMap>> {
        if self.addresses.is_empty() {
            return Ok(None);
        }
        let base_map = BaseMap {
            addresses: self.addresses.clone(),
            datum: self.datum,
            credit: self.credit.clone(),
            origins: self.origins.clone(),
        };
        Ok(Some(base_map.check()?))
    }
}

/// Serves until a signal ends it.
pub fn run(args: &ServeArgs) -> anyhow::Result<u8> {
    telemetry::start(args.log_format, &args.log).with_context(|| format!("--log `{}`", args.log))?;
    actix_web::rt::System::new().block_on(serve(args))
}

async fn serve(args: &ServeArgs) -> anyhow::Result<u8> {
    let state = ApiState::default();
    if let Some(base_map) = args.base_map.read()? {
        state.draw_on(base_map);
    }
    let mut limits = Limits {
        is_closed: args.closed,
        reads_per_second: args.reads_per_second,
        trust_forwarded: args.trust_forwarded,
        ..Limits::default()
    };
    if let Some(workers) = args.workers {
        limits.workers = usize::from(workers);
    }
    let server = bind(&args.listen, state.clone(), limits)?;
    let address = server.address()?;
    let running = server.start()?;
    let handle = running.handle();
    let mut running = actix_web::rt::spawn(running);

    // Before the greeting, so that whoever reads it may signal at once.
    let (mut end, mut reload) = (EndSignals::listen()?, signal(SignalKind::hangup())?);

    // The port is taken first, so that /healthz answers and /readyz says 503 while a large register is read.
    let first = tokio::select! {
        first = begin(args, &state) => first,
        () = end.next() => {
            handle.stop(false).await;
            return Ok(exit::DONE);
        }
    };
    let (keeper, summary) = match first {
        Ok(begun) => begun,
        Err(error) => {
            handle.stop(false).await;
            return Err(error);
        }
    };
    let place = example_place(state.published()?.as_ref());
    greet(&address.to_string(), &summary, &place);

    let is_ended_by_itself = attend(
        args,
        &state,
        keeper.as_deref(),
        (&mut running, &mut end, &mut reload),
    )
    .await?;
    if is_ended_by_itself {
        return Ok(exit::DONE);
    }
    state.close();
    tracing::info!("Ending: no new connections, requests that have begun are finished");
    tokio::select! {
        () = handle.stop(true) => {}
        // A second signal does not wait.
        () = end.next() => {}
    }
    Ok(exit::DONE)
}

/// Follows the register and reloads files on a signal, until a signal ends the server (`false`) or it ends by itself.
async fn attend(
    args: &ServeArgs,
    state: &ApiState,
    keeper: Option<&Keeper>,
    (running, end, reload): (&mut JoinHandle<std::io::Result<()>>, &mut EndSignals, &mut Signal),
) -> anyhow::Result<bool> {
    // Without a register there is nothing to follow.
    let follow = async {
        match keeper {
            Some(keeper) => keeper.follow().await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(follow);
    let feeds = fetch_feeds(keeper);
    tokio::pin!(feeds);
    let mut revision = 1;
    loop {
        tokio::select! {
            ended = &mut *running => {
                ended.context("the server's task")?.context("the server")?;
                return Ok(true);
            }
            () = end.next() => return Ok(false),
            () = &mut follow => {}
            () = &mut feeds => {}
            _ = reload.recv() => if keeper.is_some() {
                tracing::info!("Nothing to reload: the stations are in the database");
            } else {
                // A bad new file leaves the old data serving.
                match load(args, revision + 1).await {
                    Ok(Loaded { published, summary }) => {
                        revision += 1;
                        state.publish(published);
                        tracing::info!(revision, "Reloaded {summary}");
                    }
                    Err(error) => tracing::error!(revision, "Reload refused, revision {revision} goes on: {error:#}"),
                }
            }
        }
    }
}

/// Fetches the register's feeds when they are due; of several instances one at a time.
async fn fetch_feeds(keeper: Option<&Keeper>) {
    match keeper {
        Some(keeper) => feed::follow(keeper.store().clone(), keeper.remote().clone()).await,
        None => std::future::pending().await,
    }
}

fn bind(listen: &str, state: ApiState, limits: Limits) -> anyhow::Result<Server> {
    Server::bind(listen, state, limits).with_context(|| {
        format!("cannot listen on {listen}; is another program using the port? Try --listen 127.0.0.1:0")
    })
}

/// SIGTERM and SIGINT, which mean the same here.
pub(super) struct EndSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl EndSignals {
    pub(super) fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    pub(super) async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Loads and publishes what is to be served: from the register when there is one, else from files.
async fn begin(args: &ServeArgs, state: &ApiState) -> anyhow::Result<(Option<Arc<Keeper>>, String)> {
    if let Some(address) = &args.data.database {
        let remote = args.remote.client(RemoteLimits::default())?;
        let (keeper, summary) = register::serve(address, (state, remote), (&args.data, &args.demand)).await?;
        return Ok((Some(keeper), summary));
    }
    let Loaded { published, summary } = load(args, 1).await?;
    state.publish(published);
    Ok((None, summary))
}

async fn load(args: &ServeArgs, revision: u64) -> anyhow::Result<Loaded> {
    let (data, demand) = (args.data.clone(), args.demand.clone());
    tokio::task::spawn_blocking(move || demand.attach(data.load(revision)?))
        .await
        .context("the loading thread")?
}

/// Says where to look and what to try. A closed standard output is no reason not to serve.
fn greet(address: &str, summary: &str, place: &str) {
    drop(writeln!(
        terminal::output(),
        "{}",
        banner(address, summary, place)
    ));
}

/// A place near a station that was loaded, so that what is suggested finds something.
fn example_place(published: &Published) -> String {
    let stations = published.snapshot.stations();
    let middle = stations
        .get(stations.len() / 2)
        .map(|station| station.location.place());
    middle.map_or_else(
        || "lon=109.51&lat=18.25".to_owned(),
        |place| format!("lon={:.3}&lat={:.3}", place.lon_deg(), place.lat_deg()),
    )
}

fn banner(address: &str, summary: &str, place: &str) -> String {
    let base = format!("http://{address}");
    format!(
        "yizhan 驿站 listens on {base}\n  loaded {summary}\n\nTry · 试一试:\n  \
         {base}/\n  \
         {base}/v1/nearest?{place}&facilities=drinking_water,microwave&open=arrival&limit=3\n  \
         {base}/v1/nearest?{place}&f=txt&lang=zh\n\n\
         The contract for reading: {base}/docs · reload changed files: SIGHUP · end: Ctrl-C"
    )
}
