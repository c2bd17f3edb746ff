//! `frontdesk backup` and `frontdesk restore`: one file that holds everything but the files beside
//! messages, and back.

use std::{
    ffi::OsString,
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};

use super::{
    credentials::Credentials,
    folder::{Folder, write_private},
};
use crate::{
    config::Config,
    random::SystemRandom,
    storage::sqlite::{adopt, copy},
};

/// Writes a copy of everything to `file`, beside a server that may be running.
#[expect(clippy::print_stdout, reason = "this is the command's answer")]
pub(super) async fn backup(config: Config, file: &Path) -> anyhow::Result<()> {
    let folder = Folder::existing(&config.data)?;
    ensure!(!file.exists(), "there is a file {} already; it is left as it is", file.display());
    let credentials = match fs::read_to_string(folder.credentials()) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            let path = folder.credentials();
            return Err(error).with_context(|| format!("cannot read {}", path.display()));
        }
    };
    // Under its own name it is whole or not there, whatever is cut in between.
    let partial = beside(file, ".partial");
    remove(&partial)?;
    if let Err(error) = copy(&folder.database(), &partial, credentials.as_deref()).await {
        remove(&partial)?;
        return Err(error.into());
    }
    fs::rename(&partial, file).with_context(|| format!("cannot write {}", file.display()))?;
    sync_folder_of(file)?;
    println!("backup    {}", file.display());
    if folder.has_media() {
        println!("not in it {}: copy that folder too, after this", folder.media().display());
    }
    Ok(())
}

/// Puts a copy in the place of what the data folder holds. No server may run on it.
#[expect(clippy::print_stdout, reason = "this is the command's answer")]
pub(super) async fn restore(config: Config, file: &Path) -> anyhow::Result<()> {
    ensure!(file.is_file(), "there is no file {}", file.display());
    let folder = Folder::create(&config.data)?;
    let lock = folder.lock()?;
    let database = folder.database();
    let same = database.exists() && database.canonicalize()? == file.canonicalize()?;
    ensure!(!same, "{} is the data folder's own file", file.display());

    let incoming = beside(&database, ".restoring");
    clear(&incoming)?;
    // A file that was copied by hand may have its latest commits beside it.
    for (from, to) in with_log(file).iter().zip(with_log(&incoming)) {
        if from.exists() {
            copy_private(from, &to)?;
        }
    }
    let adopted = adopt(&incoming, &SystemRandom).await;
    let credentials = match adopted.with_context(|| format!("{} cannot be used", file.display())) {
        Ok(credentials) => credentials,
        Err(error) => {
            clear(&incoming)?;
            return Err(error);
        }
    };
    File::open(&incoming)?.sync_all()?;

    let kept = keep(&folder, credentials.is_some()).await?;
    fs::rename(&incoming, &database)
        .with_context(|| format!("cannot write {}", database.display()))?;
    if let Some(text) = &credentials {
        write_private(&folder.credentials(), text)?;
    }
    sync_folder_of(&database)?;
    drop(lock);
    println!("restored  {}", database.display());
    for path in kept {
        println!("kept      {}", path.display());
    }
    if Credentials::read(&folder.credentials())?.is_none() {
        println!("There is no credentials.json: the file did not hold one.");
    }
    Ok(())
}

/// Keeps what the folder holds under other names, and leaves the database where it is until
/// another takes its place.
async fn keep(folder: &Folder, credentials: bool) -> anyhow::Result<Vec<PathBuf>> {
    let database = folder.database();
    let mut kept = Vec::new();
    if database.exists() {
        // What is in the log comes into the file, if the file can still be used at all.
        if let Err(error) = folder.fold_log().await {
            tracing::warn!(%error, "the data that were here are kept as they are");
        }
        let aside = beside(&database, ".before-restore");
        clear(&aside)?;
        for (from, to) in with_log(&database).iter().zip(with_log(&aside)).skip(1) {
            if from.exists() {
                fs::rename(from, &to)
                    .with_context(|| format!("cannot move {} away", from.display()))?;
            }
        }
        remove(&beside(&database, "-shm"))?;
        // A second name for the same file where there is such a thing.
        if fs::hard_link(&database, &aside).is_err() {
            copy_private(&database, &aside)?;
        }
        kept.push(aside);
    }
    let path = folder.credentials();
    if credentials && path.exists() {
        let aside = beside(&path, ".before-restore");
        copy_private(&path, &aside)?;
        kept.push(aside);
    }
    Ok(kept)
}

/// The path with something at its end.
fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    name.into()
}

/// A database, and its write-ahead log.
fn with_log(path: &Path) -> [PathBuf; 2] {
    [path.to_owned(), beside(path, "-wal")]
}

/// Removes a database with all that SQLite keeps beside it.
fn clear(path: &Path) -> anyhow::Result<()> {
    for end in ["", "-wal", "-shm"] {
        remove(&beside(path, end))?;
    }
    Ok(())
}

fn remove(path: &Path) -> anyhow::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

fn copy_private(from: &Path, to: &Path) -> anyhow::Result<()> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let copied = File::open(from).and_then(|mut from| {
        let mut to = options.open(to)?;
        std::io::copy(&mut from, &mut to)?;
        to.sync_all()
    });
    copied.with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}

fn sync_folder_of(path: &Path) -> anyhow::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .with_context(|| format!("cannot write {}", folder.display()))?;
    }
    Ok(())
}
