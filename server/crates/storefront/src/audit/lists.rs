//! The log as it is read: the newest first, a page at a time, and only what is looked for.

use super::{Deed, Entry, Subject, Who};
use crate::ids::{AuditId, UserId};
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use platform::paging::{self, Part, Place};
use sqlx::FromRow;
use sqlx::any::AnyRow;
use std::fmt::Write;
use text_types::sql::placeholders;

/// What is looked for; nothing of it means everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub by: Option<By>,
    pub deed: Option<Deed>,
    /// The subject's id, or its whole name in any case.
    pub subject: Option<String>,
    pub from: Option<Timestamp>,
    /// Before this.
    pub until: Option<Timestamp>,
}

/// Who is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// Any of these; none of them finds nothing.
    People(Vec<UserId>),
    Shop,
}

impl FromRow<'_, AnyRow> for Entry {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let name = row.text("actor")?;
        let who = match row.optional("actor_id", Columns::parsed)? {
            Some(id) => Who::Person { id, name },
            None => Who::Shop,
        };
        Ok(Self {
            id: row.parsed("id")?,
            at: row.time("at")?,
            who,
            deed: row.parsed("deed")?,
            subject: Subject {
                kind: row.parsed("kind")?,
                id: row.text("subject_id")?,
                title: row.text("subject")?,
            },
            old: row.text("old_value")?,
            new: row.text("new_value")?,
            reason: row.text("reason")?,
        })
    }
}

impl Filter {
    /// The condition, and its values from `$4` on.
    pub(super) fn condition(&self) -> (String, Vec<String>) {
        let (mut sql, mut values) = (String::new(), Vec::new());
        match &self.by {
            None => {}
            Some(By::Shop) => sql.push_str(" AND actor_id IS NULL"),
            Some(By::People(ids)) if ids.is_empty() => sql.push_str(" AND 1 = 0"),
            Some(By::People(ids)) => {
                // Writing to a String cannot fail.
                let _ = write!(sql, " AND actor_id IN ({})", placeholders(4, ids.len()));
                values.extend(ids.iter().map(ToString::to_string));
            }
        }
        if let Some(deed) = self.deed {
            values.push(deed.as_str().to_owned());
            let _ = write!(sql, " AND deed = ${}", values.len() + 3);
        }
        if let Some(subject) = &self.subject {
            values.extend([subject.clone(), subject.to_lowercase()]);
            let number = values.len() + 3;
            let _ = write!(sql, " AND (subject_id = ${} OR subject_look = ${number})", number - 1);
        }
        for (operator, moment) in [(">=", self.from), ("<", self.until)] {
            if let Some(moment) = moment {
                let _ = write!(sql, " AND at {operator} {}", moment.as_microsecond());
            }
        }
        (sql, values)
    }
}

/// The statement of a part of the log; `$1` and `$2` are the place, `$3` the limit.
pub(super) fn statement(condition: &str, newer: bool) -> String {
    let (beyond, order) = if newer { (">", "ASC") } else { ("<", "DESC") };
    format!(
        "SELECT id, at, actor_id, actor, deed, kind, subject_id, subject, old_value, new_value, reason FROM audit_log \
         WHERE (at, id) {beyond} ($1, $2){condition} ORDER BY at {order}, id {order} LIMIT $3"
    )
}

/// Up to `limit` lines of a part of what is looked for, the newest first.
pub async fn of_page(
    db: &Database,
    filter: &Filter,
    part: &Part<Place<AuditId>>,
    limit: i64,
) -> Result<Vec<Entry>, sqlx::Error> {
    let (condition, values) = filter.condition();
    paging::rows_where(db, |newer| statement(&condition, newer), values, part, limit).await
}
