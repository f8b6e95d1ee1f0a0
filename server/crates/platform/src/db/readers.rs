//! The connections to read through.

use super::lease::{Connections, Lease};
use super::sqlite::ShortReads;
use super::unavailable::bounded;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryFutureExt, TryStreamExt, future, stream};
use sqlx::any::{AnyArguments, AnyQueryResult, AnyRow, AnyStatement, AnyTypeInfo};
use sqlx::error::BoxDynError;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, Either, Execute, Executor, SqlStr};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

type Step = Either<AnyQueryResult, AnyRow>;

/// A pool of connections, on which queries run: `fetch_*(db.readers())`. It hands them on as text and arguments, so
/// that what waits for a connection is compiled once, here, and not once more in each crate that asks.
///
/// Each answer is bounded in time, and fetched whole before its first row is given on: whoever reads it slowly holds
/// no connection.
#[derive(Debug, Clone)]
pub struct Readers {
    pub(super) pool: Connections,
    /// Before them, on SQLite.
    pub(super) here: Option<Arc<ShortReads>>,
    /// For the first row with its connection, and for each further one; `None`: for ever.
    pub(super) answer: Option<Duration>,
}

impl Readers {
    /// One connection for longer than a query; nothing on it is bounded.
    pub fn acquire(&self) -> BoxFuture<'_, Result<PoolConnection<Any>, sqlx::Error>> {
        Box::pin(async { Ok(Lease::take(&self.pool).await?.keep()) })
    }

    /// The rows of a read that is short enough to be done by whoever asks. It waits for nothing, so it says by itself
    /// when it is others' turn: who reads in a loop must not have the thread to itself.
    async fn fetch_here(&self, asked: &Asked, most: usize) -> Option<Vec<AnyRow>> {
        let here = self.here.as_ref()?;
        tokio::task::coop::consume_budget().await;
        here.fetch(asked.sql.as_str(), asked.arguments.as_ref(), most)
    }

    async fn fetch_optional_asked(self, asked: Asked) -> Result<Option<AnyRow>, sqlx::Error> {
        if let Some(mut rows) = self.fetch_here(&asked, 1).await {
            return Ok(rows.pop());
        }
        bounded(self.answer, async {
            let mut connection = Lease::take(&self.pool).await?;
            let row = connection.fetch_optional(asked).await;
            connection.give_back_after(row.as_ref().err());
            row
        })
        .await
    }

    async fn fetch_all_asked(self, asked: Asked) -> Result<Vec<Step>, sqlx::Error> {
        if let Some(rows) = self.fetch_here(&asked, usize::MAX).await {
            return Ok(rows.into_iter().map(Either::Right).collect());
        }
        let begun = Instant::now();
        let mut connection = bounded(self.answer, Lease::take(&self.pool)).await?;
        let steps = self.collect(&mut connection, asked, begun).await;
        connection.give_back_after(steps.as_ref().err());
        steps
    }

    async fn collect(
        &self,
        connection: &mut AnyConnection,
        asked: Asked,
        begun: Instant,
    ) -> Result<Vec<Step>, sqlx::Error> {
        let mut answer = connection.fetch_many(asked);
        let mut steps = Vec::new();
        let mut limit = self.answer.map(|limit| limit.saturating_sub(begun.elapsed()));
        while let Some(step) = bounded(limit, answer.try_next()).await? {
            steps.push(step);
            limit = self.answer;
        }
        Ok(steps)
    }
}

/// A query, whoever made it.
struct Asked {
    sql: SqlStr,
    arguments: Option<AnyArguments>,
    persistent: bool,
}

impl Asked {
    fn of<'q>(mut query: impl Execute<'q, Any>) -> Result<Self, sqlx::Error> {
        let arguments = query.take_arguments().map_err(sqlx::Error::Encode)?;
        Ok(Self { arguments, persistent: query.persistent(), sql: query.sql() })
    }
}

impl Execute<'_, Any> for Asked {
    fn sql(self) -> SqlStr {
        self.sql
    }

    fn statement(&self) -> Option<&AnyStatement> {
        None
    }

    fn take_arguments(&mut self) -> Result<Option<AnyArguments>, BoxDynError> {
        Ok(self.arguments.take())
    }

    fn persistent(&self) -> bool {
        self.persistent
    }
}

fn fetch_optional(readers: Readers, asked: Asked) -> BoxFuture<'static, Result<Option<AnyRow>, sqlx::Error>> {
    Box::pin(readers.fetch_optional_asked(asked))
}

fn fetch_many(readers: Readers, asked: Asked) -> BoxStream<'static, Result<Step, sqlx::Error>> {
    let whole = readers.fetch_all_asked(asked);
    whole.map_ok(|steps| stream::iter(steps).map(Ok)).try_flatten_stream().boxed()
}

impl<'p> Executor<'p> for &'p Readers {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Step, sqlx::Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Any>,
    {
        match Asked::of(query) {
            Ok(asked) => fetch_many(self.clone(), asked),
            Err(error) => stream::once(future::ready(Err(error))).boxed(),
        }
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<AnyRow>, sqlx::Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Any>,
    {
        match Asked::of(query) {
            Ok(asked) => fetch_optional(self.clone(), asked),
            Err(error) => Box::pin(future::ready(Err(error))),
        }
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [AnyTypeInfo],
    ) -> BoxFuture<'e, Result<AnyStatement, sqlx::Error>>
    where
        'p: 'e,
    {
        Box::pin(async move {
            let mut connection = Lease::take(&self.pool).await?;
            let statement = connection.prepare_with(sql, parameters).await;
            connection.give_back_after(statement.as_ref().err());
            statement
        })
    }
}
