use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::*;
use crate::{
    auth::hs256,
    clock::ManualClock,
    random::SeededRandom,
    storage::{
        Account, ApiKey, Service,
        sqlite::{SqliteStore, migrate},
    },
};

const NOW: Millis = Millis(1_795_000_000_000);
const NOW_SECONDS: u64 = NOW.0 / 1_000;
const SECRET: &[u8] = b"secret of the key";

/// Two accounts, each with a service and a key; the second's have the number 2.
struct World {
    store: Arc<dyn Store>,
    _folder: tempfile::TempDir,
}

fn account() -> AccountSid {
    AccountSid::from_bits(1)
}
fn key() -> KeySid {
    KeySid::from_bits(1)
}

impl World {
    async fn new() -> Self {
        hs256::install();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("frontdesk.db");
        migrate(&path, &SeededRandom::new(1)).await.unwrap();
        let (store, _) = SqliteStore::open(&path, Arc::new(ManualClock::at(NOW))).await.unwrap();
        let store: Arc<dyn Store> = Arc::new(store);
        for bits in [1, 2] {
            let (sid, name) = (AccountSid::from_bits(bits), "A".to_owned());
            let account = Account { sid: sid.clone(), name: name.clone(), auth_token: "t".into() };
            store.put_account(account).await.unwrap();
            let service = ServiceSid::from_bits(bits);
            let service = Service { sid: service, account: sid.clone(), name: name.clone() };
            store.put_service(service).await.unwrap();
            let secret = String::from_utf8(SECRET.to_vec()).unwrap();
            let key = ApiKey { sid: KeySid::from_bits(bits), account: sid, name, secret };
            store.put_api_key(key).await.unwrap();
        }
        Self { store, _folder: folder }
    }

    async fn verify(&self, text: &str) -> Result<GuestToken, TokenError> {
        verify(self.store.as_ref(), NOW, text, None).await.unwrap()
    }

    async fn refuses(&self, text: &str, why: &str) {
        assert_eq!(self.verify(text).await, Err(TokenError::Refused), "{why}");
    }
}

/// The header that the library writes.
fn header() -> Value {
    json!({"alg": "HS256", "typ": "JWT", "cty": CONTENT_TYPE})
}

/// The claims that the library writes.
fn claims() -> Value {
    json!({
        "jti": format!("{}-{NOW_SECONDS}", key()),
        "grants": {"identity": "guest-1", "chat": {"service_sid": ServiceSid::from_bits(1)}},
        "iat": NOW_SECONDS, "exp": NOW_SECONDS + 3_600, "iss": key(), "sub": account(),
    })
}

fn signed_with(secret: &[u8], header: &str, claims: &str) -> String {
    let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(text.as_bytes());
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// A token whose signature is right, whatever it says.
fn signed(header: &Value, claims: &Value) -> String {
    signed_with(SECRET, &header.to_string(), &claims.to_string())
}

/// The same value with another one at this place; `null` takes it away.
fn with(mut value: Value, path: &str, new: Value) -> Value {
    let (parent, name) = path.rsplit_once('/').unwrap();
    let map = value.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if new.is_null() {
        map.remove(name).unwrap();
    } else {
        map.insert(name.into(), new);
    }
    value
}

#[tokio::test]
async fn what_the_library_mints_is_taken() {
    let world = World::new().await;
    let text = signed(&header(), &claims());
    assert!(is_one(&text));
    let token = world.verify(&text).await.unwrap();
    assert_eq!(token.party.account, account());
    assert_eq!(token.party.identity.as_str(), "guest-1");
    assert_eq!((token.party.kind, token.site), (PartyKind::Guest, None));
    assert_eq!(token.key, Some(key()));
    assert_eq!((token.began, token.expires), (NOW, NOW.plus(3_600_000)));
    // With a region of the retired service, and without a service.
    let regional = with(header(), "/twr", json!("us1"));
    assert!(world.verify(&signed(&regional, &claims())).await.is_ok());
    let free = with(claims(), "/grants/chat/service_sid", Value::Null);
    assert!(world.verify(&signed(&header(), &free)).await.is_ok());
}

#[tokio::test]
async fn c1_no_algorithm_but_the_pinned_one() {
    let world = World::new().await;
    for alg in [
        "none", "None", "NONE", "nOnE", "hs256", "Hs256", "HS384", "HS512", "RS256", "ES256",
        "PS256", "EdDSA", "", "HS256 ",
    ] {
        let header = with(header(), "/alg", json!(alg));
        world.refuses(&signed(&header, &claims()), alg).await;
        // And with nothing behind the last point, as `none` wants it.
        let text = signed(&header, &claims());
        let unsigned = &text[..=text.rfind('.').unwrap()];
        world.refuses(unsigned, alg).await;
    }
    for alg in [json!(null), json!(1), json!(["HS256"]), json!({"HS256": true})] {
        let header = header().to_string().replace("\"HS256\"", &alg.to_string());
        world.refuses(&signed_with(SECRET, &header, &claims().to_string()), &header).await;
    }
}

#[tokio::test]
async fn c1_no_signature_but_the_right_one() {
    let world = World::new().await;
    let text = signed(&header(), &claims());
    let (signing_input, signature) = text.rsplit_once('.').unwrap();
    for other in ["", "AAAA", &"A".repeat(43), &signature[..42], &format!("{signature}AA")] {
        world.refuses(&format!("{signing_input}.{other}"), "another signature").await;
    }
    world.refuses(signing_input, "no signature at all").await;
    world.refuses(&format!("{text}."), "a fourth part").await;
    let other = signed(&header(), &with(claims(), "/grants/identity", json!("somebody-else")));
    let swapped = format!("{signing_input}.{}", other.rsplit_once('.').unwrap().1);
    world.refuses(&swapped, "the signature of another token").await;
    let claims = claims().to_string();
    world.refuses(&signed_with(b"", &header().to_string(), &claims), "the empty secret").await;
    let sid = key().to_string();
    let by_sid = signed_with(sid.as_bytes(), &header().to_string(), &claims);
    world.refuses(&by_sid, "the key's SID as its secret").await;
}

#[tokio::test]
async fn c1_every_byte_counts() {
    let world = World::new().await;
    let text = signed(&header(), &claims());
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let flipped = String::from_utf8(bytes).unwrap();
        world.refuses(&flipped, &format!("byte {at}")).await;
    }
}

