//! What a pipeline means: each stage as a function from lists to lists.
//!
//! Written for reading, from the sentences at [`Stage`], and not from the machine that is checked against it.

use super::{Pipeline, Sample, Stage, same};

/// Samples with the position of the input that caused them.
type Caused = Vec<(usize, Sample)>;

impl Pipeline {
    /// What it makes of `samples`. This is the definition; [`Pipeline::machine`] gives the same.
    ///
    /// O(samples · window) time where windows overlap, memory proportional to the samples.
    #[must_use]
    pub fn run_batch(&self, samples: &[Sample]) -> Vec<Sample> {
        let input = samples.iter().copied().enumerate().collect();
        run(self, input)
            .into_iter()
            .map(|(_, sample)| sample)
            .collect()
    }
}

fn run(pipeline: &Pipeline, input: Caused) -> Caused {
    pipeline
        .stages()
        .iter()
        .fold(input, |caused, s| stage(s, caused))
}

fn size(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

fn stage(stage: &Stage, mut input: Caused) -> Caused {
    match stage {
        Stage::Where(p) => {
            input.retain(|(_, s)| p.holds(s.value));
            input
        }
        Stage::Map(e) => {
            input
                .iter_mut()
                .for_each(|(_, s)| s.value = e.eval(s.value));
            input
        }
        Stage::Window {
            aggregate,
            count,
            every,
        } => {
            let values: Vec<f64> = input.iter().map(|(_, s)| s.value).collect();
            let (count, every) = (size(*count), size(*every));
            let ends = (count..=values.len()).step_by(every.max(1));
            ends.filter_map(|end| {
                let window = values.get(end - count..end)?;
                let (cause, last) = *input.get(end.checked_sub(1)?)?;
                Some((cause, Sample::new(last.time_ns, aggregate.over(window))))
            })
            .collect()
        }
        Stage::Running(aggregate) => {
            let values: Vec<f64> = input.iter().map(|(_, s)| s.value).collect();
            for (i, (_, s)) in input.iter_mut().enumerate() {
                s.value = aggregate.over(values.get(..=i).unwrap_or(&[]));
            }
            input
        }
        Stage::Delta => pairs(&input, |a, b| Some(b.value - a.value)),
        Stage::Rate => pairs(&input, |a, b| {
            let passed = i128::from(b.time_ns) - i128::from(a.time_ns);
            #[expect(clippy::cast_precision_loss, reason = "a time step rounded to nearest")]
            let seconds = passed as f64 / 1e9;
            (passed > 0).then(|| (b.value - a.value) / seconds)
        }),
        Stage::Dedup => {
            input.dedup_by(|b, a| same(a.1.value, b.1.value));
            input
        }
        Stage::Skip(n) => input.into_iter().skip(size(*n)).collect(),
        Stage::Take(n) => input.into_iter().take(size(*n)).collect(),
        Stage::Every(n) => {
            let n = size(*n).max(1);
            input.into_iter().skip(n - 1).step_by(n).collect()
        }
        Stage::Tee(op, a, b) => {
            let (a, b) = (run(a, input.clone()), run(b, input));
            let partner = |cause| {
                b.binary_search_by_key(&cause, |x| x.0)
                    .ok()
                    .and_then(|i| b.get(i))
            };
            a.into_iter()
                .filter_map(|(cause, x)| {
                    let (_, y) = partner(cause)?;
                    Some((cause, Sample::new(x.time_ns, op.apply(x.value, y.value))))
                })
                .collect()
        }
        Stage::Merge(a, b) => {
            let (mut first, second) = (run(a, input.clone()), run(b, input));
            // The sort is stable, so that of two samples with one cause the first pipeline's stands first.
            first.extend(second);
            first.sort_by_key(|x| x.0);
            first.dedup_by_key(|x| x.0);
            first
        }
    }
}

fn pairs(input: &Caused, f: impl Fn(Sample, Sample) -> Option<f64>) -> Caused {
    let next = input.iter().skip(1);
    input
        .iter()
        .zip(next)
        .filter_map(|((_, a), (cause, b))| Some((*cause, Sample::new(b.time_ns, f(*a, *b)?))))
        .collect()
}
