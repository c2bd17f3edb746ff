//! Commands: what a client wants done. Source: `twilio-chat@3.4.0:lib/`, every `addCommand`.

use frontdesk_protocol::{
    ChannelSid, Cid, Identity, MediaSid, MemberSid, UserSid, attributes::Attributes,
};
use serde_json::{Value, json};

use super::{Ask, answer::code};
use crate::{
    log::Say,
    rest::read,
    rooms::{NewRoom, RoomError, Who},
    storage::ChannelType,
    twilsock::objects::{Object, Touch, name},
};

/// Most channels in one report of what was read.
const REPORTS: usize = 100;

/// A command was done, or refused.
pub(super) struct Done {
    /// What the client is answered: a status, and what else it wants to know.
    pub(super) response: Value,
    /// What happened that no stream tells of.
    pub(super) touched: Vec<Touch>,
}

/// Why a command is refused.
enum Refusal {
    /// A field is missing or wrong.
    Field(&'static str),
    /// No such command here.
    Unknown,
    /// The core says so.
    Room(RoomError),
}

impl<E: Into<RoomError>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Room(error.into())
    }
}

/// Does a command. `cid` names it.
pub(super) async fn run(ask: Ask<'_>, request: &Value, cid: Cid) -> Done {
    let command = Command { ask, request, cid };
    let (response, touched) = match command.run().await {
        Ok((mut response, touched)) => {
            response["status"] = 200.into();
            response["statusText"] = "OK".into();
            (response, touched)
        }
        Err(Refusal::Field(what)) => (status(400, &format!("{what} is not valid")), Vec::new()),
        Err(Refusal::Unknown) => (status(404, "there is no such command"), Vec::new()),
        Err(Refusal::Room(error)) => (status(code(&error).1, &error.to_string()), Vec::new()),
    };
    Done { response, touched }
}

fn status(status: u32, text: &str) -> Value {
    json!({ "status": status, "statusText": text })
}

type Outcome = Result<(Value, Vec<Touch>), Refusal>;

struct Command<'a> {
    ask: Ask<'a>,
    request: &'a Value,
    cid: Cid,
}

