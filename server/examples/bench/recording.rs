//! What it costs a Pay that the lab is told of it: the same calls to a site that records and to one that does not, in turn.

use crate::Failure;
use crate::goals::{Busy, Goals};
use crate::load::Load;
use crate::payments::Receiver;
use crate::payments_site::{PaymentsSite, expect_success};
use crate::report::{Rate, Series};
use server::Recording;
use std::io;
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Handle;

const CONNECTIONS: [usize; 3] = [1, 8, 64];
const CALLS: [usize; 3] = [150, 500, 700];
/// Short and many: what slows the machine for a while slows both of a pair.
const PAIRS: usize = 14;
const WARM_UP: usize = 400;
const ROUND: Duration = Duration::from_secs(2);
/// Of the rate without.
const GOAL: f64 = 0.95;

struct Side {
    site: PaymentsSite,
    /// Signed calls that have not been sent yet.
    calls: std::vec::IntoIter<Vec<u8>>,
}

impl Side {
    async fn start(
        server: &Handle,
        data: &TempDir,
        receiver: &Receiver,
        recording: Recording,
    ) -> Result<Self, Failure> {
        let name = match recording {
            Recording::On => "recorded",
            Recording::Off => "not-recorded",
        };
        let site =
            PaymentsSite::start_with(server, data, name, |options| options.recording = recording).await?;
        let count = WARM_UP + PAIRS * CALLS.iter().sum::<usize>();
        let calls = site.callers.signed_pays(count, &receiver.url).await?.into_iter();
        let mut prepared = Self { site, calls };
        prepared.send(8, WARM_UP).await?;
        Ok(prepared)
    }

    async fn send(&mut self, connections: usize, calls: usize) -> io::Result<Rate> {
        let load = Load { address: self.site.address.clone(), connections, limit: Some(ROUND) };
        let calls = self.calls.by_ref().take(calls).collect();
        load.send_each(calls, |_, answer| expect_success(answer)).await
    }
}

pub async fn measure(server: &Handle, data: &TempDir, goals: &mut Goals) -> Result<(), Failure> {
    println!(
        "RECORDING: Pay while the lab is told of everything, against Pay while it is not; {PAIRS} pairs, payments/s"
    );
    // Keeps the notifications waiting: they are no part of it.
    let receiver = Receiver::start(server).await?;
    let mut on = Side::start(server, data, &receiver, Recording::On).await?;
    let mut off = Side::start(server, data, &receiver, Recording::Off).await?;
    println!("{:<14}{:<22}{:<22}ratio", "connections", "recorded", "not recorded");
    for (index, size) in CONNECTIONS.into_iter().enumerate() {
        let busy = Busy::begin();
        let (mut told, mut untold) = (Series::default(), Series::default());
        for pair in 0..PAIRS {
            // Whoever comes first in a pair finds the machine otherwise than whoever comes second.
            if pair % 2 == 0 {
                told.push(on.send(size, CALLS[index]).await?);
                untold.push(off.send(size, CALLS[index]).await?);
            } else {
                untold.push(off.send(size, CALLS[index]).await?);
                told.push(on.send(size, CALLS[index]).await?);
            }
        }
        let ratio = told.against(&untold);
        println!("{size:<14}{told}{untold}{ratio:.2}(goal: at least {GOAL})");
        let what = format!("Pay on {size} connections while it is recorded, of the rate without");
        goals.at_least(GOAL, ratio.median(), &what, &busy.reason());
    }
    for side in [on, off] {
        server.spawn(side.site.running.stop()).await?;
    }
    Ok(())
}
