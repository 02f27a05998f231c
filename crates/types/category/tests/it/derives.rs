//! What the derives make of every shape.

use voidstate_category::{Lens, Lenses, Prisms};

#[derive(Lenses)]
struct Named<'n, T: Clone, const N: usize>
where
    T: PartialEq,
{
    name: &'n str,
    r#type: [T; N],
    #[lens(name = "HOW_MANY")]
    count: u8,
    #[lens(skip)]
    hidden: u8,
}

impl<T: Clone + PartialEq, const N: usize> Named<'_, T, N> {
    /// A constant of the skipped field's name is free.
    const HIDDEN: u8 = 3;
}

#[derive(Lenses, Debug, PartialEq)]
struct Pair(u8, String);

#[derive(Prisms, Debug, PartialEq)]
enum Shape<T> {
    Circle(T),
    HTTPError {
        code: u16,
    },
    Nothing,
    Empty {},
    #[prism(skip)]
    Box(u8, u8),
    #[prism(name = "OTHER")]
    Named(String),
}

#[derive(Prisms, Debug, PartialEq)]
enum Only {
    One(u8),
}

mod inner {
    use voidstate_category::Lenses;

    #[derive(Lenses, Default)]
    pub(crate) struct Guarded {
        pub(crate) open: u8,
        closed: u8,
    }

    pub(crate) fn closed(g: &Guarded) -> u8 {
        Guarded::CLOSED.get(g)
    }
}

#[test]
fn every_shape_of_struct_has_lenses() {
    let text = String::from("a");
    let mut named = Named {
        name: &text,
        r#type: [1, 2],
        count: 5,
        hidden: 0,
    };
    Named::TYPE.modify(&mut named, |t| t.reverse());
    Named::HOW_MANY.set(&mut named, 6);
    assert_eq!(
        (Named::NAME.get(&named), named.r#type, named.count),
        ("a", [2, 1], 6)
    );
    assert_eq!(Named::<u8, 2>::HIDDEN + named.hidden, 3);

    let mut pair = Pair(1, "b".into());
    Pair::FIELD_0.set(&mut pair, 2);
    Pair::FIELD_1.modify(&mut pair, |s| s.push('c'));
    assert_eq!(pair, Pair(2, "bc".into()));
    // Lenses of one whole and part have one type, and stand in a table.
    type Half = Lens<(u8, u8), u8>;
    let table: [(&str, Half); 2] = [
        ("left", Lens::new(|p| &p.0, |p| &mut p.0)),
        ("right", Lens::new(|p| &p.1, |p| &mut p.1)),
    ];
    assert_eq!(table.map(|(_, lens)| lens.get(&(1, 2))), [1, 2]);
}

#[test]
fn every_shape_of_enum_has_prisms() {
    assert_eq!(Shape::CIRCLE.review(1.5), Shape::Circle(1.5));
    assert_eq!(
        Shape::<()>::HTTP_ERROR.preview(&Shape::HTTPError { code: 404 }),
        Some(404)
    );
    assert_eq!(Shape::<()>::NOTHING.review(()), Shape::Nothing);
    assert_eq!(Shape::<()>::EMPTY.preview(&Shape::Empty {}), Some(()));
    assert_eq!(Shape::<()>::EMPTY.preview(&Shape::Nothing), None);
    assert_eq!(Shape::<()>::OTHER.preview(&Shape::Box(1, 2)), None);
    assert_eq!(Only::ONE.preview(&Only::ONE.review(3)), Some(3));
}

#[test]
fn a_lens_is_as_visible_as_its_field() {
    let mut guarded = inner::Guarded::default();
    inner::Guarded::OPEN.set(&mut guarded, 4);
    assert_eq!((guarded.open, inner::closed(&guarded)), (4, 0));
}
