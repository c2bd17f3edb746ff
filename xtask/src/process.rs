//! Running programs: to the end or not at all, with a log and visible progress.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// How often a silent stage says that it still runs.
const PROGRESS_EVERY: Duration = Duration::from_secs(15);

/// The one place where a chore reads the clock.
#[expect(clippy::disallowed_methods, reason = "chores report how long they took")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Ends this program as failed, after all has been said.
pub(crate) fn exit_failed() -> ! {
    std::process::exit(1)
}

/// Runs a program with our own output, and fails if it does.
///
/// # Errors
/// The program could not be started, or ended with a failure.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = command.status().with_context(|| format!("could not start `{shown}`"))?;
    ensure!(status.success(), "`{shown}` failed ({status})");
    Ok(())
}

/// Runs a program and gives what it wrote to its standard output.
///
/// # Errors
/// The program could not be started, or ended with a failure.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let shown = shown(command);
    let output = command.output().with_context(|| format!("could not start `{shown}`"))?;
    ensure!(
        output.status.success(),
        "`{shown}` failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What a program run by [`run_logged`] left behind.
#[derive(Debug)]
pub(crate) struct Logged {
    /// How it ended.
    pub(crate) status: ExitStatus,
    /// Everything it wrote, both outputs as they came.
    pub(crate) text: String,
}

/// Runs a program with both outputs in `log`, and shows from time to time that it runs.
///
/// # Errors
/// The program could not be started, or the log not be written.
pub(crate) fn run_logged(command: &mut Command, log: &Path) -> Result<Logged> {
    let shown = shown(command);
    let mut file = File::options()
        .create(true)
        .append(true)
        .open(log)
        .with_context(|| format!("could not write {}", log.display()))?;
    writeln!(file, "$ {shown}")?;
    let mut child = command
        .env("CARGO_TERM_COLOR", "never")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start `{shown}`"))?;
    let (lines, incoming) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        forward(stdout, lines.clone());
    }
    if let Some(stderr) = child.stderr.take() {
        forward(stderr, lines);
    }
    let began = now();
    let mut said = began;
    let mut text = String::new();
    let mut last = String::new();
    loop {
        match incoming.recv_timeout(PROGRESS_EVERY) {
            Ok(line) => {
                writeln!(file, "{line}")?;
                text.push_str(&line);
                text.push('\n');
                last = line;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if said.elapsed() >= PROGRESS_EVERY {
            said = now();
            let seconds = began.elapsed().as_secs();
            println!("   {seconds:>4} s  {}", last.trim().chars().take(100).collect::<String>());
        }
    }
    let status = child.wait()?;
    Ok(Logged { status, text })
}

fn forward(from: impl Read + Send + 'static, lines: Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned();
            if lines.send(line).is_err() {
                break;
            }
        }
    });
}

/// The command as a person would type it.
fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|arg| arg.to_string_lossy().into_owned()));
    words.join(" ")
}
