//! The files of an installation: who may bring one, who may have it, and its end.

use std::{io, sync::Arc};

use bytes::Bytes;
use frontdesk_protocol::{
    Identity, Media, MediaSid, Millis, Stream,
    id::{AccountSid, ServiceSid},
};

use super::{
    link::{Links, Signed},
    name,
    sniff::{self, Sniffer},
    store::{Incoming, MediaStore, Stored},
};
use crate::{
    clock::Clock,
    limits::{AtOnce, Taken},
    random::Random,
    storage::{MediaQuota, MediaRecord, NewMedia, Party, PartyKind, Store, StoreError},
};

const DAY_MS: u64 = 24 * 3_600_000;
/// How many files one party brings at the same time.
const AT_ONCE: usize = 3;
/// How many files are dealt with in one go.
const BATCH: usize = 500;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Asker {
    /// Somebody with a token.
    Party(Party),
    /// Whoever has an account's own credentials.
    Account(AccountSid),
}

impl Asker {
    /// The account they are in.
    #[must_use]
    pub const fn account(&self) -> &AccountSid {
        match self {
            Self::Party(party) => &party.account,
            Self::Account(account) => account,
        }
    }

    /// Under which name; the account itself has none.
    #[must_use]
    pub const fn identity(&self) -> Option<&Identity> {
        match self {
            Self::Party(party) => Some(&party.identity),
            Self::Account(_) => None,
        }
    }
}

/// How much there may be, and of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes that one guest brings within a day.
    pub guest_bytes_per_day: u64,
    /// Bytes of an account in all.
    pub account_bytes: u64,
    /// The types that are taken.
    pub types: Vec<String>,
}

/// What somebody says of a file they bring. Nothing of it is believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claim {
    /// Its type.
    pub content_type: Option<String>,
    /// Its name.
    pub filename: Option<String>,
}

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// There is no such service of the account.
    #[error("no such service")]
    NoService,
    /// A guest who is in no chat has nobody to show a file to.
    #[error("not in a chat")]
    NotInAChat,
    /// They bring as many at once as they may; later it may be taken.
    #[error("too many at once")]
    TooManyAtOnce,
    /// Nothing is in it.
    #[error("the file is empty")]
    Empty,
    /// It is too long.
    #[error("the file is over {limit_bytes} bytes")]
    TooLong {
        /// The longest that is taken.
        limit_bytes: u64,
    },
    /// It is none of the types that are taken, or nobody can tell what it is.
    #[error("the file is {}", .found.unwrap_or("of a type that cannot be told"))]
    Type {
        /// What it is.
        found: Option<&'static str>,
    },
    /// They have brought as much as they may, or the account has no room.
    #[error("no room")]
    NoRoom,
    /// The disk failed.
    #[error("the disk failed: {0}")]
    Disk(#[from] io::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a library stands on.
#[derive(Clone)]
pub struct Parts {
    /// The books.
    pub store: Arc<dyn Store>,
    /// The bytes.
    pub files: Arc<dyn MediaStore>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bits.
    pub random: Arc<dyn Random>,
    /// What opens a file without a token.
    pub links: Links,
}

/// All files. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct Library {
    parts: Parts,
    limits: Arc<Limits>,
    under_way: AtOnce<Asker>,
}

impl std::fmt::Debug for Library {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Library").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Library {
    /// A library of these parts.
    #[must_use]
    pub fn new(parts: Parts, limits: Limits) -> Self {
        Self { parts, limits: Arc::new(limits), under_way: AtOnce::new(AT_ONCE) }
    }

    /// How much there may be.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Begins to take a file. What can be refused before its first byte is.
    ///
    /// # Errors
    /// [`MediaError`].
    pub async fn begin(
        &self,
        asker: &Asker,
        service: &ServiceSid,
        claim: Claim,
    ) -> Result<Upload, MediaError> {
        let store = &self.parts.store;
        let known = store.service(service).await?;
        if known.is_none_or(|known| known.service.account != *asker.account()) {
            return Err(MediaError::NoService);
        }
        if let Asker::Party(Party { identity, kind: PartyKind::Guest, .. }) = asker {
            // A token costs nothing, and a chat has a rate.
            if store.memberships(service, identity, 0, 1).await?.is_empty() {
                return Err(MediaError::NotInAChat);
            }
        }
        let taken = self.under_way.take(asker.clone()).ok_or(MediaError::TooManyAtOnce)?;
        let quota = self.quota(asker);
        if store.media_bytes(asker.account()).await? >= quota.account_bytes {
            return Err(MediaError::NoRoom);
        }
        if let (Some((since, most)), Some(identity)) = (quota.owner_bytes, asker.identity())
            && store.media_bytes_of(asker.account(), identity, since).await? >= most
        {
            return Err(MediaError::NoRoom);
        }
        Ok(Upload {
            library: self.clone(),
            asker: asker.clone(),
            service: service.clone(),
            claim,
            incoming: self.parts.files.begin().await?,
            sniffer: Sniffer::default(),
            size_bytes: 0,
            _taken: taken,
        })
    }

    fn quota(&self, asker: &Asker) -> MediaQuota {
        let since = Millis(self.parts.clock.now().0.saturating_sub(DAY_MS));
        let owner_bytes = match asker {
            Asker::Party(Party { kind: PartyKind::Guest, .. }) => {
                Some((since, self.limits.guest_bytes_per_day))
            }
            Asker::Party(Party { kind: PartyKind::Agent, .. }) | Asker::Account(_) => None,
        };
        MediaQuota { account_bytes: self.limits.account_bytes, owner_bytes }
    }

