//! Sends the outbox: each notification as a signed form POST, again and again with growing waits until
//! the receiver answers 2xx, for a day (fps.md §9). At least once: receivers must bear a repetition.
//!
//! Every attempt is a task of its own. What may be claimed and who is spoken to next is in `schedule`; an attempt that
//! ends makes room for the next, so nothing here waits for the slowest, and nobody waits for a lock that is held while
//! a receiver is spoken to.

mod attempt;
mod claims;
mod mishap;
mod places;
mod recorder;
mod schedule;

use crate::config::NotificationSettings;
use crate::domain::notifications::deliveries::claims::SenderId;
use crate::domain::notifications::deliveries::{self, Attempt, Claimed, Delivery, Ended, Queue, Wanted};
use crate::engine::Engine;
use crate::engine::outbox_bell::OutboxBell;
use crate::engine::post_office::PostOffice;
use crate::engine::signer::Signer;
use async_trait::async_trait;
use attempt::Signed;
use claims::Claims;
use jiff::Timestamp;
use mishap::Posted;
use places::Standing;
use platform::background::BackgroundTasks;
use platform::jobs::{DueWork, JobError, Timely};
use platform::{Clock, Database};
use recorder::Recorder;
use schedule::{Schedule, Turn};
use std::collections::{HashMap, HashSet};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};

/// An answer that takes longer than this makes a receiver a slow one.
const PROMPT: Duration = Duration::from_millis(500);
/// So many times as long as a claim took there is none.
const RESTS: u32 = 19;
const LONGEST_REST: Duration = Duration::from_millis(50);
/// How often claims of the dead are looked for.
const LOOK: Duration = Duration::from_secs(1);
/// Whoever waits for the due work waits as long as receivers answer, but not for more than so many patiences.
const MOST_PATIENCES: u32 = 4;
/// What is under way when the program stops may take so long.
const LAST_ATTEMPTS: Duration = Duration::from_millis(1_500);

/// The worker; clones share everything.
#[derive(Clone)]
pub struct Notifier(Arc<Inner>);

struct Inner {
    engine: Engine,
    db: Database,
    clock: Clock,
    /// Says for whom there is something new.
    bell: OutboxBell,
    signer: Signer,
    post_office: Arc<PostOffice>,
    posted: Posted,
    settings: NotificationSettings,
    recorder: Recorder,
    /// Where attempts are made: what is told goes out in the time that payments leave over.
    background: BackgroundTasks,
    /// Held while there is something to claim, and never while a receiver is spoken to.
    claims: tokio::sync::Mutex<Claiming>,
    state: Arc<Mutex<State>>,
    /// Told whenever an attempt is over.
    ended: Notify,
}

struct Claiming {
    claims: Claims,
    looked_at: Option<Instant>,
    rests_until: Instant,
}

impl Claiming {
    /// Each claim is a commit, which payments wait for: what comes in short order is claimed together, the sooner the
    /// less the last claim took.
    fn rest_after(&mut self, took: Duration) {
        self.rests_until = Instant::now() + (took * RESTS).min(LONGEST_REST);
    }
}

#[derive(Default)]
struct State {
    schedule: Schedule,
    /// Claimed, and not recorded yet.
    under_way: HashSet<i64>,
    /// Queues that are being looked at for more; `true` where another attempt has ended meanwhile.
    looking: HashMap<Queue, bool>,
    /// Attempts with all that follows from them.
    tasks: usize,
    /// Attempts that have ended since somebody asked.
    ended: usize,
    answered_at: Option<Instant>,
    stopping: bool,
}

impl Notifier {
    pub fn new(engine: Engine, signer: Signer) -> Self {
        let Engine { db, clock, random, config, background, outbox_bell: bell, .. } = engine.clone();
        let claims = Claims::new(SenderId::random(&random));
        let state: Arc<Mutex<State>> = Arc::default();
        let brisk = Arc::clone(&state);
        let under_way = move || lock(&brisk).schedule.brisk() > 0;
        let recorder = Recorder::start(db.clone(), &background, under_way);
        Self(Arc::new(Inner {
            engine,
            db,
            clock,
            bell,
            signer,
            post_office: PostOffice::new(&config).into(),
            posted: Posted::default(),
            settings: config.notifications.clone(),
            recorder,
            background,
            claims: tokio::sync::Mutex::new(Claiming {
                claims,
                looked_at: None,
                rests_until: Instant::now(),
            }),
            state,
            ended: Notify::new(),
        }))
    }

    /// Takes back what the dead had claimed, if it is time for it.
    async fn look(&self) -> Result<(), JobError> {
        let mut claiming = self.0.claims.lock().await;
        let is_time = claiming.looked_at.is_none_or(|at| at.elapsed() >= LOOK);
        if is_time {
            let under_way = self.0.lock().under_way.clone();
            claiming.claims.look(&self.0.db, &under_way).await?;
            claiming.looked_at = Some(Instant::now());
        }
        Ok(())
    }

