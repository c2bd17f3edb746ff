//! `cargo xtask test`: every check there is, one stage after the other.
//!
//! Each stage has its log; a stage that fails does not keep the next from
//! running, so that one run tells everything. The last line are the counts.

mod counts;
mod stages;

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::setup::Setup;
pub(crate) use counts::Counts;
use stages::STAGES;

/// How many lines of a failed stage's log are shown.
const SHOWN_LINES: usize = 60;

/// Runs every stage, or the ones that are named.
///
/// # Errors
/// There is no stage of a name, or this machine is not set up. When something
/// failed, the program ends.
pub(crate) fn run(only: &[String]) -> Result<()> {
    if let Some(unknown) = only.iter().find(|name| STAGES.iter().all(|stage| stage.name != *name)) {
        let names: Vec<&str> = STAGES.iter().map(|stage| stage.name).collect();
        bail!("no stage is called `{unknown}`; there are: {}", names.join(", "));
    }
    let setup = Setup::load()?;
    let logs = setup.root.join("target/test-logs");
    fs::create_dir_all(&logs).with_context(|| format!("could not make {}", logs.display()))?;
    println!("test  {} stages; a log of each in {}", STAGES.len(), logs.display());

    let mut total = Counts::default();
    let mut table = Vec::new();
    for (number, stage) in STAGES.iter().enumerate() {
        if !only.is_empty() && !only.iter().any(|name| name == stage.name) {
            continue;
        }
        let log = logs.join(format!("{:02}-{}.log", number + 1, stage.name));
        fs::write(&log, "")?;
        println!("\n== {} ({}/{}): {}", stage.name, number + 1, STAGES.len(), stage.about);
        let began = process::now();
        let counts = match (stage.run)(&setup, &log) {
            Ok(counts) => counts,
            Err(error) => {
                println!("   {error:#}");
                Counts { failed: 1, ..Counts::default() }
            }
        };
        if counts.failed > 0 {
            show_end(&fs::read_to_string(&log).unwrap_or_default());
            println!("   the whole log: {}", log.display());
        }
        println!("   {counts} in {}", shown(began.elapsed()));
        total += counts;
        table.push((stage.name, counts, began.elapsed()));
    }

    println!("\n{:<14} {:>8}  counts", "stage", "time");
    for (name, counts, took) in table {
        println!("{name:<14} {:>8}  {counts}", shown(took));
    }
    // The counts are the last line, so a failure ends here without another word.
    println!("{total}");
    if total.failed > 0 {
        process::exit_failed();
    }
    Ok(())
}

fn show_end(log: &str) {
    let lines: Vec<&str> = log.lines().collect();
    for line in lines.iter().skip(lines.len().saturating_sub(SHOWN_LINES)) {
        println!("   | {line}");
    }
}

fn shown(took: Duration) -> String {
    let seconds = took.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
