//! A child keeps no files but its three.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{BorrowedFd, RawFd};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use rustix::fs::{Mode, OFlags, RawDir};
use rustix::io::{FdFlags, fcntl_setfd};

/// Where `/proc` is not mounted, descriptors up to here are closed.
const GUESSED_MAX: RawFd = 1024;

/// Has everything but standard input, output and error closed when the command's program begins, also what the engine's own
/// parent left open without telling.
#[allow(
    unsafe_code,
    reason = "there is no safe way to have descriptors closed that nobody in this program owns"
)]
pub(super) fn keep_three(command: &mut Command) {
    // SAFETY: the closure runs in the child between fork and exec, where other threads' locks may be held for ever. It only
    // makes system calls on a buffer of its own stack; it takes no lock and allocates nothing.
    unsafe {
        command.pre_exec(mark_all);
    }
}

/// Marks every descriptor from 3 on to be closed on exec.
fn mark_all() -> io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let Ok(directory) = rustix::fs::open(c"/proc/self/fd", flags, Mode::empty()) else {
        (3..GUESSED_MAX).for_each(mark);
        return Ok(());
    };
    let mut buffer = [MaybeUninit::<u8>::uninit(); 4096];
    let mut entries = RawDir::new(&directory, &mut buffer);
    while let Some(entry) = entries.next() {
        let entry = entry?;
        let digits = entry.file_name().to_bytes();
        let number = digits
            .iter()
            .try_fold(0, |number: RawFd, digit| match digit {
                b'0'..=b'9' => number
                    .checked_mul(10)?
                    .checked_add(RawFd::from(digit - b'0')),
                _ => None,
            });
        if let Some(number) = number {
            mark(number);
        }
    }
    Ok(())
}

#[allow(
    unsafe_code,
    reason = "the descriptor belongs to nobody here; it is a number that the system was asked for"
)]
fn mark(number: RawFd) {
    if number < 3 {
        return;
    }
    // SAFETY: the borrow ends with the call and only passes the number to fcntl(2), which answers EBADF for one that is not
    // open; nothing is read, written or closed here.
    let descriptor = unsafe { BorrowedFd::borrow_raw(number) };
    // One that is not open need not be closed.
    let _ = fcntl_setfd(descriptor, FdFlags::CLOEXEC);
}
