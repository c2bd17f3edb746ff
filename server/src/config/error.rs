//! What is wrong with a configuration.

use std::path::PathBuf;

/// What is wrong with a configuration, and where.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration file {}: {source}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no TOML.
    #[error("the configuration file {} is not valid TOML: {message}", path.display())]
    Toml {
        /// Which.
        path: PathBuf,
        /// Where and why.
        message: String,
    },
    /// There is no such key.
    #[error("{place}: there is no setting `{key}`{}", hint(nearest.as_deref()))]
    UnknownKey {
        /// The file or the environment.
        place: String,
        /// What stands there.
        key: String,
        /// The right key that looks most like it.
        nearest: Option<String>,
    },
    /// The value is none for this key.
    #[error("{place}: `{key}` is {found}, but must be {expected}")]
    BadValue {
        /// The file or the environment.
        place: String,
        /// The key.
        key: String,
        /// What stands there, shortened.
        found: String,
        /// What may stand there.
        expected: String,
    },
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map(|key| format!("; did you mean `{key}`?")).unwrap_or_default()
}
