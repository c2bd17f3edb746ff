//! One call.

use std::{sync::Arc, time::Duration};

use frontdesk_protocol::Millis;
use frontdesk_server::{
    clock::ManualClock,
    hooks::{Answered, Call, CallError, Caller, guard::Guard, sign},
    storage::HookMethod,
};

use crate::receiver::{Answer, Receiver, status};

const NOW: Millis = Millis(1_795_000_000_000);

/// Calls what these networks let through.
pub(crate) fn caller(private: &[&str]) -> Caller {
    let networks = private.iter().map(|network| network.parse().unwrap()).collect();
    Caller::new(Guard::new(networks), Arc::new(ManualClock::at(NOW)))
}

fn this_machine() -> Caller {
    caller(&["127.0.0.1", "::1"])
}

pub(crate) fn call(url: &str) -> Call {
    Call {
        token: "auth-token".into(),
        url: url.into(),
        method: HookMethod::Post,
        id: 1,
        fields: vec![("Body".into(), "Grüße & more".into()), ("Author".into(), "g".into())],
        timeout: Duration::from_secs(60),
    }
}

async fn answered(raw: &str) -> Result<Answered, CallError> {
    let receiver = Receiver::start().await;
    receiver.will(Answer::Whole(raw.into()));
    this_machine().call(&call(&receiver.url("/"))).await
}

#[tokio::test]
async fn a_call_by_post_is_a_signed_form() {
    let mut receiver = Receiver::start().await;
    receiver.will(status(204));
    let url = receiver.url("/hook?a=1#fragment");
    let answered = this_machine().call(&call(&url)).await.unwrap();
    assert_eq!((answered.status.as_u16(), answered.whole), (204, true));

    let came = receiver.next().await;
    assert_eq!((came.method.as_str(), came.path.as_str()), ("POST", "/hook?a=1"));
    assert_eq!(came.header("host"), receiver.address.to_string());
    assert_eq!(came.header("content-type"), "application/x-www-form-urlencoded; charset=utf-8");
    assert_eq!(came.fields(), call(&url).fields);
    let signed = sign::twilio("auth-token", &receiver.url("/hook?a=1"), &came.fields());
    assert_eq!(came.header("x-twilio-signature"), signed);
    let id = "EV00000000000000000000000000000001";
    assert_eq!((came.header("webhook-id"), came.header("webhook-timestamp")), (id, "1795000000"));
    let signed = sign::standard("auth-token", id, NOW, &came.body);
    assert_eq!(came.header("webhook-signature"), signed);
}

#[tokio::test]
async fn a_call_by_get_has_its_fields_in_its_signed_address() {
    let mut receiver = Receiver::start().await;
    receiver.will(status(200));
    let get = Call { method: HookMethod::Get, ..call(&receiver.url("/hook?a=1")) };
    this_machine().call(&get).await.unwrap();
    let came = receiver.next().await;
    let path = "/hook?a=1&Body=Gr%C3%BC%C3%9Fe+%26+more&Author=g";
    assert_eq!((came.method.as_str(), came.path.as_str()), ("GET", path));
    assert_eq!((came.body.as_str(), came.header("content-type")), ("", ""));
    let signed = sign::twilio("auth-token", &receiver.url(path), &[]);
    assert_eq!(came.header("x-twilio-signature"), signed);
}

#[tokio::test]
async fn nobody_is_called_on_this_machine_unless_it_is_let_through() {
    let mut receiver = Receiver::start().await;
    let port = receiver.address.port();
    for host in [
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "0x7f.1",
        "2130706433",
        "0",
        "[::ffff:127.0.0.1]",
        "[::1]",
        "[::]",
    ] {
        let refused = caller(&["10.0.0.0/8"]).call(&call(&format!("http://{host}:{port}/"))).await;
        // A resolver may not know a number in another spelling, and that is as good.
        let never = matches!(refused, Err(CallError::Denied(_) | CallError::Lookup(_)));
        assert!(never, "{host}: {refused:?}");
    }
    assert!(receiver.is_quiet());
    receiver.will(status(200));
    let localhost = format!("http://localhost:{port}/");
    this_machine().call(&call(&localhost)).await.unwrap();
    receiver.next().await;
}

#[tokio::test]
async fn what_is_no_address_is_not_called() {
    for url in ["", "/hook", "ftp://127.0.0.1/", "http://user@127.0.0.1/"] {
        let refused = this_machine().call(&call(url)).await.unwrap_err();
        assert!(matches!(refused, CallError::Address(_)) && !refused.is_temporary(), "{url}");
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let mut elsewhere = Receiver::start().await;
    let raw = format!(
        "HTTP/1.1 307 Elsewhere\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n",
        elsewhere.url("/")
    );
    assert_eq!(answered(&raw).await.unwrap().status.as_u16(), 307);
    assert!(elsewhere.is_quiet());
}

#[tokio::test]
async fn an_answer_is_read_whole_up_to_its_bound() {
    let length = 64 << 10;
    for (bytes, whole) in [(length, true), (length + 1, false), (10 * length, false)] {
        let raw =
            format!("HTTP/1.1 200 OK\r\nContent-Length: {bytes}\r\n\r\n{}", "a".repeat(bytes));
        let answered = answered(&raw).await.unwrap();
        assert_eq!((answered.body.len(), answered.whole), (length, whole));
    }
    let to_the_end = answered("HTTP/1.1 403 No\r\nRetry-After: 7\r\n\r\n{}").await.unwrap();
    assert_eq!((to_the_end.status.as_u16(), to_the_end.body.as_slice()), (403, &b"{}"[..]));
    assert_eq!(to_the_end.retry_after, Some(Duration::from_secs(7)));
    let date = "HTTP/1.1 503 No\r\nRetry-After: Fri, 27 Nov 2026 22:00:00 GMT\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(answered(date).await.unwrap().retry_after, None);
}

#[tokio::test]
async fn what_is_no_answer_is_a_failure() {
    let endless = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "a".repeat(100_000));
    for raw in [
        "",
        "hello\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 99999 Many\r\n\r\n",
        endless.as_str(),
    ] {
        let failed = answered(raw).await.unwrap_err();
        let short: String = raw.chars().take(60).collect();
        assert!(
            matches!(failed, CallError::Answer(_)) && failed.is_temporary(),
            "{short:?}: {failed}"
        );
    }
}

#[tokio::test]
async fn who_does_not_answer_in_time_is_not_waited_for() {
    for begun in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n."] {
        let receiver = Receiver::start().await;
        receiver.will(Answer::Begun(begun));
        let hasty = Call { timeout: Duration::from_millis(50), ..call(&receiver.url("/")) };
        let failed = this_machine().call(&hasty).await;
        assert!(matches!(failed, Err(CallError::TimedOut)), "{begun:?}: {failed:?}");
    }
}

#[tokio::test]
async fn nobody_there_is_a_failure() {
    let address = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let failed = this_machine().call(&call(&format!("http://{address}/"))).await.unwrap_err();
    assert!(matches!(failed, CallError::Connect(_)) && failed.is_temporary(), "{failed:?}");
}
