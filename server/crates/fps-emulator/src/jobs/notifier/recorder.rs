//! Records attempts as they end, those that end about the same time in one action: one by one they would take
//! as much of the writer's time as the payments that they tell of.

use crate::domain::notifications::deliveries::{self, Ended};
use crate::jobs::job_error;
use platform::Database;
use platform::background::BackgroundTasks;
use platform::jobs::JobError;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

/// How long an attempt that has ended waits at the most for others to be recorded with it.
const GATHERING: Duration = Duration::from_millis(20);
/// The same where the receiver has kept us waiting much longer anyway.
const GATHERING_OF_SLOW: Duration = Duration::from_millis(100);

/// Where attempts go when they have ended; clones lead to the same place.
#[derive(Debug, Clone)]
pub struct Recorder(mpsc::UnboundedSender<Report>);

/// What arrives there; as much as is under way at the most, so it needs no bound.
type Reports = mpsc::UnboundedReceiver<Report>;

/// An attempt, with the place where the answer goes.
#[derive(Debug)]
struct Report {
    ended: Ended,
    is_slow: bool,
    recorded: oneshot::Sender<Result<(), Arc<sqlx::Error>>>,
}

impl Report {
    fn waits_until(&self) -> Instant {
        Instant::now() + if self.is_slow { GATHERING_OF_SLOW } else { GATHERING }
    }
}

impl Recorder {
    fn new() -> (Self, Reports) {
        let (sender, reports) = mpsc::unbounded_channel();
        (Self(sender), reports)
    }

    /// Records until the last clone is gone; `under_way` says whether attempts are being made that are worth waiting
    /// for.
    pub fn start(
        db: Database,
        background: &BackgroundTasks,
        under_way: impl Fn() -> bool + Send + Sync + 'static,
    ) -> Self {
        let (recorder, reports) = Self::new();
        background.spawn(async move { write_all(&db, reports, under_way).await });
        recorder
    }

    /// Comes back when the attempt is recorded; that of a slow receiver has time.
    pub async fn record(&self, ended: Ended, is_slow: bool) -> Result<(), JobError> {
        let (recorded, answer) = oneshot::channel();
        self.0.send(Report { ended, is_slow, recorded }).map_err(|_| sqlx::Error::WorkerCrashed)?;
        answer.await.map_err(|_| sqlx::Error::WorkerCrashed)?.map_err(job_error)
    }
}

async fn write_all(db: &Database, mut reports: Reports, under_way: impl Fn() -> bool) {
    while let Some(first) = reports.recv().await {
        let gathered = gather(first, &mut reports, &under_way).await;
        let (ended, answers): (Vec<_>, Vec<_>) =
            gathered.into_iter().map(|report| (report.ended, report.recorded)).unzip();
        let outcome = deliveries::record(db, &ended).await.map_err(Arc::new);
        for answer in answers {
            // Nobody waits for it any more when the run was broken off.
            let _ = answer.send(outcome.clone());
        }
    }
}

/// What has ended by now, and what ends in the next moment.
async fn gather(first: Report, reports: &mut Reports, under_way: &impl Fn() -> bool) -> Vec<Report> {
    let (mut over, mut all_are_slow) = (first.waits_until(), first.is_slow);
    let mut gathered = vec![first];
    while (all_are_slow || under_way())
        && let Ok(Some(report)) = timeout_at(over, reports.recv()).await
    {
        over = over.min(report.waits_until());
        all_are_slow &= report.is_slow;
        gathered.push(report);
    }
    while let Ok(report) = reports.try_recv() {
        gathered.push(report);
    }
    gathered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::notifications::deliveries::{Attempt, Claimed, Delivery, Queue};
    use crate::domain::notifications::{NotificationId, SubjectId};
    use jiff::Timestamp;

    fn report() -> Report {
        let at = Timestamp::UNIX_EPOCH;
        let notification = Claimed {
            number: 1,
            id: NotificationId::new("n").unwrap(),
            queue: Queue::new("K http://127.0.0.1").unwrap(),
            subject_id: SubjectId::new("t").unwrap(),
            url: String::new(),
            body: String::new(),
            created_at: at,
            attempts: 0,
        };
        let attempt =
            Attempt { signature: None, at, http_status: None, error: None, then: Delivery::Delivered { at } };
        let ended = Ended { notification, attempt };
        Report { ended, is_slow: false, recorded: oneshot::channel().0 }
    }

    #[tokio::test]
    async fn what_has_ended_already_goes_together_without_waiting() {
        let (recorder, mut reports) = Recorder::new();
        for _ in 0..3 {
            recorder.0.send(report()).unwrap();
        }
        let begun = Instant::now();
        assert_eq!(gather(report(), &mut reports, &|| false).await.len(), 4);
        assert!(begun.elapsed() < GATHERING);
    }

    #[tokio::test]
    async fn slow_ones_wait_longer_for_each_other_but_hold_up_nobody_else() {
        let (recorder, mut reports) = Recorder::new();
        let slow = || Report { is_slow: true, ..report() };
        let send = async |reports: Vec<Report>| {
            for report in reports {
                tokio::time::sleep(2 * GATHERING).await;
                recorder.0.send(report).unwrap();
            }
        };
        // On a machine that is late, who is polled first is in time.
        let gathering = gather(slow(), &mut reports, &|| false);
        assert_eq!(tokio::join!(biased; send(vec![slow(), slow()]), gathering).1.len(), 3);
        let gathering = gather(slow(), &mut reports, &|| true);
        assert_eq!(tokio::join!(biased; gathering, send(vec![report(), slow()])).0.len(), 2);
    }

    #[tokio::test]
    async fn what_ends_in_the_next_moment_goes_with_it_and_a_receiver_that_hangs_does_not_hold_it_up() {
        let (recorder, mut reports) = Recorder::new();
        let one_more = async {
            tokio::time::sleep(GATHERING / 10).await;
            recorder.0.send(report()).unwrap();
        };
        let under_way = || true;
        let (gathered, ()) = tokio::join!(gather(report(), &mut reports, &under_way), one_more);
        assert_eq!(gathered.len(), 2);
    }
}
