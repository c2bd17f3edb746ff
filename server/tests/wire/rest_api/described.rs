//! The description, against itself and against the routes.

use std::collections::HashSet;

use serde_json::Value;

use super::stage::{FORM, Stage};

#[tokio::test]
async fn every_operation_has_a_name_of_its_own_and_words() {
    let stage = Stage::new().await;
    assert_eq!(stage.document["openapi"], "3.1.0");
    let mut names = HashSet::new();
    for operation in stage.operations() {
        let of = &operation.description;
        let name = of["operationId"].as_str().unwrap();
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "{name}");
        assert!(names.insert(name.to_owned()), "{name} comes twice");
        assert!(of["summary"].as_str().unwrap().ends_with('.'), "{}: {of}", operation.id());
        assert!(of["tags"].as_array().unwrap().len() == 1, "{}", operation.id());
        // No word for programs alone, and no address that is read without a description.
        let parameters = of["parameters"].as_array();
        for parameter in parameters.into_iter().flatten() {
            assert!(parameter["description"].is_string(), "{}: {parameter}", operation.id());
        }
    }
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    fn references<'a>(value: &'a Value, into: &mut Vec<&'a str>) {
        match value {
            Value::Object(map) => {
                into.extend(map.get("$ref").and_then(Value::as_str));
                map.values().for_each(|value| references(value, into));
            }
            Value::Array(list) => list.iter().for_each(|value| references(value, into)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let stage = Stage::new().await;
    let mut all = Vec::new();
    references(&stage.document, &mut all);
    assert!(all.len() > 100);
    for reference in all {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(stage.document.pointer(pointer).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn every_operation_is_served_and_answers_what_it_says() {
    let stage = Stage::new().await;
    // Reading first: removing takes away what the others ask for.
    let mut operations = stage.operations();
    operations.sort_by_key(|operation| match operation.method.as_str() {
        "GET" => 0,
        "POST" => 1,
        _ => 2,
    });
    for operation in operations {
        let path = stage.address(&operation, None);
        let answer = stage.ask(&operation, &path, &stage.auth, &[]).await;
        let described = &operation.description["responses"];
        let status = answer.status.to_string();
        assert!(described.get(&status).is_some(), "{}: {answer:?}", operation.id());
        if operation.method == "GET" && operation.is_secured() {
            assert_eq!(answer.status, 200, "{}: {answer:?}", operation.id());
        }
    }
}

// A parameter that nobody reads could be sent as often as one likes.
#[tokio::test]
async fn every_parameter_of_a_form_is_read() {
    let stage = Stage::new().await;
    let mut read = 0;
    for operation in stage.operations().iter().filter(|operation| operation.takes_a_form()) {
        let path = stage.address(operation, None);
        let fields = stage.fields(operation);
        assert!(!fields.is_empty(), "{}", operation.id());
        for field in fields {
            let value = stage.good(&field.schema);
            let others = stage.required(operation, &field.name);
            let mut form: Vec<_> = others.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            let wrong = if field.schema["type"] == "array" { "" } else { value.as_str() };
            form.extend([(field.name.as_str(), wrong), (field.name.as_str(), wrong)]);
            let answer = stage.ask(operation, &path, &stage.auth, &form).await;
            if field.name == "WebhookFilters" {
                assert_eq!(answer.status, 200, "any text is a filter");
                continue;
            }
            answer.is_error(400, &field.name);
            read += 1;
        }
    }
    assert!(read > 100, "{read}");
}

#[tokio::test]
async fn forms_are_of_the_type_that_is_read() {
    let stage = Stage::new().await;
    for operation in stage.operations() {
        let content = &operation.description["requestBody"]["content"];
        let Some(content) = content.as_object() else { continue };
        let types: Vec<&str> = content.keys().map(String::as_str).collect();
        let expected = if operation.path.contains("/Tokens") { "application/json" } else { FORM };
        assert_eq!(types, [expected], "{}", operation.id());
        assert_eq!(operation.method, "POST");
    }
}
