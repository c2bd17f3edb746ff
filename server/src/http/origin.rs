//! Where a request comes from.

use http::{HeaderMap, header};

use super::{Fronts, answer::RestAnswer};
use crate::auth::origin::Origin;

/// What the `Origin` header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RequestOrigin {
    /// No page: a program, or a plain look-up from our own page.
    Nowhere,
    /// One of our own pages: the console, the demo.
    Own(Origin),
    /// Somebody else's page.
    Page(Origin),
}

impl RequestOrigin {
    /// Reads the header.
    ///
    /// # Errors
    /// 403 for more than one, for `null`, and for what no browser writes.
    pub(crate) fn of(fronts: &Fronts, headers: &HeaderMap) -> Result<Self, RestAnswer> {
        let mut all = headers.get_all(header::ORIGIN).iter();
        let Some(value) = all.next() else { return Ok(Self::Nowhere) };
        let text = value.to_str().ok().filter(|_| all.next().is_none());
        let origin = text.and_then(|text| Origin::parse(text).ok()).ok_or_else(|| {
            RestAnswer::forbidden("the Origin is null or none that a browser writes")
        })?;
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        // Our own address may have several names; the cookie is of the one in `Host`.
        let authority = origin.as_str().split_once("://").map(|(_, authority)| authority);
        let own = origin == fronts.app.config.origin() || (host.is_some() && authority == host);
        Ok(if own { Self::Own(origin) } else { Self::Page(origin) })
    }

    /// The Origin, if there was one.
    pub(crate) const fn origin(&self) -> Option<&Origin> {
        match self {
            Self::Nowhere => None,
            Self::Own(origin) | Self::Page(origin) => Some(origin),
        }
    }
}
