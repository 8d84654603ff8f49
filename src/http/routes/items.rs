//! `GET /v1/collections/stations/items`: stations page by page (OGC API – Features).

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, Utc};
use geo::MultiPolygon;

use super::off_thread;
use crate::domain::bounds::Bounds;
use crate::domain::datum::Datum;
use crate::domain::facility::FacilitySet;
use crate::domain::filter::WordSet;
use crate::domain::text::TextQuery;
use crate::export::geojson::{Link, Source};
use crate::export::row::Row;
use crate::export::text::{self, TextSource};
use crate::export::{Style, csv, geojson};
use crate::http::conditions::{self, Arrival};
use crate::http::error::ApiError;
use crate::http::params::Params;
use crate::http::respond::{self, Format, Keep, Tagged};
use crate::http::state::{ApiState, Published};
use crate::locator::{ItemsPage, ItemsQuery, Period};

/// The most stations of a page.
pub const MAX_LIMIT: usize = 10_000;
/// The longest `q`, in characters.
const MAX_TEXT_CHARS: usize = 100;
/// Stations of a page when nothing is said.
const DEFAULT_LIMIT: usize = 100;
/// What a cursor begins with, so that one from elsewhere is told apart.
const CURSOR_MARK: &str = "after:";

/// The query parameters.
pub const PARAMETERS: &[&[&str]] = &[
    &["bbox", "datetime", "q", "limit", "cursor"],
    conditions::FILTERS,
    conditions::WRITING,
];

/// Answers with a page of stations.
pub async fn get(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    answer(&request, state.published()?, None).await
}

/// A page of stations, inside an area where one is given.
pub async fn answer(
    request: &HttpRequest,
    published: Arc<Published>,
    area: Option<MultiPolygon<f64>>,
) -> Result<HttpResponse, ApiError> {
    let params = Params::parse(request.query_string(), PARAMETERS)?;
    let format = Format::of(&params, request.headers())?;
    let style = conditions::style(&params, request.headers())?;
    let now = Utc::now();
    let is_search = area.is_some();
    let query = query(&params, &published, now, area)?;
    // Only `open=now` makes a page depend on the time of asking.
    let minute = (params.text("open") == Some("now")).then(|| published.snapshot.moment(now));
    let tag = Tagged {
        published: &published,
        minute,
        keep: Keep::Public,
    };
    let etag = tag.etag(request);
    if !is_search && respond::is_known(request, &etag) {
        return respond::tagged(request, tag, format.media_type(), || Ok(String::new()));
    }
    let (own, self_url) = (Arc::clone(&published), respond::self_url(request));
    let (text, links) = off_thread(request, move || {
        let page = own.snapshot.items(&query);
        let links = links(&own, &page, &self_url);
        let text = write(
            &own,
            &page,
            (format, &style),
            now,
            (&links, query.conditions.filter.facilities),
        );
        Ok((text, links))
    })
    .await?;
    let mut response = if is_search {
        respond::untagged(format.media_type(), text)
    } else {
        respond::tagged(request, tag, format.media_type(), || Ok(text))?
    };
    respond::add_links(&mut response, &links);
    Ok(response)
}

fn query(
    params: &Params<'_>,
    published: &Published,
    now: DateTime<Utc>,
    outline: Option<MultiPolygon<f64>>,
) -> Result<ItemsQuery, ApiError> {
    Ok(ItemsQuery {
        bounds: params.text("bbox").map(bounds).transpose()?,
        outline,
        period: params.text("datetime").map(period).transpose()?,
        text: params.text("q").map(text).transpose()?,
        conditions: conditions::conditions(
            params,
            &published.snapshot,
            now,
            (Arrival::Impossible, WordSet::ALL),
        )?,
        after: params.text("cursor").map(after).transpose()?,
        limit: params.limit(DEFAULT_LIMIT, MAX_LIMIT)?,
    })
}

/// Four numbers, or six of which the third and the last are heights, which nothing here has.
fn bounds(text: &str) -> Result<Bounds, ApiError> {
    let expected = "west,south,east,north in degrees, or six numbers with heights";
    let refused = |expected: &str| ApiError::invalid("bbox", text, expected);
    let numbers: Option<Vec<f64>> = text
        .split(',')
        .map(|n| n.trim().parse::<f64>().ok().filter(|n| n.is_finite()))
        .collect();
    let Some(&[west, south, east, north] | &[west, south, _, east, north, _]) = numbers.as_deref() else {
        return Err(refused(expected));
    };
    let corner = |lon, lat| conditions::place(lon, lat, Datum::Wgs84, ("bbox", "bbox"));
    Bounds::new(corner(west, south)?, corner(east, north)?)
        .map_err(|_invalid| refused("south at most north, as west,south,east,north"))
}

/// Words that stations must contain.
fn text(text: &str) -> Result<TextQuery, ApiError> {
    // An empty value was refused before, as it is of every parameter.
    if text.chars().count() > MAX_TEXT_CHARS {
        let expected = format!("1 to {MAX_TEXT_CHARS} characters");
        return Err(ApiError::invalid("q", text, expected));
    }
    Ok(TextQuery::new(text))
}

