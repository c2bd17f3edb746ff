//! A server with one of each thing, and all that can be asked of it.

use frontdesk_protocol::id::{AccountSid, ServiceSid};
use frontdesk_server::{
    config::Config,
    storage::{Account, Service},
};
use serde_json::{Value, json};

use crate::served::{Answer, Served, basic, encoded};

/// How forms are encoded.
pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// A server with one of each thing.
pub(super) struct Stage {
    pub(super) served: Served,
    pub(super) auth: String,
    /// Of another account, which has nothing but a service.
    pub(super) stranger: String,
    pub(super) document: Value,
    names: Vec<(&'static str, String)>,
}

/// One operation of the description.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub(super) path: String,
    /// In capitals.
    pub(super) method: String,
    pub(super) description: Value,
}

/// A parameter of a form.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) schema: Value,
    pub(super) required: bool,
}

impl Stage {
    pub(super) async fn new() -> Self {
        let config = Config { chats_burst: 1_000.0, tokens_burst: 1_000.0, ..Config::default() };
        let served = Served::with(config).await;
        let account = served.world.account.clone();
        let auth = basic(account.as_str(), "auth-token");
        let document = served.ask("GET", "/openapi.json", &[], "").await.json();
        let store = served.world.app.store();
        let (sid, name) = (AccountSid::from_bits(2), "Other".to_owned());
        let other = Account { sid: sid.clone(), name: name.clone(), auth_token: "t".into() };
        store.put_account(other).await.unwrap();
        let service = Service { sid: ServiceSid::from_bits(2), account: sid.clone(), name };
        store.put_service(service).await.unwrap();
        let stranger = basic(sid.as_str(), "t");
        let mut stage = Self { served, auth, stranger, document, names: Vec::new() };
        stage.fill(&account).await;
        stage
    }

    async fn fill(&mut self, account: &AccountSid) {
        let services = self.served.world.app.store().services(account).await.unwrap();
        let service = services[0].sid.to_string();
        let at = format!("/v2/Services/{service}");
        let guest = self.served.guest().await;
        let channel = self.served.open_chat(&guest).await;
        let chat = format!("{at}/Channels/{channel}");
        let message = self.make(&format!("{chat}/Messages"), &[("Body", "Hello")]).await;
        let invite = self.make(&format!("{chat}/Invites"), &[("Identity", "invited")]).await;
        let webhook = [("Type", "webhook"), ("Configuration.Url", "https://example.com/")];
        let webhook = self.make(&format!("{chat}/Webhooks"), &webhook).await;
        let role = [("FriendlyName", "r"), ("Type", "channel"), ("Permission", "sendMessage")];
        let role = self.make(&format!("{at}/Roles"), &role).await;
        let key = self.make("/v1/Keys", &[("FriendlyName", "k")]).await;
        let flow = self.served.world.flow.to_string();
        self.names = vec![
            ("account", account.to_string()),
            ("service", service),
            ("channel", channel),
            ("message", message),
            ("member", guest.identity.clone()),
            ("user", guest.identity),
            ("invite", invite),
            ("webhook", webhook),
            ("role", role),
            ("key", key),
            ("flow", flow),
            ("site", "site".into()),
        ];
    }

    async fn make(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let headers = [("Authorization", self.auth.as_str()), ("Content-Type", FORM)];
        let answer = self.served.ask("POST", path, &headers, &encoded(fields)).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["sid"].as_str().unwrap().to_owned()
    }

    /// Everything that can be asked.
    pub(super) fn operations(&self) -> Vec<Operation> {
        let mut all = Vec::new();
        for (path, item) in self.document["paths"].as_object().unwrap() {
            for (method, description) in item.as_object().unwrap() {
                all.push(Operation {
                    path: path.clone(),
                    method: method.to_ascii_uppercase(),
                    description: description.clone(),
                });
            }
        }
        assert!(all.len() > 60, "the description has {} operations", all.len());
        all
    }

