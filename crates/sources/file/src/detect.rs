//! From the first bytes of a file to its layout.

use std::collections::{HashMap, HashSet};

use crate::apart::apart;
use crate::columns::{self, Holds};
use crate::input::not_text;
use crate::json::is_json;
use crate::options::{LABEL_COLUMNS_MAX, SAMPLE_BYTES};
use crate::sample::{self, Table};
use crate::stats::excerpt;
use crate::time::Zone;
use crate::{Column, Compression, Error, Format, Ignored, Layout, Options, TimeColumn, TimeKind};

/// Delimiters that are tried; at equal merit the earlier wins.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// Longest column name in bytes; a longer one is cut.
const NAME_BYTES_MAX: usize = 256;

/// What is known before the layout is looked for.
pub(crate) struct Given<'a> {
    pub(crate) path: &'a str,
    pub(crate) compression: Compression,
    pub(crate) options: &'a Options,
    pub(crate) zone: &'a Zone,
    /// What ends a line.
    pub(crate) terminator: u8,
}

/// A layout and what lies before its rows.
pub(crate) struct Found {
    pub(crate) layout: Layout,
    /// Rows of another width before the table.
    pub(crate) preamble: usize,
    /// All columns by name, in order.
    pub(crate) names: Vec<String>,
    /// Whether more rows may show that further columns split series.
    pub(crate) is_unsure: bool,
}

/// Finds the layout of `sample`, which ends with a whole line unless the file ends there.
pub(crate) fn detect(sample: &[u8], given: &Given<'_>) -> Result<Found, Error> {
    if sample.trim_ascii().is_empty() {
        return Err(Error::Empty {
            path: given.path.to_owned(),
        });
    }
    if let Some((found, fix)) = not_text(sample) {
        let path = given.path.to_owned();
        return Err(Error::NotText { path, found, fix });
    }
    match given.options.format {
        Some(Format::Delimited { delimiter }) => {
            if !delimiter.is_ascii() || matches!(delimiter, b'"' | b'\r' | b'\n') {
                return Err(Error::Option {
                    option: "format",
                    value: char::from(delimiter).to_string(),
                    reason: "a delimiter is an ASCII character that is no quote and no line end",
                });
            }
            one_delimiter(sample, delimiter, given)
        }
        Some(Format::JsonLines) => json(sample, given),
        None => match sample.trim_ascii_start() {
            [b'{', ..] => json(sample, given),
            [b'[', ..] => Err(given.nothing(
                "it begins with [, a JSON array; write one object per line with jq -c '.[]'",
            )),
            _ => any_delimiter(sample, given),
        },
    }
}

impl Given<'_> {
    fn nothing(&self, reason: impl Into<String>) -> Error {
        Error::Layout {
            path: self.path.to_owned(),
            reason: reason.into(),
        }
    }
}

fn json(sample: &[u8], given: &Given<'_>) -> Result<Found, Error> {
    let table = sample::json(sample, given.terminator, given.options.rows()).map_err(|message| {
        if is_json(sample) {
            given.nothing("it is one JSON value over several lines; write one object per line with jq -c .")
        } else {
            given.nothing(format!("no line of the sample is a JSON object ({message}); one object per line is read"))
        }
    })?;
    assemble(table, Format::JsonLines, given)
}

fn one_delimiter(sample: &[u8], delimiter: u8, given: &Given<'_>) -> Result<Found, Error> {
    let options = given.options;
    let table = sample::delimited(
        sample,
        delimiter,
        given.terminator,
        options.rows(),
        options.row_bytes(),
    );
    assemble(table, Format::Delimited { delimiter }, given)
}

