//! HTTP itself: CORS, headers, errors, deadlines.

use frontdesk_server::config::Config;
use tokio::io::AsyncWriteExt as _;

use crate::served::{PAGE, Served};

#[tokio::test]
async fn preflights_are_answered_for_known_pages_only() {
    let served = Served::start().await;
    let path = format!("/v1/Accounts/{}/Tokens", served.world.account);
    for path in [path.as_str(), "/v1/WebChannels", "/v1/Sites/site"] {
        let asked = ("Access-Control-Request-Method", "POST");
        let answer = served.ask("OPTIONS", path, &[("Origin", PAGE), asked], "").await;
        assert_eq!(answer.status, 204, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE));
        let headers = answer.header("access-control-allow-headers").unwrap();
        assert_eq!(headers, "authorization, content-type, idempotency-key, x-twilio-token");
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        assert_eq!(answer.header("vary"), Some("Origin"));
        let foreign = [("Origin", "https://evil.example"), asked];
        let answer = served.ask("OPTIONS", path, &foreign, "").await;
        answer.is_error(403, "frontdesk site add --origin https://evil.example");
        assert_eq!(answer.header("access-control-allow-origin"), None);
        assert_eq!(answer.header("vary"), Some("Origin"));
    }
}

#[tokio::test]
async fn the_sites_page_may_read_its_errors_too() {
    let served = Served::start().await;
    let answer = served.ask("POST", "/v1/WebChannels", &[("Origin", PAGE)], "").await;
    answer.is_error(401, "Authorization");
    assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE));
}

#[tokio::test]
async fn a_site_tells_its_pages_what_the_widget_needs() {
    let served = Served::start().await;
    let answer = served.ask("GET", "/v1/Sites/site", &[("Origin", PAGE)], "").await;
    assert_eq!(answer.status, 200);
    let site = answer.json();
    assert_eq!(site["account_sid"], served.world.account.as_str());
    assert_eq!(site["flex_flow_sid"], served.world.flow.as_str());
    assert_eq!(site["protocols"], serde_json::json!(["frontdesk.chat.v1"]));
    assert_eq!(site["form"]["fields"][0]["name"], "friendlyName");
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let served = Served::start().await;
    for path in ["/healthz", "/readyz", "/nowhere", "/v1/Sites/site", "/console/", "/"] {
        let answer = served.ask("GET", path, &[], "").await;
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert_eq!(answer.header("x-request-id").map(str::len), Some(32), "{path}");
    }
    let answer = served.ask("GET", "/v1/Sites/site", &[], "").await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn wrong_addresses_and_methods_are_errors_of_the_same_shape() {
    let served = Served::start().await;
    served.ask("GET", "/nowhere", &[], "").await.is_error(404, "nothing at this address");
    served.ask("DELETE", "/v1/WebChannels", &[], "").await.is_error(405, "method");
    for path in ["/assets/..%2fmanifest.json", "/assets/%00", "/console/..%2f..%2fCargo.toml"] {
        assert_eq!(served.ask("GET", path, &[], "").await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn half_a_request_does_not_stay() {
    let served = Served::start().await;
    // Ends after the header's five seconds, or the test never does.
    let answer = served.raw(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
}

// A client that asks and never reads held its connection, and its answers, for ever.
#[tokio::test]
async fn a_reader_who_takes_nothing_does_not_stay() {
    let served = Served::with(Config { http_write_ms: 100, ..Config::default() }).await;
    let mut stream = tokio::net::TcpStream::connect(served.address).await.unwrap();
    let requests = "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100);
    // Ends when the server has cut it off, or the test never does.
    while stream.write_all(requests.as_bytes()).await.is_ok() {}
}

#[tokio::test]
async fn requests_that_can_be_read_in_two_ways_are_refused() {
    let served = Served::start().await;
    for request in [
        "POST /v1/WebChannels HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "POST /v1/WebChannels HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: x\r\nBad Header: x\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let answer = served.raw(request.as_bytes()).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{request:?}: {answer}");
    }
}

#[tokio::test]
async fn who_finds_no_room_is_told_when_to_come_again() {
    let served = Served::with(Config { max_connections: 1, ..Config::default() }).await;
    let _open = tokio::net::TcpStream::connect(served.address).await.unwrap();
    let answer = served.raw(b"").await;
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("Retry-After: 5"), "{answer}");
}

#[tokio::test]
async fn token_requests_from_one_address_have_a_rate() {
    let config = Config { tokens_per_second: 0.001, tokens_burst: 2.0, ..Config::default() };
    let served = Served::with(config).await;
    served.guest().await;
    served.guest().await;
    let answer = served.ask_token(PAGE, &serde_json::json!({"site": "site"})).await;
    answer.is_error(429, "too many tokens");
    assert!(answer.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
}
