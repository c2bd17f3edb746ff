//! `cargo xtask dev`: the server, and the widget's page with reload, until Ctrl-C.

use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Child;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::setup::Setup;
use crate::{dist, process};

/// Runs both until one of them ends; Ctrl-C reaches both.
///
/// # Errors
/// Something does not build or start.
pub(crate) fn run(port: u16) -> Result<()> {
    let setup = Setup::load()?;
    dist::build(&setup)?;
    process::run(setup.cargo().args(["build", "--package", "frontdesk-server"]))?;

    let page_port = port.checked_add(1).context("there is no port after that one")?;
    let server_url = format!("http://localhost:{port}");
    let page_url = format!("http://localhost:{page_port}");
    let data = setup.root.join("data/dev");
    fs::create_dir_all(&data)?;
    let mut server = Stopped(
        setup
            .server()
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--public-url", &server_url])
            .arg("--data")
            .arg(&data)
            .spawn()
            .context("could not start the server")?,
    );
    wait_until_it_listens(&mut server.0, port)?;
    let site = site(&setup, &data, &page_url)?;
    println!("\ndev   widget, with reload: {page_url}/?site={site}&base={server_url}");
    println!("dev   console: {server_url}/console/ ({})", agent(&data));
    println!("dev   Ctrl-C ends both\n");

    let mut trunk = setup.wasm_command("trunk");
    trunk.env_remove("NO_COLOR").args(["serve", "--offline", "--port", &page_port.to_string()]);
    process::run(&mut trunk)
}

/// Looks every now and then; the first start makes a data folder and takes a moment.
fn wait_until_it_listens(server: &mut Child, port: u16) -> Result<()> {
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        if let Some(status) = server.try_wait()? {
            bail!("the server ended at its start ({status})");
        }
        thread::park_timeout(Duration::from_millis(50));
    }
    Ok(())
}

/// The site whose Origin is trunk's page: added once, then kept beside the data.
fn site(setup: &Setup, data: &Path, origin: &str) -> Result<String> {
    let kept = data.join(format!("site-{}", origin.rsplit(':').next().unwrap_or(origin)));
    if let Ok(site) = fs::read_to_string(&kept) {
        return Ok(site);
    }
    let tag = process::output(
        setup.server().args(["site", "add", "--origin", origin, "--data"]).arg(data),
    )?;
    let site = tag
        .split_once("frontdesk.js?site=")
        .and_then(|(_, rest)| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').next())
        .with_context(|| format!("`frontdesk site add` printed no tag: {tag}"))?
        .to_owned();
    fs::write(&kept, &site)?;
    Ok(site)
}

/// The first agent's name and password, as the server wrote them down at its first start.
fn agent(data: &Path) -> String {
    let file = data.join("credentials.json");
    let read = || -> Option<String> {
        let text = fs::read_to_string(&file).ok()?;
        let credentials: Value = serde_json::from_str(&text).ok()?;
        let agent = credentials.get("agent")?;
        Some(format!("{}, {}", agent.get("name")?.as_str()?, agent.get("password")?.as_str()?))
    };
    read().unwrap_or_else(|| format!("name and password: {}", file.display()))
}

/// A program that is stopped when this one ends.
struct Stopped(Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        // Already gone is as good: nothing to do about either failure.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
