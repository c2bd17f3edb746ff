//! One chat in the list.

use frontdesk_browser::{
    intl::{self, Style},
    page,
};
use frontdesk_protocol::{
    TaskSid,
    state::{Task, TaskStatus},
};
use leptos::prelude::*;

use super::avatar::Avatar;
use crate::{
    desk::{
        glance::{Glance, one_line},
        waiting::{Waiting, count},
    },
    wish::{Wish, desk},
};

/// A row of the list: who, the last line, how long it waits, what is unread.
#[component]
pub(super) fn Chat(
    /// Which task.
    sid: TaskSid,
    /// The tasks that are listed.
    listed: Memo<Vec<Task>>,
    /// The row that Tab comes to.
    entry: Memo<Option<TaskSid>>,
    /// The row where the keyboard was last.
    at: RwSignal<Option<TaskSid>>,
) -> impl IntoView {
    let desk = desk();
    let shown = desk.shown;
    let sid = StoredValue::new(sid);
    let is = move |other: &TaskSid| sid.with_value(|sid| sid == other);
    let task =
        Memo::new(move |_| listed.with(|tasks| tasks.iter().find(|task| is(&task.sid)).cloned()));
    let glance =
        Memo::new(move |_| task.get().map(|task| shown.glance(&task.channel)).unwrap_or_default());
    let name = Memo::new(move |_| task.get().map(|task| task.name).unwrap_or_default());
    let identity = task.get_untracked().map(|task| task.channel.to_string()).unwrap_or_default();
    let is_chosen = move || shown.chosen.with(|chosen| chosen.as_ref().is_some_and(is));
    let is_entry = move || entry.with(|entry| entry.as_ref().is_some_and(is));

    let when = Memo::new(move |_| {
        let waiting = waits(task.get()?, &glance.get());
        Some(match waiting {
            When::Waits(since) => {
                let waiting = Waiting::between(since, shown.now.get());
                let said = format!("waiting for {}", waiting.spoken());
                (waiting.short(), waiting.is_late(), said)
            }
            When::Said(at) => {
                let text = intl::format(at, Style::Time, &page::language());
                (text.clone(), false, format!("last message at {text}"))
            }
        })
    });
    // Closed chats are not followed: their last message is unknown, not missing.
    let is_followed = move || {
        let channel = task.with(|task| task.as_ref().map(|task| task.channel.clone()));
        channel.is_some_and(|channel| shown.glances.with(|all| all.contains_key(&channel)))
    };
    let last = Memo::new(move |_| {
        let glance = glance.get();
        if glance.typing {
            return "is writing …".to_owned();
        }
        match glance.last {
            Some(last) if last.mine => format!("You: {}", last.text),
            Some(last) if last.text.is_empty() => "Message taken back".into(),
            Some(last) => last.text,
            None if is_followed() => "No message yet".into(),
            None => task.with(|task| task.as_ref().map(asked)).unwrap_or_default(),
        }
    });
    let unread = Memo::new(move |_| glance.with(|glance| glance.unread));
    let said = move || {
        let unread = unread.get();
        let unread = (unread > 0).then(|| count(unread, "unread message"));
        let waiting = when.get().map(|(_, _, said)| said);
        let last = Some(last.get()).filter(|last| !last.is_empty());
        [Some(name.get()), unread, waiting, last]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ")
    };

    view! { class="fd",
        <li>
            <button
                type="button"
                class="chat"
                class:fresh=move || unread.get() != 0
                id=move || sid.with_value(|sid| format!("chat-{sid}"))
                aria-current=move || is_chosen().then_some("true")
                aria-label=said
                tabindex=move || if is_entry() { "0" } else { "-1" }
                on:focus=move |_| at.set(Some(sid.get_value()))
                on:click=move |_| desk.wish(Wish::Choose(sid.get_value()))
            >
                <Avatar name=name identity=identity/>
                <span>
                    <span class="name" dir="auto">{name}</span>
                    <span class="last" dir="auto" class:writes=move || glance.with(|glance| glance.typing)>{last}</span>
                </span>
                <span class="ends">
                    <span class="when" class:late=move || when.get().is_some_and(|(_, late, _)| late)>
                        {move || when.get().map(|(short, ..)| short)}
                    </span>
                    <Show when=move || unread.get() != 0>
                        <span class="unread">{unread}</span>
                    </Show>
                </span>
            </button>
        </li>
    }
}

/// The question from the form, on one line; empty for none.
fn asked(task: &Task) -> String {
    let question = task.attributes.get("question").and_then(serde_json::Value::as_str);
    question.map(one_line).unwrap_or_default()
}

/// What stands at the end of a row.
enum When {
    /// Somebody has been waiting since.
    Waits(frontdesk_protocol::Millis),
    /// Something was said or done last.
    Said(frontdesk_protocol::Millis),
}

fn waits(task: Task, glance: &Glance) -> When {
    match task.status {
        TaskStatus::Waiting => When::Waits(task.created),
        TaskStatus::Accepted => match (glance.waits_since, &glance.last) {
            (Some(since), _) => When::Waits(since),
            (None, Some(last)) => When::Said(last.at),
            (None, None) => When::Said(task.updated),
        },
        TaskStatus::Closed => When::Said(task.updated),
    }
}
