//! Independent programs as judges.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};

/// Runs a program in a folder. None, with a loud word about it, when it is not installed.
pub fn run(program: &str, arguments: &[&str], folder: &Path) -> Option<Output> {
    match Command::new(program).args(arguments).current_dir(folder).output() {
        Ok(output) => Some(output),
        Err(error) => {
            // Straight to the file: the test harness would swallow a print.
            let text = format!(
                "\n*** SKIPPED: {program} cannot be run ({error}); nothing was checked with it ***\n"
            );
            std::io::stderr().write_all(text.as_bytes()).unwrap();
            None
        }
    }
}

/// What it said, for an assertion's message.
pub fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}
