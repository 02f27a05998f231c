//! The reader as a source of signals.

use voidstate_core::{Emitter, HookName, Next, SeriesId, SeriesInfo, Signal, Source, Timestamp};
use voidstate_file::{FileSource, HOOK_ROW, Options};

#[derive(Default)]
struct Recorder {
    series: Vec<SeriesInfo>,
    samples: Vec<(String, i64, f64)>,
    rejected: Vec<(u64, String)>,
    degraded: Vec<(String, String)>,
}

impl Emitter for Recorder {
    fn series(&mut self, info: &SeriesInfo) -> SeriesId {
        let at = self.series.iter().position(|known| known.key == info.key);
        let at = at.unwrap_or_else(|| {
            self.series.push(info.clone());
            self.series.len() - 1
        });
        SeriesId(u32::try_from(at).unwrap())
    }

    fn sample(&mut self, series: SeriesId, time: Timestamp, value: f64) {
        let key = self.series[series.0 as usize].key.to_string();
        self.samples.push((key, time.as_nanos(), value));
    }

    fn signal(&mut self, _: &HookName, _: Signal) {}

    fn rejected(&mut self, count: u64, reason: &str) {
        self.rejected.push((count, reason.to_owned()));
    }

    fn degraded(&mut self, part: &str, reason: &str) {
        self.degraded.push((part.to_owned(), reason.to_owned()));
    }

    fn is_cancelled(&self) -> bool {
        false
    }
}

fn run(source: &mut FileSource) -> (Recorder, voidstate_core::Result<()>) {
    let mut recorder = Recorder::default();
    for _ in 0..10_000 {
        match source.poll(Timestamp::default(), &mut recorder) {
            Ok(Next::Done) => return (recorder, Ok(())),
            Ok(_) => {}
            Err(error) => return (recorder, Err(error)),
        }
    }
    panic!("the source does not end");
}

#[test]
fn columns_and_labels_become_series() {
    let text = "time,host,CPU load (%),b\n1397088000,a,1,\n1397088000,b,2,3\n1397088001,a,oops,4\n1397088001,b,5,6\n";
    let options = {
        let mut options = Options::default();
        options.values = vec!["CPU load (%)".into(), "b".into()];
        options
    };
    let reader = crate::open_with(text.as_bytes(), &options).unwrap();
    let mut source = FileSource::from_reader(reader).unwrap();
    assert!(source.layout().is_some() && source.info().description.contains("CPU load"));
    let (found, ended) = run(&mut source);
    ended.unwrap();
    let second = 1_000_000_000;
    let start = 1_397_088_000 * second;
    let cpu = |host: &str| format!(r#"CPU_load____{{column="CPU load (%)",host="{host}"}}"#);
    let b = r#"b{host="b"}"#.to_owned();
    assert_eq!(
        found.samples,
        [
            (cpu("a"), start, 1.0),
            (cpu("b"), start, 2.0),
            (b.clone(), start, 3.0),
            (cpu("b"), start + second, 5.0),
            (b, start + second, 6.0)
        ]
    );
    assert!(
        found
            .series
            .iter()
            .all(|info| info.hook.as_str() == HOOK_ROW)
    );
    assert_eq!(found.rejected.len(), 1);
    assert!(
        found.rejected[0].1.contains("line 4") && found.rejected[0].1.contains("oops"),
        "{:?}",
        found.rejected
    );
}

#[test]
fn several_files_are_told_apart_and_bad_ones_reported() {
    let dir = tempfile::tempdir().unwrap();
    let paths: Vec<_> = ["a.csv", "gone.csv", "b.csv"]
        .iter()
        .map(|name| dir.path().join(name))
        .collect();
    std::fs::write(&paths[0], "v\n1\n2\n").unwrap();
    std::fs::write(
        &paths[2],
        format!("v\n{}{}", "3\n".repeat(2000), "x\n".repeat(30)),
    )
    .unwrap();
    let mut source = FileSource::open(&paths, &Options::default()).unwrap();
    let before = source.info();
    let (found, ended) = run(&mut source);
    ended.unwrap();
    assert_eq!(source.info(), before);
    assert_eq!(found.samples.len(), 2002);
    assert_eq!(found.samples[0].0, r#"v{file="a"}"#);
    assert_eq!(found.samples[2].0, r#"v{file="b"}"#);
    assert_eq!(found.degraded.len(), 1);
    assert!(found.degraded[0].0.ends_with("gone.csv"));
    assert_eq!(
        found.rejected.iter().map(|(count, _)| count).sum::<u64>(),
        30
    );
    assert!(found.rejected.len() <= 21);
}

#[test]
fn no_usable_file_is_an_error_with_its_cause() {
    assert!(FileSource::open::<&str>(&[], &Options::default()).is_err());
    let mut source = FileSource::open(&["/nowhere/at/all.csv"], &Options::default()).unwrap();
    let (_, ended) = run(&mut source);
    let error = ended.unwrap_err();
    assert!(
        error.to_string().contains("all.csv") && std::error::Error::source(&error).is_some(),
        "{error}"
    );
}
