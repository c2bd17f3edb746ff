//! A server under test: started, measured, stopped.

use std::{fs, process::Stdio, time::Duration};

use anyhow::{Context, Result, bail};
use rustix::{
    param::clock_ticks_per_second,
    process::{Pid, Signal, kill_process},
};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::{Instant, sleep, timeout},
};

/// How long a server may take to stop before it is killed.
const STOP_WITHIN: Duration = Duration::from_secs(35);
/// Memory counts as settled when it moves less than this in half a second.
const SETTLED_BYTES: u64 = 128 * 1024;
/// How long memory is watched for that.
const SETTLE_WITHIN: Duration = Duration::from_secs(8);

/// A running program, killed when dropped.
pub(crate) struct Program {
    child: Child,
    pid: u32,
}

impl Program {
    /// Starts it; its standard output is handed over line by line.
    ///
    /// # Errors
    /// It could not be started.
    pub(crate) fn start(mut command: Command) -> Result<(Self, Lines<BufReader<ChildStdout>>)> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().with_context(|| {
            format!("could not start {}", command.as_std().get_program().to_string_lossy())
        })?;
        let stdout = child.stdout.take().context("the program has no output")?;
        let pid = child.id().context("the program ended at once")?;
        Ok((Self { child, pid }, BufReader::new(stdout).lines()))
    }

    /// Whether it has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Resident memory in bytes.
    ///
    /// # Errors
    /// It has ended, or this is no Linux.
    pub(crate) fn resident_bytes(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid))
            .context("resident memory is read from /proc")?;
        let kib = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.trim().strip_suffix("kB"))
            .and_then(|number| number.trim().parse::<u64>().ok())
            .context("/proc tells no VmRSS")?;
        Ok(kib * 1024)
    }

    /// Processor time it has taken so far, in all its threads.
    ///
    /// # Errors
    /// It has ended, or this is no Linux.
    pub(crate) fn processor_time(&self) -> Result<Duration> {
        processor_time(&self.pid.to_string())
    }

    /// Resident memory once it has come to rest, or after some seconds what it is then.
    ///
    /// # Errors
    /// The server has ended.
    pub(crate) async fn settled_bytes(&self) -> Result<u64> {
        let began = Instant::now();
        let mut before = self.resident_bytes()?;
        loop {
            sleep(Duration::from_millis(500)).await;
            let now = self.resident_bytes()?;
            if now.abs_diff(before) < SETTLED_BYTES || began.elapsed() > SETTLE_WITHIN {
                return Ok(now);
            }
            before = now;
        }
    }

    /// Asks it to stop, and kills it if it does not.
    ///
    /// # Errors
    /// It could not be waited for.
    pub(crate) async fn stop(mut self) -> Result<()> {
        if let Some(pid) = i32::try_from(self.pid).ok().and_then(Pid::from_raw) {
            let _ = kill_process(pid, Signal::TERM);
        }
        if timeout(STOP_WITHIN, self.child.wait()).await.is_err() {
            self.child.kill().await?;
            bail!("the server did not stop within {} s", STOP_WITHIN.as_secs());
        }
        Ok(())
    }
}

/// Processor time that this client has taken so far.
///
/// # Errors
/// This is no Linux.
pub(crate) fn own_processor_time() -> Result<Duration> {
    processor_time("self")
}

fn processor_time(process: &str) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))
        .context("processor time is read from /proc")?;
    // The second field is the program's name in brackets, which may hold anything.
    let (_, fields) = stat.rsplit_once(')').context("/proc tells no name")?;
    let ticks =
        |field: usize| -> Option<u64> { fields.split_whitespace().nth(field)?.parse().ok() };
    // Fields 14 and 15 of proc_pid_stat(5): in user mode, in the kernel.
    let ticks = ticks(11).zip(ticks(12)).map(|(user, kernel)| user + kernel);
    let ticks = ticks.context("/proc tells no processor time")?;
    Ok(Duration::from_secs_f64(ticks as f64 / clock_ticks_per_second() as f64))
}
