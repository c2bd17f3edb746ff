//! What each close code asks of a client: the table of the protocol, whole.

use frontdesk_protocol::CloseCode;

use super::FailReason;

/// What to do after a close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reaction {
    /// Stop: it was ended by the user.
    Stop,
    /// The server restarts: come back when it said, else within ten seconds.
    ComeBack,
    /// Wait and resume; at least `floor_ms`.
    Backoff {
        /// Milliseconds.
        floor_ms: u64,
    },
    /// The largest message on its way was too big: it has failed. Then wait and resume.
    DropLargest,
    /// Positions are not valid: forget them, then wait and take snapshots.
    Reset,
    /// Get a new token, then connect.
    NewToken,
    /// Get a new token once; if that one is refused too, give up.
    NewTokenOnce,
    /// Give up.
    Fail(FailReason),
    /// The channel is gone.
    ChannelGone,
    /// Wait until the page becomes visible.
    WaitVisible,
}

/// What `code` asks for.
#[must_use]
pub const fn reaction(code: CloseCode) -> Reaction {
    match code {
        CloseCode::Normal => Reaction::Stop,
        CloseCode::GoingAway | CloseCode::Restart => Reaction::ComeBack,
        CloseCode::TooBig => Reaction::DropLargest,
        CloseCode::TryLater | CloseCode::RateLimited => Reaction::Backoff { floor_ms: 5_000 },
        CloseCode::BadFrame => Reaction::Fail(FailReason::Protocol),
        CloseCode::Version => Reaction::Fail(FailReason::Version),
        CloseCode::BadPosition => Reaction::Reset,
        CloseCode::TokenExpired => Reaction::NewToken,
        CloseCode::TokenRefused => Reaction::NewTokenOnce,
        CloseCode::Forbidden => Reaction::Fail(FailReason::Forbidden),
        CloseCode::ChannelGone => Reaction::ChannelGone,
        CloseCode::TooManySockets => Reaction::WaitVisible,
        CloseCode::HelloTimeout
        | CloseCode::SlowConsumer
        | CloseCode::Protocol
        | CloseCode::Unsupported
        | CloseCode::InvalidPayload
        | CloseCode::PageHidden
        | CloseCode::Other(_) => Reaction::Backoff { floor_ms: 0 },
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn every_close_code_has_its_reaction() {
        let table: String = [
            1000, 1001, 1002, 1003, 1006, 1007, 1009, 1011, 1012, 1013, 4001, 4002, 4003, 4008,
            4010, 4029, 4400, 4401, 4403, 4404, 4409, 4900, 4999,
        ]
        .map(|code| format!("{code} {:?}\n", reaction(CloseCode::from_u16(code))))
        .concat();
        expect![[r#"
            1000 Stop
            1001 ComeBack
            1002 Backoff { floor_ms: 0 }
            1003 Backoff { floor_ms: 0 }
            1006 Backoff { floor_ms: 0 }
            1007 Backoff { floor_ms: 0 }
            1009 DropLargest
            1011 Backoff { floor_ms: 0 }
            1012 ComeBack
            1013 Backoff { floor_ms: 5000 }
            4001 Fail(Protocol)
            4002 Fail(Version)
            4003 Backoff { floor_ms: 0 }
            4008 Backoff { floor_ms: 0 }
            4010 Reset
            4029 Backoff { floor_ms: 5000 }
            4400 NewToken
            4401 NewTokenOnce
            4403 Fail(Forbidden)
            4404 ChannelGone
            4409 WaitVisible
            4900 Backoff { floor_ms: 0 }
            4999 Backoff { floor_ms: 0 }
        "#]]
        .assert_eq(&table);
    }
}
