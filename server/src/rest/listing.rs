//! Lists, a page at a time.

use axum::extract::FromRequestParts;
use form_urlencoded::Serializer;
use http::request::Parts;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Caller, page_token::Starts};
use crate::http::{Fronts, answer::RestAnswer};

/// Items of a page, if nobody says how many.
const DEFAULT_SIZE: usize = 50;
/// Most items of a page.
const MOST_SIZE: usize = 1_000;

/// Which page of which list is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Listing {
    path: String,
    filters: Vec<(String, String)>,
    size: usize,
    page: u64,
    starts: Starts,
}

/// Where the pages around a page are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Meta {
    /// The page's number, from 0 on.
    page: u64,
    /// Most items of a page.
    page_size: usize,
    first_page_url: String,
    previous_page_url: Option<String>,
    url: String,
    next_page_url: Option<String>,
    /// Under which key the items are.
    key: &'static str,
}

impl Listing {
    /// Reads what is asked for.
    ///
    /// # Errors
    /// 400 for a size or number that is none, and for a token that was not given for this list.
    fn read(caller: &Caller, path: &str, query: &str) -> Result<Self, RestAnswer> {
        let wrong = |name: &str| RestAnswer::bad_request(format!("{name} is not valid"));
        let (mut size, mut page, mut token) = (DEFAULT_SIZE, 0, None);
        let mut filters = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "PageSize" => {
                    let number: u32 = value.parse().map_err(|_| wrong("PageSize"))?;
                    size = usize::try_from(number).unwrap_or(MOST_SIZE).min(MOST_SIZE);
                }
                "Page" => page = value.parse::<u32>().map_err(|_| wrong("Page"))?.into(),
                "PageToken" => token = Some(value.into_owned()),
                _ => filters.push((name.into_owned(), value.into_owned())),
            }
        }
        if size == 0 {
            return Err(wrong("PageSize"));
        }
        let mut listing =
            Self { path: path.to_owned(), filters, size, page, starts: Starts::default() };
        if let Some(token) = token {
            let starts = Starts::read(caller.secret(), &listing.name(caller), &token);
            listing.starts = starts.ok_or_else(|| wrong("PageToken"))?;
        } else if page > 0 {
            let message = "Page is only good together with the PageToken of the page before";
            return Err(RestAnswer::bad_request(message));
        }
        Ok(listing)
    }

    /// The item after which the page begins; `None` at the beginning of the list.
    pub(crate) fn after(&self) -> Option<u64> {
        self.starts.after()
    }

    /// How many items to look for: one more than the page holds, to know whether there are more.
    pub(crate) const fn most(&self) -> usize {
        self.size + 1
    }

    /// Every value of a filter.
    pub(crate) fn filters(&self, name: &str) -> Vec<&str> {
        self.filters.iter().filter(|(n, _)| n == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The value of a filter, read; `None` if it was not given.
    ///
    /// # Errors
    /// 400 if it came twice or does not read.
    pub(crate) fn filter<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, RestAnswer> {
        match self.filters(name)[..] {
            [] => Ok(None),
            [value] => parse(value).map(Some).ok_or(()),
            [..] => Err(()),
        }
        .map_err(|()| RestAnswer::bad_request(format!("{name} is not valid")))
    }

    /// The page: what was found, at most [`Listing::most`], each with its place in the list. `key`
    /// is under which it is answered.
    pub(crate) fn page<T>(
        &self,
        fronts: &Fronts,
        caller: &Caller,
        key: &'static str,
        found: Vec<(u64, T)>,
    ) -> (Meta, Vec<T>) {
        let more = found.len() > self.size;
        self.page_cut(fronts, caller, key, found, more)
    }

    /// The same, of a list that was cut by something else than its length: `more` says whether it
    /// goes on.
    pub(crate) fn page_cut<T>(
        &self,
        fronts: &Fronts,
        caller: &Caller,
        key: &'static str,
        mut found: Vec<(u64, T)>,
        more: bool,
    ) -> (Meta, Vec<T>) {
        let more = more || found.len() > self.size;
        found.truncate(self.size);
        let last = found.last().map(|(n, _)| *n).filter(|_| more);
        let meta = self.meta(fronts.app.config.origin().as_str(), caller, key, last);
        (meta, found.into_iter().map(|(_, item)| item).collect())
    }

    fn meta(&self, origin: &str, caller: &Caller, key: &'static str, last: Option<u64>) -> Meta {
        let url = |page: u64, starts: &Starts| self.url(origin, caller, page, starts);
        let previous = self.starts.previous(self.page);
        Meta {
            page: self.page,
            page_size: self.size,
            first_page_url: url(0, &Starts::default()),
            previous_page_url: previous.map(|starts| url(self.page.saturating_sub(1), &starts)),
            url: url(self.page, &self.starts),
            next_page_url: last.map(|last| url(self.page + 1, &self.starts.next(last))),
            key,
        }
    }

    fn url(&self, origin: &str, caller: &Caller, page: u64, starts: &Starts) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(&self.filters);
        query.append_pair("PageSize", &self.size.to_string());
        query.append_pair("Page", &page.to_string());
        if let Some(token) = starts.write(caller.secret(), &self.name(caller)) {
            query.append_pair("PageToken", &token);
        }
        format!("{origin}{}?{}", self.path, query.finish())
    }

    /// What a token is bound to.
    fn name(&self, caller: &Caller) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(&self.filters);
        format!("{} {}?{}", caller.sid(), self.path, query.finish())
    }
}