    /// Claims what is known to be due and has a place, and begins it. What a failure leaves undone is found by the next
    /// look at all that is due; what becomes due meanwhile has somebody else who claims it.
    async fn claim_and_begin(&self) -> Result<(), JobError> {
        let rounds = self.0.lock().schedule.rounds();
        for _ in 0..rounds {
            // Let go each time: whoever waits comes next.
            let mut claiming = self.0.claims.lock().await;
            if !self.hear() {
                return Ok(());
            }
            sleep_until(claiming.rests_until).await;
            let wanted = self.0.lock().wanted(self.0.bell.take());
            if wanted.is_empty() {
                return Ok(());
            }
            let (begun, now) = (Instant::now(), self.0.clock.now());
            let claimed = deliveries::claim(&self.0.db, claiming.claims.own, now, wanted).await;
            claiming.rest_after(begun.elapsed());
            let claimed = claimed?;
            let mut state = self.0.lock();
            state.under_way.extend(claimed.iter().map(|one| one.number));
            state.schedule.line_up(claimed);
            self.begin(&mut state);
        }
        Ok(())
    }

    /// Takes up what the bell tells; whether anything is known to be due.
    fn hear(&self) -> bool {
        let told = self.0.bell.take();
        let mut state = self.0.lock();
        state.schedule.add_due(told);
        state.schedule.has_due()
    }

    fn begin(&self, state: &mut State) {
        if state.stopping {
            return;
        }
        for (turn, standing, notification) in state.schedule.begin() {
            state.tasks += 1;
            let number = Some(notification.number);
            let task = Task { notifier: self.clone(), turn, place: standing, number, standing: None };
            self.0.background.spawn(task.run(notification));
        }
    }

    /// When an attempt of the queue is over: there is room for others, and perhaps more for the same receiver.
    async fn go_on(&self, queue: Queue) -> Result<(), JobError> {
        if !self.0.lock().begins_to_look(&queue) {
            return Ok(());
        }
        loop {
            let due = deliveries::has_due(&self.0.db, &queue, self.0.clock.now()).await;
            let mut state = self.0.lock();
            if matches!(due, Ok(false)) && state.looks_again(&queue) {
                continue;
            }
            state.looking.remove(&queue);
            if due? {
                state.schedule.add_due([queue]);
            }
            break;
        }
        self.claim_and_begin().await
    }
}

/// One attempt, from its turn to what it makes room for.
struct Task {
    notifier: Notifier,
    turn: Turn,
    /// The kind of place that it began with.
    place: Standing,
    /// The notification's, as long as it is claimed.
    number: Option<i64>,
    /// What it says of the receiver, when the attempt is over.
    standing: Option<Standing>,
}

impl Task {
    async fn run(mut self, notification: Claimed) {
        let queue = notification.queue.clone();
        if let Err(error) = self.deliver(notification).await {
            // It stays claimed until the next look: what does not work is not tried without end.
            tell(&error);
        }
        self.is_over();
        if let Err(error) = self.notifier.go_on(queue).await {
            tell(&error);
        }
    }

    async fn deliver(&mut self, notification: Claimed) -> Result<(), JobError> {
        let inner = Arc::clone(&self.notifier.0);
        let signed = inner.sign(&notification, self.place).await?;
        let attempt = self.speak(&inner, &notification, signed).await;
        self.leave_turn(&mut inner.lock());
        let is_slow = self.standing == Some(Standing::Slow);
        let told = inner.engine.config.lab_ports.records().then(|| (notification.clone(), attempt.clone()));
        inner.recorder.record(Ended { notification, attempt }, is_slow).await?;
        // Whoever hears of it finds it in the outbox.
        if let Some((notification, attempt)) = told {
            inner.engine.record_attempt(&notification, &attempt);
        }
        inner.lock().ended += 1;
        Ok(())
    }

    /// Makes way for others when the receiver takes its time.
    async fn speak(&mut self, inner: &Inner, notification: &Claimed, signed: Signed) -> Attempt {
        let begun = Instant::now();
        let mut attempt = pin!(inner.attempt(notification, signed));
        let attempt = if let Ok(attempt) = timeout(PROMPT, &mut attempt).await {
            attempt
        } else {
            self.make_way(&mut inner.lock());
            let (attempt, claimed) = tokio::join!(attempt, self.notifier.claim_and_begin());
            claimed.unwrap_or_else(|error| tell(&error));
            attempt
        };
        let standing = match attempt.then {
            _ if begun.elapsed() > PROMPT => Standing::Slow,
            Delivery::Delivered { .. } => Standing::Prompt,
            _ => Standing::Failing,
        };
        if attempt.http_status.is_some() && standing != Standing::Slow {
            inner.lock().answered_at = Some(Instant::now());
        }
        self.standing = Some(standing);
        attempt
    }

    /// The attempt goes on in a place for slow ones.
    fn make_way(&self, state: &mut State) {
        state.schedule.slow_down(self.turn);
        self.notifier.begin(state);
    }

