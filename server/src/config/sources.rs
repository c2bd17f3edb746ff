//! Where settings come from.

use std::path::Path;

use super::{
    Config, ConfigError,
    keys::{KEYS, Key},
    nearest::nearest,
};

const PREFIX: &str = "FRONTDESK_";
/// Names in the environment that are not settings: the file itself.
const NOT_SETTINGS: [&str; 1] = ["FRONTDESK_CONFIG"];

/// Sets what a TOML file says.
///
/// # Errors
/// [`ConfigError`]; `config` is then half set and of no use.
pub fn from_file(config: &mut Config, path: &Path) -> Result<(), ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| ConfigError::Toml {
        path: path.to_owned(),
        message: error.to_string(),
    })?;
    let place = path.display().to_string();
    for (name, value) in &table {
        let key = find(&place, name, str::to_owned)?;
        set(config, key, &place, name, &plain(value))?;
    }
    Ok(())
}

/// A value as it is written in the environment: a list with commas, a text without quotes.
fn plain(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(","),
        toml::Value::Integer(_)
        | toml::Value::Float(_)
        | toml::Value::Boolean(_)
        | toml::Value::Datetime(_)
        | toml::Value::Table(_) => value.to_string(),
    }
}

/// Sets what `FRONTDESK_*` says. `variables` are all of the environment.
///
/// # Errors
/// [`ConfigError`]; `config` is then half set and of no use.
pub fn from_env(
    config: &mut Config,
    variables: impl Iterator<Item = (String, String)>,
) -> Result<(), ConfigError> {
    let place = "the environment";
    for (variable, text) in variables {
        let Some(name) = variable.strip_prefix(PREFIX) else { continue };
        if NOT_SETTINGS.contains(&variable.as_str()) {
            continue;
        }
        let name = name.to_ascii_lowercase();
        let key = find(place, &name, |key| format!("{PREFIX}{}", key.to_ascii_uppercase()))
            .map_err(|error| rename(error, &variable))?;
        set(config, key, place, &variable, &text)?;
    }
    Ok(())
}

fn find(
    place: &str,
    name: &str,
    spell: impl Fn(&str) -> String,
) -> Result<&'static Key, ConfigError> {
    KEYS.iter().find(|key| key.name == name).ok_or_else(|| ConfigError::UnknownKey {
        place: place.to_owned(),
        key: name.to_owned(),
        nearest: nearest(name, KEYS.iter().map(|key| key.name)).map(spell),
    })
}

fn rename(error: ConfigError, variable: &str) -> ConfigError {
    match error {
        ConfigError::UnknownKey { place, nearest, .. } => {
            ConfigError::UnknownKey { place, key: variable.to_owned(), nearest }
        }
        error @ (ConfigError::Read { .. }
        | ConfigError::Toml { .. }
        | ConfigError::BadValue { .. }) => error,
    }
}

fn set(
    config: &mut Config,
    key: &Key,
    place: &str,
    name: &str,
    text: &str,
) -> Result<(), ConfigError> {
    if (key.set)(config, text) {
        return Ok(());
    }
    let short: String = text.chars().take(60).collect();
    Err(ConfigError::BadValue {
        place: place.to_owned(),
        key: name.to_owned(),
        found: format!("{short:?}"),
        expected: key.expected.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(variables: &[(&str, &str)]) -> Result<Config, String> {
        let mut config = Config::default();
        let owned = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        from_env(&mut config, owned).map_err(|error| error.to_string())?;
        Ok(config)
    }

    #[test]
    fn a_wrong_name_is_named_with_the_nearest_right_one() {
        assert_eq!(
            env(&[("FRONTDESK_LISTENN", "x")]).unwrap_err(),
            "the environment: there is no setting `FRONTDESK_LISTENN`; did you mean `FRONTDESK_LISTEN`?"
        );
    }

    #[test]
    fn a_wrong_value_is_named_with_what_may_stand_there() {
        assert_eq!(
            env(&[("FRONTDESK_MAX_PER_GUEST", "many")]).unwrap_err(),
            "the environment: `FRONTDESK_MAX_PER_GUEST` is \"many\", but must be a number above 0"
        );
    }

    // It was taken for a module's name, and the log said nothing any more.
    #[test]
    fn a_log_level_that_is_none_is_refused() {
        for bad in ["loud", "", "info,loud", "info,", "frontdesk_server=loud", "info=debug=x"] {
            let said = env(&[("FRONTDESK_LOG_LEVEL", bad)]).unwrap_err();
            let expected = "but must be a level, such as info, or levels by module";
            assert!(said.contains("`FRONTDESK_LOG_LEVEL`") && said.ends_with(expected), "{said}");
        }
        for good in ["off", "WARN", "info,frontdesk_server::http=debug", "frontdesk_server=trace"] {
            assert_eq!(env(&[("FRONTDESK_LOG_LEVEL", good)]).unwrap().log_level, good);
        }
    }

    #[test]
    fn file_and_environment_speak_of_the_same_settings() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("frontdesk.toml");
        let text = "listen = \"0.0.0.0:80\"\nmax_per_guest = 3\ndemo = true\n\
                    trusted_proxies = [\"127.0.0.1\", \"10.0.0.0/8\"]\n";
        std::fs::write(&path, text).unwrap();
        let mut file = Config::default();
        from_file(&mut file, &path).unwrap();
        let env = env(&[
            ("FRONTDESK_LISTEN", "0.0.0.0:80"),
            ("FRONTDESK_MAX_PER_GUEST", "3"),
            ("FRONTDESK_DEMO", "true"),
            ("FRONTDESK_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8"),
            ("FRONTDESK_CONFIG", "x"),
            ("HOME", "/"),
        ]);
        assert_eq!(env.unwrap(), file);

        std::fs::write(&path, "lisen = 1").unwrap();
        let error = from_file(&mut file, &path).unwrap_err().to_string();
        assert!(error.ends_with("there is no setting `lisen`; did you mean `listen`?"), "{error}");
    }
}
