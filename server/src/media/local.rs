//! Files in a folder of this machine.
//!
//! ```text
//! media/incoming/7          on its way in, from this start of the server
//! media/3f/a0/ME3fa0…       kept
//! ```
//!
//! A file is written to `incoming`, brought to the disk and then renamed, so that under its SID it is
//! whole or not there, whatever is killed in between. Folders are their owner's alone (0700), and so
//! are files (0600).

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::UNIX_EPOCH,
};

use async_trait::async_trait;
use bytes::Bytes;
use frontdesk_protocol::{MediaSid, Millis};

use super::store::{Incoming, MediaStore, Outgoing, Stored};

/// Bytes of one piece on its way out.
const PIECE_BYTES: usize = 65_536;

/// A folder of files.
#[derive(Debug)]
pub struct LocalMedia {
    root: Arc<Path>,
    last: AtomicU64,
}

impl LocalMedia {
    /// The folder, which is made with its first file. What a killed server left on its way in is
    /// removed: no other server may run on the folder.
    ///
    /// # Errors
    /// The folder cannot be read or written.
    pub fn open(root: &Path) -> io::Result<Self> {
        for left in entries(&root.join("incoming"))? {
            fs::remove_file(left.path())?;
        }
        Ok(Self { root: root.into(), last: AtomicU64::new(0) })
    }
}

