//! What an address names, if it is the account's: anything else is not there.

use frontdesk_protocol::{
    ChannelSid, Identity, MemberSid, UserSid,
    id::{RoleSid, ServiceSid},
};

use super::{ask::Ask, refused, settings::Settings};
use crate::{
    http::answer::RestAnswer,
    storage::{
        ChannelRecord, DefaultRole, MemberRecord, RoleRecord, RoleType, ServiceRecord, UserRecord,
    },
};

/// A service of the account.
pub(super) struct Scope {
    pub(super) service: ServiceRecord,
}

impl Scope {
    pub(super) async fn of(ask: &Ask, service: &str) -> Result<Self, RestAnswer> {
        let absent = || refused::absent(&format!("/Services/{service}"));
        let sid = ServiceSid::parse(service).map_err(|_| absent())?;
        let found = ask.store().service(&sid).await?;
        let service = found.filter(|found| found.service.account == *ask.account());
        Ok(Self { service: service.ok_or_else(absent)? })
    }

    pub(super) const fn sid(&self) -> &ServiceSid {
        &self.service.service.sid
    }

    /// Its address.
    pub(super) fn url(&self, ask: &Ask) -> String {
        format!("{}/Services/{}", ask.root(), self.sid())
    }

    pub(super) fn settings(&self) -> Settings<'_> {
        Settings::of(&self.service)
    }

    /// The role that somebody has: their own, or the service's default.
    pub(super) fn role(&self, own: Option<RoleSid>, default: DefaultRole) -> RoleSid {
        own.unwrap_or_else(|| self.settings().default_role(default))
    }

    /// A channel, by its SID or its unique name.
    pub(super) async fn channel(&self, ask: &Ask, name: &str) -> Result<ChannelRecord, RestAnswer> {
        let found = match ChannelSid::parse(name) {
            Ok(sid) => ask.store().channel(&sid).await?,
            Err(_) => ask.store().channel_named(self.sid(), name).await?,
        };
        let channel = found.filter(|channel| channel.service == *self.sid());
        channel.ok_or_else(|| refused::absent(&format!("/Services/{}/Channels/{name}", self.sid())))
    }

    /// A user, by their SID or their identity. Users are the account's, so all its services have
    /// the same.
    pub(super) async fn user(&self, ask: &Ask, name: &str) -> Result<UserRecord, RestAnswer> {
        let found = match (UserSid::parse(name), Identity::parse(name)) {
            (Ok(sid), _) => ask.store().user_record(&sid).await?,
            (Err(_), Some(identity)) => ask.store().user_named(ask.account(), &identity).await?,
            (Err(_), None) => None,
        };
        let user = found.filter(|record| record.user.account == *ask.account());
        user.ok_or_else(|| refused::absent(&format!("/Services/{}/Users/{name}", self.sid())))
    }

    /// The role of a parameter, if it is given: one of the service's and of this type.
    pub(super) async fn role_parameter(
        &self,
        ask: &Ask,
        name: &str,
        kind: RoleType,
    ) -> Result<Option<RoleSid>, RestAnswer> {
        let Some(text) = ask.text(name)? else { return Ok(None) };
        let wrong =
            || RestAnswer::bad_request(format!("{name} is no {kind:?} role of the service"));
        let sid = RoleSid::parse(&text).map_err(|_| wrong())?;
        let role: Option<RoleRecord> = ask.store().role(&sid).await?;
        let fits = |role: &RoleRecord| role.service == *self.sid() && role.kind == kind;
        role.filter(fits).map(|role| Some(role.sid)).ok_or_else(wrong)
    }
}

/// A member of a channel, by their SID or their identity.
pub(super) async fn member(
    ask: &Ask,
    channel: &ChannelRecord,
    name: &str,
) -> Result<MemberRecord, RestAnswer> {
    let found = match (MemberSid::parse(name), Identity::parse(name)) {
        (Ok(sid), _) => ask.store().member(&channel.sid, &sid).await?,
        (Err(_), Some(identity)) => ask.store().member_named(&channel.sid, &identity).await?,
        (Err(_), None) => None,
    };
    found.ok_or_else(|| refused::absent(&format!("/Channels/{}/Members/{name}", channel.sid)))
}

/// Counts one of the 30 actions a second of a channel or a service.
pub(super) fn pace(ask: &Ask, of: &str) -> Result<(), RestAnswer> {
    ask.app().log.pace(of).map_err(RestAnswer::too_fast)
}
