//! What one action writes, as statements that are made before any of them is sent: on SQLite the writer runs them one
//! after the other without a way between two of them, on PostgreSQL all are one statement.

use super::WriteError;
use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe};
use std::borrow::Cow;
use std::convert::Infallible;

/// A value of a statement; `None` is NULL of that type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Integer(Option<i64>),
    Text(Option<Box<str>>),
    Bytes(Option<Box<[u8]>>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(Some(value))
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Self {
        Self::Integer(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.into()))
    }
}

impl From<Option<&str>> for Value {
    fn from(value: Option<&str>) -> Self {
        Self::Text(value.map(Into::into))
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(Some(value.into()))
    }
}

impl From<Option<&[u8]>> for Value {
    fn from(value: Option<&[u8]>) -> Self {
        Self::Bytes(value.map(Into::into))
    }
}

/// An INSERT, UPDATE or DELETE with its values, `$1` and so on.
///
/// On PostgreSQL the statements of a batch do not see each other's changes. One that has to writes the table's name in
/// braces: `FROM {ledger_accounts} a` reads what the statements [`changing`](Self::changing) that table have left in
/// the columns that they name.
#[derive(Debug, Clone)]
pub struct Statement {
    pub(super) sql: Cow<'static, str>,
    pub(super) values: Vec<Value>,
    pub(super) changed: Option<Changed>,
}

/// A table, and the columns that are read of what was changed in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Changed {
    pub(super) table: &'static str,
    pub(super) columns: &'static str,
}

impl Statement {
    /// The text must not come from outside: values are bound.
    pub fn new(sql: impl Into<Cow<'static, str>>) -> Self {
        Self { sql: sql.into(), values: Vec::new(), changed: None }
    }

    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Later statements of the batch read these columns of what it leaves in the table.
    #[must_use]
    pub fn changing(self, table: &'static str, columns: &'static str) -> Self {
        Self { changed: Some(Changed { table, columns }), ..self }
    }

    /// As it is where statements see what came before them.
    pub(super) fn plain_sql(&self) -> Cow<'_, str> {
        if self.sql.contains('{') {
            self.sql.replace(['{', '}'], "").into()
        } else {
            Cow::Borrowed(&self.sql)
        }
    }

    fn query(&self) -> Query<'static, Any, AnyArguments> {
        bind_all(sqlx::query(AssertSqlSafe(self.plain_sql().into_owned())), &self.values)
    }
}

pub(super) fn bind_all(
    query: Query<'static, Any, AnyArguments>,
    values: &[Value],
) -> Query<'static, Any, AnyArguments> {
    values.iter().fold(query, |query, value| match value {
        Value::Integer(value) => query.bind(*value),
        Value::Text(value) => query.bind(value.as_deref().map(str::to_owned)),
        Value::Bytes(value) => query.bind(value.as_deref().map(<[u8]>::to_vec)),
    })
}

/// Which statement found another number of rows than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct UnmetAt(pub(super) usize);

/// Statements that are written together or not at all. A `G` says of a guarded one what it means when it does not
/// find its row.
#[derive(Debug, Clone)]
pub struct Batch<G> {
    statements: Vec<Statement>,
    /// By the number of their statement, in order.
    guards: Vec<(usize, G)>,
}

impl<G> Default for Batch<G> {
    fn default() -> Self {
        Self { statements: Vec::new(), guards: Vec::new() }
    }
}

/// Why nothing of a batch was kept.
#[derive(Debug)]
pub enum Unwritten<G> {
    /// The first guarded statement that did not find its row.
    Unmet(G),
    Database(sqlx::Error),
}

impl<G> From<sqlx::Error> for Unwritten<G> {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

/// Of a batch without guards.
impl From<Unwritten<Infallible>> for sqlx::Error {
    fn from(unwritten: Unwritten<Infallible>) -> Self {
        match unwritten {
            Unwritten::Database(error) => error,
            Unwritten::Unmet(never) => match never {},
        }
    }
}

impl<G: Send + 'static> WriteError for Unwritten<G> {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            Self::Unmet(_) => None,
        }
    }
}

impl<G> Batch<G> {
    /// However many rows it finds.
    pub fn push(&mut self, statement: Statement) {
        self.statements.push(statement);
    }

    /// It must find exactly one row, or nothing of the batch is written.
    pub fn guard(&mut self, statement: Statement, meaning: G) {
        self.guards.push((self.statements.len(), meaning));
        self.statements.push(statement);
    }

    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    pub(super) fn into_parts(self) -> (Statements, Vec<(usize, G)>) {
        let guarded = self.guards.iter().map(|(index, _)| *index).collect();
        (Statements { all: self.statements, guarded }, self.guards)
    }

    /// Runs the statements one by one in a transaction that somebody else ends: after an error it must be rolled back.
    pub async fn run_on(self, c: &mut AnyConnection) -> Result<(), Unwritten<G>> {
        let mut guards = self.guards.into_iter().peekable();
        for (index, statement) in self.statements.iter().enumerate() {
            let found = statement.query().execute(&mut *c).await?.rows_affected();
            if let Some((_, meaning)) = guards.next_if(|(guarded, _)| *guarded == index)
                && found != 1
            {
                return Err(Unwritten::Unmet(meaning));
            }
        }
        Ok(())
    }
}

/// The statements without what their guards mean.
#[derive(Debug)]
pub(super) struct Statements {
    pub(super) all: Vec<Statement>,
    /// Numbers of those that must find exactly one row, in order.
    pub(super) guarded: Vec<usize>,
}

impl Statements {
    pub(super) fn is_guarded(&self, index: usize) -> bool {
        self.guarded.binary_search(&index).is_ok()
    }
}

/// What a guard means, by the number of its statement.
pub(super) fn meaning<G>(guards: Vec<(usize, G)>, unmet: UnmetAt) -> Unwritten<G> {
    let found = guards.into_iter().find(|(index, _)| *index == unmet.0);
    found.map_or_else(
        || Unwritten::Database(sqlx::Error::Protocol(format!("statement {} has no guard", unmet.0))),
        |(_, meaning)| Unwritten::Unmet(meaning),
    )
}
