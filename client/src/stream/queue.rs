//! A queue: a fold over its `task` events.

use frontdesk_protocol::{EventKind, TaskSid, sorted::SortedMap, state::Task};

/// The tasks of a queue by SID.
pub type Tasks = SortedMap<TaskSid, Task>;

/// Takes a snapshot's tasks.
pub(super) fn take_snapshot(tasks: Vec<Task>) -> Tasks {
    tasks.into_iter().map(|task| (task.sid.clone(), task)).collect()
}

/// Applies an event. True if it changed something.
pub(super) fn apply(tasks: &mut Tasks, kind: EventKind) -> bool {
    if let EventKind::Task { task } = kind {
        tasks.insert(task.sid.clone(), task);
        true
    } else {
        false
    }
}
