//! Paths are claims until they are replayed.

use proptest::prelude::*;
use voidstate_equivalence::Error;
use voidstate_equivalence::generate::{self, Rng};
use voidstate_equivalence::optimise::{Budget, Search, optimise, optimise_with, prove_with};
use voidstate_equivalence::path::{Broken, Direction, Path, Position, Side, Step};
use voidstate_equivalence::pipeline::{Pipeline, Stage};
use voidstate_equivalence::rules::Rules;
use voidstate_properties::laws::{self, Settings};

fn rules() -> &'static Rules {
    Rules::standard()
}

fn parsed(text: &str) -> Pipeline {
    text.parse().unwrap()
}

/// A walk of a few steps by rules that apply somewhere, some of them backward.
fn walk(rng: &mut Rng, from: &Pipeline) -> Path {
    let mut now = from.clone();
    let mut steps: Vec<Step> = Vec::new();
    for _ in 0..rng.below(4) {
        if rng.once_in(3)
            && let Some(last) = steps.last().cloned()
        {
            let back = last.inverse();
            now = undo(&now, &back);
            steps.push(back);
            continue;
        }
        let mut found = Vec::new();
        for rule in rules().iter().map(|a| a.rule()) {
            let width = rule.shape().len();
            for at in 0..=now.stages().len().saturating_sub(width) {
                let Some(before) = now.stages().get(at..at + width) else {
                    continue;
                };
                if let Some(after) = rule.apply(before) {
                    found.push((rule.name().to_owned(), at, before.to_vec(), after));
                }
            }
        }
        if found.is_empty() {
            break;
        }
        let (rule, at, before, after) = found.swap_remove(rng.below(found.len()));
        let mut stages = now.stages().to_vec();
        stages.splice(at..at + before.len(), after.iter().cloned());
        let Ok(next) = Pipeline::new(stages) else {
            break;
        };
        now = next;
        let at = Position {
            branches: Vec::new(),
            at,
        };
        steps.push(Step {
            rule,
            direction: Direction::Forward,
            at,
            before,
            after,
        });
    }
    Path::claimed(from.clone(), now, steps)
}

fn undo(now: &Pipeline, step: &Step) -> Pipeline {
    let mut stages: Vec<Stage> = now.stages().to_vec();
    let at = step.at.at;
    stages.splice(at..at + step.before.len(), step.after.iter().cloned());
    Pipeline::new(stages).unwrap()
}

fn drawn(seed: u64) -> (Path, Path, Path) {
    let mut rng = Rng::new(seed);
    let start = generate::pipeline(&mut rng, 5);
    let p = walk(&mut rng, &start);
    let q = walk(&mut rng, p.to());
    let r = walk(&mut rng, q.to());
    (p, q, r)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(5), ..ProptestConfig::default() })]

    #[test]
    fn normal_forms_are_a_groupoid(seed in any::<u64>()) {
        let (p, q, r) = drawn(seed);
        let then = |a: &Path, b: &Path| a.then(b).unwrap().normal();
        prop_assert_eq!(then(&then(&p, &q), &r), then(&p, &then(&q, &r)));
        prop_assert_eq!(then(&Path::refl(p.from()), &p), p.normal());
        prop_assert_eq!(then(&p, &Path::refl(p.to())), p.normal());
        prop_assert_eq!(then(&p, &p.inverse()), Path::refl(p.from()));
        prop_assert_eq!(then(&p.inverse(), &p), Path::refl(p.to()));
        prop_assert_eq!(p.inverse().inverse(), p.clone());
        prop_assert_eq!(then(&p, &q).inverse(), then(&q.inverse(), &p.inverse()));
        prop_assert_eq!(p.normal().normal(), p.normal());
    }

    #[test]
    fn walks_and_their_ways_back_hold(seed in any::<u64>()) {
        let (p, q, _) = drawn(seed);
        for path in [p.clone(), p.inverse(), p.normal(), p.then(&q).unwrap()] {
            prop_assert_eq!(path.check(rules()), Ok(()), "{}", path);
        }
        let mut rng = Rng::new(seed ^ 1);
        let stream = generate::stream(&mut rng, 40, &generate::constants(p.from()));
        let said = p.from().run_batch(&stream);
        for waypoint in p.waypoints().unwrap() {
            prop_assert_eq!(&waypoint.run_batch(&stream), &said, "{}", waypoint);
        }
    }

    #[test]
    fn optimised_pipelines_do_the_same_for_less(seed in any::<u64>()) {
        let mut rng = Rng::new(seed);
        let pipeline = generate::pipeline(&mut rng, 5);
        let budget = Budget { nodes_max: 800, rounds_max: 5 };
        let done = optimise_with(&voidstate_equivalence::optimise::Saturation, &pipeline, rules(), budget).unwrap();
        prop_assert_eq!(done.path.check(rules()), Ok(()));
        prop_assert_eq!((done.path.from(), done.path.to()), (&pipeline, &done.pipeline));
        prop_assert!(done.cost_after <= done.cost_before);
        for _ in 0..5 {
            let stream = generate::stream(&mut rng, 60, &generate::constants(&pipeline));
            prop_assert_eq!(pipeline.run_batch(&stream), done.pipeline.run_batch(&stream));
        }
    }
}