impl Command<'_> {
    async fn run(&self) -> Outcome {
        let (rooms, actor) = (&self.ask.app.rooms, self.ask.actor);
        match self.request["action"].as_str().unwrap_or_default() {
            "sendMessage" => {
                let say = Say {
                    channel: self.channel()?,
                    cid: Some(self.cid),
                    body: self.text("text")?.to_owned(),
                    media: None,
                    attributes: self.some_attributes()?,
                };
                let said = rooms.say(actor, say).await?;
                return Ok((json!({ "messageId": said.index.to_string() }), Vec::new()));
            }
            "sendMediaMessage" => {
                let media = MediaSid::parse(self.text("mediaSid")?);
                let say = Say {
                    channel: self.channel()?,
                    cid: Some(self.cid),
                    body: String::new(),
                    media: Some(media.map_err(|_| Refusal::Field("mediaSid"))?),
                    attributes: self.some_attributes()?,
                };
                let said = rooms.say(actor, say).await?;
                return Ok((json!({ "messageId": said.index.to_string() }), Vec::new()));
            }
            "editMessage" => {
                let (channel, index) = (self.channel()?, self.index("messageIdx")?);
                rooms.edit(actor, &channel, index, Some(self.text("text")?), None).await?;
            }
            "editMessageAttributes" => {
                let (channel, index) = (self.channel()?, self.index("messageIdx")?);
                rooms.edit(actor, &channel, index, None, Some(self.attributes()?)).await?;
            }
            "deleteMessage" => {
                rooms.redact(actor, &self.channel()?, self.index("messageIdx")?).await?;
            }
            "consumptionReportV2" => return self.report().await,
            "editUserFriendlyName" => {
                let name = Some(self.name("friendlyName")?);
                let user = rooms.set_user(actor, &self.identity()?, name, None).await?;
                return Ok((json!({}), vec![Touch::Object(Object::Info(user))]));
            }
            "editUserAttributes" => {
                let attributes = Some(self.attributes()?);
                let user = rooms.set_user(actor, &self.identity()?, None, attributes).await?;
                return Ok((json!({}), vec![Touch::Object(Object::Info(user))]));
            }
            "createChannel" => return self.create().await,
            "destroyChannel" => rooms.destroy(actor, &self.channel()?).await?,
            "editAttributes" => {
                rooms.set_attributes(actor, &self.channel()?, self.attributes()?).await?;
            }
            "editFriendlyName" => {
                rooms.set_name(actor, &self.channel()?, self.name("friendlyName")?).await?;
            }
            "editUniqueName" => {
                let name = self.unique_name()?.unwrap_or_default();
                rooms.set_unique_name(actor, &self.channel()?, name).await?;
            }
            "editNotificationLevel" => {
                let muted = match self.text("notificationLevel")? {
                    "muted" => true,
                    "default" => false,
                    _ => return Err(Refusal::Field("notificationLevel")),
                };
                let channel = self.channel()?;
                rooms.mute(actor, &channel, muted).await?;
                return Ok((json!({}), vec![Touch::Membership(channel)]));
            }
            "joinChannelV2" => rooms.join(actor, &self.channel()?).await?,
            "leaveChannel" => rooms.leave(actor, &self.channel()?).await?,
            "addMemberV2" => rooms.add(actor, &self.channel()?, self.identity()?).await?,
            "inviteMember" => rooms.invite(actor, &self.channel()?, self.identity()?).await?,
            "removeMember" => rooms.remove(actor, &self.channel()?, &self.who()?).await?,
            "declineInvitation" => rooms.decline(actor, &self.channel()?).await?,
            "editMemberAttributes" => {
                let (channel, who) = (self.channel()?, self.who()?);
                rooms.set_member(actor, &channel, &who, self.attributes()?).await?;
            }
            _ => return Err(Refusal::Unknown),
        }
        Ok((json!({}), Vec::new()))
    }

    /// How far several channels were read.
    async fn report(&self) -> Outcome {
        let entries = self.request["report"].as_array().ok_or(Refusal::Field("report"))?;
        if entries.len() > REPORTS {
            return Err(Refusal::Field("report"));
        }
        let mut report = Vec::new();
        for entry in entries {
            let sid = entry["channelSid"].as_str().and_then(|text| ChannelSid::parse(text).ok());
            let sid = sid.ok_or(Refusal::Field("channelSid"))?;
            let index = entry["messageIdx"].as_u64();
            let unread = self.ask.app.rooms.consume(self.ask.actor, &sid, index).await?;
            report.push(json!({ "channelSid": sid, "unreadMessagesCount": unread }));
        }
        Ok((json!({ "report": report }), Vec::new()))
    }

    async fn create(&self) -> Outcome {
        let name = self.name("friendlyName")?;
        let kind = match self.request["type"].as_str() {
            None | Some("public") => ChannelType::Public,
            Some("private") => ChannelType::Private,
            Some(_) => return Err(Refusal::Field("type")),
        };
        let (unique_name, attributes) = (self.unique_name()?, self.some_attributes()?);
        let new = NewRoom { name, unique_name, kind, attributes };
        let sid = self.ask.app.rooms.create(self.ask.actor, new).await?;
        let response = json!({ "channelSid": sid, "channel": name::channel(&sid) });
        Ok((response, Vec::new()))
    }

    fn text(&self, field: &'static str) -> Result<&str, Refusal> {
        self.request[field].as_str().ok_or(Refusal::Field(field))
    }

    fn channel(&self) -> Result<ChannelSid, Refusal> {
        // One that cannot be is as little there as one that is not.
        let sid = ChannelSid::parse(self.text("channelSid")?);
        sid.map_err(|_| Refusal::Room(RoomError::NoChannel))
    }

    /// A number; some clients write it as text.
    fn index(&self, field: &'static str) -> Result<u64, Refusal> {
        let value = &self.request[field];
        let number = value.as_u64().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
        number.ok_or(Refusal::Field(field))
    }

    /// A name; none is an empty one.
    fn name(&self, field: &'static str) -> Result<String, Refusal> {
        let value = &self.request[field];
        if value.is_null() {
            return Ok(String::new());
        }
        value.as_str().and_then(read::name).ok_or(Refusal::Field(field))
    }

    /// A SID cannot be a unique name: it would hide the channel that has it.
    fn unique_name(&self) -> Result<Option<String>, Refusal> {
        let field = "uniqueName";
        if self.request[field].is_null() {
            return Ok(None);
        }
        let name = self.name(field)?;
        let is_sid = ChannelSid::parse(&name).is_ok() || UserSid::parse(&name).is_ok();
        if is_sid { Err(Refusal::Field(field)) } else { Ok(Some(name)) }
    }

    fn identity(&self) -> Result<Identity, Refusal> {
        Identity::parse(self.text("username")?).ok_or(Refusal::Field("username"))
    }

    fn who(&self) -> Result<Who, Refusal> {
        match self.request["memberSid"].as_str() {
            Some(text) => match MemberSid::parse(text) {
                Ok(sid) => Ok(Who::Sid(sid)),
                Err(_) => Err(Refusal::Room(RoomError::NoMember)),
            },
            None => Ok(Who::Identity(self.identity()?)),
        }
    }

    /// Attributes are JSON within a text.
    fn attributes(&self) -> Result<Attributes, Refusal> {
        read::object(self.text("attributes")?).ok_or(Refusal::Field("attributes"))
    }

    fn some_attributes(&self) -> Result<Attributes, Refusal> {
        let is_none = self.request["attributes"].is_null();
        if is_none { Ok(Attributes::new()) } else { self.attributes() }
    }
}
