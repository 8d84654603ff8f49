//! Every route in one list; a handler's module is named after the resource, its function after the method.

mod along_route;
mod audit;
mod changes;
mod contract;
mod coverage;
mod districts;
mod edit_item;
mod feeds;
mod health;
mod history;
mod import_rows;
mod imports;
mod inspections;
mod item;
mod items;
mod nearest;
mod ogc;
mod page;
mod search_items;
mod settings;
mod standards;
mod tickets;
mod timetable;
mod tokens;
mod undo;
mod visits;

use std::future::ready;

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, Resource, ResponseError as _, Route, guard, web};

use super::error::ApiError;
use super::params::Params;
use super::plan::{BY_HOUR_PARAMETERS, COVERAGE_PARAMETERS, GAPS_PARAMETERS, REPORT_PARAMETERS};
use super::server::Limits;
use super::state::Published;

/// One operation, as the contract has it.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path, with names in braces.
    pub path: &'static str,
    /// The query parameters that it reads, in one or more lists; every other one is an error.
    pub parameters: &'static [&'static [&'static str]],
}

const fn get(path: &'static str, parameters: &'static [&'static [&'static str]]) -> Operation {
    Operation {
        method: "GET",
        path,
        parameters,
    }
}

const fn post(path: &'static str, parameters: &'static [&'static [&'static str]]) -> Operation {
    Operation {
        method: "POST",
        path,
        parameters,
    }
}

