//! Opening the site, its background jobs, and the way back to the demo data.

use crate::config::Config;
use crate::domain::callers::{self, names, preserved};
use crate::domain::settings;
use crate::engine::ConflictQueue;
use crate::engine::clock::{ClockChange, ClockError, SharedClock};
use crate::engine::outbox_bell::OutboxBell;
use crate::engine::signer::{Signer, SignerError};
use crate::jobs::expiry::Expiry;
use crate::jobs::notifier::Notifier;
use crate::jobs::processor::Processor;
use crate::state::{ChangeError, Companion, Companions, Parts, Payments};
use crate::{MIGRATIONS, seed};
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use platform::background::BackgroundTasks;
use platform::clock::Reading;
use platform::db::DatabaseError;
use platform::jobs::{Job, JobError, Jobs, MOST_ROUNDS, Wake, earlier};
use platform::lab::{About, What};
use platform::{Clock, Database, Random};
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Where a jump of the clock stops at the most: receivers that never answer must not hold whoever asked for ever.
const MOST_STOPS: usize = 200;
/// How often what has run out is looked for.
const EXPIRY_INTERVAL: Duration = Duration::from_millis(100);
/// How often the processor looks when nothing wakes it; its own delay is a second by default.
const PROCESSOR_INTERVAL: Duration = Duration::from_millis(100);
/// How often the notifier looks through all that is due; of what is new it is told.
const NOTIFIER_INTERVAL: Duration = Duration::from_millis(200);
/// How often expired sessions are deleted.
const SESSIONS_INTERVAL: Duration = Duration::from_mins(10);
/// How long the background work of one process goes on by a clock that was moved through another.
const CLOCK_INTERVAL: Duration = Duration::from_secs(1);

/// All background jobs. One run of all of them does them in this order.
fn jobs_of(payments: &Payments) -> Jobs {
    let expiry = Expiry::new(payments.engine());
    let processor = Processor::new(payments.engine());
    let notifier = Notifier::new(payments.engine(), payments.signer.clone());
    let sessions = payments.session_store();
    Jobs::from_iter([
        Job::new(Arc::new(payments.shared_clock.clone()), Wake::default(), CLOCK_INTERVAL),
        Job::new(Arc::new(expiry), Wake::default(), EXPIRY_INTERVAL),
        Job::new(Arc::new(processor), payments.processor.clone(), PROCESSOR_INTERVAL),
        Job::new(Arc::new(notifier), payments.outbox_bell.wake.clone(), NOTIFIER_INTERVAL),
        Job::new(Arc::new(sessions), Wake::default(), SESSIONS_INTERVAL),
    ])
}

/// Why the site cannot start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error(transparent)]
    Seed(#[from] seed::SeedError),
    #[error(transparent)]
    Signer(#[from] SignerError),
    #[error("the settings cannot be read: {0}")]
    Sqlx(#[from] sqlx::Error),
    #[error(transparent)]
    Clock(#[from] ClockError),
}

impl Payments {
    /// Brings the schema up to date, seeds an empty database, takes the demo caller's addresses from the
    /// configuration, and moves the clock to where it was left.
    pub fn open(
        config: Config,
        db: Database,
        clock: Clock,
        random: Random,
    ) -> BoxFuture<'static, Result<Self, OpenError>> {
        Box::pin(async move {
            // Whoever starts at the same moment waits, and finds the schema, the demo data and the key.
            let alone = db.opening_alone().await?;
            db.migrate(&MIGRATIONS).await?;
            let payments = Self::assemble(config, db, clock, random);
            payments.shared_clock.restore().await?;
            payments.seed().await?;
            names::claim_missing(&payments.db.unhurried()).await?;
            payments.signer.prepare().await?;
            drop(alone);
            Ok(payments)
        })
    }

    fn assemble(config: Config, db: Database, clock: Clock, random: Random) -> Self {
        let config = Arc::new(config);
        let background = BackgroundTasks::default();
        let signer = Signer::new(db.clone(), clock.clone(), random.clone(), &config, &background);
        let parts = Parts {
            shared_clock: SharedClock::new(db.clone(), clock.clone()),
            db,
            clock,
            random,
            config,
            signer,
            background,
            outbox_bell: OutboxBell::default(),
            processor: Wake::default(),
            conflicts: ConflictQueue::default(),
            jobs: Jobs::default(),
            companions: Companions::default(),
        };
        let jobs = jobs_of(&parts.clone().into());
        Parts { jobs, ..parts }.into()
    }

    /// Other sites of this process that follow the control API.
    #[must_use]
    pub fn with_companions(self, companions: Vec<Arc<dyn Companion>>) -> Self {
        Parts { companions: Companions(companions.into()), ..Parts::clone(&self) }.into()
    }

    /// The background jobs.
    pub fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// Does everything of this site that is due now, until nothing is; returns how many things it did. Receivers of
    /// notifications that hang are not waited for: see [`NotificationSettings::patience`](crate::config::NotificationSettings::patience).
    pub fn run_due(&self) -> BoxFuture<'_, Result<usize, JobError>> {
        self.jobs.run_due()
    }

    /// This site's jobs and its companions'.
    fn all_jobs(&self) -> impl Iterator<Item = &Jobs> {
        std::iter::once(&self.jobs).chain(self.companions.0.iter().map(|companion| companion.jobs()))
    }

    /// Does everything that is due now, here and at the companions: what one does can be due work for the other.
    /// Receivers are waited for since `asked`.
    pub(crate) async fn run_all_due(&self, asked: Instant) -> Result<(), JobError> {
        for _ in 0..MOST_ROUNDS {
            let mut done = 0;
            for jobs in self.all_jobs() {
                done += jobs.run_due_since(asked).await?;
            }
            if done == 0 {
                return Ok(());
            }
        }
        tracing::warn!("after {MOST_ROUNDS} rounds there is still work due; going on without waiting for it");
        Ok(())
    }

    /// Puts the demo data in when the database is empty, and the demo caller's addresses up to date.
    pub fn seed(&self) -> BoxFuture<'_, Result<(), OpenError>> {
        let unhurried = Self::from(Parts { db: self.db.unhurried(), ..Parts::clone(self) });
        Box::pin(async move { Ok(seed::seed(&unhurried).await?) })
    }

    /// Adds so many sellers more, whom a shop of that size names.
    pub fn seed_sellers(&self, sellers: u32) -> BoxFuture<'_, Result<(), OpenError>> {
        let unhurried = Self::from(Parts { db: self.db.unhurried(), ..Parts::clone(self) });
        Box::pin(async move { Ok(seed::seed_sellers(&unhurried, sellers).await?) })
    }

    /// The demo caller's secret: the one that was given, or else the one that the first process on this
    /// database made up. `seed` beside a running site, or a second process, must not leave the shop of the
    /// first with a stale one.
    pub fn caller_secret(&self) -> BoxFuture<'_, Result<SecretString, sqlx::Error>> {
        Box::pin(async move {
            if let Some(given) = &self.config.caller_secret {
                return Ok(given.clone());
            }
            let make = || callers::new_secret(&self.random);
            Ok(settings::find_or_make(&self.db, settings::CALLER_SECRET, make).await?.into())
        })
    }

    /// Makes a new key for outbound signatures; what earlier ones signed can still be verified.
    pub fn renew_signing_key(&self) -> BoxFuture<'_, Result<(), OpenError>> {
        Box::pin(async { Ok(self.signer.renew().await?) })
    }

    /// Back to the demo data, the clock to now. The signing key, all certificates and a caller secret
    /// that was made up stay, and so do the access keys of the demo accounts.
    pub fn reset(&self) -> BoxFuture<'_, Result<(), OpenError>> {
        Box::pin(async move {
            let settings = settings::preserved(&self.db).await?;
            let keys = preserved::read(&self.db, &seed::demo_callers()).await?;
            self.db.recreate(&MIGRATIONS).await?;
            settings::restore(&self.db, settings).await?;
            self.shared_clock.reset().await?;
            self.seed().await?;
            preserved::restore(&self.db, keys).await?;
            Ok(names::claim_missing(&self.db.unhurried()).await?)
        })
    }
}