/// Tries each delimiter and keeps the layout that makes most of the file.
fn any_delimiter(sample: &[u8], given: &Given<'_>) -> Result<Found, Error> {
    let mut best: Option<(_, Found)> = None;
    let mut first_error = None;
    for delimiter in DELIMITERS {
        let options = given.options;
        let table = sample::delimited(
            sample,
            delimiter,
            given.terminator,
            options.rows(),
            options.row_bytes(),
        );
        // Of rows that fall apart differently each time, nothing is believed unless it is all there is.
        let even = table.share >= 0.8;
        let wide = table.width > 1;
        let table_width = table.width;
        match assemble(table, Format::Delimited { delimiter }, given) {
            Ok(found) => {
                let layout = &found.layout;
                let timed = layout.time.index.is_some();
                // `1,5;2,5` leaves `5;2` behind when it is split at the commas.
                let clean = layout.labels.is_empty() && layout.ignored.is_empty();
                let merit = (
                    even,
                    timed,
                    wide,
                    headed(sample, delimiter, table_width),
                    clean,
                    layout.values.len() + layout.labels.len(),
                );
                if best.as_ref().is_none_or(|(so_far, _)| merit > *so_far) {
                    best = Some((merit, found));
                }
            }
            Err(error) if wide || first_error.is_none() => first_error = Some(error),
            Err(_) => {}
        }
    }
    match (best, first_error) {
        (Some((_, found)), _) => Ok(found),
        (None, Some(error)) => Err(error),
        (None, None) => Err(given.nothing("it has no rows")),
    }
}

/// Whether the first line falls apart into as many parts as the rows do: a header that does not belong to its table
/// speaks against the delimiter.
fn headed(sample: &[u8], delimiter: u8, width: usize) -> bool {
    let mut lines = sample
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .filter(|line| !line.trim_ascii().is_empty());
    let delimiters = |line: &[u8]| line.iter().filter(|byte| **byte == delimiter).count();
    lines
        .next()
        .is_some_and(|line| delimiters(line) + 1 == width)
}

fn assemble(mut table: Table, format: Format, given: &Given<'_>) -> Result<Found, Error> {
    let (options, zone) = (given.options, given.zone);
    let width = table.width;
    let header = match (&table.names, options.header) {
        (Some(_), _) => false,
        (None, Some(told)) => told,
        (None, None) => columns::has_header(&table.rows, width, zone),
    };
    let mut header_row = Vec::new();
    if header && !table.rows.is_empty() {
        header_row = table.rows.remove(0);
    }
    let names = match table.names.take() {
        // Members of JSON objects must keep their names: they are looked up by them.
        Some(names) => names,
        None => unique_names(&header_row, width),
    };
    if table.rows.is_empty() {
        return Err(given.nothing(if header {
            "it has a header and no rows"
        } else {
            "it has no rows"
        }));
    }
    let (style, doubt) = match options.numbers {
        Some(style) => (style, None),
        None => columns::number_style(&table.rows, width),
    };
    let named = header || format == Format::JsonLines;
    let time = find_time(&table, &names, named, given)?;
    let mut layout = Layout {
        format,
        compression: given.compression,
        header,
        width,
        time,
        values: Vec::new(),
        labels: Vec::new(),
        ignored: Vec::new(),
        numbers: style,
        notes: doubt.into_iter().collect(),
    };
    let texts = sort_columns(&mut layout, &table, &names, given)?;
    let is_unsure = split_further(&mut layout, &table, &names, &texts, given);
    for name in std::mem::take(&mut table.others) {
        let reason = "array or object nested too deep";
        layout.ignored.push(Ignored { name, reason });
    }
    note_missed_time(&mut layout, &table, &names);
    if layout.values.is_empty() {
        let row = table
            .rows
            .first()
            .map(|row| row.join(&b' '))
            .unwrap_or_default();
        let notes = layout
            .notes
            .iter()
            .map(|note| format!("; {note}"))
            .collect::<String>();
        return Err(given.nothing(format!(
            "no column holds numbers (read as {format}, its first row is {:?}); give CSV, TSV or JSON lines with a \
             column of numbers{notes}",
            excerpt(&row)
        )));
    }
    if layout.labels.len() > LABEL_COLUMNS_MAX {
        return Err(given.nothing(format!(
            "{} columns of text would split series and at most {LABEL_COLUMNS_MAX} can; name the label columns",
            layout.labels.len()
        )));
    }
    let preamble = table.preamble;
    Ok(Found {
        layout,
        preamble,
        names,
        is_unsure,
    })
}

