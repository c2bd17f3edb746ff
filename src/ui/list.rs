//! One element for each item of a list that changes.

use std::collections::VecDeque;

use frontdesk_browser::node;
use leptos::prelude::*;

use super::{El, Live, effect};
use crate::lines::Line;

/// What stands in the page for a line, and what ends with it.
struct Drawn {
    line: Line,
    el: El,
    owner: Owner,
}

/// Keeps one element for each of `lines`, in their order, in front of `end`, which is the last child
/// of `parent`. A line that is still there keeps its element, untouched.
pub fn list(parent: &El, end: &El, lines: Live<Vec<Line>>, draw: impl Fn(Line) -> El + 'static) {
    let (parent, end) = (parent.clone(), end.clone());
    // The effect's own owner ends at each run; the elements' must not.
    let owner = Owner::current().expect("a view is made by an owner");
    let all = Live::new(VecDeque::<Drawn>::new());
    effect(move || {
        let mut known = VecDeque::new();
        all.update(|all| std::mem::swap(all, &mut known));
        let now = lines.with(|lines| {
            let drawn = lines.iter().map(|line| {
                // Mostly the first: what is known is in the same order.
                let old = known.iter().position(|old| old.line == *line);
                old.and_then(|at| known.remove(at)).unwrap_or_else(|| {
                    let owner = owner.child();
                    let el = owner.with(|| untrack(|| draw(line.clone())));
                    Drawn { line: line.clone(), el, owner }
                })
            });
            drawn.collect::<VecDeque<_>>()
        });
        for gone in known {
            gone.owner.cleanup();
            gone.el.node().remove();
        }
        let mut next = end.clone();
        for Drawn { el, .. } in now.iter().rev() {
            node::place(parent.node(), el.node(), Some(next.node()));
            next = el.clone();
        }
        all.set(now);
    });
}
