//! Pay of two programs, an earlier commit's and today's, each a process of its own with fresh data, in alternation and
//! with one load generator: rates, and the processor time of a payment.

use crate::Failure;
use crate::child::{Program, built_beside};
use crate::goals::{Busy, Goals};
use crate::load::Load;
use crate::payments::Receiver;
use crate::payments_site::{Callers, expect_success};
use crate::report::Series;
use crate::settings::Settings;
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::time::timeout;

const CONNECTIONS: [usize; 3] = [1, 8, 64];
const GOALS: [Option<f64>; 3] = [None, Some(3.0), Some(4.0)];
/// While nothing is sent, and while all is.
const ROUNDS: usize = 5;
const CALLS: [usize; 3] = [400, 1_200, 2_400];
const ROUNDS_SENT: usize = 3;
const CALLS_SENT: [usize; 3] = [150, 300, 400];
const WARM_UP: usize = 100;
const ROUND: Duration = Duration::from_millis(800);
/// Until what was made in one round has been sent.
const SENT: Duration = Duration::from_mins(3);

pub async fn measure(
    server: &Handle,
    data: &TempDir,
    settings: &Settings,
    goals: &mut Goals,
) -> Result<(), Failure> {
    let old = settings
        .old
        .clone()
        .ok_or("against needs old=PROGRAM, that of an earlier commit (make bench-against)")?;
    let new = settings.new.clone().map_or_else(built_beside, Ok)?;
    println!("AGAINST {}", old.display());
    println!(
        "Pay, signed, split three ways; each program as a process on a fresh SQLite file, in alternation,"
    );
    println!(
        "{ROUNDS} rounds of at most {ROUND:?}; payments/s, and the processor time of the process per payment in ms."
    );
    println!("The receiver keeps the first notifications waiting: they are written and not sent");
    let mut sides = Sides::start(server, data, [&old, &new], false).await?;
    heading();
    for (index, connections) in CONNECTIONS.into_iter().enumerate() {
        let busy = Busy::begin();
        let figures = sides.rounds(ROUNDS, connections, CALLS[index]).await?;
        let ratio = figures.print(connections, GOALS[index]);
        if let Some(goal) = GOALS[index] {
            let what = format!("Pay on {connections} connections, of the earlier commit's rate");
            goals.at_least(goal, ratio, &what, &busy.reason());
        }
    }
    sides.stop()?;
    println!(
        "The same with each notification signed, sent and answered before the other program's turn (its work is in"
    );
    println!("the processor time; the rate is of the calls), {ROUNDS_SENT} rounds");
    let mut sides = Sides::start(server, data, [&old, &new], true).await?;
    heading();
    for (index, connections) in CONNECTIONS.into_iter().enumerate() {
        sides.rounds(ROUNDS_SENT, connections, CALLS_SENT[index]).await?.print(connections, None);
    }
    sides.stop()
}

fn heading() {
    println!(
        "{:<13}{:<22}{:<22}{:<30}{:<22}{:<22}ratio",
        "connections", "earlier", "now", "ratio", "earlier, ms", "now, ms"
    );
}

struct Sides {
    old: Side,
    new: Side,
}

impl Sides {
    async fn start(
        server: &Handle,
        data: &TempDir,
        [old, new]: [&Path; 2],
        sent: bool,
    ) -> Result<Self, Failure> {
        let count = if sent {
            ROUNDS_SENT * CALLS_SENT.iter().sum::<usize>()
        } else {
            ROUNDS * CALLS.iter().sum::<usize>()
        };
        let folder = |name: &str| data.path().join(format!("{name}-{sent}"));
        let old = Side::start(server, old, &folder("old"), count, sent).await?;
        let new = Side::start(server, new, &folder("new"), count, sent).await?;
        Ok(Self { old, new })
    }

    async fn rounds(&mut self, rounds: usize, connections: usize, calls: usize) -> Result<Figures, Failure> {
        let mut figures = Figures::default();
        for round in 0..rounds {
            let [(rate, cost), (new_rate, new_cost)] = if round % 2 == 0 {
                let old = self.old.send(connections, calls, ROUND).await?;
                [old, self.new.send(connections, calls, ROUND).await?]
            } else {
                let new = self.new.send(connections, calls, ROUND).await?;
                [self.old.send(connections, calls, ROUND).await?, new]
            };
            figures.old.push_figure(rate);
            figures.new.push_figure(new_rate);
            figures.old_cost.push_figure(cost);
            figures.new_cost.push_figure(new_cost);
            eprintln!(
                "{connections} connections, round {} of {rounds}: {rate:.0}/s, {new_rate:.0}/s",
                round + 1
            );
        }
        Ok(figures)
    }

    fn stop(self) -> Result<(), Failure> {
        self.old.program.stop()?;
        self.new.program.stop()
    }
}

#[derive(Default)]
struct Figures {
    old: Series,
    new: Series,
    old_cost: Series,
    new_cost: Series,
}

impl Figures {
    fn print(&self, connections: usize, goal: Option<f64>) -> f64 {
        let Self { old, new, old_cost, new_cost } = self;
        let (ratio, cost) = (new.against(old), new_cost.against(old_cost));
        let goal = goal.map_or(String::new(), |goal| format!("(goal: {goal})"));
        println!(
            "{connections:<13}{old}{new}{ratio:.2}{goal:<8}{old_cost:<22.2}{new_cost:<22.2}{:.2}",
            cost.median()
        );
        ratio.median()
    }
}

/// One program with its data, its tokens and its receiver.
pub struct Side {
    pub program: Program,
    callers: Callers,
    receiver: Receiver,
    /// Whether a round ends with what it made sent.
    sent: bool,
    calls: std::vec::IntoIter<Vec<u8>>,
    made: u32,
}

impl Side {
    /// With so many calls; `sent`: each turn ends with its notifications sent, else none are.
    pub async fn start(
        server: &Handle,
        program: &Path,
        data: &Path,
        count: usize,
        sent: bool,
    ) -> Result<Self, Failure> {
        let receiver = Receiver::start(server).await?;
        if sent {
            receiver.set_open(true);
        }
        let program = Program::start(program, "payments", data, &[])?;
        let callers = Callers::at(program.payments_url()?)?;
        let calls = callers.signed_pays(WARM_UP + count, &receiver.url).await?.into_iter();
        let mut side = Self { program, callers, receiver, sent, calls, made: 0 };
        side.send(8, WARM_UP, SENT).await?;
        Ok(side)
    }

    /// Calls a second, and milliseconds of the process's processor time for each.
    pub async fn send(
        &mut self,
        connections: usize,
        calls: usize,
        limit: Duration,
    ) -> Result<(f64, f64), Failure> {
        let before = self.program.processor_time();
        let load = Load { address: self.callers.address.clone(), connections, limit: Some(limit) };
        let calls = self.calls.by_ref().take(calls).collect();
        let rate = load.send_each(calls, |_, answer| expect_success(answer)).await?;
        self.made += rate.count;
        if self.sent {
            let (made, begun) = (self.made, Instant::now());
            let all = self.receiver.taken.wait_for(|taken| *taken >= made);
            timeout(SENT, all).await.map_err(|_| format!("not sent after {:?}", begun.elapsed()))??;
        }
        let cost = before.zip(self.program.processor_time()).map(|(before, now)| now.saturating_sub(before));
        let cost = cost.map_or(f64::NAN, |cost| cost.as_secs_f64() * 1e3 / f64::from(rate.count.max(1)));
        Ok((rate.per_second(), cost))
    }
}
