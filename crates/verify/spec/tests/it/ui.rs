//! What the compiler says.

#[test]
fn refusals_are_at_the_parameter() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass_*.rs");
    cases.compile_fail("tests/ui/fail_*.rs");
    if cfg!(feature = "tool") {
        cases.pass("tests/ui/tool/pass_*.rs");
        cases.compile_fail("tests/ui/tool/fail_*.rs");
    }
}