fn find_time(
    table: &Table,
    names: &[String],
    named: bool,
    given: &Given<'_>,
) -> Result<TimeColumn, Error> {
    let (options, zone) = (given.options, given.zone);
    let make = |index: usize, kind: TimeKind| TimeColumn {
        index: Some(index),
        name: names.get(index).cloned().unwrap_or_default(),
        kind,
        zone: zone.name.clone(),
    };
    if let Some(name) = &options.time_column {
        let index = find_column(names, name, given)?;
        let kind = match &options.time_format {
            Some(pattern) => Some(TimeKind::Custom(pattern.clone())),
            None => columns::time_kind(&table.rows, index, Some(name.as_str()), true, zone),
        };
        let kind = kind.ok_or_else(|| {
            given.nothing(format!(
                "column {name:?} holds no times that are understood; give a time format"
            ))
        })?;
        return Ok(make(index, kind));
    }
    if let Some(pattern) = &options.time_format {
        return Err(Error::Option {
            option: "time_format",
            value: pattern.clone(),
            reason: "it needs time_column beside it",
        });
    }
    let candidates = (0..table.width).filter(|index| !is_spoken_for(names, *index, options));
    let found = candidates.filter_map(|index| {
        let name = names.get(index)?;
        let header = named.then_some(name.as_str());
        let kind = columns::time_kind(&table.rows, index, header, false, zone)?;
        let is_number = matches!(kind, TimeKind::Epoch(_) | TimeKind::Elapsed(_));
        let is_elapsed = matches!(kind, TimeKind::Elapsed(_));
        let is_named = named && columns::is_time_name(name);
        Some(((is_elapsed, !is_named, is_number, index), make(index, kind)))
    });
    let best = found.min_by_key(|(rank, _)| *rank);
    Ok(best.map_or_else(
        || TimeColumn {
            index: None,
            name: "row".to_owned(),
            kind: TimeKind::RowNumber,
            zone: zone.name.clone(),
        },
        |(_, column)| column,
    ))
}

fn is_spoken_for(names: &[String], index: usize, options: &Options) -> bool {
    let Some(name) = names.get(index) else {
        return true;
    };
    options.values.contains(name)
        || options
            .labels
            .as_ref()
            .is_some_and(|labels| labels.contains(name))
}

fn find_column(names: &[String], name: &str, given: &Given<'_>) -> Result<usize, Error> {
    names.iter().position(|n| n == name).ok_or_else(|| {
        let shown: Vec<_> = names.iter().take(20).map(|n| format!("{n:?}")).collect();
        Error::Column {
            path: given.path.to_owned(),
            name: name.to_owned(),
            columns: shown.join(", "),
        }
    })
}

/// Gives each column its part; returns the columns of texts of too many kinds.
fn sort_columns(
    layout: &mut Layout,
    table: &Table,
    names: &[String],
    given: &Given<'_>,
) -> Result<Vec<usize>, Error> {
    let options = given.options;
    let mut texts = Vec::new();
    for name in options.values.iter().chain(options.labels.iter().flatten()) {
        find_column(names, name, given)?;
    }
    for (index, name) in names.iter().enumerate() {
        if layout.time.index == Some(index) {
            continue;
        }
        let column = |boolean| Column {
            index,
            name: name.clone(),
            boolean,
        };
        let as_label = options.labels.as_ref().map(|labels| labels.contains(name));
        let as_value = (!options.values.is_empty()).then(|| options.values.contains(name));
        let holds = columns::holds(&table.rows, index, layout.numbers);
        let reason = match (as_label, as_value, holds) {
            (Some(true), _, _) => {
                layout.labels.push(column(false));
                continue;
            }
            (_, Some(true), _) | (_, None, Holds::Number | Holds::Boolean) => {
                layout.values.push(column(holds == Holds::Boolean));
                continue;
            }
            (None, _, Holds::Label) => {
                layout.labels.push(column(false));
                continue;
            }
            (_, _, Holds::Nothing) => "no values in the sample",
            (_, _, Holds::FreeText) if is_timed(table, index, given) => "a second time column",
            (_, _, Holds::FreeText) => {
                texts.push(index);
                Ignored::TEXT
            }
            (Some(false), _, Holds::Label) => Ignored::TEXT_NOT_ASKED,
            (_, Some(false), _) => "not asked for",
        };
        let name = name.clone();
        layout.ignored.push(Ignored { name, reason });
    }
    Ok(texts)
}

