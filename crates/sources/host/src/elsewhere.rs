//! What stands in for the source where there is no procfs.

#![cfg_attr(
    test,
    expect(
        unreachable_pub,
        reason = "on Linux this file is only compiled to be tested"
    )
)]

use std::convert::Infallible;

use voidstate_core::{Emitter, Next, Overflow, Source, SourceInfo, Timestamp};

use crate::{Error, HostConfig, Part, Result};

/// Watches a Linux machine; this system is none, so there is never a value of this type.
#[derive(Debug)]
pub struct HostSource(Infallible);

impl HostSource {
    /// Refuses.
    ///
    /// # Errors
    /// [`Error::NotLinux`], always.
    pub fn new(config: HostConfig) -> Result<Self> {
        config.check()?;
        Err(Error::NotLinux {
            os: std::env::consts::OS,
        })
    }
}

impl Source for HostSource {
    fn info(&self) -> SourceInfo {
        SourceInfo {
            name: "host".to_owned(),
            description: "nothing: this system has no procfs".to_owned(),
            overflow: Overflow::Drop,
        }
    }

    fn poll(&mut self, _: Timestamp, _: &mut dyn Emitter) -> voidstate_core::Result<Next> {
        match self.0 {}
    }
}

/// Says that nothing can be read.
#[must_use]
pub fn doctor(_: &HostConfig) -> Vec<Part> {
    vec![Part {
        name: "host",
        readable: false,
        reason: Some(format!("{} has no procfs", std::env::consts::OS)),
        effect: "the whole machine",
        fix: None,
    }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_system_is_refused_with_its_name() {
        let error = HostSource::new(HostConfig::default()).unwrap_err();
        assert!(matches!(error, Error::NotLinux { .. }));
        assert!(
            doctor(&HostConfig::default())
                .iter()
                .all(|part| !part.readable)
        );
    }
}
