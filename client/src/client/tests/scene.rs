//! A participant on a stage: its clock, its timers, and the words of a server.

use std::collections::{BTreeMap, BTreeSet};

use expect_test::Expect;
use frontdesk_protocol::{
    ChannelSid, Cid, CloseCode, Event as LogEvent, EventKind, Identity, MessageSid, Millis, Stream,
    attributes::Attributes,
    form::{Answers, Field, FieldKind, Form},
    frame::{Followed, Live, Mode, ServerFrame, Snap, Welcome},
    id::{AccountSid, FlowSid, QueueSid, UserSid},
    limits::Limits,
    rest::{TokenAnswer, WebChannelAnswer},
    state::{Channel, Member, Message, Role, Status, StreamState},
};

use crate::{
    Client, Connection, Diff, Effect, Event, GuestProfile, Notice, Profile, RequestId, Session,
    SocketId, Start, Submission, Timer,
};

pub(super) const WALL: u64 = 1_795_350_000_000;

#[derive(Clone)]
pub(super) struct Scene {
    pub(super) client: Client,
    pub(super) now: Millis,
    pub(super) timers: BTreeSet<Timer>,
    pub(super) opened: Vec<Millis>,
}

pub(super) fn channel() -> ChannelSid {
    ChannelSid::from_bits(1)
}

pub(super) fn stream() -> Stream {
    Stream::Channel(channel())
}

pub(super) fn who(name: &str) -> Identity {
    Identity::parse(name).unwrap()
}

pub(super) fn token(name: &str) -> TokenAnswer {
    TokenAnswer {
        token: name.into(),
        identity: who("guest"),
        roles: vec!["guest".into()],
        expiration: String::new(),
        ttl: 900,
        secret: Some(format!("secret of {name}")),
    }
}

pub(super) fn submission(key: &str) -> Submission {
    let answers = Answers::from([("friendlyName".to_owned(), "Bob".to_owned())]);
    let context = Answers::from([("location".to_owned(), "https://example.org/".to_owned())]);
    Submission { answers, context, key: key.into() }
}

pub(super) fn session() -> Session {
    Session {
        token: "t0".into(),
        expires: Millis(WALL + 900_000),
        secret: Some("secret of t0".into()),
        identity: who("guest"),
        channel: Some(channel()),
        pending: None,
    }
}

pub(super) fn start(session: Option<Session>) -> Event {
    Event::Start(Box::new(Start {
        session,
        outbox: Vec::new(),
        wall: Millis(WALL),
        utc_offset_min: 60,
        online: true,
        visible: true,
        inst: "tab1".into(),
    }))
}

fn form() -> Form {
    let name = Field {
        name: "friendlyName".into(),
        label: "Name".into(),
        kind: FieldKind::Text,
        required: true,
        placeholder: String::new(),
        help: String::new(),
        value: String::new(),
        autocomplete: String::new(),
        max_length: None,
        first_message: false,
        options: Vec::new(),
    };
    Form { fields: vec![name], ..Form::default() }
}

pub(super) fn member(name: &str, role: Role) -> Member {
    Member {
        identity: who(name),
        role,
        name: name.to_uppercase(),
        seen: 0,
        read: 0,
        left: false,
        attributes: Attributes::new(),
    }
}

pub(super) fn said(seq: u64, author: &str, body: &str, cid: Option<u128>) -> LogEvent {
    LogEvent {
        seq,
        ts: Millis(WALL + seq * 1_000),
        author: Some(who(author)),
        kind: EventKind::Msg {
            sid: MessageSid::from_bits(u128::from(seq)),
            index: seq,
            cid: cid.map(Cid),
            body: body.into(),
            media: None,
            attributes: Attributes::new(),
        },
    }
}

pub(super) fn happened(seq: u64, kind: EventKind) -> LogEvent {
    LogEvent { seq, ts: Millis(WALL + seq * 1_000), author: None, kind }
}

