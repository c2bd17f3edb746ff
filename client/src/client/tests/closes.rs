//! What a participant does when its socket is closed.

use expect_test::expect;
use frontdesk_protocol::{CloseCode, frame::ServerFrame};

use super::scene::{Scene, check, start};
use crate::{Connection, Event, FailReason, Failure, RequestId, SuspendReason, Timer};

#[test]
fn a_refused_token_is_renewed_once_and_then_given_up() {
    let mut scene = Scene::live();
    scene.close(4401);
    assert_eq!(scene.client.connection(), Connection::Token);
    scene.token_answer(1, "t1");
    scene.open();
    scene.close(4401);
    assert_eq!(scene.client.connection(), Connection::Failed(FailReason::Token));
    assert!(scene.client.timeline(&super::scene::stream()).is_some(), "it stays readable");
}

#[test]
fn a_refused_secret_is_final() {
    let mut scene = Scene::live();
    scene.close(4400);
    let failure = Failure { status: 401, retry_after_ms: None, error: None };
    scene.on(Event::TokenAnswered { request: RequestId(1), result: Err(failure) });
    assert_eq!(scene.client.connection(), Connection::Failed(FailReason::Token));
}

#[test]
fn an_expired_token_that_keeps_expiring_is_no_loop() {
    let mut scene = Scene::live();
    scene.close(4400);
    scene.token_answer(1, "t1");
    scene.open();
    scene.close(4400);
    assert_eq!(scene.client.connection(), Connection::Waiting { tries: 1 });
}

#[test]
fn a_drained_socket_comes_back_when_the_server_said() {
    let mut scene = Scene::live();
    let (socket, text) = (scene.socket(), ServerFrame::Drain { after: 3_000 }.to_json());
    check(
        &mut scene,
        vec![Event::Received { socket, text }],
        &expect![[r#"
            timer Reconnect 3000
            changed Connection
        "#]],
    );
    check(
        &mut scene,
        vec![
            Event::SocketClosed { socket, code: CloseCode::Restart },
            Event::Timer(Timer::Reconnect),
        ],
        &expect![[r#"
            clear Handshake
            clear Silence
            clear Probe
            clear Ack
            changed Connection
            clear Reconnect
            open 2
            timer Handshake 10000
            changed Connection
        "#]],
    );
}

#[test]
fn a_draining_socket_is_left_in_time() {
    let mut scene = Scene::live();
    scene.hear(ServerFrame::Drain { after: 3_000 });
    check(
        &mut scene,
        vec![Event::Timer(Timer::Reconnect)],
        &expect![[r#"
        close 1 1000
        clear Handshake
        clear Silence
        clear Probe
        clear Ack
        clear Reconnect
        open 2
        timer Handshake 10000
        changed Connection
    "#]],
    );
}

#[test]
fn one_tab_too_many_waits_until_it_is_seen() {
    let mut scene = Scene::live();
    scene.on(Event::Hidden);
    scene.close(4409);
    assert_eq!(scene.client.connection(), Connection::Suspended(SuspendReason::TooManySockets));
    scene.on(Event::Visible);
    assert!(matches!(scene.client.connection(), Connection::Connecting { .. }));
}

#[test]
fn five_failures_in_a_row_offer_try_again_and_go_on() {
    let mut scene = Scene::live();
    scene.close(1006);
    for _ in 0..4 {
        assert!(!scene.client.connection().is_unreachable());
        scene.ring(Timer::Reconnect);
        scene.close(1006);
    }
    assert!(scene.client.connection().is_unreachable());
    scene.ring(Timer::Reconnect);
    assert!(matches!(scene.client.connection(), Connection::Connecting { .. }));
    scene.close(1006);
    scene.on(Event::TryNow);
    assert!(matches!(scene.client.connection(), Connection::Connecting { .. }));
}

#[test]
fn the_backoff_starts_anew_only_after_thirty_seconds_live() {
    let most = |live_ms: u64| {
        let mut scene = Scene::live();
        for _ in 0..3 {
            scene.close(1006);
            scene.ring(Timer::Reconnect);
        }
        scene.resume(2);
        let live = frontdesk_protocol::frame::Live { ch: super::scene::stream(), seq: 2 };
        scene.hear(ServerFrame::Live(live));
        scene.wait(live_ms);
        let effects = scene.close(1006);
        effects.iter().find_map(|effect| {
            let crate::Effect::SetTimer { timer: Timer::Reconnect, delay } = effect else {
                return None;
            };
            Some(delay.most_ms)
        })
    };
    assert_eq!((most(29_999), most(30_000)), (Some(8_000), Some(1_000)));
}

#[test]
fn positions_that_are_not_valid_are_forgotten() {
    let mut scene = Scene::live();
    scene.close(4010);
    scene.ring(Timer::Reconnect);
    expect![[r#"
        send {"t":"hello","tok":"t0","inst":"tab1","ch":[{"id":"CH00000000000000000000000000000001"}]}
        timer Handshake 10000
        changed Connection
    "#]].assert_eq(&super::scene::show(&scene.open()));
}

#[test]
fn an_agent_outlives_a_channel_that_is_gone() {
    let mut scene = Scene::agent();
    scene.on(start(None));
    scene.token_answer(1, "t1");
    scene.open();
    scene.close(4404);
    assert_eq!(scene.client.connection(), Connection::Waiting { tries: 1 });
}
