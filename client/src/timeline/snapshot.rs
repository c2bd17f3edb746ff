//! Takes a whole picture of the channel, and keeps the local echoes.

use frontdesk_protocol::{Cid, frame::Snap};

use super::{Row, Timeline};

impl Timeline {
    /// The log is this from now on. Returns the user's own messages it carries.
    pub(crate) fn take_snapshot(&mut self, snap: Snap) -> Vec<Cid> {
        let Snap { seq, state, items, more, .. } = snap;
        self.channel = state.channel;
        self.members = state.members;
        self.has_older = more;
        self.is_loading = false;
        self.is_changed = true;

        let mut rows: Vec<Row> =
            items.into_iter().map(|message| Row::of_message(message, &self.me)).collect();
        for row in &mut rows {
            row.receipt = row.seq.filter(|_| row.mine).map(|seq| self.receipt(seq));
        }
        let own: Vec<Cid> = rows.iter().filter(|row| row.mine).filter_map(|row| row.cid).collect();
        // An echo that was acknowledged at or below the picture and is not in it lies above it.
        let above: Vec<Cid> =
            self.acked.iter().filter(|(_, acked)| *acked <= seq).map(|(cid, _)| *cid).collect();
        self.acked.retain(|(cid, _)| !above.contains(cid) && !own.contains(cid));

        let echoes =
            self.rows.split_off(self.logged).into_iter().filter(|row| {
                row.cid.is_some_and(|cid| !own.contains(&cid) && !above.contains(&cid))
            });
        self.logged = rows.len();
        rows.extend(echoes);
        self.rows = rows;
        self.reset();
        self.recount();
        own
    }
}
