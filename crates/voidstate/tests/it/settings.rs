//! `voidstate.toml`: what tools are told, and pipelines.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::program::{output, voidstate};

fn write(dir: &Path, text: &str) {
    std::fs::write(dir.join("voidstate.toml"), text).unwrap();
}

fn pipeline(name: &str, series: &str, steps: &str) -> String {
    format!("[[pipeline]]\nname = {name:?}\nseries = {series:?}\nsteps = {steps:?}\n")
}

#[test]
fn what_is_wrong_with_the_settings_is_told_with_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let cases = [
        ("[tools.anomaly\n", "line 1"),
        ("[tool.anomaly]\n", "unknown field `tool`"),
        ("[tools.anomoly]\nx = 1\n", "there are anomaly, self_cost"),
        (
            "[tools.anomaly]\nmerge_gap_second = 1\n",
            "merge_gap_seconds",
        ),
        ("[tools.anomaly]\nmerge_gap_seconds = [1]\n", "is a array"),
        ("[upgrade]\ngrade = \"certain\"\n", "certain"),
        (&pipeline("anomaly", "**", "pass"), "taken"),
        (&pipeline("a b", "**", "pass"), "a b"),
        (&pipeline("p", "m{", "window"), "steps:"),
    ];
    for (text, expected) in cases {
        write(dir.path(), text);
        let mut command = voidstate(&["tools"]);
        let (code, out, err) = output(command.current_dir(dir.path()));
        assert_eq!((code, out.as_str()), (2, ""), "{text}");
        assert!(
            err.contains(expected) && err.contains("voidstate.toml"),
            "{text}: {err}"
        );
    }
    let (code, _, err) = output(&mut voidstate(&["tools", "--config", "/does/not/exist"]));
    assert_eq!(code, 2);
    assert!(err.contains("/does/not/exist"), "{err}");
}

#[test]
fn a_pipeline_is_a_tool_whose_numbers_are_judged_like_any_others() {
    let dir = tempfile::tempdir().unwrap();
    let mut rows = "time,load\n".to_owned();
    for minute in 0..600 {
        let noise = f64::from(minute * 7919 % 100) / 100.0;
        // Every other value is of another kind; only the pipeline sees one of them alone.
        let level = if minute % 2 == 0 { 100.0 } else { 0.0 };
        let burst = if (500..520).contains(&minute) && minute % 2 == 1 {
            30.0
        } else {
            0.0
        };
        let time = 1_700_000_000 + minute * 60;
        let _ = writeln!(rows, "{time},{}", level + noise + burst);
    }
    std::fs::write(dir.path().join("rows.csv"), rows).unwrap();
    write(dir.path(), &pipeline("low", "load", "where value < 80"));
    let record = dir.path().join("run.rec");
    let args = [
        "analyze",
        "rows.csv",
        "--json",
        "--record",
        record.to_str().unwrap(),
    ];
    let (code, out, err) = output(voidstate(&args).current_dir(dir.path()));
    assert_eq!(code, 0, "{err}");
    let is_told = out
        .lines()
        .any(|line| line.contains("tool.low.load") && line.contains("\"finding\""));
    assert!(is_told, "{out}");
    // The recording knows the pipeline without the settings.
    std::fs::remove_file(dir.path().join("voidstate.toml")).unwrap();
    let (code, now, verdict) =
        output(voidstate(&["replay", "run.rec", "--json"]).current_dir(dir.path()));
    assert_eq!(code, 0, "{verdict}");
    assert!(now.contains("tool.low.load"), "{now}");
}

struct Watch(Child);

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Standard error of the program, which goes to a file, as far as it was read.
struct Log {
    path: PathBuf,
    read: usize,
}

impl Log {
    /// Waits until `text` is said after what was waited for before.
    fn says(&mut self, text: &str) {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let said = std::fs::read_to_string(&self.path).unwrap();
            if let Some(place) = said[self.read..].find(text) {
                self.read += place + text.len();
                return;
            }
            assert!(Instant::now() < until, "never said {text:?}: {said}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn hang_up(watch: &Watch) {
    let pid = watch.0.id().to_string();
    let sent = Command::new("kill").args(["-HUP", &pid]).status().unwrap();
    assert!(sent.success());
}

#[test]
fn other_steps_are_taken_over_only_with_evidence() {
    let dir = tempfile::tempdir().unwrap();
    let busy = |steps: &str| pipeline("busy", "host.cpu.*", steps);
    write(dir.path(), &busy("where value > 1 | where value < 9"));
    let mut log = Log {
        path: dir.path().join("log"),
        read: 0,
    };
    let child = voidstate(&["watch", "--store", "store", "--interval", "200ms"])
        .current_dir(dir.path())
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(&log.path).unwrap())
        .spawn()
        .unwrap();
    let watch = Watch(child);
    log.says("settings: voidstate.toml, 1 pipeline;");
    write(dir.path(), &busy("where value > 1 and value < 9"));
    hang_up(&watch);
    log.says("pipeline busy takes the new steps: proved");
    write(dir.path(), &busy("where value > 2"));
    hang_up(&watch);
    log.says("pipeline busy stays as it was: the new steps are refuted");
    let both = busy("where value > 1 and value < 9") + &pipeline("more", "host.memory.*", "delta");
    write(dir.path(), &both);
    hang_up(&watch);
    log.says("read again, 1 change taken over");
    write(dir.path(), "[[pipeline");
    hang_up(&watch);
    log.says("the settings stay as they were");
    write(dir.path(), "[tools.anomaly]\nmerge_gap_seconds = 3.0\n");
    hang_up(&watch);
    log.says("read again, 3 changes taken over");
}
