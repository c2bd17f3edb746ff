//! What `make setup` found on this machine: programs, caches, the toolchain for
//! WebAssembly. Owns the environment that every started program gets.

use std::collections::HashMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

/// The Rust target of the widget and the console.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// What `make setup` wrote down, as paths.
#[derive(Debug)]
pub(crate) struct Setup {
    /// The repository's root.
    pub(crate) root: PathBuf,
    /// Cargo's target folder for what runs on this machine.
    pub(crate) target: PathBuf,
    /// Cargo's target folder for WebAssembly, apart so that neither waits for the other.
    pub(crate) target_wasm: PathBuf,
    /// Node, 20 or newer.
    pub(crate) node: PathBuf,
    /// The browser of the tests.
    pub(crate) chromium: PathBuf,
    /// What steers it for wasm-bindgen-test.
    pub(crate) chromedriver: PathBuf,
    /// rustup's name of the toolchain that builds WebAssembly, if not the default one.
    pub(crate) wasm_toolchain: Option<String>,
    /// Folder that holds that toolchain where there is no rustup.
    wasm_path: Option<PathBuf>,
    path: OsString,
}

/// The repository's root: the folder above this package, of the clone that `cargo xtask` was called
/// in. What stood there when this program was built may be another clone, with the same target folder.
pub(crate) fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().unwrap_or(&package).to_path_buf()
}

impl Setup {
    /// Reads what `make setup` wrote.
    ///
    /// # Errors
    /// Nothing was written, or something is missing in it: run `make setup`.
    pub(crate) fn load() -> Result<Self> {
        let cache = match env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()) {
            Some(cache) => PathBuf::from(cache),
            None => PathBuf::from(env::var_os("HOME").context("HOME is not set")?).join(".cache"),
        };
        let file = cache.join("frontdesk/env");
        let text = fs::read_to_string(&file).with_context(|| {
            format!("this machine is not set up: run `make setup` ({} is missing)", file.display())
        })?;
        let found = parse(&text);
        let path = |key: &str| -> Result<PathBuf> {
            found.get(key).filter(|value| !value.is_empty()).map(PathBuf::from).with_context(|| {
                format!("{key} is missing in {}: run `make setup`", file.display())
            })
        };
        let root = root();
        let own = format!(
            "{}:{}",
            root.join("tests/e2e/node_modules/.bin").display(),
            found.get("FRONTDESK_PATH").copied().unwrap_or_default()
        );
        Ok(Self {
            target: env::var_os("CARGO_TARGET_DIR")
                .map_or_else(|| path("FRONTDESK_TARGET"), |dir| Ok(PathBuf::from(dir)))?,
            target_wasm: env::var_os("FRONTDESK_TARGET_WASM")
                .map_or_else(|| path("FRONTDESK_TARGET_WASM"), |dir| Ok(PathBuf::from(dir)))?,
            node: path("FRONTDESK_NODE")?,
            chromium: path("FRONTDESK_CHROMIUM")?,
            chromedriver: path("FRONTDESK_CHROMEDRIVER")?,
            wasm_toolchain: path("FRONTDESK_WASM_TOOLCHAIN")
                .ok()
                .map(|name| name.display().to_string()),
            wasm_path: path("FRONTDESK_WASM_PATH").ok(),
            path: prepend(OsStr::new(&own), &env::var_os("PATH").unwrap_or_default()),
            root,
        })
    }

    /// A program run at the root, with our tools on its PATH.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", &self.path);
        // This program was started by cargo: what cargo told it is not meant for others.
        for (key, _) in env::vars_os() {
            let name = key.to_string_lossy();
            if name == "CARGO"
                || name.starts_with("CARGO_PKG_")
                || name.starts_with("CARGO_MANIFEST_")
            {
                command.env_remove(&key);
            }
        }
        command
    }

    /// Cargo for what runs on this machine.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = self.command("cargo");
        command.env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// A program that builds WebAssembly (cargo or trunk): the toolchain that can, and its folder.
    pub(crate) fn wasm_command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = self.command(program);
        command.env("CARGO_TARGET_DIR", &self.target_wasm);
        if let Some(toolchain) = &self.wasm_toolchain {
            command.env("RUSTUP_TOOLCHAIN", toolchain);
        }
        if let Some(path) = &self.wasm_path {
            command.env("PATH", prepend(path.as_os_str(), &self.path));
        }
        command
    }

    /// The server itself. What steers our chores is kept from it: it takes every
    /// `FRONTDESK_` variable for a setting, and refuses those it does not know.
    pub(crate) fn server(&self) -> Command {
        let mut command = self.command(self.server_binary());
        for key in ["FRONTDESK_WASM", "FRONTDESK_NODE", "FRONTDESK_TARGET_WASM"] {
            command.env_remove(key);
        }
        command
    }

    /// The server's program, as `cargo build` leaves it.
    pub(crate) fn server_binary(&self) -> PathBuf {
        self.target.join("debug/frontdesk")
    }
}

fn parse(text: &str) -> HashMap<&str, &str> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.trim(), value.trim()))
        .collect()
}

fn prepend(first: &OsStr, rest: &OsStr) -> OsString {
    let mut joined = first.to_os_string();
    joined.push(":");
    joined.push(rest);
    joined
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn comments_are_skipped_and_an_empty_value_stays_empty() {
        let found = parse("# A=1\nB=2\nC=\n");

        assert_eq!(found.get("B"), Some(&"2"));
        assert_eq!(found.get("C"), Some(&""));
        assert_eq!(found.len(), 2);
    }
}
