//! Laws over arbitrary input; the seeds are fixed.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use voidstate_file::{Format, Options, Reader};

use crate::{drain, open_with};

fn config(cases: u32, seed: u64) -> ProptestConfig {
    ProptestConfig {
        cases: crate::soak::cases(cases),
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(crate::soak::seed(seed)),
        ..ProptestConfig::default()
    }
}

fn formats() -> impl Strategy<Value = Option<Format>> {
    prop_oneof![
        Just(None),
        Just(Some(Format::JsonLines)),
        prop::sample::select(b",\t;| ".as_slice())
            .prop_map(|delimiter| Some(Format::Delimited { delimiter })),
    ]
}

/// Bytes that look enough like a file to get past the first door.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let words: Vec<&'static [u8]> = vec![
        b",",
        b";",
        b"\t",
        b"|",
        b"\n",
        b"\n",
        b"\r\n",
        b"\r",
        b"\"",
        b"\"\"",
        b"1",
        b"2.5",
        b"-1e9",
        b"NaN",
        b"inf",
        b"1,234",
        b"time",
        b"ts",
        b"2014-04-01",
        b"2014-04-01 00:00:00",
        b"2014-04-01T00:00:00+02:00",
        b"1397088000",
        b"20140401",
        b"{",
        b"}",
        b"{\"ts\":1397088000,\"v\":1}",
        b"{\"a\":{\"b\":[1]},\"v\":2}",
        b"\"a\":",
        b"[",
        b"]",
        b"true",
        b"null",
        b"\\",
        b"\\u0000",
        b"\xff",
        b"\0",
        b"\xef\xbb\xbf",
        b"\x1f\x8b",
        b" ",
        b"x",
        b"\xc3\xa4",
        b"9999999999999999999999",
        b"-9999-01-01",
        b"+262143-12-31T23:59:60Z",
        b"1e999",
        b"Tue, 1 Apr 2014 00:00:00 GMT",
    ];
    let word = prop_oneof![
        8 => prop::sample::select(words).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..8),
    ];
    prop::collection::vec(word, 0..120).prop_map(|words| words.concat())
}

fn options() -> impl Strategy<Value = Options> {
    (
        formats(),
        prop::option::of(any::<bool>()),
        1_usize..30,
        0_usize..300,
    )
        .prop_map(|(format, header, rows, bytes)| {
            let mut options = Options::default();
            options.format = format;
            options.header = header;
            options.sample_rows = rows;
            options.row_bytes_max = bytes;
            options
        })
}

