//! What the program makes, what it prints, and what it refuses.

use crate::program::{Server, credentials, frontdesk, run, run_with, stderr, stdout};

#[test]
fn the_first_start_makes_everything_and_the_second_keeps_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start(&data);
    let made = credentials(&data);
    let keys: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "account_sid",
            "agent",
            "api_key_secret",
            "api_key_sid",
            "auth_token",
            "flex_flow_sid",
            "public_url",
            "service_sid",
            "site_id",
            "studio_flow_sid",
        ]
    );
    let site = made["site_id"].as_str().unwrap();
    let url = made["public_url"].as_str().unwrap();
    assert_eq!(server.line("Console"), format!("{url}/console/"));
    let tag = format!(r#"<script async src="{url}/frontdesk.js?site={site}"></script>"#);
    assert_eq!(server.line("Embed tag"), tag);
    assert!(server.line("Sign in").contains(made["agent"]["password"].as_str().unwrap()));
    let mode = std::fs::metadata(data.join("credentials.json")).unwrap();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode.permissions()) & 0o777, 0o600);

    server.terminate();
    let again = Server::start(&data);
    let mut kept = credentials(&data);
    // The port is another one, and scripts have to find it.
    kept["public_url"] = made["public_url"].clone();
    assert_eq!(kept, made);
    again.kill();
}

#[test]
fn commands_work_beside_the_server_and_a_second_server_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let none = stderr(&run(data, &["site", "list"]));
    assert!(none.contains("there is no Frontdesk data in"), "{none}");

    let server = Server::start(data);
    let added = stdout(&run(data, &["site", "add", "--origin", "HTTPS://Example.com/"]));
    assert!(added.contains("https://example.com\n") && added.contains("<script async"), "{added}");
    assert!(stdout(&run(data, &["site", "list"])).contains("Frontdesk demo"));
    let bob = stdout(&run(data, &["agent", "add", "bob"]));
    assert!(bob.contains("password  "), "{bob}");
    let twice = stderr(&run(data, &["agent", "add", "bob"]));
    assert!(twice.contains("there is an agent bob already"), "{twice}");
    let second = stderr(&run(data, &["serve", "--listen", "127.0.0.1:0"]));
    assert!(second.contains("another Frontdesk server runs on the data folder"), "{second}");
    server.kill();
}

#[test]
fn a_password_comes_from_standard_input_and_is_not_printed() {
    let folder = tempfile::tempdir().unwrap();
    Server::start(folder.path()).terminate();
    let give = |password: &str| {
        run_with(folder.path(), &["agent", "add", "carol", "--password-stdin"], password)
    };
    assert!(stderr(&give("short\n")).contains("at least 10 characters"));
    assert!(!stdout(&give("long enough to be one\n")).contains("long enough"));
}

#[test]
fn a_wrong_setting_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let output =
        frontdesk(folder.path(), &["site", "list"]).env("FRONTDESK_LISTN", "x").output().unwrap();
    assert!(stderr(&output).contains("did you mean `FRONTDESK_LISTEN`?"));
    let file = folder.path().join("frontdesk.toml");
    std::fs::write(&file, "max_per_guest = \"many\"\n").unwrap();
    let output = run(folder.path(), &["site", "list", "--config", file.to_str().unwrap()]);
    let said = stderr(&output);
    assert!(said.contains("`max_per_guest` is \"many\", but must be a number above 0"), "{said}");
}