pub(super) fn message(seq: u64, author: &str, body: &str, cid: Option<u128>) -> Message {
    Message {
        seq,
        index: seq,
        sid: MessageSid::from_bits(u128::from(seq)),
        cid: cid.map(Cid),
        author: who(author),
        body: body.into(),
        media: None,
        attributes: Attributes::new(),
        ts: Millis(WALL + seq * 1_000),
        edited: None,
        redacted: false,
    }
}

pub(super) fn snap(seq: u64, items: Vec<Message>, more: bool) -> Snap {
    Snap {
        ch: stream(),
        epoch: "e1".into(),
        seq,
        state: StreamState {
            channel: Some(Channel {
                sid: channel(),
                name: "Bob".into(),
                status: Status::Active,
                created: Millis(WALL),
                attributes: Attributes::new(),
            }),
            members: vec![member("guest", Role::Guest), member("anna", Role::Agent)],
            ..StreamState::default()
        },
        items,
        more,
    }
}

pub(super) fn welcome(mode: Mode, head: u64) -> ServerFrame {
    ServerFrame::Welcome(Welcome {
        conn: "c1".into(),
        now: Millis(WALL + 5_000),
        hb: 25_000,
        pong: 10_000,
        limits: Limits::default(),
        exp: Millis(WALL + 900_000),
        me: who("guest"),
        ch: vec![Followed { id: stream(), epoch: "e1".into(), head, oldest: 1, mode }],
    })
}

impl Scene {
    pub(super) fn new(profile: Profile) -> Self {
        Self {
            client: Client::new(profile),
            now: Millis(1_000),
            timers: BTreeSet::new(),
            opened: Vec::new(),
        }
    }

    /// A guest who has not begun.
    pub(super) fn guest() -> Self {
        Self::new(Profile::Guest(Box::new(GuestProfile {
            account: AccountSid::from_bits(1),
            flow: FlowSid::from_bits(1),
            site: "site".into(),
            form: form(),
            default_name: "Visitor".into(),
        })))
    }

    /// An agent who has not begun, with a user stream and a queue.
    pub(super) fn agent() -> Self {
        Self::new(Profile::Agent {
            identity: who("anna"),
            streams: vec![
                Stream::User(UserSid::from_bits(1)),
                Stream::Queue(QueueSid::from_bits(1)),
            ],
        })
    }

    /// A guest whose socket is being opened after a reload.
    pub(super) fn connecting() -> Self {
        let mut scene = Self::guest();
        scene.on(start(Some(session())));
        scene
    }

    /// A guest who is welcomed and waits for the snapshot.
    pub(super) fn syncing() -> Self {
        let mut scene = Self::connecting();
        scene.open();
        scene.hear(welcome(Mode::Reset, 2));
        scene
    }

    /// A guest in a live chat: one message of each side, positions 1 and 2.
    pub(super) fn live() -> Self {
        let mut scene = Self::syncing();
        let items = vec![message(1, "guest", "Hi", Some(100)), message(2, "anna", "Hello", None)];
        scene.hear(ServerFrame::Snap(snap(2, items, false)));
        scene.hear(ServerFrame::Live(Live { ch: stream(), seq: 2 }));
        assert!(scene.client.connection().is_live());
        scene
    }

    pub(super) fn socket(&self) -> SocketId {
        self.client.connection().socket().expect("a socket")
    }

    pub(super) fn on(&mut self, event: Event) -> Vec<Effect> {
        if let Event::Timer(timer) = event {
            self.timers.remove(&timer);
        }
        let effects = self.client.update(self.now, event);
        for effect in &effects {
            match effect {
                Effect::SetTimer { timer, .. } => {
                    self.timers.insert(*timer);
                }
                Effect::ClearTimer(timer) => {
                    self.timers.remove(timer);
                }
                Effect::OpenSocket { .. } => self.opened.push(self.now),
                Effect::FetchToken { .. }
                | Effect::CreateChannel(_)
                | Effect::FetchLink { .. }
                | Effect::OpenLink(_)
                | Effect::EndChannel { .. }
                | Effect::SendText { .. }
                | Effect::CloseSocket { .. }
                | Effect::SaveSession(_)
                | Effect::ForgetSession
                | Effect::SaveEntry(_)
                | Effect::ForgetEntry(_)
                | Effect::Changed(_)
                | Effect::Report(_) => {}
            }
        }
        effects
    }