proptest! {
    #![proptest_config(config(4000, 2))]

    #[test]
    fn arbitrary_bytes_are_read_or_refused(bytes in soup(), options in options()) {
        if let Ok(mut reader) = open_with(&bytes, &options) {
            let width = reader.layout().values.len();
            let (rows, error) = drain(&mut reader);
            prop_assert!(!reader.layout().to_string().is_empty());
            prop_assert!(error.is_none() || reader.layout().compression != voidstate_file::Compression::None);
            prop_assert!(rows.iter().all(|row| row.values.len() == width && row.line > 0));
            prop_assert!(rows.windows(2).all(|pair| pair[0].line < pair[1].line));
            prop_assert_eq!(rows.len() as u64, reader.stats().rows);
        }
    }

    #[test]
    fn every_row_is_counted_once(rows in prop::collection::vec("[0-9x,;\" a]{0,12}", 1..40), options in options()) {
        // Without quotes a line is a row: none may be missing from the books.
        let rows: Vec<_> = rows.into_iter().map(|row| row.replace('"', "q")).collect();
        let text = format!("{}\n", rows.join("\n"));
        if let Ok(mut reader) = open_with(text.as_bytes(), &options) {
            drain(&mut reader);
            let stats = reader.stats();
            let header = u64::from(reader.layout().header);
            prop_assert_eq!(stats.rows + stats.bad_rows + stats.blank_rows + header, rows.len() as u64);
        }
    }

    #[test]
    fn rows_agree_with_csv_core(rows in prop::collection::vec(prop::collection::vec("[a-c\", 0-9]{0,6}", 3), 1..12), quote in any::<bool>()) {
        let write = |cell: &String| if quote { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() };
        let mut text = String::new();
        for row in &rows {
            let cells: Vec<_> = row.iter().map(write).collect();
            text.push_str(&format!("1,{},x\n", cells.join(",")));
        }
        let expected = split_with_csv_core(text.as_bytes());
        let width = 5;
        let mut options = Options::default();
        options.format = Some(Format::Delimited { delimiter: b',' });
        options.header = Some(false);
        options.values = vec!["column_1".to_owned()];
        options.labels = Some((1..=width).skip(1).map(|i| format!("column_{i}")).collect());
        let Ok(mut reader) = open_with(text.as_bytes(), &options) else {
            // The layout has another width, or an open quote leaves no row.
            return Ok(());
        };
        if reader.layout().width == width && reader.stats().bad_rows == 0 {
            let (found, _) = drain(&mut reader);
            let open_quote = reader.stats().bad.iter().any(|bad| bad.reason == voidstate_file::Reason::OpenQuote);
            prop_assume!(!open_quote);
            let fits = |row: &&Vec<String>| row.len() == width;
            let expected: Vec<Vec<String>> = expected.iter().filter(fits).map(|row| row[1..].iter().map(|cell| cell.trim().to_owned()).collect()).collect();
            let found: Vec<_> = found.into_iter().map(|row| row.labels).collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn numbers_agree_with_the_standard_parser(text in prop_oneof!["[+-]?[0-9]{0,22}(\\.[0-9]{0,22})?(e[+-]?[0-9]{1,3})?", any::<f64>().prop_map(|x| x.to_string()), any::<f64>().prop_map(|x| format!("{x:e}")), any::<i64>().prop_map(|x| x.to_string())]) {
        let expected = text.parse::<f64>().ok().filter(|x| x.is_finite() || text.contains("inf"));
        let table = format!("v\n1\n{text}\n2\n");
        let mut options = Options::default();
        options.format = Some(Format::Delimited { delimiter: b'\t' });
        options.header = Some(true);
        options.values = vec!["v".to_owned()];
        let mut reader = open_with(table.as_bytes(), &options).unwrap();
        let (rows, _) = drain(&mut reader);
        match expected {
            Some(number) => prop_assert_eq!(rows[1].values[0], number.to_bits(), "{}", text),
            None => prop_assert_eq!(rows.len() as u64 + reader.stats().blank_rows + reader.stats().bad_rows, 3, "{}", text),
        }
    }

    #[test]
    fn times_agree_with_jiff(nanos in any::<i64>(), digits in 0_u8..10, minutes in -1439_i32..1440, form in 0_usize..4) {
        let unit = 10_i64.pow(9 - u32::from(digits));
        let at = jiff::Timestamp::from_nanosecond(i128::from(nanos)).unwrap();
        let offset = jiff::tz::Offset::from_seconds(minutes * 60).unwrap();
        let precision = usize::from(digits);
        let text = match form {
            0 => format!("{at:.precision$}"),
            1 => format!("{:.precision$}", at.display_with_offset(offset)),
            2 => format!("{:.precision$}", at.display_with_offset(offset)).replace('T', " "),
            _ => format!("{:.precision$}", at.display_with_offset(offset)).replace('T', "t"),
        };
        let expected: jiff::Timestamp = text.parse().unwrap();
        let expected = i64::try_from(expected.as_nanosecond());
        prop_assume!(expected.is_ok() && unit > 0);
        let table = format!("time,v\n{text},1\n");
        let mut reader = open_with(table.as_bytes(), &Options::default()).unwrap();
        let (rows, _) = drain(&mut reader);
        prop_assert_eq!(rows.len(), 1, "{}", text);
        prop_assert_eq!(rows[0].nanos, expected.unwrap(), "{}", text);
        prop_assert_eq!(&rows[0].time_text, &text);
    }
}

fn split_with_csv_core(text: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv_core::ReaderBuilder::new().build();
    let (mut rows, mut input) = (Vec::new(), text);
    loop {
        let (mut out, mut ends) = (vec![0; text.len() + 1], vec![0; 64]);
        let (mut written, mut fields) = (0, 0);
        loop {
            let (result, read, wrote, ended) =
                reader.read_record(input, &mut out[written..], &mut ends[fields..]);
            input = &input[read..];
            written += wrote;
            fields += ended;
            match result {
                csv_core::ReadRecordResult::InputEmpty => {}
                csv_core::ReadRecordResult::Record => break,
                csv_core::ReadRecordResult::End => return rows,
                other => panic!("{other:?}"),
            }
        }
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let cells = starts.zip(&ends).take(fields);
        rows.push(
            cells
                .map(|(start, end)| String::from_utf8(out[start..*end].to_vec()).unwrap())
                .collect(),
        );
    }
}

#[test]
fn arbitrary_bytes_behind_magic_numbers_are_refused_or_read() {
    let mut runner = proptest::test_runner::TestRunner::new(config(2000, 3));
    let bytes = (
        prop::sample::select(vec![
            &[0x1f_u8, 0x8b, 8, 0][..],
            &[0x28, 0xb5, 0x2f, 0xfd],
            &[0x53, 0x2a, 0x4d, 0x18],
        ]),
        prop::collection::vec(any::<u8>(), 0..200),
    );
    runner
        .run(&bytes, |(magic, rest)| {
            let stream = std::io::Cursor::new([magic, rest.as_slice()].concat());
            if let Ok(mut reader) = Reader::from_stream(stream, "soup", &Options::default()) {
                drain(&mut reader);
            }
            Ok(())
        })
        .unwrap();
}
