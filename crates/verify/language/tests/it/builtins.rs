//! Every function of the language, at work.

use voidstate_language::{Builtin, Scope, Steps, Value, compile};

const HOLDS: &[&str] = &[
    "all([1, 2], |x| x > 0) and all(0..0, |x| false)",
    "any([1, 2], |x| x > 1) and not any(0..0, |x| true)",
    "count(0..10, |x| x % 3 == 0) == 4",
    "filter(0..6, |x| x % 2 == 1) == [1, 3, 5]",
    "map([1, 2], |x| x * x) == [1, 4]",
    "flat_map([1, 2], |x| [x, -x]) == [1, -1, 2, -2]",
    "fold([\"a\", \"b\"], \"\", |t, x| x ++ t) == \"ba\"",
    "position([5, 7], |x| x == 7) == some(1) and position([5], |x| x == 7) == none",
    "sum([1, 2, 3]) == 6 and sum([1.5, 2.0]) == 3.5 and sum([1 ms, 2 ms]) == 3 ms and sum(0..0) == 0",
    "sum([1, 2], |x| real(x) / 2.0) == 1.5 and sum([0.5][0..0]) == 0.0",
    "product([2, 3]) == 6 and product([0.5, 4.0]) == 2.0",
    "min([3, 1, 2]) == 1 and min(2.5, 1, 3) == 1.0 and min(5 s, 4 min) == 5 s and not defined(min(0..0))",
    "max([3, 1, 2]) == 3 and max(1 KiB, 1 kB) == 1024 B",
    "argmin([3, 1, 1]) == 1 and argmax([3, 1, 3]) == 0 and not defined(argmax(0..0))",
    "mean([1, 2]) == 1.5 and mean([0.5, 1.5]) == 1.0 and not defined(mean(0..0))",
    "median([3, 1, 2]) == 2.0 and median([1, 2, 3, 4]) == 2.5 and not defined(median(0..0))",
    "len([1]) == 1 and len(\"añb\") == 3 and len(b\"\\xff\") == 1 and len({1: 2}) == 1",
    "sorted([3, 1, 2]) == [1, 2, 3] and sorted([\"b\", \"a\"]) == [\"a\", \"b\"]",
    "sorted_by([\"bb\", \"a\", \"cc\"], |t| len(t)) == [\"a\", \"bb\", \"cc\"]",
    "is_sorted([1, 1, 2]) and not is_sorted([2, 1])",
    "reversed([1, 2]) == [2, 1]",
    "distinct([2, 1, 2]) == [2, 1] and unique([1, 2]) and not unique([1, 1])",
    "permutation([1, 2, 2], [2, 1, 2]) and not permutation([1, 2, 2], [1, 1, 2])",
    "subset([1, 1], [2, 1]) and not subset([3], [2, 1])",
    "group_count([\"a\", \"b\", \"a\"]) == {\"a\": 2, \"b\": 1}",
    "zip([1, 2], [\"a\", \"b\", \"c\"]) == [(1, \"a\"), (2, \"b\")]",
    "enumerate([\"a\"]) == [(0, \"a\")] and all(enumerate([0, 1]), |i, x| i == x)",
    "take([1, 2], 1) == [1] and take([1], 9) == [1] and not defined(take([1], -1))",
    "drop([1, 2], 1) == [2] and drop([1], 9) == []",
    "first([1, 2]) == some(1) and last([1, 2]) == some(2) and first(0..0) == none",
    "windows([1, 2, 3], 2) == [[1, 2], [2, 3]] and windows([1], 2) == [] and not defined(windows([1], 0))",
    "chunks([1, 2, 3], 2) == [[1, 2], [3]]",
    "range_step(0, 7, 3) == [0, 3, 6] and range_step(3, 0, -2) == [3, 1] and range_step(0, 3, -1) == []",
    "range_step(int_min, int_max, int_max) == [int_min, -1, int_max - 1]",
    "contains([1, 2], 2) and contains(\"abc\", \"bc\") and contains({1: 2}, 1) and contains(b\"ab\", 97)",
    "index_of([5, 7], 7) == some(1) and index_of(\"añb\", \"b\") == some(2) and index_of(\"a\", \"z\") == none",
    "starts_with(\"abc\", \"ab\") and starts_with([1, 2], [1]) and not starts_with([1], [1, 2]) and starts_with(b\"ab\", b\"a\")",
    "ends_with(\"abc\", \"bc\") and ends_with([1, 2], [2]) and ends_with(b\"ab\", b\"b\")",
    "split(\"a,b,\", \",\") == [\"a\", \"b\", \"\"] and not defined(split(\"a\", \"\"))",
    "join([\"a\", \"b\"], \"-\") == \"a-b\"",
    "lower(\"AÉ\") == \"aé\" and upper(\"aé\") == \"AÉ\" and trim(\" a \") == \"a\"",
    "chars(\"añ\") == [\"a\", \"ñ\"] and utf8(\"ñ\") == b\"\\xc3\\xb1\"",
    "from_utf8(b\"ab\") == some(\"ab\") and from_utf8(b\"\\xff\") == none",
    "to_text(1.0) == \"1.0\" and to_text(\"a\") == \"a\" and to_text([some(1)]) == \"[some(1)]\"",
    "keys({2: 1, 1: 5}) == [1, 2] and values({2: 1, 1: 5}) == [5, 1] and entries({1: 5}) == [(1, 5)]",
    "get({\"a\": 1}, \"a\") == some(1) and get({\"a\": 1}, \"b\") == none and {\"a\": 1}[\"a\"] == 1",
    "is_some(some(1)) and is_none(first(0..0))",
    "default(first(0..0), 3) == 3 and default(1 / 0, 5) == 5 and default(some(1), 3) == 1",
    "defined(1 / 1) and not defined(1 / 0) and not defined(int_max + 1) and not defined([1][1])",
    "same(nan, nan) and not same(0.0, -0.0) and same([1], [1])",
    "abs(-1) == 1 and abs(-0.5) == 0.5 and abs(-5 ms) == 5 ms and not defined(abs(int_min))",
    "sign(-3) == -1 and sign(0.0) == 0 and not defined(sign(nan))",
    "sqrt(4) == 2.0 and not defined(sqrt(-1)) and is_nan(sqrt(nan))",
    "ln(1) == 0.0 and ln(0) == -infinity and not defined(ln(-1))",
    "log2(8) == 3.0 and log10(1000) ~= 3.0 within 1e-12 and exp(0) == 1.0",
    "pow(2, 10) == 1024 and pow(2.0, 3) == 8.0 and pow(4, 0.5) == 2.0 and pow(-1, int_max) == -1 and pow(-1, int_max - 1) == 1",
    "not defined(pow(2, 64)) and not defined(pow(2, -1)) and not defined(pow(-1.0, 0.5)) and pow(0, 0) == 1",
    "floor(-1.5) == -2 and ceil(-1.5) == -1 and round(-1.5) == -2 and int(-1.5) == -1 and round(2.5) == 3",
    "not defined(int(1e300)) and not defined(int(9223372036854775808.0)) and int(-9223372036854775808.0) == int_min",
    "real(3) == 3.0 and is_finite(1.0) and is_infinite(-infinity) and is_nan(infinity - infinity)",
    "clamp(5, 0, 3) == 3 and clamp(0.5, 0, 1) == 0.5 and not defined(clamp(1, 3, 0))",
    "gcd(12, -18) == 6 and gcd(0, 0) == 0 and not defined(gcd(int_min, 0))",
    "plain(age) == 3 and to_duration(age) == 3 ms and nanoseconds(3 ms) == 3_000_000",
    "to_size(room) == 2 KiB and byte_count(2 KiB) == 2048 and age == 3 ms and age < 1 s",
    "5 s / 2 s == 2.5 and 5 s / 2 == 2.5 s and 7 s % 2 s == 1 s and 1 s * 0.5 == 500 ms and -(1 s) == 0 s - 1 s",
    "not defined(1 s / 0 s) and not defined(1 s / 0) and 1.0 / 0.0 == infinity and not defined(5 % 0)",
    "int_min % -1 == 0 and not defined(int_min / -1) and -7 / 2 == -3 and -7 % 2 == -1",
    "[1.0, 2.0] ~= [1.0, 2.1] within 0.2 and not ([1.0] ~= [1.0, 2.0] within 9.0) and 100 ~= 101 within 1",
    "1000.0 ~= 1001.0 within 0.01 relative and 5 s ~= 6 s within 1 s and not defined(1.0 ~= 1.0 within -1.0)",
];

#[test]
fn every_function_does_what_its_row_says() {
    for text in HOLDS {
        let source = format!(
            "tool t {{ input age: int<ms>; input room: real<KiB>; requires \"r\": {text} }}"
        );
        let checked = compile(&source);
        let checked = checked.unwrap_or_else(|d| panic!("{}", d.render(&source, "row", false)));
        let clause = &checked.tools[0].operations[0].requires[0];
        let inputs = [Value::Int(3), Value::Real(2.0)];
        let scope = Scope {
            inputs: &inputs,
            ..Scope::default()
        };
        let explanation = clause.explain(&scope, &mut Steps::default());
        assert!(explanation.holds, "{explanation}");
    }
    for builtin in Builtin::all() {
        let call = format!("{}(", builtin.name);
        assert!(
            HOLDS.iter().any(|text| text.contains(&call)),
            "{call} is not shown"
        );
        assert!(!builtin.doc.is_empty() && !builtin.signatures.is_empty());
        assert_eq!(Builtin::named(builtin.name), Some(builtin));
    }
    assert!(Builtin::named("lenn").is_none());
}
