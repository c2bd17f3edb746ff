//! How a receiver knows that a call is ours: two signatures, both by the account's auth token.
//!
//! The retired service's, for receivers written for it (source: `twilio@6.2.0:lib/webhooks/webhooks.js`,
//! `getExpectedTwilioSignature` and `validateRequest`), and the one of the Standard Webhooks
//! specification, which covers the time and the id too, so that an old call cannot be repeated.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use frontdesk_protocol::Millis;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

/// The value of `X-Twilio-Signature`: HMAC-SHA1, in base64, of the whole address followed by each
/// form field's name and value, in the order of the names. A call by GET has no form: its fields
/// stand in the address.
#[must_use]
pub fn twilio(token: &str, url: &str, form: &[(String, String)]) -> String {
    let mut sorted: Vec<_> = form.iter().collect();
    // As JavaScript sorts. A field that comes twice with one value is signed once.
    sorted.sort_by(|a, b| units(&a.0).cmp(units(&b.0)).then_with(|| units(&a.1).cmp(units(&b.1))));
    sorted.dedup();
    let mut mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).expect("any key is taken");
    mac.update(url.as_bytes());
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    STANDARD.encode(mac.finalize().into_bytes())
}

/// The value of `webhook-signature`: `v1,` and HMAC-SHA256, in base64, of `id.timestamp.body`. The
/// time is in whole seconds.
///
/// Source: Standard Webhooks, "Signature scheme".
#[must_use]
pub fn standard(token: &str, id: &str, at: Millis, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(token.as_bytes()).expect("any key is taken");
    mac.update(format!("{id}.{}.{body}", at.0 / 1_000).as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

fn units(text: &str) -> impl Iterator<Item = u16> {
    text.encode_utf16()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    // The expected values are what `twilio@6.2.0`'s `getExpectedTwilioSignature` computes.
    #[test]
    fn receivers_of_the_retired_service_know_the_call() {
        let token = "0123456789abcdef0123456789abcdef";
        let form = fields(&[
            ("To", "CH1"),
            ("Body", "Grüße 😀 & more"),
            ("EventType", "onMessageSent"),
            ("body", ""),
        ]);
        let url = "https://example.com/hook?a=1";
        assert_eq!(twilio(token, url, &form), "hm5Gs9S/qd8/T71PQaidEy2E2pQ=");
        assert_eq!(
            twilio(token, "https://example.com/hook?Body=a+b%26c", &[]),
            "BijNeiJ5uno7Tv0I8YjRpX3Md30="
        );
        let twice = fields(&[("a", "2"), ("a", "1"), ("a", "2"), ("\u{e000}", "x"), ("😀", "y")]);
        assert_eq!(twilio(token, url, &twice), "xD9CrUniUtan/94sb3gVlNQs5DE=");
    }

    // The expected value is OpenSSL's: `printf %s "$id.$seconds.$body" | openssl dgst -sha256 -hmac
    // "$token" -binary | base64`.
    #[test]
    fn the_standard_signature_covers_id_time_and_body() {
        let (token, id, at) =
            ("0123456789abcdef", "EV00000000000000000000000000000001", Millis(1_795_000_000_999));
        assert_eq!(
            standard(token, id, at, "A=b&C=d+e"),
            "v1,YC4gOfaU3/yTtp2+XxUFuxO5pgJgCjxKg39LqRFU/Bg="
        );
        for other in [
            standard("other", id, at, "A=b&C=d+e"),
            standard(token, "EV2", at, "A=b&C=d+e"),
            standard(token, id, at.plus(1), "A=b&C=d+e"),
            standard(token, id, at, "A=b&C=d+f"),
        ] {
            assert_ne!(other, "v1,YC4gOfaU3/yTtp2+XxUFuxO5pgJgCjxKg39LqRFU/Bg=");
        }
    }
}
