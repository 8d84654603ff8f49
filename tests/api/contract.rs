//! The contract and the routes: neither has anything that the other has not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::Value;
use yizhan::http::{ApiError, ImportRefused, KeepRefused, OPERATIONS};
use yizhan::import::ImportError;
use yizhan::register::apply::Refused;
use yizhan::register::row::InvalidDecision;
use yizhan::register::token::Role;

use crate::client::demo;
use crate::service::Kept;

/// The contract as it is kept.
pub static CONTRACT: LazyLock<Value> = LazyLock::new(|| {
    serde_norway::from_str(include_str!("../../openapi.yaml")).expect("the contract is YAML")
});

/// Follows a `$ref` within the contract.
pub fn resolved(node: &'static Value) -> &'static Value {
    let Some(reference) = node["$ref"].as_str() else {
        return node;
    };
    let pointer = reference
        .strip_prefix('#')
        .expect("a reference within the contract");
    CONTRACT
        .pointer(pointer)
        .unwrap_or_else(|| unreachable!("{reference} leads somewhere"))
}

/// An operation of the contract.
#[derive(Debug, Clone, Copy)]
pub struct Documented {
    pub method: &'static str,
    pub path: &'static str,
    pub operation: &'static Value,
}

impl Documented {
    /// Its parameters of one kind, `query` or `path`.
    pub fn parameters(&self, kind: &str) -> Vec<&'static Value> {
        let Some(parameters) = self.operation["parameters"].as_array() else {
            return Vec::new();
        };
        let parameters = parameters.iter().map(resolved);
        parameters.filter(|parameter| parameter["in"] == kind).collect()
    }

    /// The path with the example of each of its parameters, and all examples of the query.
    pub fn example_request(&self) -> String {
        let mut path = self.path.to_owned();
        for parameter in self.parameters("path") {
            let name = parameter["name"].as_str().expect("a name");
            path = path.replace(&format!("{{{name}}}"), &text_of(&parameter["example"]));
        }
        let query = self.parameters("query").into_iter();
        let pairs: Vec<String> = query
            .filter(|parameter| !parameter["example"].is_null())
            .map(|parameter| {
                let value = text_of(&parameter["example"]).replace('+', "%2B");
                format!("{}={value}", parameter["name"].as_str().expect("a name"))
            })
            .collect();
        if pairs.is_empty() {
            return path;
        }
        format!("{path}?{}", pairs.join("&"))
    }
}

impl Documented {
    /// Whether its answer is a stream that does not end; `tests/kept` reads those.
    pub fn is_endless(&self) -> bool {
        self.operation["x-endless"] == true
    }
}

/// Every operation of the contract.
pub fn documented() -> Vec<Documented> {
    let paths = CONTRACT["paths"].as_object().expect("paths");
    let mut all = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("operations") {
            let method = match method.as_str() {
                "get" => "GET",
                "post" => "POST",
                "put" => "PUT",
                "patch" => "PATCH",
                "delete" => "DELETE",
                other => unreachable!("{path} has the method {other}, which no test knows"),
            };
            all.push(Documented {
                method,
                path,
                operation,
            });
        }
    }
    all
}