/// An instant or an interval of RFC 3339 times, with `..` or nothing for an open end.
fn period(text: &str) -> Result<Period, ApiError> {
    let refused = || {
        ApiError::invalid(
            "datetime",
            text,
            "an RFC 3339 time, or start/end with .. for an open end",
        )
    };
    let end = |text: &str| match text {
        "" | ".." => Ok(None),
        text => time_or_day(text).map(Some).ok_or_else(refused),
    };
    let Some((from, to)) = text.split_once('/') else {
        let (_, day) = end(text)?.ok_or_else(refused)?;
        return Ok(Period {
            from: Some(day),
            to: Some(day),
        });
    };
    let (from, to) = (end(from)?, end(to)?);
    if from.zip(to).is_some_and(|((from, _), (to, _))| from > to) {
        return Err(ApiError::invalid(
            "datetime",
            text,
            "a start that is not after the end",
        ));
    }
    Ok(Period {
        from: from.map(|(_, day)| day),
        to: to.map(|(_, day)| day),
    })
}

/// An RFC 3339 time with the day that it names, or a day alone, which begins at midnight.
fn time_or_day(text: &str) -> Option<(DateTime<Utc>, NaiveDate)> {
    // A `+` that was not percent-encoded arrives as a blank, which no time has.
    if let Ok(time) = DateTime::parse_from_rfc3339(&text.replace(' ', "+")) {
        return Some((time.to_utc(), time.date_naive()));
    }
    let day: NaiveDate = text.parse().ok()?;
    Some((day.and_time(chrono::NaiveTime::MIN).and_utc(), day))
}

/// The cursor of the page that begins after an id.
pub fn cursor(id: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{CURSOR_MARK}{id}"))
}

/// The id after which the page of a cursor begins.
pub fn after(cursor: &str) -> Result<Box<str>, ApiError> {
    let decoded = URL_SAFE_NO_PAD
        .decode(cursor)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let id = decoded
        .as_deref()
        .and_then(|text| text.strip_prefix(CURSOR_MARK))
        .map(Into::into);
    id.ok_or_else(|| ApiError::invalid("cursor", cursor, "the cursor of a `next` link"))
}

fn links(published: &Published, page: &ItemsPage, self_url: &str) -> Vec<Link> {
    let link = |href: String, rel, media_type| Link {
        href,
        rel,
        media_type,
        title: None,
    };
    let mut links = vec![link(self_url.to_owned(), "self", respond::GEO_JSON)];
    links.push(link(
        with_parameter(self_url, "f", "csv"),
        "alternate",
        "text/csv",
    ));
    let last = page
        .stations
        .last()
        .and_then(|&last| published.snapshot.stations().get(last as usize));
    if let (true, Some(last)) = (page.has_more, last) {
        links.push(link(
            with_parameter(self_url, "cursor", &cursor(last.id.as_str())),
            "next",
            respond::GEO_JSON,
        ));
    }
    links
}

/// An address with one query parameter set to a value that needs no encoding.
pub fn with_parameter(url: &str, name: &str, value: &str) -> String {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let is_other = |pair: &&str| pair.split('=').next() != Some(name) && !pair.is_empty();
    let mut pairs: Vec<&str> = query.split('&').filter(is_other).collect();
    let own = format!("{name}={value}");
    pairs.push(&own);
    format!("{path}?{}", pairs.join("&"))
}

fn write(
    published: &Published,
    page: &ItemsPage,
    (format, style): (Format, &Style),
    now: DateTime<Utc>,
    (links, asked): (&[Link], FacilitySet),
) -> String {
    let snapshot = &published.snapshot;
    let rows = || {
        page.stations
            .iter()
            .map(|&station| Row::item(station))
            .collect::<Vec<_>>()
    };
    match format {
        Format::GeoJson => geojson::items(
            Source {
                snapshot,
                parts: &published.parts,
                now,
            },
            page,
            style,
            links,
        ),
        Format::Csv => csv::items(snapshot, &published.parts, &rows(), style),
        Format::Text => text::lines(
            &TextSource {
                snapshot,
                travel: None,
                asked,
                language: style.language,
            },
            &rows(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_of_a_link_is_replaced_and_the_others_stay() {
        assert_eq!(
            with_parameter("http://h/p?a=1&cursor=x&b=2", "cursor", "y"),
            "http://h/p?a=1&b=2&cursor=y"
        );
        assert_eq!(with_parameter("http://h/p", "f", "csv"), "http://h/p?f=csv");
    }

    #[test]
    fn boxes_have_four_or_six_numbers_and_periods_a_start_before_their_end() {
        assert!(
            bounds("1,2,3,4").is_ok()
                && bounds("1,2,-5,3,4,9000").is_ok()
                && bounds("170,-10,-170,10").is_ok()
        );
        for bad in [
            "1,2,3",
            "1,2,3,4,5",
            "1,4,3,2",
            "a,b,c,d",
            "NaN,1,2,3",
            "18,109,19,110",
        ] {
            assert!(bounds(bad).is_err(), "{bad}");
        }
        assert!(period("2025-01-01T00:00:00Z/..").is_ok() && period("../2025-01-01T00:00:00Z").is_ok());
        for bad in [
            "..",
            "2025",
            "2026-01-01T00:00:00Z/2025-01-01T00:00:00Z",
            "2026-01-01T12:00:00Z/2026-01-01T11:59:59Z",
            "a/b",
        ] {
            assert!(period(bad).is_err(), "{bad}");
        }
    }
}
