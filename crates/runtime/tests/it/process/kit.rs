//! Factories whose processes are this test binary.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use voidstate_core::ToolMeta;
use voidstate_runtime::process::ProcessFactory;

/// A file that does not exist yet, and is gone when this is.
pub(crate) struct Mark(PathBuf);

impl Mark {
    pub(crate) fn new(name: &str) -> Self {
        let place = format!("voidstate_process_{}_{name}", std::process::id());
        let mark = Self(std::env::temp_dir().join(place));
        let _ = std::fs::remove_file(&mark.0);
        mark
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn is_made(&self) -> bool {
        self.0.exists()
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The tool in a process that runs `host_entry`. The test harness speaks on standard output, so frames go elsewhere.
pub(crate) fn isolated(meta: &ToolMeta, env: &[(&str, &str)]) -> ProcessFactory {
    let binary = std::env::current_exe().unwrap();
    let script = r#"exec "$0" --exact process::child::host_entry --ignored --nocapture --test-threads=1 3>&1 1>/dev/null"#;
    let args = [
        "-c".to_owned(),
        script.to_owned(),
        binary.to_str().unwrap().to_owned(),
    ];
    let factory = ProcessFactory::new(meta.clone(), "/bin/sh", args).limit(Duration::from_secs(5));
    env.iter()
        .fold(factory, |factory, (name, value)| factory.env(*name, *value))
}

pub(crate) fn shared(meta: &ToolMeta, env: &[(&str, &str)]) -> Arc<ProcessFactory> {
    Arc::new(isolated(meta, env))
}
