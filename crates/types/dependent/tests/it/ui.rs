//! What builds and what does not, by real compilation.

/// The `pass` cases make trybuild build and run instead of check, so that promises which are checked only when code is
/// generated are seen too.
#[test]
fn promises_are_kept_by_the_compiler() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass_*.rs");
    cases.compile_fail("tests/ui/fail_*.rs");
}
