//! The flags that say who looks places up by their addresses, and what a person hears of it.

use clap::Args;

use super::data::row_bar;
use super::feed::RemoteArgs;
use super::terminal;
use crate::domain::geocode::{GeocodePrecision, GeocodeProvider};
use crate::import::ReadFile;
use crate::register::geocode::{self, Report};
use crate::remote::{Geocoder, Limits, default_per_second};
use crate::storage::StationStore;

/// Bytes that an answer may have.
const MAX_ANSWER_BYTES: u64 = 1024 * 1024;
/// Rows that are named one by one.
const NAMED: usize = 20;

/// How rows without coordinates get a place.
#[derive(Debug, Clone, Args)]
pub struct GeocodeArgs {
    /// Look rows without coordinates up by their addresses: amap, tianditu or nominatim; what is known only roughly is listed
    #[arg(long = "geocode", value_name = "SERVICE", env = "YIZHAN_GEOCODE")]
    provider: Option<GeocodeProvider>,
    /// Where the service is; its usual address when left out
    #[arg(long = "geocode-url", value_name = "URL", env = "YIZHAN_GEOCODE_URL")]
    url: Option<String>,
    /// The key of the service; better in the environment, where no list of processes shows it
    #[arg(
        long = "geocode-key",
        value_name = "KEY",
        env = "YIZHAN_GEOCODE_KEY",
        hide_env_values = true
    )]
    key: Option<String>,
    /// The city that the addresses are in, where they do not say it
    #[arg(long = "geocode-city", value_name = "NAME", env = "YIZHAN_GEOCODE_CITY")]
    city: Option<String>,
    /// Questions a second; 3 for amap and tianditu, 1 for nominatim when left out
    #[arg(
        long = "geocode-per-second",
        value_name = "NUMBER",
        env = "YIZHAN_GEOCODE_PER_SECOND"
    )]
    per_second: Option<f64>,
    #[command(flatten)]
    remote: RemoteArgs,
}

impl GeocodeArgs {
    /// Looks up what has no place, when that is asked for, and says what came of it.
    pub async fn place(&self, store: &StationStore, file: &mut ReadFile) -> anyhow::Result<()> {
        let Some(provider) = self.provider else {
            return Ok(());
        };
        if file.unplaced.is_empty() {
            return Ok(());
        }
        let remote = self.remote.client(Limits {
            max_bytes: MAX_ANSWER_BYTES,
            ..Limits::default()
        })?;
        let per_second = self.per_second.unwrap_or(default_per_second(provider));
        let given = (self.url.as_deref(), self.key.as_deref());
        let mut geocoder = Geocoder::new(remote, provider, given, per_second)?;
        let bar = row_bar();
        let city = self.city.as_deref();
        let progress = |done, all| {
            bar.set_length(all);
            bar.set_position(done);
        };
        let report = geocode::place(store, &mut geocoder, (file, city), &progress).await;
        bar.finish_and_clear();
        tell(&report?, provider);
        Ok(())
    }
}

fn tell(report: &Report, provider: GeocodeProvider) {
    let streets = report
        .placed
        .iter()
        .filter(|(_, precision)| *precision == GeocodePrecision::Street);
    terminal::tell(format_args!(
        "geocode 地理编码 ({provider}): {} placed 已定位, {} of them by their street only 仅到道路; {} asked 次请求",
        report.placed.len(),
        streets.count(),
        report.asked
    ));
    let lists = [
        (
            "known by their area only, not taken · 只到区域，未采用",
            &report.too_rough,
        ),
        ("not known · 查不到", &report.nothing),
        ("without an address · 没有地址", &report.without_address),
        ("not asked about · 未查询", &report.not_asked),
    ];
    for (what, rows) in lists.into_iter().filter(|(_, rows)| !rows.is_empty()) {
        let named: Vec<String> = rows.iter().take(NAMED).map(ToString::to_string).collect();
        let more = if rows.len() > NAMED { ", …" } else { "" };
        terminal::tell(format_args!(
            "{} rows {what}: {}{more}",
            rows.len(),
            named.join(", ")
        ));
    }
    if let Some(failure) = &report.failure {
        terminal::tell(format_args!("geocode 地理编码: {failure}"));
    }
}
