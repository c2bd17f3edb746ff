//! The loop: effects become calls, answers become events, and the end leaves nothing.

use frontdesk_browser::{
    runner::{Place, Runner},
    storage::{Key, Store},
};
use frontdesk_client::{Event, GuestProfile, Notice, Profile, Screen, Submission};
use frontdesk_protocol::{
    form::{Answers, Form},
    id::{AccountSid, FlowSid},
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    http::{self, play_server},
    socket::{self, play_sockets},
    support::{Heard, after, count_listeners, js, listeners_left, number, until},
};

const ANSWERS: &str = "[
    [201, { token: 'a.b.c', identity: 'guest-1', roles: ['guest'], expiration: '2030-01-01T00:00:00Z', ttl: 900, secret: 's' }],
    [201, { sid: 'CH00000000000000000000000000000001' }],
]";

fn runner(site: &str, notify: impl Fn(Notice) + 'static) -> Runner {
    let profile = Profile::Guest(Box::new(GuestProfile {
        account: AccountSid::from_bits(1),
        flow: FlowSid::from_bits(2),
        site: site.into(),
        form: Form::default(),
        default_name: "Visitor".into(),
    }));
    let place = Place { base: "https://desk.test".into(), store: Store::open(site) };
    Runner::new(profile, place, notify)
}

fn submission() -> Event {
    let context = Answers::from([("title".to_owned(), "Räder & more".to_owned())]);
    Event::SubmitForm(Submission { answers: Answers::new(), context, key: "key-1".into() })
}

#[wasm_bindgen_test]
async fn a_form_becomes_a_token_a_channel_and_a_socket() {
    play_sockets();
    play_server(ANSWERS);
    let heard = Heard::new();
    let runner = runner("whole", heard.ear());
    runner.start();
    assert_eq!(runner.read(|client| client.screen().clone()), Screen::Form(Default::default()));
    runner.dispatch(submission());
    until("a socket", || js("globalThis.socket?.url").is_string()).await;

    let token = "https://desk.test/v1/Accounts/AC00000000000000000000000000000001/Tokens";
    assert_eq!(js("asked[0].url"), token);
    let body = r#"{"products":["flex"],"continuity":true,"site":"whole"}"#;
    assert_eq!(js("asked[0].body"), body);
    assert_eq!(js("asked[1].url"), "https://desk.test/v1/WebChannels");
    assert_eq!(js("atob(asked[1].headers.authorization.slice(6))"), "token:a.b.c");
    assert_eq!(js("asked[1].headers['idempotency-key']"), "key-1");
    assert_eq!(js("asked[1].headers['content-type']"), "application/x-www-form-urlencoded");
    let pairs = "Object.fromEntries(new URLSearchParams(asked[1].body))";
    assert_eq!(js(&format!("{pairs}.Identity")), "guest-1");
    assert_eq!(js(&format!("{pairs}.FlexFlowSid")), "FO00000000000000000000000000000002");
    assert_eq!(js(&format!("JSON.parse({pairs}.PreEngagementData).title")), "Räder & more");
    assert_eq!(js("asked.map(({ credentials }) => credentials).join()"), "omit,omit");
    assert_eq!(js("socket.url"), "wss://desk.test/chat");

    js("socket.opened()");
    until("hello", || number("socket.sent.length") > 0.0).await;
    assert_eq!(js("JSON.parse(socket.sent[0]).t"), "hello");
    assert!(Store::open("whole").get(&Key::Session).unwrap().contains("CH0000000000000000"));
    assert!(heard.all().contains(&Notice::Screen));

    runner.destroy();
    Store::open("whole").remove(&Key::Session);
    http::end_of_play();
    socket::end_of_play();
}

