//! A backup is whole, and what is put back is a history of its own.

use std::{fs, path::Path};

use serde_json::Value;

use crate::{
    program::{Server, credentials, run, stderr, stdout},
    wire::Visitor,
};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// What is said in a chat, from a fresh picture of it.
fn bodies(snap: &Value) -> Vec<String> {
    let said = snap["items"].as_array().unwrap().iter().filter_map(|item| item["body"].as_str());
    said.map(str::to_owned).collect()
}

/// A server on which a backup was made after the first of two messages.
struct Story {
    folder: tempfile::TempDir,
    visitor: Visitor,
    epoch: Value,
    seq: u64,
}

impl Story {
    fn new() -> Self {
        Self::ended_by(Server::terminate)
    }

    fn ended_by(end: impl FnOnce(Server)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let server = Server::start(&data);
        let visitor = Visitor::open_chat(server.address(), &credentials(&data));
        let mut chat = visitor.connect(server.address(), None);
        let epoch = chat.expect("snap")["epoch"].clone();
        chat.expect("live");
        chat.say(&visitor.channel, 1, "before the backup");
        let file = folder.path().join("monday.db");
        let made = stdout(&run(&data, &["backup", text(&file)]));
        assert!(made.contains("monday.db"), "{made}");
        let seq = chat.say(&visitor.channel, 2, "after the backup")["seq"].as_u64().unwrap();
        drop(chat);
        end(server);
        Self { folder, visitor, epoch, seq }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// A visitor who saw the second message comes back, after something else was said instead.
    fn comes_back(&self, data: &Path) -> (Value, Vec<String>) {
        let server = Server::start(data);
        let mut other = self.visitor.connect(server.address(), None);
        other.expect("live");
        for cid in 3..6 {
            other.say(&self.visitor.channel, cid, "said since");
        }
        let mut chat = self.visitor.connect(server.address(), Some((&self.epoch, self.seq)));
        let welcome = chat.expect("welcome")["ch"][0].clone();
        let seen = match welcome["mode"].as_str() {
            Some("reset") => bodies(&chat.expect("snap")),
            _ => Vec::new(),
        };
        drop((other, chat));
        server.terminate();
        (welcome, seen)
    }
}

#[test]
fn who_saw_what_came_after_the_backup_starts_afresh() {
    let story = Story::new();
    let data = story.path("data");
    let said = stdout(&run(&data, &["restore", text(&story.path("monday.db"))]));
    assert!(said.contains("restored") && said.contains(".before-restore"), "{said}");
    let (welcome, seen) = story.comes_back(&data);
    assert_eq!(welcome["mode"], "reset", "{welcome}");
    assert_ne!(welcome["epoch"], story.epoch);
    assert_eq!(seen, ["before the backup", "said since", "said since", "said since"]);
}

#[test]
fn a_restart_alone_changes_no_epoch() {
    let story = Story::new();
    let (welcome, _) = story.comes_back(&story.path("data"));
    assert_eq!((&welcome["mode"], &welcome["epoch"]), (&Value::from("resume"), &story.epoch));
}

// Copied by hand, over the file or with a new one in its place, it is noticed all the same.
#[test]
fn a_file_that_was_copied_back_is_noticed() {
    for fresh in [false, true] {
        let story = Story::new();
        let data = story.path("data");
        let database = data.join("frontdesk.db");
        if fresh {
            fs::remove_file(&database).unwrap();
        }
        fs::copy(story.path("monday.db"), &database).unwrap();
        let (welcome, _) = story.comes_back(&data);
        assert_eq!(welcome["mode"], "reset", "{welcome}");
    }
}

#[test]
fn a_folder_that_was_copied_away_and_back_is_noticed() {
    let story = Story::new();
    let (data, copy) = (story.path("data"), story.path("copy"));
    fs::create_dir(&copy).unwrap();
    for file in fs::read_dir(&data).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), copy.join(file.file_name())).unwrap();
    }
    let (welcome, _) = story.comes_back(&copy);
    assert_eq!(welcome["mode"], "reset", "{welcome}");
}

#[test]
fn one_file_is_enough_for_another_machine() {
    let story = Story::new();
    let (data, other) = (story.path("data"), story.path("other"));
    stdout(&run(&other, &["restore", text(&story.path("monday.db"))]));
    assert_eq!(credentials(&other), credentials(&data));
    for file in ["frontdesk.db", "credentials.json"] {
        let mode = fs::metadata(other.join(file)).unwrap().permissions();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777, 0o600, "{file}");
    }
    let (welcome, _) = story.comes_back(&other);
    assert_eq!(welcome["mode"], "reset", "{welcome}");
}

