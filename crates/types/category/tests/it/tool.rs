//! Categories of tools, their functors and transformations, and planted breaches of each law.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use voidstate_category::functor::Window;
use voidstate_category::stream::{Machine, arr, delay, scan};
use voidstate_category::tool::{Inputs, ToolCategory, ToolFunctor, ToolTransformation, Traced};
use voidstate_category::{Counterexample, Error, Unverified};

fn tools(mut category: ToolCategory<i64>) -> ToolCategory<i64> {
    category.add_object("raw").unwrap();
    category.add_object_of("even", |x| x % 2 == 0).unwrap();
    category
        .add("double", "raw", "even", arr(|x: i64| x * 2))
        .unwrap();
    let sum = scan(0_i64, |sum: &mut i64, x: i64| {
        *sum += x;
        *sum
    });
    category.add("sum", "even", "even", sum).unwrap();
    category
        .add("halve", "even", "raw", arr(|x: i64| x / 2))
        .unwrap();
    category
}

fn inputs() -> Inputs<i64> {
    Inputs::from([
        ("raw".to_owned(), vec![vec![1, -2, 3], vec![0]]),
        ("even".to_owned(), vec![vec![4, 6], vec![]]),
    ])
}

fn breach<T: std::fmt::Debug>(outcome: Result<T, Unverified>) -> Counterexample {
    outcome.unwrap_err().counterexample().unwrap().clone()
}

#[test]
fn tools_are_a_category() {
    let checked = tools(ToolCategory::new())
        .verify_category_axioms(&inputs())
        .unwrap();
    // Two sequences for `raw`, one that is not empty for `even`.
    assert_eq!(checked.cases("left identity"), 4);
    // Three that begin with `double` on two sequences; three with `sum` and two with `halve` on one.
    assert_eq!(checked.cases("associativity"), 3 * 2 + 3 + 2);
    assert_eq!(checked.left_out(), 0);
}

#[test]
fn nothing_to_check_is_said() {
    let none = Inputs::new();
    let empty = ToolCategory::<i64>::new()
        .verify_category_axioms(&none)
        .unwrap_err();
    assert!(
        empty.to_string().contains("the category has no object"),
        "{empty}"
    );
    let mut one = ToolCategory::new();
    one.add_object("a").unwrap();
    one.add_object("b").unwrap();
    let error = one.verify_category_axioms(&none).unwrap_err();
    assert!(
        error.to_string().contains("no morphism but identities"),
        "{error}"
    );
    one.add("f", "a", "b", arr(|x: i64| x)).unwrap();
    let error = one.verify_category_axioms(&none).unwrap_err();
    assert!(
        error.to_string().contains("there is no input for `a`"),
        "{error}"
    );
    let given = Inputs::from([("a".to_owned(), vec![vec![1]])]);
    let Err(Unverified::NothingToCheck { law, why, checked }) = one.verify_category_axioms(&given)
    else {
        panic!("three that compose were found");
    };
    assert_eq!(
        (law, &*why),
        ("associativity", "no three morphisms can be composed")
    );
    assert_eq!(checked.cases("right identity"), 1);
    let small = tools(ToolCategory::new())
        .with_cases_max(7)
        .verify_category_axioms(&inputs());
    assert!(
        small
            .unwrap_err()
            .to_string()
            .contains("the limit of 7 cases came before it")
    );
}

#[test]
fn the_limit_is_kept_and_counted() {
    let all = tools(ToolCategory::new())
        .verify_category_axioms(&inputs())
        .unwrap();
    let total: u64 = all.laws().iter().map(|(_, cases)| cases).sum();
    let some = tools(ToolCategory::new())
        .with_cases_max(total - 3)
        .verify_category_axioms(&inputs())
        .unwrap();
    assert_eq!(some.left_out(), 3);
    assert!(some.to_string().ends_with("; 3 left out by the limit"));
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let mut category = tools(ToolCategory::new());
    let duplicate = Error::Duplicate {
        name: "raw".to_owned(),
    };
    assert_eq!(category.add_object("raw"), Err(duplicate));
    assert!(matches!(
        category.add("sum", "raw", "raw", arr(|x: i64| x)),
        Err(Error::Duplicate { .. })
    ));
    assert!(matches!(
        category.add("f", "raw", "nowhere", arr(|x: i64| x)),
        Err(Error::UnknownObject { .. })
    ));
    let double = category.morphism("double").unwrap();
    assert_eq!(
        category.compose(double, double).unwrap_err().to_string(),
        "`double` ends in `even` and `double` begins in `raw`; put a morphism from `even` to `raw` between them"
    );
    let both = category
        .compose(double, category.morphism("halve").unwrap())
        .unwrap();
    assert_eq!(
        (both.name(), both.run(&[3])),
        ("double ; halve".to_owned(), vec![3])
    );
    assert!(matches!(
        category.morphism("none"),
        Err(Error::UnknownMorphism { .. })
    ));
    let odd = Inputs::from([("even".to_owned(), vec![vec![3]])]);
    let error = category.verify_category_axioms(&odd).unwrap_err();
    assert_eq!(
        error,
        Unverified::Malformed(Error::Input {
            object: "even".to_owned(),
            value: "3".to_owned()
        })
    );
}

