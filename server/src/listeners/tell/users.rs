//! A user is made or changed. Users are the account's, so all its services are told.

use frontdesk_protocol::{
    Identity, UserSid,
    attributes::Attributes,
    id::{AccountSid, RoleSid},
};

use super::{News, Teller};
use crate::{
    listeners::{
        Event,
        payload::{self, UserFacts},
    },
    storage::{Change, StoreError, User},
};

impl Teller<'_> {
    /// Somebody whom the account may have as a user already.
    pub(super) async fn ensured(
        &mut self,
        about: usize,
        sid: &UserSid,
        account: &AccountSid,
        identity: &Identity,
        name: &str,
    ) -> Result<(), StoreError> {
        let event = Event::UserAdded;
        let all = self.hearers_of_users(account, event).await?;
        if all.is_empty() || self.listeners.store.user_named(account, identity).await?.is_some() {
            return Ok(());
        }
        let attributes = &Attributes::new();
        for hearers in all {
            let role = &hearers.service.user_role;
            let facts = UserFacts { sid, identity, name, role, attributes };
            let told = payload::user_added(self.place(&hearers), facts);
            let news = News { about, quiet: true, event, lane: sid.as_str(), message: None };
            self.enqueue(news, told, hearers);
        }
        Ok(())
    }

    pub(super) async fn user_added(
        &mut self,
        about: usize,
        user: &User,
        own: Option<&RoleSid>,
    ) -> Result<(), StoreError> {
        let (event, sid) = (Event::UserAdded, &user.sid);
        for hearers in self.hearers_of_users(&user.account, event).await? {
            let role = own.unwrap_or(&hearers.service.user_role);
            let told = payload::user_added(self.place(&hearers), facts(user, role));
            let news = News { about, quiet: true, event, lane: sid.as_str(), message: None };
            self.enqueue(news, told, hearers);
        }
        Ok(())
    }

    /// A user as they are from now on.
    pub(super) async fn user_updated(
        &mut self,
        about: usize,
        change: &Change,
    ) -> Result<(), StoreError> {
        let Change::KeepUser { sid, name, attributes, role_sid } = change else { return Ok(()) };
        let Some(record) = self.listeners.store.user_record(sid).await? else { return Ok(()) };
        let mut user = record.user;
        if let Some(name) = name {
            user.name.clone_from(name);
        }
        if let Some(attributes) = attributes {
            user.attributes.clone_from(attributes);
        }
        let (event, own) = (Event::UserUpdated, role_sid.as_ref().or(record.role_sid.as_ref()));
        for hearers in self.hearers_of_users(&user.account, event).await? {
            let role = own.unwrap_or(&hearers.service.user_role);
            let (place, facts) = (self.place(&hearers), facts(&user, role));
            let told = payload::user_updated(place, facts, record.created);
            let news = News { about, quiet: true, event, lane: sid.as_str(), message: None };
            self.enqueue(news, told, hearers);
        }
        Ok(())
    }
}

fn facts<'a>(user: &'a User, role: &'a RoleSid) -> UserFacts<'a> {
    UserFacts {
        sid: &user.sid,
        identity: &user.identity,
        name: &user.name,
        role,
        attributes: &user.attributes,
    }
}
