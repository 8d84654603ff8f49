//! Every example of the contract, executed; every answer validated against the schema that the contract gives it.

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use yizhan::register::token::Role;

use crate::client::Answer;
use crate::contract::{CONTRACT, Documented, documented, resolved};
use crate::service::{ITEMS, Kept};

/// What a build without pages shows in their place.
const PAGES_LEFT_OUT: &str = "驿站 yizhan\n";

/// Whether members that a schema requires may be missing, as `fields` lets them be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Completeness {
    Whole,
    Selected,
}

/// A validator for a schema of the contract: `OpenAPI` 3.0's dialect turned into JSON Schema 2020-12.
fn validator(schema: &Value, complete: Completeness) -> Validator {
    let mut root = converted(schema, complete);
    root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    root["components"] = json!({ "schemas": converted(&CONTRACT["components"]["schemas"], complete) });
    jsonschema::options()
        .should_validate_formats(true)
        .build(&root)
        .expect("a schema of the contract")
}

fn converted(schema: &Value, complete: Completeness) -> Value {
    let members = match schema {
        Value::Array(entries) => return entries.iter().map(|entry| converted(entry, complete)).collect(),
        Value::Object(members) => members,
        other => return other.clone(),
    };
    let mut out: Map<String, Value> = Map::new();
    for (name, value) in members {
        match name.as_str() {
            "nullable" | "example" | "exclusiveMinimum" if !value.is_object() => {}
            "required" if value.is_array() && complete == Completeness::Selected => {}
            "type" if value.is_string() && members.get("nullable") == Some(&json!(true)) => {
                out.insert(name.clone(), json!([value, "null"]));
            }
            "minimum" if members.get("exclusiveMinimum") == Some(&json!(true)) => {
                out.insert("exclusiveMinimum".to_owned(), value.clone());
            }
            _ => {
                out.insert(name.clone(), converted(value, complete));
            }
        }
    }
    out.into()
}

