use voidstate_spec::{implements, subject};

#[derive(Debug)]
struct NoPattern;

#[implements("specs/pattern_matcher.spec", always)]
fn pattern_matcher<'a>(text: &'a str, pattern: &str) -> Result<Vec<usize>, NoPattern> {
    let _: &'a str = text;
    if pattern.is_empty() {
        return Err(NoPattern);
    }
    let found = (0..=text.len().checked_sub(pattern.len()).map_or(0, |n| n))
        .filter(|at| text.get(*at..).is_some_and(|rest| rest.starts_with(pattern)));
    Ok(found.collect())
}

fn main() {
    assert_eq!(pattern_matcher("abab", "ab").ok(), Some(vec![0, 2]));
    assert!(pattern_matcher("abab", "").is_err());
    let mut subject = subject!(pattern_matcher);
    subject.reset();
}
