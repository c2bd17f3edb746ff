//! The data folder: one server at a time, readable by its owner alone.

use std::{
    fs::{File, TryLockError},
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, bail};

use crate::{
    clock::SystemClock,
    random::SystemRandom,
    storage::{
        Feed,
        sqlite::{SqliteStore, migrate},
    },
};

/// A data folder.
#[derive(Debug, Clone)]
pub(super) struct Folder(PathBuf);

/// Held as long as the server runs; the system lets go of it even if the process is killed.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "it is held, not read")] File);

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

    /// Makes this process the only server on the folder.
    pub(super) fn lock(&self) -> anyhow::Result<Lock> {
        let path = self.0.join("lock");
        let file = File::options()
            .create(true)
            .truncate(false)
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

    /// Opens the store, bringing the data to this program's version first.
    pub(super) async fn open(&self, _lock: &Lock) -> anyhow::Result<(SqliteStore, Feed)> {
        let path = self.database();
        let was = migrate(&path, &SystemRandom).await?;
        tracing::debug!(was, "the data are of this program's version");
        Ok(SqliteStore::open(&path, Arc::new(SystemClock)).await?)
    }

    /// Opens the store beside a server that may be running.
    pub(super) async fn open_beside(&self) -> anyhow::Result<SqliteStore> {
        let (store, _feed) = SqliteStore::open(&self.database(), Arc::new(SystemClock)).await?;
        Ok(store)
    }
}

/// Writes a file that only its owner may read: all of it or nothing, whatever is cut in between.
pub(super) fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let temporary = path.with_extension("tmp");
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&temporary, path)?;
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