    /// A file, if they may have it: they brought it, they may read the channel it was said in, or
    /// the account is theirs. To anybody else it is not there.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    pub async fn find(
        &self,
        asker: &Asker,
        sid: &MediaSid,
    ) -> Result<Option<MediaRecord>, StoreError> {
        let Some(record) = self.look_up(sid).await? else { return Ok(None) };
        if record.brought.account != *asker.account() {
            return Ok(None);
        }
        let may = match asker {
            Asker::Account(_) => true,
            Asker::Party(party) if record.brought.owner.as_ref() == Some(&party.identity) => true,
            Asker::Party(party) => match &record.said {
                Some(said) => {
                    let stream = Stream::Channel(said.channel.clone());
                    self.parts.store.access(&stream, party).await?.can_read()
                }
                None => false,
            },
        };
        Ok(Some(record).filter(|_| may))
    }

    /// A file, for whoever has a link to it that was looked at.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    pub async fn look_up(&self, sid: &MediaSid) -> Result<Option<MediaRecord>, StoreError> {
        self.parts.store.media(sid).await
    }

    /// The bytes of a file; `None` if they are not there, as after a restore without them.
    ///
    /// # Errors
    /// The disk failed.
    pub async fn read(&self, sid: &MediaSid) -> io::Result<Option<Stored>> {
        self.parts.files.read(sid).await
    }

    /// What makes an address open this file for a while.
    #[must_use]
    pub fn link(&self, sid: &MediaSid) -> Signed {
        self.parts.links.sign(sid, self.parts.clock.now())
    }

    /// Whether a link opens this file now.
    #[must_use]
    pub fn opens(&self, sid: &MediaSid, link: &Signed) -> bool {
        self.parts.links.opens(sid, link, self.parts.clock.now())
    }

    /// Takes what was erased off the disk.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed. What the disk did not let go of stays in the books, for
    /// the next time.
    pub async fn clear_erased(&self) -> Result<(), StoreError> {
        loop {
            let erased = self.parts.store.erased_media(BATCH).await?;
            let mut gone = Vec::with_capacity(erased.len());
            for sid in &erased {
                match self.parts.files.remove(sid).await {
                    Ok(()) => gone.push(sid.clone()),
                    Err(error) => tracing::error!(%error, %sid, "an erased file is still there"),
                }
            }
            let is_stuck = gone.is_empty();
            if !is_stuck {
                self.parts.store.forget_erased_media(gone).await?;
            }
            if is_stuck || erased.len() < BATCH {
                return Ok(());
            }
        }
    }

    /// Looks for what has no purpose: files that were never said for a day, and files that are in no
    /// book, which a kill between disk and store left.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    pub async fn sweep(&self) -> Result<(), StoreError> {
        let before = Millis(self.parts.clock.now().0.saturating_sub(DAY_MS));
        self.parts.store.erase_unsaid_media(before).await?;
        self.clear_erased().await?;
        // A day old: none of them is on its way into the books.
        let files = match self.parts.files.older_than(before).await {
            Ok(files) => files,
            Err(error) => {
                tracing::error!(%error, "the folder of files cannot be looked through");
                return Ok(());
            }
        };
        for some in files.chunks(BATCH) {
            let known = self.parts.store.known_media(some).await?;
            for sid in some.iter().filter(|sid| !known.contains(sid)) {
                tracing::info!(%sid, "a file is in no book and is removed");
                if let Err(error) = self.parts.files.remove(sid).await {
                    tracing::error!(%error, %sid, "a file cannot be removed");
                }
            }
        }
        Ok(())
    }
}

/// A file on its way in. One that is dropped is forgotten.
pub struct Upload {
    library: Library,
    asker: Asker,
    service: ServiceSid,
    claim: Claim,
    incoming: Box<dyn Incoming>,
    sniffer: Sniffer,
    size_bytes: u64,
    _taken: Taken<Asker>,
}

impl Upload {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`MediaError::TooLong`], [`MediaError::Disk`].
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), MediaError> {
        let limit_bytes = self.library.limits.file_bytes;
        self.size_bytes += bytes.len() as u64;
        if self.size_bytes > limit_bytes {
            return Err(MediaError::TooLong { limit_bytes });
        }
        self.sniffer.look(&bytes);
        Ok(self.incoming.write(bytes).await?)
    }

    /// That was all of it: it is durable and in the books when this returns.
    ///
    /// # Errors
    /// [`MediaError`]; nothing of it is kept.
    pub async fn finish(self) -> Result<MediaRecord, MediaError> {
        let Self { library, asker, service, claim, incoming, sniffer, size_bytes, _taken } = self;
        if size_bytes == 0 {
            return Err(MediaError::Empty);
        }
        let found = sniffer.finish(claim.content_type.as_deref());
        let is_taken = |kind: &&str| library.limits.types.iter().any(|taken| taken == kind);
        let kind = found.filter(is_taken).ok_or(MediaError::Type { found })?;
        let endings = sniff::endings(kind);
        let media = Media {
            sid: MediaSid::from_bits(library.parts.random.bits()),
            content_type: kind.into(),
            filename: claim.filename.and_then(|given| name::clean(&given, &endings)),
            size_bytes,
        };
        let (sid, quota) = (media.sid.clone(), library.quota(&asker));
        incoming.keep(&sid).await?;
        let brought = NewMedia {
            media,
            account: asker.account().clone(),
            service,
            owner: asker.identity().cloned(),
        };
        let store = &library.parts.store;
        if !store.put_media(brought, quota).await? {
            library.parts.files.remove(&sid).await?;
            return Err(MediaError::NoRoom);
        }
        let record = store.media(&sid).await?;
        record.ok_or_else(|| StoreError::Corrupt("a file that was put is not there".into()).into())
    }
}
