//! What committed text may not contain.

/// Paths that exist on one machine only.
const MACHINE_PATHS: [&str; 5] = [
    concat!("/ro", "ot/"),
    concat!("/wo", "rk/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("/fa", "rm/"),
];

/// Hosts that packages come from.
const REGISTRY_HOSTS: [&str; 5] = [
    concat!("crates", ".io"),
    concat!("py", "pi.org"),
    concat!("files.python", "hosted.org"),
    concat!("registry.npm", "js.org"),
    concat!("deb.deb", "ian.org"),
];

/// Marks of unfinished work.
const MARKS: [&str; 5] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("to", "do!"),
    concat!("unimple", "mented!"),
    concat!("db", "g!"),
];

/// Directories of data that tests compare byte by byte.
const VERBATIM: [&str; 3] = ["/tests/golden/", "/tests/fixtures/", "/tests/data/"];

/// Every rule that the text breaks.
pub(crate) fn check(name: &str, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let sources = name.ends_with("Cargo.lock") || name.ends_with("deny.toml");
    let verbatim = VERBATIM.iter().any(|d| name.contains(d)) || name.starts_with("LICENSE");
    for (number, line) in text.lines().enumerate() {
        let mut say = |what: &str, word: &str| {
            problems.push(format!("{name}:{}: {what} `{word}`", number + 1))
        };
        if !sources {
            MACHINE_PATHS
                .iter()
                .filter(|p| starts_a_path(line, p))
                .for_each(|p| say("a machine's path", p));
            REGISTRY_HOSTS
                .iter()
                .filter(|h| line.contains(*h))
                .for_each(|h| say("a registry's host", h));
        }
        if !verbatim {
            MARKS
                .iter()
                .filter(|m| is_word(line, m))
                .for_each(|m| say("unfinished:", m));
        }
    }
    if !verbatim && !text.is_empty() && !text.ends_with('\n') {
        problems.push(format!("{name}: no newline at the end"));
    }
    problems
}

/// Whether the path stands at its own start, not as the tail of a relative one.
fn starts_a_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|b| b.chars().next_back());
        before.is_none_or(|c| {
            !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '*' | '}' | ')'))
        })
    })
}

fn is_word(line: &str, word: &str) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|b| b.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|a| a.chars().next());
        !part(before) && (word.ends_with('!') || !part(after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_is_kept() {
        for word in MACHINE_PATHS.iter().chain(&REGISTRY_HOSTS).chain(&MARKS) {
            let text = format!("fine\nsee ({word}) there\n");
            let found = check("src/a.rs", &text);
            assert_eq!(found.len(), 1, "{word}: {found:?}");
            assert!(found[0].starts_with("src/a.rs:2: "), "{}", found[0]);
        }
        assert_eq!(check("a.md", "no newline"), ["a.md: no newline at the end"]);
        assert!(check("a.md", "").is_empty());
    }

    #[test]
    fn what_only_looks_like_it_passes() {
        for text in [
            "target/work/x and ./home/y and crates/root/z\n".to_owned(),
            format!("m{}s are words\n", MARKS[0].to_lowercase()),
            format!("{}S\n", MARKS[0]),
            "allow-dbg-in-tests, todo = \"warn\"\n".to_owned(),
        ] {
            assert_eq!(check("a.toml", &text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn locks_name_their_sources_and_golden_files_are_verbatim() {
        let host = REGISTRY_HOSTS[0];
        assert!(check("Cargo.lock", &format!("{host}\n")).is_empty());
        assert!(check("crates/core/tests/golden/a.json", "{}").is_empty());
        assert_eq!(
            check("crates/core/tests/golden/a.json", &format!("{host}\n")).len(),
            1
        );
    }
}
