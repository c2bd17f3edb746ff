//! What of a guest is on disk, so that a reload goes on where it was.

use frontdesk_protocol::{
    ChannelSid, Identity, Millis, form::Answers, json::Object, read, readable,
};

/// A form that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The answers by field name.
    pub answers: Answers,
    /// `location`, `locale` and `title` of the host page, and what the page gave along.
    pub context: Answers,
    /// A random key: the same submission, sent again, opens no second channel.
    pub key: String,
}

/// A guest's session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The guest token.
    pub token: String,
    /// When it ends, by the wall clock: Unix milliseconds.
    pub expires: Millis,
    /// The continuity secret.
    pub secret: Option<String>,
    /// Who the token is for.
    pub identity: Identity,
    /// The chat that runs.
    pub channel: Option<ChannelSid>,
    /// The form that is sent and not answered yet.
    pub pending: Option<Submission>,
}

impl Session {
    /// Reads what [`Session::to_json`] wrote; `None` for anything else, which is as good as none.
    #[must_use]
    pub fn from_json(text: &str) -> Option<Self> {
        read::text(text)
    }

    /// The session as it is kept on disk.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Object::new();
        json.text("token", &self.token)
            .number("expires", self.expires.0)
            .text_if("secret", self.secret.as_deref())
            .text("identity", self.identity.as_str())
            .text_if("channel", self.channel.as_ref().map(ChannelSid::as_str));
        if let Some(Submission { answers, context, key }) = &self.pending {
            let mut pending = Object::new();
            pending.json("answers", &to_json(answers)).json("context", &to_json(context));
            json.json("pending", &pending.text("key", key).end());
        }
        json.end()
    }
}

/// Answers as a JSON object.
pub(crate) fn to_json(answers: &Answers) -> String {
    let mut json = Object::new();
    for (name, answer) in answers {
        json.text(name, answer);
    }
    json.end()
}

readable! {
    Submission { answers, key; context }
    Session { token, expires, secret, identity, channel, pending }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn a_session_survives_the_disk() {
        let session = Session {
            token: "t".into(),
            expires: Millis(9),
            secret: Some("s".into()),
            identity: Identity::parse("guest").unwrap(),
            channel: None,
            pending: Some(Submission {
                answers: Answers::from([("friendlyName".to_owned(), "Bob".to_owned())]),
                context: Answers::new(),
                key: "k".into(),
            }),
        };
        let text = session.to_json();
        expect![[r#"{"token":"t","expires":9,"secret":"s","identity":"guest","pending":{"answers":{"friendlyName":"Bob"},"context":{},"key":"k"}}"#]].assert_eq(&text);
        assert_eq!(Session::from_json(&text), Some(session));
        assert_eq!(Session::from_json("garbage"), None);
    }
}
