//! A chat begins.

use std::collections::BTreeMap;

use frontdesk_protocol::{
    ChannelSid, Identity, MemberSid, MessageSid, Millis, TaskSid, UserSid,
    attributes::{self, Attributes},
    form::{FieldError, Form},
    id::{AccountSid, FlowSid},
    limits::CHANNEL_ATTRIBUTES_BYTES,
    state::Role,
};
use serde_json::{Value, json};

use super::{Engagement, form};
use crate::{
    auth::{origin::Origin, sha256, tokens::GuestToken},
    handlers::{self, NewChat},
    log::Source,
    storage::{
        Change, ChannelType, CommitError, Family, Flow, FlowRecord, Idempotency, NewEngagement,
        NewMember, Outcome, Rejection, Site, Speaker, StoreError, system,
    },
};

/// Longest idempotency key, in bytes.
const KEY_BYTES: usize = 256;
/// Longest answers, in bytes: there has to be room for what stands beside them among the channel's
/// attributes.
pub(super) const DATA_BYTES: usize = CHANNEL_ATTRIBUTES_BYTES - 2_048;
/// Somebody who gave no name.
const NAMELESS: &str = "Anonymous";
/// Longest name of a visitor, in characters.
const NAME_CHARS: usize = 256;

/// Who asks for a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asker {
    /// A guest, for themselves.
    Guest(Box<GuestToken>),
    /// A program of the account's, for anybody.
    Account(AccountSid),
}

/// A chat is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// By whom.
    pub asker: Asker,
    /// The Origin of the page, if a browser sent one.
    pub origin: Option<Origin>,
    /// With which flow.
    pub flow: FlowSid,
    /// For whom.
    pub identity: Identity,
    /// The name of the chat.
    pub chat_name: String,
    /// Its name for programs; made if there is none.
    pub unique_name: Option<String>,
    /// The name of the visitor.
    pub customer_name: String,
    /// The answers of the form, flat by field name, with where the page stands.
    pub pre_engagement_data: Attributes,
    /// Names the request: the same key and content open one channel.
    pub idempotency_key: Option<String>,
}

/// A chat has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its channel.
    pub channel: ChannelSid,
    /// When.
    pub created: Millis,
    /// Whether an earlier request with the same key had opened it.
    pub replayed: bool,
}

/// Why there is no new chat. Nothing half-made is left behind.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CreateError {
    /// No such flow in the account.
    #[error("there is no such flow")]
    UnknownFlow,
    /// The flow opens no chats.
    #[error("the flow is disabled")]
    FlowDisabled,
    /// Nothing here runs what the flow connects a chat with.
    #[error("nothing here runs the flow's integration")]
    NoHandler,
    /// The token's site is gone.
    #[error("the site is not there any more")]
    UnknownSite,
    /// The page's Origin is none of the account's sites with this flow, or not the token's.
    #[error("the origin is not allowed")]
    OriginRefused {
        /// Which.
        origin: Option<Origin>,
    },
    /// A guest asked for somebody else.
    #[error("the identity is not the token's")]
    OtherIdentity,
    /// Answers are wrong.
    #[error("the form was refused")]
    Form {
        /// What, by field name.
        fields: BTreeMap<String, FieldError>,
    },
    /// A program of the account's was asked, and refuses.
    #[error("the chat was refused")]
    Refused {
        /// Why, by field name.
        fields: BTreeMap<String, String>,
        /// Why, if it is no field's fault.
        message: Option<String>,
    },
    /// A program of the account's has to be asked, and did not answer.
    #[error("whoever has to be asked did not answer")]
    Down,
    /// Another channel of the service has the name for programs.
    #[error("another channel has this name for programs")]
    NameTaken,
    /// Name, data or key are too long.
    #[error("{0} is too long")]
    TooLong(&'static str),
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// With what a chat is opened, beside what was asked for.
struct Opening<'a> {
    name: &'a str,
    /// Of what was asked for.
    hash: [u8; 32],
    /// What the channel carries beside.
    attributes: Attributes,
}