#[wasm_bindgen_test]
async fn destroying_leaves_no_listener_timer_or_socket() {
    play_sockets();
    play_server(ANSWERS);
    count_listeners();
    js("{
        globalThis.ticking = new Set();
        const [set, clear] = [setTimeout, clearTimeout];
        globalThis.setTimeout = (run, delay) => {
            const handle = set(() => { ticking.delete(handle); run(); }, delay);
            ticking.add(handle);
            return handle;
        };
        globalThis.clearTimeout = (handle) => { ticking.delete(handle); clear(handle); };
        globalThis.stopTicking = () => { globalThis.setTimeout = set; globalThis.clearTimeout = clear; };
    }");
    let runner = runner("gone", |_| {});
    runner.start();
    runner.dispatch(submission());
    until("a socket", || js("globalThis.socket?.url").is_string()).await;
    js("socket.opened()");
    until("hello", || number("socket.sent.length") > 0.0).await;
    let ticking = number("ticking.size");
    runner.destroy();
    assert!(ticking > 0.0);
    assert_eq!(number("ticking.size"), 0.0);
    js("stopTicking()");
    assert_eq!(number("socket.closed.length"), 1.0);
    // The close listener of the socket is the browser's own `once`; it went with the close event.
    assert_eq!(left_besides_once(), 0.0);

    runner.dispatch(Event::TryNow);
    after(5).await;
    assert_eq!(number("socket.sent.length"), 1.0);
    runner.destroy();
    Store::open("gone").remove(&Key::Session);
    http::end_of_play();
    socket::end_of_play();
}

fn left_besides_once() -> f64 {
    js("for (const key of listening) if (/,(close|open),/.test(key)) listening.delete(key)");
    listeners_left()
}

#[wasm_bindgen_test]
async fn an_answer_that_comes_after_the_end_is_passed_over() {
    play_server(ANSWERS);
    let heard = Heard::new();
    let runner = runner("late", heard.ear());
    runner.start();
    runner.dispatch(submission());
    runner.destroy();
    let before = heard.all().len();
    after(20).await;
    assert_eq!(heard.all().len(), before);
    assert_eq!(number("asked.length"), 1.0);
    Store::open("late").remove(&Key::Session);
    http::end_of_play();
}

#[wasm_bindgen_test]
fn a_notice_may_read_and_dispatch() {
    // A view that answers a notice with an event must not find the client borrowed.
    use std::{cell::RefCell, rc::Rc};
    let slot: Rc<RefCell<Option<Runner>>> = Rc::default();
    let (own, seen) = (Rc::clone(&slot), Heard::new());
    let ear = seen.ear();
    let made = runner("again", move |_| {
        if let Some(runner) = &*own.borrow() {
            ear(runner.read(|client| client.screen().clone()));
            runner.dispatch(Event::TryNow);
        }
    });
    *slot.borrow_mut() = Some(made.clone());
    made.start();
    assert_eq!(seen.all().first(), Some(&Screen::Form(Default::default())));
    made.destroy();
}

#[wasm_bindgen_test]
async fn a_file_is_asked_for_with_the_token_and_opened_beside_the_page() {
    play_sockets();
    let link = "[200, { url: 'https://desk.test/media/x' }], [404, null],";
    play_server(&ANSWERS.replacen("\n]", &format!("\n{link}]"), 1));
    js(
        "globalThis.realOpen = open; globalThis.opened = []; globalThis.open = (...all) => { opened.push(all.join(' ')); return null; }",
    );
    let heard = Heard::new();
    let runner = runner("files", heard.ear());
    runner.start();
    runner.dispatch(submission());
    until("a socket", || js("globalThis.socket?.url").is_string()).await;

    let media = frontdesk_protocol::MediaSid::from_bits(5);
    runner.dispatch(Event::OpenFile(media.clone()));
    until("a window", || number("opened.length") > 0.0).await;
    let address = "https://desk.test/media/v1/Media/ME00000000000000000000000000000005/Link";
    assert_eq!(js("asked[2].url"), address);
    assert_eq!(js("asked[2].headers['x-twilio-token']"), "a.b.c");
    assert_eq!(js("asked[2].credentials"), "omit");
    assert_eq!(js("opened.join()"), "https://desk.test/media/x _blank noopener");

    runner.dispatch(Event::OpenFile(media));
    until("a refusal", || heard.all().contains(&Notice::FileFailed)).await;
    assert_eq!(number("opened.length"), 1.0);

    runner.destroy();
    js("open = realOpen");
    Store::open("files").remove(&Key::Session);
    http::end_of_play();
    socket::end_of_play();
}
