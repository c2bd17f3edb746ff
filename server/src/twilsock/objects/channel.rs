//! `CH….channel`: the channel itself.

use frontdesk_protocol::ChannelSid;
use serde_json::{Value, json};

use super::name;
use crate::{
    http::time,
    storage::{ChannelRecord, MessageRecord, Order, Store, StoreError},
};

/// The channel's document.
pub(in crate::twilsock) fn value(channel: &ChannelRecord, last: Option<&MessageRecord>) -> Value {
    let sid = &channel.sid;
    let mut value = json!({
        "sid": sid,
        "messages": name::messages(sid),
        "roster": name::roster(sid),
        "friendlyName": Some(&channel.name).filter(|name| !name.is_empty()),
        "uniqueName": channel.unique_name,
        "attributes": json!(channel.attributes).to_string(),
        "type": channel.kind,
        "createdBy": channel.created_by,
        "dateCreated": time::iso(channel.created),
        "dateUpdated": time::iso(channel.updated),
    });
    if let Some(MessageRecord { message, .. }) = last {
        value["lastMessage"] =
            json!({ "index": message.index, "timestamp": time::iso(message.ts) });
    }
    value
}

/// The channel and its document, if it is there.
pub(in crate::twilsock) async fn read(
    store: &dyn Store,
    sid: &ChannelSid,
) -> Result<Option<(ChannelRecord, Value)>, StoreError> {
    let Some(channel) = store.channel(sid).await? else { return Ok(None) };
    let (newest, _) = store.message_list(sid, Order::Desc, None, 1).await?;
    let value = value(&channel, newest.first());
    Ok(Some((channel, value)))
}
