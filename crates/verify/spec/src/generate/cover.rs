//! Covering arrays: few rows in which every pair of choices of every two columns occurs together.

/// Rows of choices such that for every two columns every pair of their choices stands in some row. Column `c` has
/// `levels[c]` choices; a column without choices holds 0 in every row.
///
/// In-parameter-order growth (Lei and Tai 1998): the columns are taken from the widest to the narrowest, each is first
/// added to the rows there are so that it covers the most new pairs, then rows are added for what is left. The number of
/// rows lies near `v²` for the two widest columns and grows with the logarithm of the number of columns. Deterministic;
/// O(rows · columns · levels) per column, twice: the shorter of two orders is kept.
///
/// ```
/// use voidstate_spec::generate::pairwise;
/// let rows = pairwise(&[2, 2, 2]);
/// assert_eq!(rows.len(), 4); // the optimum; all combinations are 8
/// ```
#[must_use]
pub fn pairwise(levels: &[usize]) -> Vec<Vec<usize>> {
    let (plain, turning) = (grow(levels, 0), grow(levels, 1));
    if turning.len() < plain.len() {
        turning
    } else {
        plain
    }
}

/// Ties fall to the first value, or to the row's number times `turn`: neither is always better.
fn grow(levels: &[usize], turn: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..levels.len()).collect();
    order.sort_by_key(|&c| std::cmp::Reverse(levels[c]));
    let widths: Vec<usize> = order.iter().map(|&c| levels[c].max(1)).collect();
    let mut rows: Vec<Vec<Option<usize>>> = match widths.first() {
        None => return Vec::new(),
        Some(&first) => (0..first).map(|v| vec![Some(v)]).collect(),
    };
    for column in 1..widths.len() {
        let mut open = Open::new(&widths, column);
        widen(&mut rows, &widths, column, turn, &mut open);
        deepen(&mut rows, column, &mut open);
    }
    rows.into_iter()
        .map(|row| {
            let mut placed = vec![0; levels.len()];
            for (value, &column) in row.into_iter().zip(&order) {
                placed[column] = value.unwrap_or(0);
            }
            placed
        })
        .collect()
}

/// Pairs of the newest column with each earlier one that no row holds yet.
struct Open {
    /// `missing[earlier][a * width + b]`
    missing: Vec<Vec<bool>>,
    width: usize,
}

impl Open {
    fn new(widths: &[usize], column: usize) -> Self {
        let width = widths[column];
        Self {
            missing: widths[..column]
                .iter()
                .map(|w| vec![true; w * width])
                .collect(),
            width,
        }
    }

    /// How many new pairs `value` would cover in that row.
    fn gain(&self, row: &[Option<usize>], value: usize) -> usize {
        row.iter()
            .zip(&self.missing)
            .filter(|(choice, missing)| choice.is_some_and(|a| missing[a * self.width + value]))
            .count()
    }

    fn cover(&mut self, row: &[Option<usize>], value: usize) {
        for (choice, missing) in row.iter().zip(&mut self.missing) {
            if let Some(a) = choice {
                missing[a * self.width + value] = false;
            }
        }
    }
}

/// Gives each row the value of the new column that covers the most.
fn widen(
    rows: &mut [Vec<Option<usize>>],
    widths: &[usize],
    column: usize,
    turn: usize,
    open: &mut Open,
) {
    for (number, row) in rows.iter_mut().enumerate() {
        let width = widths[column];
        let best = (0..width)
            .map(|k| (k + number * turn) % width)
            .map(|value| (open.gain(row, value), value))
            .fold((0, None), |best, (gain, value)| {
                if gain > best.0 {
                    (gain, Some(value))
                } else {
                    best
                }
            })
            .1;
        if let Some(value) = best {
            open.cover(row, value);
        }
        row.push(best);
    }
}

/// Puts what is still open into free cells, or into new rows.
fn deepen(rows: &mut Vec<Vec<Option<usize>>>, column: usize, open: &mut Open) {
    for earlier in 0..column {
        for pair in 0..open.missing[earlier].len() {
            if !open.missing[earlier][pair] {
                continue;
            }
            let (a, b) = (pair / open.width, pair % open.width);
            let free = rows.iter_mut().find(|row| {
                row[earlier].is_none_or(|x| x == a) && row[column].is_none_or(|x| x == b)
            });
            let row = match free {
                Some(row) => row,
                None => {
                    rows.push(vec![None; column + 1]);
                    match rows.last_mut() {
                        Some(row) => row,
                        None => continue,
                    }
                }
            };
            row[earlier] = Some(a);
            row[column] = Some(b);
            let (old, new) = row.split_at(column);
            if let Some(Some(value)) = new.first() {
                open.cover(old, *value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn covers(levels: &[usize], rows: &[Vec<usize>]) -> bool {
        (0..levels.len()).all(|i| {
            (0..i).all(|j| {
                (0..levels[i])
                    .all(|a| (0..levels[j]).all(|b| rows.iter().any(|r| r[i] == a && r[j] == b)))
            })
        })
    }

    /// Known optima: 3^4 is 9, 2^11 is 12 by Plackett and Burman (best known 7), 4^5 is 16, 5^6 is 25.
    #[test]
    fn standard_cases_are_near_the_known_optimum() {
        for (levels, optimum) in [
            (vec![2; 10], 6),
            (vec![3; 4], 9),
            (vec![3; 13], 15),
            (vec![4; 5], 16),
            (vec![5; 6], 25),
            (vec![10, 10], 100),
        ] {
            let rows = pairwise(&levels);
            assert!(covers(&levels, &rows), "{levels:?}");
            assert!(
                rows.len() * 100 <= optimum * 175,
                "{levels:?}: {} rows, best known {optimum}",
                rows.len()
            );
        }
    }

    #[test]
    fn three_columns_of_two_take_the_optimum() {
        assert_eq!(pairwise(&[2, 2, 2]).len(), 4);
    }

    #[test]
    fn nothing_and_one_column() {
        assert!(pairwise(&[]).is_empty());
        assert_eq!(pairwise(&[3]).len(), 3);
        assert_eq!(pairwise(&[0, 2]).len(), 2);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() })]
        #[test]
        fn every_pair_is_covered(levels in proptest::collection::vec(1_usize..7, 1..8)) {
            let rows = pairwise(&levels);
            prop_assert!(covers(&levels, &rows));
            prop_assert!(rows.iter().all(|r| r.iter().zip(&levels).all(|(v, n)| v < n)));
            let mut widest = levels.clone();
            widest.sort_unstable_by(|a, b| b.cmp(a));
            if let [a, b, ..] = widest[..] {
                prop_assert!(rows.len() >= a * b);
                prop_assert!(rows.len() <= a * b * 3);
            }
        }
    }
}
