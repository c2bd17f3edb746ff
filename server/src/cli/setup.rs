//! The first start: an account with everything that one chat needs.
//!
//! What is made is written to `credentials.json` first and into the store after, the signing keys
//! last. A start that was cut in between goes on with the same values.

use anyhow::Context;
use frontdesk_protocol::{
    Identity, QueueSid, UserSid,
    form::{Choice, Field, FieldKind, Form},
};

use super::{
    credentials::{AgentCredentials, Credentials},
    folder::Folder,
};
use crate::{
    auth::{
        origin::Origin,
        password::{self, Passwords},
        tokens::Profile as TokenProfile,
    },
    clock::Clock,
    config::Config,
    random::Random,
    storage::{
        Account, Agent, ApiKey, Flow, IntegrationConfig, Profile, Queue, Service, SigningKey, Site,
        SiteId, Store, User,
    },
};

/// What the demo and the first start say to the person at the terminal.
pub(super) struct Ready {
    /// The site of the embed tag.
    pub(super) site: Option<SiteId>,
    /// The first agent, if the file still names them and it is for the terminal.
    pub(super) agent: Option<FirstAgent>,
    /// Whether this was the first start.
    pub(super) first: bool,
}

/// Who may sign in to the console.
pub(super) struct FirstAgent {
    pub(super) name: String,
    /// What the file says, if it is still right: it is not after a change by hand, by a restored
    /// file, or to a password that a person chose.
    pub(super) password: Option<String>,
}

/// Sets the store up if it is not yet.
pub(super) async fn run(
    store: &dyn Store,
    folder: &Folder,
    config: &Config,
    clock: &dyn Clock,
    random: &dyn Random,
) -> anyhow::Result<Ready> {
    let first = store.signing_keys().await?.is_empty();
    let path = folder.credentials();
    let mut credentials = Credentials::read(&path)?;
    if first {
        let origin = config.origin();
        let made = credentials.unwrap_or_else(|| Credentials::generate(random, &origin));
        made.write(&path)?;
        populate(store, &made, &origin, clock, random).await?;
        credentials = Some(made);
    }
    if let Some(made) = &mut credentials
        && made.public_url != config.origin().as_str()
    {
        // Scripts, and the commands beside the server, read from here where it is reached.
        made.public_url = config.origin().to_string();
        made.write(&path)?;
    }
    let site = match &credentials {
        Some(credentials) => SiteId::parse(&credentials.site_id),
        None => any_site(store).await?,
    };
    if config.demo
        && let Some(site) = &site
    {
        allow(store, site, config).await?;
    }
    let agent = match credentials {
        Some(made) if first || config.demo => first_agent(store, made).await?,
        Some(_) | None => None,
    };
    Ok(Ready { site, agent, first })
}

async fn first_agent(store: &dyn Store, made: Credentials) -> anyhow::Result<Option<FirstAgent>> {
    let AgentCredentials { name, password } = made.agent;
    let Some(identity) = Identity::parse(&name) else { return Ok(None) };
    let Some(agent) = store.agent(&made.account_sid, &identity).await? else { return Ok(None) };
    let right = tokio::task::spawn_blocking(move || {
        password::is_of_hash(&password, &agent.password_hash).then_some(password)
    });
    let password = right.await.context("a password could not be checked")?;
    Ok(Some(FirstAgent { name, password }))
}

async fn any_site(store: &dyn Store) -> anyhow::Result<Option<SiteId>> {
    for account in store.accounts().await? {
        if let Some(site) = store.sites(&account.sid).await?.into_iter().next() {
            return Ok(Some(site.id));
        }
    }
    Ok(None)
}

/// The demo page stands on this server: its Origins are the site's.
async fn allow(store: &dyn Store, id: &SiteId, config: &Config) -> anyhow::Result<()> {
    let Some(mut site) = store.site(id).await? else { return Ok(()) };
    let mut wanted = demo_origins(config);
    wanted.retain(|origin| !site.origins.contains(origin));
    if !wanted.is_empty() {
        site.origins.extend(wanted);
        store.put_site(site).await?;
    }
    Ok(())
}

