//! Pages of a list of items.

use serde_json::{Value, json};

use super::{Answer, Ask};
use crate::storage::Order;

/// Items of a page if nothing is asked for, and the most that are given.
const USUAL: usize = 50;
const MOST: usize = 100;

/// Which page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    /// Which way the items go.
    pub(super) order: Order,
    /// At most so many.
    pub(super) size: usize,
    /// Those behind this one, in the order.
    pub(super) after: Option<u64>,
    /// Those before that one instead.
    pub(super) backwards: bool,
}

impl Page {
    /// The page that a request asks for: by `PageToken`, or by `From`, `Order` and `PageSize`.
    pub(super) fn of(ask: Ask<'_>) -> Result<Self, Answer> {
        if let Some(token) = ask.call.param("PageToken") {
            return Self::parse(token).ok_or_else(|| Answer::bad("PageToken is not valid"));
        }
        let order = match ask.call.param("Order") {
            None | Some("asc") => Order::Asc,
            Some("desc") => Order::Desc,
            Some(_) => return Err(Answer::bad("Order is not asc or desc")),
        };
        let number = |name: &str, what: &str| {
            let value = ask.call.param(name).map(str::parse::<u64>).transpose();
            value.map_err(|_| Answer::bad(what))
        };
        let size = number("PageSize", "PageSize is no number")?;
        let size = size.map_or(USUAL, |size| usize::try_from(size).unwrap_or(MOST).clamp(1, MOST));
        // The first one is part of the page.
        let after = number("From", "From is no number")?.and_then(|from| match order {
            Order::Asc => from.checked_sub(1),
            Order::Desc => from.checked_add(1),
        });
        Ok(Self { order, size, after, backwards: false })
    }

    fn parse(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        let order = match parts.next()? {
            "asc" => Order::Asc,
            "desc" => Order::Desc,
            _ => return None,
        };
        let backwards = match parts.next()? {
            "next" => false,
            "previous" => true,
            _ => return None,
        };
        let size = parts.next()?.parse().ok().filter(|size| (1..=MOST).contains(size))?;
        let after = Some(parts.next()?.parse().ok()?);
        parts.next().is_none().then_some(Self { order, size, after, backwards })
    }

    /// The order in which the store is to be asked.
    pub(super) const fn reading(self) -> Order {
        match (self.order, self.backwards) {
            (order, false) => order,
            (Order::Asc, true) => Order::Desc,
            (Order::Desc, true) => Order::Asc,
        }
    }

    fn token(self, backwards: bool, at: u64) -> Value {
        let order = match self.order {
            Order::Asc => "asc",
            Order::Desc => "desc",
        };
        let way = if backwards { "previous" } else { "next" };
        format!("{order}.{way}.{}.{at}", self.size).into()
    }

    /// The page's tokens, of the numbers of its first and last item, in the page's order. `more`
    /// says whether there are more items the way that was read.
    pub(super) fn meta(self, ends: Option<(u64, u64)>, more: bool) -> Value {
        let (mut previous, mut next) = (Value::Null, Value::Null);
        if let Some((first, last)) = ends {
            // Whoever began in the middle, or comes from there, finds something on the other side.
            let (has_previous, has_next) =
                if self.backwards { (more, true) } else { (self.after.is_some(), more) };
            if has_previous {
                previous = self.token(true, first);
            }
            if has_next {
                next = self.token(false, last);
            }
        }
        json!({ "previous_token": previous, "next_token": next, "key": "items" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_leads_on_and_back() {
        let page = Page { order: Order::Desc, size: 20, after: Some(41), backwards: false };
        let meta = page.meta(Some((40, 21)), true);
        let next = Page::parse(meta["next_token"].as_str().unwrap()).unwrap();
        assert_eq!(next, Page { after: Some(21), ..page });
        let previous = Page::parse(meta["previous_token"].as_str().unwrap()).unwrap();
        assert_eq!(previous, Page { after: Some(40), backwards: true, ..page });
        assert_eq!(previous.reading(), Order::Asc);
        let first = Page { after: None, ..page };
        assert_eq!(first.meta(Some((5, 0)), false)["next_token"], Value::Null);
        assert_eq!(first.meta(None, false)["previous_token"], Value::Null);
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for text in [
            "",
            "asc",
            "asc.next.0.1",
            "asc.next.101.1",
            "asc.next.10.-1",
            "asc.next.10.1.2",
            "up.next.1.1",
            "asc.on.1.1",
        ] {
            assert_eq!(Page::parse(text), None, "{text}");
        }
    }
}
