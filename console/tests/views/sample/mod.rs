//! A desk with people at it, for looking at and for tests: nothing of it comes from a server.

use frontdesk_browser::http::console::Me;
use frontdesk_client::{
    Connection, Day, Failure, Receipt, Row, RowKey, SendFailure, SocketId, SuspendReason,
};
use frontdesk_console::{
    cells,
    desk::{glance::Glance, list::Tab, login::LoginProblem},
    state::{Door, Shown},
    wish::Wish,
};
use frontdesk_protocol::{
    ChannelSid, Cid, Identity, Millis, QueueSid, TaskSid, UserSid,
    attributes::Attributes,
    state::{Member, Role, Task, TaskStatus},
};
use leptos::prelude::*;
use serde_json::json;

/// All states there are to look at.
pub(crate) const STATES: [&str; 17] = [
    "asking",
    "unreachable",
    "login",
    "wrong",
    "throttled",
    "expired",
    "loading",
    "nobody",
    "nothing-chosen",
    "waiting",
    "mine",
    "typing",
    "offline",
    "broken",
    "failed",
    "ended",
    "closed",
];

/// A moment in the afternoon.
pub(crate) const NOW: Millis = Millis(1_795_442_640_000);

fn who(text: &str) -> Identity {
    Identity::parse(text).expect("a plain word is an identity")
}

/// The agent.
pub(crate) fn anna() -> Me {
    Me {
        identity: who("anna"),
        name: "Anna Keller".into(),
        user_sid: UserSid::from_bits(1),
        queue_sid: QueueSid::from_bits(1),
    }
}

fn ago(minutes: u64) -> Millis {
    Millis(NOW.0 - minutes * 60_000)
}

fn task(bits: u128, name: &str, status: TaskStatus, minutes: u64) -> Task {
    let serde_json::Value::Object(attributes) = json!({
        "friendlyName": name,
        "email": "alice@example.org",
        "topic": "An order",
        "question": "Where is my order 1042?\nIt was to arrive yesterday.",
        "location": "https://shop.example/orders/1042",
        "title": "Order 1042 · Harbour Bikes",
        "locale": "fr-FR",
    }) else {
        unreachable!("an object was written")
    };
    Task {
        sid: TaskSid::from_bits(bits),
        channel: ChannelSid::from_bits(bits),
        status,
        name: name.into(),
        created: ago(minutes),
        updated: ago(minutes.saturating_sub(1)),
        agent: (status != TaskStatus::Waiting).then(|| who("anna")),
        attributes,
    }
}

/// A row; `me` says whether the agent wrote it.
pub(crate) fn row(seq: u64, me: bool, body: &str, at: Millis) -> Row {
    Row {
        key: if me { RowKey::Cid(Cid(u128::from(seq))) } else { RowKey::Seq(seq) },
        seq: Some(seq),
        cid: me.then_some(Cid(u128::from(seq))),
        author: who(if me { "anna" } else { "guest" }),
        mine: me,
        body: body.into(),
        media: None,
        attributes: Attributes::new(),
        ts: at,
        edited: false,
        redacted: false,
        receipt: me.then_some(Receipt::Read),
        divider: None,
        starts_group: true,
        ends_group: true,
    }
}

fn rows() -> Vec<Row> {
    let day = |minutes| Some(Day::of(ago(minutes), 0));
    vec![
        Row {
            divider: day(1_500),
            edited: true,
            ..row(1, false, "Is the blue one back in stock?", ago(1_500))
        },
        row(2, true, "Not before Friday. Shall I put one aside for you?", ago(1_498)),
        Row {
            divider: day(9),
            ends_group: false,
            ..row(3, false, "Good morning! It is about my order.", ago(9))
        },
        Row {
            starts_group: false,
            ..row(
                4,
                false,
                "It was to arrive yesterday, and the tracking page has not moved since Friday: \
                 https://track.example/parcel/1042",
                ago(8),
            )
        },
        Row { ends_group: false, ..row(5, true, "I am looking. One moment, please.", ago(7)) },
        Row {
            starts_group: false,
            receipt: Some(Receipt::Delivered),
            ..row(6, true, "It is back at the depot.\nShall I send it again today?", ago(6))
        },
        Row { redacted: true, body: String::new(), ..row(7, false, "", ago(2)) },
        row(8, false, "Yes please, to the same address.", ago(1)),
    ]
}

fn member(identity: &str, role: Role, name: &str) -> Member {
    Member {
        identity: who(identity),
        role,
        name: name.into(),
        seen: 0,
        read: 0,
        left: false,
        attributes: Attributes::new(),
    }
}

fn live() -> Connection {
    Connection::Live { socket: SocketId(1), since: Millis(0), draining: false }
}

