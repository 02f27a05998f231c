//! Evidence that one tool may replace another.
//!
//! It is *not* a theorem prover and not univalence: a proof here is a list of rewrites whose rules were tested, and code
//! of which nothing is known is only ever tested.
//!
//! ```
//! use voidstate_equivalence::evidence::{Effort, Grade, Verdict, compare};
//! use voidstate_equivalence::{optimise::optimise, pipeline::Pipeline, rules::Rules};
//!
//! let slow: Pipeline = "map value * 0.001 | where value > 0.5 | window max 10 | window max 6".parse()?;
//! let fast = optimise(&slow, Rules::standard())?;
//! assert_eq!(fast.pipeline.to_string(), "where value > 500 | window max 60 | map value * 0.001");
//! fast.path.check(Rules::standard())?; // replayed, without the search
//!
//! let verdict = compare(&slow, &"window max 60".parse()?, Rules::standard(), Effort::default(), 1)?;
//! assert!(matches!(&verdict, Verdict::Refuted(s) if s.input.len() == 60));
//! assert!(!verdict.meets(Grade::Tested));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Items
//! - [`pipeline`]: pipelines as text, as functions of lists, as machines that save and restore their state.
//! - [`rules`]: rewrite rules, each admitted only after a test; [`optimise`]: cheaper pipelines and proofs by equality
//!   saturation; [`path`]: proofs as lists of steps that are replayed.
//! - [`evidence`]: verdicts with grades, comparisons of pipelines and of opaque code, distances.
//! - [`finite`]: bisimilarity of finite machines, shortest distinguishing words.
//! - [`Iso`], [`Behaviour`], [`transport`]: tools over other representations.
//! - [`generate`]: the streams and pipelines that tests are made of.
//!
//! # Invariants
//! - A machine gives what the definition gives: `batch_is_stream`; a restored one goes on: `a_restored_machine_goes_on`.
//! - The text of a pipeline reads back: `text_reads_back`; hostile text is an error: `hostile_text_is_an_error`.
//! - Every standard rule is admitted, planted wrong ones are refused: `the_standard_rules_are_admitted`,
//!   `planted_wrong_rules_are_refused_with_a_small_stream`.
//! - A path that was tampered with is refused, the step named: `tampered_paths_are_refused_with_the_step_named`; what a
//!   search says is not believed: `a_search_is_not_believed`.
//! - Paths in normal form are a groupoid: `normal_forms_are_a_groupoid`.
//! - Classes are the greatest bisimulation, words are shortest: `classes_are_the_greatest_bisimulation`,
//!   `traces_are_shortest`.
//! - Opaque code is never above tested: `opaque_code_is_never_above_tested`.
//! - Isomorphisms combine lawfully, transport keeps behaviour: `isomorphisms_keep_their_laws_when_combined`,
//!   `transport_keeps_behaviour`.
//!
//! # Cost
//! A step of a machine is O(stages) amortised; a check of a path O(steps · nodes); bisimilarity O(m log n); a search is
//! bounded by its [`Budget`](optimise::Budget). Equal arguments give equal answers everywhere.
//!
//! # Limits
//! A rule that is wrong on streams that were not drawn would be admitted. `ln` and `exp` are the platform's, so that
//! bits may differ between machines. No path found says nothing. Sizes are in [`pipeline`] and [`finite`].
//!
//! # Sources
//! Willsey et al., egg (POPL 2021); Nandi et al., flexible proof production (FMCAD 2022, egg's explanations); Paige,
//! Tarjan (1987); Valmari, Lehtinen (2008); Moore (1956); Flajolet et al. (2007); Lemire (2006); Clopper, Pearson
//! (1934); Hoeffding (1963).

#![forbid(unsafe_code)]

mod error;
pub mod evidence;
pub mod finite;
pub mod generate;
mod iso;
pub mod optimise;
pub mod path;
pub mod pipeline;
pub mod rules;
mod transport;

pub use error::Error;
pub use iso::Iso;
pub use transport::{Behaviour, Of, Reindex, Stepping, Transported, transport};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
