//! The page's title: what an agent in another tab has to know.

use super::list::Counts;

/// The product's name, where nothing else stands.
pub const PRODUCT: &str = "Frontdesk";

/// The title for these counts.
#[must_use]
pub fn of(counts: &Counts) -> String {
    match (counts.unread, counts.waiting) {
        (0, 0) => PRODUCT.into(),
        (unread, 0) => format!("({unread}) {unread} unread · {PRODUCT}"),
        (0, waiting) => format!("({waiting}) {waiting} waiting · {PRODUCT}"),
        (unread, waiting) => {
            let all = unread + waiting as u64;
            format!("({all}) {unread} unread, {waiting} waiting · {PRODUCT}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_says_what_waits() {
        let title = |unread, waiting| of(&Counts { unread, waiting, ..Counts::default() });
        assert_eq!(title(0, 0), "Frontdesk");
        assert_eq!(title(2, 0), "(2) 2 unread · Frontdesk");
        assert_eq!(title(0, 1), "(1) 1 waiting · Frontdesk");
        assert_eq!(title(2, 1), "(3) 2 unread, 1 waiting · Frontdesk");
    }
}
