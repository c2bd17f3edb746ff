//! Brotli at its best, once at build time, so that the server only has to send.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;

/// The content compressed with brotli at quality 11.
///
/// # Errors
/// None in practice: it writes to memory.
pub(crate) fn brotli_11(bytes: &[u8]) -> Result<Vec<u8>> {
    let params = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &params)?;
    Ok(compressed)
}

/// Writes `bytes` to `file`, and compressed beside it as `file.br`.
pub(super) fn write_both(file: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(file, bytes).with_context(|| format!("could not write {}", file.display()))?;
    fs::write(beside(file), brotli_11(bytes)?)?;
    Ok(())
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_os_string();
    name.push(".br");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::brotli_11;

    #[test]
    fn what_is_compressed_comes_back_whole() {
        let text = b"one chat, end to end ".repeat(50);

        let compressed = brotli_11(&text).unwrap();
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut &compressed[..], &mut back).unwrap();

        assert_eq!(back, text);
        assert!(compressed.len() < text.len() / 5);
    }
}
