//! Reading sources.

use voidstate_language::{format, from_json, parse, to_json};

const TOUR: &str = include_str!("../golden/tour.spec");

#[test]
fn the_tour_is_read() {
    let document = parse(TOUR).unwrap_or_else(|e| panic!("{}", e.render(TOUR, "tour.spec", false)));
    assert_eq!(document.items.len(), 6);
    let text = format(&document);
    println!("{text}");
    let again = parse(&text).unwrap_or_else(|e| panic!("{}", e.render(&text, "formatted", false)));
    assert_eq!(again, document);
    assert_eq!(format(&again), text);
    let json = to_json(&document).to_string();
    assert_eq!(from_json(&json).unwrap(), document);
    let schema = serde_json::from_str(voidstate_language::SCHEMA).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let json = to_json(&document);
    for error in schema.iter_errors(&json) {
        println!("{error} at {}", error.instance_path());
    }
    assert!(schema.is_valid(&json));
}
