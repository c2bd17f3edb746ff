//! What commands about agents do to a server that runs.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
};

use serde_json::json;

use crate::{
    console::Console,
    program::{Server, credentials, run, run_with, stdout},
    wire::connect,
};

// Whoever had learned the old password stayed signed in for up to half a day.
#[test]
fn a_new_password_ends_what_was_begun_with_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let server = Server::start(data);
    let made = credentials(data);
    let address = server.address();
    let console = Console::new(&made, address, Box::new(move || connect(address)));
    let old = made["agent"]["password"].as_str().unwrap();
    let bobs = stdout(&run(data, &["agent", "add", "bob"]));
    let bobs = bobs.lines().find_map(|line| line.strip_prefix("password  ")).unwrap();
    let (cookie, other) =
        (console.sign_in("agent", old).unwrap(), console.sign_in("bob", bobs).unwrap());
    let token = console.token(&cookie).unwrap();
    let mut chat = console.connect(&token);
    chat.expect("welcome");
    let mut others = console.connect(&console.token(&other).unwrap());
    others.expect("welcome");

    let said = stdout(&run(data, &["agent", "password", "agent"]));
    let new = said.lines().find_map(|line| line.strip_prefix("password  ")).unwrap();
    assert!(said.contains("signed out of 1 console"), "{said}");

    // The cookie is of no use at once, the connection soon after, and the token from then on.
    assert_eq!(console.token(&cookie), Err(401));
    assert_eq!(chat.closed(), 4401);
    assert_eq!(console.connect(&token).closed(), 4401);
    assert_eq!(console.sign_in("agent", old), Err(401));
    assert!(console.sign_in("agent", new).is_ok());
    // Nobody else is signed out.
    assert!(console.token(&other).is_ok());
    others.send(
        &json!({"t": "fetch", "ch": "CH00000000000000000000000000000001", "before": 1, "limit": 1}),
    );
    others.expect("nack");
    drop((others, chat));
    server.terminate();
}

// The terminal and the file went on showing the first password, which was nobody's any more.
#[test]
fn the_password_in_the_file_and_on_the_terminal_is_the_agents() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    Server::start(data).terminate();
    let made = credentials(data);

    let said = stdout(&run(data, &["agent", "password", "agent"]));
    let new = said.lines().find_map(|line| line.strip_prefix("password  ")).unwrap();

    let mut kept = credentials(data);
    assert_eq!(kept["agent"]["password"], new);
    kept["agent"]["password"] = made["agent"]["password"].clone();
    assert_eq!(kept, made, "scripts find the rest as it was");
    let file = fs::metadata(data.join("credentials.json")).unwrap();
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
    assert_eq!(file.uid(), fs::metadata(data.join("frontdesk.db")).unwrap().uid());
    let server = Server::start(data);
    assert_eq!(server.line("Sign in"), format!("name agent   password {new}"));
    let address = server.address();
    let console = Console::new(&credentials(data), address, Box::new(move || connect(address)));
    assert!(console.sign_in("agent", new).is_ok());
    server.terminate();
}

#[test]
fn a_password_that_a_person_chose_is_nowhere_to_read() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    Server::start(data).terminate();
    let change = ["agent", "password", "agent", "--password-stdin"];
    stdout(&run_with(data, &change, "nobody else's business"));
    assert_eq!(credentials(data)["agent"]["password"], "");
    let server = Server::start(data);
    let said = server.line("Sign in");
    assert!(said.starts_with("name agent   password changed since"), "{said}");
    server.terminate();
}

#[test]
fn a_password_in_the_file_that_is_not_the_agents_is_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    Server::start(data).terminate();
    let path = data.join("credentials.json");
    let before = fs::read(&path).unwrap();
    stdout(&run(data, &["agent", "password", "agent"]));
    fs::write(&path, before).unwrap();
    let server = Server::start(data);
    let said = server.line("Sign in");
    assert!(said.starts_with("name agent   password changed since"), "{said}");
    server.terminate();
}

#[test]
fn another_agents_password_is_in_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    Server::start(data).terminate();
    let made = credentials(data);
    stdout(&run(data, &["agent", "add", "bob"]));
    stdout(&run(data, &["agent", "password", "bob"]));
    assert_eq!(credentials(data), made);
}