impl Engagement {
    /// Opens a chat.
    ///
    /// # Errors
    /// [`CreateError`].
    pub async fn create(&self, mut request: Request) -> Result<Opened, CreateError> {
        let account = self.authorise(&request)?;
        let flow = self.flow(&account, &request.flow).await?;
        let form = self.check_form(&account, &flow.flow, &request).await?;
        check_lengths(&request)?;
        let hash = content_hash(&request);
        let name = customer_name(&request);
        let _turn = match &request.idempotency_key {
            Some(key) => {
                let (account, identity) = (account.clone(), request.identity.clone());
                Some(self.asks.chat(account, identity, key.clone()).await)
            }
            None => None,
        };
        let before = self.before(&account, &flow.flow, form.as_ref(), &request, &name).await?;
        let name =
            before.name.as_deref().map(clean).filter(|name| !name.is_empty()).unwrap_or(name);
        if let Some(answers) = before.answers {
            request.pre_engagement_data = answers;
        }
        let first_message =
            form.as_ref().and_then(|form| form::first_message(form, &request.pre_engagement_data));
        let channel = ChannelSid::from_bits(self.random.bits());
        let opening = Opening { name: &name, hash, attributes: before.attributes };
        let changes = self.changes(&account, &flow, &request, &channel, opening);
        let mut changes = changes.ok_or(CreateError::NoHandler)?;
        if let (Asker::Guest(token), Some(body)) = (&request.asker, first_message) {
            // With the opening or not at all: no reload comes between, and no repetition says it
            // again.
            changes.push(Change::Say {
                channel: channel.clone(),
                author: Speaker::Member(token.party.clone()),
                sid: MessageSid::from_bits(self.random.bits()),
                cid: None,
                body: body.into_string(),
                attributes: Attributes::new(),
                media: None,
                submitted: None,
            });
        }
        // Whoever posted the form, it is the visitor's chat that begins.
        let source = Source::Client(request.identity.clone());
        match self.log.commit(&source, changes).await {
            Ok(committed) => {
                let opened = committed.outcomes.iter().find_map(|outcome| match outcome {
                    Outcome::Event { ts, .. } => Some(*ts),
                    Outcome::Said(_) | Outcome::Quiet => None,
                });
                let created = opened.unwrap_or_default();
                tracing::info!(%channel, %account, flow = %request.flow, "a chat was opened");
                Ok(Opened { channel, created, replayed: false })
            }
            Err(CommitError::Rejected { reason: Rejection::Answered { channel }, .. }) => {
                let snapshot = self.store().snapshot(&channel.clone().into(), 0).await?;
                let created = snapshot.and_then(|s| s.state.channel).map(|c| c.created);
                Ok(Opened { channel, created: created.unwrap_or_default(), replayed: true })
            }
            Err(CommitError::Rejected { reason: Rejection::KeyReused, .. }) => {
                Err(CreateError::KeyReused)
            }
            Err(CommitError::Rejected { reason: Rejection::Exists, .. }) => {
                Err(CreateError::NameTaken)
            }
            Err(CommitError::Rejected { reason, .. }) => {
                // Every id is new, so nothing else can stand in the way.
                Err(StoreError::Corrupt(reason.to_string()).into())
            }
            Err(CommitError::Store(error)) => Err(error.into()),
        }
    }

    fn authorise(&self, request: &Request) -> Result<AccountSid, CreateError> {
        match &request.asker {
            Asker::Account(account) => Ok(account.clone()),
            Asker::Guest(token) if token.party.identity != request.identity => {
                Err(CreateError::OtherIdentity)
            }
            Asker::Guest(token) if token.origin != request.origin => {
                Err(CreateError::OriginRefused { origin: request.origin.clone() })
            }
            Asker::Guest(token) => Ok(token.party.account.clone()),
        }
    }

    async fn flow(&self, account: &AccountSid, sid: &FlowSid) -> Result<FlowRecord, CreateError> {
        let flow = self.store().flow_record(sid).await?;
        let flow = flow.filter(|record| record.flow.account == *account);
        let flow = flow.ok_or(CreateError::UnknownFlow)?;
        if flow.flow.enabled { Ok(flow) } else { Err(CreateError::FlowDisabled) }
    }

    /// A guest's chat stands on a site: the token's, or one of the flow's that has the Origin. Gives
    /// the site's form.
    async fn check_form(
        &self,
        account: &AccountSid,
        flow: &Flow,
        request: &Request,
    ) -> Result<Option<Form>, CreateError> {
        let Asker::Guest(token) = &request.asker else { return Ok(None) };
        let refused = || CreateError::OriginRefused { origin: request.origin.clone() };
        let allows = |site: &Site| {
            request.origin.as_ref().is_some_and(|origin| site.origins.contains(origin))
        };
        let Some(id) = &token.site else {
            // A token that names only the account, as old clients have it: the flow decides.
            let sites = self.store().sites(account).await?;
            let on_flow = sites.iter().any(|site| site.flow == flow.sid && allows(site));
            return if on_flow { Ok(None) } else { Err(refused()) };
        };
        let site = self.store().site(id).await?.filter(|site| site.account == *account);
        let site = site.ok_or(CreateError::UnknownSite)?;
        if site.flow != flow.sid {
            return Err(CreateError::UnknownFlow);
        }
        if !allows(&site) {
            return Err(refused());
        }
        let form = site.profile.form;
        form::check(&form, &request.pre_engagement_data)
            .map_err(|fields| CreateError::Form { fields })?;
        Ok(Some(form))
    }

