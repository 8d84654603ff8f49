//! The running server: sockets, limits, middleware, and an end that lets begun requests finish.

use core::num::NonZeroU32;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::time::Duration;

use actix_cors::Cors;
use actix_web::http::header::{
    ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH, LINK, LOCATION,
    RETRY_AFTER,
};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpRequest, HttpServer, web};

use super::long_work::LongWork;
use super::observe::{self, STALE_SECONDS};
use super::routes;
use super::state::ApiState;

/// What a client cannot exceed.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Time for the head of a request to arrive; a slower client is cut off with 408.
    pub head_timeout: Duration,
    /// Time for a body to arrive, and for an answer that is made off the serving threads.
    pub request_timeout: Duration,
    /// Time that an idle connection is kept.
    pub keep_alive: Duration,
    /// Time that begun requests have to finish after a signal to end, seconds.
    pub shutdown_timeout_s: u64,
    /// Connections at a time for each worker.
    pub max_connections: usize,
    /// Threads that serve connections.
    pub workers: usize,
    /// Pieces of long work at a time; each uses every processor, so more would only be slower together.
    pub long_work: usize,
    /// Time that a request waits for its turn at long work.
    pub long_work_wait: Duration,
    /// Questions a second from one address; `None`: as many as come.
    pub reads_per_second: Option<NonZeroU32>,
    /// Whether the address that a proxy names is believed; only behind a proxy that always names it.
    pub trust_forwarded: bool,
    /// Whether reading needs a token, too.
    pub is_closed: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(30),
            keep_alive: Duration::from_secs(75),
            shutdown_timeout_s: 30,
            max_connections: 10_000,
            workers: std::thread::available_parallelism().map_or(2, usize::from),
            long_work: 2,
            long_work_wait: Duration::from_secs(10),
            reads_per_second: None,
            trust_forwarded: false,
            is_closed: false,
        }
    }
}

/// A server that holds its port and has not begun to answer.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    state: ApiState,
    limits: Limits,
}

impl Limits {
    /// The limits under which a request is served.
    pub(super) fn of(request: &HttpRequest) -> Self {
        request
            .app_data::<web::Data<Self>>()
            .map_or_else(Self::default, |limits| ***limits)
    }
}

impl Server {
    /// Takes the port; port 0 takes a free one.
    pub fn bind(listen: impl ToSocketAddrs, state: ApiState, limits: Limits) -> std::io::Result<Self> {
        Ok(Self {
            listener: TcpListener::bind(listen)?,
            state,
            limits,
        })
    }

    /// The address that it listens on.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// The server as a future that answers until its handle stops it. It installs no signal handlers.
    pub fn start(self) -> std::io::Result<actix_web::dev::Server> {
        self.start_with(|_nothing_more| {})
    }

    /// As [`Server::start`], with more routes behind the same middleware; the bench puts its fixed answer there.
    pub fn start_with(
        self,
        more: impl Fn(&mut web::ServiceConfig) + Clone + Send + 'static,
    ) -> std::io::Result<actix_web::dev::Server> {
        let Self {
            listener,
            state,
            limits,
        } = self;
        let long_work = LongWork::new(&limits);
        let server = HttpServer::new(move || {
            App::new()
                .app_data(web::Data::new(state.clone()))
                .app_data(web::Data::new(long_work.clone()))
                .app_data(web::Data::new(limits))
                .wrap(Compress::default())
                .wrap(cors())
                .wrap(from_fn(observe::let_in))
                .wrap(from_fn(observe::log_and_count))
                .configure(more.clone())
                .configure(routes::configure)
        });
        let server = server
            .workers(limits.workers)
            .client_request_timeout(limits.head_timeout)
            .keep_alive(limits.keep_alive)
            .max_connections(limits.max_connections)
            // A client that closes its side has gone, and the work for it is dropped.
            .h1_allow_half_closed(false)
            .shutdown_timeout(limits.shutdown_timeout_s)
            .disable_signals()
            .listen(listener)?;
        Ok(server.run())
    }
}

/// Reading is open to pages of any origin; nothing here knows cookies.
fn cors() -> Cors {
    Cors::default()
        .allow_any_origin()
        .send_wildcard()
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
        .allowed_headers([
            ACCEPT,
            ACCEPT_LANGUAGE,
            AUTHORIZATION,
            CONTENT_TYPE,
            IF_MATCH,
            IF_NONE_MATCH,
        ])
        .allowed_headers(["last-event-id", "x-yizhan-why"])
        .expose_headers([ETAG, LINK, LOCATION, RETRY_AFTER])
        .expose_headers([STALE_SECONDS])
        .max_age(86_400)
}
