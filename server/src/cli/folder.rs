//! The data folder: one server at a time, readable by its owner alone.

use std::{
    fs::{File, TryLockError},
    io::{Read, Seek, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, bail};

use crate::{
    clock::SystemClock,
    random::{Random, SystemRandom},
    storage::{
        Feed, Streams,
        sqlite::{SqliteStore, migrate, settle},
    },
};

/// A data folder.
#[derive(Debug, Clone)]
pub(super) struct Folder(PathBuf);

/// Held as long as the server runs; the system lets go of it even if the process is killed. In it
/// stands which database was opened here last.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Lock {
    fn read(&self) -> std::io::Result<String> {
        let (mut file, mut text) = (&self.0, String::new());
        file.rewind()?;
        file.take(1_024).read_to_string(&mut text)?;
        Ok(text)
    }

    fn write(&self, text: &str) -> std::io::Result<()> {
        let mut file = &self.0;
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    }
}

impl Folder {
    /// The folder, which is made if it is not there.
    pub(super) fn create(path: &Path) -> anyhow::Result<Self> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .create(path)
            .with_context(|| format!("cannot make the data folder {}", path.display()))?;
        Ok(Self(path.to_owned()))
    }

    /// The folder of a server that was started before.
    pub(super) fn existing(path: &Path) -> anyhow::Result<Self> {
        let folder = Self(path.to_owned());
        if !folder.database().exists() {
            bail!(
                "there is no Frontdesk data in {}; start the server once, or name the folder with --data",
                path.display()
            );
        }
        Ok(folder)
    }

    pub(super) fn database(&self) -> PathBuf {
        self.0.join("frontdesk.db")
    }

    pub(super) fn credentials(&self) -> PathBuf {
        self.0.join("credentials.json")
    }

    /// Files beside messages.
    pub(super) fn media(&self) -> PathBuf {
        self.0.join("media")
    }

    /// Whether there are any.
    pub(super) fn has_media(&self) -> bool {
        let entries = std::fs::read_dir(self.media()).into_iter().flatten().flatten();
        entries.into_iter().any(|entry| entry.file_name() != "incoming")
    }

    /// Makes this process the only server on the folder.
    pub(super) fn lock(&self) -> anyhow::Result<Lock> {
        let path = self.0.join("lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .with_context(|| format!("cannot open {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => bail!(
                "another Frontdesk server runs on the data folder {}; stop it, or name another \
                 folder with --data",
                self.0.display()
            ),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("cannot lock {}", path.display()))
            }
        }
    }

    /// Opens the store, bringing the data to this program's version first. Data that were not
    /// opened here last were copied here, and get a new epoch.
    pub(super) async fn open(&self, lock: &Lock) -> anyhow::Result<(SqliteStore, Feed)> {
        let path = self.database();
        let was = migrate(&path, &SystemRandom).await?;
        tracing::debug!(was, "the data are of this program's version");
        let cannot = || format!("cannot write the lock of {}", self.0.display());
        let last = lock.read().with_context(cannot)?;
        // The number changes with each opening, so that an older state of the same file is seen,
        // and the file's own marks with each copy.
        let file = file_marks(&path);
        let next = format!("{:032x} {file}", SystemRandom.bits());
        let here = last.split_once(' ').filter(|(_, marks)| *marks == file);
        let last = here.map(|_| last.as_str());
        let moved = settle(&path, last, &next, &SystemRandom).await?;
        lock.write(&next).with_context(cannot)?;
        if moved && was > 0 {
            tracing::warn!(
                "these data were not opened here last: clients take a fresh picture of every chat"
            );
        }
        Ok(SqliteStore::open(&path, Arc::new(SystemClock)).await?)
    }

    /// Moves what is in the write-ahead log into the file. No server runs.
    pub(super) async fn fold_log(&self) -> anyhow::Result<()> {
        // The last one who closes the file does it.
        self.open_beside().await?.close().await;
        Ok(())
    }

    /// Opens the store beside a server that may be running.
    pub(super) async fn open_beside(&self) -> anyhow::Result<SqliteStore> {
        let (store, _feed) = SqliteStore::open(&self.database(), Arc::new(SystemClock)).await?;
        Ok(store)
    }
}

/// What a copy of the file would have otherwise, as far as the system tells.
fn file_marks(path: &Path) -> String {
    let Ok(file) = std::fs::metadata(path) else { return String::new() };
    #[cfg(unix)]
    let number = std::os::unix::fs::MetadataExt::ino(&file);
    #[cfg(not(unix))]
    let number = 0;
    let made = file.created().ok();
    let made = made.and_then(|made| made.duration_since(std::time::UNIX_EPOCH).ok());
    format!("{number} {}", made.unwrap_or_default().as_nanos())
}

/// Writes a file that only its owner may read: all of it or nothing, whatever is cut in between.
/// Who owned it before owns it after, so that the server can read what root has changed.
pub(super) fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let temporary = path.with_extension("tmp");
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary)?;
    #[cfg(unix)]
    if let Ok(before) = std::fs::metadata(path) {
        use std::os::unix::fs::{MetadataExt as _, fchown};
        if before.uid() != file.metadata()?.uid() {
            fchown(&file, Some(before.uid()), Some(before.gid()))?;
        }
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&temporary, path)?;
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