#[test]
fn categories_that_break_a_law_are_caught() {
    // Composition that keeps a step back.
    let late = tools(ToolCategory::new().with_composition(|f, g| f.then(delay(0)).then(g).boxed()));
    let found = breach(late.verify_category_axioms(&inputs()));
    assert_eq!(
        (found.law, &found.morphisms[..]),
        ("left identity", &["double".to_owned()][..])
    );
    assert_eq!(
        (&*found.input, &*found.left, &*found.right),
        ("[1, -2, 3]", "[0, 2, -4]", "[2, -4, 6]")
    );

    // Composition that is neutral at identities and multiplies where both tools do something: by 10 for each time, so
    // that the inner of two compositions counts twice.
    let mut skewed = ToolCategory::new().with_composition(|f, g| {
        scan((f, g), |(f, g), x: i64| {
            let between = f.step(x);
            let end = g.step(between);
            if between == x || end == between {
                end
            } else {
                end * 10
            }
        })
        .boxed()
    });
    skewed.add_object("n").unwrap();
    skewed.add("f", "n", "n", arr(|x: i64| x + 1)).unwrap();
    let found =
        breach(skewed.verify_category_axioms(&Inputs::from([("n".to_owned(), vec![vec![1]])])));
    assert_eq!(
        (found.law, &*found.left, &*found.right),
        ("associativity", "[310]", "[400]")
    );

    // An identity that drops what is negative.
    let mut lossy = tools(ToolCategory::new());
    lossy.set_identity("raw", arr(|x: i64| x.max(0))).unwrap();
    assert_eq!(
        breach(lossy.verify_category_axioms(&inputs())).law,
        "left identity"
    );

    // A tool whose memory is shared by its copies.
    let mut shared = tools(ToolCategory::new());
    let count = Arc::new(AtomicI64::new(0));
    let counting = arr(move |x: i64| x + count.fetch_add(2, Ordering::Relaxed));
    shared.add("count", "even", "even", counting).unwrap();
    assert_eq!(
        breach(shared.verify_category_axioms(&inputs())).law,
        "repeatability"
    );

    // A tool that leaves its object.
    let mut leaving = tools(ToolCategory::new());
    leaving
        .add("next", "even", "even", arr(|x: i64| x + 1))
        .unwrap();
    let found = breach(leaving.verify_category_axioms(&inputs()));
    assert_eq!(
        (found.law, &*found.left, &*found.right),
        ("typing", "[5, 7]", "[]")
    );
}

#[test]
fn windows_and_traces_are_functors() {
    let category = tools(ToolCategory::new());
    let functor = ToolFunctor::window();
    let target = functor.image(&category).unwrap();
    let window = |samples: &[i64]| Window::new(samples.to_vec()).unwrap();
    let over = Inputs::from([
        (
            "window of raw".to_owned(),
            vec![vec![window(&[1, 2]), window(&[3])]],
        ),
        (
            "window of even".to_owned(),
            vec![vec![window(&[2, 4, 6]), window(&[8, 2])]],
        ),
    ]);
    let checked = functor
        .verify_functoriality(&category, &target, &over)
        .unwrap();
    assert_eq!(
        (checked.cases("identity"), checked.cases("composition")),
        (2, 5)
    );
    assert!(target.verify_category_axioms(&over).is_ok());

    let functor = ToolFunctor::traced();
    let target = functor.image(&category).unwrap();
    let traced = Inputs::from([
        (
            "traced raw".to_owned(),
            vec![vec![Traced::new(1), Traced::new(2)]],
        ),
        (
            "traced even".to_owned(),
            vec![vec![Traced::new(2), Traced::new(4)]],
        ),
    ]);
    let outcome = functor.verify_functoriality(&category, &target, &traced);
    assert_eq!(outcome.unwrap().cases("composition"), 5);
    let traced_sum = functor.morphism(category.morphism("sum").unwrap());
    let answers = traced_sum.run(&[Traced::new(2), Traced::new(4)]);
    assert_eq!(
        answers[1],
        Traced {
            value: 6,
            passed: vec!["sum".to_owned()]
        }
    );
}

