//! Somebody is writing.

use leptos::prelude::*;

use super::avatar::Avatar;
use crate::wish::desk;

/// Three dots, while somebody else writes in the chosen chat.
#[component]
pub(super) fn Typing() -> impl IntoView {
    let shown = desk().shown;
    let who = Memo::new(move |_| shown.talk.with(|talk| talk.typing.first().cloned()));
    view! { class="fd",
        {move || who.get().map(|who| {
            let name = Memo::new({
                let who = who.clone();
                move |_| {
                    let visitor = shown.task().map(|task| task.name).unwrap_or_default();
                    shown.talk.with(|talk| talk.called(&who, &visitor))
                }
            });
            let (is_guest, is_program) =
                shown.talk.with_untracked(|talk| (talk.is_guest(&who), talk.is_program(&who)));
            let visitor = shown.task_now().filter(|_| is_guest);
            let identity = visitor.map_or_else(|| who.to_string(), |task| task.channel.to_string());
            view! { class="fd",
                <div class="said last">
                    <Avatar name=name identity=identity neutral=is_program small=true/>
                    <div class="bubble dots">
                        <span class="unseen">{move || format!("{} is writing", name.get())}</span>
                        <span class="dot"></span>
                        <span class="dot"></span>
                        <span class="dot"></span>
                    </div>
                </div>
            }
        })}
    }
}
