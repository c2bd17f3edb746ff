//! The requests that a connection carries: one at a time, in the order in which they came, so that
//! what is said in order is stored in order.

use std::collections::VecDeque;

use super::{
    super::{calls::Answer, incoming::Call, objects::Touch},
    Effect, Session,
};

/// Most requests that wait, and above how many bytes of them no other is read.
const MOST: usize = 64;
const BYTES: usize = 262_144;

/// Requests.
#[derive(Debug, Default)]
pub(super) struct Calls {
    waiting: VecDeque<(String, Call)>,
    /// The number and the frame's id of the one under way.
    under_way: Option<(u64, String)>,
    number: u64,
}

impl Calls {
    pub(super) fn is_full(&self) -> bool {
        let bytes: usize = self.waiting.iter().map(|(_, call)| call.body.len()).sum();
        self.waiting.len() >= MOST || bytes >= BYTES
    }
}

impl Session {
    pub(super) fn call(&mut self, id: String, call: Call) {
        self.calls.waiting.push_back((id, call));
    }

    pub(super) fn start_calls(&mut self) {
        while self.calls.under_way.is_none() {
            let Some((id, call)) = self.calls.waiting.pop_front() else { return };
            let is_subscription = call.method == "POST" && call.path == ["v4", "Subscriptions"];
            if is_subscription {
                self.subscribe(&id, &call);
            } else {
                self.calls.number += 1;
                let number = self.calls.number;
                self.calls.under_way = Some((number, id));
                self.effects.push(Effect::Call { number, call });
            }
        }
    }

    pub(super) fn answered(&mut self, number: u64, answer: Answer) {
        let Some((_, id)) = self.calls.under_way.take_if(|(awaited, _)| *awaited == number) else {
            return;
        };
        self.reply_with(&id, &answer);
        if let Some((object, head)) = answer.read.map(|read| *read) {
            self.subscriptions.was_read(object, head);
        }
        for touch in answer.touched {
            match touch {
                Touch::Object(object) => self.subscriptions.mark_topic(&object.topic()),
                Touch::Membership(channel) => self.subscriptions.refresh(channel),
            }
        }
    }
}
