//! Rows that fit, and rows that do not.

use voidstate_file::{BAD_ROWS_KEPT, Options, Reason};

use crate::{drain, open, open_with, read, values};

#[test]
fn a_bad_row_is_counted_with_line_and_reason_and_the_rest_is_read() {
    let text = "time,host,v\n2014-04-01,a,1\n2014-04-02,a,x\nnever,a,2\n,a,3\n2014-04-05,a\n\n2014-04-06,a,4,5\n2014-04-07,a,7\n";
    let text = format!("{text}{}", "2014-04-08,a,8\n".repeat(60));
    let (rows, stats, _) = read(&text);
    assert_eq!((rows.len(), stats.bad_rows, stats.blank_rows), (62, 5, 1));
    let told: Vec<_> = stats.bad.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            r#"line 3: column "v": "x" is not a number"#,
            r#"line 4: column "time": "never" is not a time like the others"#,
            r#"line 5: column "time" has no time"#,
            "line 6: 2 fields where the layout has 3",
            "line 8: 4 fields where the layout has 3",
        ]
    );
    assert_eq!(stats.duplicate_times, 59);
}

#[test]
fn only_the_first_bad_rows_are_kept() {
    let text = format!("v\n{}{}", "1\n".repeat(1100), "x\n".repeat(100));
    let (rows, stats, _) = read(&text);
    assert_eq!(
        (rows.len(), stats.bad_rows, stats.bad.len()),
        (1100, 100, BAD_ROWS_KEPT)
    );
    assert_eq!(stats.bad[0].line, 1102);
}

#[test]
fn missing_values_are_nan_and_infinities_are_themselves() {
    let (rows, stats, _) = read(
        "time,a,b\n2014-04-01,,1\n2014-04-02,NaN,inf\n2014-04-03,null,-Inf\n2014-04-04,5,NA\n",
    );
    let numbers = values(&rows);
    assert!(
        numbers[0][0].is_nan()
            && numbers[1][0].is_nan()
            && numbers[2][0].is_nan()
            && numbers[3][1].is_nan()
    );
    assert_eq!(
        (numbers[1][1], numbers[2][1], numbers[3][0]),
        (f64::INFINITY, f64::NEG_INFINITY, 5.0)
    );
    assert_eq!((stats.missing_values, stats.bad_rows), (4, 0));
}

#[test]
fn times_are_verbatim_and_in_the_order_of_the_file() {
    let (rows, stats, _) = read(
        "timestamp,v\n2014-04-01 00:05:00.50,1\n2014-04-01 00:00:00,2\n2014-04-01 00:00:00,3\n",
    );
    let texts: Vec<_> = rows.iter().map(|row| row.time_text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "2014-04-01 00:05:00.50",
            "2014-04-01 00:00:00",
            "2014-04-01 00:00:00"
        ]
    );
    assert!(rows[0].nanos > rows[1].nanos);
    assert_eq!((stats.out_of_order, stats.duplicate_times), (1, 1));
    let (rows, ..) = read("v\n7\n8\n");
    assert_eq!(
        (rows[1].time_text.as_str(), rows[1].nanos),
        ("1", 1_000_000_000)
    );
    let (rows, ..) = read("{\"ts\":1397088000.500,\"v\":1}\n{\"ts\":1397088001.00,\"v\":2}\n");
    assert_eq!(
        (rows[0].time_text.as_str(), rows[0].nanos),
        ("1397088000.500", 1_397_088_000_500_000_000)
    );
}

#[test]
fn order_is_counted_within_each_combination_of_labels() {
    let (_, stats, _) =
        read("time,h,v\n2014-04-01,a,1\n2014-04-01,b,1\n2014-04-02,a,1\n2014-04-02,b,1\n");
    assert_eq!((stats.out_of_order, stats.duplicate_times), (0, 0));
}

#[test]
fn another_magnitude_is_no_time_like_the_others() {
    let text = format!(
        "ts,v\n{}1397088000000,1\n0,1\n",
        "1397088000,1\n".repeat(30)
    );
    let (rows, stats, _) = read(&text);
    assert_eq!((rows.len(), stats.bad_rows), (30, 2));
}

#[test]
fn quotes_may_hold_delimiters_line_ends_and_quotes() {
    let (rows, stats, _) = read(
        "time,name,v\n2014-04-01,\"a\n\"\"b\"\", c\",1\n2014-04-02,\"a\n\"\"b\"\", c\",2\n2014-04-03,d,x\n2014-04-04,d,4\n2014-04-05,d,4\n2014-04-05,d,4\n2014-04-05,d,4\n2014-04-05,d,4\n2014-04-05,d,4\n2014-04-05,d,4\n2014-04-05,d,4\n",
    );
    assert_eq!(rows[0].labels, ["a\n\"b\", c"]);
    assert_eq!((rows[0].line, rows[1].line, rows[2].line), (2, 4, 7));
    assert_eq!((stats.rows, stats.bad_rows, stats.bad[0].line), (10, 1, 6));
}