    /// The place is free as soon as the receiver is no longer spoken to.
    fn leave_turn(&self, state: &mut State) {
        state.schedule.end(self.turn, self.standing);
        self.notifier.begin(state);
    }

    fn is_over(&mut self) {
        let inner = Arc::clone(&self.notifier.0);
        let mut state = inner.lock();
        self.leave_turn(&mut state);
        if let Some(number) = self.number.take() {
            state.under_way.remove(&number);
        }
    }
}

/// Also when it panicked, or was cut off.
impl Drop for Task {
    fn drop(&mut self) {
        self.is_over();
        self.notifier.0.lock().tasks -= 1;
        self.notifier.0.ended.notify_waiters();
    }
}

impl State {
    /// Whether the attempt that has ended is to look for more of its queue. Of those that end together, as they are
    /// recorded together, one looks for all.
    fn begins_to_look(&mut self, queue: &Queue) -> bool {
        if self.schedule.is_supplied(queue) {
            return false;
        }
        if let Some(again) = self.looking.get_mut(queue) {
            *again = true;
            return false;
        }
        self.looking.insert(queue.clone(), false);
        true
    }

    /// Whether another attempt has ended since the look began, so that it may not have seen everything.
    fn looks_again(&mut self, queue: &Queue) -> bool {
        self.looking.get_mut(queue).is_some_and(std::mem::take)
    }

    /// What to claim now, with something new for those whom the bell `told`.
    fn wanted(&mut self, told: impl IntoIterator<Item = Queue>) -> Vec<Wanted> {
        self.schedule.add_due(told);
        if self.stopping { Vec::new() } else { self.schedule.wanted() }
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Waits until nothing is under way, as long as `deadline` says by what is.
    async fn wait_until_idle(&self, deadline: impl Fn(&State) -> Instant) {
        loop {
            let mut ended = pin!(self.ended.notified());
            ended.as_mut().enable();
            let deadline = {
                let state = self.lock();
                if state.tasks == 0 {
                    return;
                }
                deadline(&state)
            };
            if timeout_at(deadline, ended).await.is_err() {
                return;
            }
        }
    }
}

#[async_trait]
impl DueWork for Notifier {
    fn name(&self) -> &'static str {
        "notifier"
    }

    /// Begins what is due; how many things are done is counted when they are, by [`DueWork::settle`].
    async fn run_due(&self) -> Result<usize, JobError> {
        self.look().await?;
        let due = deliveries::due(&self.0.db, self.0.clock.now()).await?;
        self.0.lock().schedule.add_due(due);
        self.claim_and_begin().await?;
        Ok(0)
    }

    fn timely(&self) -> Option<&dyn Timely> {
        Some(self)
    }

    async fn run_woken(&self) -> Result<usize, JobError> {
        self.hear();
        self.claim_and_begin().await?;
        Ok(0)
    }

    /// Waits as long as receivers answer; those that hang are given the patience that is set.
    async fn settle(&self, asked: Instant) -> usize {
        let patience = self.0.settings.patience;
        let deadline = |state: &State| {
            let since = state.answered_at.map_or(asked, |at| at.max(asked));
            (since + patience).min(asked + patience * MOST_PATIENCES)
        };
        self.0.wait_until_idle(deadline).await;
        std::mem::take(&mut self.0.lock().ended)
    }

    async fn stop(&self) {
        {
            let mut state = self.0.lock();
            state.stopping = true;
            state.schedule.clear();
        }
        let last = Instant::now() + LAST_ATTEMPTS;
        self.0.wait_until_idle(|_| last).await;
        if let Err(error) = self.0.claims.lock().await.claims.leave(&self.0.db).await {
            tracing::warn!(%error, "claimed notifications could not be given back");
        }
    }
}

#[async_trait]
impl Timely for Notifier {
    async fn next_due(&self, after: Timestamp) -> Result<Option<Timestamp>, JobError> {
        Ok(deliveries::next_due(&self.0.db, after).await?)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn tell(error: &JobError) {
    metrics::counter!("due_work_failures_total", "job" => "notifier").increment(1);
    tracing::error!(%error, "a notification was not brought to an end; it is tried again");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_attempts_that_end_together_one_looks_for_more_and_once_again_for_those_that_come_meanwhile() {
        let (mut state, queue) = (State::default(), Queue::new("K http://127.0.0.1").unwrap());
        let other = Queue::new("K http://127.0.0.2").unwrap();
        assert!(state.begins_to_look(&queue) && state.begins_to_look(&other));
        assert!(!state.looks_again(&queue));
        assert!(!state.begins_to_look(&queue) && !state.begins_to_look(&queue));
        assert_eq!([(); 2].map(|()| state.looks_again(&queue)), [true, false]);
        state.looking.remove(&queue);
        assert!(state.begins_to_look(&queue) && !state.looks_again(&other));
    }
}
