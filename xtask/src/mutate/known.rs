//! Faults that change nothing anybody could see: named, with the reason, in `specs/equivalent.toml`.

use std::path::Path;

use super::instrument::Mutant;
use crate::error::{Error, Result};
use crate::shell;

/// A fault that no test can find, and why.
#[derive(Debug)]
pub(crate) struct Equivalent {
    function: String,
    before: String,
    after: String,
    /// Which of the faults in the function that look the same, from 1 on; all of them when not said.
    place: Option<usize>,
    pub(crate) why: String,
}

impl Equivalent {
    pub(crate) fn is(&self, mutant: &Mutant) -> bool {
        self.function == mutant.function
            && self.before == mutant.before
            && self.after == mutant.after
            && self.place.is_none_or(|place| place == mutant.place)
    }

    pub(crate) fn shown(&self) -> String {
        let place = self
            .place
            .map_or_else(String::new, |place| format!(" (place {place})"));
        format!(
            "{}: `{}` -> `{}`{place}",
            self.function, self.before, self.after
        )
    }
}

/// Those of one crate.
pub(crate) fn load(root: &Path, short: &str) -> Result<Vec<Equivalent>> {
    let path = root.join("specs/equivalent.toml");
    if !path.is_file() {
        return Ok(Vec::new());
    }
    parse(&shell::read_file(&path)?, short)
}

fn parse(text: &str, short: &str) -> Result<Vec<Equivalent>> {
    let bad = |why: String| Error::malformed("specs/equivalent.toml", why);
    let table: toml::Table = text.parse().map_err(|e| bad(format!("{e}")))?;
    let Some(entries) = table.get(short) else {
        return Ok(Vec::new());
    };
    let entries = entries
        .as_array()
        .ok_or_else(|| bad(format!("write [[{short}]]")))?;
    let mut found = Vec::new();
    for entry in entries {
        let field = |name: &str| {
            let text = entry.get(name).and_then(toml::Value::as_str);
            text.map(str::to_owned)
                .ok_or_else(|| bad(format!("[[{short}]] lacks `{name}`")))
        };
        let place = match entry.get("place") {
            None => None,
            Some(toml::Value::Integer(place)) => Some(
                usize::try_from(*place)
                    .ok()
                    .filter(|place| *place > 0)
                    .ok_or_else(|| bad(format!("place = {place}: places count from 1")))?,
            ),
            Some(other) => return Err(bad(format!("place = {other:?}: places are whole numbers"))),
        };
        let equivalent = Equivalent {
            place,
            function: field("function")?,
            before: field("before")?,
            after: field("after")?,
            why: field("why")?,
        };
        if equivalent.why.trim().is_empty() {
            return Err(bad(format!("{}: why?", equivalent.shown())));
        }
        found.push(equivalent);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_tells_apart_what_looks_the_same() {
        let text =
            "[[a]]\nfunction = \"f\"\nbefore = \"0\"\nafter = \"1\"\nwhy = \"reset first\"\n";
        let mutant = Mutant {
            id: 1,
            kind: super::super::faults::Kind::Integer,
            file: "a.rs".to_owned(),
            line: 1,
            function: "f".to_owned(),
            before: "0".to_owned(),
            after: "1".to_owned(),
            place: 2,
        };
        let first = Mutant {
            place: 1,
            ..mutant.clone()
        };
        let all = parse(text, "a").unwrap();
        assert!(all[0].is(&first) && all[0].is(&mutant));
        let second = parse(&format!("{text}place = 2\n"), "a").unwrap();
        assert!(!second[0].is(&first) && second[0].is(&mutant));
        assert!(second[0].shown().contains("place 2"));
    }

    #[test]
    fn every_entry_says_why() {
        let good =
            "[[a]]\nfunction = \"f\"\nbefore = \"x\"\nafter = \"y\"\nwhy = \"only a hint\"\n";
        assert_eq!(parse(good, "a").unwrap().len(), 1);
        assert!(parse(good, "b").unwrap().is_empty());
        for bad in [
            good.replace("only a hint", " "),
            good.replace("why", "reason"),
            good.replace("[[a]]", "[a]"),
            format!("{good}place = 0\n"),
            format!("{good}place = \"first\"\n"),
            "[[".to_owned(),
        ] {
            assert!(parse(&bad, "a").is_err(), "{bad}");
        }
    }
}
