//! The frames as they stand on the wire. A change here is a change of the protocol.

use expect_test::{Expect, expect};

use super::*;
use crate::{
    event::{Event, EventKind},
    id::{ChannelSid, Cid, Identity, Stream},
    limits::Limits,
    state::{Channel, StreamState},
    time::Millis,
};

fn channel() -> Stream {
    ChannelSid::from_bits(1).into()
}

#[track_caller]
fn check_client(frame: ClientFrame, expected: Expect) {
    let text = frame.to_json();
    expected.assert_eq(&text);
    assert_eq!(ClientFrame::parse(&text).unwrap(), frame);
}

#[track_caller]
fn check_server(frame: ServerFrame, expected: Expect) {
    let text = frame.to_json();
    expected.assert_eq(&text);
    assert_eq!(ServerFrame::parse(&text).unwrap(), Some(frame));
}

#[test]
fn client_frames_are_written_and_read_alike() {
    check_client(
        ClientFrame::Hello(Hello {
            tok: "T".into(),
            inst: "i".into(),
            ch: vec![StreamRef { id: channel(), epoch: Some("e".into()), seq: Some(3) }],
        }),
        expect![[
            r#"{"t":"hello","tok":"T","inst":"i","ch":[{"id":"CH00000000000000000000000000000001","epoch":"e","seq":3}]}"#
        ]],
    );
    check_client(
        ClientFrame::Sub { ch: vec![StreamRef { id: channel(), epoch: None, seq: None }] },
        expect![[r#"{"t":"sub","ch":[{"id":"CH00000000000000000000000000000001"}]}"#]],
    );
    check_client(
        ClientFrame::Unsub { ch: vec![channel()] },
        expect![[r#"{"t":"unsub","ch":["CH00000000000000000000000000000001"]}"#]],
    );
    check_client(
        ClientFrame::Send(Send {
            ch: channel(),
            cid: Cid(2),
            body: "Hi \u{1f44b}".into(),
            attributes: Default::default(),
        }),
        expect![[
            r#"{"t":"send","ch":"CH00000000000000000000000000000001","cid":"00000000000000000000000000000002","body":"Hi 👋"}"#
        ]],
    );
    check_client(
        ClientFrame::Seen { ch: channel(), seq: 4 },
        expect![[r#"{"t":"seen","ch":"CH00000000000000000000000000000001","seq":4}"#]],
    );
    check_client(
        ClientFrame::Read { ch: channel(), seq: 4 },
        expect![[r#"{"t":"read","ch":"CH00000000000000000000000000000001","seq":4}"#]],
    );
    check_client(
        ClientFrame::Fetch(Fetch { ch: channel(), before: Some(9), after: None, limit: 50 }),
        expect![[
            r#"{"t":"fetch","ch":"CH00000000000000000000000000000001","before":9,"limit":50}"#
        ]],
    );
    check_client(
        ClientFrame::Pong { n: 1, pos: [(channel(), 4)].into() },
        expect![[r#"{"t":"pong","n":1,"pos":{"CH00000000000000000000000000000001":4}}"#]],
    );
    check_client(ClientFrame::Auth { tok: "T".into() }, expect![[r#"{"t":"auth","tok":"T"}"#]]);
    check_client(
        ClientFrame::Typing { ch: channel(), on: true },
        expect![[r#"{"t":"typing","ch":"CH00000000000000000000000000000001","on":true}"#]],
    );
}

#[test]
fn server_frames_are_written_and_read_alike() {
    check_server(
        ServerFrame::Welcome(Welcome {
            conn: "c".into(),
            now: Millis(1),
            hb: 25_000,
            pong: 10_000,
            limits: Limits::default(),
            exp: Millis(2),
            me: Identity::parse("guest").unwrap(),
            ch: vec![Followed {
                id: channel(),
                epoch: "e".into(),
                head: 4,
                oldest: 1,
                mode: Mode::Resume,
            }],
        }),
        expect![[
            r#"{"t":"welcome","conn":"c","now":1,"hb":25000,"pong":10000,"limits":{"body_bytes":32768,"frame_bytes":262144,"in_flight":8},"exp":2,"me":"guest","ch":[{"id":"CH00000000000000000000000000000001","epoch":"e","head":4,"oldest":1,"mode":"resume"}]}"#
        ]],
    );
    check_server(
        ServerFrame::Snap(Snap {
            ch: channel(),
            epoch: "e".into(),
            seq: 1,
            state: StreamState {
                channel: Some(Channel {
                    sid: ChannelSid::from_bits(1),
                    name: "Chat".into(),
                    status: Default::default(),
                    created: Millis(1),
                    attributes: Default::default(),
                }),
                ..StreamState::default()
            },
            items: vec![],
            more: false,
        }),
        expect![[
            r#"{"t":"snap","ch":"CH00000000000000000000000000000001","epoch":"e","seq":1,"state":{"channel":{"sid":"CH00000000000000000000000000000001","name":"Chat","status":"ACTIVE","created":1,"attributes":{}}},"items":[],"more":false}"#
        ]],
    );
    let event =
        Event { seq: 5, ts: Millis(6), author: None, kind: EventKind::Redact { target: 2 } };
    check_server(
        ServerFrame::Evs(Evs {
            ch: channel(),
            from: 5,
            to: 5,
            items: vec![event.clone()],
            more: false,
        }),
        expect![[
            r#"{"t":"evs","ch":"CH00000000000000000000000000000001","from":5,"to":5,"items":[{"seq":5,"ts":6,"kind":"redact","target":2}],"more":false}"#
        ]],
    );
    check_server(
        ServerFrame::Live(Live { ch: channel(), seq: 5 }),
        expect![[r#"{"t":"live","ch":"CH00000000000000000000000000000001","seq":5}"#]],
    );
    check_server(
        ServerFrame::Ev { ch: channel(), event },
        expect![[
            r#"{"t":"ev","ch":"CH00000000000000000000000000000001","seq":5,"ts":6,"kind":"redact","target":2}"#
        ]],
    );
    check_server(
        ServerFrame::Ack(Ack {
            cid: Cid(2),
            ch: channel(),
            seq: 5,
            index: 0,
            ts: Millis(6),
            dup: false,
        }),
        expect![[
            r#"{"t":"ack","cid":"00000000000000000000000000000002","ch":"CH00000000000000000000000000000001","seq":5,"index":0,"ts":6,"dup":false}"#
        ]],
    );
    check_server(
        ServerFrame::Nack(Nack {
            cid: Some(Cid(2)),
            ch: None,
            code: NackCode::Rate,
            retry: true,
            after: Some(1_000),
        }),
        expect![[
            r#"{"t":"nack","cid":"00000000000000000000000000000002","code":"rate","retry":true,"after":1000}"#
        ]],
    );
    check_server(
        ServerFrame::Page(Page { ch: channel(), items: vec![], more: true }),
        expect![[
            r#"{"t":"page","ch":"CH00000000000000000000000000000001","items":[],"more":true}"#
        ]],
    );
    check_server(
        ServerFrame::Ping { n: 1, heads: [(channel(), 5)].into() },
        expect![[r#"{"t":"ping","n":1,"heads":{"CH00000000000000000000000000000001":5}}"#]],
    );
    check_server(ServerFrame::AuthOk { exp: Millis(7) }, expect![[r#"{"t":"auth_ok","exp":7}"#]]);
    check_server(
        ServerFrame::AuthSoon { in_ms: 180_000 },
        expect![[r#"{"t":"auth_soon","in":180000}"#]],
    );
    check_server(ServerFrame::Drain { after: 500 }, expect![[r#"{"t":"drain","after":500}"#]]);
    check_server(
        ServerFrame::Typing { ch: channel(), who: Identity::parse("anna").unwrap(), on: true },
        expect![[
            r#"{"t":"typing","ch":"CH00000000000000000000000000000001","who":"anna","on":true}"#
        ]],
    );
    check_server(
        ServerFrame::Err(ErrorFrame { code: "x".into(), fatal: true, msg: "y".into() }),
        expect![[r#"{"t":"err","code":"x","fatal":true,"msg":"y"}"#]],
    );
}

#[test]
fn a_frame_of_tomorrow_is_passed_over_by_clients_and_refused_by_servers() {
    let text = r#"{"t":"confetti","n":{"deep":[1]}}"#;
    assert!(matches!(ServerFrame::parse(text), Ok(None)));
    assert!(matches!(ClientFrame::parse(text), Err(FrameError::UnknownType)));
}

#[test]
fn a_field_of_tomorrow_breaks_no_client() {
    let text = r#"{"t":"nack","code":"moon_phase","retry":false,"why":["x"]}"#;
    let Ok(Some(ServerFrame::Nack(nack))) = ServerFrame::parse(text) else { panic!("no nack") };
    assert_eq!(nack.code, NackCode::Unknown);
}

#[test]
fn what_is_no_frame_is_an_error() {
    for text in ["", "[]", "{}", r#"{"t":1}"#, r#"{"t":"send"}"#, r#"{"t":"auth","tok":7}"#] {
        assert!(ClientFrame::parse(text).is_err(), "{text}");
    }
}
