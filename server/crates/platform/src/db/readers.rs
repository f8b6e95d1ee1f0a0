//! The connections to read through.

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, future, stream};
use sqlx::any::{AnyArguments, AnyQueryResult, AnyRow, AnyStatement, AnyTypeInfo};
use sqlx::error::BoxDynError;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyPool, Either, Execute, Executor, SqlStr};

type Step = Either<AnyQueryResult, AnyRow>;

/// A pool of connections, on which queries run: `fetch_*(db.readers())`. It hands them on as text and arguments, so
/// that what waits for a connection is compiled once, here, and not once more in each crate that asks.
#[derive(Debug, Clone)]
pub struct Readers(pub(super) AnyPool);

impl Readers {
    /// One connection for longer than a query.
    pub fn acquire(&self) -> BoxFuture<'_, Result<PoolConnection<Any>, sqlx::Error>> {
        Box::pin(self.0.acquire())
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

fn fetch_optional(pool: AnyPool, asked: Asked) -> BoxFuture<'static, Result<Option<AnyRow>, sqlx::Error>> {
    Box::pin(async move { pool.fetch_optional(asked).await })
}

fn fetch_many(pool: &AnyPool, asked: Asked) -> BoxStream<'static, Result<Step, sqlx::Error>> {
    pool.fetch_many(asked)
}

impl<'p> Executor<'p> for &'p Readers {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Step, sqlx::Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Any>,
    {
        match Asked::of(query) {
            Ok(asked) => fetch_many(&self.0, asked),
            Err(error) => stream::once(future::ready(Err(error))).boxed(),
        }
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<AnyRow>, sqlx::Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Any>,
    {
        match Asked::of(query) {
            Ok(asked) => fetch_optional(self.0.clone(), asked),
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
        self.0.prepare_with(sql, parameters)
    }
}
