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
    pub(crate) why: String,
}

impl Equivalent {
    pub(crate) fn is(&self, mutant: &Mutant) -> bool {
        self.function == mutant.function
            && self.before == mutant.before
            && self.after == mutant.after
    }

    pub(crate) fn shown(&self) -> String {
        format!("{}: `{}` -> `{}`", self.function, self.before, self.after)
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
        let equivalent = Equivalent {
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
    fn every_entry_says_why() {
        let good =
            "[[a]]\nfunction = \"f\"\nbefore = \"x\"\nafter = \"y\"\nwhy = \"only a hint\"\n";
        assert_eq!(parse(good, "a").unwrap().len(), 1);
        assert!(parse(good, "b").unwrap().is_empty());
        for bad in [
            good.replace("only a hint", " "),
            good.replace("why", "reason"),
            good.replace("[[a]]", "[a]"),
            "[[".to_owned(),
        ] {
            assert!(parse(&bad, "a").is_err(), "{bad}");
        }
    }
}
