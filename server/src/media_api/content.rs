//! `GET /media/v1/Services/IS…/Media/ME…/Content`: the file itself.
//!
//! It is always something to be saved: whatever is in it, no browser may take it for a page of this
//! server, and nothing on its way may keep it.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::Body,
    extract::{FromRequestParts as _, Path, Request, State},
    response::Response,
};
use bytes::Bytes;
use frontdesk_protocol::{Media, MediaSid};
use http::{HeaderName, HeaderValue, header};
use http_body::{Frame, SizeHint};
use tokio::sync::mpsc;

use super::{asker::Asking, disposition, resource};
use crate::{
    http::{Fronts, answer::RestAnswer},
    media::{self, Signed, Stored},
    rest::Answer,
    storage::MediaRecord,
};

/// How many pieces wait for who reads them.
const AHEAD: usize = 2;

/// The file, by a link that is good now or for who may have it.
pub(crate) async fn fetch(
    State(fronts): State<Fronts>,
    Path((service, sid)): Path<(String, String)>,
    request: Request,
) -> Answer {
    let record = match signed(request.uri().query().unwrap_or_default()) {
        Some(link) => linked(&fronts, &sid, &link).await?,
        None => {
            let (mut parts, _) = request.into_parts();
            let Asking(asker) = Asking::from_request_parts(&mut parts, &fronts).await?;
            resource::find(&fronts, &asker, &sid).await?
        }
    };
    let media = resource::in_service(record, &service, &sid)?.brought.media;
    match fronts.app.media.read(&media.sid).await {
        Ok(Some(stored)) => Ok(answer(&media, stored)),
        Ok(None) => {
            tracing::warn!(sid = %media.sid, "a file is in the books and not on the disk");
            Err(resource::absent(&sid))
        }
        Err(error) => {
            tracing::error!(%error, sid = %media.sid, "a file cannot be read");
            Err(RestAnswer::unavailable("the file cannot be read now; try again", 5))
        }
    }
}

async fn linked(fronts: &Fronts, sid: &str, link: &Signed) -> Result<MediaRecord, RestAnswer> {
    let found = match MediaSid::parse(sid) {
        Ok(sid) if fronts.app.media.opens(&sid, link) => fronts.app.media.look_up(&sid).await?,
        Ok(_) | Err(_) => None,
    };
    found.ok_or_else(|| resource::absent(sid))
}

/// The link in an address; one that is not whole is one that opens nothing.
fn signed(query: &str) -> Option<Signed> {
    let find = |wanted: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    };
    let signature = find("signature")?;
    let expires_seconds = find("expires").and_then(|text| text.parse().ok()).unwrap_or(0);
    Some(Signed { expires_seconds, signature })
}

fn answer(media: &Media, stored: Stored) -> Response {
    let fallback = || {
        let ending = media::extension(&media.content_type).unwrap_or("bin");
        format!("{}.{ending}", media.sid)
    };
    let name = media.filename.clone().unwrap_or_else(fallback);
    let mut response = Response::new(Body::new(FileBody::of(stored)));
    let kind = HeaderValue::try_from(media.content_type.as_str());
    let headers = response.headers_mut();
    for (name, value) in [
        (
            header::CONTENT_TYPE,
            kind.unwrap_or(HeaderValue::from_static("application/octet-stream")),
        ),
        (header::CONTENT_DISPOSITION, disposition::attachment(&name)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'"),
        ),
        // Pages with the retired service's widget show pictures by their links.
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("cross-origin"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ] {
        headers.insert(name, value);
    }
    response
}

/// A file as a body: read ahead by a piece or two, and no further than somebody takes it.
struct FileBody {
    pieces: mpsc::Receiver<io::Result<Bytes>>,
    left_bytes: u64,
}

impl FileBody {
    fn of(mut stored: Stored) -> Self {
        let (sender, pieces) = mpsc::channel(AHEAD);
        let left_bytes = stored.size_bytes;
        tokio::spawn(async move {
            loop {
                let Some(piece) = stored.file.next().await.transpose() else { return };
                let is_end = piece.is_err();
                // Nobody reads any more: the connection is gone.
                if sender.send(piece).await.is_err() || is_end {
                    return;
                }
            }
        });
        Self { pieces, left_bytes }
    }
}

impl http_body::Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        self.pieces.poll_recv(context).map(|piece| {
            piece.map(|piece| {
                let piece = piece?;
                self.left_bytes = self.left_bytes.saturating_sub(piece.len() as u64);
                Ok(Frame::data(piece))
            })
        })
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left_bytes)
    }
}
