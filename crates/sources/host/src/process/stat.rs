//! Reading `/proc/PID/stat` and `/proc/PID/io`.

use std::ops::Range;

use crate::text::{fields, lines, number};

/// The kernel's flag of its own threads.
const KERNEL_THREAD: u64 = 0x0020_0000;

/// What is taken from `/proc/PID/stat`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stat {
    /// Where the name stands in the text.
    pub(super) comm: Range<usize>,
    pub(super) state: u8,
    pub(super) flags: u64,
    pub(super) user_ticks: u64,
    pub(super) system_ticks: u64,
    /// Minor faults, major faults, user ticks and system ticks of the children that it reaped.
    pub(super) children: [u64; 4],
    /// Clock ticks after the start of the machine.
    pub(super) start: u64,
    pub(super) rss_pages: u64,
}

impl Stat {
    /// Reads one line; none when it is not whole.
    ///
    /// A name may hold blanks, parentheses and line ends, so it ends at the last closing parenthesis: nothing after it
    /// can hold one.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let text = text.strip_suffix(b"\n")?;
        let open = text.iter().position(|&b| b == b'(')?;
        let close = text.iter().rposition(|&b| b == b')')?;
        if close <= open {
            return None;
        }
        number(text.get(..open)?.trim_ascii())?;
        let mut rest = fields(text.get(close + 1..)?);
        let state = match rest.next()? {
            [state] if state.is_ascii_alphabetic() => *state,
            _ => return None,
        };
        // Counted after the state: the columns of proc_pid_stat(5) less four.
        let flags = number(rest.nth(5)?)?;
        let children_minor = number(rest.nth(1)?)?;
        let children_major = number(rest.nth(1)?)?;
        let user_ticks = number(rest.next()?)?;
        let system_ticks = number(rest.next()?)?;
        let children_user = number(rest.next()?)?;
        let children_system = number(rest.next()?)?;
        let start = number(rest.nth(4)?)?;
        let rss_pages = number(rest.nth(1)?)?;
        Some(Self {
            comm: open + 1..close,
            state,
            flags,
            user_ticks,
            system_ticks,
            children: [
                children_minor,
                children_major,
                children_user,
                children_system,
            ],
            start,
            rss_pages,
        })
    }

    pub(super) const fn is_kernel_thread(&self) -> bool {
        self.flags & KERNEL_THREAD != 0
    }
}

/// What a process has read from storage and written to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Io {
    pub(super) read_bytes: u64,
    pub(super) written_bytes: u64,
}

impl Io {
    /// Reads the file; none when one of the two is missing.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let text = text.strip_suffix(b"\n")?;
        let (mut read, mut written) = (None, None);
        for line in lines(text) {
            if let Some(value) = line.strip_prefix(b"read_bytes: ") {
                read = number(value);
            } else if let Some(value) = line.strip_prefix(b"write_bytes: ") {
                written = number(value);
            }
        }
        Some(Self {
            read_bytes: read?,
            written_bytes: written?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAIL: &[u8] =
        b" R 1 2 3 4 5 4194304 102 11 7 2 70 8 31 32 20 0 1 0 134340 3133440 397 184\n";

    fn line(comm: &[u8]) -> Vec<u8> {
        [b"42 (", comm, b")", TAIL].concat()
    }

    #[test]
    fn names_may_hold_anything() {
        for comm in [
            &b"cat"[..],
            b"a b",
            b"(x)",
            b") R 1",
            b"a\nb",
            b"\xff\xfe",
            b"",
        ] {
            let text = line(comm);
            let stat = Stat::parse(&text).unwrap();
            assert_eq!(&text[stat.comm.clone()], comm);
            assert_eq!((stat.user_ticks, stat.system_ticks), (70, 8));
            assert_eq!(stat.children, [11, 2, 31, 32]);
            assert_eq!((stat.start, stat.rss_pages), (134_340, 397));
            assert!(!stat.is_kernel_thread());
        }
    }

    #[test]
    fn a_cut_line_is_refused() {
        let whole = line(b"cat");
        for end in 0..whole.len() {
            assert_eq!(Stat::parse(&whole[..end]), None, "{end}");
        }
        for bad in [
            &b")(\n"[..],
            b"(\n",
            b"x (a) R 1\n",
            b"1 (a) 7 1 1 1 1 1 1 1 1 1\n",
        ] {
            assert_eq!(Stat::parse(bad), None);
        }
    }

    #[test]
    fn both_directions_or_none() {
        let text = b"rchar: 1\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 0\n";
        let io = Io {
            read_bytes: 4096,
            written_bytes: 8192,
        };
        assert_eq!(Io::parse(text), Some(io));
        assert_eq!(Io::parse(b"read_bytes: 4096\n"), None);
        assert_eq!(Io::parse(b"read_bytes: 1\nwrite_bytes: -1\n"), None);
    }
}