#[tokio::test]
async fn c2_a_header_that_brings_a_key_or_asks_for_more_is_refused() {
    let world = World::new().await;
    for (name, value) in [
        ("kid", json!("../../../../dev/null")),
        ("kid", json!("' OR 1=1 --")),
        ("kid", json!("https://evil.example/key")),
        ("kid", json!(key())),
        ("jku", json!("https://evil.example/keys.json")),
        ("x5u", json!("https://evil.example/chain.pem")),
        ("x5t", json!("AAAA")),
        ("x5c", json!(["AAAA"])),
        ("jwk", json!({"kty": "oct", "k": URL_SAFE_NO_PAD.encode("attacker"), "alg": "HS256"})),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
    ] {
        let header = with(header(), &format!("/{name}"), value.clone());
        world.refuses(&signed(&header, &claims()), &format!("{name}: {value}")).await;
    }
}

#[tokio::test]
async fn c3_a_token_for_something_else_is_refused() {
    let world = World::new().await;
    let other = |path: &str, value: Value| (path.to_owned(), value);
    for (path, value) in [
        other("/typ", Value::Null),
        other("/typ", json!("jwt")),
        other("/typ", json!("frontdesk-guest")),
        other("/typ", json!("frontdesk-agent")),
        other("/cty", Value::Null),
        other("/cty", json!("twilio-fpa;v=2")),
        other("/cty", json!("TWILIO-FPA;V=1")),
        other("/cty", json!("stnr;v=1")),
    ] {
        let text = signed(&with(header(), &path, value.clone()), &claims());
        world.refuses(&text, &format!("{path}: {value}")).await;
    }
    for (path, value) in [
        other("/iss", Value::Null),
        other("/iss", json!("")),
        other("/iss", json!(account())),
        other("/iss", json!("frontdesk")),
        other("/iss", json!(KeySid::from_bits(99))),
        // A key of another account, though its secret is the same.
        other("/iss", json!(KeySid::from_bits(2))),
        other("/sub", Value::Null),
        other("/sub", json!(AccountSid::from_bits(2))),
        other("/sub", json!(AccountSid::from_bits(99))),
        other("/sub", json!("AC1")),
        other("/grants/chat/service_sid", json!(ServiceSid::from_bits(2))),
        other("/grants/chat/service_sid", json!(ServiceSid::from_bits(99))),
        other("/grants/chat/service_sid", json!("IS1")),
        other("/jti", Value::Null),
        other("/grants", Value::Null),
        other("/grants", json!([])),
    ] {
        let text = signed(&header(), &with(claims(), &path, value.clone()));
        world.refuses(&text, &format!("{path}: {value}")).await;
    }
}

#[tokio::test]
async fn c3_a_key_that_was_given_up_signs_nothing() {
    let world = World::new().await;
    let text = signed(&header(), &claims());
    assert!(world.verify(&text).await.is_ok());
    world.store.delete_api_key(&key()).await.unwrap();
    world.refuses(&text, "the key is gone").await;
}

