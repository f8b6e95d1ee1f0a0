//! Amazon Payments against an independent model of it, written from docs/fps.md and the README's limitations: random
//! steps of all actions and pipelines, with requests that are lost, repeated, sent together or forged, a receiver that
//! refuses, jumps of the clock, and restarts. Each answer is what the model says, and now and then everything is.
//!
//! The numbers are fixed, so that a run can be had again. By environment variables:
//!
//! - `DD_MODEL_SEED` (1), `DD_MODEL_TRIALS` (4) and `DD_MODEL_STEPS` (500): the first seed, how many, and the steps of
//!   each;
//! - `DD_MODEL_REPLAY`: the steps that a failure prints, or the name of a file that has them;
//! - `DD_MODEL_SHRINKING` (200): how often a failure is tried again with fewer steps;
//! - `DD_MODEL_VERBOSE`: tells each step.
//!
//! A step is a number. Those that a failure does not need are left out of what it prints.

mod asks;
pub mod books;
mod clicks;
pub mod dice;
mod grant;
mod judge;
mod limits;
mod look;
mod paying;
mod pipelines;
mod run;
mod state;
mod steps;
mod time;
mod whole;
mod world;
pub mod xml;

use crate::support::On;
use crate::support::shapes::SHAPES;
use dice::Dice;
use futures_util::future::join_all;
use run::Trial;
use state::{DAY, HOUR};
use std::collections::BTreeMap;
use std::env;

/// What is wrong, in words.
type Outcome = Result<(), String>;

const LOOK_EVERY: usize = 100;
/// As many steps reach every action; see `all_was_done`.
const ENOUGH: usize = 2_000;

#[derive(Debug)]
struct Failure {
    /// After so many steps.
    steps: usize,
    what: String,
}

/// What is to be done, and how fast the processor is.
#[derive(Debug, Clone)]
struct Plan {
    prompt: bool,
    steps: Vec<u64>,
}

impl Plan {
    fn of_seed(seed: u64, steps: usize) -> Self {
        let mut dice = Dice::new(seed);
        Self { prompt: seed % 2 == 1, steps: (0..steps).map(|_| dice.next()).collect() }
    }

    fn text(&self) -> String {
        let steps: Vec<String> = self.steps.iter().map(u64::to_string).collect();
        format!("{}:{}", if self.prompt { "prompt" } else { "slow" }, steps.join(","))
    }

    fn parse(text: &str) -> Option<Self> {
        let (speed, steps) = text.trim().split_once(':')?;
        let steps = steps.split(',').map(|step| step.trim().parse().ok()).collect::<Option<_>>()?;
        Some(Self { prompt: speed == "prompt", steps })
    }

    fn with(&self, steps: Vec<u64>) -> Self {
        Self { steps, ..self.clone() }
    }
}

async fn take_steps(trial: &mut Trial, plan: &Plan) -> Result<(), Failure> {
    let verbose = env::var("DD_MODEL_VERBOSE").is_ok();
    for (number, step) in plan.steps.iter().enumerate() {
        let fail = |what| Failure { steps: number + 1, what };
        trial.doing.clear();
        trial.step(*step).await.map_err(fail)?;
        if verbose {
            eprintln!("{number}: {}", trial.doing);
        }
        if (number + 1) % LOOK_EVERY == 0 {
            trial.look_at_everything(&mut Dice::new(*step)).await.map_err(fail)?;
        }
    }
    come_to_an_end(trial).await.map_err(|what| Failure { steps: plan.steps.len(), what })
}

/// Everything that is open is done or runs out, and everything is compared.
async fn come_to_an_end(trial: &mut Trial) -> Outcome {
    let dice = &mut Dice::new(0);
    trial.look_at_everything(dice).await?;
    trial.before_a_jump(8 * DAY).await?;
    if !trial.model.due_answers().is_empty() || trial.model.delay > 0 {
        trial.world.restart(DAY + HOUR).await;
        trial.model.machine_goes_on(DAY + HOUR);
        trial.world.advance(0).await;
        trial.due().await?;
    }
    trial.world.advance(8 * DAY).await;
    trial.model.advance(8 * DAY);
    trial.due().await?;
    trial.look_at_everything(dice).await?;
    trial.look_at_notifications().await
}

/// How often each action and pipeline was granted.
type Tally = BTreeMap<String, usize>;