    pub(super) fn open(&mut self) -> Vec<Effect> {
        self.on(Event::SocketOpened { socket: self.socket() })
    }

    pub(super) fn hear(&mut self, frame: ServerFrame) -> Vec<Effect> {
        self.on(Event::Received { socket: self.socket(), text: frame.to_json() })
    }

    pub(super) fn close(&mut self, code: u16) -> Vec<Effect> {
        self.on(Event::SocketClosed { socket: self.socket(), code: CloseCode::from_u16(code) })
    }

    pub(super) fn ring(&mut self, timer: Timer) -> Vec<Effect> {
        self.on(Event::Timer(timer))
    }

    pub(super) fn compose(&mut self, cid: u128, body: &str) -> Vec<Effect> {
        self.on(Event::Compose {
            stream: stream(),
            body: body.into(),
            cid: Cid(cid),
            attributes: Attributes::new(),
        })
    }

    pub(super) fn wait(&mut self, delay_ms: u64) {
        self.now = self.now.plus(delay_ms);
    }

    /// Through the handshake again, resuming at what is applied.
    pub(super) fn resume(&mut self, head: u64) {
        self.open();
        self.hear(welcome(Mode::Resume, head));
    }

    pub(super) fn token_answer(&mut self, request: u32, name: &str) -> Vec<Effect> {
        self.on(Event::TokenAnswered { request: RequestId(request), result: Ok(token(name)) })
    }

    pub(super) fn channel_answer(&mut self, request: u32) -> Vec<Effect> {
        let result = Ok(WebChannelAnswer { sid: channel() });
        self.on(Event::ChannelAnswered { request: RequestId(request), result })
    }

    pub(super) fn rows(&self) -> String {
        let timeline = self.client.timeline(&stream()).expect("a timeline");
        timeline
            .rows()
            .iter()
            .map(|row| format!("{:?} {} {:?}\n", row.seq, row.body, row.receipt))
            .collect()
    }
}

/// Effects, one a line, short enough to be read.
pub(super) fn show(effects: &[Effect]) -> String {
    effects.iter().map(|effect| line(effect) + "\n").collect()
}

fn line(effect: &Effect) -> String {
    match effect {
        Effect::SendText { text, .. } => format!("send {text}"),
        Effect::OpenSocket { socket } => format!("open {}", socket.0),
        Effect::CloseSocket { socket, code } => format!("close {} {}", socket.0, code.as_u16()),
        Effect::SetTimer { timer, delay } if delay.least_ms == delay.most_ms => {
            format!("timer {timer:?} {}", delay.least_ms)
        }
        Effect::SetTimer { timer, delay } => {
            format!("timer {timer:?} {}..{}", delay.least_ms, delay.most_ms)
        }
        Effect::ClearTimer(timer) => format!("clear {timer:?}"),
        Effect::FetchToken { request, wish } => {
            let wish = format!("{wish:?}");
            let kind = wish.split([' ', '{']).next().unwrap_or_default().to_owned();
            format!("token #{} {kind}", request.0)
        }
        Effect::CreateChannel(create) => {
            format!("create #{} {} {} {}", create.request.0, create.key, create.name, create.data)
        }
        Effect::FetchLink { request, media, .. } => format!("link #{} {media}", request.0),
        Effect::OpenLink(url) => format!("open {url}"),
        Effect::EndChannel { request, channel, .. } => format!("end #{} {channel}", request.0),
        Effect::SaveSession(session) => {
            let channel = session.channel.is_some();
            let pending = session.pending.is_some();
            format!("save session {} channel={channel} pending={pending}", session.token)
        }
        Effect::ForgetSession => "forget session".into(),
        Effect::SaveEntry(entry) => format!("save entry {} {:?}", entry.body, entry.failed),
        Effect::ForgetEntry(cid) => format!("forget entry {:x}", cid.0),
        Effect::Changed(Notice::Timeline { diffs, .. }) => {
            let diffs: Vec<String> = diffs.iter().map(diff).collect();
            format!("rows {}", diffs.join(", "))
        }
        Effect::Changed(notice) => {
            let notice = format!("{notice:?}");
            format!("changed {}", notice.split('(').next().unwrap_or_default())
        }
        Effect::Report(text) => format!("report {text}"),
    }
}