impl FromRequestParts<Fronts> for Listing {
    type Rejection = RestAnswer;

    async fn from_request_parts(parts: &mut Parts, fronts: &Fronts) -> Result<Self, RestAnswer> {
        // The page's token is the account's: its credentials are looked at once more.
        let caller = Caller::from_request_parts(parts, fronts).await?;
        Self::read(&caller, parts.uri.path(), parts.uri.query().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_protocol::id::AccountSid;

    use super::*;
    use crate::storage::Account;

    fn caller() -> Caller {
        Caller::new(Account {
            sid: AccountSid::from_bits(1),
            name: String::new(),
            auth_token: "token".into(),
        })
    }

    fn read(query: &str) -> Option<Listing> {
        Listing::read(&caller(), "/v1/FlexFlows", query).ok()
    }

    #[test]
    fn a_page_has_1_to_1000_items() {
        for (query, size) in [("", 50), ("PageSize=1", 1), ("PageSize=1000", 1000)] {
            assert_eq!(read(query).unwrap().size, size, "{query}");
        }
        assert_eq!(read("PageSize=1001").unwrap().size, 1000);
        for query in ["PageSize=0", "PageSize=-1", "PageSize=x", "PageSize=", "Page=1", "Page=x"] {
            assert!(read(query).is_none(), "{query}");
        }
    }

    #[test]
    fn the_links_lead_forth_and_back() {
        let origin = "https://chat.example.com";
        let follow = |url: &str| read(url.split_once('?').unwrap().1).unwrap();
        let first = read("FriendlyName=a%20b&PageSize=2").unwrap();
        let meta = first.meta(origin, &caller(), "flex_flows", Some(7));
        assert!(meta.url.starts_with("https://chat.example.com/v1/FlexFlows?"));
        assert_eq!(meta.previous_page_url, None);

        let second = follow(&meta.next_page_url.unwrap());
        assert_eq!((second.page, second.after(), second.size), (1, Some(7), 2));
        assert_eq!(second.filter("FriendlyName", |t| Some(t.to_owned())).unwrap().unwrap(), "a b");
        let meta = second.meta(origin, &caller(), "flex_flows", None);
        assert_eq!(meta.next_page_url, None);
        assert_eq!(follow(&meta.previous_page_url.unwrap()).after(), None);
    }

    #[test]
    fn a_forged_token_is_refused() {
        let first = read("PageSize=2").unwrap();
        let meta = first.meta("https://chat.example.com", &caller(), "flex_flows", Some(7));
        let next = meta.next_page_url.unwrap();
        let query = next.split_once('?').unwrap().1;
        assert!(read(query).is_some());
        assert!(read(&format!("FriendlyName=x&{query}")).is_none());
        assert!(read("Page=1&PageToken=x").is_none());
    }
}
