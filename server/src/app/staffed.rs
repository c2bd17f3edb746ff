//! Whether somebody would answer now.

use frontdesk_protocol::id::FlowSid;

use super::App;
use crate::storage::{Agent, IntegrationConfig, Party, PartyKind, StoreError};

impl App {
    /// Whether an agent of the flow's queue is connected now. `false` for a flow without a queue:
    /// nothing here knows who answers its chats.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    pub async fn is_staffed(&self, flow: &FlowSid) -> Result<bool, StoreError> {
        let Some(flow) = self.store().flow(flow).await? else { return Ok(false) };
        let queue = match flow.integration {
            IntegrationConfig::Task { queue } => queue,
            IntegrationConfig::External | IntegrationConfig::Studio => return Ok(false),
        };
        let agents = self.store().agents(&flow.account).await?;
        // Counted by who has said `hello`, and not by who follows the queue: anybody may ask for that.
        Ok(agents.into_iter().filter(|agent| agent.queue == queue).any(|agent| {
            let Agent { account, identity, .. } = agent;
            self.registry.is_here(&Party { account, identity, kind: PartyKind::Agent })
        }))
    }
}
