//! The hook points.

/// Fires an event at a hook, with attributes.
///
/// The name is checked while compiling when it is a literal; a name made at run time is checked when it fires, and a
/// wrong one is counted and reported to the watcher. Values are numbers, truth values, texts and options of them
/// ([`ToValue`](crate::ToValue)); they are not evaluated while nobody watches.
///
/// Cost: one relaxed load while nobody watches; otherwise a clock read, one allocation for the attributes, one for each
/// text among them, and one slot of a bounded ring. It never waits.
///
/// ```
/// # use voidstate_embed::hook;
/// hook!("program.started");
/// hook!("program.request", latency_ms = 12.5, route = "/x", http.status = 200);
/// ```
///
/// ```compile_fail
/// voidstate_embed::hook!("Program Request");
/// ```
#[macro_export]
macro_rules! hook {
    ($name:literal $(, $first:ident $(. $more:ident)* = $value:expr)* $(,)?) => {{
        const _: () = $crate::__private::check::hook_name($name);
        const _: () = $crate::__private::check::attribute_names(&[$($crate::__key!($first $($more)*)),*]);
        if $crate::is_watched() {
            $crate::__private::fire_event(
                $crate::__private::Cow::Borrowed($name),
                &[$(($crate::__key!($first $($more)*), $crate::ToValue::to_value(&$value))),*],
            );
        }
    }};
    ($name:expr $(, $first:ident $(. $more:ident)* = $value:expr)* $(,)?) => {{
        const _: () = $crate::__private::check::attribute_names(&[$($crate::__key!($first $($more)*)),*]);
        if $crate::is_watched() {
            $crate::__private::fire_event(
                $crate::__private::Cow::Owned($crate::__private::String::from($name)),
                &[$(($crate::__key!($first $($more)*), $crate::ToValue::to_value(&$value))),*],
            );
        }
    }};
}

/// Fires a sample: a number of a series, which is the name and the labels.
///
/// `unit: Bytes` (a variant of [`Unit`](voidstate_core::Unit)) may stand before the labels. The rules and the cost are
/// those of [`hook!`](crate::hook); the hook of the sample has the same name as the metric.
///
/// ```
/// # use voidstate_embed::sample;
/// sample!("program.queue_len", 17, queue = "mail");
/// sample!("program.cache_size", 4.0e6, unit: Bytes, shard = 3);
/// ```
#[macro_export]
macro_rules! sample {
    ($name:literal, $value:expr, unit: $unit:ident $(, $key:ident = $label:expr)* $(,)?) => {{
        const _: () = $crate::__private::check::hook_name($name);
        $crate::__sample!($crate::__private::Cow::Borrowed($name), $value, $unit $(, $key = $label)*)
    }};
    ($name:literal, $value:expr $(, $key:ident = $label:expr)* $(,)?) => {{
        const _: () = $crate::__private::check::hook_name($name);
        $crate::__sample!($crate::__private::Cow::Borrowed($name), $value, None $(, $key = $label)*)
    }};
    ($name:expr, $value:expr, unit: $unit:ident $(, $key:ident = $label:expr)* $(,)?) => {
        $crate::__sample!($crate::__private::Cow::Owned($crate::__private::String::from($name)), $value, $unit $(, $key = $label)*)
    };
    ($name:expr, $value:expr $(, $key:ident = $label:expr)* $(,)?) => {
        $crate::__sample!($crate::__private::Cow::Owned($crate::__private::String::from($name)), $value, None $(, $key = $label)*)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __sample {
    ($name:expr, $value:expr, $unit:ident $(, $key:ident = $label:expr)*) => {{
        const _: () = $crate::__private::check::label_names(&[$($crate::__key!($key)),*]);
        if $crate::is_watched() {
            $crate::__private::fire_sample(
                $name,
                $crate::__private::Unit::$unit,
                $crate::ToNumber::to_number(&$value),
                &[$(($crate::__key!($key), $crate::ToValue::to_value(&$label))),*],
            );
        }
    }};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __key {
    ($first:ident $($more:ident)*) => {
        const { $crate::__private::check::plain(concat!(stringify!($first) $(, ".", stringify!($more))*)) }
    };
}
