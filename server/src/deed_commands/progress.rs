//! Something to look at while an answer takes long.

use std::io::{IsTerminal, Write};
use std::time::Duration;
use tokio::time::{Instant, interval_at};

/// What is quicker needs no words.
const PATIENCE: Duration = Duration::from_secs(1);

/// Waits for `work`; from a second on a terminal's standard error says so.
pub(super) async fn shown<T>(whom: &str, work: impl Future<Output = T>) -> T {
    let mut terminal = std::io::stderr();
    if terminal.is_terminal() { watched(whom, work, PATIENCE, &mut terminal).await } else { work.await }
}

async fn watched<T>(
    whom: &str,
    work: impl Future<Output = T>,
    every: Duration,
    terminal: &mut impl Write,
) -> T {
    let begun = Instant::now();
    let mut ticks = interval_at(begun + every, every);
    let mut said = false;
    tokio::pin!(work);
    let done = loop {
        tokio::select! {
            done = &mut work => break done,
            _ = ticks.tick() => {
                said = true;
                // Standard error that is gone is no reason to stop.
                let _ = write!(terminal, "\rwaiting for {whom}, {} s", begun.elapsed().as_secs());
                let _ = terminal.flush();
            }
        }
    };
    if said {
        let _ = write!(terminal, "\r\x1b[K");
        let _ = terminal.flush();
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;
    use std::sync::Arc;
    use tokio::sync::Notify;

    /// Tells when something was written.
    struct Terminal(Arc<Notify>, Vec<u8>);

    impl Write for Terminal {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.notify_one();
            self.1.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn what_takes_long_is_said_and_the_line_is_cleared() {
        let seen = Arc::new(Notify::new());
        let mut terminal = Terminal(seen.clone(), Vec::new());
        let work = async {
            seen.notified().await;
            7
        };
        assert_eq!(watched("http://x", work, Duration::from_millis(1), &mut terminal).await, 7);
        let text = String::from_utf8(terminal.1).unwrap();
        assert!(text.starts_with("\rwaiting for http://x, 0 s") && text.ends_with("\r\x1b[K"), "{text:?}");
    }

    #[tokio::test]
    async fn what_is_quick_is_not() {
        let mut terminal = Vec::new();
        assert_eq!(watched("http://x", async { 7 }, PATIENCE, &mut terminal).await, 7);
        assert!(terminal.is_empty());
    }
}
