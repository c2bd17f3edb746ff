//! One question of the form, with its help and what is wrong about its answer.

use frontdesk_browser::{dom::Event, element, node};
use frontdesk_protocol::{
    form::{Choice, Field, FieldKind},
    json::decimal,
};

use super::icon::{self, icon};
use crate::{
    ui::{El, Var, el},
    widget::Widget,
};

/// What the parts of one question share. Copied freely.
#[derive(Clone, Copy)]
struct Question {
    widget: Widget,
    asked: Var<Field>,
    /// Its place in the form, which makes its ids.
    at: usize,
}

/// A question. `at` is its place in the form and makes its ids.
#[must_use]
pub fn field(widget: Widget, at: usize, field: Field) -> El {
    // What was written before, on this page or by the site's owner, is there from the start.
    let answers = widget.state.answers;
    let written = answers.with_untracked(|answers| answers.get(&field.name).cloned());
    let value = written.unwrap_or_else(|| field.value.clone());
    answers.update(|answers| drop(answers.insert(field.name.clone(), value.clone())));
    let question = Question { widget, asked: Var::new(field.clone()), at };
    let control = match field.kind {
        FieldKind::Radio | FieldKind::Checkbox => picks(question, &field, &value),
        FieldKind::Text | FieldKind::Email | FieldKind::Textarea | FieldKind::Select => {
            typed(question, &field, &value)
        }
    };
    let problem = move || question.problem().unwrap_or_default();
    el("div", "")
        .child(control)
        .child(el("p", "help").attr("id", &question.id("-help")).text(&field.help))
        .child(el("p", "err").attr("id", &question.id("-error")).text_of(problem))
}

impl Question {
    fn id(self, part: &str) -> String {
        ["fd-q", &decimal(self.at as u64), part].concat()
    }

    fn problem(self) -> Option<String> {
        let Self { widget, asked, .. } = self;
        asked.with_untracked(|field| {
            widget
                .state
                .problems
                .with(|all| all.get(&field.name).map(|found| widget.words.problem(field, found)))
        })
    }

    fn is_bad(self) -> bool {
        self.asked.with_untracked(|field| {
            self.widget.state.problems.with(|all| all.contains_key(&field.name))
        })
    }

    /// The answer is now this one.
    fn give(self, value: String) {
        let name = self.asked.with_untracked(|field| field.name.clone());
        self.widget.state.answers.update(|answers| drop(answers.insert(name.clone(), value)));
        self.widget.check(&name, true);
    }

    /// The question was left: now its answer may be called wrong.
    fn leave(self, _: Event) {
        self.widget.check(&self.asked.with_untracked(|field| field.name.clone()), false);
    }

    /// A control with what every control has.
    fn control(self, control: El) -> El {
        let is_required = self.asked.with_untracked(|field| field.required);
        control
            .attr_if("aria-required", is_required.then_some("true"))
            .attr_of("aria-invalid", move || self.is_bad().then_some("true"))
            .attr("aria-describedby", &[self.id("-help"), self.id("-error")].join(" "))
    }

    /// The box around label and control.
    fn frame(self, tag: &str) -> El {
        el(tag, "q").attr_of("data-is", move || self.is_bad().then_some("bad"))
    }

    /// The label's text; a question that may be left out says so.
    fn label(self, label: El, text: &str, is_optional: bool) -> El {
        let optional = if is_optional { self.widget.words.optional } else { "" };
        label.text(text).text(" ").child(el("span", "opt").text(optional))
    }
}

/// A checkbox, or radio buttons: a group of boxes with labels.
fn picks(question: Question, field: &Field, value: &str) -> El {
    let is_checkbox = field.kind == FieldKind::Checkbox;
    let only = [Choice { value: "true".into(), label: field.label.clone() }];
    let choices = if is_checkbox { only.as_slice() } else { &field.options };
    let picks = choices.iter().enumerate().map(|(nth, choice)| {
        let picked = choice.value.clone();
        let id = (nth == 0).then(|| question.id(""));
        let tick = el("input", "tick")
            .attr("type", if is_checkbox { "checkbox" } else { "radio" })
            .attr_if("id", id.as_deref())
            .attr("name", &question.id(""))
            .on("change", move |event| {
                let is_ticked = element::is_checked(&event);
                question.give(if is_ticked { picked.clone() } else { String::new() });
            });
        node::set_checked(tick.node(), choice.value == value);
        el("label", "pick")
            .attr_if("data-is", is_checkbox.then_some("bare"))
            .child(question.control(tick))
            .child(el("span", "").text(&choice.label))
    });
    let label = if is_checkbox { "" } else { &field.label };
    let is_optional = !field.required && !is_checkbox;
    question
        .frame("fieldset")
        .on("focusout", move |event| question.leave(event))
        .child(question.label(el("legend", "name"), label, is_optional))
        .children(picks)
}

/// A field to write into, or a list to choose from.
fn typed(question: Question, field: &Field, value: &str) -> El {
    let (tag, kind) = match field.kind {
        FieldKind::Textarea => ("textarea", None),
        FieldKind::Select => ("select", None),
        FieldKind::Email => ("input", Some("email")),
        FieldKind::Text | FieldKind::Radio | FieldKind::Checkbox => ("input", Some("text")),
    };
    let is_select = tag == "select";
    let autocomplete = if !field.autocomplete.is_empty() {
        field.autocomplete.as_str()
    } else if field.kind == FieldKind::Email {
        "email"
    } else if field.name == "friendlyName" {
        "name"
    } else {
        "on"
    };
    let id = question.id("");
    let control = el(tag, "ctl")
        .attr("id", &id)
        .attr("name", &field.name)
        .attr_if("type", kind)
        .attr("autocomplete", autocomplete)
        .on("input", move |event| question.give(node::value(&event)))
        .on("blur", move |event| question.leave(event));
    let control = question.control(control);
    let arrow = if is_select {
        // The first option asks; it cannot be an answer.
        let hint = field.placeholder.as_str();
        let asks = if hint.is_empty() { question.widget.words.choose } else { hint };
        for (answer, label) in std::iter::once(("", asks)).chain(
            field.options.iter().map(|choice| (choice.value.as_str(), choice.label.as_str())),
        ) {
            let option = el("option", "").attr("value", answer).text(label);
            node::place(control.node(), option.node(), None);
            if answer == value {
                node::select(option.node());
            }
        }
        Some(icon(icon::OPEN))
    } else {
        let longest = field.max_length.map(|most| decimal(most.into()));
        control.set_attr("maxlength", longest.as_deref());
        if !field.placeholder.is_empty() {
            control.set_attr("placeholder", Some(&field.placeholder));
        }
        node::set_value(control.node(), value);
        None
    };
    let label = el("label", "name").attr("for", &id);
    question
        .frame("div")
        .child(question.label(label, &field.label, !field.required))
        .child(el("div", "control").child(control).children(arrow))
}
