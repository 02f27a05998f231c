//! The reader as a source of signals.

use std::io::Write as _;

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

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn counter(rows: usize) -> String {
    let row = |i| format!("{},{}.25\n", 1_397_088_000 + i, i * 7919 % 10_007);
    format!("time,v\n{}", (0..rows).map(row).collect::<String>())
}

#[test]
fn a_file_that_breaks_off_is_an_error_after_its_rows() {
    let whole = gzip(&counter(100_000));
    let cut = &whole[..whole.len() / 2];
    let (good, _) = crate::drain(&mut crate::open(cut).unwrap());
    assert!(good.len() > 10_000);
    let mut source = FileSource::from_reader(crate::open(cut).unwrap()).unwrap();
    let (found, ended) = run(&mut source);
    let error = ended.unwrap_err();
    assert!(
        matches!(error, voidstate_core::Error::Source { .. })
            && error.to_string().contains("damaged"),
        "{error}"
    );
    assert!(std::error::Error::source(&error).is_some());
    assert_eq!(found.samples.len(), good.len());
    assert!(found.degraded.is_empty(), "{:?}", found.degraded);
    // Told once.
    assert!(run(&mut source).1.is_ok());
}

#[test]
fn of_several_files_the_others_are_read_before_the_error() {
    let dir = tempfile::tempdir().unwrap();
    let whole = gzip(&counter(50_000));
    let files = [
        ("cut.csv.gz", whole[..whole.len() / 2].to_vec()),
        // Nothing of it can be decoded.
        ("stump.csv.gz", whole[..12].to_vec()),
        ("good.csv", counter(3).into_bytes()),
    ];
    let paths: Vec<_> = files
        .iter()
        .map(|(name, bytes)| {
            std::fs::write(dir.path().join(name), bytes).unwrap();
            dir.path().join(name)
        })
        .collect();
    let (found, ended) = run(&mut FileSource::open(&paths, &Options::default()).unwrap());
    let error = ended.unwrap_err().to_string();
    assert!(
        error.contains("2 of 3 files") && error.contains("cut.csv.gz"),
        "{error}"
    );
    let of = |file: &str| found.samples.iter().filter(|s| s.0.contains(file)).count();
    assert_eq!((of("good"), of("cut") > 1000), (3, true));
    assert_eq!(found.degraded.len(), 2);
    let (found, ended) = run(&mut FileSource::open(&paths[1..2], &Options::default()).unwrap());
    assert!(ended.is_err() && found.samples.is_empty());
}

#[test]
fn times_that_repeat_or_go_back_are_told_with_their_count() {
    let mut text = counter(100);
    text.push_str("1397088099,1\n1397088099,1\n1397088000,1\n");
    let mut source = FileSource::from_reader(crate::open(text.as_bytes()).unwrap()).unwrap();
    let (found, ended) = run(&mut source);
    ended.unwrap();
    let told: Vec<_> = found
        .degraded
        .iter()
        .map(|(_, reason)| reason.as_str())
        .collect();
    assert_eq!(
        told,
        [
            "2 rows repeat the time of the row before in the same series",
            "1 row is earlier than the row before in the same series",
        ]
    );
    assert!(found.rejected.is_empty());
}

#[test]
fn a_label_column_that_is_missing_is_told() {
    let mut text = "time,request,v\n".to_owned();
    for row in 0..40_000 {
        text.push_str(&format!("{},r{row},1\n", 1_397_088_000 + row / 8));
    }
    let mut source = FileSource::from_reader(crate::open(text.as_bytes()).unwrap()).unwrap();
    let (found, ended) = run(&mut source);
    ended.unwrap();
    assert_eq!(found.samples.len(), 40_000);
    assert_eq!(found.degraded.len(), 2, "{:?}", found.degraded);
    assert!(
        found.degraded[0]
            .1
            .starts_with("35000 rows repeat the time")
    );
    let doubt = &found.degraded[1].1;
    assert!(
        doubt.contains("label column is probably missing") && doubt.contains("\"request\""),
        "{doubt}"
    );
}

#[test]
fn rows_without_room_for_their_labels_are_told_as_such() {
    let mut text = "time,host,v\n".to_owned();
    for row in 0..4000 {
        text.push_str(&format!("{},h{},1\n", 1_397_088_000 + row / 400, row % 400));
    }
    let mut options = Options::default();
    options.groups_max = 300;
    let mut source =
        FileSource::from_reader(crate::open_with(text.as_bytes(), &options).unwrap()).unwrap();
    let (found, ended) = run(&mut source);
    ended.unwrap();
    assert_eq!((found.samples.len(), found.series.len()), (3000, 300));
    assert_eq!(found.rejected.len(), 1, "{:?}", found.rejected);
    let (count, reason) = &found.rejected[0];
    assert!(
        *count == 1000 && reason.contains("first 300 of \"host\""),
        "{count} {reason}"
    );
}
