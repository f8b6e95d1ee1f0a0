//! The rows of a Pay through PostgreSQL's `pgbench`: one recorded payment as a script, in which everything that differs
//! from one payment to the next follows from the payment's number.

use super::numbered::Numbered;
use super::record::{self, BESIDE};
use super::{Cell, Change, Pay, Row};
use crate::Failure;
use crate::load::Connection as Http;
use crate::payments_site::{PaymentsSite, expect_success};
use crate::postgres::Cluster;
use crate::programs::output_within;
use crate::report::Rate;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::fmt::Write;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Handle;
use url::Url;

/// Recorded; the last two are compared.
const PAYS: usize = 6;
/// Numbers begin above those of the recorded payments.
const PAYS_BEFORE: usize = 1_000;
/// Payments of one run at the most: there are tokens for so many.
const RUN: usize = 40_000;
/// How much longer than it should a run may take.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Pgbench {
    url: String,
    script: PathBuf,
    tokens: String,
    /// Payments begin after this number in the next run.
    base: usize,
}

impl Pgbench {
    /// The error says why there is none.
    pub async fn record(
        server: &Handle,
        data: &TempDir,
        cluster: &Cluster,
        ipn_url: &Url,
    ) -> Result<Self, Failure> {
        let mut version = Command::new("pgbench");
        version.arg("--version");
        output_within(version, PATIENCE)?;
        let url = cluster.database("floor").await?;
        let site = PaymentsSite::start_on(server, data, "floor-postgres", Some(url.clone())).await?;
        let calls = site.callers.signed_pays(PAYS, ipn_url).await?;
        let mut db = PgConnection::connect(&url).await?;
        let tables = record::begin_on_postgres(&mut db, &BESIDE).await?;
        let mut connection = Http::open(&site.address).await?;
        let (mut pays, mut last) = (Vec::new(), 0);
        for call in calls {
            expect_success(connection.exchange(&call).await?)?;
            pays.push(record::since_on_postgres(&mut db, &tables, &mut last).await?);
        }
        server.spawn(site.running.stop()).await?;
        record::end_on_postgres(&mut db, &tables).await?;
        let numbered = Numbered::on_postgres(&mut db).await?;
        // Enough for all runs: what is tried is how fast, not how much.
        db.execute("UPDATE ledger_accounts SET balance = balance + 1000000000000000 WHERE kind = 'Stored'")
            .await?;
        let script = Script::of(&pays, numbered)?;
        let file = data.path().join("pay.sql");
        std::fs::write(&file, script.text("(:number)")?)?;
        Ok(Self { url, script: file, tokens: script.tokens()?, base: PAYS_BEFORE })
    }

    /// So many clients for so long, each with one transaction after another.
    pub async fn run(&mut self, clients: usize, limit: Duration) -> Result<Rate, Failure> {
        let mut db = PgConnection::connect(&self.url).await?;
        let (first, last) = (self.base + 1, self.base + RUN);
        let tokens = self.tokens.replace(":first", &first.to_string()).replace(":last", &last.to_string());
        db.execute(AssertSqlSafe(tokens)).await?;
        // What making tokens left to do is not to be done while the payments are measured.
        db.execute("CHECKPOINT").await?;
        db.close().await?;
        let seconds = limit.as_secs().max(1);
        let threads = clients.min(std::thread::available_parallelism().map_or(1, usize::from));
        let mut command = Command::new("pgbench");
        command.args(["--no-vacuum", "--protocol=prepared"]).arg("-f").arg(&self.script);
        command.arg(format!("--client={clients}")).arg(format!("--jobs={threads}"));
        command.arg(format!("--time={seconds}")).arg(format!("-Dbase={}", self.base)).arg("-Dturn=0");
        command.arg(format!("-Dshare={}", RUN / clients)).arg(&self.url);
        let (status, said) = tokio::task::block_in_place(|| output_within(command, limit + PATIENCE))?;
        self.base = last;
        let figure = |words: &str| {
            let line = said.lines().find_map(|line| line.strip_prefix(words))?;
            line.split([' ', '/']).find_map(|word| word.parse::<f64>().ok())
        };
        let count = figure("number of transactions actually processed: ").filter(|_| status.success());
        let (Some(count), Some(rate)) = (count, figure("tps = ")) else {
            return Err(format!("pgbench: {status}, {said}").into());
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
        Ok(Rate { count: count as u32, elapsed: Duration::from_secs_f64(count / rate.max(1e-9)) })
    }
}

/// Two payments one after the other, from which all others follow.
struct Script {
    first: Pay,
    second: Pay,
    numbered: Numbered,
}

impl Script {
    fn of(pays: &[Pay], numbered: Numbered) -> Result<Self, Failure> {
        let alike = |one: &Pay, other: &Pay| {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.is_like(other))
        };
        let [.., first, second] = pays else { return Err("too few payments were recorded".into()) };
        if first.is_empty() || !alike(first, second) {
            return Err("two payments of the same kind did not write the same kinds of rows".into());
        }
        Ok(Self { first: first.clone(), second: second.clone(), numbered })
    }

