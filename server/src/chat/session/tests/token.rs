//! Tokens: refusal, refresh, end, revocation.

use super::*;

#[test]
fn each_refusal_has_its_close_code() {
    for (refusal, code) in [
        (TokenRefusal::Expired, "CLOSE 4400"),
        (TokenRefusal::Refused, "CLOSE 4401"),
        (TokenRefusal::Origin, "CLOSE 4403"),
        (TokenRefusal::Unavailable, "CLOSE 1013"),
    ] {
        let mut world = World::upgraded();
        world.text(r#"{"t":"hello","tok":"t","inst":"i"}"#);
        let outcome = world.on(Event::Verified(Err(refusal)));
        assert!(outcome.starts_with(code), "{outcome}");
    }
}

#[test]
fn a_client_is_told_three_minutes_before_and_closed_a_minute_after() {
    let mut world = World::live();
    let mut told = Vec::new();
    for at_ms in (0..).step_by(2_500).take_while(|at_ms| *at_ms <= 960_000) {
        world.at(at_ms);
        for outcome in [world.on(Event::Tick), world.on(Event::Rechecked(Ok(BTreeMap::new())))] {
            if outcome.contains("auth_soon") || outcome.contains("CLOSE") {
                told.push(format!("{at_ms}: {outcome}"));
            }
        }
        world.pong();
        world.flush();
    }
    assert_eq!(told, ["720000: <auth_soon 180000>", "960000: CLOSE 4400 the token has expired"]);
}

#[test]
fn a_new_token_of_the_same_subject_goes_on() {
    let mut world = World::live();
    assert_eq!(world.text(r#"{"t":"auth","tok":"new"}"#), "verify");
    assert_eq!(world.on(Event::Verified(Ok(grant("guest", 900_000)))), "adopt, <auth_ok>");
}

#[test]
fn a_new_token_of_somebody_else_ends_the_connection() {
    for other in [
        grant("mallory", 900_000),
        Grant {
            party: Party { account: AccountSid::from_bits(2), ..party("guest") },
            ..grant("guest", 900_000)
        },
        Grant {
            party: Party { kind: PartyKind::Agent, ..party("guest") },
            ..grant("guest", 900_000)
        },
    ] {
        let mut world = World::live();
        world.text(r#"{"t":"auth","tok":"new"}"#);
        assert_eq!(
            world.on(Event::Verified(Ok(other))),
            "<nack - Unauthorized retry false>, CLOSE 4401 the token is somebody else's"
        );
    }
}

#[test]
fn a_new_token_that_is_not_taken_is_answered() {
    for (refusal, answer) in [
        (TokenRefusal::Unavailable, "<nack - Unavailable retry true>"),
        (TokenRefusal::Expired, "<nack - Unauthorized retry false>"),
        (
            TokenRefusal::Refused,
            "<nack - Unauthorized retry false>, CLOSE 4401 the token was refused",
        ),
    ] {
        let mut world = World::live();
        world.text(r#"{"t":"auth","tok":"new"}"#);
        assert_eq!(world.on(Event::Verified(Err(refusal))), answer);
    }
}

#[test]
fn a_second_auth_waits_for_the_first() {
    let mut world = World::live();
    world.text(r#"{"t":"auth","tok":"new"}"#);
    assert_eq!(world.text(r#"{"t":"auth","tok":"newer"}"#), "<nack - Rate retry true>");
}

#[test]
fn a_revoked_token_is_found_by_the_next_ping() {
    let mut world = World::live();
    assert_eq!(world.at(12_500).on(Event::Tick), "recheck 1");
    assert_eq!(
        world.on(Event::Rechecked(Err(TokenRefusal::Refused))),
        "CLOSE 4401 the token was refused"
    );
}

#[test]
fn a_store_that_cannot_be_asked_is_not_held_against_the_client() {
    let mut world = World::live();
    world.at(12_500).on(Event::Tick);
    assert_eq!(world.on(Event::Rechecked(Err(TokenRefusal::Unavailable))), "<ping 1 [10]>");
}

#[test]
fn agents_may_say_more_than_guests() {
    let mut world = World::upgraded();
    world.text(r#"{"t":"hello","tok":"t","inst":"i"}"#);
    let agent = Party { kind: PartyKind::Agent, ..party("anna") };
    world.on(Event::Verified(Ok(Grant { party: agent, ..grant("anna", 900_000) })));
    world.sub(1, Some(10), 10);
    for n in 1..=50 {
        world.say(n, "x");
        let answer = world.on(Event::Committed(Ok(said(u64::try_from(n).unwrap() + 10))));
        assert!(answer.starts_with("<ack"), "{n}: {answer}");
        world.flush();
    }
}
