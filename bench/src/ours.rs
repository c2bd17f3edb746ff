//! Our server: its start with limits lifted, and as many guests with a channel as asked for.

use std::{
    env, fs,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use frontdesk_protocol::{form::FieldKind, site::SiteConfig};
use serde_json::{Map, Value, json};
use tokio::{
    process::Command,
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::{
    http::{Body, Http},
    load::{self, Measured, Plan},
    program::Program,
    target::{Target, source},
    wire::{Guest, Wire},
};

/// Guests that are made at the same time.
const MADE_AT_ONCE: usize = 32;
/// How long the server may take to be ready.
const READY_WITHIN: Duration = Duration::from_secs(20);
/// Configuration that lifts the limits by address, connection and guest: the load comes from one
/// machine, and is to find the server's own limits.
const LIFTED: &str = include_str!("../lifted.toml");

/// Starts it, makes the guests, starts it afresh, measures it, stops it.
///
/// # Errors
/// It does not start, or ended meanwhile.
pub(crate) async fn measure(server: &Path, scratch: &Path, plan: &Plan) -> Result<Measured> {
    let ours = Ours::new(server, scratch)?;
    println!("ours: making {} guests and their channels", plan.connections);
    let program = ours.start().await?;
    let guests = make_guests(&ours, plan.connections).await?;
    program.stop().await?;

    // Afresh, so that what making the guests left behind in memory does not hide what they cost.
    let program = ours.start().await?;
    let target = Target {
        address: ours.address,
        wire: Wire::Chat1,
        origin: ours.origin,
        lost: Arc::default(),
    };
    let measured = load::measure("ours", &program, &target, &guests, plan).await?;
    program.stop().await?;
    Ok(measured)
}

/// Our server, on a data folder of its own.
pub(crate) struct Ours {
    server: PathBuf,
    data: PathBuf,
    config: PathBuf,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// How browsers reach it.
    pub(crate) origin: String,
}

impl Ours {
    /// Chooses its address and its folder in `scratch`.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub(crate) fn new(server: &Path, scratch: &Path) -> Result<Self> {
        let (data, config) = (scratch.join("ours"), scratch.join("lifted.toml"));
        fs::create_dir_all(&data)?;
        fs::write(&config, LIFTED)?;
        let address = free_address()?;
        let origin = format!("http://{address}");
        Ok(Self { server: server.to_owned(), data, config, address, origin })
    }

    /// Starts it.
    ///
    /// # Errors
    /// It ended, or does not listen in time.
    pub(crate) async fn start(&self) -> Result<Program> {
        let mut command = Command::new(&self.server);
        let address = self.address.to_string();
        command.arg("serve").args(["--listen", &address, "--public-url", &self.origin]);
        command.arg("--data").arg(&self.data).arg("--config").arg(&self.config);
        // What the build's environment says to our tools is no setting of the server.
        for (variable, _) in env::vars().filter(|(name, _)| name.starts_with("FRONTDESK_")) {
            command.env_remove(variable);
        }
        command.env("FRONTDESK_LOG_LEVEL", "error").stderr(Stdio::inherit());
        started(command, self.address).await
    }

    /// What its first start made.
    ///
    /// # Errors
    /// It was not started yet.
    pub(crate) fn credentials(&self) -> Result<Value> {
        let text = fs::read_to_string(self.data.join("credentials.json"))
            .context("the server wrote no credentials.json")?;
        Ok(serde_json::from_str(&text)?)
    }
}

/// Starts the server and waits until it takes connections.
async fn started(command: Command, address: SocketAddr) -> Result<Program> {
    let (mut program, mut lines) = Program::start(command)?;
    // What it says is read, so that it never waits for a full pipe.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    let began = Instant::now();
    while !is_ready(address).await {
        if program.has_ended() {
            bail!("the server ended while it started");
        }
        if began.elapsed() > READY_WITHIN {
            bail!("the server does not listen after {} s", READY_WITHIN.as_secs());
        }
        sleep(Duration::from_millis(20)).await;
    }
    Ok(program)
}

/// Whether it says that it is ready. It listens a moment earlier.
async fn is_ready(address: SocketAddr) -> bool {
    let Ok(mut http) = Http::connect(address, source(0), "").await else { return false };
    http.reach("/readyz").await.is_ok()
}

/// An address that nobody listens on now.
fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// Gets a token and opens a channel, as often as asked for.
async fn make_guests(ours: &Ours, count: usize) -> Result<Vec<Guest>> {
    let (address, origin) = (ours.address, ours.origin.as_str());
    let credentials = ours.credentials()?;
    let site = credentials["site_id"].as_str().context("credentials name no site")?.to_owned();
    let mut http = Http::connect(address, source(0), origin).await?;
    let config = http.ask(&format!("/v1/Sites/{site}"), Body::Get).await?;
    let config: Arc<SiteConfig> = Arc::new(serde_json::from_value(config)?);
    let answers = answers(&config).to_string();

    let made = Arc::new(Mutex::new(Vec::with_capacity(count)));
    let mut makers = JoinSet::new();
    for maker in 0..MADE_AT_ONCE {
        let (config, answers) = (config.clone(), answers.clone());
        let (origin, made) = (origin.to_owned(), made.clone());
        makers.spawn(async move {
            let mut http = Http::connect(address, source(maker), &origin).await?;
            for number in (maker..count).step_by(MADE_AT_ONCE) {
                let guest = make_guest(&mut http, &config, &answers)
                    .await
                    .with_context(|| format!("guest {number}"))?;
                made.lock().unwrap_or_else(PoisonError::into_inner).push(guest);
            }
            anyhow::Ok(())
        });
    }
    while let Some(made) = makers.join_next().await {
        made??;
    }
    let guests = std::mem::take(&mut *made.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(guests)
}

async fn make_guest(http: &mut Http, config: &SiteConfig, answers: &str) -> Result<Guest> {
    let tokens = format!("/v1/Accounts/{}/Tokens", config.account_sid);
    let asked = json!({"products": ["flex"], "site": config.site});
    let token = http.ask(&tokens, Body::Json(asked)).await?;
    let text = |of: &Value, key: &str| -> Result<String> {
        Ok(of[key].as_str().with_context(|| format!("the answer has no {key}"))?.to_owned())
    };
    let (identity, token) = (text(&token, "identity")?, text(&token, "token")?);
    let form = Body::Form {
        user: "token",
        password: &token,
        fields: &[
            ("FlexFlowSid", config.flex_flow_sid.as_str()),
            ("Identity", &identity),
            ("ChatFriendlyName", "Webchat"),
            ("CustomerFriendlyName", "Guest"),
            ("PreEngagementData", answers),
        ],
    };
    let channel = text(&http.ask("/v1/WebChannels", form).await?, "sid")?;
    Ok(Guest { identity, channel, token })
}

/// Answers that fit the site's form.
fn answers(config: &SiteConfig) -> Value {
    let mut answers = Map::new();
    for field in config.form.fields.iter().filter(|field| field.required) {
        let answer = match field.kind {
            FieldKind::Text | FieldKind::Textarea => "Where is my lamp?",
            FieldKind::Email => "guest@example.org",
            FieldKind::Checkbox => "true",
            FieldKind::Select | FieldKind::Radio => {
                field.options.first().map_or("", |choice| choice.value.as_str())
            }
        };
        answers.insert(field.name.clone(), answer.into());
    }
    Value::Object(answers)
}
