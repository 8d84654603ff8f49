//! What the program says: answers on standard output, everything else on standard error. Either may be closed early.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write as _};

/// Writes answers. A reader that has seen enough, such as `head`, closes the pipe; that is an error here and not a
/// panic, and [`is_closed_pipe`] knows it again.
pub type Output = io::StdoutLock<'static>;

/// Standard output, written line by line.
pub fn output() -> Output {
    io::stdout().lock()
}

/// Says a line to the person at the terminal. When nobody listens there is nobody to tell.
pub fn tell(line: impl Display) {
    drop(writeln!(io::stderr().lock(), "{line}"));
}

/// Whether an error only means that the reader of standard output has gone.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
