//! Refinements under hostile values and every operation.

use proptest::prelude::*;
use voidstate_dependent::rule::{AboveZero, Both, InUnit};
use voidstate_dependent::{
    Bounded, Finite, NonEmpty, NonNegative, Positive, Probability, Refined, Sorted,
};

const HOSTILE: [f64; 14] = [
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    -0.0,
    0.0,
    5e-324,
    -5e-324,
    1.0,
    1.0 + f64::EPSILON,
    1.0 - f64::EPSILON / 2.0,
    -1.0,
    f64::MAX,
    f64::MIN,
    0.5,
];

#[test]
fn hostile_floats_are_sorted_out() {
    let kept = |accepts: fn(f64) -> bool| -> Vec<f64> {
        HOSTILE.into_iter().filter(|v| accepts(*v)).collect()
    };
    let unit = kept(|v| Probability::new(v).is_ok());
    assert_eq!(
        unit,
        [-0.0, 0.0, 5e-324, 1.0, 1.0 - f64::EPSILON / 2.0, 0.5]
    );
    let positive = kept(|v| Positive::new(v).is_ok());
    assert_eq!(positive.len(), 6);
    assert!(positive.iter().all(|v| *v > 0.0 && *v <= f64::MAX));
    assert_eq!(kept(|v| NonNegative::new(v).is_ok()).len(), 8);
    assert_eq!(kept(|v| Finite::new(v).is_ok()).len(), 11);
    assert!(Probability::new(f32::NAN.into()).is_err() && Finite::new(f32::INFINITY).is_err());
}

