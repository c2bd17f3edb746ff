//! Files beside messages: where one is now is asked, and the answer is opened.
//!
//! Nothing waits for the answer, and there is no timer: the user sees whether something opens, and
//! asking again takes the place of what was asked before.

use frontdesk_protocol::{MediaSid, rest::MediaLink};

use super::Client;
use crate::{
    effect::{Effect, Notice},
    http::{Failure, RequestId},
};

impl Client {
    pub(super) fn open_file(&mut self, media: MediaSid) {
        let Some(token) = self.token.held().map(|held| held.token.clone()) else { return };
        let request = self.request();
        self.opening_file = Some(request);
        self.out.push(Effect::FetchLink { request, media, token });
    }

    pub(super) fn link_answered(&mut self, request: RequestId, result: Result<MediaLink, Failure>) {
        if self.opening_file != Some(request) {
            return;
        }
        self.opening_file = None;
        let effect = match result {
            Ok(link) => Effect::OpenLink(link.url),
            Err(failure) => {
                if failure.status == 401 {
                    // For the next time: an ended chat has no connection that renews its token.
                    self.ask_token();
                }
                Effect::Changed(Notice::FileFailed)
            }
        };
        self.out.push(effect);
    }
}
