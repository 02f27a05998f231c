//! Paths as JSON and as records of the codec.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use voidstate_codec::{Kind, Schema};

use super::{Direction, Path, Position, Side, Step};
use crate::Error;
use crate::pipeline::{Pipeline, Stage};

/// Version that is written, and the only one that is read.
const VERSION: u32 = 1;
const SCHEMA: Schema = Schema::new(Kind::new(b"PATH"), 1);
/// Steps that are read: more are no path that anybody made.
const STEPS_MAX: usize = 1 << 16;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    version: u32,
    from: String,
    to: String,
    steps: Vec<StepRecord>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepRecord {
    rule: String,
    backward: bool,
    at: String,
    before: String,
    after: String,
}

impl Path {
    /// The path as JSON: `version`, `from`, `to` and `steps` with `rule`, `backward`, `at`, `before`, `after`, where
    /// pipelines are their text.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.record()).unwrap_or_default()
    }

    /// Reads [`Path::to_json`]. What it reads is a claim: [`Path::check`] it.
    ///
    /// # Errors
    /// [`Error::Path`] with what is wrong.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let record: Record = serde_json::from_str(text).map_err(|e| refused(&e))?;
        Self::of(record)
    }

    /// The path as a record of the codec, kind `PATH`.
    ///
    /// # Errors
    /// [`Error::Codec`] when it is larger than a record may be.
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        Ok(SCHEMA.encode(&self.record())?)
    }

    /// Reads [`Path::encode`]. What it reads is a claim: [`Path::check`] it.
    ///
    /// # Errors
    /// [`Error::Codec`] or [`Error::Path`] with what is wrong.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        Self::of(SCHEMA.decode::<Record>(bytes)?)
    }

    fn record(&self) -> Record {
        let step = |s: &Step| StepRecord {
            rule: s.rule.clone(),
            backward: s.direction == Direction::Backward,
            at: s.at.to_string(),
            before: super::fragment(&s.before),
            after: super::fragment(&s.after),
        };
        Record {
            version: VERSION,
            from: self.from.to_string(),
            to: self.to.to_string(),
            steps: self.steps.iter().map(step).collect(),
        }
    }

    fn of(record: Record) -> Result<Self, Error> {
        if record.version != VERSION {
            let message = format!("version {}, expected {VERSION}", record.version);
            return Err(Error::Path { message });
        }
        if record.steps.len() > STEPS_MAX {
            let message = format!("{} steps, expected at most {STEPS_MAX}", record.steps.len());
            return Err(Error::Path { message });
        }
        let steps = record.steps.into_iter().enumerate().map(|(number, s)| {
            let about = |what: &str, e: &dyn std::fmt::Display| Error::Path {
                message: format!("`{what}` of step {number}: {e}"),
            };
            let stages = |what: &str, text: &str| -> Result<Vec<Stage>, Error> {
                let parsed = Pipeline::parse(text).map_err(|e| about(what, &e))?;
                Ok(parsed.into_stages())
            };
            Ok(Step {
                direction: if s.backward {
                    Direction::Backward
                } else {
                    Direction::Forward
                },
                at: s.at.parse().map_err(|e: String| about("at", &e))?,
                before: stages("before", &s.before)?,
                after: stages("after", &s.after)?,
                rule: s.rule,
            })
        });
        let end = |what: &str, text: &str| {
            Pipeline::parse(text).map_err(|e| Error::Path {
                message: format!("`{what}`: {e}"),
            })
        };
        let (from, to) = (end("from", &record.from)?, end("to", &record.to)?);
        Ok(Self::claimed(
            from,
            to,
            steps.collect::<Result<_, Error>>()?,
        ))
    }
}

fn refused(error: &serde_json::Error) -> Error {
    Error::Path {
        message: error.to_string(),
    }
}

impl FromStr for Position {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |word: &str| {
            let is_plain = word.bytes().all(|b| b.is_ascii_digit());
            let n = word.parse().ok().filter(|_| is_plain);
            n.ok_or_else(|| "a place is written like `2.left.0`".to_owned())
        };
        let words: Vec<&str> = text.split('.').take(64).collect();
        let (last, pairs) = words.split_last().ok_or("an empty place")?;
        let branches = pairs.chunks(2).map(|pair| match pair {
            [at, "left"] => Ok((number(at)?, Side::Left)),
            [at, "right"] => Ok((number(at)?, Side::Right)),
            _ => Err("a place is written like `2.left.0`".to_owned()),
        });
        Ok(Self {
            branches: branches.collect::<Result<_, String>>()?,
            at: number(last)?,
        })
    }
}
