//! What holds for many operations, and is said once.

use frontdesk_protocol::{
    MessageSid,
    id::{AccountSid, FlowSid, InviteSid, KeySid, RoleSid, ServiceSid, WebhookSid},
    rest::RestError,
};
use utoipa::{
    PartialSchema,
    openapi::{
        Header, InfoBuilder, LicenseBuilder, ObjectBuilder, OpenApi, RefOr, Required, Response,
        Schema, Server,
        path::{Operation, ParameterBuilder, ParameterIn, PathItem},
        schema::Type,
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use super::{ACCOUNT, ERROR, GUEST, refusals};

const ABOUT: &str = "The retired Flex and Programmable Chat REST API, as this server speaks it: the \
                     official client libraries work unchanged. Forms are form-encoded, at most 128 \
                     KiB. What belongs to another account is answered like what is not there.";

/// The whole description, of a server at this address.
pub(crate) fn complete(mut document: OpenApi, origin: &str) -> OpenApi {
    let license = LicenseBuilder::new().name(env!("CARGO_PKG_LICENSE")).build();
    document.info = InfoBuilder::new()
        .title("Frontdesk")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(license))
        .build();
    document.servers = Some(vec![Server::new(origin)]);
    let components = document.components.get_or_insert_default();
    components.schemas.insert(ERROR.into(), RestError::schema());
    for (name, description) in [
        (ACCOUNT, "The account's SID and auth token, or an API key's SID and secret."),
        (GUEST, "The word `token` and a guest token or an access token."),
    ] {
        let basic = HttpBuilder::new().scheme(HttpAuthScheme::Basic);
        let scheme = SecurityScheme::Http(basic.description(Some(description)).build());
        components.security_schemes.insert(name.into(), scheme);
    }
    document.security = Some(vec![SecurityRequirement::new(ACCOUNT, [""; 0])]);
    for (path, item) in &mut document.paths.paths {
        for (is_write, operation) in operations(item) {
            name(operation);
            address(path, operation);
            errors(path, is_write, operation);
        }
    }
    document
}

/// All operations of an address, with whether they change something.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let all = [(false, &mut item.get), (true, &mut item.post), (true, &mut item.delete)];
    all.into_iter().filter_map(|(is_write, one)| one.as_mut().map(|one| (is_write, one)))
}

/// Handlers are called alike in every resource: the resource's name tells them apart.
fn name(operation: &mut Operation) {
    let tag = operation.tags.iter().flatten().next().cloned().unwrap_or_default();
    let handler = operation.operation_id.take().unwrap_or_default();
    let resource: String = tag.chars().filter(char::is_ascii_alphanumeric).collect();
    operation.operation_id = Some(handler + &resource);
}

/// The names in the address.
fn address(path: &str, operation: &mut Operation) {
    for name in path.split('/').filter_map(|part| part.strip_prefix('{')?.split('}').next()) {
        let (description, schema) = named(path, name);
        let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path);
        let parameter = parameter.required(Required::True).description(Some(description));
        operation.parameters.get_or_insert_default().push(parameter.schema(Some(schema)).build());
    }
}

fn named(path: &str, name: &str) -> (&'static str, RefOr<Schema>) {
    let text = || ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).into();
    match name {
        "account" => ("The account's SID.", AccountSid::schema()),
        "service" => ("The service's SID.", ServiceSid::schema()),
        "message" => ("The message's SID.", MessageSid::schema()),
        "invite" => ("The invitation's SID.", InviteSid::schema()),
        "webhook" => ("The webhook's SID.", WebhookSid::schema()),
        "role" => ("The role's SID.", RoleSid::schema()),
        "flow" => ("The flow's SID.", FlowSid::schema()),
        "key" if path.starts_with("/v1/") => ("The key's SID.", KeySid::schema()),
        "key" => ("The key's SID, with or without `.json` behind it.", text()),
        "channel" if path.starts_with("/v1/") => ("The channel's SID.", text()),
        "channel" => ("The channel's SID or unique name.", text()),
        "member" => ("The member's SID or identity.", text()),
        "user" => ("The user's SID or identity.", text()),
        "site" => ("The site's public id.", text()),
        _ => ("A SID.", text()),
    }
}

/// The errors that follow from what an operation is.
fn errors(path: &str, is_write: bool, operation: &mut Operation) {
    let has_body = operation.request_body.is_some();
    let asks = |parameter: &utoipa::openapi::path::Parameter| {
        matches!(parameter.parameter_in, ParameterIn::Query | ParameterIn::Header)
    };
    let is_asked = has_body || operation.parameters.iter().flatten().any(asks);
    // An empty list of credentials takes the document's away.
    let is_open = operation.security.as_ref().is_some_and(|all| {
        all.is_empty() || all.iter().all(|one| *one == SecurityRequirement::default())
    });
    for (status, applies, description) in [
        (400, is_asked, "A parameter is missing or wrong; `message` names it."),
        (401, !is_open, "The credentials are missing, wrong or not for this."),
        (404, path.contains('{'), "There is no such thing, or it is not yours."),
        (408, has_body, "The body took longer than ten seconds to arrive."),
        (413, has_body, "The body is too long."),
        (415, true, "The body is of a type this address does not take, or compressed."),
        (429, is_write, "Too much at once; `Retry-After` says when to try again."),
        (503, true, "The server cannot do it now; `Retry-After` says when to try again."),
    ] {
        let status: u16 = status;
        let known = &mut operation.responses.responses;
        if applies && !known.contains_key(&status.to_string()) {
            let mut answer = refusals::error(description);
            if matches!(status, 429 | 503) {
                retry_after(&mut answer);
            }
            known.insert(status.to_string(), answer.into());
        }
    }
}

fn retry_after(answer: &mut Response) {
    let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
    let mut header = Header::new(seconds);
    header.description = Some("Seconds.".into());
    answer.headers.insert("Retry-After".into(), header);
}
