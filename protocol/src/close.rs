//! Close codes of the Chat connection, and what a client does on each.

/// Why a connection was closed (RFC 6455, section 7.4; 4000 to 4999 are ours).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CloseCode {
    /// 1000: ended by the user.
    Normal,
    /// 1001: the server goes away.
    GoingAway,
    /// 1002: broken websocket framing.
    Protocol,
    /// 1003: a kind of data that is not spoken here (binary).
    Unsupported,
    /// 1007: text that is not UTF-8.
    InvalidPayload,
    /// 1009: a frame or message too big.
    TooBig,
    /// 1012: the server restarts.
    Restart,
    /// 1013: overloaded, try later.
    TryLater,
    /// 4001: a frame that breaks chat/1.
    BadFrame,
    /// 4002: a version that is not spoken.
    Version,
    /// 4003: no `hello` in time.
    HelloTimeout,
    /// 4008: the client reads too slowly, or did not answer a ping.
    SlowConsumer,
    /// 4010: a position that was never sent, or a hole in the log.
    BadPosition,
    /// 4029: rate limited.
    RateLimited,
    /// 4400: the token expired.
    TokenExpired,
    /// 4401: the token was refused or revoked.
    TokenRefused,
    /// 4403: the Origin or a right was refused.
    Forbidden,
    /// 4404: the channel was erased, or is not yours.
    ChannelGone,
    /// 4409: too many sockets of one guest.
    TooManySockets,
    /// 4900, from the client: the page is hidden for good.
    PageHidden,
    /// Any other, 1006 (none at all) included.
    Other(u16),
}

impl CloseCode {
    /// The code with this number.
    #[must_use]
    pub const fn from_u16(code: u16) -> Self {
        match code {
            1000 => Self::Normal,
            1001 => Self::GoingAway,
            1002 => Self::Protocol,
            1003 => Self::Unsupported,
            1007 => Self::InvalidPayload,
            1009 => Self::TooBig,
            1012 => Self::Restart,
            1013 => Self::TryLater,
            4001 => Self::BadFrame,
            4002 => Self::Version,
            4003 => Self::HelloTimeout,
            4008 => Self::SlowConsumer,
            4010 => Self::BadPosition,
            4029 => Self::RateLimited,
            4400 => Self::TokenExpired,
            4401 => Self::TokenRefused,
            4403 => Self::Forbidden,
            4404 => Self::ChannelGone,
            4409 => Self::TooManySockets,
            4900 => Self::PageHidden,
            other => Self::Other(other),
        }
    }

    /// The number on the wire.
    #[must_use]
    pub const fn as_u16(self) -> u16 {
        match self {
            Self::Normal => 1000,
            Self::GoingAway => 1001,
            Self::Protocol => 1002,
            Self::Unsupported => 1003,
            Self::InvalidPayload => 1007,
            Self::TooBig => 1009,
            Self::Restart => 1012,
            Self::TryLater => 1013,
            Self::BadFrame => 4001,
            Self::Version => 4002,
            Self::HelloTimeout => 4003,
            Self::SlowConsumer => 4008,
            Self::BadPosition => 4010,
            Self::RateLimited => 4029,
            Self::TokenExpired => 4400,
            Self::TokenRefused => 4401,
            Self::Forbidden => 4403,
            Self::ChannelGone => 4404,
            Self::TooManySockets => 4409,
            Self::PageHidden => 4900,
            Self::Other(code) => code,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_comes_back_as_itself() {
        for code in 0..=u16::MAX {
            assert_eq!(CloseCode::from_u16(code).as_u16(), code);
        }
    }
}
