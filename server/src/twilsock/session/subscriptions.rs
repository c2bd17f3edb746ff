//! The objects that a connection follows, and how far each was told.
//!
//! A hint says that something happened; what, is read from the object's topic from the last number
//! on that the client was told. So nothing is told twice, nothing is passed over, and what is
//! replayed to somebody who was away takes the same way.
//! Source of the frames: `twilio-sync@0.12.4:lib/subscriptions.js`.

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_protocol::{ChannelSid, Stream};
use serde_json::{Value, json};

use super::{
    super::{
        calls::Answer,
        feed::{Fed, Wish},
        incoming::Call,
        objects::{Object, Topic},
    },
    Effect, Session,
    event::Sought,
};
use crate::storage::StoreError;

/// Most objects in one request.
const BATCH: usize = 100;
/// Most topics that are being read at a time.
const FEEDS: usize = 4;
/// Most objects of which it is remembered that they were read.
const READS: usize = 1_000;

/// Objects that are followed.
#[derive(Debug, Default)]
pub(super) struct Subscriptions {
    watches: BTreeMap<Topic, Watch>,
    /// The newest event that objects had when they were first read here: a client that follows one
    /// without saying from where has what it read.
    reads: BTreeMap<Object, u64>,
    number: u64,
}

/// A topic with followed objects.
#[derive(Debug, Default)]
struct Watch {
    objects: BTreeMap<Object, Followed>,
    /// What is being read now. An answer with another number is about something that is not
    /// wanted any more.
    feeding: Option<Feeding>,
    /// There may be news.
    dirty: bool,
    /// Channels whose place among the user's own is to be told anew.
    refresh: BTreeSet<ChannelSid>,
}

/// A topic that is being read.
#[derive(Debug)]
struct Feeding {
    number: u64,
    refresh: BTreeSet<ChannelSid>,
}

impl Watch {
    /// Does not wait for what is being read; it will be read again.
    fn give_up(&mut self) {
        if let Some(feeding) = self.feeding.take() {
            self.refresh.extend(feeding.refresh);
        }
    }
}

/// An object that is followed.
#[derive(Debug)]
struct Followed {
    /// The last number that was told; `None` is: from now on.
    after: Option<u64>,
    /// The request to be told when it is established; `None` once it was.
    correlation: Option<Value>,
}

impl Subscriptions {
    fn len(&self) -> usize {
        self.watches.values().map(|watch| watch.objects.len()).sum()
    }

    pub(super) fn mark(&mut self, stream: &Stream) {
        self.mark_topic(&Topic::Stream(stream.clone()));
    }

    pub(super) fn mark_topic(&mut self, topic: &Topic) {
        if let Some(watch) = self.watches.get_mut(topic) {
            watch.dirty = true;
        }
    }

    pub(super) fn mark_all(&mut self) {
        for watch in self.watches.values_mut() {
            watch.dirty = true;
        }
    }

    /// A channel's place among the user's own is to be told anew.
    pub(super) fn refresh(&mut self, channel: ChannelSid) {
        let mine = self
            .watches
            .iter_mut()
            .find(|(topic, _)| matches!(topic, Topic::Stream(Stream::User(_))));
        if let Some((_, watch)) = mine {
            watch.refresh.insert(channel);
            watch.dirty = true;
        }
    }

    pub(super) fn was_read(&mut self, object: Object, head: u64) {
        if self.reads.len() < READS {
            self.reads.entry(object).or_insert(head);
        }
    }

    pub(super) fn follow_channel(&self, channel: &ChannelSid) -> bool {
        self.watches.contains_key(&Topic::Stream(Stream::Channel(channel.clone())))
    }

    /// Takes an object away; gives the topic if nothing of it is followed any more.
    fn remove(&mut self, object: &Object) -> Option<Topic> {
        let topic = object.topic();
        let watch = self.watches.get_mut(&topic)?;
        watch.objects.remove(object);
        if watch.objects.is_empty() {
            self.watches.remove(&topic);
            return Some(topic);
        }
        None
    }
}

impl Session {
    /// `POST /v4/Subscriptions`
    pub(super) fn subscribe(&mut self, id: &str, call: &Call) {
        let body = call.json();
        let correlation = body["correlation_id"].clone();
        let sought = |request: &Value| {
            Some(Sought {
                sid: request["object_sid"].as_str()?.to_owned(),
                kind: request["object_type"].as_str()?.to_owned(),
                after: request["last_event_id"].as_u64(),
            })
        };
        let requests = body["requests"].as_array();
        let sought = requests.and_then(|all| all.iter().map(sought).collect::<Option<Vec<_>>>());
        let sought = sought.filter(|sought| sought.len() <= BATCH);
        let (Some(sought), action) = (sought, body["action"].as_str()) else {
            return self.reply_with(id, &Answer::bad("requests is not valid"));
        };
        match action {
            Some("establish") => {
                self.accept(id);
                self.effects.push(Effect::Resolve { correlation, sought });
            }
            Some("cancel") => {
                self.accept(id);
                for Sought { sid, .. } in sought {
                    self.cancel(&correlation, &sid);
                }
            }
            Some(_) | None => self.reply_with(id, &Answer::bad("action is not valid")),
        }
    }

    fn accept(&mut self, id: &str) {
        let body = json!({
            "max_batch_size": BATCH,
            "estimated_delivery_in_ms": 5_000,
            "ttl_in_s": 3_600,
        });
        self.reply_with(id, &Answer::new(202, body));
    }

    fn cancel(&mut self, correlation: &Value, sid: &str) {
        for object in Object::candidates(sid) {
            let topic = self.subscriptions.remove(&object);
            self.unfollow(topic);
        }
        let event = json!({ "object_sid": sid });
        self.tell_subscription("subscription_canceled", correlation, &event);
    }

