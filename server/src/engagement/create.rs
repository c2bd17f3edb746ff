//! A chat begins.

use frontdesk_protocol::{
    ChannelSid,
    form::Form,
    id::{AccountSid, FlowSid},
};

use super::{
    Asker, CreateError, Engagement, Opened, Request, form,
    opening::Opening,
    visitor::{clean, customer_name},
};
use crate::{
    log::Source,
    storage::{CommitError, Flow, FlowRecord, Outcome, Rejection, Site, StoreError},
};

impl Engagement {
    /// Opens a chat.
    ///
    /// # Errors
    /// [`CreateError`].
    pub async fn create(&self, mut request: Request) -> Result<Opened, CreateError> {
        let account = self.authorise(&request)?;
        let flow = self.flow(&account, &request.flow).await?;
        let form = self.check_form(&account, &flow.flow, &request).await?;
        request.check_lengths()?;
        let hash = request.content_hash();
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
        let opening = Opening { name: &name, hash, attributes: before.attributes, first_message };
        let changes = self.changes(&account, &flow, &request, &channel, opening);
        let changes = changes.ok_or(CreateError::NoHandler)?;
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
}
