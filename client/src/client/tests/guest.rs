//! A guest's way from the form to the chat, and out of it.

use expect_test::expect;
use frontdesk_protocol::{
    EventKind, form::Answers, frame::ServerFrame, rest::RestError, state::Status,
};

use super::scene::{Scene, channel, check, happened, session, start, stream, submission};
use crate::{Connection, Event, Failure, Problem, RequestId, Screen, Session, Submission, Timer};

fn form() -> Scene {
    let mut scene = Scene::guest();
    scene.on(start(None));
    scene
}

fn refusal(status: u16, fields: &[(&str, &str)]) -> Failure {
    let fields =
        fields.iter().map(|(name, words)| ((*name).to_owned(), (*words).to_owned())).collect();
    let message = "the form was refused".into();
    let error = RestError { code: 20_001, message, more_info: String::new(), status, fields };
    Failure { status, retry_after_ms: None, error: Some(Box::new(error)) }
}

#[test]
fn the_form_leads_to_a_token_a_channel_and_a_socket() {
    let mut scene = form();
    check(
        &mut scene,
        vec![Event::SubmitForm(submission("k1"))],
        &expect![[r#"
        token #1 Fresh
        timer Token 15000
        changed Screen
    "#]],
    );
    let effects = scene.token_answer(1, "t1");
    expect![[r#"
        clear Token
        save session t1 channel=false pending=true
        create #2 k1 Bob {"friendlyName":"Bob","location":"https://example.org/"}
        timer Opening 20000
    "#]]
    .assert_eq(&super::scene::show(&effects));
    let effects = scene.channel_answer(2);
    expect![[r#"
        clear Opening
        clear Reconnect
        open 1
        timer Handshake 10000
        save session t1 channel=true pending=false
        changed Screen
        changed Connection
    "#]]
    .assert_eq(&super::scene::show(&effects));
    expect![[r#"
        send {"t":"hello","tok":"t1","inst":"tab1","ch":[{"id":"CH00000000000000000000000000000001"}]}
        timer Handshake 10000
        changed Connection
    "#]].assert_eq(&super::scene::show(&scene.open()));
}

#[test]
fn a_double_click_opens_one_channel() {
    let mut scene = form();
    scene.on(Event::SubmitForm(submission("k1")));
    assert!(scene.on(Event::SubmitForm(submission("k2"))).is_empty());
}

#[test]
fn a_wrong_answer_is_shown_at_its_field_and_nothing_is_asked() {
    let mut scene = form();
    let submission = Submission { answers: Answers::new(), ..submission("k1") };
    check(
        &mut scene,
        vec![Event::SubmitForm(submission)],
        &expect![[r#"
        changed Screen
    "#]],
    );
    let shown = format!("{:?}", scene.client.screen());
    expect![[r#"Form(FormState { fields: {"friendlyName": Check(Required)}, problem: None })"#]]
        .assert_eq(&shown);
}

#[test]
fn the_servers_verdict_is_shown_at_its_field() {
    let mut scene = form();
    scene.on(Event::SubmitForm(submission("k1")));
    scene.token_answer(1, "t1");
    let result = Err(refusal(400, &[("friendlyName", "too_long"), ("x", "No such field.")]));
    scene.on(Event::ChannelAnswered { request: RequestId(2), result });
    let shown = format!("{:?}", scene.client.screen());
    expect![[r#"Form(FormState { fields: {"friendlyName": Check(TooLong), "x": Server("No such field.")}, problem: None })"#]].assert_eq(&shown);
}

#[test]
fn what_is_wrong_with_no_field_is_shown_with_the_whole_form() {
    for (fields, expected) in [
        (&[("friendlyName", "Who?"), ("", "Not today.")][..], "Not today."),
        (&[("", "Not today.")], "Not today."),
        (&[], "the form was refused"),
    ] {
        let mut scene = form();
        scene.on(Event::SubmitForm(submission("k1")));
        scene.token_answer(1, "t1");
        let result = Err(refusal(403, fields));
        scene.on(Event::ChannelAnswered { request: RequestId(2), result });
        let Screen::Form(form) = scene.client.screen() else { panic!("the form") };
        assert_eq!(form.problem, Some(Problem::Refused(expected.into())));
        assert!(form.fields.iter().all(|(name, _)| name == "friendlyName"));
    }
}

#[test]
fn a_request_without_an_answer_is_repeated_with_its_key() {
    let mut scene = form();
    scene.on(Event::SubmitForm(submission("k1")));
    scene.token_answer(1, "t1");
    for _ in 0..4 {
        scene.ring(Timer::Opening);
        assert_eq!(*scene.client.screen(), Screen::Starting);
        let asked = super::scene::show(&scene.ring(Timer::Opening));
        assert!(asked.contains(" k1 "), "{asked}");
    }
    scene.ring(Timer::Opening);
    let shown = format!("{:?}", scene.client.screen());
    expect!["Form(FormState { fields: {}, problem: Some(Unreachable) })"].assert_eq(&shown);
    let again = super::scene::show(&scene.on(Event::SubmitForm(submission("k2"))));
    assert!(again.contains(" k1 "), "the same answers keep their key: {again}");
}

#[test]
fn a_reload_while_opening_goes_on_with_the_same_key() {
    let mut scene = Scene::guest();
    let pending = Some(submission("k1"));
    check(
        &mut scene,
        vec![start(Some(Session { channel: None, pending, ..session() }))],
        &expect![[r#"
            save session t0 channel=false pending=true
            create #1 k1 Bob {"friendlyName":"Bob","location":"https://example.org/"}
            timer Opening 20000
            changed Screen
        "#]],
    );
}

#[test]
fn an_end_that_is_not_answered_is_asked_again() {
    let mut scene = Scene::live();
    check(
        &mut scene,
        vec![
            Event::End { channel: channel() },
            Event::End { channel: channel() },
            Event::Timer(Timer::Ending),
            Event::Timer(Timer::Ending),
            Event::EndAnswered { request: RequestId(2), result: Ok(()) },
        ],
        &expect![[r#"
            end #1 CH00000000000000000000000000000001
            timer Ending 15000
            timer Ending 0..2000
            end #2 CH00000000000000000000000000000001
            timer Ending 15000
            clear Ending
        "#]],
    );
    let event = happened(3, EventKind::Status { status: Status::Inactive });
    scene.hear(ServerFrame::Ev { ch: stream(), event });
    assert_eq!((scene.client.screen(), scene.client.is_ending()), (&Screen::Ended, false));
}

#[test]
fn an_ended_chat_lets_its_connection_go_after_a_minute() {
    let mut scene = Scene::live();
    let event = happened(3, EventKind::Status { status: Status::Inactive });
    scene.hear(ServerFrame::Ev { ch: stream(), event });
    scene.ring(Timer::Linger);
    assert_eq!(scene.client.connection(), Connection::Closed);
    assert_eq!(*scene.client.screen(), Screen::Ended);
}

#[test]
fn start_again_forgets_everything() {
    let mut scene = Scene::live();
    scene.compose(200, "Unsent");
    check(
        &mut scene,
        vec![Event::Forget],
        &expect![[r#"
        close 1 1000
        clear Handshake
        clear Silence
        clear Probe
        clear Ack
        forget entry c8
        changed Gone
        clear Reconnect
        clear Token
        clear Opening
        clear Ending
        clear Linger
        clear Refresh
        forget session
        changed Screen
        changed Connection
    "#]],
    );
    assert!(scene.client.me().is_none() && !scene.client.has_unsent());
}

#[test]
fn a_chat_begun_in_another_tab_is_this_tabs_too() {
    let mut scene = form();
    scene.on(Event::SessionChanged(Some(Box::new(session()))));
    assert_eq!(*scene.client.screen(), Screen::Chat);
    assert!(matches!(scene.client.connection(), Connection::Connecting { .. }));
    scene.on(Event::SessionChanged(None));
    assert!(matches!(scene.client.screen(), Screen::Form(_)));
}

#[test]
fn without_its_secret_a_guest_does_not_come_back_as_somebody_else() {
    let mut scene = Scene::guest();
    let expires = frontdesk_protocol::Millis(0);
    scene.on(start(Some(Session { secret: None, expires, ..session() })));
    assert_eq!(scene.client.connection(), Connection::Failed(crate::FailReason::Token));
}