/// Where the demo page is looked at: at the public address, and by this machine's own names, one
/// of which somebody types.
fn demo_origins(config: &Config) -> Vec<Origin> {
    let scheme = if config.tls_cert.is_some() { "https" } else { "http" };
    let names: &[&str] = if config.listen.is_ipv6() {
        &["localhost", "127.0.0.1", "[::1]"]
    } else {
        &["localhost", "127.0.0.1"]
    };
    let own = names.iter().filter_map(|name| {
        Origin::parse_lenient(&format!("{scheme}://{name}:{}", config.listen.port())).ok()
    });
    let mut origins = vec![config.origin()];
    for origin in own {
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    origins
}

async fn populate(
    store: &dyn Store,
    made: &Credentials,
    origin: &Origin,
    clock: &dyn Clock,
    random: &dyn Random,
) -> anyhow::Result<()> {
    let account = made.account_sid.clone();
    store
        .put_account(Account {
            sid: account.clone(),
            name: "Frontdesk".into(),
            auth_token: made.auth_token.clone(),
        })
        .await?;
    store
        .put_api_key(ApiKey {
            sid: made.api_key_sid.clone(),
            account: account.clone(),
            name: "First key".into(),
            secret: made.api_key_secret.clone(),
        })
        .await?;
    store
        .put_service(Service {
            sid: made.service_sid.clone(),
            account: account.clone(),
            name: "Chat".into(),
        })
        .await?;
    let queue = match store.queues(&account).await?.into_iter().next() {
        Some(queue) => queue.sid,
        None => QueueSid::from_bits(random.bits()),
    };
    store
        .put_queue(Queue { sid: queue.clone(), account: account.clone(), name: "Everyone".into() })
        .await?;
    store
        .put_flow(Flow {
            sid: made.flex_flow_sid.clone(),
            account: account.clone(),
            service: made.service_sid.clone(),
            name: "Web chat".into(),
            enabled: true,
            integration: IntegrationConfig::Task { queue: queue.clone() },
        })
        .await?;
    if let Some(id) = SiteId::parse(&made.site_id) {
        store
            .put_site(Site {
                id,
                account: account.clone(),
                flow: made.flex_flow_sid.clone(),
                origins: vec![origin.clone()],
                profile: profile("Frontdesk demo"),
            })
            .await?;
    }
    let passwords = Passwords::new(1, salt(random));
    add_agent(store, random, &passwords, &account, &queue, &made.agent.name, &made.agent.password)
        .await?;
    for profile in TokenProfile::ALL {
        store
            .put_signing_key(SigningKey {
                kid: format!("{:032x}", random.bits()),
                profile: profile.typ().into(),
                secret: random.secret(),
                created: clock.now(),
            })
            .await?;
    }
    Ok(())
}

fn salt(random: &dyn Random) -> [u8; 16] {
    random.bits().to_le_bytes()
}

/// Makes an agent, or gives one a new password.
pub(super) async fn add_agent(
    store: &dyn Store,
    random: &dyn Random,
    passwords: &Passwords,
    account: &frontdesk_protocol::id::AccountSid,
    queue: &QueueSid,
    name: &str,
    password: &str,
) -> anyhow::Result<()> {
    let identity = Identity::parse(name).ok_or_else(|| {
        anyhow::anyhow!("a name is 1 to 256 characters, none of them a control character")
    })?;
    let user = match store.user(account, &identity).await? {
        Some(user) => user,
        None => User {
            sid: UserSid::from_bits(random.bits()),
            account: account.clone(),
            identity: identity.clone(),
            name: display_name(name),
            attributes: serde_json::Map::new(),
        },
    };
    store.put_user(user.clone()).await?;
    let password_hash = passwords.hash(password.to_owned(), salt(random)).await;
    store
        .put_agent(Agent {
            account: account.clone(),
            identity,
            name: user.name,
            user: user.sid,
            queue: queue.clone(),
            password_hash,
            enabled: true,
        })
        .await?;
    Ok(())
}

/// `alice` is shown as `Alice`.
fn display_name(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// How a new site looks and what it asks, until its owner says otherwise.
pub(super) fn profile(name: &str) -> Profile {
    let field = |name: &str, label: &str, kind, required| Field {
        name: name.into(),
        label: label.into(),
        kind,
        required,
        placeholder: String::new(),
        help: String::new(),
        value: String::new(),
        autocomplete: String::new(),
        max_length: None,
        first_message: false,
        options: Vec::new(),
    };
    let choice = |value: &str, label: &str| Choice { value: value.into(), label: label.into() };
    Profile {
        name: name.into(),
        tagline: "We usually reply in a few minutes".into(),
        label: "Chat with us".into(),
        brand: "#2f5fde".into(),
        form: Form {
            title: "How can we help?".into(),
            description: "Tell us a little, so that we can help.".into(),
            submit_label: String::new(),
            footer: String::new(),
            fields: vec![
                field("friendlyName", "Your name", FieldKind::Text, true),
                field("email", "E-mail", FieldKind::Email, false),
                Field {
                    options: vec![
                        choice("sales", "Sales"),
                        choice("support", "Support"),
                        choice("other", "Something else"),
                    ],
                    ..field("topic", "What is it about?", FieldKind::Select, false)
                },
                Field {
                    first_message: true,
                    ..field("question", "Your question", FieldKind::Textarea, false)
                },
            ],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Opened by the other name of the same machine, the demo showed and its chat was refused.
    #[test]
    fn the_demo_works_by_every_name_of_this_machine() {
        let origins = |listen: &str, public_url: Option<&str>, tls: bool| -> Vec<String> {
            let config = Config {
                listen: listen.parse().unwrap(),
                public_url: public_url.map(|url| Origin::parse(url).unwrap()),
                tls_cert: tls.then(|| "cert.pem".into()),
                ..Config::default()
            };
            demo_origins(&config).iter().map(ToString::to_string).collect()
        };
        let both = ["http://localhost:8080", "http://127.0.0.1:8080"];
        assert_eq!(origins("127.0.0.1:8080", None, false), both);
        assert_eq!(origins("127.0.0.1:8080", Some("http://localhost:8080"), false), both);
        assert_eq!(
            origins("127.0.0.1:8080", Some("https://chat.example.com"), false),
            ["https://chat.example.com", both[0], both[1]]
        );
        assert_eq!(
            origins("[::]:443", None, true),
            ["https://localhost", "https://127.0.0.1", "https://[::1]"]
        );
    }
}
