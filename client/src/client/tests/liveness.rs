//! Any events in any order: nothing panics, nothing is stuck, nobody hammers the server (I14).

use std::sync::LazyLock;

use proptest::{collection::vec, prelude::*, sample::Index};

use super::{
    scene::{Scene, every_state},
    table::{assert_nothing_is_stuck, events},
};
use crate::{Connection, Event, Timer};

/// Sockets in any minute that no hand of a user asked for.
const CONNECTS_A_MINUTE: usize = 20;

/// What a user or the page does counts as a hand; a loop of such events is not ours.
const fn is_hand(event: &Event) -> bool {
    matches!(
        event,
        Event::TryNow
            | Event::Online
            | Event::Visible
            | Event::PageShow
            | Event::Forget
            | Event::SubmitForm(_)
            | Event::SessionChanged(_)
            | Event::ChannelAnswered { .. }
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_sequence_of_events_gets_it_stuck(
        state in any::<Index>(),
        steps in vec((any::<Index>(), 0_u64..20_000), 1..60),
    ) {
        static STATES: LazyLock<Vec<Scene>> =
            LazyLock::new(|| every_state().into_values().collect());
        let mut scene = state.get(&STATES).clone();
        for (pick, delay_ms) in steps {
            scene.wait(delay_ms);
            let (name, event) = pick.get(&events(&scene)).clone();
            scene.on(event);
            assert_nothing_is_stuck(&scene, &name);
        }
    }

    /// A server, or a network, that ends every connection in every way it can.
    #[test]
    fn no_way_of_failing_makes_it_hammer_the_server(
        ways in vec((any::<Index>(), 0_u64..500), 20),
    ) {
        let mut scene = Scene::live();
        for (pick, delay_ms) in ways.iter().cycle().take(100) {
            let failing: Vec<_> = events(&scene)
                .into_iter()
                .filter(|(_, event)| !is_hand(event) && !matches!(event, Event::Timer(_)))
                .collect();
            scene.wait(*delay_ms);
            let (_, event) = pick.get(&failing).clone();
            scene.on(event);
            // The timer for the next try, with the mean of its draws.
            if let Connection::Waiting { tries } = scene.client.connection() {
                scene.wait(500 << tries.min(5));
                scene.on(Event::Timer(Timer::Reconnect));
            }
        }
        for (at, first) in scene.opened.iter().enumerate() {
            let in_minute =
                scene.opened[at..].iter().take_while(|moment| moment.since(*first) < 60_000).count();
            prop_assert!(in_minute <= CONNECTS_A_MINUTE, "{in_minute} connects in a minute");
        }
    }
}
