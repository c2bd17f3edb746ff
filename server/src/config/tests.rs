//! The page and the code say the same.

use super::{Config, keys::KEYS};

/// Key, what may stand there, and the default, of each row of the page's tables.
fn page() -> Vec<[String; 3]> {
    let page = include_str!("../../../docs/CONFIGURATION.md");
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert!(cells.len() == 4 && !cells[3].is_empty(), "{row}");
        [0, 1, 2].map(|at| cells[at].trim_matches('`').to_owned())
    })
    .collect()
}

#[test]
fn every_key_is_on_the_page_and_the_other_way_round() {
    let page: Vec<_> = page().into_iter().map(|[key, expected, _]| (key, expected)).collect();
    let code: Vec<_> =
        KEYS.iter().map(|key| (key.name.to_owned(), key.expected.to_owned())).collect();
    assert_eq!(page, code);
}

#[test]
fn the_page_tells_the_defaults() {
    let unset = format!("{:?}", Config::default());
    for (key, [name, _, default]) in KEYS.iter().zip(page()) {
        if default == "none" {
            let nothing = [format!(" {name}: None,"), format!(" {name}: [],")];
            assert!(nothing.iter().any(|nothing| unset.contains(nothing)), "{name} has a default");
            continue;
        }
        let mut config = Config::default();
        assert!((key.set)(&mut config, &default), "{name} cannot be {default}");
        assert_eq!(config, Config::default(), "{name} is not {default}");
    }
}
