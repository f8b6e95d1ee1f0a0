//! What the operator holds: a user's account, a seller's shop, an item, a review.

use jiff::Timestamp;
use platform::db::Columns;
use shop_pages::model::HoldView;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

/// Since when, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub at: Timestamp,
    pub reason: String,
}

/// What [holds](Hold::set) a row of a table, and what releases it.
macro_rules! hold_statements {
    ($table:literal) => {
        [
            concat!(
                "UPDATE ",
                $table,
                " SET held_at = $1, held_reason = $2 WHERE id = $3 AND held_at IS NULL"
            ),
            concat!(
                "UPDATE ",
                $table,
                " SET held_at = $1, held_reason = $2 WHERE id = $3 AND held_at IS NOT NULL"
            ),
        ]
    };
}
pub(crate) use hold_statements;

impl From<Hold> for HoldView {
    fn from(Hold { at, reason }: Hold) -> Self {
        Self { at, reason }
    }
}

impl Hold {
    /// From the columns `held_at` and `held_reason`; `None` where nothing is held.
    pub fn from_row(row: &AnyRow) -> Result<Option<Self>, sqlx::Error> {
        let Some(at) = row.optional("held_at", Columns::time)? else { return Ok(None) };
        Ok(Some(Self { at, reason: row.text("held_reason")? }))
    }

    /// Holds a row, or releases it, by the statement for it: `$1` is the moment, `$2` the reason, `$3` the row's id.
    /// Answers `false` where it is so already.
    pub async fn set(
        connection: &mut AnyConnection,
        [holds, releases]: [&'static str; 2],
        id: &str,
        hold: Option<&Self>,
    ) -> Result<bool, sqlx::Error> {
        let changed = sqlx::query(if hold.is_some() { holds } else { releases })
            .bind(hold.map(|hold| hold.at.as_microsecond()))
            .bind(hold.map(|hold| hold.reason.as_str()))
            .bind(id)
            .execute(connection)
            .await?;
        Ok(changed.rows_affected() == 1)
    }
}
