//! The description as a page for people: text and tables, good without scripts.

use std::fmt::{self, Write as _};

use serde_json::{Map, Value};

/// The methods that are used, in the order they are shown.
const METHODS: [&str; 3] = ["get", "post", "delete"];
/// Where a schema's name begins in a reference.
const SCHEMAS: &str = "#/components/schemas/";

/// The page of a description.
pub(super) fn render(document: &Value) -> String {
    let mut page = String::new();
    write(&mut page, document).expect("writing into a text cannot fail");
    page
}

/// Text that is no markup, whatever it says; what stands in backticks is code.
struct Text<'a>(&'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, part) in self.0.split('`').enumerate() {
            let is_code = at % 2 == 1;
            if is_code {
                f.write_str("<code>")?;
            }
            for c in part.chars() {
                match c {
                    '&' => f.write_str("&amp;")?,
                    '<' => f.write_str("&lt;")?,
                    '>' => f.write_str("&gt;")?,
                    '"' => f.write_str("&quot;")?,
                    '\'' => f.write_str("&#39;")?,
                    _ => f.write_char(c)?,
                }
            }
            if is_code {
                f.write_str("</code>")?;
            }
        }
        Ok(())
    }
}

fn text<'a>(value: &'a Value, key: &str) -> Text<'a> {
    Text(value[key].as_str().unwrap_or_default())
}

fn write(page: &mut String, document: &Value) -> fmt::Result {
    let info = &document["info"];
    let (title, version) = (text(info, "title"), text(info, "version"));
    write!(
        page,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title} REST API</title><link rel=\"stylesheet\" href=\"/docs/style.css\"></head>\
         <body><header><h1>{title} REST API <small>{version}</small></h1><p>{}</p>\
         <p>For programs: <a href=\"/openapi.json\">openapi.json</a></p></header>",
        text(info, "description"),
    )?;
    let groups = groups(document);
    page.push_str("<nav aria-label=\"Resources\"><ul>");
    for (tag, _) in &groups {
        write!(page, "<li><a href=\"#{}\">{}</a></li>", anchor(tag), Text(tag))?;
    }
    page.push_str("<li><a href=\"#credentials\">Credentials</a></li>");
    page.push_str("<li><a href=\"#schemas\">Schemas</a></li></ul></nav><main>");
    credentials(page, document)?;
    for (tag, operations) in &groups {
        write!(page, "<section><h2 id=\"{}\">{}</h2>", anchor(tag), Text(tag))?;
        for (path, method, operation) in operations {
            self::operation(page, path, method, operation)?;
        }
        page.push_str("</section>");
    }
    schemas(page, document)?;
    page.push_str("</main></body></html>\n");
    Ok(())
}

type Groups<'a> = Vec<(&'a str, Vec<(&'a str, &'static str, &'a Value)>)>;

/// The operations by their tag, in the order of their addresses.
fn groups(document: &Value) -> Groups<'_> {
    let mut groups: Groups<'_> = Vec::new();
    for (path, item) in object(&document["paths"]) {
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            let tag = operation["tags"][0].as_str().unwrap_or("Others");
            let entry = (path.as_str(), method, operation);
            match groups.iter_mut().find(|(known, _)| *known == tag) {
                Some((_, operations)) => operations.push(entry),
                None => groups.push((tag, vec![entry])),
            }
        }
    }
    groups
}

fn credentials(page: &mut String, document: &Value) -> fmt::Result {
    page.push_str("<section><h2 id=\"credentials\">Credentials</h2><dl>");
    for (name, scheme) in object(&document["components"]["securitySchemes"]) {
        write!(
            page,
            "<dt><code>{}</code>, HTTP {}</dt><dd>{}</dd>",
            Text(name),
            text(scheme, "scheme"),
            text(scheme, "description"),
        )?;
    }
    page.push_str("</dl></section>");
    Ok(())
}

fn operation(page: &mut String, path: &str, method: &str, operation: &Value) -> fmt::Result {
    let id = operation["operationId"].as_str().unwrap_or_default();
    write!(
        page,
        "<article id=\"{}\"><h3><code><b>{}</b> {}</code></h3><p>{}</p>",
        anchor(id),
        method.to_ascii_uppercase(),
        Text(path),
        text(operation, "summary"),
    )?;
    if operation["description"].is_string() {
        write!(page, "<p>{}</p>", text(operation, "description"))?;
    }
    if let Some(security) = operation["security"].as_array() {
        let names: Vec<&str> =
            security.iter().flat_map(object).map(|(name, _)| name.as_str()).collect();
        let names = if names.is_empty() { "none".to_owned() } else { names.join(" or ") };
        write!(page, "<p>Credentials: {}</p>", Text(&names))?;
    }
    let parameters: Vec<&Value> =
        operation["parameters"].as_array().into_iter().flatten().collect();
    if !parameters.is_empty() {
        page.push_str("<table><caption>Parameters</caption><tbody>");
        for parameter in parameters {
            let name = parameter["name"].as_str().unwrap_or_default();
            let place = parameter["in"].as_str().unwrap_or_default();
            let kind = kind(&parameter["schema"]);
            let description = text(parameter, "description");
            row(page, name, &format!("{kind}, in the {}", Text(place)), &description)?;
        }
        page.push_str("</tbody></table>");
    }
    for (media, content) in object(&operation["requestBody"]["content"]) {
        let kind = kind(&content["schema"]);
        write!(page, "<p>Takes <code>{}</code>: {kind}</p>", Text(media))?;
    }
    page.push_str("<table><caption>Answers</caption><tbody>");
    for (status, answer) in object(&operation["responses"]) {
        let content = object(&answer["content"]).next();
        let kind =
            content.map_or_else(|| "nothing".into(), |(_, content)| kind(&content["schema"]));
        row(page, status, &kind, &text(answer, "description"))?;
    }
    page.push_str("</tbody></table></article>");
    Ok(())
}