#[test]
fn a_quote_left_open_costs_its_own_line_only() {
    let text = format!(
        "time,name,v\n2014-04-01,a,1\n2014-04-02,\"a,2\n{}",
        "2014-04-03,a,3\n".repeat(50_000)
    );
    let (rows, stats, _) = read(&text);
    assert_eq!((rows.len(), stats.bad_rows), (50_001, 1));
    assert_eq!(
        (stats.bad[0].line, &stats.bad[0].reason),
        (3, &Reason::OpenQuote)
    );
}

#[test]
fn a_long_line_is_a_bad_row_in_bounded_memory() {
    let mut options = Options::default();
    options.row_bytes_max = 100;
    let text = format!("v\n1\n{}\n2\n", "9".repeat(3_000_000));
    let mut reader = open_with(text.as_bytes(), &options).unwrap();
    assert_eq!(values(&drain(&mut reader).0), [[1.0], [2.0]]);
    assert_eq!(reader.stats().bad[0].reason, Reason::TooLong { limit: 100 });
    assert_eq!(reader.stats().bad[0].line, 3);
}

#[test]
fn a_wide_row_is_a_bad_row() {
    let text = format!(
        "v\n1\n2\n3\n{}\n\"\"{}\n4\n",
        ",".repeat(5000),
        ",".repeat(5000)
    );
    let (rows, stats, _) = read(&text);
    assert_eq!((rows.len(), stats.bad_rows), (4, 2));
}

#[test]
fn label_combinations_are_limited_and_the_overflow_counted() {
    let mut options = Options::default();
    options.groups_max = 2;
    options.labels = Some(vec!["h".into()]);
    let mut reader = open_with(b"h,v\na,1\nb,2\nc,3\na,4\n", &options).unwrap();
    let (rows, _) = drain(&mut reader);
    assert_eq!(values(&rows), [[1.0], [2.0], [4.0]]);
    assert_eq!(
        (
            reader.stats().group_overflow,
            reader.stats().bad_rows,
            reader.groups()
        ),
        (1, 1, 2)
    );
    assert_eq!(reader.labels(1), ["b"]);
    assert!(reader.labels(9).is_empty());
}

#[test]
fn what_stands_before_the_table_is_passed_over_and_counted() {
    let (rows, stats, said) = read("# a report\ntime,v,w\n2014-04-01,1,2\n2014-04-02,3,4\n");
    assert_eq!(
        (rows.len(), stats.bad_rows, &stats.bad[0].reason),
        (2, 1, &Reason::Preamble)
    );
    assert!(said.contains("\"time\""), "{said}");
}

#[test]
fn json_rows_are_checked() {
    let good = "{\"ts\":1397088000,\"v\":1,\"s\":\"a\\nb\"}\n".repeat(20);
    let bad = "{\"ts\":1397088000,\"v\":\"x\",\"s\":\"a\"}\n{\"ts\":1397088000,\"v\":1,\"v\":2}\n{\"ts\":1397088000\n[1]\n\n{\"v\":1}\n{\"ts\":1397088000,\"v\":3,\"new\":4,\"s\":null}\n";
    let mut options = Options::default();
    options.sample_rows = 10;
    let mut reader = open_with(format!("{good}{bad}").as_bytes(), &options).unwrap();
    let (rows, _) = drain(&mut reader);
    let stats = reader.stats();
    assert_eq!(
        (
            rows.len(),
            stats.bad_rows,
            stats.blank_rows,
            stats.unknown_members
        ),
        (21, 5, 1, 1)
    );
    assert_eq!(rows[0].labels, ["a\nb"]);
    assert!(matches!(stats.bad[0].reason, Reason::NotNumber { .. }));
    assert_eq!(stats.bad[1].reason, Reason::Twice { name: "v".into() });
    assert!(matches!(stats.bad[2].reason, Reason::Json { .. }));
}

#[test]
fn other_encodings_in_columns_that_are_not_read_do_no_harm() {
    let mut text = b"time,v,note\n".to_vec();
    for (day, note) in [(1_u8, b'\xe4'), (2, b'\xf6'), (3, b'\xfc')] {
        text.extend_from_slice(format!("2014-04-0{day},{day},").as_bytes());
        text.extend_from_slice(&[note, b'\n']);
    }
    let mut reader = open(&text).unwrap();
    assert_eq!(drain(&mut reader).0.len(), 3);
}
