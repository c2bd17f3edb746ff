//! A file beside a message: what is known of it. The file itself goes over HTTP.

use serde::Serialize;

use crate::{id::MediaSid, readable};

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Media {
    /// Its SID.
    pub sid: MediaSid,
    /// What it is, by its own first bytes: a MIME type.
    pub content_type: String,
    /// Its name, cleaned of what no name of a file may hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    /// Its length in bytes.
    pub size_bytes: u64,
}

readable! { Media { sid, content_type, filename, size_bytes } }
