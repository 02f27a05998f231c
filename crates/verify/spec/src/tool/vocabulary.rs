//! What specs of tools may read.

/// The records and enums of specs of tools, to be copied from: a spec declares those that it reads and may leave fields
/// of records out.
///
/// Operation `observe` may have the inputs `signal: Signal`, `hook: text`, `time: int<ns>` (the signal's) and
/// `sequence: int`; `tick` and `finish` have none. Every operation may have the outputs `findings: [Finding]`,
/// `metrics: [Metric]`, `given: [Given]` (what `Ctx::output` was handed), `logs: int` (lines), `used: [text]`
/// (effects, by name), all of this call; any other output is an option of `real`, `int`, `text` or `bool`: the last value that
/// `Ctx::output` was handed under that name.
///
/// `numbers` of evidence are its numbers in declared order (the number of a fact too), `texts` its texts.
pub const VOCABULARY: &str = "\
enum Severity { info, notice, warning, critical }
enum FindingKind { anomaly, drift, pattern, structure, cause, forecast, violation, health }
enum Stage { instant, opened, updated, closed }
record Evidence { kind: text, numbers: [real], texts: [text] }
record Finding {
  author: text,
  episode: int,
  kind: FindingKind,
  severity: Severity,
  stage: Stage,
  start: int<ns>,
  end: int<ns>?,
  series: [text],
  sentence: text,
  evidence: [Evidence],
  confidence: real,
  refutation: text
}
record Metric { name: text, value: real }
record Given { name: text, number: real?, text: text? }
record Sample { series: text, time: int<ns>, value: real }
record Event { name: text, time: int<ns>, attributes: {text: text} }
enum SpanStatus { unset, ok, error }
record Span {
  trace_id: text,
  span_id: text,
  parent: text?,
  name: text,
  start: int<ns>,
  end: int<ns>,
  status: SpanStatus,
  attributes: {text: text}
}
record State { name: text, time: int<ns>, variables: {text: text} }
enum Signal { sample(Sample), event(Event), span(Span), snapshot(State) }
";