const fn operation(
    method: &'static str,
    path: &'static str,
    parameters: &'static [&'static [&'static str]],
) -> Operation {
    Operation {
        method,
        path,
        parameters,
    }
}

/// Every operation; a test compares the list with `openapi.yaml` in both directions.
pub const OPERATIONS: &[Operation] = &[
    get("/v1/nearest", nearest::PARAMETERS),
    get("/v1/along-route", along_route::PARAMETERS),
    post("/v1/along-route", along_route::POST_PARAMETERS),
    get("/v1", &[]),
    get("/v1/conformance", &[]),
    get("/v1/collections", &[]),
    get("/v1/collections/stations", &[]),
    get("/v1/collections/stations/queryables", &[]),
    get("/v1/collections/stations/schema", &[]),
    get("/v1/collections/stations/items", items::PARAMETERS),
    post("/v1/collections/stations/items/search", items::PARAMETERS),
    get("/v1/collections/stations/items/{id}", item::PARAMETERS),
    post("/v1/collections/stations/items", edit_item::POST_PARAMETERS),
    operation(
        "PUT",
        "/v1/collections/stations/items/{id}",
        edit_item::PUT_PARAMETERS,
    ),
    operation(
        "PATCH",
        "/v1/collections/stations/items/{id}",
        edit_item::PUT_PARAMETERS,
    ),
    operation(
        "DELETE",
        "/v1/collections/stations/items/{id}",
        edit_item::DELETE_PARAMETERS,
    ),
    post("/v1/collections/stations/items/{id}/reports", &[]),
    post("/v1/collections/stations/items/{id}/visits", &[]),
    get(
        "/v1/collections/stations/items/{id}/statistics",
        visits::PARAMETERS,
    ),
    post("/v1/collections/stations/items/{id}/inspections", &[]),
    get(
        "/v1/collections/stations/items/{id}/inspections",
        inspections::PARAMETERS,
    ),
    get("/v1/collections/stations/items/{id}/history", history::PARAMETERS),
    get("/v1/tickets", tickets::PARAMETERS),
    get("/v1/tickets/{id}", &[]),
    operation("PATCH", "/v1/tickets/{id}", &[]),
    get("/v1/changes", changes::PARAMETERS),
    get("/v1/events", changes::EVENT_PARAMETERS),
    get("/v1/imports", &[]),
    post("/v1/imports", imports::POST_PARAMETERS),
    get("/v1/imports/{id}", &[]),
    operation("PATCH", "/v1/imports/{id}", &[]),
    operation("DELETE", "/v1/imports/{id}", &[]),
    get("/v1/imports/{id}/rows", import_rows::PARAMETERS),
    post("/v1/imports/{id}/commit", imports::COMMIT_PARAMETERS),
    post("/v1/revisions/{revision}/undo", &[]),
    get("/v1/me", &[]),
    get("/v1/tokens", &[]),
    post("/v1/tokens", &[]),
    operation("DELETE", "/v1/tokens/{id}", &[]),
    get("/v1/feeds", &[]),
    post("/v1/feeds", &[]),
    operation("DELETE", "/v1/feeds/{name}", &[]),
    post("/v1/feeds/{name}/runs", &[]),
    post("/v1/feeds/{name}/import", &[]),
    get("/v1/timetable", timetable::PARAMETERS),
    get("/v1/settings", &[]),
    get("/v1/coverage", COVERAGE_PARAMETERS),
    post("/v1/coverage", COVERAGE_PARAMETERS),
    get("/v1/coverage/gaps", GAPS_PARAMETERS),
    post("/v1/coverage/gaps", GAPS_PARAMETERS),
    get("/v1/coverage/by-hour", BY_HOUR_PARAMETERS),
    post("/v1/coverage/by-hour", BY_HOUR_PARAMETERS),
    get("/v1/report", REPORT_PARAMETERS),
    get("/v1/districts", &[]),
    get("/v1/districts/{adcode}", &[]),
    get("/v1/standards", &[]),
    get("/v1/standards/{id}", &[]),
    get("/v1/audit", audit::PARAMETERS),
    get("/v1/openapi.json", &[]),
    get("/v1/openapi.yaml", &[]),
    get("/docs", &[]),
    get("/plan", &[]),
    get("/keep", &[]),
    get("/", &[]),
    get("/sw.js", &[]),
    get("/manifest.webmanifest", &[]),
    get("/healthz", &[]),
    get("/readyz", &[]),
    get("/metrics", &[]),
];

/// Puts every route into an application; the server and the tests use this and nothing else.
pub fn configure(config: &mut web::ServiceConfig) {
    let stations = "/v1/collections/stations";
    config
        .service(read("/v1/nearest", web::route().to(nearest::get)))
        .service(read_and_post(
            "/v1/along-route",
            web::route().to(along_route::get),
            web::post().to(along_route::post),
        ))
        .service(read("/v1", web::route().to(ogc::landing_page)))
        .service(read("/v1/conformance", web::route().to(ogc::conformance)))
        .service(read("/v1/collections", web::route().to(ogc::collections)))
        .service(read(stations, web::route().to(ogc::collection)))
        .service(read(
            &format!("{stations}/queryables"),
            web::route().to(ogc::queryables),
        ))
        .service(read(&format!("{stations}/schema"), web::route().to(ogc::schema)))
        .service(read_and_post(
            &format!("{stations}/items"),
            web::route().to(items::get),
            web::post().to(edit_item::post),
        ))
        .service(
            // A station may well have the id `search`; nothing but the question in a polygon is a POST here.
            edited(resource(
                &format!("{stations}/items/search"),
                "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
            ))
            .route(reading(web::route().to(item::get_search)))
            .route(web::post().to(search_items::post)),
        )
        .service(
            edited(resource(
                &format!("{stations}/items/{{id}}"),
                "GET, HEAD, PUT, PATCH, DELETE, OPTIONS",
            ))
            .route(reading(web::route().to(item::get))),
        )
        .configure(configure_words)
        .service(read("/v1/changes", web::route().to(changes::get)))
        .service(read("/v1/events", web::route().to(changes::events)))
        .configure(configure_imports)
        .configure(configure_keeping)
        .service(read("/v1/timetable", web::route().to(timetable::get)))
        .service(read("/v1/settings", web::route().to(settings::get)))
        .configure(configure_planning)
        .service(read("/v1/districts", web::route().to(districts::list)))
        .service(read("/v1/districts/{adcode}", web::route().to(districts::get)))
        .service(read("/v1/standards", web::route().to(standards::list)))
        .service(read("/v1/standards/{id}", web::route().to(standards::get)))
        .service(read("/v1/audit", web::route().to(audit::get)))
        .service(read("/v1/openapi.json", web::route().to(contract::json)))
        .service(read("/v1/openapi.yaml", web::route().to(contract::yaml)))
        .configure(configure_pages)
        .service(read("/healthz", web::route().to(health::healthz)))
        .service(read("/readyz", web::route().to(health::readyz)))
        .service(read("/metrics", web::route().to(health::metrics)))
        .default_service(web::route().to(nothing_here));
}

/// The pages and what they are made of.
fn configure_pages(config: &mut web::ServiceConfig) {
    config
        .service(read("/docs", web::route().to(page::docs)))
        .service(read("/plan", web::route().to(page::plan)))
        .service(read("/keep", web::route().to(page::keep)))
        .service(read("/", web::route().to(page::find)))
        .service(read("/sw.js", web::route().to(page::worker)))
        .service(read("/manifest.webmanifest", web::route().to(page::manifest)))
        .service(read("/assets/{name:.*}", web::route().to(page::asset)));
}

/// The routes of imports, and of taking back.
fn configure_imports(config: &mut web::ServiceConfig) {
    config
        .service(read_and_post(
            "/v1/imports",
            web::route().to(imports::list),
            web::post().to(imports::post),
        ))
        .service(only(
            "/v1/imports/{id}",
            "GET, HEAD, PATCH, DELETE, OPTIONS",
            [
                web::route()
                    .guard(guard::Any(guard::Get()).or(guard::Head()))
                    .to(imports::get),
                web::patch().to(imports::patch),
                web::delete().to(imports::delete),
            ],
        ))
        .service(read("/v1/imports/{id}/rows", web::route().to(import_rows::get)))
        .service(only(
            "/v1/imports/{id}/commit",
            "POST, OPTIONS",
            [web::post().to(imports::commit)],
        ))
        .service(only(
            "/v1/revisions/{revision}/undo",
            "POST, OPTIONS",
            [web::post().to(undo::post)],
        ));
}

/// The routes of those who keep the register: who may do what, and where sheets are fetched from.
fn configure_keeping(config: &mut web::ServiceConfig) {
    config
        .service(read("/v1/me", web::route().to(tokens::me)))
        .service(read_and_post(
            "/v1/tokens",
            web::route().to(tokens::list),
            web::post().to(tokens::post),
        ))
        .service(only(
            "/v1/tokens/{id}",
            "DELETE, OPTIONS",
            [web::delete().to(tokens::delete)],
        ))
        .service(read_and_post(
            "/v1/feeds",
            web::route().to(feeds::list),
            web::post().to(feeds::post),
        ))
        .service(only(
            "/v1/feeds/{name}",
            "DELETE, OPTIONS",
            [web::delete().to(feeds::delete)],
        ))
        .service(post_only("/v1/feeds/{name}/runs", web::post().to(feeds::run)))
        .service(post_only(
            "/v1/feeds/{name}/import",
            web::post().to(feeds::import),
        ));
}

/// The routes of planners' questions.
fn configure_planning(config: &mut web::ServiceConfig) {
    config
        .service(read_and_post(
            "/v1/coverage",
            web::route().to(coverage::get),
            web::post().to(coverage::post),
        ))
        .service(read_and_post(
            "/v1/coverage/gaps",
            web::route().to(coverage::get_gaps),
            web::post().to(coverage::post_gaps),
        ))
        .service(read_and_post(
            "/v1/coverage/by-hour",
            web::route().to(coverage::get_by_hour),
            web::post().to(coverage::post_by_hour),
        ))
        .service(read("/v1/report", web::route().to(coverage::get_report)));
}

/// What is said of stations: by workers, by inspectors, by the log of changes.
fn configure_words(config: &mut web::ServiceConfig) {
    let item = "/v1/collections/stations/items/{id}";
    config
        .service(post_only(
            &format!("{item}/reports"),
            web::post().to(tickets::post_report),
        ))
        .service(post_only(&format!("{item}/visits"), web::post().to(visits::post)))
        .service(read(
            &format!("{item}/statistics"),
            web::route().to(visits::get_statistics),
        ))
        .service(read_and_post(
            &format!("{item}/inspections"),
            web::route().to(inspections::get),
            web::post().to(inspections::post),
        ))
        .service(read(&format!("{item}/history"), web::route().to(history::get)))
        .service(read("/v1/tickets", web::route().to(tickets::list)))
        .service(
            resource("/v1/tickets/{id}", "GET, HEAD, PATCH, OPTIONS")
                .route(reading(web::route().to(tickets::get)))
                .route(web::patch().to(tickets::patch)),
        );
}

/// The pattern of the route that a request took, for log lines and counters.
#[derive(Debug)]
pub struct RoutePattern(pub Box<str>);

/// A path that is read only.
fn read(path: &str, read: Route) -> Resource {
    resource(path, "GET, HEAD, OPTIONS").route(reading(read))
}

/// A path that also takes a question in a body.
fn read_and_post(path: &str, read: Route, post: Route) -> Resource {
    resource(path, "GET, HEAD, POST, OPTIONS")
        .route(reading(read))
        .route(post)
}

/// A path that only takes what is sent to it.
fn post_only(path: &str, post: Route) -> Resource {
    resource(path, "POST, OPTIONS").route(post)
}

/// A path with no method yet; `allowed` is what it will have.
fn resource(path: &str, allowed: &'static str) -> Resource {
    let wrong = move |request: HttpRequest| ready(wrong_method(&request, allowed));
    web::resource(path)
        .app_data(RoutePattern(path.into()))
        .default_service(web::route().to(wrong))
}

/// A route that answers GET and HEAD.
fn reading(route: Route) -> Route {
    route.guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// The methods that replace, change and remove a station.
fn edited(resource: Resource) -> Resource {
    resource
        .route(web::put().to(edit_item::put))
        .route(web::patch().to(edit_item::patch))
        .route(web::delete().to(edit_item::delete))
}

/// A path with these routes and no other method.
fn only(path: &str, allowed: &'static str, routes: impl IntoIterator<Item = Route>) -> Resource {
    let wrong = move |request: HttpRequest| ready(wrong_method(&request, allowed));
    let resource = web::resource(path).app_data(RoutePattern(path.into()));
    let resource = routes.into_iter().fold(resource, Resource::route);
    resource.default_service(web::route().to(wrong))
}

/// An answer without a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfflineAnswer {
    /// The text that the endpoint would send.
    pub text: String,
    /// How many stations are in it.
    pub found: usize,
}

/// The answer of `GET /v1/nearest`, `GET /v1/along-route` or `GET /v1/audit` without a server: the command line's
/// questions, read by the same rules and written by the same code.
pub fn offline(path: &str, query_string: &str, published: &Published) -> Result<OfflineAnswer, ApiError> {
    match path {
        "/v1/nearest" => nearest::offline(query_string, published),
        "/v1/along-route" => along_route::offline(query_string, published),
        "/v1/audit" => audit::offline(query_string, published),
        _ => Err(ApiError::NotFound {
            what: "path",
            given: path.to_owned(),
            expected: "/v1/nearest, /v1/along-route or /v1/audit",
        }),
    }
}

fn wrong_method(request: &HttpRequest, allowed: &str) -> HttpResponse {
    if request.method() == Method::OPTIONS {
        return HttpResponse::NoContent()
            .insert_header((actix_web::http::header::ALLOW, allowed))
            .finish();
    }
    let given = super::error::shortened(request.method().as_str());
    ApiError::MethodNotAllowed {
        given,
        allowed: allowed.to_owned(),
    }
    .error_response()
}

async fn nothing_here(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    Err(ApiError::NotFound {
        what: "path",
        given: super::error::shortened(request.path()),
        expected: "a path of the contract, see /docs or /v1/openapi.yaml",
    })
}

/// The check of an operation without query parameters.
fn no_parameters(request: &HttpRequest) -> Result<(), ApiError> {
    Params::parse(request.query_string(), &[]).map(|_| ())
}

/// Runs work that may take longer than half a millisecond off the threads that serve connections. The client waits no
/// longer than the limit; work that has begun goes on to its end, and every kind of work here has one.
async fn off_thread<T: Send + 'static>(
    request: &HttpRequest,
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    let limit = Limits::of(request).request_timeout;
    match tokio::time::timeout(limit, web::block(work)).await {
        Ok(Ok(result)) => result,
        Ok(Err(error)) => {
            tracing::error!(%error, "A thread that made an answer was lost");
            Err(ApiError::Internal)
        }
        Err(_elapsed) => Err(ApiError::RequestTimeout {
            limit_s: limit.as_secs(),
        }),
    }
}
