//! Opening the channel: the form, posted with one key until it is answered.

use frontdesk_protocol::{
    ChannelSid, form::FieldError, json::decimal, rest::WebChannelAnswer, sorted::SortedMap,
};

use crate::{
    effect::CreateChannel,
    http::{Failure, RequestId},
    profile::GuestProfile,
    screen::{FieldProblem, FormState, Problem},
    session::{self, Submission},
    token::Held,
};

/// How long an answer may take.
pub(crate) const ANSWER_MS: u64 = 20_000;
/// Tries in a row after which the visitor is told.
const TRIES: u32 = 5;

/// Where the opening is.
#[derive(Debug, Clone, Default)]
enum State {
    /// Nothing to open.
    #[default]
    Idle,
    /// It is to be posted: a token is missing, or a pause is not over.
    Due(Submission),
    /// It is posted.
    Asked(Submission, RequestId),
    /// It could not be posted. Kept, so that the same form keeps its key.
    GivenUp(Submission),
}

/// The channel machine.
#[derive(Debug, Clone, Default)]
pub(crate) struct Opening {
    state: State,
    tries: u32,
    /// The token was refused once; a second time is final.
    is_doubted: bool,
}

/// What an answer, or its absence, means.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    /// An answer to something that is no longer asked.
    Stale,
    /// The channel is open.
    Opened(ChannelSid),
    /// The form is shown again.
    Back(FormState),
    /// A new token, then again.
    NewToken,
    /// Again after a pause; the tries so far, and at least so many milliseconds.
    Again(u32, u64),
}

impl Opening {
    /// A form is sent. The same answers as in the try before keep that one's key.
    pub(crate) fn begin(&mut self, submission: Submission) {
        let submission = match std::mem::take(&mut self.state) {
            State::GivenUp(before) | State::Due(before) | State::Asked(before, _)
                if before.answers == submission.answers =>
            {
                before
            }
            State::GivenUp(_) | State::Due(_) | State::Asked(..) | State::Idle => submission,
        };
        *self = Self { state: State::Due(submission), tries: 0, is_doubted: false };
    }

    /// What is sent and not answered yet, for the disk.
    pub(crate) const fn pending(&self) -> Option<&Submission> {
        match &self.state {
            State::Due(submission) | State::Asked(submission, _) | State::GivenUp(submission) => {
                Some(submission)
            }
            State::Idle => None,
        }
    }

    /// Whether it waits for a token, or for a pause to end.
    pub(crate) const fn is_due(&self) -> bool {
        matches!(self.state, State::Due(_))
    }

    /// Whether it is posted.
    pub(crate) const fn is_asked(&self) -> bool {
        matches!(self.state, State::Asked(..))
    }

    /// Posts the form, if it is due.
    pub(crate) fn ask(
        &mut self,
        request: RequestId,
        held: &Held,
        guest: &GuestProfile,
    ) -> Option<CreateChannel> {
        let State::Due(submission) = std::mem::take(&mut self.state) else { return None };
        let mut data = submission.answers.clone();
        // The visitor's answers win over what the page says about itself.
        for (name, value) in &submission.context {
            data.get_or_insert_with(name.clone(), || value.clone());
        }
        let name = submission.answers.get("friendlyName").map_or("", |name| name.trim());
        let name = if name.is_empty() { &guest.default_name } else { name };
        let create = CreateChannel {
            request,
            token: held.token.clone(),
            key: submission.key.clone(),
            flow: guest.flow.clone(),
            identity: held.identity.clone(),
            name: name.to_owned(),
            data: session::to_json(&data),
        };
        self.state = State::Asked(submission, request);
        Some(create)
    }

    /// The answer is here.
    pub(crate) fn answered(
        &mut self,
        request: RequestId,
        result: Result<WebChannelAnswer, Failure>,
    ) -> Outcome {
        if !matches!(&self.state, State::Asked(_, asked) if *asked == request) {
            return Outcome::Stale;
        }
        match result {
            Ok(answer) => {
                *self = Self::default();
                Outcome::Opened(answer.sid)
            }
            Err(failure) => self.failed(&failure),
        }
    }

    /// It failed: the post, or the token it needs.
    pub(crate) fn failed(&mut self, failure: &Failure) -> Outcome {
        let (State::Due(submission) | State::Asked(submission, _)) =
            std::mem::take(&mut self.state)
        else {
            return Outcome::Stale;
        };
        if failure.is_temporary() {
            self.tries += 1;
            if self.tries < TRIES {
                self.state = State::Due(submission);
                return Outcome::Again(self.tries, failure.retry_after_ms.unwrap_or(0));
            }
            self.state = State::GivenUp(submission);
            let problem = Some(Problem::Unreachable);
            return Outcome::Back(FormState { fields: SortedMap::new(), problem });
        }
        if failure.status == 401 && !std::mem::replace(&mut self.is_doubted, true) {
            self.state = State::Due(submission);
            return Outcome::NewToken;
        }
        *self = Self::default();
        Outcome::Back(refused(failure))
    }

    /// There is nothing to open any more.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }
}

/// The server's verdict, by field if it gave one.
fn refused(failure: &Failure) -> FormState {
    let Some(error) = &failure.error else {
        let problem =
            Some(Problem::Refused(["HTTP status ", &decimal(failure.status.into())].concat()));
        return FormState { fields: SortedMap::new(), problem };
    };
    let named = error.fields.iter().filter(|(name, _)| !name.is_empty());
    let fields: SortedMap<String, FieldProblem> =
        named.map(|(name, words)| (name.clone(), field_problem(words))).collect();
    // What is wrong with no field in particular has no name.
    let all = error.fields.iter().find(|(name, _)| name.is_empty()).map(|(_, words)| words.clone());
    let all = all.or_else(|| fields.is_empty().then(|| error.message.clone()));
    FormState { fields, problem: all.map(Problem::Refused) }
}

/// The server's word for what is wrong with a field: a code both sides share, or a sentence.
fn field_problem(words: &str) -> FieldProblem {
    FieldError::from_word(words)
        .map_or_else(|| FieldProblem::Server(words.to_owned()), FieldProblem::Check)
}
