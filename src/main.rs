//! The `yizhan` program: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    yizhan::cli::run()
}