/// An example as it stands in an address.
fn text_of(example: &Value) -> String {
    match example {
        Value::String(text) => text.clone(),
        Value::Array(entries) => entries.iter().map(text_of).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

#[test]
fn the_routes_and_the_contract_have_the_same_operations_with_the_same_parameters() {
    type Table<'a> = BTreeMap<(&'a str, &'a str), BTreeSet<&'a str>>;
    let name = |parameter: &'static Value| parameter["name"].as_str().expect("a name");
    let contract: Table<'_> = documented()
        .iter()
        .map(|entry| {
            let names = entry.parameters("query").into_iter().map(name).collect();
            ((entry.method, entry.path), names)
        })
        .collect();
    let routes: Table<'_> = OPERATIONS
        .iter()
        .map(|operation| {
            let names = operation.parameters.iter().copied().flatten().copied().collect();
            ((operation.method, operation.path), names)
        })
        .collect();
    assert_eq!(routes, contract);
    assert_eq!(routes.len(), OPERATIONS.len(), "an operation is listed twice");
}

#[test]
fn the_parameters_in_a_path_of_the_contract_are_those_that_it_names() {
    for entry in documented() {
        let in_path: BTreeSet<&str> = entry
            .path
            .split('/')
            .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        let named: BTreeSet<&str> = entry
            .parameters("path")
            .iter()
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        assert_eq!(in_path, named, "{}", entry.path);
    }
}

#[test]
fn every_operation_in_the_list_has_a_route() {
    let kept = Kept::with_a_report();
    for operation in OPERATIONS {
        let entry = documented()
            .into_iter()
            .find(|entry| (entry.method, entry.path) == (operation.method, operation.path))
            .expect("an entry of the contract");
        if entry.is_endless() {
            continue;
        }
        let request = entry.example_request();
        let answer = kept.service.send(operation.method, &request, &[], None);
        assert!(
            ![404, 405, 500].contains(&answer.status),
            "{} {request}: {}",
            operation.method,
            answer.status
        );
    }
}

#[test]
fn every_get_answers_the_examples_of_its_parameters_together() {
    let kept = Kept::with_a_report();
    for entry in documented() {
        let needs_token = entry.operation["security"].is_array();
        if entry.method == "GET" && !entry.is_endless() && !needs_token {
            let request = entry.example_request();
            let answer = kept.read("GET", entry, &request);
            assert_eq!(answer.status, 200, "{request}: {}", answer.text());
        }
    }
}

#[test]
fn every_operation_has_an_example_of_success_and_each_with_parameters_one_of_a_problem() {
    for entry in documented() {
        let examples = entry.operation["x-examples"].as_array().expect("examples");
        let has = |low: u64, high: u64| {
            let mut statuses = examples.iter().filter_map(|example| example["status"].as_u64());
            statuses.any(|status| (low..high).contains(&status))
        };
        assert!(
            entry.is_endless() || has(200, 300),
            "{} {} has no success",
            entry.method,
            entry.path
        );
        let takes_parameters = entry.operation["parameters"].is_array();
        assert!(
            !takes_parameters || has(400, 500),
            "{} {} has no problem",
            entry.method,
            entry.path
        );
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a list of every kind of error")]
fn the_codes_of_the_contract_are_those_that_an_error_can_have() {
    let text = String::new;
    let errors = [
        ApiError::UnknownParameter {
            name: text(),
            expected: text(),
        },
        ApiError::DuplicateParameter { name: text() },
        ApiError::MissingParameter {
            name: "",
            expected: text(),
        },
        ApiError::invalid("", "", ""),
        ApiError::Contradictory { name: "", detail: "" },
        ApiError::InvalidBody {
            problem: text(),
            expected: "",
        },
        ApiError::BodyTooLarge {
            limit_bytes: 0,
            expected: "",
        },
        ApiError::UnsupportedMediaType {
            given: text(),
            expected: "",
        },
        ApiError::NotAcceptable {
            given: text(),
            offered: "",
        },
        ApiError::NotFound {
            what: "",
            given: text(),
            expected: "",
        },
        ApiError::MethodNotAllowed {
            given: text(),
            allowed: text(),
        },
        ApiError::RequestTimeout { limit_s: 0 },
        ApiError::NoDemand { problem: text() },
        ApiError::AnswerTooLarge {
            what: "",
            limit: 0,
            instead: "",
        },
        ApiError::BadStation { problems: Vec::new() },
        ApiError::BadFields {
            what: "",
            problems: Vec::new(),
        },
        ApiError::StaleTicket {
            id: 1,
            current: Value::Null,
        },
        ApiError::TicketClosed {
            id: 1,
            current: Value::Null,
        },
        ApiError::Unauthorized {
            reason: text(),
            needed: Role::Editor,
        },
        ApiError::Forbidden {
            role: Role::Reader,
            needed: Role::Editor,
        },
        ApiError::Taken {
            id: text(),
            current: Value::Null,
        },
        ApiError::Similar {
            candidates: Value::Null,
        },
        ApiError::Stale {
            id: text(),
            current: Value::Null,
            given: Value::Null,
        },
        ImportRefused::BadFile(ImportError::Standards { reason: text() }).into(),
        ImportRefused::UnfitDecision(InvalidDecision::UnknownRow(1)).into(),
        ImportRefused::BaseMoved { base: 1 }.into(),
        ImportRefused::AnotherVersion { version: 1 }.into(),
        ImportRefused::DatumNotStated.into(),
        ImportRefused::Committed { revision: 1 }.into(),
        ImportRefused::LaterEdits {
            refused: Refused::LaterEdits(Vec::new()),
            later: Vec::new(),
        }
        .into(),
        KeepRefused::OwnToken(text()).into(),
        KeepRefused::FeedExists(text()).into(),
        KeepRefused::FeedBusy(text()).into(),
        KeepRefused::NothingWaits(text()).into(),
        ApiError::TooManyRequests { wait_s: 1 },
        ApiError::PreconditionRequired,
        ApiError::ReadOnly,
        ApiError::StoreUnavailable,
        ApiError::Busy,
        ApiError::GivenUp,
        ApiError::NotReady,
        ApiError::Internal,
    ];
    let given: BTreeSet<&str> = errors
        .iter()
        .inspect(|error| is_listed(error))
        .map(ApiError::code)
        .collect();
    let listed = CONTRACT["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
        .as_array()
        .expect("codes");
    let listed: BTreeSet<&str> = listed.iter().filter_map(Value::as_str).collect();
    assert_eq!(given, listed);
}

/// Does not compile when there is a new kind of error; it belongs into the list above, too.
fn is_listed(error: &ApiError) {
    match error {
        ApiError::UnknownParameter { .. }
        | ApiError::DuplicateParameter { .. }
        | ApiError::MissingParameter { .. }
        | ApiError::InvalidParameter { .. }
        | ApiError::Contradictory { .. }
        | ApiError::InvalidBody { .. }
        | ApiError::BodyTooLarge { .. }
        | ApiError::UnsupportedMediaType { .. }
        | ApiError::NotAcceptable { .. }
        | ApiError::NotFound { .. }
        | ApiError::MethodNotAllowed { .. }
        | ApiError::RequestTimeout { .. }
        | ApiError::NoDemand { .. }
        | ApiError::AnswerTooLarge { .. }
        | ApiError::BadStation { .. }
        | ApiError::BadFields { .. }
        | ApiError::StaleTicket { .. }
        | ApiError::TicketClosed { .. }
        | ApiError::Unauthorized { .. }
        | ApiError::Forbidden { .. }
        | ApiError::Taken { .. }
        | ApiError::Similar { .. }
        | ApiError::Stale { .. }
        | ApiError::Import(
            ImportRefused::BadFile(_)
            | ImportRefused::BadDecisions(_)
            | ImportRefused::UnfitDecision(_)
            | ImportRefused::BaseMoved { .. }
            | ImportRefused::AnotherVersion { .. }
            | ImportRefused::DatumNotStated
            | ImportRefused::Committed { .. }
            | ImportRefused::LaterEdits { .. },
        )
        | ApiError::Keep(
            KeepRefused::OwnToken(_)
            | KeepRefused::FeedExists(_)
            | KeepRefused::FeedBusy(_)
            | KeepRefused::NothingWaits(_),
        )
        | ApiError::TooManyRequests { .. }
        | ApiError::PreconditionRequired
        | ApiError::ReadOnly
        | ApiError::StoreUnavailable
        | ApiError::Busy
        | ApiError::GivenUp
        | ApiError::NotReady
        | ApiError::Internal => {}
    }
}

#[test]
fn the_served_contract_is_the_kept_one_in_both_forms() {
    let yaml = demo().get("/v1/openapi.yaml");
    assert_eq!(yaml.text(), include_str!("../../openapi.yaml"));
    assert_eq!(
        yaml.header("content-type"),
        "application/vnd.oai.openapi;version=3.0"
    );
    let json = demo().get("/v1/openapi.json");
    assert_eq!(json.json(), *CONTRACT);
    assert_eq!(
        json.header("content-type"),
        "application/vnd.oai.openapi+json;version=3.0"
    );
}

#[test]
fn every_reference_in_the_contract_leads_somewhere_and_every_part_is_used() {
    fn references(node: &'static Value, found: &mut BTreeSet<&'static str>) {
        if let Some(reference) = node["$ref"].as_str() {
            found.insert(reference);
        }
        match node {
            Value::Array(entries) => entries.iter().for_each(|entry| references(entry, found)),
            Value::Object(members) => members.values().for_each(|entry| references(entry, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    references(&CONTRACT, &mut found);
    for reference in &found {
        let pointer = reference.strip_prefix('#').expect("a local reference");
        assert!(CONTRACT.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    for (kind, parts) in CONTRACT["components"].as_object().expect("components") {
        // Security is named without a reference.
        if kind == "securitySchemes" {
            continue;
        }
        for name in parts.as_object().expect("parts").keys() {
            let reference = format!("#/components/{kind}/{name}");
            assert!(
                found.contains(reference.as_str()),
                "{reference} is used by nothing"
            );
        }
    }
}