#[test]
fn functors_that_break_a_law_are_caught() {
    let category = tools(ToolCategory::new());
    let inputs = inputs();
    // Notes every step, so that an identity leaves a trace.
    let noting = ToolFunctor::new(
        "noting",
        str::to_owned,
        |f: &voidstate_category::Morphism<i64>| f.machine().rmap(|x: i64| x + 2).boxed(),
    );
    let found = breach(noting.verify_functoriality(&category, &category, &inputs));
    assert_eq!((found.law, &*found.morphisms[0]), ("identity", "id(even)"));
    // Restarts a tool at each step: neutral on identities, lost on compositions that remember.
    let restarting = ToolFunctor::new(
        "once",
        str::to_owned,
        |f: &voidstate_category::Morphism<i64>| {
            let (machine, is_whole) = (f.machine(), f.path().len() > 1);
            if is_whole {
                return arr(move |x: i64| machine.clone().step(x)).boxed();
            }
            machine
        },
    );
    let found = breach(restarting.verify_functoriality(&category, &category, &inputs));
    assert_eq!(found.law, "composition");
    assert_eq!(found.morphisms, ["double", "sum"]);
    // Objects that are not there, and none.
    let lost = ToolFunctor::new(
        "lost",
        |_| "nowhere".to_owned(),
        voidstate_category::Morphism::<i64>::machine,
    );
    let error = lost
        .verify_functoriality(&category, &category, &inputs)
        .unwrap_err();
    assert!(matches!(
        error,
        Unverified::Malformed(Error::UnknownObject { .. })
    ));
    let empty = ToolCategory::<i64>::new();
    let error = ToolFunctor::identity()
        .verify_functoriality(&empty, &empty, &Inputs::new())
        .unwrap_err();
    assert!(matches!(error, Unverified::NothingToCheck { .. }));
}

#[test]
fn forgetting_a_trace_is_natural_and_taking_the_newest_is_not_where_tools_remember() {
    let category = tools(ToolCategory::new());
    let forget = || arr(|t: Traced<i64>| t.value);
    let forgetting = ToolTransformation::new()
        .at("raw", forget())
        .at("even", forget());
    let traced = Inputs::from([
        (
            "traced raw".to_owned(),
            vec![vec![Traced::new(1), Traced::new(2)]],
        ),
        (
            "traced even".to_owned(),
            vec![vec![Traced::new(2), Traced::new(4)]],
        ),
    ]);
    let checked = forgetting
        .verify_naturality(
            &category,
            &ToolFunctor::traced(),
            &ToolFunctor::identity(),
            &traced,
        )
        .unwrap();
    assert_eq!(checked.cases("naturality"), 3);

    let newest = || arr(|w: Window<i64>| w.samples().last().copied().unwrap_or_default());
    let windows = Inputs::from([
        (
            "window of raw".to_owned(),
            vec![vec![Window::new(vec![1, 2]).unwrap()]],
        ),
        (
            "window of even".to_owned(),
            vec![vec![Window::new(vec![2, 4]).unwrap()]],
        ),
    ]);
    let taking = ToolTransformation::new()
        .at("raw", newest())
        .at("even", newest());
    let outcome = taking.verify_naturality(
        &category,
        &ToolFunctor::window(),
        &ToolFunctor::identity(),
        &windows,
    );
    let found = breach(outcome);
    // The window's sum is over the window, the sample's over one sample.
    assert_eq!(
        (
            found.law,
            &found.morphisms[0][..],
            &*found.left,
            &*found.right
        ),
        ("naturality", "sum", "[6]", "[4]")
    );

    let partial = ToolTransformation::new().at("even", newest());
    let error = partial
        .verify_naturality(
            &category,
            &ToolFunctor::window(),
            &ToolFunctor::identity(),
            &windows,
        )
        .unwrap_err();
    assert_eq!(
        error,
        Unverified::Malformed(Error::NoComponent {
            object: "raw".to_owned()
        })
    );
}

#[test]
fn floats_are_compared_as_the_caller_says() {
    let mut plain = ToolCategory::new();
    let mut by_bits = ToolCategory::with_equality(|a: &f64, b: &f64| a.to_bits() == b.to_bits());
    for category in [&mut plain, &mut by_bits] {
        category.add_object("x").unwrap();
        category.add("root", "x", "x", arr(f64::sqrt)).unwrap();
    }
    let inputs = Inputs::from([("x".to_owned(), vec![vec![-1.0, 4.0]])]);
    assert_eq!(
        breach(plain.verify_category_axioms(&inputs)).law,
        "repeatability"
    );
    assert!(by_bits.verify_category_axioms(&inputs).is_ok());
}
