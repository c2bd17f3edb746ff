//! What is asked of the server by HTTP: who is signed in, signing in and out, accepting, closing.

use frontdesk_browser::{clock, http::console, timer::Timer};
use frontdesk_client::Failure;
use frontdesk_protocol::TaskSid;
use leptos::{prelude::*, task::spawn_local};

use super::App;
use crate::{
    desk::login::LoginProblem,
    state::{Door, Errand, Focus},
};

/// The page is same-origin with its server.
const BASE: &str = "";

/// So long until the server is asked again who is signed in, if it did not answer.
const ASK_AGAIN_MS: u64 = 5_000;

impl App {
    /// Asks who is signed in, and opens the desk or the door.
    pub(super) fn open_door(&self) {
        let app = self.clone();
        spawn_local(async move {
            match console::me(BASE).await {
                Ok(me) => app.sit_down(me),
                Err(failure) if failure.status == 401 => {
                    app.shown.door.set(Door::Shut { expired: None });
                }
                Err(_) => {
                    app.shown.door.set(Door::Unreachable);
                    let again = app.clone();
                    let timer = Timer::after(ASK_AGAIN_MS, move || again.open_door());
                    app.inner.borrow_mut().retry = Some(timer);
                }
            }
        });
    }

    /// Asks whether the agent is still signed in, and shuts the door if not.
    pub(super) fn check_in(&self) {
        let app = self.clone();
        spawn_local(async move {
            let is_out = console::me(BASE).await.is_err_and(|failure| failure.status == 401);
            if is_out && matches!(app.shown.door.get_untracked(), Door::Open(_)) {
                app.expire();
            }
        });
    }

    /// Signs in.
    pub(super) fn enter(&self, name: String, password: String) {
        if self.shown.is_entering.get_untracked() {
            return;
        }
        if name.trim().is_empty() || password.is_empty() {
            return self.shown.problem.set(Some(LoginProblem::Incomplete));
        }
        self.shown.is_entering.set(true);
        let app = self.clone();
        spawn_local(async move {
            let entered = match console::login(BASE, name.trim(), &password).await {
                Ok(()) => console::me(BASE).await,
                Err(failure) => Err(failure),
            };
            app.shown.is_entering.set(false);
            match entered {
                Ok(me) => app.sit_down(me),
                Err(failure) => {
                    let now = clock::wall();
                    app.shown.now.set(now);
                    app.shown.problem.set(Some(LoginProblem::of(&failure, now)));
                }
            }
        });
    }

    /// Signs out. What is unsent stays on disk until the same agent is back.
    pub(super) fn leave(&self) {
        let app = self.clone();
        spawn_local(async move {
            match console::logout(BASE).await {
                Err(failure) if failure.status != 401 => {
                    app.toast("You are still signed in: the server did not answer. Try again.");
                }
                Ok(()) | Err(_) => {
                    app.stand_up();
                    app.shown.door.set(Door::Shut { expired: None });
                }
            }
        });
    }

    /// Takes a chat. The list changes when the queue says so.
    pub(super) fn accept(&self, sid: TaskSid) {
        if self.shown.errand.get_untracked().is_some() {
            return;
        }
        self.shown.errand.set(Some(Errand::Accept(sid.clone())));
        let app = self.clone();
        spawn_local(async move {
            let result = console::accept(BASE, &sid).await;
            app.shown.errand.set(None);
            match result {
                Ok(()) => app.shown.focus.set(Some(Focus::Composer)),
                Err(failure) => app.refused(&failure, "The chat could not be accepted"),
            }
        });
    }

    /// Closes a chat.
    pub(super) fn close(&self, sid: TaskSid) {
        if self.shown.errand.get_untracked().is_some() {
            return;
        }
        self.shown.errand.set(Some(Errand::Close(sid.clone())));
        let app = self.clone();
        spawn_local(async move {
            let result = console::close(BASE, &sid).await;
            app.shown.errand.set(None);
            if let Err(failure) = result {
                app.refused(&failure, "The chat could not be closed");
            }
        });
    }

    fn refused(&self, failure: &Failure, what: &str) {
        match failure.status {
            401 => self.expire(),
            0 => self.toast(format!("{what}: the server does not answer.")),
            409 => self.toast("A colleague was faster: this chat is taken."),
            status => {
                let words = failure.error.as_ref().map(|error| error.message.clone());
                let words = words.unwrap_or_else(|| format!("status {status}."));
                self.toast(format!("{what}: {words}"));
            }
        }
    }
}