// After `kill -9` the newest messages stand in the write-ahead log alone.
#[test]
fn what_was_there_is_kept_and_can_be_put_back() {
    let story = Story::ended_by(Server::kill);
    let data = story.path("data");
    assert!(fs::metadata(data.join("frontdesk.db-wal")).unwrap().len() > 0);
    stdout(&run(&data, &["restore", text(&story.path("monday.db"))]));
    let kept = story.path("kept.db");
    fs::rename(data.join("frontdesk.db.before-restore"), &kept).unwrap();
    assert!(!data.join("frontdesk.db-wal").exists(), "the log of another database");
    stdout(&run(&data, &["restore", text(&kept)]));
    let (_, seen) = story.comes_back(&data);
    assert_eq!(seen[..2], ["before the backup", "after the backup"]);
}

#[test]
fn a_copy_with_its_log_beside_it_is_restored_with_both() {
    let story = Story::ended_by(Server::kill);
    let (data, other) = (story.path("data"), story.path("other"));
    for end in ["", "-wal"] {
        let copy = story.path(&format!("by-hand.db{end}"));
        fs::copy(data.join(format!("frontdesk.db{end}")), copy).unwrap();
    }
    let said = stdout(&run(&other, &["restore", text(&story.path("by-hand.db"))]));
    assert!(said.contains("There is no credentials.json"), "{said}");
    let (_, seen) = story.comes_back(&other);
    assert_eq!(seen[..2], ["before the backup", "after the backup"]);
}

// A disk that is damaged is why somebody restores.
#[test]
fn a_damaged_database_gives_way_and_is_kept() {
    let story = Story::new();
    let data = story.path("data");
    fs::write(data.join("frontdesk.db"), "nothing of it is left").unwrap();
    stdout(&run(&data, &["restore", text(&story.path("monday.db"))]));
    let kept = fs::read_to_string(data.join("frontdesk.db.before-restore")).unwrap();
    assert_eq!(kept, "nothing of it is left");
    let (welcome, seen) = story.comes_back(&data);
    assert_eq!(welcome["mode"], "reset", "{welcome}");
    assert_eq!(seen[0], "before the backup");
}

#[test]
fn what_cannot_be_restored_changes_nothing() {
    let story = Story::new();
    let data = story.path("data");
    let garbage = story.path("garbage.db");
    fs::write(&garbage, "this is no database").unwrap();
    let cut = story.path("cut.db");
    let bytes = fs::read(story.path("monday.db")).unwrap();
    fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let empty = story.path("empty.db");
    fs::write(&empty, "").unwrap();
    for file in [&garbage, &cut, &empty] {
        let said = stderr(&run(&data, &["restore", text(file)]));
        assert!(said.contains("cannot be used"), "{said}");
    }
    let missing = stderr(&run(&data, &["restore", text(&story.path("nothing.db"))]));
    assert!(missing.contains("there is no file"), "{missing}");
    let own = data.join("frontdesk.db");
    let own = stderr(&run(&data, &["restore", text(&own)]));
    assert!(own.contains("the data folder's own file"), "{own}");

    let server = Server::start(&data);
    let running = stderr(&run(&data, &["restore", text(&story.path("monday.db"))]));
    assert!(running.contains("another Frontdesk server runs"), "{running}");
    server.terminate();
    let (welcome, _) = story.comes_back(&data);
    assert_eq!(welcome["mode"], "resume", "{welcome}");
    let mut left: Vec<_> = fs::read_dir(&data).unwrap().map(|f| f.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["credentials.json", "frontdesk.db", "lock"]);
}

#[test]
fn a_backup_overwrites_nothing() {
    let story = Story::new();
    let said = stderr(&run(&story.path("data"), &["backup", text(&story.path("monday.db"))]));
    assert!(said.contains("already"), "{said}");
}

#[test]
fn a_backup_says_which_folder_is_not_in_it() {
    let story = Story::new();
    let (data, file) = (story.path("data"), story.path("tuesday.db"));
    let without = stdout(&run(&data, &["backup", text(&file)]));
    assert!(!without.contains("media"), "{without}");
    fs::create_dir_all(data.join("media/3f/a0")).unwrap();
    let file = story.path("wednesday.db");
    let with = stdout(&run(&data, &["backup", text(&file)]));
    assert!(with.contains(text(&data.join("media"))), "{with}");
}
