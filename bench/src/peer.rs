//! The socket.io server: its start, and as many guests as asked for.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use serde_json::Value;
use tokio::{process::Command, time::timeout};

use crate::{
    load::{self, Measured, Plan},
    program::Program,
    target::Target,
    wire::{Guest, Wire},
};

/// Starts it, measures it, stops it.
///
/// # Errors
/// It does not start (its packages are not installed), or ended meanwhile.
pub(crate) async fn measure(
    node: &Path,
    script: &Path,
    scratch: &Path,
    plan: &Plan,
) -> Result<Measured> {
    let mut command = Command::new(node);
    command.arg(script).arg(scratch.join("peer.sqlite"));
    let (program, address) = started(command).await?;
    let target = Target {
        address,
        wire: Wire::SocketIo,
        origin: "http://127.0.0.1".into(),
        lost: Arc::default(),
    };
    let guests: Vec<Guest> = (0..plan.connections)
        .map(|number| Guest {
            identity: format!("guest-{number}"),
            channel: format!("CH{number:032x}"),
            token: String::new(),
        })
        .collect();
    let measured = load::measure("socket.io", &program, &target, &guests, plan).await?;
    program.stop().await?;
    Ok(measured)
}

/// Starts a server that says its port in its first line.
///
/// # Errors
/// It ends, or says nothing.
pub(crate) async fn started(command: Command) -> Result<(Program, SocketAddr)> {
    let (program, mut lines) = Program::start(command)?;
    let line = timeout(Duration::from_secs(20), lines.next_line())
        .await
        .context("the peer does not say its port")??
        .context("the peer ended at once: are its packages installed?")?;
    let said: Value = serde_json::from_str(&line)?;
    let port = said["port"].as_u64().and_then(|port| u16::try_from(port).ok());
    Ok((program, SocketAddr::from(([127, 0, 0, 1], port.context("no port")?))))
}