/// Makes labels of texts of many kinds without which rows of one time cannot be told apart; true when more rows may
/// show that further ones are needed.
fn split_further(
    layout: &mut Layout,
    table: &Table,
    names: &[String],
    texts: &[usize],
    given: &Given<'_>,
) -> bool {
    let (None, Some(time)) = (&given.options.labels, layout.time.index) else {
        return false;
    };
    let room = LABEL_COLUMNS_MAX.saturating_sub(layout.labels.len());
    let labels = layout.labels.iter().map(|label| label.index);
    let found = apart(&table.rows, time, labels, texts, room);
    for index in found.columns {
        let Some(name) = names.get(index) else {
            continue;
        };
        layout.ignored.retain(|ignored| ignored.name != *name);
        layout.labels.push(Column {
            index,
            name: name.clone(),
            boolean: false,
        });
    }
    layout.labels.sort_by_key(|label| label.index);
    found.is_unsure
}

fn is_timed(table: &Table, index: usize, given: &Given<'_>) -> bool {
    columns::time_kind(&table.rows, index, None, false, given.zone).is_some()
}

/// A column that by its name should hold times, and was not understood, deserves a word.
fn note_missed_time(layout: &mut Layout, table: &Table, names: &[String]) {
    if layout.time.index.is_some() {
        return;
    }
    let mut missed = names
        .iter()
        .enumerate()
        .filter(|(_, name)| columns::is_time_name(name));
    if let Some((index, name)) = missed.next() {
        let cell = table.rows.first().and_then(|row| row.get(index));
        let cell = excerpt(cell.map_or(&[], Vec::as_slice));
        layout.notes.push(format!(
            "column {name:?} has the name of a time but cells such as {cell:?} are not understood; name it as time \
             column with a time format"
        ));
    }
}

/// Names from a header row: trimmed, cut, filled in and made unique.
fn unique_names(header: &[Vec<u8>], width: usize) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut numbers = HashMap::<String, usize>::new();
    let mut names = Vec::with_capacity(width);
    for index in 0..width {
        let cell = header
            .get(index)
            .map_or([].as_slice(), |cell| cell.trim_ascii());
        let mut name = String::from_utf8_lossy(cell).into_owned();
        while name.len() > NAME_BYTES_MAX {
            name.pop();
        }
        if name.is_empty() {
            name = format!("column_{}", index + 1);
        }
        let mut unique = name.clone();
        let number = numbers.entry(name.clone()).or_insert(1);
        while !taken.insert(unique.clone()) {
            *number += 1;
            unique = format!("{name}_{number}");
        }
        names.push(unique);
    }
    names
}

/// The part of what is in memory that the layout is found from.
pub(crate) fn cut_sample(window: &[u8], ended: bool, terminator: u8) -> &[u8] {
    let whole = ended && window.len() <= SAMPLE_BYTES;
    let window = window.get(..SAMPLE_BYTES).unwrap_or(window);
    if whole {
        return window;
    }
    match memchr::memrchr(terminator, window) {
        Some(at) => window.get(..=at).unwrap_or(window),
        None => window,
    }
}

/// Line ends: `\n`, unless there are only `\r`.
pub(crate) fn terminator(window: &[u8]) -> u8 {
    if memchr::memchr(b'\n', window).is_none() && memchr::memchr(b'\r', window).is_some() {
        b'\r'
    } else {
        b'\n'
    }
}
