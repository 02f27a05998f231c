//! `bench`: one crate beside its peers, held against its gates.

use std::collections::BTreeMap;

use crate::error::{Error, Result, none_found};
use crate::gates::{self, Gates, Row};
use crate::shell::Shell;
use crate::verb::{Outcome, Verb, flag, unknown};

/// Noise gets this many chances; a real regression fails them all.
const TRIES: usize = 3;

pub(crate) const VERB: Verb = Verb {
    name: "bench",
    summary: "one crate's bench, its ratios held against benches/gates.toml",
    help: "\
usage: cargo xtask bench CRATE [--quick]

Runs benches/benches/CRATE.rs, and CRATE_PART.rs where a crate has several (CRATE is the package's name without
`voidstate-`), and holds the lines
`ratio <crate> <figure> <value>` that it prints against benches/gates.toml. A figure over its limit is
measured again, up to three tries in all; the best try counts. A gate whose figure is not printed fails.
--quick shortens the windows. Benches are built with the bench profile: their limits were measured so.",
    run,
};

fn run(shell: &Shell, args: &[String]) -> Result<Outcome> {
    let mut args = args.to_vec();
    let quick = flag(&mut args, "--quick");
    let krate = match args.as_slice() {
        [krate] => krate.strip_prefix("voidstate-").unwrap_or(krate),
        [] => {
            return Err(Error::Usage(
                "which crate? `cargo xtask bench CRATE`".to_owned(),
            ));
        }
        [_, extra, ..] => return Err(unknown(extra)),
    };
    let gates = gates::load(shell.root())?;
    let parts = gates
        .keys()
        .filter(|name| *name != krate && gates::owner(name) == krate);
    let mut rows = measure(shell, &gates, krate, quick)?;
    for part in parts {
        rows.extend(measure(shell, &gates, part, quick)?);
    }
    shell.say(gates::markdown(&rows));
    none_found(VERB.name, over(&rows))?;
    Ok(Outcome::done(format!("{krate}: {} figures", rows.len())))
}

/// One line for each figure that does not hold.
pub(crate) fn over(rows: &[Row]) -> Vec<String> {
    let line = |r: &Row| match (r.ratio, r.limit) {
        (Some(ratio), Some(limit)) => format!(
            "{}.{}: {ratio:.3} is over its limit {limit:.3} in {TRIES} tries",
            r.krate, r.figure
        ),
        _ => format!(
            "{}.{}: gated, but the bench does not print it",
            r.krate, r.figure
        ),
    };
    rows.iter().filter(|r| !r.holds()).map(line).collect()
}

/// Runs a bench until every gate holds or the tries are used up.
pub(crate) fn measure(shell: &Shell, gates: &Gates, krate: &str, quick: bool) -> Result<Vec<Row>> {
    best_of(gates, krate, || {
        let mut words = vec![
            "bench",
            "--manifest-path",
            "benches/Cargo.toml",
            "--locked",
            "--bench",
            krate,
            "--",
        ];
        words.extend(quick.then_some("--quick"));
        shell.run(&mut shell.cargo(words))
    })
}

fn best_of(
    gates: &Gates,
    krate: &str,
    mut bench: impl FnMut() -> Result<String>,
) -> Result<Vec<Row>> {
    let mut best: BTreeMap<String, f64> = BTreeMap::new();
    let mut rows = Vec::new();
    for _ in 0..TRIES {
        let output = bench()?;
        let ratios = gates::ratios(krate, &output)
            .map_err(|why| Error::malformed(format!("bench of {krate}"), why))?;
        for (figure, ratio) in ratios {
            let entry = best.entry(figure).or_insert(ratio);
            *entry = entry.min(ratio);
        }
        rows = gates::rows(krate, gates, &best);
        // What is not printed once will not be printed again.
        if rows.iter().all(Row::holds) || rows.iter().any(|r| r.ratio.is_none()) {
            break;
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gates() -> Gates {
        Gates::from([("a".to_owned(), [("x".to_owned(), 1.5)].into())])
    }

    fn tries(outputs: &[&str]) -> (usize, Vec<Row>) {
        let mut calls = 0;
        let rows = best_of(&gates(), "a", || {
            calls += 1;
            Ok(outputs[calls - 1].to_owned())
        });
        (calls, rows.unwrap())
    }

    #[test]
    fn noise_gets_three_tries_and_no_more() {
        let (calls, rows) = tries(&["ratio a x 1.2"]);
        assert_eq!((calls, over(&rows).len()), (1, 0));
        let (calls, rows) = tries(&["ratio a x 1.9", "ratio a x 1.4"]);
        assert_eq!((calls, over(&rows).len()), (2, 0));
        let (calls, rows) = tries(&["ratio a x 1.9", "ratio a x 1.8", "ratio a x 2.0"]);
        assert_eq!(
            (calls, over(&rows)),
            (
                3,
                vec!["a.x: 1.800 is over its limit 1.500 in 3 tries".to_owned()]
            )
        );
    }

    #[test]
    fn a_gate_without_its_figure_fails_at_once() {
        let (calls, rows) = tries(&["nothing"]);
        assert_eq!(
            (calls, over(&rows)),
            (
                1,
                vec!["a.x: gated, but the bench does not print it".to_owned()]
            )
        );
        assert!(best_of(&gates(), "a", || Ok("ratio a x NaN".to_owned())).is_err());
    }
}
