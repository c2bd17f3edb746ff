//! `frontdesk serve`: from the data folder to a server that listens, and to its orderly end.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, bail};
use tokio::net::TcpListener;

use super::{
    folder::Folder,
    setup::{self, FirstAgent, Ready},
    site::embed_tag,
};
use crate::{
    app::{App, Edges},
    clock::SystemClock,
    config::Config,
    hooks, http, jobs,
    media::LocalMedia,
    random::SystemRandom,
    storage::Store,
};

/// After being told to stop, the process is gone within this time.
const GONE_WITHIN: Duration = Duration::from_secs(30);

pub(super) async fn run(mut config: Config) -> anyhow::Result<()> {
    let tls = http::tls(&config)?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    // Port 0 lets the system choose; everything said from here on names what it chose.
    config.listen = listener.local_addr().context("the listener has no address")?;

    let folder = Folder::create(&config.data)?;
    let lock = folder.lock()?;
    let (store, feed) = folder.open(&lock).await?;
    let store: Arc<dyn Store> = Arc::new(store);
    let ready = setup::run(store.as_ref(), &folder, &config, &SystemClock, &SystemRandom).await?;
    let media = LocalMedia::open(&folder.media())
        .with_context(|| format!("cannot use the folder {}", folder.media().display()))?;
    let edges = Edges {
        store: store.clone(),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        media: Arc::new(media),
    };
    let app = App::new(config, edges, feed).await?;
    // Before anybody is told that we run: from then on they may stop us.
    let stop = told_to_stop();
    announce(&app.config, &folder, &ready);
    tracing::info!(listen = %app.config.listen, public_url = %app.config.origin(), "listening");

    let lifecycle = app.lifecycle.clone();
    tokio::spawn(jobs::run(app.clone()));
    // What it has under way when the server drains, it ends.
    let delivering = hooks::driver::run(app.clone());
    let serving = http::serve(app, listener, tls);
    let serving = async { tokio::join!(serving, delivering) };
    tokio::pin!(serving);
    tokio::select! {
        // It ends only after it was told to drain.
        _ = &mut serving => {}
        () = store.failed() => bail!("the database failed; the log says how"),
        () = stop => {
            tracing::info!("stopping: finishing what is under way");
            lifecycle.drain();
            tokio::select! {
                ended = tokio::time::timeout(GONE_WITHIN, &mut serving) => {
                    if ended.is_err() {
                        tracing::warn!("some connections did not end in time");
                    }
                }
                () = told_to_stop() => tracing::info!("told twice: stopping at once"),
            }
        }
    }
    store.close().await;
    tracing::info!("stopped");
    drop(lock);
    Ok(())
}

/// SIGTERM or SIGINT (Ctrl-C), from this call on: the signals are taken before the answer is
/// first waited for.
#[cfg(unix)]
fn told_to_stop() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = signal(SignalKind::terminate()).and_then(|terminate| {
        signal(SignalKind::interrupt()).map(|interrupt| (terminate, interrupt))
    });
    async move {
        let Ok((mut terminate, mut interrupt)) = signals else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
}

/// Ctrl-C.
#[cfg(not(unix))]
async fn told_to_stop() {
    drop(tokio::signal::ctrl_c().await);
}

#[expect(clippy::print_stdout, reason = "this is for the person at the terminal")]
fn announce(config: &Config, folder: &Folder, ready: &Ready) {
    let here = config.origin();
    println!();
    if config.demo {
        println!("  Demo page  {here}/");
    }
    println!("  Console    {here}/console/");
    if let Some(FirstAgent { name, password }) = &ready.agent {
        match password {
            Some(password) => println!("  Sign in    name {name}   password {password}"),
            None => println!(
                "  Sign in    name {name}   password changed since; `frontdesk agent password \
                 {name}` gives a new one"
            ),
        }
    }
    if let Some(site) = &ready.site {
        println!("  Embed tag  {}", embed_tag(&here, site));
    }
    if ready.first {
        println!("  All keys   {}", folder.credentials().display());
    }
    println!();
}
