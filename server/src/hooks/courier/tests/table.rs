//! Every event in every state, and what goes by numbers.

use expect_test::{Expect, expect};

use super::*;

/// The states a courier can be in, each made fresh. Where something is under way it is lane 1, to
/// the receiver `a`.
fn states() -> Vec<(&'static str, World)> {
    use Event::{Drain, Settled, StoreFailed, Wake};
    let sending = || vec![Wake, due(vec![waiting(1, "a")]), due(vec![])];
    let ending = || [sending(), vec![ended(1, End::Taken)]].concat();
    let probing = || {
        let five = (0..5).flat_map(|_| {
            [Wake, due(vec![waiting(1, "a")]), due(vec![]), ended(1, failed()), Settled { lane: 1 }]
        });
        let mut world = World::after(five.chain([due(vec![])]));
        world.now = world.now.plus(10_000);
        world.on(Wake);
        world.on(due(vec![waiting(1, "a")]));
        world.on(due(vec![]));
        world
    };
    vec![
        ("idle", World::new()),
        ("looking", World::after([Wake])),
        ("looking again", World::after([Wake, Wake])),
        ("resting", World::after([Wake, StoreFailed { lane: None }])),
        ("sending", World::after(sending())),
        ("probing", probing()),
        ("settling", World::after(ending())),
        ("draining", World::after([sending(), vec![Drain]].concat())),
        ("draining, settling", World::after([ending(), vec![Drain]].concat())),
        ("finished", World::after([Drain])),
    ]
}

/// What `event` comes to in each state; states in which nothing happens are left out.
fn check(event: &Event, expected: &Expect) {
    let mut lines = String::new();
    for (name, mut world) in states() {
        let outcome = world.on(event.clone());
        if !outcome.is_empty() {
            lines += &format!("{name}: {outcome}\n");
        }
    }
    expected.assert_eq(&lines);
}

#[test]
fn wake() {
    check(
        &Event::Wake,
        &expect![[r#"
        idle: look for 4
        resting: wake after 10000
        sending: look for 3 but 1
        probing: look for 3 but 1 a
        settling: look for 3 but 1
    "#]],
    );
}

#[test]
fn found() {
    check(
        &due(vec![]),
        &expect![[r#"
        idle: no timer
        looking: no timer
        looking again: look for 4
        resting: no timer
        sending: no timer
        probing: no timer
        settling: no timer
    "#]],
    );
    check(
        &due(vec![waiting(1, "a")]),
        &expect![[r#"
        idle: send 1, look for 3 but 1
        looking: send 1, look for 3 but 1
        looking again: send 1, look for 3 but 1
        resting: send 1, wake after 10000
        sending: no timer
        probing: no timer
        settling: no timer
    "#]],
    );
    check(
        &due(vec![waiting(2, "a"), waiting(3, "b")]),
        &expect![[r#"
        idle: send 2, send 3, look for 2 but 2 3
        looking: send 2, send 3, look for 2 but 2 3
        looking again: send 2, send 3, look for 2 but 2 3
        resting: send 2, send 3, wake after 10000
        sending: send 2, send 3, look for 1 but 1 2 3 a
        probing: send 3, look for 2 but 1 3 a
        settling: send 2, send 3, look for 1 but 1 2 3 a
    "#]],
    );
}

#[test]
fn ended_by_each_end() {
    check(
        &ended(1, End::Taken),
        &expect![[r#"
        sending: done 1
        probing: a is back, done 1
        draining: done 1
    "#]],
    );
    check(
        &ended(1, End::Gone),
        &expect![[r#"
        sending: look for 4
        probing: look for 4
        draining: finished
    "#]],
    );
    check(
        &ended(1, refused()),
        &expect![[r#"
        sending: dead 1
        probing: a is back, dead 1
        draining: dead 1
    "#]],
    );
    check(
        &ended(1, failed()),
        &expect![[r#"
        sending: again 1 after 500
        probing: again 1 after 500
        draining: again 1 after 500
    "#]],
    );
    check(&ended(9, End::Taken), &expect![[r#""#]]);
}

#[test]
fn settled() {
    check(
        &Event::Settled { lane: 1 },
        &expect![[r#"
        settling: look for 4
        draining, settling: finished
    "#]],
    );
    check(&Event::Settled { lane: 9 }, &expect![[r#""#]]);
}

#[test]
fn store_failed() {
    check(
        &Event::StoreFailed { lane: None },
        &expect![[r#"
        idle: wake after 10000
        looking: wake after 10000
        looking again: wake after 10000
        resting: wake after 10000
        sending: wake after 10000
        probing: wake after 10000
        settling: wake after 10000
    "#]],
    );
    check(
        &Event::StoreFailed { lane: Some(1) },
        &expect![[r#"
        sending: wake after 10000
        probing: wake after 10000
        settling: wake after 10000
        draining: finished
        draining, settling: finished
    "#]],
    );
    check(&Event::StoreFailed { lane: Some(9) }, &expect![[r#""#]]);
}

#[test]
fn drain() {
    check(
        &Event::Drain,
        &expect![[r#"
        idle: finished
        looking: finished
        looking again: finished
        resting: finished
    "#]],
    );
}

#[test]
fn no_more_is_under_way_than_may_be() {
    let mut world = World::after([Event::Wake]);
    let many = (1..=9).map(|lane| waiting(lane, if lane < 4 { "a" } else { "b" })).collect();
    expect!["send 1, send 2, send 4, send 5"].assert_eq(&world.on(due(many)));
    expect![""].assert_eq(&world.on(Event::Wake));
    expect!["done 4"].assert_eq(&world.on(ended(4, End::Taken)));
    expect![[r#"look for 1 but 1 2 5 a"#]].assert_eq(&world.on(Event::Settled { lane: 4 }));
}

#[test]
fn an_account_has_a_pace() {
    let pace = Rate { per_second: 2.0, burst: 1.0 };
    let mut world = World::new();
    world.courier = Courier::new(Settings { pace, ..settings() });
    world.on(Event::Wake);
    let two = vec![waiting(1, "a"), waiting(2, "b")];
    expect!["send 1, look for 3 but 1 01"].assert_eq(&world.on(due(two.clone())));
    expect!["wake after 500"].assert_eq(&world.on(due(vec![])));
    world.now = world.now.plus(500);
    expect!["look for 3 but 1"].assert_eq(&world.on(Event::Wake));
    expect!["send 2, look for 2 but 1 2 01"].assert_eq(&world.on(due(two)));
}

#[test]
fn what_is_a_day_old_is_given_up_when_it_fails() {
    let mut world = World::after([Event::Wake]);
    world.now = NOW.plus(super::super::LIFE_MS);
    world.on(due(vec![waiting(1, "a")]));
    expect!["dead 1"].assert_eq(&world.on(ended(1, failed())));
}

#[test]
fn the_next_that_is_due_sets_the_timer() {
    let mut world = World::after([Event::Wake]);
    let next = Some(NOW.plus(7_000));
    expect!["wake after 7000"].assert_eq(&world.on(Event::Found(Due { waiting: vec![], next })));
}