/// What the control API does to this site and its companions.
impl Payments {
    /// Moves the clock and does everything that fell due by it; how the clock stands then.
    pub(crate) async fn change_clock(&self, change: ClockChange) -> Result<Reading, ChangeError> {
        let payments = self.clone();
        self.alone_and_to_the_end(async move {
            let asked = Instant::now();
            let left = payments.stop_on_the_way(change, asked).await?;
            payments.move_clock(left).await?;
            Ok(payments.run_all_due(asked).await?)
        })
        .await
    }

    async fn move_clock(&self, change: ClockChange) -> Result<(), ClockError> {
        self.shared_clock.change(change).await?;
        self.record_clock();
        Ok(())
    }

    /// What is timely happens at its moment on the way of a jump, one after the other: the clock stops there until it is
    /// done. Answers what is left of the jump.
    async fn stop_on_the_way(
        &self,
        mut change: ClockChange,
        asked: Instant,
    ) -> Result<ClockChange, ChangeError> {
        for _ in 0..MOST_STOPS {
            let now = self.clock.now();
            let Some(target) = change.target(now)? else { return Ok(change) };
            let Some(next) = self.next_due(now).await?.filter(|next| *next < target) else {
                return Ok(change);
            };
            // Whole seconds: what falls due within one is one stop.
            let left = next.duration_since(now);
            let step = SignedDuration::from_secs(left.as_secs() + i64::from(left.subsec_nanos() > 0));
            if now + step >= target {
                return Ok(change);
            }
            self.move_clock(ClockChange::Advance(step)).await?;
            for jobs in self.all_jobs() {
                jobs.run_timely_since(asked).await?;
            }
            change = change.after(step);
        }
        Ok(change)
    }

    /// When something timely falls due next after this, here or at a companion.
    async fn next_due(&self, after: Timestamp) -> Result<Option<Timestamp>, JobError> {
        let mut next = None;
        for jobs in self.all_jobs() {
            next = earlier(next, jobs.next_due(after).await?);
        }
        Ok(next)
    }

    /// Tells how the clock stands, where somebody wants to know.
    pub(crate) fn record_clock(&self) {
        let Reading { now, offset_seconds, frozen, speed } = self.clock.reading();
        let speed = speed.times();
        self.engine().record(About::default(), What::Clock { now, offset_seconds, frozen, speed });
    }

    /// Everything back to the demo data; how the clock stands then.
    pub(crate) async fn reset_all(&self) -> Result<Reading, ChangeError> {
        let payments = self.clone();
        self.alone_and_to_the_end(async move {
            payments.reset().await.map_err(|error| JobError::from(Box::from(error)))?;
            for companion in payments.companions.0.iter() {
                companion.reset().await?;
            }
            Ok(())
        })
        .await
    }

    /// Does the work on a task of its own: a client that hangs up must not leave it half done, with what a
    /// reset carries over in memory alone.
    async fn alone_and_to_the_end(
        &self,
        work: impl Future<Output = Result<(), ChangeError>> + Send + 'static,
    ) -> Result<Reading, ChangeError> {
        let payments = self.clone();
        let task = async move {
            let _alone = payments.config.lab_ports.alone().await;
            work.await?;
            Ok(payments.clock.reading())
        };
        tokio::spawn(task).await?
    }
}
