//! The contract of the API keys' books.

use frontdesk_protocol::id::{AccountSid, KeySid};
use frontdesk_server::storage::ApiKey;

use super::world::World;

fn key(world: &World, bits: u128, name: &str) -> ApiKey {
    let (sid, account) = (KeySid::from_bits(bits), world.account.clone());
    ApiKey { sid, account, name: name.into(), secret: "secret".into() }
}

pub(crate) async fn a_key_that_was_given_up_is_gone(world: World) {
    let key = key(&world, 1, "Key");
    let sid = key.sid.clone();
    world.store.put_api_key(key.clone()).await.unwrap();
    assert_eq!(world.store.api_key(&sid).await.unwrap(), Some(key));
    world.store.delete_api_key(&sid).await.unwrap();
    assert_eq!(world.store.api_key(&sid).await.unwrap(), None);
    // Nor does a new name bring it back.
    world.store.rename_api_key(&sid, "Other".into()).await.unwrap();
    assert_eq!(world.store.key_record(&sid).await.unwrap(), None);
}

pub(crate) async fn keys_are_listed_in_the_order_they_were_made(world: World) {
    // Not the order of their SIDs.
    for (bits, name) in [(3, "a"), (1, "b"), (2, "c")] {
        world.store.put_api_key(key(&world, bits, name)).await.unwrap();
    }
    let list = |after, most| world.store.key_list(&world.account, after, most);
    let all = list(0, 10).await.unwrap();
    assert_eq!(
        all.iter().map(|record| record.key.name.as_str()).collect::<Vec<_>>(),
        ["a", "b", "c"]
    );
    assert_eq!(list(all[0].n, 1).await.unwrap(), all[1..2]);
    let stranger = AccountSid::from_bits(99);
    assert!(world.store.key_list(&stranger, 0, 10).await.unwrap().is_empty());

    // Another name changes nothing else, its place neither.
    world.store.rename_api_key(&all[0].key.sid, "z".into()).await.unwrap();
    let renamed = world.store.key_record(&all[0].key.sid).await.unwrap().unwrap();
    assert_eq!((renamed.n, renamed.created), (all[0].n, all[0].created));
    assert_eq!(renamed.key, ApiKey { name: "z".into(), ..all[0].key.clone() });
    assert!(renamed.updated >= all[0].updated);
}
