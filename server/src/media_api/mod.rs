//! Files over HTTP, as the retired service's SDKs bring and fetch them.
//!
//! `POST …/Media` takes a file, raw or as a form's part ([`multipart`]), `GET …/Media/ME…` tells what
//! is known of one, and `GET …/Media/ME…/Content` is the file itself, by a token or by the signed
//! link that the answer holds. Whatever is in a file, a browser saves it and shows nothing of it.
//!
//! The shapes are those that `twilio-mcs-client@0.3.3:lib/media.js` reads, and who asks says so as
//! `lib/services/network.js` of it does: `X-Twilio-Token`.

mod asker;
mod body;
pub(crate) mod content;
mod disposition;
mod multipart;
pub(crate) mod resource;
pub(crate) mod upload;
