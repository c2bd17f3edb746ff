//! Conformance: raw bytes in, messages or a close code out. Numbers such as "Autobahn 4.1" name the
//! group of that suite a table follows.

use frontdesk_protocol::Millis;

use super::*;

const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// A frame as a client writes it: first byte as given, masked, the length in its shortest form.
pub(super) fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        len @ 0..=125 => bytes.push(0x80 | u8::try_from(len).unwrap()),
        len @ 126..=0xFFFF => {
            bytes.push(0x80 | 126);
            bytes.extend(u16::try_from(len).unwrap().to_be_bytes());
        }
        len => {
            bytes.push(0x80 | 127);
            bytes.extend((len as u64).to_be_bytes());
        }
    }
    bytes.extend(MASK);
    bytes.extend(payload.iter().enumerate().map(|(at, byte)| byte ^ MASK[at & 3]));
    bytes
}

fn close(code: u16, reason: &[u8]) -> Vec<u8> {
    masked(0x88, &[&code.to_be_bytes(), reason].concat())
}

/// What comes of these bytes, `step` of them at a time: messages as short words, then the close
/// code of the violation, if there is one.
fn outcome(bytes: &[u8], step: usize) -> Vec<String> {
    let mut decoder = Decoder::new(Limits::default());
    let mut seen = Vec::new();
    for chunk in bytes.chunks(step) {
        let mut input = chunk;
        loop {
            match decoder.feed(Millis(0), &mut input) {
                Ok(None) => break,
                Ok(Some(message)) => seen.push(word(&message)),
                Err(violation) => {
                    seen.push(violation.code.to_string());
                    return seen;
                }
            }
        }
    }
    seen
}

fn word(message: &Message) -> String {
    match message {
        Message::Text(text) if text.len() > 40 => format!("text of {}", text.len()),
        Message::Text(text) => format!("text {text:?}"),
        Message::Binary(bytes) if bytes.len() > 40 => format!("binary of {}", bytes.len()),
        Message::Binary(bytes) => format!("binary {bytes:?}"),
        Message::Ping(bytes) => format!("ping of {}", bytes.len()),
        Message::Pong(bytes) => format!("pong of {}", bytes.len()),
        Message::Close(None) => "close".into(),
        Message::Close(Some((code, reason))) => format!("close {code} {reason:?}"),
    }
}

/// Whatever way the bytes are cut up by the network, the outcome is the same.
fn check(name: &str, bytes: &[u8], expected: &[&str]) {
    for step in [bytes.len().max(1), 1, 2, 7, 1000] {
        assert_eq!(outcome(bytes, step), expected, "{name}, {step} bytes at a time");
    }
}

#[test]
fn whole_messages_of_every_length_arrive() {
    // Autobahn 1.1 and 1.2: both sides of each way to write a length.
    for len in [0, 1, 2, 3, 4, 5, 100, 125, 126, 127, 128, 1000, 65_535, 65_536, 65_537, 262_144] {
        let text = "*".repeat(len);
        let expected = if len > 40 { format!("text of {len}") } else { format!("text {text:?}") };
        check("text", &masked(0x81, text.as_bytes()), &[&expected]);
        let bytes = vec![0xFE; len];
        let expected =
            if len > 40 { format!("binary of {len}") } else { format!("binary {bytes:?}") };
        check("binary", &masked(0x82, &bytes), &[&expected]);
    }
}

#[test]
fn pings_and_pongs_arrive_whole_or_not_at_all() {
    // Autobahn 2.
    for len in [0, 1, 4, 124, 125] {
        check("ping", &masked(0x89, &vec![0xFF; len]), &[&format!("ping of {len}")]);
        check("pong", &masked(0x8A, &vec![0xFF; len]), &[&format!("pong of {len}")]);
    }
    for len in [126, 127, 65_536] {
        check("long ping", &masked(0x89, &vec![0; len]), &["1002"]);
        check("long pong", &masked(0x8A, &vec![0; len]), &["1002"]);
        check("long close", &masked(0x88, &vec![0; len]), &["1002"]);
    }
    check("ping in fragments", &masked(0x09, b"a"), &["1002"]);
    check("pong in fragments", &masked(0x0A, b"a"), &["1002"]);
    check("close in fragments", &masked(0x08, &[3, 232]), &["1002"]);
}