fn schemas(page: &mut String, document: &Value) -> fmt::Result {
    page.push_str("<section><h2 id=\"schemas\">Schemas</h2>");
    for (name, schema) in object(&document["components"]["schemas"]) {
        write!(page, "<article id=\"schema-{}\"><h3>{}</h3>", anchor(name), Text(name))?;
        if schema["description"].is_string() {
            write!(page, "<p>{}</p>", text(schema, "description"))?;
        }
        let required: Vec<&Value> = schema["required"].as_array().into_iter().flatten().collect();
        if schema["properties"].is_object() {
            page.push_str("<table><tbody>");
            for (property, of) in object(&schema["properties"]) {
                let is_required = required.iter().any(|name| *name == property);
                let needed = if is_required { "" } else { ", may be missing" };
                row(page, property, &format!("{}{needed}", kind(of)), &text(of, "description"))?;
            }
            page.push_str("</tbody></table>");
        } else {
            write!(page, "<p>{}</p>", kind(schema))?;
        }
        page.push_str("</article>");
    }
    page.push_str("</section>");
    Ok(())
}

fn row(page: &mut String, name: &str, kind: &str, description: &Text<'_>) -> fmt::Result {
    write!(
        page,
        "<tr><th scope=\"row\"><code>{}</code></th><td>{kind}</td><td>{description}</td></tr>",
        Text(name),
    )
}

/// What a schema allows, in a few words of markup.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.strip_prefix(SCHEMAS)) {
        return format!("<a href=\"#schema-{}\">{}</a>", anchor(name), Text(name));
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        if let Some(choices) = schema[key].as_array() {
            return choices.iter().map(kind).collect::<Vec<_>>().join(" or ");
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        let word = |word: &Value| match word {
            Value::String(word) => format!("<code>{}</code>", Text(word)),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_) => Text(&word.to_string()).to_string(),
        };
        return words.iter().map(word).collect::<Vec<_>>().join(" or ");
    }
    let mut types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        Value::String(one) => vec![one],
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => vec!["anything"],
    };
    types.sort_unstable_by_key(|one| *one == "null");
    let items = &schema["items"];
    let mut words: Vec<String> = Vec::new();
    for one in types {
        words.push(match one {
            "array" if !items.is_null() => format!("list of {}", kind(items)),
            _ => Text(one).to_string(),
        });
    }
    let mut words = words.join(" or ");
    for (key, says) in [
        ("minimum", "at least "),
        ("maximum", "at most "),
        ("minLength", "characters: at least "),
        ("maxLength", "characters: at most "),
        ("default", "if not given: "),
    ] {
        match &schema[key] {
            Value::Null => {}
            Value::String(value) => words += &format!(", {says}<code>{}</code>", Text(value)),
            value @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                words += &format!(", {says}{}", Text(&value.to_string()));
            }
        }
    }
    if let Some(pattern) = schema["pattern"].as_str() {
        words += &format!(", <code>{}</code>", Text(&pattern.replace('`', "'")));
    }
    words
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

/// A name as an address within the page.
fn anchor(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_in_a_description_becomes_markup() {
        let evil = "<script>\"x\" & 'y'";
        let document = json!({
            "info": {"title": evil, "version": evil, "description": evil},
            "paths": {evil: {"get": {
                "tags": [evil], "operationId": evil, "summary": evil,
                "parameters": [{"name": evil, "in": evil, "schema": {"type": evil, "pattern": evil}}],
                "requestBody": {"content": {evil: {"schema": {"$ref": format!("{SCHEMAS}{evil}")}}}},
                "responses": {evil: {"description": evil}},
                "security": [{evil: []}],
            }}},
            "components": {
                "schemas": {evil: {"type": "object", "description": evil, "properties": {
                    evil: {"enum": [evil], "default": evil, "description": evil},
                }}},
                "securitySchemes": {evil: {"scheme": evil, "description": evil}},
            },
        });
        let page = render(&document);
        assert!(!page.contains("<script"), "{page}");
        assert!(!page.contains("\"x\"") && !page.contains("'y'"), "{page}");
    }

    #[test]
    fn what_stands_in_backticks_is_code() {
        assert_eq!(Text("a `b<c` d").to_string(), "a <code>b&lt;c</code> d");
        assert_eq!(Text("a ` b").to_string(), "a <code> b</code>");
    }

    #[test]
    fn a_schema_is_told_in_words() {
        let list =
            json!({"type": ["array", "null"], "items": {"$ref": format!("{SCHEMAS}Message")}});
        assert_eq!(kind(&list), "list of <a href=\"#schema-Message\">Message</a> or null");
        assert_eq!(kind(&json!({"enum": ["a", "b"]})), "<code>a</code> or <code>b</code>");
        let number = json!({"type": "integer", "minimum": 1, "default": 50});
        assert_eq!(kind(&number), "integer, at least 1, if not given: 50");
    }
}
