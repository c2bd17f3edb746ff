//! `POST /media/v1/Services/IS…/Media`: a file comes in.

use axum::extract::{Path, Request, State};
use frontdesk_protocol::id::ServiceSid;
use http::{StatusCode, header};

use super::{
    asker::Asking,
    body::Pieces,
    multipart::{Piece, Splitter},
    resource::{self, Resource},
};
use crate::{
    http::{
        Fronts,
        answer::{self, RestAnswer},
    },
    media::{Asker, Claim, MediaError, Upload},
    rest::Answer,
    storage::MediaRecord,
};

/// What a form has beside its file: headers and boundaries.
const FORM_BYTES: u64 = 65_536;

/// Takes a file: the body itself, or the one file of a form.
pub(crate) async fn create(
    State(fronts): State<Fronts>,
    Path(service): Path<String>,
    Asking(asker): Asking,
    request: Request,
) -> Answer {
    let (parts, body) = request.into_parts();
    let service = ServiceSid::parse(&service).map_err(|_| resource::no_service(&service))?;
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let clock = || fronts.monotonic();
    let mut pieces = Pieces::of(body, &clock);
    let splitter = kind.and_then(Splitter::of);
    let is_form = splitter.is_some();
    let coming = Coming { fronts: &fronts, asker: &asker, service: &service };
    let limit_bytes = fronts.app.media.limits().file_bytes;
    let taken = if pieces.is_over(limit_bytes + if is_form { FORM_BYTES } else { 0 }) {
        Err(refused(&fronts, MediaError::TooLong { limit_bytes }))
    } else if let Some(splitter) = splitter {
        coming.form(&mut pieces, splitter).await
    } else {
        coming.raw(&mut pieces, kind).await
    };
    let record = match taken {
        Ok(record) => record,
        Err(answer) => {
            pieces.drain().await;
            return Err(answer);
        }
    };
    let shown = Resource::of(&fronts, &record, is_form);
    Ok(answer::json(StatusCode::CREATED, &shown))
}

/// Whose file, and where to.
struct Coming<'a> {
    fronts: &'a Fronts,
    asker: &'a Asker,
    service: &'a ServiceSid,
}

impl Coming<'_> {
    async fn begin(&self, claim: Claim) -> Result<Upload, RestAnswer> {
        let begun = self.fronts.app.media.begin(self.asker, self.service, claim).await;
        begun.map_err(|error| self.refused(error))
    }

    async fn raw(
        &self,
        pieces: &mut Pieces<'_>,
        kind: Option<&str>,
    ) -> Result<MediaRecord, RestAnswer> {
        let claim = Claim { content_type: kind.map(Into::into), filename: None };
        let mut upload = self.begin(claim).await?;
        while let Some(bytes) = pieces.next().await? {
            upload.write(bytes).await.map_err(|error| self.refused(error))?;
        }
        upload.finish().await.map_err(|error| self.refused(error))
    }

    /// The first part with a name of a file is the file. Other fields are not looked at, and a second
    /// file is refused: nobody would know where it went.
    async fn form(
        &self,
        pieces: &mut Pieces<'_>,
        mut splitter: Splitter,
    ) -> Result<MediaRecord, RestAnswer> {
        let (mut upload, mut is_whole, mut is_ours) = (None::<Upload>, false, false);
        while let Some(bytes) = pieces.next().await? {
            let split = splitter.feed(&bytes);
            for piece in split.map_err(|error| RestAnswer::bad_request(error.to_string()))? {
                match piece {
                    Piece::Part(part) => {
                        is_ours = part.filename.is_some();
                        if is_ours && upload.is_some() {
                            return Err(RestAnswer::bad_request("give one file at a time"));
                        }
                        if is_ours {
                            let (content_type, filename) = (part.content_type, part.filename);
                            upload = Some(self.begin(Claim { content_type, filename }).await?);
                        }
                    }
                    Piece::Data(data) => {
                        if let Some(upload) = upload.as_mut().filter(|_| is_ours) {
                            upload.write(data).await.map_err(|error| self.refused(error))?;
                        }
                    }
                    Piece::End => is_whole |= is_ours,
                }
            }
        }
        if !splitter.is_complete() {
            return Err(RestAnswer::bad_request("the body broke off"));
        }
        match upload.filter(|_| is_whole) {
            Some(upload) => upload.finish().await.map_err(|error| self.refused(error)),
            None => Err(RestAnswer::bad_request("the form has no file")),
        }
    }

    fn refused(&self, error: MediaError) -> RestAnswer {
        if matches!(error, MediaError::NoService) {
            return resource::no_service(self.service.as_str());
        }
        refused(self.fronts, error)
    }
}

fn refused(fronts: &Fronts, error: MediaError) -> RestAnswer {
    match error {
        MediaError::NoService => RestAnswer::not_found("there is no such service"),
        MediaError::NotInAChat => {
            RestAnswer::forbidden("a guest who is in no chat of the service cannot bring a file")
        }
        MediaError::TooManyAtOnce => {
            RestAnswer::too_many("three files at once are on their way already", 1_000)
        }
        MediaError::Empty => RestAnswer::bad_request("the file is empty"),
        MediaError::TooLong { limit_bytes } => {
            RestAnswer::too_large(usize::try_from(limit_bytes).unwrap_or(usize::MAX))
        }
        MediaError::Type { found } => {
            let taken = fronts.app.media.limits().types.join(", ");
            let found =
                found.unwrap_or("of a type that cannot be told, or not what it is said to be");
            RestAnswer::unsupported(format!("the file is {found}; taken are {taken}"))
        }
        MediaError::NoRoom => RestAnswer::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            answer::TOO_LARGE,
            "there is no more room for files, of this guest within a day or of the account",
        ),
        MediaError::Disk(error) => {
            tracing::error!(%error, "a file could not be kept");
            RestAnswer::unavailable("the file cannot be kept now; try again", 5)
        }
        MediaError::Store(error) => error.into(),
    }
}
