//! One question of the form, with its help and what is wrong about its answer.

use frontdesk_browser::element;
use frontdesk_protocol::form::{Choice, Field, FieldKind};
use leptos::{
    either::Either,
    html::{self, custom},
    prelude::*,
};

use super::icon::{self, icon};
use crate::app::App;

/// A question. `at` is its place in the form and makes its ids.
#[must_use]
pub fn field(app: App, at: usize, field: Field) -> impl IntoView {
    let (state, words) = (app.state, app.words);
    let id = format!("fd-q{at}");
    let (help_id, error_id) = (format!("{id}-help"), format!("{id}-error"));
    let described_by = format!("{help_id} {error_id}");
    let is_picked = matches!(field.kind, FieldKind::Radio | FieldKind::Checkbox);
    let is_checkbox = field.kind == FieldKind::Checkbox;
    let name = StoredValue::new(field.name.clone());
    let help = field.help.clone();
    let optional = if field.required || is_checkbox { "" } else { words.optional };

    // What was written before, on this page or by the site's owner, is there from the start.
    let value = state
        .answers
        .try_update(|answers| {
            answers.get_or_insert_with(field.name.clone(), || field.value.clone()).clone()
        })
        .unwrap_or_default();
    let give = move |value: String| {
        let name = name.get_value();
        state.answers.update(|answers| drop(answers.insert(name.clone(), value)));
        app.check(&name, true);
    };
    let leave = move |_: leptos::ev::FocusEvent| app.check(&name.get_value(), false);
    let is_bad = move || name.with_value(|name| state.problems.with(|all| all.contains_key(name)));
    let asked = StoredValue::new(field.clone());
    let problem = move || {
        asked.with_value(|field| {
            state.problems.with(|all| all.get(&field.name).map(|found| words.problem(field, found)))
        })
    };

    let control = if is_picked {
        let choices = if is_checkbox {
            vec![Choice { value: "true".into(), label: field.label.clone() }]
        } else {
            field.options
        };
        let label = if is_checkbox { String::new() } else { field.label };
        let picks: Vec<_> = choices
            .into_iter()
            .enumerate()
            .map(|(nth, choice)| {
                let is_picked = choice.value == value;
                let picked = choice.value;
                view! { class="fd",
                    <label class="pick" data-is=is_checkbox.then_some("bare")>
                        <input
                            class="tick"
                            type=if is_checkbox { "checkbox" } else { "radio" }
                            id=(nth == 0).then(|| id.clone())
                            name=id.clone()
                            prop:checked=is_picked
                            aria-invalid=move || is_bad().then_some("true")
                            aria-describedby=described_by.clone()
                            aria-required=field.required.then_some("true")
                            on:change=move |event| {
                                let is_checked = element::is_checked(&event);
                                give(if is_checked { picked.clone() } else { String::new() });
                            }
                        />
                        <span>{choice.label}</span>
                    </label>
                }
            })
            .collect();
        Either::Left(view! { class="fd",
            <fieldset class="q" data-is=move || is_bad().then_some("bad") on:focusout=leave>
                <legend class="name">{label}" "<span class="opt">{optional}</span></legend>
                {picks}
            </fieldset>
        })
    } else {
        let (tag, kind) = match field.kind {
            FieldKind::Textarea => ("textarea", None),
            FieldKind::Select => ("select", None),
            FieldKind::Email => ("input", Some("email")),
            FieldKind::Text | FieldKind::Radio | FieldKind::Checkbox => ("input", Some("text")),
        };
        let is_select = tag == "select";
        let autocomplete = match (field.autocomplete.is_empty(), field.kind) {
            (false, _) => field.autocomplete,
            (true, FieldKind::Email) => "email".into(),
            (true, _) if field.name == "friendlyName" => "name".into(),
            (true, _) => "on".into(),
        };
        let longest =
            (!is_select).then_some(field.max_length).flatten().map(|most| most.to_string());
        let hint =
            (!is_select && !field.placeholder.is_empty()).then_some(field.placeholder.clone());
        // The first option asks; it cannot be an answer.
        let asks =
            if field.placeholder.is_empty() { words.choose.to_owned() } else { field.placeholder };
        let first = is_select.then(|| Choice { value: String::new(), label: asks });
        let options: Vec<_> = first
            .into_iter()
            .chain(field.options)
            .map(|choice| {
                html::option()
                    .prop("selected", choice.value == value)
                    .value(choice.value)
                    .child(choice.label)
            })
            .collect();
        let initial = (!is_select).then_some(value);
        // One element for three: the tag is a value, so the three cost as much as one.
        let control = custom(tag)
            .attr("class", "ctl")
            .attr("id", id.clone())
            .attr("name", field.name)
            .attr("type", kind)
            .attr("autocomplete", autocomplete)
            .attr("maxlength", longest)
            .attr("placeholder", hint)
            .attr("aria-required", field.required.then_some("true"))
            .attr("aria-invalid", move || is_bad().then_some("true"))
            .attr("aria-describedby", described_by)
            .prop("value", initial)
            .on(leptos::ev::input, move |event| give(event_target_value(&event)))
            .on(leptos::ev::blur, leave)
            .child(options);
        Either::Right(view! { class="fd",
            <div class="q" data-is=move || is_bad().then_some("bad")>
                <label class="name" for=id>{field.label}" "<span class="opt">{optional}</span></label>
                <div class="control">{control}{is_select.then(|| icon(icon::OPEN))}</div>
            </div>
        })
    };
    view! { class="fd",
        <div>
            {control}
            <p class="help" id=help_id>{help}</p>
            <p class="err" id=error_id>{problem}</p>
        </div>
    }
}