    fn text(&self, number: &str) -> Result<String, Failure> {
        let mut text = "\\set turn :turn + 1\n\\set number :base + :client_id * :share + :turn\n\
            \\startpipeline\nBEGIN;\n"
            .to_owned();
        let changes: Vec<_> = self.first.iter().zip(&self.second).collect();
        // Rows of one table that follow each other are one statement.
        for group in changes.chunk_by(|(one, _), (other, _)| one.before.is_none() && one.is_like(other)) {
            let (change, _) = group[0];
            if change.before.is_some() {
                text.push_str(&self.update(group[0], number)?);
                continue;
            }
            let columns: Vec<&str> = change.after.keys().map(String::as_str).collect();
            let row = |(one, other): &(&Change, &Change)| self.row(one, &one.after, &other.after, number);
            let rows: Vec<String> = group.iter().map(row).collect::<Result<_, _>>()?;
            let (table, columns, rows) = (&change.table, columns.join(", "), rows.join("), ("));
            writeln!(text, "INSERT INTO {table} ({columns}) VALUES ({rows});")?;
        }
        text.push_str("END;\n\\endpipeline\n");
        Ok(text)
    }

    /// Rows that each payment finds and changes for itself: its token.
    fn tokens(&self) -> Result<String, Failure> {
        let mut text = String::new();
        for (one, other) in self.first.iter().zip(&self.second) {
            if let (Some(before), Some(other)) = (&one.before, &other.before)
                && one.key.iter().any(|column| before[column] != other[column])
            {
                let columns: Vec<&str> = before.keys().map(String::as_str).collect();
                let row = self.row(one, before, other, "number")?;
                let (table, columns) = (&one.table, columns.join(", "));
                writeln!(
                    text,
                    "INSERT INTO {table} ({columns}) SELECT {row} FROM generate_series(:first, :last) number;"
                )?;
            }
        }
        Ok(text)
    }

    fn row(&self, change: &Change, row: &Row, next: &Row, number: &str) -> Result<String, Failure> {
        let cells = row
            .iter()
            .map(|(column, cell)| self.numbered.cell(&change.table, column, (cell, &next[column]), number));
        Ok(cells.collect::<Result<Vec<_>, _>>()?.join(", "))
    }

    /// Guarded by what it found. A row that all payments change (an account) is counted up, one of the payment's own
    /// gets what the recorded one got.
    fn update(&self, (one, other): (&Change, &Change), number: &str) -> Result<String, Failure> {
        let (Some(before), Some(next)) = (&one.before, &other.before) else { return Ok(String::new()) };
        let own = one.key.iter().any(|column| before[column] != next[column]);
        let (mut set, mut found) = (Vec::new(), Vec::new());
        for column in &one.key {
            let value = self.numbered.cell(&one.table, column, (&before[column], &next[column]), number)?;
            found.push(format!("{column} = {value}"));
        }
        for column in one.changed() {
            match (&before[column], &one.after[column]) {
                (Cell::Integer(old), Cell::Integer(new)) if !own => {
                    set.push(format!("{column} = {column} + ({})", new - old));
                }
                (old, new) => {
                    let value =
                        self.numbered.cell(&one.table, column, (new, &other.after[column]), number)?;
                    set.push(format!("{column} = {value}"));
                    if own {
                        let old = self.numbered.cell(&one.table, column, (old, &next[column]), number)?;
                        found.push(format!("{column} IS NOT DISTINCT FROM {old}"));
                    }
                }
            }
        }
        Ok(format!("UPDATE {} SET {} WHERE {};\n", one.table, set.join(", "), found.join(" AND ")))
    }
}
