//! The command line, from which help comes, too.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::SignedDuration;
use voidstate_core::Grade;
use voidstate_properties::tool::CASES_MAX;

/// Watch a system; be told what behaves differently, since when, and who stands out.
#[derive(Debug, Parser)]
#[command(name = "voidstate", version, about, args_conflicts_with_subcommands = true, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) verb: Option<Verb>,
    #[command(flatten)]
    pub(crate) watch: WatchArgs,
}

const EXAMPLES: &str = "Examples:
  voidstate                               watch this host until Ctrl-C
  voidstate watch --for 60s --json        one minute of it, as JSON lines
  voidstate analyze metrics.csv --fail-on anomaly   what is unusual in a file; exit 1 if anything is

Exit codes: 0 ok, 1 finding at or above --fail-on, 2 usage, 3 input, 4 permission, 70 internal.";

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Watch this host live: one line per episode when it opens and when it closes
    Watch(WatchArgs),
    /// Find what is unusual in CSV, TSV or JSON-lines files
    Analyze(AnalyzeArgs),
    /// List what can be read here, what not, why, and the command that would fix it
    Doctor(DoctorArgs),
    /// Say whether two pipelines or tools do the same: a proof, a test, or a shortest input that tells them apart
    Equiv(EquivArgs),
    /// Live a recording through again and compare what the tools say with what they said
    Replay(ReplayArgs),
    /// List the tools with what they do to the world, what they may cost, and their state
    Tools(ToolsArgs),
    /// Be a tool for an engine at the other end of the pipes; `watch --isolate` starts it
    #[command(hide = true)]
    ToolHost(ToolHostArgs),
}

/// At which findings the exit code is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Anomalies only
    Anomaly,
    /// Anomalies and lasting changes
    Drift,
}