    fn changes(
        &self,
        account: &AccountSid,
        flow: &FlowRecord,
        request: &Request,
        channel: &ChannelSid,
        opening: Opening<'_>,
    ) -> Option<Vec<Change>> {
        let Opening { name, hash, attributes } = opening;
        let connection = handlers::connect(
            flow,
            NewChat {
                channel: channel.clone(),
                task: TaskSid::from_bits(self.random.bits()),
                name: name.to_owned(),
                answers: request.pre_engagement_data.clone(),
            },
        )?;
        let (flow, task) = (&flow.flow, connection.task);
        let user = UserSid::from_bits(self.random.bits());
        let mut changes = Vec::new();
        if let Some(key) = &request.idempotency_key {
            changes.push(Change::Remember(Idempotency {
                account: account.clone(),
                identity: request.identity.clone(),
                key: key.clone(),
                content_hash: hash,
                channel: channel.clone(),
            }));
        }
        changes.push(Change::EnsureUser {
            sid: user,
            account: account.clone(),
            identity: request.identity.clone(),
            name: name.to_owned(),
        });
        changes.push(Change::OpenChannel {
            sid: channel.clone(),
            account: account.clone(),
            service: flow.service.clone(),
            unique_name: Some(match &request.unique_name {
                Some(name) => name.clone(),
                None => uuid(self.random.bits()),
            }),
            name: request.chat_name.clone(),
            kind: ChannelType::Private,
            created_by: system(),
            attributes: channel_attributes(request, name, task.as_ref(), attributes),
            key: self.random.secret(),
        });
        changes.push(Change::Join {
            channel: channel.clone(),
            member: NewMember {
                sid: MemberSid::from_bits(self.random.bits()),
                identity: request.identity.clone(),
                role: Role::Guest,
                name: name.to_owned(),
                attributes: object(json!({ "member_type": "guest" })),
            },
        });
        changes.extend(connection.changes);
        changes.push(Change::KeepEngagement(NewEngagement {
            channel: channel.clone(),
            account: account.clone(),
            flow: flow.sid.clone(),
            identity: request.identity.clone(),
            task,
        }));
        if let Asker::Guest(token) = &request.asker
            && let Some(secret) = token.secret_hash
        {
            changes.push(Change::KeepFamily(Family {
                id: token.family,
                account: account.clone(),
                identity: request.identity.clone(),
                generation: 0,
                advanced: token.began,
                revoked: None,
                first_secret: Some(secret),
            }));
        }
        Some(changes)
    }
}

/// What the retired service's orchestration wrote on a channel, our own form's answers, and, as far
/// as they fit beside, a program's attributes.
fn channel_attributes(
    request: &Request,
    name: &str,
    task: Option<&TaskSid>,
    attributes: Attributes,
) -> Attributes {
    let ours = object(json!({
        "pre_engagement_data": request.pre_engagement_data,
        "channel_type": "web",
        "from": name,
        "status": "ACTIVE",
        "long_lived": false,
        "task_sid": task,
    }));
    let mut all = attributes;
    all.extend(ours.clone());
    if attributes::fits(&all, CHANNEL_ATTRIBUTES_BYTES) { all } else { ours }
}

fn object(value: Value) -> Attributes {
    match value {
        Value::Object(map) => map,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Attributes::new()
        }
    }
}

fn check_lengths(request: &Request) -> Result<(), CreateError> {
    let too_long = |what| Err(CreateError::TooLong(what));
    if request.chat_name.chars().take(NAME_CHARS + 1).count() > NAME_CHARS {
        return too_long("ChatFriendlyName");
    }
    if request.idempotency_key.as_ref().is_some_and(|key| key.len() > KEY_BYTES) {
        return too_long("Idempotency-Key");
    }
    if !attributes::fits(&request.pre_engagement_data, DATA_BYTES) {
        return too_long("PreEngagementData");
    }
    Ok(())
}

/// The visitor's name: from the form if it asks for it, on one line, at most 256 characters.
///
/// The retired service's web chat writes the [`NAMELESS`] of its default context over the name in
/// the form's answers, and has the right one beside them (`flex-webchat-ui@2.9.4`).
fn customer_name(request: &Request) -> String {
    let from_form = request.pre_engagement_data.get("friendlyName").and_then(Value::as_str);
    let from_form = from_form.filter(|name| *name != NAMELESS);
    let names = [from_form.unwrap_or_default(), &request.customer_name];
    let mut clean = names.iter().map(|name| clean(name));
    clean.find(|name| !name.is_empty()).unwrap_or_else(|| NAMELESS.into())
}

/// A name on one line.
fn clean(name: &str) -> String {
    let spaced: String = name
        .chars()
        .map(|c| if c.is_control() || is_direction(c) { ' ' } else { c })
        .take(NAME_CHARS)
        .collect();
    spaced.trim().to_owned()
}

/// Characters that turn the reading direction around: in a name they only deceive.
const fn is_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

fn content_hash(request: &Request) -> [u8; 32] {
    let content = json!([
        request.flow,
        request.identity,
        request.chat_name,
        request.customer_name,
        request.unique_name,
        request.pre_engagement_data,
    ]);
    sha256(content.to_string().as_bytes())
}

/// A random UUID (RFC 9562, version 4), as the retired service named its channels.
fn uuid(bits: u128) -> String {
    let bits = bits & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}
