//! The loop: takes wishes, drives the client, and keeps the signals as the client says.

mod errands;
mod follow;
mod mirror;
mod wishes;

use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

use frontdesk_browser::{
    clock,
    http::console::Me,
    page::{self, PageEvent, PageWatch},
    runner::{Place, Runner},
    storage::Store,
    timer::Timer,
};
use frontdesk_client::Profile;
use frontdesk_protocol::{Stream, TaskSid};
use leptos::prelude::*;

use crate::{
    desk::title,
    state::{Door, Shown},
    view::Console,
    wish::Desk,
};

/// Starts the console in the page's body.
pub fn start() {
    frontdesk_browser::life::on_panic_say(
        "Something went wrong in the console. What you wrote and sent is safe. ",
        "Load it again",
    );
    leptos::mount::mount_to_body(|| {
        let shown = Shown::new(clock::wall(), page::width_px() > SIDE_PANEL_PX);
        let app = App::new(shown);
        let wishes = UnsyncCallback::new({
            let app = app.clone();
            move |wish| app.take(wish)
        });
        app.open_door();
        tick(app.clone());
        // In the world outside of signals: the tab's title.
        let counts = Memo::new(move |_| shown.counts());
        Effect::new(move |_| page::set_title(&counts.with(title::of)));
        // The page owns the app, and lets go of it only with everything else.
        on_cleanup({
            let app = leptos::prelude::StoredValue::new_local(app);
            move || app.with_value(App::stop)
        });
        view! { class="fd", <Console desk=Desk::new(shown, wishes)/> }
    });
}

/// What lives as long as the page. Cloning it is cheap, and the clone is the same.
#[derive(Clone)]
pub(crate) struct App {
    shown: Shown,
    inner: Rc<RefCell<Inner>>,
}

#[derive(Default)]
struct Inner {
    /// The client at work, and whose it is.
    desk: Option<(Me, Runner)>,
    /// The channels that are followed, and what each was followed for.
    followed: BTreeSet<Stream>,
    /// Tasks that were known before, so that only new ones are announced.
    announced: BTreeSet<TaskSid>,
    tick: Option<Timer>,
    watch: Option<PageWatch>,
    toast: Option<Timer>,
    spoken: Option<Timer>,
    retry: Option<Timer>,
}

impl App {
    fn new(shown: Shown) -> Self {
        Self { shown, inner: Rc::default() }
    }

    /// The client at work, if somebody is signed in.
    fn runner(&self) -> Option<Runner> {
        self.inner.borrow().desk.as_ref().map(|(_, runner)| runner.clone())
    }

    /// Somebody is signed in. The same agent as before goes on where they were; another one finds
    /// a clean desk.
    fn sit_down(&self, me: Me) {
        let before = self.inner.borrow().desk.as_ref().map(|(me, _)| me.clone());
        self.shown.problem.set(None);
        if before.as_ref().is_some_and(|before| before.identity == me.identity) {
            self.shown.door.set(Door::Open(me));
            if let Some(runner) = self.runner() {
                runner.dispatch(frontdesk_client::Event::TryNow);
            }
            return;
        }
        self.stand_up();
        self.shown.door.set(Door::Open(me.clone()));
        let profile = Profile::Agent {
            identity: me.identity.clone(),
            streams: vec![me.user_sid.clone().into(), me.queue_sid.clone().into()],
        };
        // Each agent has an outbox of their own: nobody sends what somebody else wrote.
        let store = Store::open(&format!("console:{}", me.identity));
        let place = Place { base: String::new(), store };
        let app = self.clone();
        let runner = Runner::new(profile, place, move |notice| app.mirror(notice));
        self.inner.borrow_mut().desk = Some((me, runner.clone()));
        runner.start();
    }

    /// Nobody is signed in any more, and nothing of theirs stays on the page.
    fn stand_up(&self) {
        let desk = {
            let mut inner = self.inner.borrow_mut();
            inner.followed.clear();
            inner.announced.clear();
            inner.desk.take()
        };
        if let Some((_, runner)) = desk {
            runner.destroy();
        }
        self.shown.forget();
    }

    /// The session has ended by itself: the door closes, and everything stays where it is.
    fn expire(&self) {
        let expired = self.inner.borrow().desk.as_ref().map(|(me, _)| me.clone());
        self.shown.errand.set(None);
        self.shown.door.set(Door::Shut { expired });
    }

    /// Says something that did not work, for a while.
    fn toast(&self, words: impl Into<String>) {
        self.shown.toast.set(Some(words.into()));
        let toast = self.shown.toast;
        let timer = Timer::after(TOAST_MS, move || {
            toast.try_set(None);
        });
        self.inner.borrow_mut().toast = Some(timer);
    }

    /// Says something to screen readers, and takes it away again so that it is not read twice.
    fn say(&self, words: String) {
        self.shown.spoken.set(words);
        let spoken = self.shown.spoken;
        let timer = Timer::after(SPOKEN_MS, move || {
            spoken.try_set(String::new());
        });
        self.inner.borrow_mut().spoken = Some(timer);
    }

    fn stop(&self) {
        if let Some((_, runner)) = self.inner.borrow().desk.as_ref() {
            runner.destroy();
        }
        // Timers and listeners, each of which holds a clone of this.
        let inner = std::mem::take(&mut *self.inner.borrow_mut());
        drop(inner);
    }
}

/// The side panel has a column of its own in a window wider than this: the same number as in
/// `style/desk.css`.
pub const SIDE_PANEL_PX: u32 = 1_120;

const TOAST_MS: u64 = 10_000;
const SPOKEN_MS: u64 = 1_000;

/// Keeps the clock that is shown: once a second while somebody looks, and at once when somebody
/// looks again.
fn tick(app: App) {
    let watched = app.clone();
    let watch = PageWatch::new(move |event| match event {
        PageEvent::Visible | PageEvent::Restored => tell_time(&watched),
        PageEvent::Hidden | PageEvent::Online | PageEvent::Offline | PageEvent::Left => {}
    });
    app.inner.borrow_mut().watch = Some(watch);
    rearm(app);
}

fn rearm(app: App) {
    tell_time(&app);
    let again = app.clone();
    // To the next full second, so that all numbers change at the same moment.
    let rest = 1_000 - app.shown.now.get_untracked().0 % 1_000;
    let timer = Timer::after(rest, move || rearm(again));
    app.inner.borrow_mut().tick = Some(timer);
}

fn tell_time(app: &App) {
    let connected = app.runner().filter(|_| app.shown.was_live.get_untracked());
    let now = match connected {
        Some(runner) => runner.read(|client| client.wall(clock::now())),
        None => clock::wall(),
    };
    app.shown.now.set(now);
}