fn assert_valid(schema: &Value, answer: &Value, what: &str) {
    let complete = if what.contains("fields=") {
        Completeness::Selected
    } else {
        Completeness::Whole
    };
    let validator = validator(schema, complete);
    let errors: Vec<String> = validator
        .iter_errors(answer)
        .take(5)
        .map(|error| format!("{} at {}", error, error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{what} breaks its schema: {errors:#?}");
}

fn executed(kept: &Kept, example: &Value) -> (String, Answer) {
    let method = example["method"].as_str().unwrap_or("GET");
    let request = example["request"].as_str().expect("a request");
    let made = example["token"]
        .as_str()
        .map(|role| kept.made(role.parse().expect("a role")));
    let request = &with_names(kept, request);
    let request = &match &made {
        Some(made) => request.replace("{self}", &made.record.id),
        None => request.clone(),
    };
    let body = match &example["body"] {
        Value::Null => None,
        Value::String(text) => Some(text.clone().into_bytes()),
        json => Some(json.to_string().into_bytes()),
    };
    let headers = [
        ("content-type", "content_type"),
        ("accept", "accept"),
        ("if-match", "if_match"),
    ];
    let headers = headers
        .iter()
        .filter_map(|(header, member)| Some((*header, example[*member].as_str()?)));
    let mut headers: Vec<(&str, &str)> = headers.collect();
    let token = made.map(|made| format!("Bearer {}", made.secret));
    headers.extend(token.as_deref().map(|token| ("authorization", token)));
    let name = example["name"].as_str().expect("a name");
    (
        format!("`{name}`: {method} {request}"),
        kept.service.send(method, request, &headers, body),
    )
}

/// A request with what only this register knows in the place of names in braces.
fn with_names(kept: &Kept, request: &str) -> String {
    let import = || {
        let token = format!("Bearer {}", kept.editor);
        let sheet = "编号,名称,经度,纬度\nexample,示例驿站,109.9,18.6\n";
        let path = "/v1/imports?source=example&coord=wgs84";
        let made = kept
            .service
            .send("POST", path, &[("authorization", &token)], Some(sheet.into()));
        made.json()["id"].as_str().expect("an id").to_owned()
    };
    let edit = |seats: u32| {
        let body = json!({ "properties": { "seats": seats } });
        let path = format!("{ITEMS}/sy-040");
        let made = kept.edit("PATCH", &path, &[("if-match", "*")], Some(&body));
        made.json()["properties"]["revision"].to_string()
    };
    if request.contains("{import}") {
        request.replace("{import}", &import())
    } else if request.contains("{edit}") {
        request.replace("{edit}", &edit(901))
    } else if request.contains("{stale}") {
        let first = edit(902);
        edit(903);
        request.replace("{stale}", &first)
    } else if request.contains("{token}") {
        request.replace("{token}", &kept.made(Role::Reader).record.id)
    } else if request.contains("{feed}") {
        request.replace("{feed}", &kept.feed(None))
    } else if request.contains("{busy}") {
        request.replace("{busy}", &kept.busy_feed())
    } else if request.contains("{waiting}") {
        let sheet = "编号,名称,经度,纬度\nexample,示例驿站,109.9,18.6\n";
        request.replace("{waiting}", &kept.feed(Some(sheet)))
    } else {
        request.to_owned()
    }
}

/// The response that the contract has for the status; a wrong method has no operation, only a path.
fn response(entry: Documented, status: u16) -> &'static Value {
    let responses = &entry.operation["responses"];
    resolved(&responses[status.to_string()])
}

fn check(kept: &Kept, entry: Documented, example: &Value) {
    let (what, answer) = executed(kept, example);
    assert_eq!(
        u64::from(answer.status),
        example["status"].as_u64().expect("a status"),
        "{what}: {}",
        answer.text()
    );
    let response = response(entry, answer.status);
    assert!(
        response.is_object(),
        "{what}: the contract has no response {}",
        answer.status
    );
    if answer.status == 204 || answer.body.starts_with(PAGES_LEFT_OUT.as_bytes()) {
        return;
    }
    let content = response["content"].as_object().expect("content");
    let given = answer.header("content-type");
    let documented = content.get(given).or_else(|| content.get(answer.media_type()));
    let documented = documented.unwrap_or_else(|| unreachable!("{what}: `{given}` is not in the contract"));
    if answer.media_type().contains("json") {
        assert_valid(&documented["schema"], &answer.json(), &what);
    }
    for (name, header) in response["headers"].as_object().into_iter().flatten() {
        let value = answer.header(name);
        assert!(!value.is_empty(), "{what}: the contract has a header {name}");
        assert_valid(&resolved(header)["schema"], &json!(value), &what);
    }
    if answer.status >= 400 {
        let problem = answer.json();
        assert_eq!(given, "application/problem+json", "{what}");
        assert_eq!(problem["code"], example["code"], "{what}: {problem}");
        assert_eq!(
            problem["status"].as_u64(),
            Some(u64::from(answer.status)),
            "{what}"
        );
        assert_eq!(answer.header("cache-control"), "no-store", "{what}");
        for member in ["type", "title", "detail"] {
            assert!(
                problem[member].as_str().is_some_and(|text| !text.is_empty()),
                "{what}: no {member}"
            );
        }
    }
}

#[test]
fn every_example_of_the_contract_is_answered_as_it_says() {
    let kept = Kept::demo();
    let mut executed = 0;
    for entry in documented() {
        for example in entry.operation["x-examples"].as_array().into_iter().flatten() {
            check(&kept, entry, example);
            executed += 1;
        }
    }
    assert!(executed > 120, "only {executed} examples");
}

#[test]
fn every_problem_with_a_parameter_names_it_and_says_what_was_expected() {
    let kept = Kept::demo();
    for entry in documented() {
        for example in entry.operation["x-examples"].as_array().into_iter().flatten() {
            let code = example["code"].as_str().unwrap_or_default();
            if !code.ends_with("_parameter") {
                continue;
            }
            let (what, answer) = executed(&kept, example);
            let problem = answer.json();
            assert!(problem["parameter"].is_string(), "{what}: {problem}");
            assert!(
                problem["detail"]
                    .as_str()
                    .is_some_and(|detail| detail.contains("expected")),
                "{what}: {problem}"
            );
        }
    }
}

#[test]
fn the_documented_examples_within_the_schemas_fit_their_own_schemas() {
    let schemas = CONTRACT["components"]["schemas"].as_object().expect("schemas");
    for (name, schema) in schemas {
        if let Some(example) = schema.get("example") {
            assert_valid(schema, example, name);
        }
    }
    for (name, parameter) in CONTRACT["components"]["parameters"]
        .as_object()
        .expect("parameters")
    {
        if let Some(example) = parameter.get("example") {
            assert_valid(&parameter["schema"], example, name);
        }
    }
}