#[derive(Debug, Args)]
pub(crate) struct WatchArgs {
    /// Stop after this time, for example 30s or 5m [default: until Ctrl-C]
    #[arg(long = "for", value_name = "TIME", value_parser = duration)]
    pub(crate) time: Option<Duration>,
    /// Time between two looks
    #[arg(long, value_name = "TIME", value_parser = interval, default_value = "1s")]
    pub(crate) interval: Duration,
    /// Where samples and findings are kept [default: $XDG_STATE_HOME/voidstate]
    #[arg(long, value_name = "DIR")]
    pub(crate) store: Option<PathBuf>,
    /// One JSON object per line instead of sentences
    #[arg(long)]
    pub(crate) json: bool,
    /// Record everything that the tools see and are answered into this new file, for `voidstate replay`
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Run these tools in processes of their own, which can be killed: ids with commas between them
    #[arg(long, value_name = "TOOL", value_delimiter = ',')]
    pub(crate) isolate: Vec<String>,
    /// Settings of tools, and pipelines [default: voidstate.toml in this directory, if it is there]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Overrides the settings: upgrade.grade=proved, tools.anomaly.merge_gap_seconds=3, pipeline.NAME.steps=…
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// Also watch a program from inside, at the socket that it serves
    #[arg(long, value_name = "SOCKET")]
    pub(crate) attach: Option<PathBuf>,
    /// Exit with 1 when such a finding was made
    #[arg(long, value_name = "KIND", value_enum)]
    pub(crate) fail_on: Option<FailOn>,
    /// Keep the command lines of outstanding processes, too; they may hold secrets
    #[arg(long)]
    pub(crate) show_args: bool,
    /// Read processes and kernel counters from here instead of /proc
    #[arg(long, value_name = "DIR", default_value = "/proc", hide = true)]
    pub(crate) proc_root: PathBuf,
    /// Read devices from here instead of /sys
    #[arg(long, value_name = "DIR", default_value = "/sys", hide = true)]
    pub(crate) sys_root: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct AnalyzeArgs {
    /// Files to read, plain or compressed with gzip or zstd; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// One JSON object per line instead of a table
    #[arg(long)]
    pub(crate) json: bool,
    /// Exit with 1 when such a finding was made
    #[arg(long, value_name = "KIND", value_enum)]
    pub(crate) fail_on: Option<FailOn>,
    /// Record everything that the tools see and are answered into this new file, for `voidstate replay`; for one FILE only
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Run these tools in processes of their own, which can be killed: ids with commas between them
    #[arg(long, value_name = "TOOL", value_delimiter = ',')]
    pub(crate) isolate: Vec<String>,
    /// Settings of tools, and pipelines [default: voidstate.toml in this directory, if it is there]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Overrides the settings: upgrade.grade=proved, tools.anomaly.merge_gap_seconds=3, pipeline.NAME.steps=…
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// Write the score of every row to `DIR/<stem>.csv`, or `<stem>.<column>.csv` if there are several columns
    #[arg(long, value_name = "DIR")]
    pub(crate) scores_out: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Neither source nor store nor clock is asked. The verdict goes to standard error; \
exit codes: 0 identical, 1 not, 3 a recording that cannot be used."
)]
pub(crate) struct ReplayArgs {
    /// What `voidstate watch --record FILE` wrote
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// One JSON object per finding instead of sentences
    #[arg(long)]
    pub(crate) json: bool,
    /// Print the findings of these tools only; all are compared
    #[arg(long, value_name = "ID")]
    pub(crate) tool: Vec<String>,
    /// Only signals whose sequence number is below N
    #[arg(long, value_name = "N")]
    pub(crate) until: Option<u64>,
    /// Print what was recorded instead, in the same order and form, without calling any tool
    #[arg(long)]
    pub(crate) recorded: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ToolHostArgs {
    /// A tool of `voidstate tools`
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Grades, the weakest first: refuted, tested, bisimilar, proved. A tool's code is not looked into, so of tools \
no more than `tested` is ever said. Exit codes: 0 as good as required, 1 refuted or less than required."
)]
pub(crate) struct EquivArgs {
    /// A tool of `voidstate tools`, a pipeline of the settings, or the text of one: 'where value > 0 | window mean 10'
    #[arg(value_name = "A")]
    pub(crate) a: String,
    /// What it is compared with
    #[arg(value_name = "B")]
    pub(crate) b: String,
    /// How good the evidence must be: tested, bisimilar or proved
    #[arg(long, value_name = "GRADE", default_value_t = Grade::Tested)]
    pub(crate) require: Grade,
    /// Where drawn inputs come from; the same seed draws the same ones
    #[arg(long, value_name = "N", default_value_t = crate::equivalence::SEED)]
    pub(crate) seed: u64,
    /// Streams that two tools are shown
    #[arg(long, value_name = "N", default_value_t = crate::equivalence::CASES, value_parser = clap::value_parser!(u64).range(1..=CASES_MAX))]
    pub(crate) cases: u64,
    /// One JSON object instead of words
    #[arg(long)]
    pub(crate) json: bool,
    /// Settings of tools, and pipelines [default: voidstate.toml in this directory, if it is there]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// One JSON object instead of a table
    #[arg(long)]
    pub(crate) json: bool,
    /// Read processes and kernel counters from here instead of /proc
    #[arg(long, value_name = "DIR", default_value = "/proc", hide = true)]
    pub(crate) proc_root: PathBuf,
    /// Read devices from here instead of /sys
    #[arg(long, value_name = "DIR", default_value = "/sys", hide = true)]
    pub(crate) sys_root: PathBuf,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct ToolsArgs {
    #[command(subcommand)]
    pub(crate) verb: Option<ToolsVerb>,
    /// Settings of tools, and pipelines [default: voidstate.toml in this directory, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Try the laws of a category on the tools as they are wired: composition, identities, traces, windows
    #[arg(long)]
    pub(crate) laws: bool,
    /// One JSON array instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ToolsVerb {
    /// Hold the laws of every tool against one; exit 1 if any is broken
    Check(CheckArgs),
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// A tool of `voidstate tools`, or a .spec file, whose tools are all checked
    #[arg(value_name = "NAME|FILE")]
    pub(crate) subject: PathBuf,
    /// Where the drawn signals come from; the same seed draws the same ones
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Cases per law
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u64).range(1..=CASES_MAX))]
    pub(crate) cases: u64,
    /// Show the tool these signals first: steps of an earlier check, or a file as `analyze` reads it
    #[arg(long, value_name = "RECORDING")]
    pub(crate) signals: Option<PathBuf>,
    /// One JSON object instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

fn duration(text: &str) -> Result<Duration, String> {
    let hint = "expected a time like 500ms, 30s, 5m or 1h";
    let parsed: SignedDuration = text.parse().map_err(|_| hint.to_owned())?;
    Duration::try_from(parsed)
        .ok()
        .filter(|d| !d.is_zero())
        .ok_or_else(|| hint.to_owned())
}

fn interval(text: &str) -> Result<Duration, String> {
    let parsed = duration(text)?;
    if (voidstate_host::INTERVAL_MIN..=voidstate_host::INTERVAL_MAX).contains(&parsed) {
        Ok(parsed)
    } else {
        Err("expected a time from 100ms to 1h".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn watch_is_the_verb_when_none_is_named() {
        let cli = Cli::parse_from(["voidstate", "--for", "30s"]);
        assert!(cli.verb.is_none());
        assert_eq!(cli.watch.time, Some(Duration::from_secs(30)));
    }

    #[test]
    fn times_are_checked() {
        assert_eq!(duration("1m 30s"), Ok(Duration::from_secs(90)));
        for bad in ["", "x", "-1s", "0s", "5"] {
            assert!(duration(bad).is_err(), "{bad:?}");
        }
        assert!(interval("1ms").is_err());
    }
}
