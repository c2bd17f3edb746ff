//! Things with names and SIDs: added once, and found again.

use serde_json::Value;

use crate::program::{Server, credentials, run, stderr, stdout};

/// A data folder that a server was started on once.
fn set_up() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    Server::start(folder.path()).terminate();
    folder
}

#[test]
fn a_name_that_nobody_can_read_is_refused() {
    let folder = set_up();
    let data = folder.path();
    for name in ["", " ", "\u{a0}", " bob", "bob\t", "bo\u{7}b"] {
        let said = stderr(&run(data, &["agent", "add", name]));
        assert!(said.contains("a name is 1 to 256 characters"), "{name:?}: {said}");
        let said = stderr(&run(data, &["key", "add", "--name", name]));
        assert!(said.contains("a name is 1 to 256 characters"), "{name:?}: {said}");
    }
    assert_eq!(stdout(&run(data, &["agent", "list"])), "agent  Agent\n");
}

// Whoever asked for the tag again got another site, and the chats went on two of them.
#[test]
fn an_origin_that_has_a_site_gets_no_second_one_by_accident() {
    let folder = set_up();
    let data = folder.path();
    let add = |more: &[&str]| {
        let first = ["site", "add", "--origin", "https://example.com"];
        run(data, &[&first, more].concat())
    };
    let count = || stdout(&run(data, &["site", "list"])).matches("<script").count();
    let first = stdout(&add(&[]));
    let again = add(&[]);
    assert_eq!(stdout(&again), first);
    let said = String::from_utf8(again.stderr).unwrap();
    assert!(said.contains("there is a site with this Origin already"), "{said}");
    assert_eq!(count(), 2);

    let some = stderr(&add(&["--origin", "https://www.example.com"]));
    assert!(some.contains("has https://example.com already; --site"), "{some}");
    assert_eq!(count(), 2);

    assert_ne!(stdout(&add(&["--new"])), first);
    assert_eq!(count(), 3);
}

// The flow with the smallest SID was taken: any that was made later, or one that opens no chats.
#[test]
fn a_new_site_takes_the_oldest_flow_unless_it_is_told_another() {
    let folder = set_up();
    let data = folder.path();
    let first = credentials(data)["flex_flow_sid"].as_str().unwrap().to_owned();
    let second = "FO00000000000000000000000000000001";
    stdout(&run(data, &["flow", "add", "--sid", second]));

    let add = |more: &[&str]| run(data, &[&["site", "add"], more].concat());
    let plain = stdout(&add(&["--origin", "https://a.example"]));
    assert!(plain.contains(&format!("flow  {first}")), "{plain}");
    let told = stdout(&add(&["--origin", "https://b.example", "--flow", second]));
    assert!(told.contains(&format!("flow  {second}")), "{told}");

    let site = told.split_whitespace().next().unwrap();
    let moved = stdout(&add(&["--site", site, "--flow", &first]));
    assert!(moved.contains(&format!("flow  {first}")) && moved.contains("b.example"), "{moved}");
    let none = "FO00000000000000000000000000000002";
    let refused = stderr(&add(&["--origin", "https://c.example", "--flow", none]));
    assert!(refused.contains(&format!("there is no flow {none}")), "{refused}");
}

#[test]
fn what_was_added_is_listed_for_people_and_for_programs() {
    let folder = set_up();
    let data = folder.path();
    let made = credentials(data);
    for what in ["flow", "service", "key"] {
        stdout(&run(data, &[what, "add", "--name", "Second"]));
    }
    for (what, key) in [
        ("account", "account_sid"),
        ("flow", "flex_flow_sid"),
        ("service", "service_sid"),
        ("key", "api_key_sid"),
        ("site", "site_id"),
    ] {
        let text = stdout(&run(data, &[what, "list"]));
        let json = stdout(&run(data, &[what, "list", "--json"]));
        let first = made[key].as_str().unwrap();
        assert!(text.contains(first), "{text}");
        let list: Vec<Value> = serde_json::from_str(&json).unwrap();
        assert!(list.iter().any(|each| each[key] == first), "{json}");
        assert!(list.iter().all(|each| each["account_sid"] == made["account_sid"]), "{json}");
        if matches!(what, "flow" | "service" | "key") {
            assert!(list.len() == 2 && text.contains("  Second\n"), "{text}");
        }
        for secret in ["auth_token", "api_key_secret"] {
            let secret = made[secret].as_str().unwrap();
            assert!(!text.contains(secret) && !json.contains(secret), "{json}");
        }
    }
    let agents = stdout(&run(data, &["agent", "list", "--json"]));
    let agents: Value = serde_json::from_str(&agents).unwrap();
    assert_eq!(agents[0]["name"], "agent");
    assert_eq!(agents[0].as_object().unwrap().len(), 4, "no hash of a password");
}

#[test]
fn an_error_says_why_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let nothing = data.join("nothing.toml");
    let said = stderr(&run(data, &["site", "list", "--config", nothing.to_str().unwrap()]));
    assert_eq!(said.matches("No such file").count(), 1, "{said}");
    std::fs::write(data.join("frontdesk.db"), [7; 4_096]).unwrap();
    let said = stderr(&run(data, &["site", "list"]));
    assert_eq!(said.matches("file is not a database").count(), 1, "{said}");
}