#[test]
fn reserved_bits_end_the_connection() {
    // Autobahn 3: permessage-deflate was never agreed on, so its bit is as wrong as the others.
    for bits in [0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70] {
        for opcode in [0x81, 0x82, 0x88, 0x89, 0x8A] {
            check("reserved bit", &masked(bits | opcode, b""), &["1002"]);
        }
        let after = [masked(0x81, b"ok"), masked(bits | 0x81, b"x")].concat();
        check("reserved bit after a good message", &after, &["text \"ok\"", "1002"]);
    }
}

#[test]
fn reserved_opcodes_end_the_connection() {
    // Autobahn 4.
    for opcode in [3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF] {
        check("opcode", &masked(0x80 | opcode, b""), &["1002"]);
        check("opcode with payload", &masked(0x80 | opcode, b"x"), &["1002"]);
        check("opcode, not final", &masked(opcode, b"x"), &["1002"]);
    }
}

#[test]
fn fragments_are_joined_in_order() {
    // Autobahn 5.
    type Frames<'a> = &'a [(u8, &'a [u8])];
    let cases: &[(&str, Frames<'_>, &[&str])] = &[
        ("two", &[(0x01, b"ab"), (0x80, b"cd")], &["text \"abcd\""]),
        ("binary", &[(0x02, &[1]), (0x00, &[2]), (0x80, &[3])], &["binary [1, 2, 3]"]),
        ("empty ones", &[(0x01, b""), (0x00, b""), (0x80, b"")], &["text \"\""]),
        (
            "a ping between",
            &[(0x01, b"a"), (0x89, b"p"), (0x80, b"b")],
            &["ping of 1", "text \"ab\""],
        ),
        (
            "pings between each",
            &[(0x01, b"a"), (0x89, b""), (0x00, b"b"), (0x8A, b"zz"), (0x80, b"c")],
            &["ping of 0", "pong of 2", "text \"abc\""],
        ),
        ("a close between", &[(0x01, b"a"), (0x88, b"")], &["close"]),
        ("continuation first", &[(0x80, b"a")], &["1002"]),
        ("open continuation first", &[(0x00, b"a")], &["1002"]),
        ("continuation after the end", &[(0x81, b"a"), (0x80, b"b")], &["text \"a\"", "1002"]),
        ("text inside text", &[(0x01, b"a"), (0x81, b"b")], &["1002"]),
        ("binary inside text", &[(0x01, b"a"), (0x82, b"b")], &["1002"]),
        ("open text inside text", &[(0x01, b"a"), (0x01, b"b")], &["1002"]),
        ("text inside binary", &[(0x02, b"a"), (0x81, b"b")], &["1002"]),
        (
            "two messages",
            &[(0x01, b"a"), (0x80, b"b"), (0x02, b""), (0x80, &[9])],
            &["text \"ab\"", "binary [9]"],
        ),
        (
            "the mask of each frame is its own beginning",
            &[(0x01, b"abc"), (0x80, b"defg")],
            &["text \"abcdefg\""],
        ),
    ];
    for (name, frames, expected) in cases {
        let bytes: Vec<u8> =
            frames.iter().flat_map(|(first, payload)| masked(*first, payload)).collect();
        check(name, &bytes, expected);
    }
}

#[test]
fn text_is_utf8_or_1007() {
    // Autobahn 6: good and bad sequences, and all the ends and middles of them.
    let good: &[&[u8]] = &[
        b"Hello",
        "κόσμε".as_bytes(),
        "\u{0}".as_bytes(),
        "\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}".as_bytes(),
        "\u{D7FF}\u{E000}\u{FFFD}\u{FFFE}\u{FEFF}".as_bytes(),
        "👩‍🚀".as_bytes(),
    ];
    for text in good {
        let expected = format!("text {:?}", std::str::from_utf8(text).unwrap());
        check("good", &masked(0x81, text), &[&expected]);
        for cut in 0..=text.len() {
            let bytes = [masked(0x01, &text[..cut]), masked(0x80, &text[cut..])].concat();
            check("good, cut", &bytes, &[&expected]);
        }
    }
    let bad: &[&[u8]] = &[
        &[0x80],
        &[0xBF],
        &[0xC0, 0x80],
        &[0xC1, 0xBF],
        &[0xC3],
        &[0xC3, 0x28],
        &[0xE0, 0x80, 0x80],
        &[0xE2, 0x82],
        &[0xE2, 0x28, 0xA1],
        &[0xED, 0xA0, 0x80],
        &[0xED, 0xBF, 0xBF],
        &[0xED, 0xA0, 0x80, 0xED, 0xB0, 0x80],
        &[0xF0, 0x80, 0x80, 0x80],
        &[0xF0, 0x9F, 0x98],
        &[0xF4, 0x90, 0x80, 0x80],
        &[0xF5, 0x80, 0x80, 0x80],
        &[0xF8, 0x88, 0x80, 0x80, 0x80],
        &[0xFC, 0x84, 0x80, 0x80, 0x80, 0x80],
        &[0xFE],
        &[0xFF],
        b"ok \xCE",
        b"Hello\xC0\xAFworld",
    ];
    for text in bad {
        check("bad", &masked(0x81, text), &["1007"]);
        let bytes = [masked(0x01, b"fine "), masked(0x80, text)].concat();
        check("bad in the second fragment", &bytes, &["1007"]);
    }
    check("binary may be anything", &masked(0x82, &[0xFF]), &["binary [255]"]);
}

#[test]
fn broken_text_is_refused_before_the_message_is_whole() {
    let mut input = &masked(0x01, &[0xF4, 0x90])[..];
    let mut decoder = Decoder::new(Limits::default());
    assert_eq!(decoder.feed(Millis(0), &mut input), Err(Violation::not_utf8()));
}

#[test]
fn close_frames_say_a_code_that_may_be_sent() {
    // Autobahn 7.
    check("empty", &masked(0x88, b""), &["close"]);
    check("half a code", &masked(0x88, &[3]), &["1002"]);
    for code in [
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000,
        4900, 4999,
    ] {
        check("good code", &close(code, b"bye"), &[&format!("close {code} \"bye\"")]);
    }
    for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] {
        check("bad code", &close(code, b""), &["1002"]);
    }
    check(
        "longest reason",
        &close(1000, &[b'*'; 123]),
        &[&format!("close 1000 {:?}", "*".repeat(123))],
    );
    check("reason too long", &close(1000, &[b'*'; 124]), &["1002"]);
    check("reason not UTF-8", &close(1000, b"\xCE\xBA\xE1\xBD"), &["1007"]);
}

#[test]
fn a_frame_without_a_mask_ends_the_connection() {
    for first in [0x81, 0x82, 0x88, 0x89, 0x8A, 0x01] {
        check("no mask", &[first, 0x02, b'h', b'i'], &["1002"]);
    }
    check("no mask, long", &[0x82, 126, 1, 0], &["1002"]);
}

#[test]
fn a_length_has_one_spelling() {
    for (name, header) in [
        ("5 in two bytes", vec![0x82, 0xFE, 0, 5]),
        ("125 in two bytes", vec![0x82, 0xFE, 0, 125]),
        ("5 in eight bytes", vec![0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0, 5]),
        ("65,535 in eight bytes", vec![0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        ("2^63", vec![0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0]),
    ] {
        check(name, &[header, MASK.to_vec()].concat(), &["1002"]);
    }
}

#[test]
fn more_than_is_taken_is_refused_by_its_header_alone() {
    for (name, len) in [("one byte more", 262_145_u64), ("2^32", 1 << 32), ("2^62", 1 << 62)] {
        let header = [&[0x81, 0xFF][..], &len.to_be_bytes(), &MASK].concat();
        check(name, &header, &["1009"]);
    }
    let mut sum = masked(0x01, &vec![b'a'; 200_000]);
    sum.extend(&masked(0x80, &vec![b'a'; 62_145])[..14]);
    check("one byte more in the second fragment", &sum, &["1009"]);
}

#[test]
fn a_declared_length_takes_no_memory() {
    let mut decoder = Decoder::new(Limits::default());
    let mut input = &masked(0x82, &vec![0; 262_144])[..20];
    assert_eq!(decoder.feed(Millis(0), &mut input), Ok(None));
    assert!(decoder.buffered() < 64, "{} bytes kept", decoder.buffered());
}

#[test]
fn sixty_four_fragments_are_enough() {
    let fragments = |count: usize| {
        let mut bytes = masked(0x01, b"");
        for _ in 2..count {
            bytes.extend(masked(0x00, b""));
        }
        bytes.extend(masked(0x80, b""));
        bytes
    };
    check("64", &fragments(64), &["text \"\""]);
    check("65", &fragments(65), &["1009"]);
    check("a million", &masked(0x00, b"").repeat(3), &["1002"]);
}

#[test]
fn a_message_is_whole_within_its_time() {
    let feed = |decoder: &mut Decoder, at_ms: u64, bytes: &[u8]| {
        decoder.feed(Millis(at_ms), &mut &*bytes).map(|message| message.is_some())
    };
    let late = Err(Violation::protocol("message took too long to arrive"));

    let mut decoder = Decoder::new(Limits::default());
    assert_eq!(decoder.deadline(), None);
    assert_eq!(feed(&mut decoder, 1_000, &masked(0x01, b"a")), Ok(false));
    assert_eq!(decoder.deadline(), Some(Millis(11_000)));
    // A ping between fragments buys no time.
    assert_eq!(feed(&mut decoder, 9_000, &masked(0x89, b"")), Ok(true));
    assert_eq!(decoder.deadline(), Some(Millis(11_000)));
    assert_eq!(decoder.expire(Millis(10_999)), Ok(()));
    assert_eq!(decoder.expire(Millis(11_000)).map(|()| true), late);
    assert_eq!(feed(&mut decoder, 11_000, &masked(0x80, b"b")), late);

    // Half a header is the beginning of a message too.
    let mut decoder = Decoder::new(Limits::default());
    assert_eq!(feed(&mut decoder, 0, &[0x81]), Ok(false));
    assert_eq!(decoder.deadline(), Some(Millis(10_000)));

    // A long frame on a slow line may take longer; once whole, nothing runs any more.
    let mut decoder = Decoder::new(Limits::default());
    let long = masked(0x81, &vec![b'a'; 32_768]);
    assert_eq!(feed(&mut decoder, 0, &long[..100]), Ok(false));
    assert_eq!(decoder.deadline(), Some(Millis(42_000)));
    assert_eq!(feed(&mut decoder, 41_000, &long[100..]), Ok(true));
    assert_eq!(decoder.deadline(), None);
}

#[test]
fn the_first_frame_may_have_a_limit_of_its_own() {
    let mut decoder = Decoder::new(Limits { message_bytes: 4, ..Limits::default() });
    let mut input = &masked(0x81, b"12345")[..];
    assert_eq!(decoder.feed(Millis(0), &mut input), Err(Violation::too_big("message is too big")));
    let mut decoder = Decoder::new(Limits { message_bytes: 4, ..Limits::default() });
    decoder.set_message_bytes(5);
    let mut input = &masked(0x81, b"12345")[..];
    assert_eq!(decoder.feed(Millis(0), &mut input), Ok(Some(Message::Text("12345".into()))));
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic_or_keep_more_than_its_limit(
        bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..600),
    ) {
        let limits = Limits { message_bytes: 256, ..Limits::default() };
        let mut decoder = Decoder::new(limits);
        let mut input = &bytes[..];
        while let Ok(Some(_)) = decoder.feed(Millis(0), &mut input) {}
        proptest::prop_assert!(decoder.buffered() <= 2 * 256 + 128);
    }
}