    /// The address of an operation on the things that are here, but for those that `instead` names.
    pub(super) fn address(&self, operation: &Operation, instead: Option<(&str, &str)>) -> String {
        let mut path = operation.path.clone();
        for (name, value) in &self.names {
            let value = match instead {
                Some((other, value)) if other == *name => value,
                Some(_) | None => value,
            };
            path = path.replace(&format!("{{{name}}}"), value);
        }
        assert!(!path.contains('{'), "{path} names something that is not on the stage");
        path
    }

    /// What is asked with these credentials and this form.
    pub(super) async fn ask(
        &self,
        operation: &Operation,
        path: &str,
        auth: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let mut headers = vec![("Authorization", auth)];
        if operation.method == "POST" {
            headers.push(("Content-Type", FORM));
        }
        self.served.ask(&operation.method, path, &headers, &encoded(fields)).await
    }

    /// The parameters of an operation's form; none if it takes none.
    pub(super) fn fields(&self, operation: &Operation) -> Vec<Field> {
        let schema = &operation.description["requestBody"]["content"][FORM]["schema"];
        let Some(reference) = schema["$ref"].as_str() else { return Vec::new() };
        let schema = self.document.pointer(reference.strip_prefix('#').unwrap()).unwrap();
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let of = |(name, schema): (&String, &Value)| Field {
            name: name.clone(),
            schema: schema.clone(),
            required: required.contains(&json!(name)),
        };
        schema["properties"].as_object().unwrap().iter().map(of).collect()
    }

    /// All that a form cannot do without, but this one. A message has a text, or a file.
    pub(super) fn required(&self, operation: &Operation, but: &str) -> Vec<(String, String)> {
        let fields = self.fields(operation).into_iter();
        let others = fields.filter(|field| field.required || field.name == "Body");
        let others = others.filter(|field| field.name != but);
        others.map(|field| (field.name.clone(), self.good(&field.schema))).collect()
    }

    /// Something that a schema allows, or at least of its shape.
    pub(super) fn good(&self, schema: &Value) -> String {
        if let Some(reference) = schema["$ref"].as_str() {
            let schema = self.document.pointer(reference.strip_prefix('#').unwrap()).unwrap();
            return self.good(schema);
        }
        if let Some(words) = schema["enum"].as_array() {
            return words[0].as_str().unwrap().to_owned();
        }
        if schema["format"] == "json-object" {
            return json!({"a": 1}).to_string();
        }
        let pattern = schema["pattern"].as_str().unwrap_or_default();
        if let Some(prefix) = pattern.strip_suffix("[0-9a-f]{32}$") {
            return format!("{}{}", prefix.trim_start_matches('^'), "0".repeat(31) + "1");
        }
        match schema["type"].as_str() {
            Some("boolean") => "true".into(),
            Some("integer") => schema["minimum"].as_u64().unwrap_or(1).to_string(),
            Some("array") => self.good(&schema["items"]),
            _ if pattern.contains("http") => "https://example.com".into(),
            _ => "x".into(),
        }
    }
}

impl Operation {
    /// What it is called in messages of tests.
    pub(super) fn id(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The names in its address.
    pub(super) fn names(&self) -> Vec<&str> {
        let parts = self.path.split('/');
        parts.filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect()
    }

    /// Whether it is asked with an account's credentials.
    pub(super) fn is_secured(&self) -> bool {
        self.description.get("security").is_none_or(|security| {
            security.as_array().unwrap().iter().any(|one| one.get("account").is_some())
        })
    }

    pub(super) fn is_list(&self) -> bool {
        let parameters = self.description["parameters"].as_array();
        parameters.into_iter().flatten().any(|parameter| parameter["name"] == "PageSize")
    }

    pub(super) fn takes_a_form(&self) -> bool {
        self.description["requestBody"]["content"].get(FORM).is_some()
    }
}
