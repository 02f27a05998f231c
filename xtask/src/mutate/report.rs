//! What is told of the faults.

use std::collections::BTreeMap;

use super::instrument::Mutant;
use super::known::Equivalent;
use super::run::{Fate, Found};
use crate::error::{Error, Result};
use crate::shell::Shell;
use crate::verb::Outcome;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Row {
    killed: usize,
    hung: usize,
    survived: usize,
    unreached: usize,
    equivalent: usize,
}

impl Row {
    const fn reached(self) -> usize {
        self.killed + self.hung + self.survived
    }

    /// Percent of the faults reached that were killed.
    fn score(self) -> f64 {
        let reached = self.reached().max(1);
        #[expect(
            clippy::cast_precision_loss,
            reason = "counts of faults are far below 2^53"
        )]
        let score = 100.0 * (self.killed + self.hung) as f64 / reached as f64;
        score
    }

    const fn add(&mut self, fate: Fate) {
        match fate {
            Fate::Killed => self.killed += 1,
            Fate::Hung => self.hung += 1,
            Fate::Survived => self.survived += 1,
            Fate::Unreached => self.unreached += 1,
        }
    }
}

/// Prints the table and every survivor; an error below the floor, if there is one.
pub(crate) fn tell(
    shell: &Shell,
    short: &str,
    found: &Found,
    known: &[Equivalent],
    floor: Option<f64>,
) -> Result<Outcome> {
    let mut rows: BTreeMap<_, Row> = BTreeMap::new();
    let mut total = Row::default();
    let mut used = vec![false; known.len()];
    let mut killed_though_known = Vec::new();
    for (mutant, fate) in &found.fates {
        let row = rows.entry(mutant.kind).or_default();
        let at = known.iter().position(|k| k.is(mutant));
        if let Some(at) = at {
            if let Some(used) = used.get_mut(at) {
                *used = true;
            }
            if *fate == Fate::Survived {
                row.equivalent += 1;
                total.equivalent += 1;
                continue;
            }
            if matches!(fate, Fate::Killed | Fate::Hung) {
                killed_though_known.push(shown(mutant));
            }
        }
        row.add(*fate);
        total.add(*fate);
    }
    for (mutant, fate) in &found.fates {
        let said = match fate {
            Fate::Survived if !known.iter().any(|k| k.is(mutant)) => "survived ",
            Fate::Unreached => "unreached",
            _ => continue,
        };
        shell.say(format_args!("{said} {}", shown(mutant)));
    }
    shell.say(format_args!(
        "\n{:26} {:>7} {:>6} {:>9} {:>10} {:>10}",
        "fault", "killed", "hung", "survived", "equivalent", "unreached"
    ));
    for (kind, row) in rows
        .iter()
        .map(|(k, r)| (k.name(), r))
        .chain([("all", &total)])
    {
        shell.say(format_args!(
            "{kind:26} {:>7} {:>6} {:>9} {:>10} {:>10}",
            row.killed, row.hung, row.survived, row.equivalent, row.unreached
        ));
    }
    // Without a floor only some faults were tried.
    let mut problems: Vec<String> = known
        .iter()
        .zip(used)
        .filter(|(_, used)| !used && floor.is_some())
        .map(|(k, _)| {
            format!(
                "specs/equivalent.toml names what is not there: {}",
                k.shown()
            )
        })
        .collect();
    problems.extend(
        killed_though_known
            .into_iter()
            .map(|m| format!("specs/equivalent.toml calls equivalent what a test kills: {m}")),
    );
    crate::error::none_found("spec mutate", problems)?;
    let note = format!(
        "{short}: {:.1} % of {} faults reached are killed ({} kinds; {} equivalent, {} unreached)",
        total.score(),
        total.reached(),
        rows.len(),
        total.equivalent,
        total.unreached
    );
    if let Some(floor) = floor.filter(|floor| total.reached() == 0 || total.score() < *floor) {
        return Err(Error::malformed(note, format!("the floor is {floor} %")));
    }
    Ok(Outcome::done(note))
}

pub(crate) fn shown(mutant: &Mutant) -> String {
    let after = if mutant.after.is_empty() {
        "nothing"
    } else {
        &mutant.after
    };
    format!(
        "{}:{} {} ({}): `{}` -> `{after}`, place {}",
        mutant.file,
        mutant.line,
        mutant.function,
        mutant.kind.name(),
        mutant.before,
        mutant.place
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_counts_only_what_was_reached() {
        let mut row = Row::default();
        for fate in [Fate::Killed, Fate::Hung, Fate::Survived, Fate::Unreached] {
            row.add(fate);
        }
        assert_eq!(row.reached(), 3);
        assert!((row.score() - 200.0 / 3.0).abs() < 1e-9);
    }
}
