//! What the papers show is what there is.

use std::path::Path;

#[test]
fn the_program_shown_in_the_readme_is_the_example_that_is_tested() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let example =
        std::fs::read_to_string(root.join("crates/sources/embed/examples/observed.rs")).unwrap();
    assert!(
        readme.contains(&example),
        "README.md shows another program than examples/observed.rs"
    );
}
