//! A million payments and a hundred thousand items against few of both, on both databases; several processes on one
//! PostgreSQL; and the bounds of the machine. The result is a table and a plot.

mod bounds;
mod fill;
mod measured;
mod plot;
mod processes;
mod raw;
mod unit;
mod world;

use crate::Failure;
use crate::goals::Goals;
use crate::postgres::Cluster;
use crate::report;
use crate::settings::Settings;
use bounds::Bounds;
use measured::Line;
use std::fmt::Write;
use tempfile::TempDir;
use tokio::runtime::Handle;

/// Of the small world: more than any first page holds, so that both show full pages.
const FEW: (usize, usize) = (300, 300);
pub const GOAL: f64 = 1.2;

/// What was measured on one database.
pub struct Side {
    pub name: &'static str,
    pub lines: Vec<Line>,
}

pub struct Results {
    pub sizes: (usize, usize),
    pub sides: Vec<Side>,
    pub processes: Vec<processes::Line>,
    pub bounds: Bounds,
}

pub async fn measure(
    server: &Handle,
    data: &TempDir,
    settings: &Settings,
    goals: &mut Goals,
) -> Result<(), Failure> {
    let sizes = (settings.payments, settings.items);
    println!("SCALE: {} payments and {} items against {} of both", sizes.0, sizes.1, FEW.0);
    let bounds = Bounds::measure(server, data).await?;
    let mut results = Results { sizes, sides: Vec::new(), processes: Vec::new(), bounds };
    results.sides.push(Side { name: "SQLite", lines: compare(server, data, sizes, None).await? });
    match Cluster::start(data.path()) {
        Ok(cluster) => {
            let lines = compare(server, data, sizes, Some(&cluster)).await?;
            results.sides.push(Side { name: "PostgreSQL", lines });
            results.processes = processes::measure(server, data, &cluster).await?;
        }
        Err(error) => goals.leave_out("scale on PostgreSQL", &error.to_string()),
    }
    for side in &results.sides {
        for line in &side.lines {
            let what = format!("{} on {}, times as long as with few", line.what, side.name);
            match &line.failure {
                Some(failure) => goals.leave_out(&what, failure),
                None => goals.at_most(GOAL, line.times(), &what, "it grows with what is there"),
            }
        }
    }
    let table = results.table()?;
    println!("{table}");
    if let Some(folder) = &settings.write {
        std::fs::write(folder.join("scale.md"), document(&table))?;
        std::fs::write(folder.join("scale.svg"), plot::draw(&results)?)?;
        eprintln!("written: scale.md and scale.svg in {}", folder.display());
    }
    Ok(())
}

async fn compare(
    server: &Handle,
    data: &TempDir,
    sizes: (usize, usize),
    cluster: Option<&Cluster>,
) -> Result<Vec<Line>, Failure> {
    let mut worlds = Vec::new();
    for (name, sizes) in [("few", FEW), ("many", sizes)] {
        let urls = match cluster {
            Some(cluster) => Some((
                cluster.database(&format!("{name}_payments")).await?,
                cluster.database(&format!("{name}_shop")).await?,
            )),
            None => None,
        };
        let folder = format!("scale-{name}-{}", if cluster.is_some() { "postgres" } else { "sqlite" });
        worlds.push(fill::world(server, data, &folder, urls, sizes).await?);
    }
    for world in &mut worlds {
        world.start_now(server).await?;
    }
    let lines = measured::measure(server, &worlds[0], &worlds[1]).await?;
    for world in &mut worlds {
        world.stop(server).await?;
    }
    Ok(lines)
}

impl Results {
    /// In Markdown.
    fn table(&self) -> Result<String, Failure> {
        let mut text = String::new();
        writeln!(text, "{}.\n", report::machine())?;
        let (payments, items) = self.sizes;
        writeln!(
            text,
            "Milliseconds on one connection with {} payments and items, with {payments} payments and",
            FEW.0
        )?;
        writeln!(
            text,
            "{items} items, and how many times as long that is (goal: at most {GOAL}). Pay: payments a second.\n"
        )?;
        writeln!(
            text,
            "| first page | {} |",
            self.sides
                .iter()
                .map(|side| format!("{}, few | many | times", side.name))
                .collect::<Vec<_>>()
                .join(" | ")
        )?;
        writeln!(text, "|---{}|", "|---|---|---".repeat(self.sides.len()))?;
        for index in 0..self.sides.first().map_or(0, |side| side.lines.len()) {
            write!(text, "| {}", self.sides[0].lines[index].what)?;
            for side in &self.sides {
                let line = &side.lines[index];
                let (small, large) = (line.small.median(), line.large.median());
                let figure = |rate: f64| {
                    if line.what.starts_with("Pay") {
                        format!("{rate:.0}/s")
                    } else {
                        format!("{:.2}", 1e3 / rate)
                    }
                };
                match &line.failure {
                    Some(failure) => write!(text, " | {} | {failure} | –", figure(small))?,
                    None => write!(text, " | {} | {} | {:.2}", figure(small), figure(large), line.times())?,
                }
            }
            writeln!(text, " |")?;
        }
        if !self.processes.is_empty() {
            writeln!(
                text,
                "\n| processes of Amazon Payments on one PostgreSQL, 64 connections in all | payments/s | what bounds it |\n|---|---|---|"
            )?;
            for line in &self.processes {
                writeln!(text, "| {} | {:.0} | {} |", line.processes, line.rate.median(), line.bound)?;
            }
        }
        writeln!(text, "\n| bound of the machine | a second |\n|---|---|")?;
        for (what, rate) in self.bounds.lines() {
            writeln!(text, "| {what} | {rate:.0} |")?;
        }
        Ok(text)
    }
}

fn document(table: &str) -> String {
    format!(
        "# Scale\n\nWritten by `make bench-scale`; [speed.md](speed.md) says how it is measured.\n\n{table}\n\
         ![How many times as long with many as with few, and rates with the bounds of the machine](scale.svg)\n"
    )
}
