//! The websocket of the Chat connection.
//!
//! gloo-net's websocket is a `Stream` and a `Sink` in one. It reports everything the close-code
//! policy needs: the close event's code and reason come as an item of the stream, and the sink is
//! ready when the socket is open (or has failed). So there is no `web_sys::WebSocket` beside it.

use std::{
    cell::RefCell,
    future::poll_fn,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use frontdesk_protocol::CloseCode;
use futures_core::Stream;
use futures_sink::Sink;
use gloo_net::websocket::{Message, State, WebSocketError, futures::WebSocket};

/// What happens to a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SocketEvent {
    /// It is open.
    Opened,
    /// A text frame came.
    Text(String),
    /// It is closed, or could not be opened at all ([`CloseCode::Other`]`(1006)`). Always the last.
    Closed(CloseCode),
}

/// A websocket. Dropping it closes it, and nothing is heard of it any more.
pub struct Socket {
    shared: Shared,
}

/// `None` once it is closed by us.
type Shared = Rc<RefCell<Option<WebSocket>>>;

impl Socket {
    /// Opens a socket to `url`, speaking chat/1. What happens is told to `handler`, never from
    /// within this call.
    ///
    /// # Errors
    /// [`BadAddress`] if the browser refuses the address itself: a wrong scheme, or `ws:` from a
    /// page that came over `https:`. Trying again cannot help.
    pub fn open(url: &str, handler: impl Fn(SocketEvent) + 'static) -> Result<Self, BadAddress> {
        let socket = WebSocket::open_with_protocol(url, frontdesk_protocol::SUBPROTOCOL)
            .map_err(|_| BadAddress)?;
        let shared: Shared = Rc::new(RefCell::new(Some(socket)));
        wasm_bindgen_futures::spawn_local(listen(Rc::clone(&shared), handler));
        Ok(Self { shared })
    }

    /// Sends a text frame; whether the browser took it. It takes none before [`SocketEvent::Opened`]
    /// and none while the socket closes.
    pub fn send(&self, text: String) -> bool {
        let mut socket = self.shared.borrow_mut();
        let Some(socket) = socket.as_mut() else { return false };
        if !matches!(socket.state(), State::Open) {
            return false;
        }
        let mut context = Context::from_waker(Waker::noop());
        let mut socket = Pin::new(socket);
        socket.as_mut().poll_ready(&mut context).is_ready()
            && socket.start_send(Message::Text(text)).is_ok()
    }

    /// Closes with a code: 1000, or one of ours (4000 to 4999). Nothing is told to the handler.
    pub fn close(self, code: CloseCode) {
        if let Some(socket) = self.shared.borrow_mut().take() {
            // The browser refuses other codes; the drop that follows closes without one then.
            drop(socket.close(Some(code.as_u16()), None));
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        drop(self.shared.borrow_mut().take());
    }
}

/// The browser refuses the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words())]
pub struct BadAddress;

impl BadAddress {
    pub(crate) const fn words(self) -> &'static str {
        "the browser refuses the address of the chat server"
    }
}

/// Tells everything that happens to the socket, until it is closed. No borrow is held while the
/// handler runs: it may send, close or drop the socket.
async fn listen(shared: Shared, handler: impl Fn(SocketEvent)) {
    poll_fn(|context| match shared.borrow_mut().as_mut() {
        Some(socket) => Pin::new(socket).poll_ready(context).map(drop),
        None => Poll::Ready(()),
    })
    .await;
    let is_open = |socket: &WebSocket| matches!(socket.state(), State::Open);
    let opened = crate::life::is_alive() && shared.borrow().as_ref().is_some_and(is_open);
    if opened {
        handler(SocketEvent::Opened);
    }
    loop {
        let item = poll_fn(|context| match shared.borrow_mut().as_mut() {
            Some(socket) => Pin::new(socket).poll_next(context),
            None => Poll::Ready(None),
        })
        .await;
        if !crate::life::is_alive() {
            shared.borrow_mut().take();
            return;
        }
        match item {
            Some(Ok(Message::Text(text))) => handler(SocketEvent::Text(text)),
            // chat/1 has no binary frames; one of tomorrow is passed over. An error event says
            // nothing that the close event, which always follows, does not say.
            Some(Ok(Message::Bytes(_)) | Err(WebSocketError::ConnectionError)) => {}
            Some(Err(WebSocketError::ConnectionClose(event))) => {
                shared.borrow_mut().take();
                handler(SocketEvent::Closed(CloseCode::from_u16(event.code)));
                return;
            }
            Some(Err(_)) => {}
            None => return,
        }
    }
}
