//! What every front is given.

use std::{net::IpAddr, sync::Arc, time::Duration};

use frontdesk_protocol::Millis;
use tokio::{
    sync::mpsc,
    time::{Instant, Sleep},
};

use crate::{
    app::App,
    auth::origin::Origin,
    chat::session::Settings,
    storage::{Site, StoreError},
    twilsock,
};

/// The address a request came from: the client's, as far as a trusted proxy tells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// The core, and what the fronts keep for themselves. Cheap to clone; all clones are the same.
#[derive(Debug, Clone)]
pub(crate) struct Fronts {
    pub(crate) app: Arc<App>,
    /// How Chat connections behave.
    pub(crate) chat: Arc<Settings>,
    /// What connections of the SDKs have in common.
    pub(crate) twilsock: twilsock::Shared,
    started: Instant,
    /// Held by all that is under way, so that the end of all of it can be waited for.
    _alive: mpsc::Sender<()>,
}

impl Fronts {
    /// The fronts of a core, and what tells that nobody holds them any more.
    pub(crate) fn new(app: App) -> (Self, mpsc::Receiver<()>) {
        let (alive, ended) = mpsc::channel(1);
        let chat = Arc::new(Settings::of(&app.config, app.store().epoch()));
        let twilsock = twilsock::Shared::of(&app);
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the edge of the clock that never jumps"
        )]
        let started = Instant::now();
        (Self { app: Arc::new(app), chat, twilsock, started, _alive: alive }, ended)
    }

    /// A clock that never jumps, from the start of the server.
    pub(crate) fn monotonic(&self) -> Millis {
        Millis(u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    /// The instant at which [`Fronts::monotonic`] shows `at`.
    pub(crate) fn instant(&self, at: Millis) -> Instant {
        self.started + Duration::from_millis(at.0)
    }

    /// A timer that fires when [`Fronts::monotonic`] shows `at`; it can be set anew.
    #[expect(clippy::disallowed_methods, reason = "a deadline that a machine asked for")]
    pub(crate) fn timer(&self, at: Millis) -> Sleep {
        tokio::time::sleep_until(self.instant(at))
    }

    /// When a connection ends after the server was told to stop: spread, so that not everybody
    /// comes back at the same moment.
    pub(crate) fn drain_ms(&self) -> u64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "a random part of a few seconds"
        )]
        let after_ms =
            (self.app.random().jitter() * (self.app.config.drain_seconds * 1000) as f64) as u64;
        after_ms
    }

    /// A site that has this Origin. Which one matters is decided later, by the token.
    pub(crate) async fn site_at(&self, origin: &Origin) -> Result<Option<Site>, StoreError> {
        for account in self.app.store().accounts().await? {
            let sites = self.app.store().sites(&account.sid).await?;
            if let Some(site) = sites.into_iter().find(|site| site.origins.contains(origin)) {
                return Ok(Some(site));
            }
        }
        Ok(None)
    }
}
