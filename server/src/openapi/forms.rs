//! What is different of parameters: they are text or not there, never null, and a form that asks
//! for nothing need not be sent.

use serde_json::{Map, Value, json};

const FORM: &str = "application/x-www-form-urlencoded";

/// Takes null out of all parameters of a description.
pub(super) fn settle(document: &mut Value) {
    let mut forms = Vec::new();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let items = paths.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut);
    let operations: Vec<&mut Value> = items.flat_map(Map::values_mut).collect();
    for operation in operations {
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            not_null(&mut parameter["schema"]);
        }
        let pointer = format!("/requestBody/content/{}/schema/$ref", FORM.replace('/', "~1"));
        if let Some(name) = operation.pointer(&pointer).and_then(Value::as_str) {
            forms.push(name.to_owned());
        }
    }
    let mut optional = Vec::new();
    for name in forms {
        let schema = name.strip_prefix('#').and_then(|pointer| document.pointer_mut(pointer));
        let Some(schema) = schema else { continue };
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        properties.into_iter().flat_map(Map::values_mut).for_each(not_null);
        if schema["required"].as_array().is_none_or(Vec::is_empty) {
            optional.push(name);
        }
    }
    may_be_missing(document, &optional);
}

fn may_be_missing(document: &mut Value, forms: &[String]) {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let items = paths.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut);
    for body in items.flat_map(Map::values_mut).filter_map(|one| one.get_mut("requestBody")) {
        let name = body["content"][FORM]["schema"]["$ref"].as_str();
        if name.is_some_and(|name| forms.iter().any(|form| form == name)) {
            body["required"] = json!(false);
        }
    }
}

/// The schema without null among what it allows.
fn not_null(schema: &mut Value) {
    if let Some(types) = schema.get_mut("type").and_then(Value::as_array_mut) {
        types.retain(|one| one != "null");
        if let [one] = &types[..] {
            schema["type"] = one.clone();
        }
    }
    let Some(choices) = schema.get_mut("oneOf").and_then(Value::as_array_mut) else { return };
    choices.retain(|one| one["type"] != "null");
    if let [one] = &choices[..] {
        let mut one = one.clone();
        // What is said of the parameter is more exact than what is said of its type.
        if let Some(description) = schema.get("description") {
            one["description"] = description.clone();
        }
        *schema = one;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_never_null() {
        for (before, after) in [
            (json!({"type": ["string", "null"]}), json!({"type": "string"})),
            (
                json!({"description": "a", "oneOf": [{"type": "null"}, {"$ref": "#/x"}]}),
                json!({"description": "a", "$ref": "#/x"}),
            ),
            (json!({"type": "integer", "minimum": 1}), json!({"type": "integer", "minimum": 1})),
        ] {
            let mut schema = before;
            not_null(&mut schema);
            assert_eq!(schema, after);
        }
    }
}
