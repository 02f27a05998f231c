//! Reading sources.

use voidstate_language::parse;

const TOUR: &str = include_str!("../golden/tour.spec");

#[test]
fn the_tour_is_read() {
    let document = parse(TOUR).unwrap_or_else(|e| panic!("{}", e.render(TOUR, "tour.spec", false)));
    assert_eq!(document.items.len(), 6);
    println!("{document:#?}");
}
