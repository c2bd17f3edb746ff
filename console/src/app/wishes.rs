//! From the views to the client: what each wish means.

use frontdesk_browser::{page, random};
use frontdesk_client::{Event, RowKey};
use frontdesk_protocol::{ChannelSid, Cid, Stream, TaskSid};
use leptos::prelude::*;

use super::{App, SIDE_PANEL_PX};
use crate::{
    desk::list::Tab,
    state::{Door, Focus},
    wish::Wish,
};

/// Up to this width the list and the conversation are in front one at a time: the same number as in
/// `style/desk.css`.
const NARROW_PX: u32 = 760;

impl App {
    /// Does what is wished.
    pub(super) fn take(&self, wish: Wish) {
        let shown = self.shown;
        match wish {
            Wish::Enter { name, password } => self.enter(name, password),
            Wish::Leave => self.leave(),
            Wish::AskAgain => {
                shown.door.set(Door::Asking);
                self.open_door();
            }
            Wish::ShowTab(tab) => shown.tab.set(tab),
            Wish::Choose(sid) => self.choose(sid),
            Wish::Back => self.back(),
            Wish::ToggleDetails => {
                shown.is_detailed.update(|is_detailed| *is_detailed = !*is_detailed);
                if !shown.is_detailed.get_untracked() {
                    shown.focus.set(Some(Focus::Details));
                }
            }
            Wish::Accept(sid) => self.accept(sid),
            Wish::Close(sid) => self.close(sid),
            Wish::Draft { channel, text } => self.draft(channel, text),
            Wish::Send(channel) => self.send(channel),
            Wish::Retry(cid) => self.dispatch(Event::Retry { cid, fresh: Cid(random::bits()) }),
            Wish::Discard(cid) => self.dispatch(Event::Discard { cid }),
            Wish::OpenFile(media) => self.dispatch(Event::OpenFile(media)),
            Wish::LoadOlder => {
                if let Some(stream) = self.stream() {
                    self.dispatch(Event::LoadOlder { stream });
                }
            }
            Wish::Seen(seq) => self.seen(seq),
            Wish::TryNow => self.dispatch(Event::TryNow),
            Wish::Reload => page::reload(),
            Wish::DismissToast => shown.toast.set(None),
        }
    }

    fn dispatch(&self, event: Event) {
        if let Some(runner) = self.runner() {
            runner.dispatch(event);
        }
    }

    /// The stream of the chat on the desk.
    fn stream(&self) -> Option<Stream> {
        self.shown.task_now().map(|task| task.channel.into())
    }

    fn choose(&self, sid: TaskSid) {
        let shown = self.shown;
        self.uncover();
        shown.is_reading.set(true);
        // On a narrow screen that would bring the keyboard up before anything was read.
        if page::width_px() > NARROW_PX {
            shown.focus.set(Some(Focus::Answer));
        }
        if shown.chosen.get_untracked().as_ref() != Some(&sid) {
            shown.chosen.set(Some(sid));
            self.follow();
            self.put_on_desk();
        }
    }

    /// Puts the side panel away where it lies over the conversation.
    fn uncover(&self) {
        if page::width_px() <= SIDE_PANEL_PX {
            self.shown.is_detailed.set(false);
        }
    }

    /// Back to the list, and there to the chat one comes from, on whichever tab it stands by now.
    fn back(&self) {
        let shown = self.shown;
        self.uncover();
        shown.is_reading.set(false);
        let (Some(task), Some(me)) = (shown.task_now(), shown.me_now()) else { return };
        if let Some(tab) = Tab::of(&task, &me) {
            shown.tab.set(tab);
            shown.focus.set(Some(Focus::Chat(task.sid)));
        }
    }

    fn draft(&self, channel: ChannelSid, text: String) {
        let stream = channel.clone().into();
        self.dispatch(if text.trim().is_empty() {
            Event::Cleared { stream }
        } else {
            Event::Keystroke { stream }
        });
        self.shown.drafts.update(|drafts| {
            if text.is_empty() {
                drafts.remove(&channel);
            } else {
                drafts.insert(channel, text);
            }
        });
    }

    /// The composer is emptied only once the message is in the outbox: the client puts an entry on
    /// disk before it shows it.
    fn send(&self, channel: ChannelSid) {
        let drafts = self.shown.drafts;
        let Some(draft) = drafts.with_untracked(|drafts| drafts.get(&channel).cloned()) else {
            return;
        };
        let Some(runner) = self.runner() else { return };
        let (stream, cid) = (Stream::from(channel.clone()), Cid(random::bits()));
        runner.dispatch(Event::Compose {
            stream: stream.clone(),
            body: draft.trim_end().to_owned(),
            cid,
            attributes: Default::default(),
        });
        let is_kept = runner.read(|client| {
            let rows = client.timeline(&stream).map_or(&[][..], |timeline| timeline.rows());
            rows.iter().rev().any(|row| row.key == RowKey::Cid(cid))
        });
        if is_kept {
            drafts.update(|drafts| {
                drafts.remove(&channel);
            });
        }
    }

    fn seen(&self, seq: u64) {
        if let Some(stream) = self.stream() {
            self.dispatch(Event::ReadUpTo { stream, seq });
        }
    }
}
