//! Every planted breach is caught, no honest routine is flagged.

use voidstate_spec::complexity::{Experiment, Settings, Verdict};

use super::routine::Routine;
use super::{numeric, searches, sorts, structures, texts};

fn routines() -> Vec<Routine> {
    let mut all = sorts::routines();
    all.extend(searches::routines());
    all.extend(structures::routines());
    all.extend(texts::routines());
    all.extend(numeric::routines());
    all
}

/// Names of those that are judged wrongly, with what was said.
fn wrong(keeps: bool, seed: u64) -> (usize, Vec<String>) {
    let mut wrong = Vec::new();
    let mut count = 0;
    for routine in routines().iter().filter(|r| r.keeps == keeps) {
        count += 1;
        let mut settings = Settings::default();
        settings.cost_max = 200_000;
        settings.size_max = 1 << 16;
        settings.seed = seed;
        let claim = (routine.claim)();
        let report = Experiment::new(&claim, routine.variables)
            .unwrap()
            .settings(settings)
            .run(routine.run);
        let right = match report.verdict {
            Verdict::Within => keeps,
            Verdict::Exceeded { .. } => !keeps,
            _ => false,
        };
        if !right {
            wrong.push(format!(
                "{}: {report}\n{:#?}",
                routine.name, report.findings
            ));
        }
    }
    (count, wrong)
}

#[test]
fn every_planted_breach_is_caught() {
    let (count, wrong) = wrong(false, 1);
    assert!(count >= 50, "{count}");
    assert!(
        wrong.is_empty(),
        "{} missed:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn no_honest_routine_is_flagged() {
    let (count, wrong) = wrong(true, 1);
    assert!(count >= 50, "{count}");
    assert!(
        wrong.is_empty(),
        "{} flagged:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
