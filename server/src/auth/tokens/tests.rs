use base64::Engine;
use serde_json::{Value, json};

use super::*;

const NOW: Millis = Millis(1_795_000_000_000);

fn key(profile: Profile, kid: &str, byte: u8) -> SigningKey {
    SigningKey { kid: kid.into(), profile: profile.typ().into(), secret: [byte; 32], created: NOW }
}

fn tokens() -> Tokens {
    Tokens::new(&[key(Profile::Guest, "g1", 1), key(Profile::Agent, "a1", 2)]).unwrap()
}

fn guest() -> GuestToken {
    GuestToken {
        party: Party {
            account: AccountSid::from_bits(1),
            identity: Identity::parse("guest-1").unwrap(),
            kind: PartyKind::Guest,
        },
        site: SiteId::parse("site"),
        origin: Origin::parse("https://example.com").ok(),
        family: 7,
        key: None,
        secret_hash: Some([9; 32]),
        began: NOW,
        expires: NOW.plus(900_000),
    }
}

fn base64(value: &[u8]) -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value)
}

fn unbase64(text: &str) -> Vec<u8> {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// A good token with its header and claims changed, signed with the right key.
fn forged(header: impl Fn(&mut Value), claims: impl Fn(&mut Value)) -> String {
    let token = tokens().sign_guest(NOW, &guest());
    let mut parts = token.split('.');
    let mut part = || serde_json::from_slice(&unbase64(parts.next().unwrap())).unwrap();
    let (mut head, mut body): (Value, Value) = (part(), part());
    header(&mut head);
    claims(&mut body);
    let text =
        format!("{}.{}", base64(head.to_string().as_bytes()), base64(body.to_string().as_bytes()));
    let key = EncodingKey::from_secret(&[1; 32]);
    let signature = jsonwebtoken::crypto::sign(text.as_bytes(), &key, Algorithm::HS256).unwrap();
    format!("{text}.{signature}")
}

#[track_caller]
fn refused(text: &str) {
    assert_eq!(tokens().verify(NOW, text), Err(TokenError::Refused), "{text}");
}

#[test]
fn a_token_says_what_it_was_made_of() {
    let token = tokens().sign_guest(NOW, &guest());
    assert_eq!(tokens().verify(NOW, &token), Ok(Token::Guest(guest())));
    let agent = AgentToken {
        party: Party { kind: PartyKind::Agent, ..guest().party },
        queue: QueueSid::from_bits(3),
        family: 8,
        expires: NOW.plus(900_000),
    };
    let token = tokens().sign_agent(NOW, &agent);
    assert_eq!(tokens().verify(NOW, &token), Ok(Token::Agent(agent)));
}

#[test]
fn a_token_that_is_only_signed_right_is_not_enough() {
    let same = |_: &mut Value| {};
    tokens().verify(NOW, &forged(same, same)).unwrap();
    for (name, value) in [
        ("alg", json!("none")),
        ("alg", json!("hs256")),
        ("alg", json!("HS512")),
        ("alg", json!("RS256")),
        ("kid", json!("../../etc/passwd")),
        ("kid", json!("a1")),
        ("kid", Value::Null),
        ("typ", json!("JWT")),
        ("typ", json!("frontdesk-agent")),
        ("cty", json!("twilio-fpa;v=1")),
        ("jku", json!("https://evil.example/keys")),
        ("x5u", json!("https://evil.example/keys")),
        ("jwk", json!({ "kty": "oct", "k": "AQ" })),
        ("x5c", json!(["AQ=="])),
        ("crit", json!(["exp"])),
        ("zip", json!("DEF")),
        ("b64", json!(false)),
    ] {
        refused(&forged(|header| header[name] = value.clone(), same));
    }
    let seconds = NOW.0 / 1_000;
    for (name, value) in [
        ("iss", json!("somebody")),
        ("exp", json!(seconds + 10 * 365 * 86_400)),
        ("exp", json!(seconds - 1)),
        ("exp", Value::Null),
        ("exp", json!(-1)),
        ("exp", json!("tomorrow")),
        ("nbf", json!(seconds + 120)),
        ("iat", json!(seconds + 86_400)),
        ("sub", json!("")),
        ("acc", json!("AC1")),
        ("org", json!("null")),
        ("fam", json!("x")),
        ("sec", json!("00")),
    ] {
        refused(&forged(same, |claims| claims[name] = value.clone()));
    }
}

#[test]
fn a_changed_byte_anywhere_is_noticed() {
    let token = tokens().sign_guest(NOW, &guest());
    for at in 0..token.len() {
        for flip in [1, 0x20] {
            let mut bytes = token.clone().into_bytes();
            bytes[at] ^= flip;
            let Ok(text) = String::from_utf8(bytes) else { continue };
            refused(&text);
        }
    }
    let (unsigned, _) = token.rsplit_once('.').unwrap();
    refused(&format!("{unsigned}."));
    refused(unsigned);
    refused("");
    refused(&"x".repeat(100_000));
}

#[test]
fn a_key_of_another_profile_or_server_is_no_key() {
    let others =
        Tokens::new(&[key(Profile::Guest, "g1", 5), key(Profile::Agent, "a1", 2)]).unwrap();
    refused(&others.sign_guest(NOW, &guest()));
    let guest_only = [key(Profile::Guest, "g1", 1)];
    assert_eq!(Tokens::new(&guest_only).err(), Some(NoKey(Profile::Agent)));
}

#[test]
fn an_older_key_still_reads_and_the_newest_signs() {
    let newer = SigningKey { created: NOW.plus(1), ..key(Profile::Guest, "g2", 3) };
    let both =
        Tokens::new(&[key(Profile::Guest, "g1", 1), newer, key(Profile::Agent, "a1", 2)]).unwrap();
    let old = tokens().sign_guest(NOW, &guest());
    assert!(both.verify(NOW, &old).is_ok());
    refused(&both.sign_guest(NOW, &guest()));
}

#[test]
fn the_end_has_a_minute_of_leeway_and_is_told_apart() {
    let token = tokens().sign_guest(NOW, &guest());
    let end = guest().expires;
    assert!(tokens().verify(end.plus(LEEWAY_MS), &token).is_ok());
    let after = end.plus(LEEWAY_MS + 1);
    assert_eq!(tokens().verify(after, &token), Err(TokenError::Expired));
    // With its secret it is still good for a new one.
    assert!(tokens().verify_past_guest(after.plus(30 * 86_400_000), &token).is_ok());
}
