//! What is known of a file, for who may have it.

use axum::{
    extract::{Path, State},
    response::Response,
};
use frontdesk_protocol::{
    ChannelSid, Identity, MediaSid, MessageSid,
    id::{AccountSid, ServiceSid},
    rest::MediaLink,
};
use http::StatusCode;
use serde::Serialize;

use super::asker::Asking;
use crate::{
    http::{
        Fronts,
        answer::{self, RestAnswer},
        time,
    },
    media::Asker,
    rest::{Answer, unknown},
    storage::MediaRecord,
};

/// A file as the SDKs read it.
#[derive(Debug, Serialize)]
pub(super) struct Resource<'a> {
    sid: &'a MediaSid,
    account_sid: &'a AccountSid,
    service_sid: &'a ServiceSid,
    channel_sid: Option<&'a ChannelSid>,
    message_sid: Option<&'a MessageSid>,
    author: Option<&'a Identity>,
    category: &'static str,
    content_type: &'a str,
    filename: Option<&'a str>,
    size: u64,
    date_created: String,
    date_updated: String,
    date_upload_updated: String,
    is_multipart_upstream: bool,
    url: String,
    links: Links,
}

#[derive(Debug, Serialize)]
struct Links {
    content: String,
    content_direct_temporary: String,
}

impl<'a> Resource<'a> {
    /// `is_form` is how it came; of one that is fetched nobody asks.
    pub(super) fn of(fronts: &Fronts, record: &'a MediaRecord, is_form: bool) -> Self {
        let (brought, said) = (&record.brought, record.said.as_ref());
        let url = url(fronts, record);
        let created = time::iso(record.created);
        Self {
            sid: &brought.media.sid,
            account_sid: &brought.account,
            service_sid: &brought.service,
            channel_sid: said.map(|said| &said.channel),
            message_sid: said.map(|said| &said.message),
            author: brought.owner.as_ref(),
            category: "media",
            content_type: &brought.media.content_type,
            filename: brought.media.filename.as_deref(),
            size: brought.media.size_bytes,
            date_created: created.clone(),
            date_updated: created.clone(),
            date_upload_updated: created,
            is_multipart_upstream: is_form,
            links: Links {
                content: format!("{url}/Content"),
                content_direct_temporary: link(fronts, record),
            },
            url,
        }
    }
}

/// `GET /media/v1/Services/IS…/Media/ME…`
pub(crate) async fn fetch(
    State(fronts): State<Fronts>,
    Path((service, sid)): Path<(String, String)>,
    Asking(asker): Asking,
) -> Answer {
    let record = find(&fronts, &asker, &sid).await?;
    let record = in_service(record, &service, &sid)?;
    Ok(answer::json(StatusCode::OK, &Resource::of(&fronts, &record, false)))
}

/// `GET /media/v1/Media/ME…/Link`: a link to the file for a while, for who knows the file from a
/// message alone.
pub(crate) async fn temporary(
    State(fronts): State<Fronts>,
    Path(sid): Path<String>,
    Asking(asker): Asking,
) -> Result<Response, RestAnswer> {
    let record = find(&fronts, &asker, &sid).await?;
    Ok(answer::json(StatusCode::OK, &MediaLink { url: link(&fronts, &record) }))
}

/// A file that they may have.
pub(super) async fn find(
    fronts: &Fronts,
    asker: &Asker,
    sid: &str,
) -> Result<MediaRecord, RestAnswer> {
    let record = match MediaSid::parse(sid) {
        Ok(sid) => fronts.app.media.find(asker, &sid).await?,
        Err(_) => None,
    };
    record.ok_or_else(|| absent(sid))
}

/// The file, if its address names the service it was brought to.
pub(super) fn in_service(
    record: MediaRecord,
    service: &str,
    sid: &str,
) -> Result<MediaRecord, RestAnswer> {
    let fits = record.brought.service.as_str() == service;
    Some(record).filter(|_| fits).ok_or_else(|| absent(sid))
}

/// 404, the same for what is not there, what was erased and what is not theirs.
pub(super) fn absent(sid: &str) -> RestAnswer {
    unknown("file", sid)
}

pub(super) fn no_service(service: &str) -> RestAnswer {
    unknown("service", service)
}

fn url(fronts: &Fronts, record: &MediaRecord) -> String {
    let brought = &record.brought;
    let origin = fronts.app.config.origin();
    format!("{origin}/media/v1/Services/{}/Media/{}", brought.service, brought.media.sid)
}

fn link(fronts: &Fronts, record: &MediaRecord) -> String {
    let signed = fronts.app.media.link(&record.brought.media.sid);
    format!(
        "{}/Content?expires={}&signature={}",
        url(fronts, record),
        signed.expires_seconds,
        signed.signature
    )
}
