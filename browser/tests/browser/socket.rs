//! A socket says how it ended.

use std::{cell::RefCell, rc::Rc};

use frontdesk_browser::socket::{Socket, SocketEvent};
use frontdesk_protocol::CloseCode;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Heard, after, js, number, until};

/// Puts a socket that the test plays in the browser's place; `socket` is the one made last.
pub(crate) fn play_sockets() {
    js("globalThis.RealSocket ??= WebSocket; globalThis.socket = undefined;
        globalThis.WebSocket = class extends EventTarget {
            readyState = 0; sent = []; closed = [];
            constructor(url, protocol) { super(); Object.assign(this, { url, protocol }); globalThis.socket = this; }
            send(text) { this.sent.push(text); }
            close(code) { this.closed.push(code ?? 0); this.readyState = 2; }
            opened() { this.readyState = 1; this.dispatchEvent(new Event('open')); }
            says(data) { this.dispatchEvent(new MessageEvent('message', { data })); }
            ended(code) { this.readyState = 3; this.dispatchEvent(new CloseEvent('close', { code })); }
        }");
}

pub(crate) fn end_of_play() {
    js("WebSocket = RealSocket");
}

#[wasm_bindgen_test]
async fn the_close_code_arrives_after_everything_that_was_said() {
    play_sockets();
    let heard = Heard::new();
    let socket = Socket::open("ws://desk.test/chat", heard.ear()).unwrap();
    assert_eq!(js("socket.protocol"), "frontdesk.chat.v1");
    assert!(!socket.send("too early".into()));
    js("socket.opened()");
    until("open", || !heard.all().is_empty()).await;
    js(
        "socket.says('one'); socket.says(new ArrayBuffer(1)); socket.says('two'); socket.ended(4400)",
    );
    until("the end", || heard.all().len() == 4).await;
    let text = |text: &str| SocketEvent::Text(text.into());
    let closed = SocketEvent::Closed(CloseCode::TokenExpired);
    assert_eq!(heard.all(), [SocketEvent::Opened, text("one"), text("two"), closed]);
    assert!(!socket.send("too late".into()));
    end_of_play();
}

#[wasm_bindgen_test]
async fn our_own_close_has_its_code_and_is_not_told() {
    play_sockets();
    let heard = Heard::new();
    let socket = Socket::open("ws://desk.test/chat", heard.ear()).unwrap();
    js("socket.opened()");
    until("open", || !heard.all().is_empty()).await;
    assert!(socket.send("one".into()));
    socket.close(CloseCode::PageHidden);
    js("socket.says('late'); socket.ended(4900)");
    after(5).await;
    assert_eq!(heard.all(), [SocketEvent::Opened]);
    assert_eq!(number("socket.closed[0]"), 4900.0);
    assert_eq!(js("socket.sent.join()"), "one");
    end_of_play();
}

#[wasm_bindgen_test]
async fn a_dropped_socket_is_closed_and_silent() {
    play_sockets();
    let heard = Heard::new();
    drop(Socket::open("ws://desk.test/chat", heard.ear()).unwrap());
    js("socket.opened(); socket.says('late')");
    after(5).await;
    assert!(heard.all().is_empty());
    assert_eq!(number("socket.closed.length"), 1.0);
    end_of_play();
}

#[wasm_bindgen_test]
async fn a_handler_may_drop_its_socket() {
    play_sockets();
    let slot = Rc::new(RefCell::new(None));
    let (own, heard) = (Rc::clone(&slot), Heard::new());
    let ear = heard.ear();
    let handler = move |event| {
        ear(event);
        drop(own.borrow_mut().take());
    };
    *slot.borrow_mut() = Some(Socket::open("ws://desk.test/chat", handler).unwrap());
    js("socket.opened(); socket.says('late')");
    until("open", || !heard.all().is_empty()).await;
    after(5).await;
    assert_eq!(heard.all(), [SocketEvent::Opened]);
    end_of_play();
}

#[wasm_bindgen_test]
async fn a_server_that_is_not_there_is_1006() {
    let heard = Heard::new();
    let _socket = Socket::open("ws://127.0.0.1:59999/chat", heard.ear()).unwrap();
    until("the end", || !heard.all().is_empty()).await;
    assert_eq!(heard.all(), [SocketEvent::Closed(CloseCode::Other(1006))]);
}

#[wasm_bindgen_test]
fn an_address_that_is_none_is_refused() {
    assert!(Socket::open("gopher://desk.test", |_| {}).is_err());
}
