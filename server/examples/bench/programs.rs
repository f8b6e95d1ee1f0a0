//! Other programs, none of which may run for ever.

use crate::Failure;
use std::io::Read;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

const LOOK: Duration = Duration::from_millis(20);

/// What a program said on standard output, and whether it ended well; it is killed when the time is over. Blocks.
pub fn output_within(mut command: Command, limit: Duration) -> Result<(ExitStatus, String), Failure> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("{name}: {error}"))?;
    // Read beside the waiting: a program whose output nobody takes stands still.
    let reader = child.stdout.take().map(|mut output| {
        std::thread::spawn(move || {
            let mut text = Vec::new();
            output.read_to_end(&mut text).map(|_| text)
        })
    });
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if begun.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Err(format!("{name} has not ended in {limit:.0?}").into());
        }
        std::thread::sleep(LOOK);
    };
    let text = reader.map_or(Ok(Ok(Vec::new())), std::thread::JoinHandle::join);
    let text = text.map_err(|_| format!("the output of {name} cannot be read"))??;
    Ok((status, String::from_utf8_lossy(&text).into_owned()))
}
