//! Single settings by their path, through lenses.

use voidstate_category::optics::{at, key};

use super::{Line, Settings, Upgrade};

/// Sets what `text`, `PATH=VALUE`, says.
///
/// # Errors
/// Why it cannot be set.
pub(super) fn set(settings: &mut Settings, text: &str) -> Result<(), String> {
    let (path, value) = text
        .split_once('=')
        .ok_or_else(|| "there is no `=` between path and value".to_owned())?;
    let parts: Vec<&str> = path.trim().split('.').collect();
    match parts.as_slice() {
        ["upgrade", "grade"] => {
            let grade = value
                .trim()
                .parse()
                .map_err(|error: voidstate_core::Error| error.to_string())?;
            Settings::UPGRADE.then(Upgrade::GRADE).set(settings, grade);
            Ok(())
        }
        ["tools", id, name] => {
            let id = (*id).to_owned();
            Settings::TOOLS.with_mut(settings, |tools| {
                tools.entry(id.clone()).or_default();
            });
            let told = Settings::TOOLS.then(key(id));
            let value = read(value);
            told.preview_mut(settings, |told| told.insert((*name).to_owned(), value));
            Ok(())
        }
        ["pipeline", name, field] => {
            let lines = Settings::PIPELINE.get(settings);
            let place = lines.iter().position(|line| line.name == *name);
            let place = place.ok_or_else(|| format!("there is no pipeline {name:?}"))?;
            let field = match *field {
                "series" => Line::SERIES,
                "steps" => Line::STEPS,
                other => {
                    return Err(format!(
                        "a pipeline has no {other:?}, it has series and steps"
                    ));
                }
            };
            let line = Settings::PIPELINE.then(at(place)).then(field);
            line.try_set(settings, value.to_owned())
                .map_err(|_| format!("there is no pipeline {name:?}"))
        }
        _ => Err(format!("{path:?} is no setting")),
    }
}

/// A number or a truth value as such, anything else as text.
fn read(value: &str) -> toml::Value {
    let as_text = || toml::Value::String(value.to_owned());
    let parsed = toml::from_str::<toml::Table>(&format!("v = {value}"));
    let parsed = parsed.ok().and_then(|mut table| table.remove("v"));
    parsed
        .filter(|v| !v.is_table() && !v.is_array())
        .unwrap_or_else(as_text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_settings_are_set_by_their_path() {
        let text = "[[pipeline]]\nname = \"p\"\nseries = \"a\"\nsteps = \"pass\"\n";
        let mut settings: Settings = toml::from_str(text).unwrap();
        for one in [
            "upgrade.grade=proved",
            "tools.anomaly.merge_gap_seconds=3.5",
            "tools.anomaly.name=a = b",
            "pipeline.p.steps=where value >= 1",
        ] {
            set(&mut settings, one).unwrap();
        }
        assert_eq!(settings.upgrade.grade, voidstate_core::Grade::Proved);
        assert_eq!(
            settings.tools["anomaly"]["merge_gap_seconds"],
            toml::Value::Float(3.5)
        );
        assert_eq!(
            settings.tools["anomaly"]["name"],
            toml::Value::String("a = b".to_owned())
        );
        assert_eq!(settings.pipeline[0].steps, "where value >= 1");
        assert_eq!(settings.pipeline[0].series, "a");
        let before = settings.clone();
        for wrong in [
            "upgrade.grade=sure",
            "upgrade",
            "pipeline.q.steps=x",
            "pipeline.p.name=x",
            "x=1",
            "tools.a=1",
        ] {
            assert!(set(&mut settings, wrong).is_err(), "{wrong}");
        }
        assert_eq!(settings, before);
    }
}
