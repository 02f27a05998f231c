//! Files as a source of signals.

use std::path::{Path, PathBuf};

use voidstate_core::{
    Emitter, HookName, MetricName, Next, Overflow, SeriesId, SeriesInfo, SeriesKey, Source,
    SourceInfo, Timestamp, Unit,
};

use crate::names::{file_labels, label_names, metric};
use crate::stats::BAD_ROWS_KEPT;
use crate::{Error, Layout, Options, Reader, Reason};

/// Name of the hook at which the numbers of rows are fired.
pub const HOOK_ROW: &str = "file.row";

/// Values handed over per poll: a few milliseconds of work.
const VALUES_PER_POLL: usize = 50_000;

/// Brings the numbers of files, file after file, at the hook [`HOOK_ROW`].
///
/// The metric of a sample is the column's name as [`MetricName::sanitised`] leaves it (with the original in the label
/// `column` when it had to be changed), its labels are the label columns, and `file` when there are several files.
/// Missing cells make no sample. Bad rows are reported as rejected; times that repeat or go back as degraded, with their
/// count, at the end of their file. Of several files, those that cannot be opened or break off are reported as degraded.
/// A file that breaks off is moreover the error with which the last `poll` ends, after all rows that could be read.
#[derive(Debug)]
pub struct FileSource {
    options: Options,
    description: String,
    hook: HookName,
    waiting: std::vec::IntoIter<(PathBuf, Option<String>)>,
    current: Option<Current>,
    files: usize,
    opened: usize,
    last_error: Option<Error>,
    /// The first file that broke off, and how many did.
    broken: Option<Error>,
    broken_count: usize,
}

#[derive(Debug)]
struct Current {
    reader: Reader,
    file: Option<String>,
    metrics: Vec<(MetricName, Option<String>)>,
    labels: Vec<String>,
    /// Of each combination of labels, the series of each value column.
    series: Vec<Vec<Option<SeriesId>>>,
    bad_told: u64,
    overflow_told: u64,
    said: usize,
}

impl FileSource {
    /// A source of the rows that an opened reader has left.
    ///
    /// # Errors
    /// None at present; [`Error`] is kept for kinds of files to come.
    pub fn from_reader(reader: Reader) -> Result<Self, Error> {
        let description = format!("{}: {}", reader.path(), reader.layout());
        let mut source = Self::empty(Options::default(), description)?;
        source.current = Some(Current::new(reader, None));
        source.files = 1;
        source.opened = 1;
        Ok(source)
    }

    /// A source of several files, read one after the other; each is opened when its turn comes.
    ///
    /// # Errors
    /// [`Error::Layout`] when there is no path.
    pub fn open<P: AsRef<Path>>(paths: &[P], options: &Options) -> Result<Self, Error> {
        if paths.is_empty() {
            return Err(Error::Layout {
                path: String::new(),
                reason: "no file is named; give at least one, or - for standard input".to_owned(),
            });
        }
        let labels = file_labels(paths);
        let waiting: Vec<_> = paths
            .iter()
            .map(|p| p.as_ref().to_owned())
            .zip(labels)
            .collect();
        let description = format!(
            "rows of {} file{}",
            paths.len(),
            if paths.len() == 1 { "" } else { "s" }
        );
        let mut source = Self::empty(options.clone(), description)?;
        source.files = waiting.len();
        source.waiting = waiting.into_iter();
        Ok(source)
    }

    fn empty(options: Options, description: String) -> Result<Self, Error> {
        let hook = HookName::new(HOOK_ROW).map_err(|_| Error::Option {
            option: "hook",
            value: HOOK_ROW.to_owned(),
            reason: "it is not a hook name",
        })?;
        Ok(Self {
            options,
            description,
            hook,
            waiting: Vec::new().into_iter(),
            current: None,
            files: 0,
            opened: 0,
            last_error: None,
            broken: None,
            broken_count: 0,
        })
    }

    /// The layout of the file being read.
    #[must_use]
    pub fn layout(&self) -> Option<&Layout> {
        self.current.as_ref().map(|current| current.reader.layout())
    }

    /// The reader of the file being read.
    #[must_use]
    pub fn reader(&self) -> Option<&Reader> {
        self.current.as_ref().map(|current| &current.reader)
    }

    /// Opens the next file that can be opened; false when there is none left.
    fn open_next(&mut self, out: &mut dyn Emitter) -> bool {
        while let Some((path, file)) = self.waiting.next() {
            match Reader::open(&path, &self.options) {
                Ok(reader) => {
                    self.opened += 1;
                    self.current = Some(Current::new(reader, file));
                    return true;
                }
                Err(error) if is_break(&error) => {
                    self.break_off(&path.display().to_string(), error, out);
                }
                Err(error) => {
                    out.degraded(&path.display().to_string(), &error.to_string());
                    self.last_error = Some(error);
                }
            }
        }
        false
    }

    /// Keeps the error for the end; of several files it is said at once as well.
    fn break_off(&mut self, path: &str, error: Error, out: &mut dyn Emitter) {
        if self.files > 1 {
            out.degraded(path, &error.to_string());
        }
        self.broken_count += 1;
        self.broken.get_or_insert(error);
    }

