//! An error, as the person at the terminal reads it.

/// An error and its causes, the outermost first. A cause whose words the error before it has
/// already said is left out: libraries differ in who says them.
#[must_use]
pub fn complaint(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain() {
        let words = cause.to_string();
        if said.ends_with(&words) {
            continue;
        }
        if !said.is_empty() {
            said += ": ";
        }
        said += &words;
    }
    said
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot open frontdesk.db: {source}")]
    struct Open {
        source: std::io::Error,
    }

    // "cannot open frontdesk.db: no file: no file".
    #[test]
    fn what_was_said_is_not_said_again() {
        let error = || Err::<(), _>(Open { source: std::io::Error::other("no file") });
        let said = |error: anyhow::Error| complaint(&error);
        assert_eq!(said(error().unwrap_err().into()), "cannot open frontdesk.db: no file");
        let error = error().context("monday.db cannot be used").unwrap_err();
        assert_eq!(said(error), "monday.db cannot be used: cannot open frontdesk.db: no file");
    }
}
