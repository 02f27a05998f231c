//! What is wrong with a finding, if anything.

use voidstate_core::{Evidence, Finding, Stage, ToolId};

/// The first thing that is wrong with what `tool` said.
pub(crate) fn fault(finding: &Finding, tool: &ToolId) -> Option<String> {
    let say = |text: String| Some(format!("episode {}: {text}", finding.episode));
    if finding.tool != *tool {
        return say(format!(
            "it is said in the name of {:?}",
            finding.tool.as_str()
        ));
    }
    for (what, text) in [
        ("sentence", &finding.sentence),
        ("refutation", &finding.refutation),
    ] {
        if text.trim().is_empty() {
            return say(format!("its {what} is empty"));
        }
        if let Some(c) = text.chars().find(|c| c.is_control()) {
            return say(format!(
                "its {what} holds the control character {c:?}: {text:?}"
            ));
        }
    }
    if let Some(end) = finding.end
        && end < finding.start
    {
        return say(format!(
            "it ends at {end}, before its start at {}",
            finding.start
        ));
    }
    match (finding.stage, finding.end) {
        (Stage::Closed, None) => return say("it is closed and has no end".to_owned()),
        (Stage::Opened | Stage::Updated, Some(end)) => {
            return say(format!("it goes on, and yet it ends at {end}"));
        }
        _ => {}
    }
    finding
        .evidence
        .iter()
        .find_map(evidence_fault)
        .and_then(say)
}

fn evidence_fault(evidence: &Evidence) -> Option<String> {
    let nan = |what: &str, value: f64| {
        value
            .is_nan()
            .then(|| format!("{what} in its evidence is NaN"))
    };
    let empty = |what: &str, text: &str| {
        text.is_empty()
            .then(|| format!("{what} in its evidence is empty"))
    };
    match evidence {
        Evidence::Value { value, .. } => nan("the value", *value),
        Evidence::Expected { low, mid, high, .. } => nan("the low end", *low)
            .or_else(|| nan("the centre", *mid))
            .or_else(|| nan("the high end", *high))
            .or_else(|| {
                (low > high).then(|| format!("the usual band {low} to {high} is upside down"))
            }),
        Evidence::PValue { test, p } => empty("the test", test).or_else(|| {
            (!(0.0..=1.0).contains(p)).then(|| format!("the p-value {p} is outside [0, 1]"))
        }),
        Evidence::Process {
            quantity, value, ..
        } => empty("a quantity", quantity).or_else(|| nan("a process's value", *value)),
        Evidence::Device {
            quantity, value, ..
        } => empty("a quantity", quantity).or_else(|| nan("a device's value", *value)),
        Evidence::Fact { name, value } => empty("a fact's name", name)
            .or_else(|| nan(&format!("the fact {name:?}"), value.as_f64().unwrap_or(0.0))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use voidstate_core::{Confidence, FindingKind, Severity, Timestamp};

    use super::*;

    fn sound() -> Finding {
        Finding {
            tool: ToolId::new("t").unwrap(),
            episode: 1,
            kind: FindingKind::Anomaly,
            severity: Severity::Info,
            stage: Stage::Instant,
            start: Timestamp::from_secs(2),
            end: None,
            series: Vec::new(),
            sentence: "it is so".to_owned(),
            evidence: Vec::new(),
            confidence: Confidence::saturating(1.0),
            refutation: "it was not so".to_owned(),
        }
    }

    #[test]
    fn each_fault_is_named() {
        let id = ToolId::new("t").unwrap();
        assert_eq!(fault(&sound(), &id), None);
        type Change = fn(&mut Finding);
        let changes: [(&str, Change); 9] = [
            ("in the name of", |f| f.tool = ToolId::new("u").unwrap()),
            ("sentence is empty", |f| f.sentence = " ".to_owned()),
            ("control character", |f| {
                f.refutation = "a\u{1b}b".to_owned()
            }),
            ("before its start", |f| {
                f.end = Some(Timestamp::from_secs(1))
            }),
            ("has no end", |f| f.stage = Stage::Closed),
            ("goes on", |f| {
                f.stage = Stage::Opened;
                f.end = Some(f.start);
            }),
            ("is NaN", |f| {
                f.evidence = vec![Evidence::Fact {
                    name: "x".to_owned(),
                    value: f64::NAN.into(),
                }];
            }),
            ("outside [0, 1]", |f| {
                f.evidence = vec![Evidence::PValue {
                    test: "t".to_owned(),
                    p: 1.5,
                }];
            }),
            ("upside down", |f| {
                f.evidence = vec![Evidence::Expected {
                    low: 2.0,
                    mid: 1.0,
                    high: 0.0,
                    unit: voidstate_core::Unit::None,
                }];
            }),
        ];
        for (expected, change) in changes {
            let mut finding = sound();
            change(&mut finding);
            let said = fault(&finding, &id).unwrap_or_default();
            assert!(said.contains(expected), "{expected:?} is not in {said:?}");
        }
    }
}
