//! What a delivery tells, with what was known only after the commit.

use crate::{
    http::time,
    storage::{Delivery, Stamp},
};

/// The fields of an attempt. A message that was taken back meanwhile has none of its text.
#[must_use]
pub fn fields(delivery: &Delivery) -> Vec<(String, String)> {
    let what = &delivery.what;
    let stamps = what.stamps.iter().filter_map(|(name, stamp)| {
        let value = match stamp {
            Stamp::Index => delivery.index?.to_string(),
            Stamp::Time => time::iso(delivery.ts),
            Stamp::Retries => delivery.attempts.to_string(),
        };
        Some((name.clone(), value))
    });
    what.fields.iter().chain(&what.text).cloned().chain(stamps).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use frontdesk_protocol::{Millis, id::AccountSid};

    use super::*;
    use crate::storage::{HookMethod, NewDelivery};

    fn told(index: Option<u64>) -> String {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let what = NewDelivery {
            id: 1,
            account: AccountSid::from_bits(1),
            target: "t".into(),
            url: "https://example.com/".into(),
            method: HookMethod::Post,
            lane: "CH".into(),
            event: "onMessageSent".into(),
            fields: vec![pair("EventType", "onMessageSent")],
            text: vec![pair("Body", "Hello")],
            stamps: vec![
                ("Index".into(), Stamp::Index),
                ("DateCreated".into(), Stamp::Time),
                ("RetryCount".into(), Stamp::Retries),
            ],
            message: None,
        };
        let (ts, enqueued) = (Millis(1_795_350_884_999), Millis(0));
        let told = fields(&Delivery { n: 1, what, index, ts, enqueued, attempts: 2 });
        told.iter().map(|(name, value)| format!("{name}={value}\n")).collect()
    }

    #[test]
    fn what_was_known_later_is_told_with_the_rest() {
        expect![[r#"
            EventType=onMessageSent
            Body=Hello
            Index=7
            DateCreated=2026-11-22T12:34:44Z
            RetryCount=2
        "#]]
        .assert_eq(&told(Some(7)));
        assert!(!told(None).contains("Index"), "what is no message has no number");
    }
}
