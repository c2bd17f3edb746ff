//! What commands about agents do to a server that runs.

use serde_json::json;

use crate::{
    console::Console,
    program::{Server, credentials, run, stdout},
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
