//! The way to an account's programs.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

use super::{Oracle, Question};
use crate::{
    hooks::{Call, Caller},
    storage::Store,
};

/// Asks over HTTP.
#[derive(Clone)]
pub struct Programs {
    caller: Caller,
    store: Arc<dyn Store>,
    timeout: Duration,
}

impl std::fmt::Debug for Programs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Programs").finish_non_exhaustive()
    }
}

impl Programs {
    /// Asks with `caller`, and waits so long for each answer.
    #[must_use]
    pub fn new(caller: Caller, store: Arc<dyn Store>, timeout: Duration) -> Self {
        Self { caller, store, timeout }
    }
}

#[async_trait]
impl Oracle for Programs {
    async fn ask(&self, question: &Question) -> Option<(u16, Vec<u8>)> {
        let Question { id, account, url, method, fields } = question.clone();
        let token = match self.store.account(&account).await {
            Ok(account) => account?.auth_token,
            Err(error) => {
                tracing::error!(%error, "an account could not be read");
                return None;
            }
        };
        let timeout = self.timeout;
        match self.caller.call(&Call { token, url, method, id, fields, timeout }).await {
            // Half an object says nothing.
            Ok(answered) if !answered.whole => Some((answered.status.as_u16(), Vec::new())),
            Ok(answered) => Some((answered.status.as_u16(), answered.body)),
            Err(error) => {
                tracing::warn!(%account, %error, "a program that was asked did not answer");
                None
            }
        }
    }
}
