//! Opening the file beside a message.

use frontdesk_protocol::{MediaSid, rest::MediaLink};

use super::scene::Scene;
use crate::{Effect, Event, Failure, Notice, RequestId};

fn media(bits: u128) -> MediaSid {
    MediaSid::from_bits(bits)
}

fn link(url: &str) -> MediaLink {
    MediaLink { url: url.into() }
}

/// The user opens a file: which request asks for it.
fn open(scene: &mut Scene, bits: u128) -> RequestId {
    let effects = scene.on(Event::OpenFile(media(bits)));
    let [Effect::FetchLink { request, media: asked, token }] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    assert!(*asked == media(bits) && !token.is_empty());
    *request
}

fn answer(scene: &mut Scene, request: RequestId, status: u16) -> Vec<Effect> {
    let failure = Failure { status, retry_after_ms: None, error: None };
    scene.on(Event::LinkAnswered { request, result: Err(failure) })
}

#[test]
fn a_file_is_asked_for_with_the_token_and_opened() {
    let mut scene = Scene::live();
    let request = open(&mut scene, 1);
    let result = Ok(link("https://desk.test/x"));
    let opened = scene.on(Event::LinkAnswered { request, result });
    assert_eq!(opened, [Effect::OpenLink("https://desk.test/x".into())]);
    let again = scene.on(Event::LinkAnswered { request, result: Ok(link("https://desk.test/y")) });
    assert!(again.is_empty(), "an answer is good once");
}

#[test]
fn what_does_not_come_is_said() {
    let mut scene = Scene::live();
    for status in [404, 0, 503] {
        let request = open(&mut scene, 1);
        let effects = answer(&mut scene, request, status);
        assert_eq!(effects, [Effect::Changed(Notice::FileFailed)], "{status}");
    }
}

#[test]
fn a_token_that_is_refused_for_a_file_is_renewed_for_the_next_try() {
    let mut scene = Scene::live();
    let request = open(&mut scene, 1);
    let effects = answer(&mut scene, request, 401);
    assert!(matches!(effects.first(), Some(Effect::FetchToken { .. })), "{effects:?}");
    assert_eq!(effects.last(), Some(&Effect::Changed(Notice::FileFailed)));
}

#[test]
fn only_the_file_that_was_asked_for_last_opens() {
    let mut scene = Scene::live();
    let first = open(&mut scene, 1);
    let second = open(&mut scene, 2);
    assert!(answer(&mut scene, first, 404).is_empty());
    let result = Ok(link("https://desk.test/2"));
    let opened = scene.on(Event::LinkAnswered { request: second, result });
    assert_eq!(opened, [Effect::OpenLink("https://desk.test/2".into())]);
}
