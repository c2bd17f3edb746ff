//! The `frontdesk` binary: everything it does is in [`frontdesk_server::cli`].

use std::process::ExitCode;

#[expect(clippy::print_stderr, reason = "this is for the person at the terminal")]
fn main() -> ExitCode {
    match frontdesk_server::cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", frontdesk_server::cli::complaint(&error));
            ExitCode::FAILURE
        }
    }
}
