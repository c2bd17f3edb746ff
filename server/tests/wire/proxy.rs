//! Whose request it is: a proxy of ours is believed, nobody else is.

use frontdesk_server::config::{Config, ProxyHeader};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::{
    served::{PAGE, Served},
    socket::handshake,
};

/// Each address has one token request.
fn config(trusted: &[&str]) -> Config {
    Config {
        tokens_per_second: 0.001,
        tokens_burst: 1.0,
        max_unknown_per_address: 1,
        trusted_proxies: trusted.iter().map(|network| network.parse().unwrap()).collect(),
        ..Config::default()
    }
}

/// The status of a token request with this header.
async fn token(served: &Served, header: (&str, &str)) -> u16 {
    let path = format!("/v1/Accounts/{}/Tokens", served.world.account);
    let headers = [("Origin", PAGE), ("Content-Type", "application/json"), header];
    served.ask("POST", &path, &headers, &json!({"site": "site"}).to_string()).await.status
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_visitor_is_counted_alone() {
    let served = Served::with(config(&["127.0.0.0/8"])).await;
    for (client, status) in [
        ("192.0.2.1", 200),
        ("192.0.2.2", 200),
        ("192.0.2.1", 429),
        // Their own word, in front of what the proxy saw, changes nothing.
        ("198.51.100.7, 192.0.2.1", 429),
        ("198.51.100.7, 192.0.2.2, 127.0.0.9", 429),
    ] {
        assert_eq!(token(&served, ("X-Forwarded-For", client)).await, status, "{client}");
    }
    // The other header is passed on as the visitor wrote it.
    assert_eq!(token(&served, ("Forwarded", "for=192.0.2.66")).await, 200, "the proxy's own");
    assert_eq!(token(&served, ("Forwarded", "for=192.0.2.67")).await, 429, "the proxy's again");
}

#[tokio::test]
async fn a_forged_header_of_a_stranger_is_not_read() {
    for trusted in [&[][..], &["10.0.0.0/8", "192.0.2.1"]] {
        let served = Served::with(config(trusted)).await;
        assert_eq!(token(&served, ("X-Forwarded-For", "192.0.2.1")).await, 200);
        for forged in [
            ("X-Forwarded-For", "192.0.2.2"),
            ("X-Forwarded-For", "10.0.0.1"),
            ("Forwarded", "for=192.0.2.3"),
            ("X-Real-IP", "192.0.2.4"),
        ] {
            assert_eq!(token(&served, forged).await, 429, "{forged:?}");
        }
    }
}

#[tokio::test]
async fn the_standard_header_is_read_when_it_is_the_one() {
    let config = Config { proxy_header: ProxyHeader::Forwarded, ..config(&["127.0.0.1"]) };
    let served = Served::with(config).await;
    for (client, status) in [
        (r#"for="192.0.2.1:4711";proto=https"#, 200),
        ("for=192.0.2.2", 200),
        ("for=192.0.2.9, for=192.0.2.1", 429),
    ] {
        assert_eq!(token(&served, ("Forwarded", client)).await, status, "{client}");
    }
}

#[tokio::test]
async fn sockets_are_counted_by_visitor_too() {
    let served = Served::with(config(&["127.0.0.1"])).await;
    let mut open = Vec::new();
    for (client, status) in [("192.0.2.1", "101"), ("192.0.2.2", "101"), ("192.0.2.1", "429")] {
        let request = handshake(&served.address.to_string(), Some(PAGE));
        let request =
            request.replace("\r\n\r\n", &format!("\r\nX-Forwarded-For: {client}\r\n\r\n"));
        let mut stream = tokio::net::TcpStream::connect(served.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = [0; 12];
        stream.read_exact(&mut head).await.unwrap();
        assert_eq!(std::str::from_utf8(&head[9..]).unwrap(), status, "{client}");
        open.push(stream);
    }
}
