//! Which processes lead.

use std::cmp::Ordering;

use super::Usage;

/// Indices of the processes that are among the first `top` of at least one list: processor, memory, change of memory
/// in either direction, reads, writes. What is nought leads no list. Ascending, each once.
pub(super) fn leaders(usages: &[Usage], top: usize) -> Vec<usize> {
    let lists: [fn(&Usage) -> Option<f64>; 5] = [
        |usage| usage.cpu_percent,
        |usage| Some(usage.rss_bytes as f64),
        |usage| usage.rss_change.map(f64::abs),
        |usage| usage.read_rate,
        |usage| usage.write_rate,
    ];
    let mut union = Vec::new();
    let mut ranked: Vec<(f64, u32, usize)> = Vec::with_capacity(usages.len());
    for value in lists {
        ranked.clear();
        ranked.extend(usages.iter().enumerate().filter_map(|(at, usage)| {
            let value = value(usage).filter(|value| *value > 0.0)?;
            Some((value, usage.pid, at))
        }));
        if top < ranked.len() {
            ranked.select_nth_unstable_by(top, first);
        }
        union.extend(ranked.iter().take(top).map(|(_, _, at)| *at));
    }
    union.sort_unstable();
    union.dedup();
    union
}

/// Larger values first; of equal ones the smaller process id.
fn first(a: &(f64, u32, usize), b: &(f64, u32, usize)) -> Ordering {
    b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(pid: u32, cpu: f64, rss: u64, change: f64, write: Option<f64>) -> Usage {
        Usage {
            pid,
            cpu_percent: Some(cpu),
            rss_bytes: rss,
            rss_change: Some(change),
            read_rate: Some(0.0),
            write_rate: write,
        }
    }

    #[test]
    fn each_list_brings_its_leaders_once() {
        let usages = [
            usage(1, 0.0, 0, 0.0, None),
            usage(2, 90.0, 10, 0.0, None),
            usage(3, 0.0, 99, 0.0, Some(0.0)),
            usage(4, 0.0, 0, -50.0, None),
            usage(5, 1.0, 0, 1.0, Some(7.0)),
        ];
        assert_eq!(leaders(&usages, 1), [1, 2, 3, 4]);
        assert_eq!(leaders(&usages, 0), [0; 0]);
        assert_eq!(leaders(&usages, 100), [1, 2, 3, 4]);
        assert_eq!(leaders(&[], 5), [0; 0]);
    }
}
