//! The contract of the Flex API's books.

use frontdesk_protocol::{TaskSid, id::FlowSid};
use frontdesk_server::storage::{Change, Flow, IntegrationConfig, NewEngagement};
use serde_json::{Map, Value, json};

use super::world::{World, identity};

fn settings(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).unwrap()
}

fn flow(world: &World, bits: u128, name: &str) -> Flow {
    Flow {
        sid: FlowSid::from_bits(bits),
        account: world.account.clone(),
        service: world.service.clone(),
        name: name.into(),
        enabled: true,
        integration: IntegrationConfig::External,
    }
}

pub(crate) async fn two_enabled_flows_have_no_address_in_common(world: World) {
    let sms = |to: &str| settings(json!({"ChannelType": "sms", "ContactIdentity": to}));
    let store = &world.store;
    let first = flow(&world, 10, "First");
    assert!(store.put_flow_settings(first.clone(), sms("+1")).await.unwrap());
    assert!(store.put_flow_settings(first.clone(), sms("+1")).await.unwrap(), "itself");
    let second = flow(&world, 11, "Second");
    assert!(!store.put_flow_settings(second.clone(), sms("+1")).await.unwrap());
    assert_eq!(store.flow_record(&second.sid).await.unwrap(), None);
    let disabled = Flow { enabled: false, ..second.clone() };
    assert!(store.put_flow_settings(disabled, sms("+1")).await.unwrap());
    assert!(store.put_flow_settings(second, sms("+2")).await.unwrap());

    let web = settings(json!({"ChannelType": "web"}));
    for bits in [12, 13] {
        let flow = flow(&world, bits, "Web");
        assert!(store.put_flow_settings(flow, web.clone()).await.unwrap());
    }
}

pub(crate) async fn flows_are_listed_in_the_order_they_were_made(world: World) {
    let store = &world.store;
    for (bits, name) in [(30, "b"), (20, "a"), (25, "b")] {
        assert!(store.put_flow_settings(flow(&world, bits, name), Map::new()).await.unwrap());
    }
    let all = store.flow_list(&world.account, None, 0, 10).await.unwrap();
    let sids: Vec<_> = all.iter().skip(1).map(|record| record.flow.sid.clone()).collect();
    assert_eq!(sids, [30, 20, 25].map(FlowSid::from_bits));
    let named = store.flow_list(&world.account, Some("b"), all[1].n, 10).await.unwrap();
    assert_eq!(named.len(), 1);
    assert_eq!(named[0].flow.sid, FlowSid::from_bits(25));

    // A plain replacement keeps what was set.
    let renamed = flow(&world, 20, "c");
    store.put_flow_settings(renamed.clone(), settings(json!({"LongLived": true}))).await.unwrap();
    store.put_flow(renamed.clone()).await.unwrap();
    let record = store.flow_record(&renamed.sid).await.unwrap().unwrap();
    assert_eq!((record.n, &record.settings["LongLived"]), (all[2].n, &json!(true)));

    assert!(store.delete_flow(&renamed.sid).await.unwrap());
    assert_eq!(store.flow_record(&renamed.sid).await.unwrap(), None);
}

pub(crate) async fn an_engagement_is_there_as_long_as_its_channel(world: World) {
    let mut channels = Vec::new();
    for bits in 1..=3 {
        let channel = world.channel("g").await;
        let engagement = NewEngagement {
            channel: channel.clone(),
            account: world.account.clone(),
            flow: FlowSid::from_bits(1),
            identity: identity("guest"),
            task: Some(TaskSid::from_bits(bits)),
        };
        world.one(Change::KeepEngagement(engagement.clone())).await.unwrap();
        let record = world.store.engagement(&channel).await.unwrap().unwrap();
        assert_eq!(record.engagement, engagement);
        channels.push(channel);
    }
    let list = |after| world.store.engagements(&world.account, after, 10);
    let all = list(0).await.unwrap();
    assert_eq!(all.len(), 3);
    assert_eq!(list(all[0].n).await.unwrap(), all[1..]);

    world.store.delete_engagement(&channels[0]).await.unwrap();
    world.one(Change::RemoveChannel { channel: channels[1].clone() }).await.unwrap();
    for gone in &channels[..2] {
        assert_eq!(world.store.engagement(gone).await.unwrap(), None);
    }
    let left = world.store.engagements(&world.account, 0, 10).await.unwrap();
    assert_eq!(left, all[2..]);
}
