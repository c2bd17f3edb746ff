//! What the disk can do: the floor under every durable acknowledgement.

use std::{fs::File, io::Write, path::Path};

use anyhow::Result;
use tokio::time::Instant;

/// Median milliseconds of appending 4 KiB and flushing them to disk.
///
/// # Errors
/// The file could not be written.
pub(crate) fn fdatasync_ms(folder: &Path) -> Result<f64> {
    let mut file = File::create(folder.join("fdatasync"))?;
    let mut took = Vec::new();
    for _ in 0..200 {
        let began = Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        took.push(began.elapsed());
    }
    took.sort_unstable();
    Ok(took[took.len() / 2].as_secs_f64() * 1_000.0)
}
