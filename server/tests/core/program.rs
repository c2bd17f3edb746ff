//! A program of the account's that is asked before something is done.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use frontdesk_server::listeners::{Oracle, Question};
use tokio::sync::Semaphore;

/// Where it is asked.
pub(crate) const HOOK: &str = "https://example.com/ask";

/// A program that answers as it is told to.
pub(crate) struct Program {
    answer: Mutex<Option<(u16, String)>>,
    asked: AtomicUsize,
    questions: Mutex<Vec<Question>>,
    /// How many answers it may give.
    pub(crate) answers: Semaphore,
}

impl Program {
    pub(crate) fn new(status: u16, body: &str) -> Arc<Self> {
        Arc::new(Self {
            answer: Mutex::new(Some((status, body.to_owned()))),
            asked: AtomicUsize::new(0),
            questions: Mutex::default(),
            answers: Semaphore::new(1_000),
        })
    }

    pub(crate) fn answers(&self, status: u16, body: &str) {
        *self.answer.lock().unwrap() = Some((status, body.to_owned()));
    }

    pub(crate) fn is_down(&self) {
        *self.answer.lock().unwrap() = None;
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// The values of a field, of all questions; empty where it is not there.
    pub(crate) fn told(&self, name: &str) -> Vec<String> {
        let value = |question: &Question| {
            let found = question.fields.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        self.questions.lock().unwrap().iter().map(value).collect()
    }

    /// Where it was asked.
    pub(crate) fn urls(&self) -> Vec<String> {
        self.questions.lock().unwrap().iter().map(|question| question.url.clone()).collect()
    }
}

#[async_trait]
impl Oracle for Program {
    async fn ask(&self, question: &Question) -> Option<(u16, Vec<u8>)> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.questions.lock().unwrap().push(question.clone());
        self.answers.acquire().await.unwrap().forget();
        let answer = self.answer.lock().unwrap().clone();
        answer.map(|(status, body)| (status, body.into_bytes()))
    }
}
