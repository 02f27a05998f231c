//! What is found in small files of every kind.

use voidstate_file::{Format, NumberStyle, Options, TimeKind, TimeUnit};

use crate::{drain, open_with, read, values};

fn said(text: &str) -> String {
    read(text).2
}

#[test]
fn sentences_of_what_was_found() {
    let cases = [
        (
            "timestamp,value\n2014-04-01 00:00:00,20.0\n2014-04-01 00:05:00,20.5\n",
            r#"CSV with a header; time from "timestamp" (ISO-8601 without zone, taken as UTC); 1 numeric: "value""#,
        ),
        (
            "1397088000,1,2\n1397088001,3,4\n",
            r#"CSV without a header; time from "column_1" (seconds since 1970); 2 numeric: "column_2", "column_3""#,
        ),
        (
            "ts\tx\n1397088000000\t1\n1397088000500\t2\n",
            r#"TSV with a header; time from "ts" (milliseconds since 1970); 1 numeric: "x""#,
        ),
        (
            "t_ms;v\n0;1,5\n10;2,25\n",
            r#"text delimited by ";" with a header; time from "t_ms" (elapsed milliseconds, begun at 1970-01-01); 1 numeric: "v"; decimal comma"#,
        ),
        (
            "date|v\n20140101|1\n20140102|2\n",
            r#"text delimited by "|" with a header; time from "date" (YYYYMMDD, taken as UTC); 1 numeric: "v""#,
        ),
        (
            "a\n1\n2\n",
            r#"CSV with a header; no time column, so rows count as one second each; 1 numeric: "a""#,
        ),
        (
            "5\n6\n",
            r#"CSV without a header; no time column, so rows count as one second each; 1 numeric: "column_1""#,
        ),
        (
            "when\tv\nTue, 1 Apr 2014 00:00:00 +0000\t1\nTue, 1 Apr 2014 00:00:01 +0000\t2\n",
            r#"TSV with a header; time from "when" (RFC 2822); 1 numeric: "v""#,
        ),
        (
            "time,v\n2014-04-01T00:00:00+02:00,1\n2014-04-01T00:00:01+02:00,2\n",
            r#"CSV with a header; time from "time" (ISO-8601 with zone); 1 numeric: "v""#,
        ),
        (
            "time,host,v,note,ok\n2014-04-01,a,1,x1,true\n2014-04-01,b,2,x2,false\n2014-04-02,a,3,x3,true\n2014-04-02,b,4,x4,true\n",
            r#"CSV with a header; time from "time" (ISO-8601 without zone, taken as UTC); 2 numeric: "v", "ok"; 1 splitting series: "host"; 1 not read: "note""#,
        ),
        (
            "{\"ts\":1397088000,\"cpu\":{\"user\":1.5},\"tags\":[1]}\n{\"ts\":1397088001,\"cpu\":{\"user\":2}}\n",
            r#"JSON lines; time from "ts" (seconds since 1970); 1 numeric: "cpu.user"; 1 not read: "tags""#,
        ),
        (
            "time,total\n2014-04-01,\"1,234,567.5\"\n2014-04-02,\"2,234,567.5\"\n",
            r#"CSV with a header; time from "time" (ISO-8601 without zone, taken as UTC); 1 numeric: "total"; commas between thousands"#,
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(said(text), expected, "{text}");
    }
}

#[test]
fn doubts_are_noted_with_a_way_out() {
    let sentence = said("date,v\n13/02/2020,1\n14/02/2020,2\n");
    assert!(
        sentence.contains("no time column")
            && sentence.contains("13/02/2020")
            && sentence.contains("time format"),
        "{sentence}"
    );
    let sentence = said("n;v\n1;\"1,234\"\n2;\"5,678\"\n");
    assert!(
        sentence.contains("may mean thousands or decimals"),
        "{sentence}"
    );
}

#[test]
fn marks_line_ends_and_trailing_line_are_no_matter() {
    let plain = read("time,v\n2014-04-01,1\n2014-04-02,2\n");
    for text in [
        "\u{feff}time,v\n2014-04-01,1\n2014-04-02,2\n",
        "time,v\r\n2014-04-01,1\r\n2014-04-02,2\r\n",
        "time,v\r2014-04-01,1\r2014-04-02,2\r",
        "time,v\n2014-04-01,1\n2014-04-02,2",
        "\"time\",\"v\"\n\"2014-04-01\",\"1\"\n\"2014-04-02\",\"2\"\n",
    ] {
        let (rows, stats, sentence) = read(text);
        assert_eq!(
            (rows, stats.rows, sentence),
            (plain.0.clone(), 2, plain.2.clone()),
            "{text:?}"
        );
    }
}

#[test]
fn a_delimiter_inside_quotes_or_numbers_does_not_mislead() {
    let (rows, ..) = read("time,name,v\n2014-04-01,\"a;b\",1\n2014-04-02,\"a;b\",2\n");
    assert_eq!(values(&rows), [[1.0], [2.0]]);
    assert_eq!(rows[0].labels, ["a;b"]);
    let (rows, ..) = read("1,5;2,5\n3,5;4,25\n");
    assert_eq!(values(&rows), [[1.5, 2.5], [3.5, 4.25]]);
}

#[test]
fn names_are_unique_and_filled_in() {
    let mut reader = crate::open(b"a,a,,a_2\n1,2,3,4\n5,6,7,8\n").unwrap();
    let names: Vec<_> = reader
        .layout()
        .values
        .iter()
        .map(|c| c.name.clone())
        .collect();
    assert_eq!(names, ["a", "a_2", "column_3", "a_2_2"]);
    assert_eq!(drain(&mut reader).0.len(), 2);
}

#[test]
fn options_win_over_what_is_found() {
    let text = b"when,a,b,c\n01.02.2014 10:00,1,2,x\n02.02.2014 10:00,3,4,y\n";
    let mut options = Options::default();
    options.time_column = Some("when".into());
    options.time_format = Some("%d.%m.%Y %H:%M".into());
    options.zone = Some("+01:00".into());
    options.values = vec!["b".into()];
    options.labels = Some(vec!["c".into()]);
    let mut reader = open_with(text, &options).unwrap();
    assert!(matches!(reader.layout().time.kind, TimeKind::Custom(_)));
    let (rows, _) = drain(&mut reader);
    assert_eq!(values(&rows), [[2.0], [4.0]]);
    assert_eq!(rows[0].nanos, 1_391_245_200_000_000_000);
    assert_eq!(rows[1].labels, ["y"]);

    let mut options = Options::default();
    options.header = Some(false);
    options.format = Some(Format::Delimited { delimiter: b' ' });
    options.numbers = Some(NumberStyle::ThousandsComma);
    let mut reader = open_with(b"1 2,000\n1 3,000\n", &options).unwrap();
    assert_eq!(
        values(&drain(&mut reader).0),
        [[1.0, 2000.0], [1.0, 3000.0]]
    );
}

#[test]
fn a_time_column_may_stand_anywhere_and_is_chosen_by_name() {
    let mut reader =
        crate::open(b"v,bytes,timestamp\n1,1500000000,1500000000\n2,1500000001,1500000060\n")
            .unwrap();
    assert_eq!(reader.layout().time.index, Some(2));
    assert_eq!(
        reader.layout().time.kind,
        TimeKind::Epoch(TimeUnit::Seconds)
    );
    assert_eq!(reader.layout().values.len(), 2);
    assert_eq!(drain(&mut reader).0[1].nanos, 1_500_000_060_000_000_000);
}

/// The digits behind a decimal comma must never become the data, however little of the other columns is understood.
#[test]
fn a_header_speaks_for_its_own_delimiter() {
    let mut text = "zeit;wert;last\n".to_owned();
    for n in 0..40 {
        text += &format!(
            "{:02}.04.2024 12:00;5{},{:02};1,{:03}\n",
            n % 28 + 1,
            n % 3,
            n * 7 % 100,
            n
        );
    }
    let sentence = said(&text);
    assert!(
        sentence.starts_with(r#"text delimited by ";" with a header"#),
        "{sentence}"
    );
    let numbers = r#"2 numeric: "wert", "last""#;
    assert!(
        sentence.contains(numbers) && sentence.ends_with("decimal comma"),
        "{sentence}"
    );
}
