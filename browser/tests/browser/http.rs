//! Requests as they go over the wire, and answers that are none.

use frontdesk_browser::http::{console, guest};
use frontdesk_client::Failure;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{js, number};

/// Puts answers in the server's place; `asked` holds what was asked of it.
pub(crate) fn play_server(answers: &str) {
    js(&format!(
        "globalThis.realFetch ??= fetch; globalThis.asked = []; globalThis.answers = {answers};
        globalThis.fetch = async (request) => {{
            const {{ url, method, credentials }} = request;
            asked.push({{ url, method, credentials, headers: Object.fromEntries(request.headers), body: await request.text() }});
            const answer = answers.shift();
            if (!answer) throw new TypeError('Failed to fetch');
            const [status, body, headers] = answer;
            return new Response(body && JSON.stringify(body), {{ status, headers }});
        }}"
    ));
}

pub(crate) fn end_of_play() {
    js("fetch = realFetch");
}

#[wasm_bindgen_test]
async fn a_refusal_says_what_the_server_said() {
    play_server(
        "[[429, { code: 20429, message: 'Too many', more_info: '', status: 429 }, { 'Retry-After': '3' }]]",
    );
    let failure = guest::site_config("https://desk.test", "site_1").await.unwrap_err();
    assert_eq!((failure.status, failure.retry_after_ms), (429, Some(3_000)));
    assert_eq!(failure.error.unwrap().message, "Too many");
    assert_eq!(js("asked[0].url"), "https://desk.test/v1/Sites/site_1");
    assert_eq!(js("asked[0].credentials"), "omit");
    end_of_play();
}

#[wasm_bindgen_test]
async fn no_answer_and_another_kind_of_answer_are_the_same() {
    play_server("[null, [200, 'a portal of a hotel']]");
    for _ in 0..2 {
        let failure = guest::site_config("https://desk.test", "site_1").await.unwrap_err();
        assert_eq!(failure, Failure::unreachable());
    }
    end_of_play();
}

#[wasm_bindgen_test]
async fn the_console_asks_its_own_origin_with_its_cookie() {
    play_server("[[204, null], [401, null]]");
    console::login("", "sara", "secret").await.unwrap();
    assert_eq!(console::me("").await.unwrap_err().status, 401);
    assert_eq!(js("asked[0].url"), js("location.origin + '/console/api/login'"));
    assert_eq!(js("asked[0].method"), "POST");
    assert_eq!(js("asked[0].credentials"), "same-origin");
    assert_eq!(js("asked[0].headers['content-type']"), "application/json");
    assert_eq!(js("asked[0].body"), r#"{"name":"sara","password":"secret"}"#);
    assert_eq!(number("asked.length"), 2.0);
    end_of_play();
}
