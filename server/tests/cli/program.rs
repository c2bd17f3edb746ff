//! The binary, as somebody at a terminal uses it.

use std::{
    io::{BufRead, BufReader, Write as _},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
};

use serde_json::Value;

pub(crate) fn frontdesk(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_frontdesk"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("FRONTDESK_")) {
        command.env_remove(name);
    }
    command.args(arguments).arg("--data").arg(data);
    command
}

pub(crate) fn run(data: &Path, arguments: &[&str]) -> Output {
    frontdesk(data, arguments).output().unwrap()
}

/// Runs it with something on standard input.
pub(crate) fn run_with(data: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = frontdesk(data, arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Whoever ends without reading it breaks the pipe, and says why by itself.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

pub(crate) fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    assert!(!output.status.success());
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A server on a port that the system chose.
pub(crate) struct Server {
    child: Child,
    said: Vec<String>,
    out: BufReader<ChildStdout>,
}

impl Server {
    pub(crate) fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    pub(crate) fn start_with(data: &Path, more: &[&str]) -> Self {
        let mut child = frontdesk(data, &["serve", "--listen", "127.0.0.1:0", "--demo"])
            .args(more)
            // Nobody has to be given time to come back.
            .env("FRONTDESK_DRAIN_SECONDS", "0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut said = Vec::new();
        // What it says ends with an empty line, and begins with one.
        while said.len() < 2 || said.last().is_some_and(|line: &String| !line.is_empty()) {
            let mut line = String::new();
            assert!(out.read_line(&mut line).unwrap() > 0, "it ended: {said:?}");
            said.push(line.trim().to_owned());
        }
        Self { child, said, out }
    }

    pub(crate) fn line(&self, about: &str) -> &str {
        let line = self.said.iter().find_map(|line| line.strip_prefix(about));
        line.map(str::trim).unwrap_or_default()
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        let port = self.line("Console").trim_end_matches("/console/").rsplit(':').next();
        SocketAddr::from(([127, 0, 0, 1], port.unwrap().parse().unwrap()))
    }

    pub(crate) fn terminate(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let mut rest = String::new();
        while self.out.read_line(&mut rest).unwrap() > 0 {}
        assert!(self.child.wait().unwrap().success());
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

pub(crate) fn credentials(data: &Path) -> Value {
    let text = std::fs::read_to_string(data.join("credentials.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}
