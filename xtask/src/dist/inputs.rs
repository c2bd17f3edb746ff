//! When a part needs to be built again: when the text it is made of, or a tool
//! that makes it, is another one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::process;
use crate::setup::Setup;

/// The first 16 hex digits of the content's SHA-256.
pub(super) fn short_hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// What the result depends on beside our own text: the pinned versions and the compiler.
pub(super) fn tools(setup: &Setup) -> Result<String> {
    let pinned = fs::read_to_string(setup.root.join("setup/versions.env"))?;
    let npm = fs::read_to_string(setup.root.join("tests/e2e/package-lock.json"))?;
    let compiler = process::output(setup.wasm_command("rustc").arg("-vV"))?;
    let chores = fs::read_to_string(setup.root.join(".cargo/config.toml"))?;
    Ok([pinned, npm, compiler, chores].join("\n"))
}

/// One hash over files and folders, names included.
pub(super) fn hash(root: &Path, paths: &[&str], tools: &str) -> Result<String> {
    let mut files = Vec::new();
    for path in paths {
        collect(&root.join(path), &mut files)?;
    }
    // How the assets are made is an input like what they are made of.
    collect(&root.join("xtask/src/dist"), &mut files)?;
    files.sort();
    let mut hasher = Sha256::new();
    hasher.update(tools);
    for file in files {
        let text = fs::read(&file).with_context(|| format!("could not read {}", file.display()))?;
        hasher.update(file.strip_prefix(root).unwrap_or(&file).to_string_lossy().as_bytes());
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text);
    }
    Ok(short_hash(&hasher.finalize()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.push(path.to_path_buf());
    } else if path.is_dir() {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let name = entry.file_name();
            if name != "dist" || path.ends_with("src") {
                collect(&entry.path(), files)?;
            }
        }
    }
    Ok(())
}

/// Which inputs each part was last built from, kept in `dist/.inputs.json`.
#[derive(Debug)]
pub(super) struct Stamps {
    file: PathBuf,
    stamps: BTreeMap<String, String>,
}

impl Stamps {
    /// Reads them; none, if there are none yet or they cannot be read.
    pub(super) fn load(dist: &Path) -> Self {
        let file = dist.join(".inputs.json");
        let stamps = fs::read_to_string(&file)
            .ok()
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        Self { file, stamps }
    }

    pub(super) fn is_fresh(&self, part: &str, hash: &str) -> bool {
        self.stamps.get(part).is_some_and(|stamp| stamp == hash)
    }

    /// Before building: what is interrupted halfway is not fresh.
    pub(super) fn forget(&mut self, part: &str) -> Result<()> {
        self.stamps.remove(part);
        self.save()
    }

    pub(super) fn set(&mut self, part: &str, hash: String) -> Result<()> {
        self.stamps.insert(part.to_owned(), hash);
        self.save()
    }

    fn save(&self) -> Result<()> {
        fs::write(&self.file, serde_json::to_string_pretty(&self.stamps)?)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Stamps, short_hash};

    #[test]
    fn another_content_has_another_name() {
        assert_ne!(short_hash(b"a"), short_hash(b"b"));
        assert_eq!(short_hash(b"a").len(), 16);
    }

    #[test]
    fn a_part_that_was_never_built_is_not_fresh() {
        let stamps = Stamps::load(std::path::Path::new("/nonexistent"));

        assert!(!stamps.is_fresh("widget", "0000"));
    }
}
