//! The first Rust example of a README, made into a program.

/// A fenced block of Rust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Example {
    /// The code, hidden lines (`# …`) included.
    code: String,
    /// Whether it may be run (`no_run` is only built).
    pub(crate) runs: bool,
}

/// The first block that rustdoc would take for a test.
pub(crate) fn first(markdown: &str) -> Option<Example> {
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.trim_start().strip_prefix("```") else {
            continue;
        };
        let body: Vec<_> = lines.by_ref().take_while(|l| l.trim() != "```").collect();
        let words: Vec<_> = info
            .split([',', ' '])
            .map(str::trim)
            .filter(|w| !w.is_empty())
            .collect();
        let rust = words
            .iter()
            .all(|w| matches!(*w, "rust" | "no_run" | "should_panic") || w.starts_with("edition"));
        if rust {
            let code = body.into_iter().map(shown).collect::<Vec<_>>().join("\n");
            return Some(Example {
                code,
                runs: !words.contains(&"no_run"),
            });
        }
    }
    None
}

/// A line without the mark that hides it from readers.
fn shown(line: &str) -> &str {
    let trimmed = line.trim_start();
    match trimmed.strip_prefix('#') {
        Some("") => "",
        Some(rest) if rest.starts_with(' ') => rest.trim_start(),
        Some(rest) if rest.starts_with('#') => rest,
        _ => line,
    }
}

impl Example {
    /// A whole program: as written when it has a `main`, else wrapped in one as rustdoc does.
    pub(crate) fn program(&self) -> String {
        if self.code.lines().any(|l| {
            l.trim_start().starts_with("fn main(") || l.trim_start().starts_with("pub fn main(")
        }) {
            return self.code.clone() + "\n";
        }
        let (attributes, body): (Vec<_>, Vec<_>) = self
            .code
            .lines()
            .partition(|l| l.trim_start().starts_with("#!["));
        // An example may show an item without using it.
        let attributes = format!("#![allow(unused)]\n{}", attributes.join("\n"));
        let body = body.join("\n");
        if body.trim_end().ends_with("(())") {
            return format!(
                "{attributes}\nfn main() {{\n    fn example() -> Result<(), impl core::fmt::Debug> {{\n{body}\n    }}\n    example().unwrap()\n}}\n"
            );
        }
        format!("{attributes}\nfn main() {{\n{body}\n}}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rust_block_is_found() {
        let page = "# x\n```console\n$ ls\n```\n\n```rust\nassert!(true);\n# let _ = 1;\n#[derive(Debug)] struct S;\n```\n```\nother\n```\n";
        let example = first(page).unwrap();
        assert_eq!(
            example.code,
            "assert!(true);\nlet _ = 1;\n#[derive(Debug)] struct S;"
        );
        assert!(example.runs);
        assert!(!first("```rust,no_run\nloop {}\n```").unwrap().runs);
        assert!(first("```\nlet x = 1;\n```").is_some());
        assert_eq!(
            first("no code\n```toml\nx = 1\n```\n```rust,ignore\n```\n"),
            None
        );
    }

    #[test]
    fn it_is_wrapped_as_rustdoc_wraps_it() {
        let of = |code: &str| first(&format!("```rust\n{code}\n```")).unwrap().program();
        assert_eq!(of("fn main() {}"), "fn main() {}\n");
        assert!(
            of("#![deny(warnings)]\nf();").contains("#![deny(warnings)]\nfn main() {\nf();\n}")
        );
        assert!(of("f()?;\n# Ok::<(), E>(())").contains("example().unwrap()"));
        for code in ["#![deny(warnings)]\nf();", "f()?;\n# Ok::<(), E>(())"] {
            assert!(syn::parse_file(&of(code)).is_ok());
        }
    }
}
