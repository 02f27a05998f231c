//! Whole files that cannot be used: typed, with the path and the way out.

use std::path::Path;

use voidstate_file::{Error, Options, Reader};

use crate::{open, open_with};

fn told(bytes: &[u8]) -> String {
    open(bytes).unwrap_err().to_string()
}

#[test]
fn paths_that_cannot_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let error = Reader::open(dir.path(), &Options::default()).unwrap_err();
    assert!(
        matches!(error, Error::Directory { .. }) && error.to_string().contains("*.csv"),
        "{error}"
    );
    let error = Reader::open(dir.path().join("none.csv"), &Options::default()).unwrap_err();
    assert!(matches!(error, Error::Open { .. }), "{error}");
    assert!(
        error.to_string().contains("none.csv") && error.to_string().contains("check the spelling"),
        "{error}"
    );
    assert!(std::error::Error::source(&error).is_some());
    let error = Reader::open(Path::new("a\0b"), &Options::default()).unwrap_err();
    assert!(matches!(error, Error::Open { .. }), "{error}");
}

#[test]
fn a_file_is_read_from_its_path() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.csv");
    std::fs::write(&path, "t,v\n1,2\n2,3\n").unwrap();
    let mut reader = Reader::open(&path, &Options::default()).unwrap();
    assert_eq!(reader.path(), path.display().to_string());
    assert!(reader.next_row().unwrap().is_some());
}

#[test]
fn nothing_usable_says_what_was_there() {
    for empty in ["", "\n\n", "  \r\n", "\u{feff}"] {
        assert!(
            matches!(open(empty.as_bytes()), Err(Error::Empty { .. })),
            "{empty:?}"
        );
    }
    for (text, part) in [
        ("time,value\n", "a header and no rows"),
        ("some words\nand more words\n", "no column holds numbers"),
        ("some words\nand more words\n", "some words"),
        ("[{\"a\":1},{\"a\":2}]\n", "jq -c '.[]'"),
        ("{\n  \"a\": 1\n}\n", "jq -c ."),
        ("{a:1}\n", "no line of the sample is a JSON object"),
        ("{\"a\":\"x\"}\n", "no column holds numbers"),
    ] {
        let error = told(text.as_bytes());
        assert!(
            error.contains(part) && error.contains("test"),
            "{text:?}: {error}"
        );
    }
}

#[test]
fn bytes_that_are_no_text_name_the_fix() {
    let utf16: Vec<u8> = "\u{feff}time,v\n1,2\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (bytes, part) in [
        (utf16.as_slice(), "iconv -f UTF-16 -t UTF-8"),
        (&utf16[2..], "iconv -f UTF-16LE"),
        (b"PAR1\x00\x00", "Parquet"),
        (b"PK\x03\x04abc", "zip"),
        (b"BZh91AY", "bzip2 -d"),
        (b"\xfd7zXZ\x00", "xz -d"),
        (b"abcdefghijk\x00", "zero bytes"),
    ] {
        let error = open(bytes).unwrap_err();
        assert!(
            matches!(error, Error::NotText { .. }) && error.to_string().contains(part),
            "{error}"
        );
    }
}

#[test]
fn options_that_do_not_fit_are_named() {
    let text = b"time,v\n2014-04-01,1\n2014-04-02,2\n";
    let with = |change: fn(&mut Options)| {
        let mut options = Options::default();
        change(&mut options);
        open_with(text, &options).unwrap_err().to_string()
    };
    assert!(with(|o| o.values = vec!["x".into()]).contains(r#""x"; its columns are "time", "v""#));
    assert!(with(|o| o.time_column = Some("v2".into())).contains("v2"));
    assert!(with(|o| o.labels = Some(vec!["nope".into()])).contains("nope"));
    assert!(with(|o| o.zone = Some("Mars/Base".into())).contains("Europe/Paris"));
    assert!(with(|o| o.time_format = Some("%Y".into())).contains("time_column"));
    assert!(
        with(|o| o.format = Some(voidstate_file::Format::Delimited { delimiter: b'"' }))
            .contains("delimiter")
    );
}

#[test]
fn too_many_label_columns_are_refused_and_not_merged() {
    let row = vec!["x"; 31].join(",");
    let error = told(format!("{row},1\n{row},2\n").as_bytes());
    assert!(error.contains("31 columns of text"), "{error}");
}