fn diff(diff: &Diff) -> String {
    match diff {
        Diff::Reset(rows) => format!("reset {}", rows.len()),
        Diff::Insert { at, row } => format!("+{at} {:?}", row.receipt),
        Diff::Update { at, row } => format!("~{at} {:?}", row.receipt),
        Diff::Remove { at, .. } => format!("-{at}"),
    }
}

/// The one helper: these events, on this stage, ask for this.
#[track_caller]
pub(super) fn check(scene: &mut Scene, events: Vec<Event>, expected: &Expect) {
    let effects: Vec<Effect> = events.into_iter().flat_map(|event| scene.on(event)).collect();
    expected.assert_eq(&show(&effects));
}

/// A stage in every state of the connection, and before and after it, by name.
pub(super) fn every_state() -> BTreeMap<&'static str, Scene> {
    let mut scenes = BTreeMap::new();
    scenes.insert("idle", Scene::guest());
    let mut scene = Scene::guest();
    scene.on(start(None));
    scenes.insert("form", scene.clone());
    scene.on(Event::SubmitForm(submission("k1")));
    scenes.insert("starting, no token", scene.clone());
    scene.token_answer(1, "t1");
    scenes.insert("starting, asked", scene.clone());
    let mut scene = Scene::guest();
    scene.on(start(Some(Session { expires: Millis(0), ..session() })));
    assert_eq!(scene.client.connection(), Connection::Token);
    scenes.insert("token", scene);
    let mut scene = Scene::connecting();
    scenes.insert("connecting", scene.clone());
    scene.open();
    scenes.insert("hello", scene);
    scenes.insert("syncing", Scene::syncing());
    let live = Scene::live();
    scenes.insert("live", live.clone());
    let mut scene = live.clone();
    scene.compose(200, "Still there?");
    scenes.insert("live, in flight", scene);
    let mut scene = live.clone();
    scene.hear(ServerFrame::Drain { after: 3_000 });
    scenes.insert("live, draining", scene);
    let mut scene = live.clone();
    scene.hear(ServerFrame::Ev {
        ch: stream(),
        event: happened(3, EventKind::Status { status: Status::Inactive }),
    });
    scenes.insert("live, ended", scene.clone());
    scene.ring(Timer::Linger);
    scenes.insert("closed", scene);
    for (name, code) in
        [("waiting", 1006), ("protocol", 4001), ("forbidden", 4403), ("gone", 4404), ("user", 1000)]
    {
        let mut scene = live.clone();
        scene.close(code);
        scenes.insert(name, scene);
    }
    let mut scene = live.clone();
    scene.on(Event::Offline);
    scenes.insert("offline", scene);
    let mut scene = live.clone();
    scene.on(Event::PageHide);
    scenes.insert("away", scene);
    let mut scene = live;
    scene.on(Event::Hidden);
    scene.close(4409);
    scenes.insert("too many", scene);
    let mut scene = Scene::agent();
    scene.on(start(None));
    scene.token_answer(1, "t1");
    scenes.insert("agent, connecting", scene);
    scenes
}