    /// Objects were looked up.
    pub(super) fn resolved(
        &mut self,
        correlation: &Value,
        found: Vec<(Sought, Result<Option<Object>, StoreError>)>,
    ) {
        for (sought, object) in found {
            match object {
                Ok(Some(object)) => self.establish(correlation, &sought, object),
                Ok(None) => self.fail(correlation, &sought.sid, &sought.kind, (404, 54_100)),
                // The client asks again when it hears nothing.
                Err(_) => {}
            }
        }
    }

    fn establish(&mut self, correlation: &Value, sought: &Sought, object: Object) {
        let known = self.subscriptions.watches.get(&object.topic());
        let is_new = known.is_none_or(|watch| !watch.objects.contains_key(&object));
        if is_new && self.subscriptions.len() >= self.settings.subscriptions {
            return self.fail(correlation, &sought.sid, &sought.kind, (429, 54_311));
        }
        let topic = object.topic();
        if let Topic::Stream(stream) = &topic
            && known.is_none()
        {
            self.effects.push(Effect::Follow(stream.clone()));
        }
        let after = sought.after.or_else(|| self.subscriptions.reads.get(&object).copied());
        let watch = self.subscriptions.watches.entry(topic).or_default();
        let correlation = Some(correlation.clone());
        watch.objects.insert(object, Followed { after, correlation });
        watch.give_up();
        watch.dirty = true;
    }

    fn fail(&mut self, correlation: &Value, sid: &str, kind: &str, (status, code): (u16, u32)) {
        let message = if status == 404 { "object not found" } else { "too many subscriptions" };
        let error = json!({ "status": status, "code": code, "message": message });
        let event = json!({ "object_sid": sid, "object_type": kind, "error": error });
        self.tell_subscription("subscription_failed", correlation, &event);
    }

    fn tell_subscription(&mut self, event_type: &str, correlation: &Value, event: &Value) {
        let payload = json!({
            "event_type": event_type,
            "correlation_id": correlation,
            "event": event,
        });
        self.notify("twilio.sync.event", &payload);
    }

    fn unfollow(&mut self, topic: Option<Topic>) {
        if let Some(Topic::Stream(stream)) = topic {
            self.effects.push(Effect::Unfollow(stream));
        }
    }

    /// Reads what may be new, while there is room for it.
    pub(super) fn start_feeding(&mut self) {
        if !self.has_room() {
            return;
        }
        let Subscriptions { watches, number, .. } = &mut self.subscriptions;
        let under_way = watches.values().filter(|watch| watch.feeding.is_some()).count();
        let due = watches.iter_mut().filter(|(_, watch)| watch.dirty && watch.feeding.is_none());
        for (topic, watch) in due.take(FEEDS.saturating_sub(under_way)) {
            *number += 1;
            watch.dirty = false;
            let refresh = std::mem::take(&mut watch.refresh);
            watch.feeding = Some(Feeding { number: *number, refresh: refresh.clone() });
            let wish = |(object, followed): (&Object, &Followed)| Wish {
                object: object.clone(),
                after: followed.after,
            };
            let (number, topic) = (*number, topic.clone());
            let wishes = watch.objects.iter().map(wish).collect();
            self.effects.push(Effect::Feed { number, topic, wishes, refresh });
        }
    }

    /// What happened in a topic was read.
    pub(super) fn fed(&mut self, number: u64, topic: &Topic, result: Result<Fed, StoreError>) {
        let Some(watch) = self.subscriptions.watches.get_mut(topic) else { return };
        if watch.feeding.as_ref().is_none_or(|feeding| feeding.number != number) {
            return;
        }
        let Ok(fed) = result else {
            // What cannot be read now is tried again with the next heartbeat.
            return watch.give_up();
        };
        watch.feeding = None;
        watch.dirty |= fed.more;
        for note in fed.notes {
            let Some(watch) = self.subscriptions.watches.get_mut(topic) else { break };
            let Some(followed) = watch.objects.get_mut(&note.object) else { continue };
            let is_new = match followed.after {
                // Several items may change at once, under one number.
                Some(after) => note.id > after,
                None => true,
            };
            if is_new {
                let payload = note.payload(&self.settings.root);
                self.notify("twilio.sync.event", &payload);
            }
        }
        for (object, upto) in fed.upto {
            self.known_up_to(topic, &object, upto, fed.more);
        }
        for object in fed.lost {
            self.lost(topic, &object);
        }
        for channel in fed.own {
            self.subscriptions.refresh(channel);
        }
    }

    fn known_up_to(&mut self, topic: &Topic, object: &Object, upto: u64, more: bool) {
        let Some(watch) = self.subscriptions.watches.get_mut(topic) else { return };
        let Some(followed) = watch.objects.get_mut(object) else { return };
        let last = followed.after.map_or(upto, |after| after.max(upto));
        followed.after = Some(last);
        let correlation = if more { None } else { followed.correlation.take() };
        if let Some(correlation) = correlation {
            let event = json!({
                "object_sid": object.sid(),
                "object_type": object.kind().word(),
                "last_event_id": last,
                "replay_status": "completed",
            });
            self.tell_subscription("subscription_established", &correlation, &event);
        }
    }

    /// An object is not there any more, or not theirs.
    fn lost(&mut self, topic: &Topic, object: &Object) {
        let watch = self.subscriptions.watches.get_mut(topic);
        let followed = watch.and_then(|watch| watch.objects.get_mut(object));
        let Some(followed) = followed else { return };
        if let Some(correlation) = followed.correlation.take() {
            let (sid, kind) = (object.sid(), object.kind().word());
            self.fail(&correlation, &sid, kind, (404, 54_100));
        }
        let topic = self.subscriptions.remove(object);
        self.unfollow(topic);
    }
}