/// `None` when that database is not to be had here.
async fn run(on: On, plan: &Plan) -> Option<Result<Tally, Failure>> {
    let mut trial = Trial::start(on, plan.prompt).await?;
    let plan = plan.clone();
    // A panic is a failure like others, and ends this trial alone.
    let task = tokio::spawn(async move {
        let outcome = take_steps(&mut trial, &plan).await;
        trial.world.stop().await;
        outcome.map(|()| std::mem::take(&mut trial.world.done))
    });
    let all = usize::MAX;
    Some(task.await.unwrap_or_else(|panic| Err(Failure { steps: all, what: panic.to_string() })))
}

/// Leaves out steps, fewer and fewer at once, as long as it still fails.
async fn shrink(on: On, plan: &Plan, mut failure: Failure) -> (Plan, Failure) {
    let most = number("DD_MODEL_SHRINKING", 200);
    let mut plan = plan.with(plan.steps[..failure.steps.min(plan.steps.len())].to_vec());
    let (mut size, mut trials) = (plan.steps.len().div_ceil(2), 0);
    while size > 0 && trials < most {
        let mut at = 0;
        while at < plan.steps.len() && trials < most {
            let end = (at + size).min(plan.steps.len());
            let fewer = plan.with([&plan.steps[..at], &plan.steps[end..]].concat());
            trials += 1;
            if let Some(Err(still)) = run(on, &fewer).await {
                plan = fewer.with(fewer.steps[..still.steps.min(fewer.steps.len())].to_vec());
                failure = still;
            } else {
                at = end;
            }
        }
        size /= 2;
    }
    (plan, failure)
}

fn number(name: &str, otherwise: u64) -> u64 {
    env::var(name)
        .map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

fn plans() -> Vec<(String, Plan)> {
    if let Ok(replay) = env::var("DD_MODEL_REPLAY") {
        let text = std::fs::read_to_string(&replay).unwrap_or(replay);
        return vec![(
            "a replay".to_owned(),
            Plan::parse(&text).expect("DD_MODEL_REPLAY has prompt: or slow: and numbers"),
        )];
    }
    let first = number("DD_MODEL_SEED", 1);
    let steps = usize::try_from(number("DD_MODEL_STEPS", 500)).unwrap();
    let seeds = first..first + number("DD_MODEL_TRIALS", 4);
    seeds
        .map(|seed| {
            (
                format!("DD_MODEL_SEED={seed} DD_MODEL_STEPS={steps} DD_MODEL_TRIALS=1"),
                Plan::of_seed(seed, steps),
            )
        })
        .collect()
}

/// The trials, two at a time: there is much waiting in each.
async fn every_answer_is_the_models(on: On) {
    let (plans, mut tally, mut steps) = (plans(), Tally::new(), 0);
    for two in plans.chunks(2) {
        let outcomes = join_all(two.iter().map(|(_, plan)| run(on, plan))).await;
        for ((name, plan), outcome) in two.iter().zip(outcomes) {
            let Some(outcome) = outcome else {
                return eprintln!(
                    "SKIPPED on PostgreSQL: DD_TEST_POSTGRES_URL is not set (run through .ci/postgres)"
                );
            };
            match outcome {
                Ok(done) => {
                    eprintln!("{name} on {on:?}: all {} steps are as the model says", plan.steps.len());
                    steps += plan.steps.len();
                    for (what, times) in done {
                        *tally.entry(what).or_default() += times;
                    }
                }
                Err(failure) => fail(on, name, plan, failure).await,
            }
        }
    }
    if steps >= ENOUGH {
        all_was_done(&tally);
    }
}

async fn fail(on: On, name: &str, plan: &Plan, failure: Failure) {
    eprintln!("{name} on {on:?} fails after {} steps: {}\nshrinking…", failure.steps, failure.what);
    let (plan, failure) = shrink(on, plan, failure).await;
    let count = plan.steps.len();
    panic!("{name} on {on:?}: {}\n{count} steps suffice: DD_MODEL_REPLAY={}", failure.what, plan.text());
}

/// Each action and each pipeline was granted now and then.
fn all_was_done(tally: &Tally) {
    eprintln!("granted: {tally:?}");
    let pipelines =
        ["SingleUse", "MultiUse", "Recurring", "Recipient", "SetupPrepaid", "SetupPostpaid", "EditToken"];
    for name in SHAPES.iter().map(|(action, _)| *action).chain(pipelines) {
        assert!(tally.get(name).is_some_and(|times| *times > 0), "{name} was never granted in {tally:?}");
    }
}

mod sqlite {
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn every_answer_is_the_models() {
        super::every_answer_is_the_models(super::On::Sqlite).await;
    }
}

mod postgres {
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn every_answer_is_the_models() {
        super::every_answer_is_the_models(super::On::Postgres).await;
    }
}