    /// The end: an error when a file broke off or none could be opened, once.
    fn finish(&mut self) -> voidstate_core::Result<Next> {
        let (message, error) = match (self.broken.take(), self.last_error.take()) {
            (Some(error), _) if self.broken_count > 1 => {
                let (count, files) = (self.broken_count, self.files);
                (
                    format!("{count} of {files} files break off; the first: {error}"),
                    error,
                )
            }
            (Some(error), _) => (error.to_string(), error),
            (None, Some(error)) if self.opened == 0 => (error.to_string(), error),
            (None, _) => return Ok(Next::Done),
        };
        Err(voidstate_core::Error::Source {
            source_name: "file".to_owned(),
            message,
            cause: Some(Box::new(error)),
        })
    }
}

/// Whether the file was there and its reading broke off.
const fn is_break(error: &Error) -> bool {
    matches!(error, Error::Read { .. } | Error::Damaged { .. })
}

impl Source for FileSource {
    fn info(&self) -> SourceInfo {
        SourceInfo {
            name: "file".to_owned(),
            description: self.description.clone(),
            overflow: Overflow::Wait,
        }
    }

    fn poll(&mut self, _now: Timestamp, out: &mut dyn Emitter) -> voidstate_core::Result<Next> {
        if self.current.is_none() && !self.open_next(out) {
            return self.finish();
        }
        let Some(current) = &mut self.current else {
            return Ok(Next::Now);
        };
        match current.pump(&self.hook, out)? {
            Pumped::More => {}
            Pumped::End => self.current = None,
            Pumped::Broken(error) => {
                let path = current.reader.path().to_owned();
                self.current = None;
                self.break_off(&path, error, out);
            }
        }
        Ok(Next::Now)
    }
}

/// Where a share of the rows ended.
enum Pumped {
    More,
    End,
    Broken(Error),
}

impl Current {
    fn new(reader: Reader, file: Option<String>) -> Self {
        let layout = reader.layout();
        let metrics = layout
            .values
            .iter()
            .map(|column| metric(&column.name))
            .collect();
        let labels = label_names(layout.labels.iter().map(|column| column.name.as_str()));
        Self {
            reader,
            file,
            metrics,
            labels,
            series: Vec::new(),
            bad_told: 0,
            overflow_told: 0,
            said: 0,
        }
    }

    /// Hands over a share of the rows.
    fn pump(&mut self, hook: &HookName, out: &mut dyn Emitter) -> voidstate_core::Result<Pumped> {
        let mut budget = VALUES_PER_POLL;
        let mut pumped = Pumped::More;
        while budget > 0 && !out.is_cancelled() {
            let row = match self.reader.next_row() {
                Ok(Some(row)) => row,
                Ok(None) => {
                    pumped = Pumped::End;
                    break;
                }
                Err(error) => {
                    pumped = Pumped::Broken(error);
                    break;
                }
            };
            budget = budget.saturating_sub(row.values.len().max(1));
            let group = row.group as usize;
            if self.series.len() <= group {
                self.series.resize(group + 1, Vec::new());
            }
            let Some(series) = self.series.get_mut(group) else {
                continue;
            };
            series.resize(row.values.len(), None);
            for ((slot, value), (metric, original)) in
                series.iter_mut().zip(row.values).zip(&self.metrics)
            {
                if value.is_nan() {
                    continue;
                }
                let id = match *slot {
                    Some(id) => id,
                    None => {
                        let columns = self.labels.iter().map(String::as_str);
                        let labels = columns.zip(row.labels.iter().map(String::as_str));
                        let file = self.file.as_deref().map(|file| ("file", file));
                        let original = original.as_deref().map(|original| ("column", original));
                        let key =
                            SeriesKey::new(metric.clone(), labels.chain(file).chain(original))?;
                        let id = out.series(&SeriesInfo {
                            key,
                            hook: hook.clone(),
                            unit: Unit::None,
                            limit: None,
                        });
                        *slot.insert(id)
                    }
                };
                out.sample(id, row.time, *value);
            }
        }
        self.tell_bad_rows(out);
        if !matches!(pumped, Pumped::More) {
            for doubt in self.reader.stats().doubts(self.reader.layout()) {
                out.degraded(self.reader.path(), &doubt);
            }
        }
        Ok(pumped)
    }

    fn tell_bad_rows(&mut self, out: &mut dyn Emitter) {
        let stats = self.reader.stats();
        let path = self.reader.path();
        // Rows without room for their labels are told together: they are many, and their reason is one.
        let overflow = stats.group_overflow.saturating_sub(self.overflow_told);
        if overflow > 0 {
            let names = self.reader.layout().labels.iter();
            let names: Vec<_> = names.map(|label| format!("{:?}", label.name)).collect();
            out.rejected(
                overflow,
                &format!(
                    "{path}: rows with further combinations of labels than the first {} of {}; split the file, or name \
                     fewer label columns",
                    self.reader.groups(),
                    names.join(", ")
                ),
            );
            self.overflow_told += overflow;
        }
        for bad in stats.bad.iter().skip(self.said) {
            self.said += 1;
            if !matches!(bad.reason, Reason::Groups { .. }) {
                out.rejected(1, &format!("{path} {bad}"));
                self.bad_told += 1;
            }
        }
        let told = self.bad_told.saturating_add(self.overflow_told);
        let more = stats.bad_rows.saturating_sub(told);
        if more > 0 {
            out.rejected(
                more,
                &format!("{path}: bad rows beyond the first {BAD_ROWS_KEPT}"),
            );
            self.bad_told += more;
        }
    }
}
