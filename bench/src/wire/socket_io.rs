//! Engine.IO 4 and Socket.IO 5 over a bare websocket, as far as the peer needs it.
//!
//! Source: socket.io's "The Engine.IO protocol" (v4) and "The Socket.IO protocol" (v5). The first
//! digit is Engine.IO's packet (0 open, 2 ping, 3 pong, 4 message), the second Socket.IO's
//! (0 connect, 2 event, 3 acknowledgement, 4 refusal), digits after it number the acknowledgement.

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::{Guest, Heard};

/// A message, with its acknowledgement numbered 1: answers are told apart by `cid`.
pub(super) fn message(cid: u128, body: &str) -> String {
    format!("421{}", json!(["send", {"cid": format!("{cid:032x}"), "body": body}]))
}

/// Reads a packet.
pub(super) fn hear(guest: &Guest, text: &str) -> Result<Heard> {
    if let Some(event) = text.strip_prefix("42") {
        let event: Value = serde_json::from_str(event)?;
        return Ok(if event[0] == "msg" {
            Heard::Messages(vec![cid(&event[1])?])
        } else {
            Heard::Nothing
        });
    }
    if let Some(answer) = text.strip_prefix("431") {
        let answer: Value = serde_json::from_str(answer)?;
        return Ok(Heard::Stored(cid(&answer[0])?));
    }
    Ok(match text.as_bytes() {
        [b'0', ..] => Heard::Answer(format!(
            "40{}",
            json!({"author": guest.identity, "channel": guest.channel})
        )),
        [b'2', ..] => Heard::Answer("3".into()),
        [b'4', b'0', ..] => Heard::Ready,
        [b'4', b'4', ..] => bail!("refused: {text}"),
        _ => Heard::Nothing,
    })
}

fn cid(of: &Value) -> Result<u128> {
    Ok(u128::from_str_radix(of["cid"].as_str().unwrap_or_default(), 16)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acknowledgement_and_an_event_name_their_message() {
        let guest = Guest { identity: "a".into(), channel: "c".into(), token: String::new() };
        let heard = |text: &str| hear(&guest, text).unwrap();

        assert_eq!(
            heard(r#"431[{"cid":"0000000000000000000000000000000a","seq":1}]"#),
            Heard::Stored(10)
        );
        assert_eq!(
            heard(r#"42["msg",{"cid":"0000000000000000000000000000000b"}]"#),
            Heard::Messages(vec![11])
        );
        assert_eq!(heard(r#"40{"sid":"x"}"#), Heard::Ready);
        assert_eq!(heard("2"), Heard::Answer("3".into()));
    }
}