/// Puts a state on the desk.
pub(crate) fn show(shown: Shown, state: &str) {
    shown.now.set(NOW);
    shown.connection.set(live());
    shown.was_live.set(true);
    shown.is_listed.set(true);
    let door = match state {
        "asking" => Door::Asking,
        "unreachable" => Door::Unreachable,
        "login" | "wrong" | "throttled" => Door::Shut { expired: None },
        "expired" => Door::Shut { expired: Some(anna()) },
        _ => Door::Open(anna()),
    };
    shown.door.set(door);
    let failure = |status, retry_after_ms| Failure { status, retry_after_ms, error: None };
    match state {
        "wrong" => shown.problem.set(Some(LoginProblem::of(&failure(401, None), NOW))),
        "throttled" => {
            shown.problem.set(Some(LoginProblem::of(&failure(429, Some(42_000)), NOW)));
        }
        "loading" => shown.is_listed.set(false),
        "nobody" | "asking" | "unreachable" | "login" | "expired" => {}
        _ => {
            people(shown);
            conversation(shown, state);
        }
    }
}

fn people(shown: Shown) {
    shown.tasks.set(vec![
        task(1, "Tom B.", TaskStatus::Waiting, 6),
        task(2, "Guest", TaskStatus::Waiting, 1),
        task(3, "Alice Moreau", TaskStatus::Accepted, 9),
        task(4, "Jun Ogawa", TaskStatus::Accepted, 40),
        task(5, "Maximiliane von Hohenstein-Wartburg", TaskStatus::Accepted, 70),
        task(6, "Petra Lind", TaskStatus::Closed, 180),
    ]);
    let glance = |bits: u128, body: &str, minutes, unread, typing, me| {
        let rows = [row(1, me, body, ago(minutes))];
        (ChannelSid::from_bits(bits), Glance::of(&rows, unread, typing, |row| !row.mine))
    };
    shown.glances.set(
        [
            glance(1, "Can I change the colour of the frame?", 5, 1, false, false),
            glance(2, "Hello?", 0, 2, true, false),
            glance(3, "Yes please, to the same address.", 1, 0, false, false),
            glance(4, "Thank you!", 4, 1, false, false),
            glance(5, "You will have it tomorrow, between nine and noon.", 20, 0, false, true),
            glance(6, "Bye!", 170, 0, false, false),
        ]
        .into(),
    );
}

fn conversation(shown: Shown, state: &str) {
    let (tab, chosen) = match state {
        "nothing-chosen" => (Tab::Waiting, None),
        "waiting" => (Tab::Waiting, Some(1)),
        "closed" => (Tab::Closed, Some(6)),
        _ => (Tab::Mine, Some(3)),
    };
    shown.tab.set(tab);
    shown.chosen.set(chosen.map(TaskSid::from_bits));
    shown.is_reading.set(chosen.is_some());
    let mut rows = rows();
    match state {
        "failed" => {
            rows.push(Row { receipt: Some(Receipt::Sending), ..row(9, true, "On its way.", NOW) });
            rows.push(Row {
                receipt: Some(Receipt::Failed(SendFailure::TooLong)),
                ..row(10, true, "And could you ring the bell this time?", NOW)
            });
        }
        "offline" => shown.connection.set(Connection::Suspended(SuspendReason::Offline)),
        "broken" => shown.connection.set(Connection::Waiting { tries: 6 }),
        _ => {}
    }
    shown.rows.set(cells::of_rows(&[], &rows));
    shown.talk.update(|talk| {
        talk.is_known = true;
        talk.has_older = state == "mine";
        talk.is_over = state == "ended";
        talk.members = vec![
            member("guest", Role::Guest, "Alice Moreau"),
            member("anna", Role::Agent, "Anna Keller"),
        ];
        talk.typing = if state == "typing" { vec![who("guest")] } else { Vec::new() };
    });
    if state == "typing" {
        let text = "It leaves today at four.\nYou will have it tomorrow.".to_owned();
        shown.drafts.update(|drafts| {
            drafts.insert(ChannelSid::from_bits(3), text);
        });
    }
    if state == "broken" {
        shown.toast.set(Some("A colleague was faster: this chat is taken.".into()));
    }
}

/// What a desk without a server does about a wish.
pub(crate) fn take(shown: Shown, wish: Wish) {
    match wish {
        Wish::ShowTab(tab) => shown.tab.set(tab),
        Wish::Choose(sid) => {
            shown.chosen.set(Some(sid));
            shown.is_reading.set(true);
        }
        Wish::Back => shown.is_reading.set(false),
        Wish::ToggleDetails => shown.is_detailed.update(|is_detailed| *is_detailed ^= true),
        Wish::Draft { channel, text } => shown.drafts.update(|drafts| {
            drafts.insert(channel, text);
        }),
        Wish::DismissToast => shown.toast.set(None),
        Wish::Enter { .. }
        | Wish::Leave
        | Wish::AskAgain
        | Wish::Accept(_)
        | Wish::Close(_)
        | Wish::Send(_)
        | Wish::Retry(_)
        | Wish::Discard(_)
        | Wish::OpenFile(_)
        | Wish::LoadOlder
        | Wish::Seen(_)
        | Wish::TryNow
        | Wish::Reload => {}
    }
}
