//! What a runner holds of the world: dropping it lets go of all of it.

use frontdesk_client::{SocketId, effect};

use crate::{listen::Listener, page::PageWatch, slots::Slots, socket::Socket, timer::Timer};

/// Sockets, timers and listeners of one runner.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) sockets: Slots<SocketId, Socket>,
    pub(crate) timers: Slots<effect::Timer, Timer>,
    pub(crate) watch: Option<PageWatch>,
    pub(crate) tabs: Option<Listener>,
}