#[test]
fn paths_survive_json_and_the_codec() {
    let paths = proptest::arbitrary::any::<u64>().prop_map(|seed| drawn(seed).0);
    let (settings, strict) = (Settings::default(), laws::Codec::default());
    let json = |p: &Path| Ok::<_, Error>(p.to_json());
    let read = |bytes: &[u8]| Path::from_json(&String::from_utf8_lossy(bytes));
    laws::round_trip(&settings, &paths, strict, json, read, PartialEq::eq).unwrap();
    laws::round_trip(
        &settings,
        &paths,
        strict,
        Path::encode,
        Path::decode,
        PartialEq::eq,
    )
    .unwrap();
}

fn example() -> Path {
    let done = optimise(
        &parsed("tee max (delta | map value * 1, delta) | where value > 1 | where value > 2"),
        rules(),
    );
    done.unwrap().path
}

#[test]
fn tampered_paths_are_refused_with_the_step_named() {
    let path = example();
    assert!(path.steps().len() >= 4);
    let tampered = |f: &dyn Fn(&mut Vec<Step>)| {
        let mut steps = path.steps().to_vec();
        f(&mut steps);
        Path::claimed(path.from().clone(), path.to().clone(), steps)
            .check(rules())
            .unwrap_err()
    };
    for n in 0..path.steps().len() {
        let renamed = tampered(&|s| s[n].rule = "because I say so".into());
        assert!(
            matches!(&renamed, Broken::UnknownRule { step, .. } if *step == n),
            "{renamed}"
        );
        let other = tampered(&|s| {
            s[n].rule = if s[n].rule == "fuse-skip" {
                "fuse-take"
            } else {
                "fuse-skip"
            }
            .into()
        });
        assert!(
            matches!(&other, Broken::NotTheRule { step, .. } if *step == n),
            "{other}"
        );
        let changed = tampered(&|s| s[n].after.push(Stage::Delta));
        assert!(
            matches!(&changed, Broken::NotTheRule { step, .. } if *step == n),
            "{changed}"
        );
        let turned = tampered(&|s| s[n].direction = Direction::Backward);
        assert!(
            matches!(&turned, Broken::NotTheRule { step, .. } if *step == n),
            "{turned}"
        );
        let moved = tampered(&|s| s[n].at.at += 7);
        assert!(
            matches!(&moved, Broken::Misplaced { step, .. } if *step == n),
            "{moved}"
        );
        let branched = tampered(&|s| s[n].at.branches.insert(0, (9, Side::Left)));
        assert!(
            matches!(&branched, Broken::Misplaced { step, .. } if *step == n),
            "{branched}"
        );
    }
    let last = path.steps().len() - 1;
    assert!(matches!(
        tampered(&|s| drop(s.remove(last))),
        Broken::Elsewhere { .. }
    ));
    let weaker = rules().clone().without(&path.steps()[0].rule);
    assert!(matches!(
        path.check(&weaker),
        Err(Broken::UnknownRule { step: 0, .. })
    ));
}

#[test]
fn records_are_versioned_and_hostile_ones_are_errors() {
    let path = example();
    assert_eq!(Path::decode(&path.encode().unwrap()).unwrap(), path);
    let json = path.to_json();
    assert!(json.starts_with("{\"version\":1,"), "{json}");
    for (from, to) in [
        ("\"version\":1", "\"version\":2"),
        ("\"at\":\"0", "\"at\":\"-0"),
        ("left", "middle"),
        ("delta", "gamma"),
        ("\"rule\"", "\"rulez\""),
    ] {
        let text = json.replacen(from, to, 1);
        assert!(
            matches!(Path::from_json(&text), Err(Error::Path { .. })),
            "{from}: {text}"
        );
    }
    assert!(matches!(Path::from_json("null"), Err(Error::Path { .. })));
    assert!(matches!(Path::decode(b"PATH"), Err(Error::Codec(_))));
    let bytes = path.encode().unwrap();
    for cut in 0..bytes.len() {
        assert!(Path::decode(&bytes[..cut]).is_err());
    }
}

/// A search that makes things up.
struct Liar;

impl Search for Liar {
    fn cheapest(&self, p: &Pipeline, _: &Rules, _: Budget) -> Path {
        Path::claimed(p.clone(), Pipeline::pass(), Vec::new())
    }

    fn connect(&self, _: &Pipeline, b: &Pipeline, _: &Rules, _: Budget) -> Option<Path> {
        Some(Path::refl(b))
    }
}

#[test]
fn a_search_is_not_believed() {
    let (a, b) = (parsed("delta"), parsed("rate"));
    let made_up = optimise_with(&Liar, &a, rules(), Budget::default());
    assert!(matches!(
        made_up,
        Err(Error::Proof(Broken::Elsewhere { .. }))
    ));
    let other = prove_with(&Liar, &a, &b, rules(), Budget::default());
    assert!(matches!(other, Err(Error::ProofOfAnother { .. })));
}