#[tokio::test]
async fn c4_only_the_time_that_it_names_and_at_most_a_day() {
    let world = World::new().await;
    let (leeway, day) = (LEEWAY_MS / 1_000, LONGEST_MS / 1_000);
    for (iat, nbf, exp, taken) in [
        (NOW_SECONDS, None, NOW_SECONDS + day, Ok(())),
        (NOW_SECONDS + leeway, None, NOW_SECONDS + 3_600, Ok(())),
        (NOW_SECONDS, Some(NOW_SECONDS + leeway), NOW_SECONDS + 3_600, Ok(())),
        (NOW_SECONDS - 3_600, None, NOW_SECONDS - leeway, Ok(())),
        (NOW_SECONDS - 3_600, None, NOW_SECONDS - leeway - 1, Err(TokenError::Expired)),
        (1, None, 2, Err(TokenError::Expired)),
        (NOW_SECONDS + leeway + 1, None, NOW_SECONDS + 3_600, Err(TokenError::Refused)),
        (NOW_SECONDS + day, None, NOW_SECONDS + 2 * day, Err(TokenError::Refused)),
        (
            NOW_SECONDS,
            Some(NOW_SECONDS + leeway + 1),
            NOW_SECONDS + 3_600,
            Err(TokenError::Refused),
        ),
        (NOW_SECONDS, None, NOW_SECONDS + day + 1, Err(TokenError::Refused)),
        (NOW_SECONDS, None, NOW_SECONDS + 10 * 365 * day, Err(TokenError::Refused)),
        (NOW_SECONDS, None, u64::MAX, Err(TokenError::Refused)),
        (NOW_SECONDS, None, NOW_SECONDS - 1, Err(TokenError::Refused)),
        (0, None, NOW_SECONDS + 3_600, Err(TokenError::Refused)),
    ] {
        let mut changed = with(with(claims(), "/iat", json!(iat)), "/exp", json!(exp));
        if let Some(nbf) = nbf {
            changed = with(changed, "/nbf", json!(nbf));
        }
        let found = world.verify(&signed(&header(), &changed)).await.map(drop);
        assert_eq!(found, taken, "iat {iat}, nbf {nbf:?}, exp {exp}");
    }
}

#[tokio::test]
async fn c4_times_that_are_none_are_refused() {
    let world = World::new().await;
    for path in ["/iat", "/exp"] {
        for value in [Value::Null, json!("1795003600"), json!(-1), json!(1.5), json!(1e30)] {
            let text = signed(&header(), &with(claims(), path, value.clone()));
            world.refuses(&text, &format!("{path}: {value}")).await;
        }
    }
    let text = signed(&header(), &with(claims(), "/nbf", json!("soon")));
    world.refuses(&text, "nbf is no number").await;
}

#[tokio::test]
async fn either_grant_will_do_and_one_has_to_be_there() {
    let world = World::new().await;
    let chat = json!({"service_sid": ServiceSid::from_bits(1)});
    let foreign = json!({"service_sid": ServiceSid::from_bits(2)});
    for (grants, taken) in [
        (json!({"identity": "g", "chat": chat}), true),
        (json!({"identity": "g", "ip_messaging": chat}), true),
        (json!({"identity": "g", "chat": chat, "ip_messaging": chat}), true),
        (json!({"identity": "g", "chat": {}}), true),
        (json!({"identity": "g", "video": {}, "chat": {"push_credential_sid": "CR1"}}), true),
        (json!({"identity": "g", "ip_messaging": foreign}), false),
        (json!({"identity": "g", "video": {}}), false),
        (json!({"identity": "g", "chat": null}), false),
        (json!({"identity": "g", "chat": []}), false),
        (json!({"identity": "g"}), false),
    ] {
        let text = signed(&header(), &with(claims(), "/grants", grants.clone()));
        assert_eq!(world.verify(&text).await.is_ok(), taken, "{grants}");
    }
}

#[tokio::test]
async fn an_identity_is_1_to_256_plain_characters() {
    let world = World::new().await;
    for (identity, taken) in [
        (json!("x".repeat(256)), true),
        (json!("é".repeat(256)), true),
        (json!("x".repeat(257)), false),
        (json!(""), false),
        (json!("a\nb"), false),
        (json!("a\u{0}b"), false),
        (json!(7), false),
        (Value::Null, false),
    ] {
        let text = signed(&header(), &with(claims(), "/grants/identity", identity.clone()));
        assert_eq!(world.verify(&text).await.is_ok(), taken, "{identity}");
    }
}

#[tokio::test]
async fn claims_that_are_said_twice_are_refused() {
    let world = World::new().await;
    let doubled = claims().to_string().replacen('{', r#"{"sub":"AC1","#, 1);
    world.refuses(&signed_with(SECRET, &header().to_string(), &doubled), "sub twice").await;
    for claims in ["", "{}", "[]", "null", "garbage"] {
        world.refuses(&signed_with(SECRET, &header().to_string(), claims), claims).await;
    }
}

#[tokio::test]
async fn what_is_too_long_is_not_looked_at() {
    let world = World::new().await;
    let long = with(claims(), "/grants/video", json!({"room": "x".repeat(TOKEN_BYTES)}));
    let text = signed(&header(), &long);
    assert!(!is_one(&text));
    // Nor by whoever asks no further.
    world.refuses(&text, "longer than any token").await;
}

#[tokio::test]
async fn each_token_is_a_line_of_its_own() {
    let world = World::new().await;
    let family =
        async |claims: &Value| world.verify(&signed(&header(), claims)).await.unwrap().family;
    let one = family(&claims()).await;
    assert_eq!(one, family(&claims()).await);
    assert_ne!(one, family(&with(claims(), "/jti", json!("another"))).await);
}
