//! Rules are tested before they are used.

use voidstate_equivalence::Error;
use voidstate_equivalence::pipeline::{
    Aggregate, Binary, Comparison, Expr, Pipeline, Pred, Stage, Unary,
};
use voidstate_equivalence::rules::{Counterexample, Kind, Rule, Rules, admit};

#[test]
fn the_standard_rules_are_admitted() {
    let mut refused = Vec::new();
    for rule in Rules::claimed() {
        if let Err(e) = admit(rule, 2_000, 11) {
            refused.push(e.to_string());
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    assert_eq!(Rules::standard().len(), Rules::claimed().len());
    assert!(Rules::standard().len() >= 12);
}

fn swap(name: &str, first: Kind, second: Kind) -> Rule {
    Rule::new(name, "", &[first, second], |s| {
        let [a, b] = s else { return None };
        Some(vec![b.clone(), a.clone()])
    })
}

fn fused(name: &str, of: Aggregate, into: Aggregate) -> Rule {
    Rule::new(name, "", &[Kind::Window, Kind::Window], move |s| {
        let [
            Stage::Window {
                aggregate: a,
                count: n,
                every: x,
            },
            Stage::Window {
                aggregate: b,
                count: m,
                every: y,
            },
        ] = s
        else {
            return None;
        };
        let is_shape = *a == of && b == a && n == x && m == y && *n > 1 && *m > 1;
        is_shape.then(|| {
            vec![Stage::Window {
                aggregate: into,
                count: n * m,
                every: n * m,
            }]
        })
    })
}

fn on_map(name: &str, f: impl Fn(&Expr) -> Option<Expr> + Send + Sync + 'static) -> Rule {
    Rule::new(name, "", &[Kind::Map], move |s| {
        let [Stage::Map(e)] = s else { return None };
        Some(vec![Stage::Map(f(e)?)])
    })
}

fn constant_step(e: &Expr) -> Option<(Binary, &Expr, f64)> {
    match e {
        Expr::Binary(op, x, c) => match c.as_ref() {
            Expr::Const(c) => Some((*op, x.as_ref(), c.get())),
            _ => None,
        },
        _ => None,
    }
}

/// Rules that people believe.
fn wrong() -> Vec<Rule> {
    vec![
        on_map("re-associate sums", |e| {
            let (Binary::Add, x, c) = constant_step(e)? else {
                return None;
            };
            let (Binary::Add, y, d) = constant_step(x)? else {
                return None;
            };
            Some(Expr::binary(Binary::Add, y.clone(), Expr::constant(d + c)))
        }),
        on_map("re-associate products", |e| {
            let (Binary::Mul, x, c) = constant_step(e)? else {
                return None;
            };
            let (Binary::Mul, y, d) = constant_step(x)? else {
                return None;
            };
            Some(Expr::binary(Binary::Mul, y.clone(), Expr::constant(d * c)))
        }),
        on_map("drop adding zero", |e| {
            let (Binary::Add, x, c) = constant_step(e)? else {
                return None;
            };
            (c.to_bits() == 0).then(|| x.clone())
        }),
        on_map("zero times anything is zero", |e| {
            let (Binary::Mul, _, c) = constant_step(e)? else {
                return None;
            };
            (c.to_bits() == 0).then(|| Expr::constant(0.0))
        }),
        on_map("divide by a tenth as times ten", |e| {
            let (Binary::Div, x, c) = constant_step(e)? else {
                return None;
            };
            (c.to_bits() == 0.1_f64.to_bits())
                .then(|| Expr::binary(Binary::Mul, x.clone(), Expr::constant(10.0)))
        }),
        on_map("the logarithm undoes the exponential", |e| match e {
            Expr::Unary(Unary::Ln, x) => match x.as_ref() {
                Expr::Unary(Unary::Exp, y) => Some(y.as_ref().clone()),
                _ => None,
            },
            _ => None,
        }),
        swap("swap map and where", Kind::Map, Kind::Where),
        swap("where before dedup", Kind::Dedup, Kind::Where),
        swap("where before skip", Kind::Skip, Kind::Where),
        swap("where before delta", Kind::Delta, Kind::Where),
        swap("swap every and skip", Kind::Every, Kind::Skip),
        swap("swap every and take", Kind::Every, Kind::Take),
        swap("map before dedup", Kind::Dedup, Kind::Map),
        Rule::new("negate after delta", "", &[Kind::Map, Kind::Delta], |s| {
            let neg = Stage::Map(Expr::unary(Unary::Neg, Expr::Value));
            (s[0] == neg).then(|| vec![Stage::Delta, neg])
        }),
        fused("sum of sums", Aggregate::Sum, Aggregate::Sum),
        fused("mean of means", Aggregate::Mean, Aggregate::Mean),
        fused("counts of counts", Aggregate::Count, Aggregate::Count),
        Rule::new("any map passes max", "", &[Kind::Map, Kind::Window], |s| {
            let [
                m,
                w @ Stage::Window {
                    aggregate: Aggregate::Max,
                    ..
                },
            ] = s
            else {
                return None;
            };
            Some(vec![w.clone(), m.clone()])
        }),
        Rule::new("sliding adds", "", &[Kind::Window, Kind::Window], |s| {
            let [
                Stage::Window {
                    aggregate: Aggregate::Max,
                    count: n,
                    every: 1,
                },
                Stage::Window {
                    aggregate: Aggregate::Max,
                    count: m,
                    every: 1,
                },
            ] = s
            else {
                return None;
            };
            Some(vec![Stage::Window {
                aggregate: Aggregate::Max,
                count: n + m,
                every: 1,
            }])
        }),
        Rule::new("not less is at least", "", &[Kind::Where], |s| {
            let [Stage::Where(Pred::Not(p))] = s else {
                return None;
            };
            let Pred::Compare(Comparison::Less, a, b) = p.as_ref() else {
                return None;
            };
            Some(vec![Stage::Where(Pred::Compare(
                Comparison::AtLeast,
                a.clone(),
                b.clone(),
            ))])
        }),
        Rule::new("swap any branches", "", &[Kind::Tee], |s| {
            let [Stage::Tee(op, a, b)] = s else {
                return None;
            };
            Some(vec![Stage::Tee(*op, b.clone(), a.clone())])
        }),
        Rule::new("swap merged", "", &[Kind::Merge], |s| {
            let [Stage::Merge(a, b)] = s else { return None };
            Some(vec![Stage::Merge(b.clone(), a.clone())])
        }),
        Rule::new("a value minus itself", "", &[Kind::Tee], |s| {
            let [Stage::Tee(Binary::Sub, a, b)] = s else {
                return None;
            };
            let zero = Stage::Map(Expr::constant(0.0));
            (a == b).then(|| [a.stages(), &[zero]].concat())
        }),
    ]
}

#[test]
fn planted_wrong_rules_are_refused_with_a_small_stream() {
    for rule in wrong() {
        let name = rule.name().to_owned();
        match admit(rule.clone(), 2_000, 7) {
            Err(Counterexample::Differs {
                left,
                right,
                input,
                expected,
                found,
                ..
            }) => {
                assert_eq!(left.run_batch(&input), *expected, "{name}");
                assert_eq!(right.run_batch(&input), *found, "{name}");
                assert_ne!(expected, found, "{name}");
                assert_eq!(
                    rule.apply(left.stages()).as_deref(),
                    Some(right.stages()),
                    "{name}"
                );
                assert!(input.len() <= 10, "{name}: {input:?}");
                // Nothing can be left out.
                for at in 0..input.len() {
                    let mut less = input.clone();
                    less.remove(at);
                    assert_eq!(left.run_batch(&less), right.run_batch(&less), "{name}");
                }
            }
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn a_counterexample_tells_the_whole_story() {
    let refused = admit(swap("swap map and where", Kind::Map, Kind::Where), 500, 1).unwrap_err();
    let told = refused.to_string();
    assert!(
        told.starts_with("rule `swap map and where` is wrong: of ["),
        "{told}"
    );
    assert_eq!(
        admit(swap("swap map and where", Kind::Map, Kind::Where), 500, 1).unwrap_err(),
        refused
    );
}

#[test]
fn a_rule_that_was_never_exercised_is_not_admitted() {
    let narrow = on_map("never", |e| {
        (*e == Expr::constant(123.456)).then_some(Expr::Value)
    });
    assert!(matches!(
        admit(narrow, 10, 1),
        Err(Counterexample::Untested { applied: 0, .. })
    ));
}

#[test]
fn names_are_unique() {
    let mut rules = Rules::standard().clone();
    let again = admit(Rules::claimed().remove(0), 100, 1).unwrap();
    assert!(matches!(rules.add(again), Err(Error::RuleTwice { .. })));
    let fewer = rules.without("fuse-map");
    assert!(fewer.get("fuse-map").is_none() && !fewer.is_empty());
    assert!(Rules::tested(20, 3).is_ok());
}

#[test]
fn thresholds_are_solved_exactly() {
    let where_ = |text: &str| Pipeline::parse(text).unwrap().stages().to_vec();
    let rules = Rules::standard();
    let solve = |text: &str| {
        rules
            .get("solve-threshold")
            .unwrap()
            .rule()
            .apply(&where_(text))
    };
    assert_eq!(
        solve("where value * 0.001 > 0.5"),
        Some(where_("where value > 500"))
    );
    assert_eq!(
        solve("where -(value) < 3"),
        Some(where_("where value > -3"))
    );
    assert_eq!(solve("where value + 1 < -inf"), Some(where_("where false")));
    assert_eq!(
        solve("where value - 1 >= -inf"),
        Some(where_("where value >= -inf"))
    );
    assert_eq!(
        solve("where floor(value) >= 2"),
        Some(where_("where value >= 2"))
    );
    assert_eq!(solve("where abs(value) > 2"), None);
    // 0.1 is not a tenth, so that the bound is not 3.
    let third = solve("where value * 0.1 > 0.3").unwrap();
    for v in [2.9999999999999996_f64, 3.0, 3.0000000000000004] {
        let Stage::Where(p) = &third[0] else { panic!() };
        assert_eq!(p.holds(v), v * 0.1 > 0.3, "{v}");
    }
}
