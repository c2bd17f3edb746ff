//! What a view can ask for: the one way up.

use frontdesk_protocol::{ChannelSid, Cid, MediaSid, TaskSid};
use leptos::prelude::*;

use crate::{desk::list::Tab, state::Shown};

/// Something the agent wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// To be let in.
    Enter {
        /// The agent's name.
        name: String,
        /// The password.
        password: String,
    },
    /// To go.
    Leave,
    /// To ask again who is signed in.
    AskAgain,
    /// To see another tab.
    ShowTab(Tab),
    /// To have a chat on the desk.
    Choose(TaskSid),
    /// On a narrow screen, back to the list; elsewhere only the keyboard goes there.
    Back,
    /// To open or close the side panel.
    ToggleDetails,
    /// To take a chat.
    Accept(TaskSid),
    /// To end a chat.
    Close(TaskSid),
    /// To have this in the composer.
    Draft {
        /// The chat.
        channel: ChannelSid,
        /// The text.
        text: String,
    },
    /// To send what is in the composer.
    Send(ChannelSid),
    /// To try a failed message again.
    Retry(Cid),
    /// To have a failed message gone.
    Discard(Cid),
    /// To have the file beside a message.
    OpenFile(MediaSid),
    /// To see older messages.
    LoadOlder,
    /// What was said up to this position is before the agent's eyes.
    Seen(u64),
    /// To connect at once.
    TryNow,
    /// To have the page loaded anew.
    Reload,
    /// To have the short word about a failure gone.
    DismissToast,
}

/// What every view has at hand.
#[derive(Clone, Copy)]
pub struct Desk {
    /// What is shown.
    pub shown: Shown,
    wishes: UnsyncCallback<Wish>,
}

impl Desk {
    /// A desk whose wishes go to this callback.
    #[must_use]
    pub fn new(shown: Shown, wishes: UnsyncCallback<Wish>) -> Self {
        Self { shown, wishes }
    }

    /// Asks for something.
    pub fn wish(&self, wish: Wish) {
        self.wishes.run(wish);
    }
}

/// The desk that the views around this one stand on.
///
/// # Panics
/// Outside of [`crate::view::Console`], which provides it.
#[must_use]
pub fn desk() -> Desk {
    use_context::<Desk>().expect("every view stands below the console, which provides the desk")
}