#[async_trait]
impl MediaStore for LocalMedia {
    async fn begin(&self) -> io::Result<Box<dyn Incoming>> {
        let n = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let (root, path) = (self.root.clone(), self.root.join("incoming").join(n.to_string()));
        let opened = {
            let path = path.clone();
            blocking(move || {
                make_folder(path.parent().ok_or(io::ErrorKind::NotFound)?)?;
                let mut options = File::options();
                options.write(true).create_new(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                options.open(path)
            })
            .await?
        };
        let partial = Some(Partial(path));
        Ok(Box::new(LocalIncoming { root, file: Arc::new(opened), partial }))
    }

    async fn read(&self, sid: &MediaSid) -> io::Result<Option<Stored>> {
        let path = place(&self.root, sid);
        let opened = blocking(move || match File::open(path) {
            Ok(file) => file.metadata().map(|known| Some((file, known.len()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        });
        Ok(opened.await?.map(|(file, size_bytes)| Stored {
            size_bytes,
            file: Box::new(LocalOutgoing(Arc::new(file))),
        }))
    }

    async fn remove(&self, sid: &MediaSid) -> io::Result<()> {
        let path = place(&self.root, sid);
        blocking(move || match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        })
        .await
    }

    async fn older_than(&self, before: Millis) -> io::Result<Vec<MediaSid>> {
        let root = self.root.clone();
        blocking(move || {
            let mut found = Vec::new();
            for first in folders(&root)? {
                for second in folders(&first)? {
                    for file in entries(&second)? {
                        let name = file.file_name();
                        // What is not ours is left alone.
                        let Some(sid) = name.to_str().and_then(|name| MediaSid::parse(name).ok())
                        else {
                            continue;
                        };
                        let since = file.metadata()?.modified()?.duration_since(UNIX_EPOCH);
                        let ms = since.map_or(0, |since| since.as_millis());
                        if ms < u128::from(before.0) {
                            found.push(sid);
                        }
                    }
                }
            }
            Ok(found)
        })
        .await
    }
}

/// The path of a file that is not kept; it goes with it.
struct Partial(PathBuf);

impl Drop for Partial {
    fn drop(&mut self) {
        // What cannot be removed now is removed at the next start.
        let _ = fs::remove_file(&self.0);
    }
}

struct LocalIncoming {
    root: Arc<Path>,
    file: Arc<File>,
    partial: Option<Partial>,
}

#[async_trait]
impl Incoming for LocalIncoming {
    async fn write(&mut self, bytes: Bytes) -> io::Result<()> {
        let file = self.file.clone();
        blocking(move || (&*file).write_all(&bytes)).await
    }

    async fn keep(mut self: Box<Self>, sid: &MediaSid) -> io::Result<()> {
        let (root, path, file) = (self.root.clone(), place(&self.root, sid), self.file.clone());
        let partial = self.partial.take();
        blocking(move || {
            let partial = partial.ok_or(io::ErrorKind::NotFound)?;
            file.sync_all()?;
            let second = path.parent().ok_or(io::ErrorKind::NotFound)?;
            let first = second.parent().ok_or(io::ErrorKind::NotFound)?;
            make_folder(second)?;
            fs::rename(&partial.0, &path)?;
            // Its name is as durable as its bytes.
            for folder in [second, first, &root] {
                sync_folder(folder)?;
            }
            Ok(())
        })
        .await
    }
}

struct LocalOutgoing(Arc<File>);

#[async_trait]
impl Outgoing for LocalOutgoing {
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        let file = self.0.clone();
        blocking(move || {
            let mut piece = vec![0; PIECE_BYTES];
            let length = (&*file).read(&mut piece)?;
            piece.truncate(length);
            Ok((length > 0).then(|| piece.into()))
        })
        .await
    }
}

/// Where a file is kept: no folder gets many.
fn place(root: &Path, sid: &MediaSid) -> PathBuf {
    let text = sid.as_str();
    root.join(&text[2..4]).join(&text[4..6]).join(text)
}

/// The folders in a folder that hold files of ours.
fn folders(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in entries(path)? {
        if entry.file_type()?.is_dir() && entry.file_name().len() == 2 {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// What is in a folder; nothing if it is not there.
fn entries(path: &Path) -> io::Result<Vec<fs::DirEntry>> {
    match fs::read_dir(path) {
        Ok(entries) => entries.collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(path)?.sync_all()?;
    Ok(())
}

/// Does what waits for the disk where waiting holds nobody up.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(path: &Path) -> Vec<String> {
        let all = fs::read_dir(path).unwrap();
        all.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    async fn bring(media: &LocalMedia, pieces: &[&'static str]) -> Box<dyn Incoming> {
        let mut incoming = media.begin().await.unwrap();
        for piece in pieces {
            incoming.write(Bytes::from_static(piece.as_bytes())).await.unwrap();
        }
        incoming
    }

    async fn all(media: &LocalMedia, sid: &MediaSid) -> Option<(u64, Vec<u8>)> {
        let mut stored = media.read(sid).await.unwrap()?;
        let mut bytes = Vec::new();
        while let Some(piece) = stored.file.next().await.unwrap() {
            bytes.extend_from_slice(&piece);
        }
        Some((stored.size_bytes, bytes))
    }

    #[tokio::test]
    async fn a_file_is_there_when_it_is_kept_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let media = LocalMedia::open(folder.path()).unwrap();
        let sid = MediaSid::from_bits(7);
        let incoming = bring(&media, &["Hello, ", "world"]).await;
        assert_eq!(all(&media, &sid).await, None);
        incoming.keep(&sid).await.unwrap();
        assert_eq!(all(&media, &sid).await, Some((12, b"Hello, world".to_vec())));
        media.remove(&sid).await.unwrap();
        media.remove(&sid).await.unwrap();
        assert_eq!(all(&media, &sid).await, None);
    }

    #[tokio::test]
    async fn what_is_given_up_on_its_way_in_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let media = LocalMedia::open(folder.path()).unwrap();
        let incoming = bring(&media, &["Hello"]).await;
        assert_eq!(names(&folder.path().join("incoming")).len(), 1);
        drop(incoming);
        assert!(names(&folder.path().join("incoming")).is_empty());
    }

    #[tokio::test]
    async fn what_a_kill_left_on_its_way_in_is_gone_after_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let media = LocalMedia::open(folder.path()).unwrap();
        let kept = MediaSid::from_bits(7);
        bring(&media, &["kept"]).await.keep(&kept).await.unwrap();
        // As a killed process leaves it: nothing is dropped.
        std::mem::forget(bring(&media, &["half of"]).await);
        let again = LocalMedia::open(folder.path()).unwrap();
        assert!(names(&folder.path().join("incoming")).is_empty());
        assert!(all(&again, &kept).await.is_some());
        bring(&again, &["more"]).await.keep(&MediaSid::from_bits(8)).await.unwrap();
    }

    #[tokio::test]
    async fn old_files_are_found_and_what_is_not_ours_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let media = LocalMedia::open(folder.path()).unwrap();
        let (old, young) = (MediaSid::from_bits(1), MediaSid::from_bits(2 << 120));
        for (sid, seconds) in [(&old, 1_000), (&young, 2_000)] {
            bring(&media, &["x"]).await.keep(sid).await.unwrap();
            let file = File::options().write(true).open(place(folder.path(), sid)).unwrap();
            file.set_modified(UNIX_EPOCH + std::time::Duration::from_secs(seconds)).unwrap();
        }
        fs::write(folder.path().join("README"), "not ours").unwrap();
        fs::write(place(folder.path(), &old).with_file_name("notes"), "not ours").unwrap();
        assert_eq!(media.older_than(Millis(2_000_000)).await.unwrap(), [old]);
        assert_eq!(media.older_than(Millis(2_000_001)).await.unwrap().len(), 2);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn only_the_owner_can_read_the_files() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("media");
        let media = LocalMedia::open(&root).unwrap();
        let sid = MediaSid::from_bits(7);
        bring(&media, &["x"]).await.keep(&sid).await.unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let file = place(&root, &sid);
        assert_eq!(mode(&file), 0o600);
        for path in [file.parent().unwrap(), file.parent().unwrap().parent().unwrap(), &root] {
            assert_eq!(mode(path), 0o700, "{}", path.display());
        }
    }
}
