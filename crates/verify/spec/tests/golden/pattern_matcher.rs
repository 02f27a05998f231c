#[test]
fn regression_pattern_matcher_every_match_is_found() {
    let result = pattern_matcher("a", "a");
    // all(0..len(text) - len(pattern) + 1, |i| text[i..i + len(pattern)] == pattern => i in positions)
    assert_ne!(format!("{result:?}"), "[]", "every match is found");
}
