//! The side panel: what is known of the visitor and of the chat.

use frontdesk_browser::{
    dom::KeyboardEvent,
    focus,
    intl::{self, Style},
    page,
};
use frontdesk_protocol::{
    Millis,
    state::{Task, TaskStatus},
};
use leptos::{html, prelude::*};

use super::{
    avatar::Avatar,
    icon::{Glyph, Icon},
};
use crate::{
    app::SIDE_PANEL_PX,
    desk::{
        details::{Detail, Details},
        waiting::Waiting,
    },
    wish::{Wish, desk},
};

/// The side panel of the chosen chat.
#[component]
pub(super) fn DetailsView() -> impl IntoView {
    let desk = desk();
    let shown = desk.shown;
    let task = Memo::new(move |_| shown.task());
    let close = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            desk.wish(Wish::ToggleDetails);
        }
    };
    // Over the conversation it is what one deals with; in a column of its own it is only there.
    let cross = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if let Some(cross) = cross.get()
            && page::width_px() <= SIDE_PANEL_PX
        {
            focus::focus(&cross);
        }
    });
    view! { class="fd",
        <aside class="details part" aria-label="About the visitor" on:keydown=close>
            <div class="head">
                <h2>"Visitor"</h2>
                <button
                    node_ref=cross
                    type="button"
                    class="iconbutton"
                    aria-label="Close the panel"
                    on:click=move |_| desk.wish(Wish::ToggleDetails)
                >
                    <Icon glyph=Glyph::Cross small=true/>
                </button>
            </div>
            {move || task.get().map(|task| view! { class="fd", <About task=task/> })}
        </aside>
    }
}

#[component]
fn About(
    /// The task.
    task: Task,
) -> impl IntoView {
    let details = Details::of(&task.attributes);
    let name = task.name.clone();
    let has_answers = !details.answers.is_empty();
    view! { class="fd",
        <div class="person">
            <Avatar name=name.clone() identity=task.channel.to_string()/>
            <div><b dir="auto">{name}</b><Tag task=task.clone()/></div>
        </div>
        {if has_answers {
            view! { class="fd", <List details=details.answers/> }.into_any()
        } else {
            view! { class="fd", <p class="nothing">"The form asked for nothing else."</p> }.into_any()
        }}
        {(!details.page.is_empty()).then(|| view! { class="fd",
            <h3>"Where they wrote from"</h3>
            <List details=details.page/>
        })}
        <h3>"Chat"</h3>
        <Times task=task/>
    }
}

#[component]
fn Tag(
    /// The task.
    task: Task,
) -> impl IntoView {
    let words = match task.status {
        TaskStatus::Waiting => "Waiting",
        TaskStatus::Accepted => "In conversation",
        TaskStatus::Closed => "Closed",
    };
    view! { class="fd",
        <span
            class="tag"
            class:waiting={task.status == TaskStatus::Waiting}
            class:accepted={task.status == TaskStatus::Accepted}
        >
            {words}
        </span>
    }
}

#[component]
fn List(
    /// What is known.
    details: Vec<Detail>,
) -> impl IntoView {
    view! { class="fd",
        <dl>
            {details.into_iter().map(|detail| view! { class="fd",
                <div>
                    <dt>{detail.label}</dt>
                    <dd>
                        {match detail.link {
                            Some(link) => view! { class="fd",
                                <a href=link target="_blank" rel="noopener noreferrer nofollow">
                                    {detail.value}
                                </a>
                            }.into_any(),
                            None => detail.value.into_any(),
                        }}
                    </dd>
                </div>
            }).collect_view()}
        </dl>
    }
}

#[component]
fn Times(
    /// The task.
    task: Task,
) -> impl IntoView {
    let shown = desk().shown;
    let at = |moment: Millis| intl::format(moment, Style::DayAndTime, &page::language());
    let status = task.status;
    let waited = Memo::new(move |_| match status {
        TaskStatus::Waiting => Some(Waiting::between(task.created, shown.now.get()).told()),
        TaskStatus::Accepted => Some(Waiting::between(task.created, task.updated).told()),
        TaskStatus::Closed => None,
    });
    let agent = task.agent;
    let has_agent = agent.is_some();
    let agent = Memo::new(move |_| {
        let agent = agent.as_ref()?;
        let me = shown.me().filter(|me| me.identity == *agent).map(|me| me.name);
        let named = me.or_else(|| shown.talk.with(|talk| talk.name(agent)));
        Some(named.unwrap_or_else(|| agent.to_string()))
    });
    let updated = match status {
        TaskStatus::Waiting => None,
        TaskStatus::Accepted => Some(("Accepted", at(task.updated))),
        TaskStatus::Closed => Some(("Closed", at(task.updated))),
    };
    view! { class="fd",
        <dl>
            <div><dt>"Asked"</dt><dd>{at(task.created)}</dd></div>
            {move || waited.get().map(|waited| view! { class="fd",
                <div>
                    <dt>{if status == TaskStatus::Waiting { "Waiting for" } else { "Waited for" }}</dt>
                    <dd>{waited}</dd>
                </div>
            })}
            {updated.map(|(label, when)| view! { class="fd",
                <div><dt>{label}</dt><dd>{when}</dd></div>
            })}
            {has_agent.then(|| view! { class="fd",
                <div><dt>"Agent"</dt><dd>{agent}</dd></div>
            })}
        </dl>
    }
}