#[test]
fn rules_combine() {
    type Share = Refined<f64, Both<InUnit, AboveZero>>;
    assert!(Share::new(1.0).is_ok() && Share::new(0.0).is_err() && Share::new(1.5).is_err());
    let text = Share::new(0.0).unwrap_err().to_string();
    assert!(
        text.contains("a probability in [0, 1] and also finite and above 0"),
        "{text}"
    );
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn probabilities_stay_in_the_unit_interval(p in 0.0..=1.0_f64, q in 0.0..=1.0_f64) {
        for (p, q) in [(p, q), (p, 1.0), (0.0, q), (p, 5e-324), (1.0 - f64::EPSILON / 2.0, q)] {
            let (p, q) = (Probability::new(p).unwrap(), Probability::new(q).unwrap());
            for r in [p.and(q), p.or(q), p.complement()] {
                prop_assert!(Probability::new(r.into_inner()).is_ok(), "{p} {q} {r}");
            }
            prop_assert!(p.or(q) >= p.and(q));
        }
    }

    #[test]
    fn arithmetic_keeps_its_promises(a in any::<f64>(), b in any::<f64>()) {
        if let (Ok(a), Ok(b)) = (Finite::new(a), Finite::new(b)) {
            prop_assert_eq!(a.plus(b).is_ok(), (*a + *b).is_finite());
            prop_assert_eq!(a.times(b).is_ok(), (*a * *b).is_finite());
        }
        if let Ok(p) = Positive::new(a.abs()) {
            prop_assert!(Finite::new(p.ln().into_inner()).is_ok());
            prop_assert!(Positive::new(p.sqrt().into_inner()).is_ok());
            let wide: [Finite; 2] = [p.into(), NonNegative::from(p).sqrt().into()];
            prop_assert!(wide.iter().all(|w| w.is_finite()));
        }
    }

    #[test]
    fn floats_have_a_total_order_once_nan_is_out(mut items in prop::collection::vec(-9.0..9.0_f64, 0..30)) {
        let mut refined: Vec<Finite> = items.iter().map(|v| Finite::new(*v).unwrap()).collect();
        refined.sort();
        items.sort_by(f64::total_cmp);
        prop_assert!(refined.iter().map(|v| *v.get()).eq(items));
    }

    #[test]
    fn a_list_is_accepted_exactly_when_it_ascends(items in prop::collection::vec(0_u8..4, 0..6)) {
        let ascends = items.windows(2).all(|w| w[0] <= w[1]);
        prop_assert_eq!(Sorted::new(items.clone()).is_ok(), ascends);
        prop_assert_eq!(NonEmpty::new(items.clone()).is_ok(), !items.is_empty());
    }

    #[test]
    fn sorted_stays_sorted_under_every_operation(
        items in prop::collection::vec(-9_i32..9, 0..20),
        other in prop::collection::vec(-9_i32..9, 0..20),
        inserted in prop::collection::vec(-9_i32..9, 0..9),
        at in 0_usize..30,
    ) {
        let holds = |s: &Sorted<i32>, model: &[i32]| {
            let mut model = model.to_vec();
            model.sort_unstable();
            Sorted::new(s.to_vec()).is_ok() && s.get() == &model
        };
        let mut model = items.clone();
        let mut sorted = Sorted::sort(items);
        prop_assert!(holds(&sorted, &model));
        for item in inserted {
            let place = sorted.insert(item).unwrap();
            model.push(item);
            prop_assert_eq!(sorted[place], item);
            prop_assert!(holds(&sorted, &model));
        }
        sorted = sorted.merge(Sorted::sort(other.clone())).unwrap();
        model.extend(other);
        prop_assert!(holds(&sorted, &model));
        for probe in -10..10 {
            prop_assert_eq!(sorted.contains(&probe), model.contains(&probe));
        }
        prop_assert_eq!((sorted.smallest(), sorted.largest()), (model.iter().min(), model.iter().max()));
        let gone = sorted.remove(at);
        prop_assert_eq!(gone.is_some(), at < model.len());
        if let Some(gone) = gone {
            let place = model.iter().position(|item| *item == gone).unwrap();
            model.remove(place);
        }
        prop_assert!(holds(&sorted, &model));
        sorted.retain(|item| item % 2 == 0);
        model.retain(|item| item % 2 == 0);
        prop_assert!(holds(&sorted, &model));
        sorted.truncate(3);
        model.sort_unstable();
        model.truncate(3);
        prop_assert!(holds(&sorted, &model));
        let back = sorted.try_map(|v| v.into_iter().map(|x| -x).collect());
        prop_assert_eq!(back.is_ok(), model.iter().rev().is_sorted() && model.windows(2).all(|w| w[0] == w[1]));
    }

    #[test]
    fn hostile_floats_never_get_into_a_sorted_list(
        items in prop::collection::vec(prop::sample::select(HOSTILE.to_vec()), 0..9),
        item in prop::sample::select(HOSTILE.to_vec()),
    ) {
        let has_nan = items.iter().any(|v| v.is_nan());
        let sorted = Sorted::sort_floats(items.clone());
        prop_assert_eq!(sorted.is_err(), has_nan);
        prop_assert!(!has_nan || Sorted::new(items).is_err());
        if let Ok(mut sorted) = sorted {
            let before = sorted.len();
            prop_assert_eq!(sorted.insert(item).is_ok(), !item.is_nan());
            prop_assert_eq!(sorted.len(), before + usize::from(!item.is_nan()));
            prop_assert!(Sorted::new(sorted.into_inner()).is_ok());
        }
    }

    #[test]
    fn bounds_hold_at_their_ends(n in any::<i64>(), near in -12_i64..12) {
        for n in [n, near, i64::MIN, i64::MAX] {
            prop_assert_eq!(Bounded::<-5, 10>::new(n).is_ok(), (-5..=10).contains(&n));
        }
    }

    #[test]
    fn one_item_always_stays(items in prop::collection::vec(any::<i32>(), 1..9), more in any::<i32>()) {
        let mut list = NonEmpty::new(items.clone()).unwrap();
        prop_assert_eq!((list.first(), list.last()), (&items[0], &items[items.len() - 1]));
        prop_assert_eq!(Some(list.largest()), items.iter().max());
        list.push(more);
        while list.pop().is_some() {}
        prop_assert_eq!(list.get().as_slice(), &items[..1]);
        prop_assert_eq!(NonEmpty::of(more, items.clone()).map(i64::from).len(), items.len() + 1);
    }
}

/// A partial order: pairs are comparable when both parts agree.
#[derive(Debug, Clone, PartialEq)]
struct Both2(u8, u8);

impl PartialOrd for Both2 {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        let (a, b) = (self.0.cmp(&other.0), self.1.cmp(&other.1));
        match (a, b) {
            (a, b) if a == b => Some(a),
            (std::cmp::Ordering::Equal, b) => Some(b),
            (a, std::cmp::Ordering::Equal) => Some(a),
            _ => None,
        }
    }
}

#[test]
fn what_cannot_be_compared_comes_back() {
    let mut chain = Sorted::new(vec![Both2(0, 0), Both2(1, 1), Both2(2, 2)]).unwrap();
    assert_eq!(chain.insert(Both2(0, 3)), Err(Both2(0, 3)));
    assert_eq!(chain.insert(Both2(1, 2)), Ok(2));
    let other = Sorted::new(vec![Both2(0, 1), Both2(3, 1)]).unwrap();
    let (left, right) = chain.merge(other).unwrap_err();
    assert_eq!((left.len(), right.len()), (4, 2));
}
