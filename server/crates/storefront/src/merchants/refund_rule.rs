//! What a seller promises to buyers who want their money back.

use platform::db::Columns;
use sqlx::any::AnyRow;
use std::fmt;

/// A seller's rule for refunds. An order keeps the rule that it was made under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundRule {
    /// The buyer's own button pays back for so many days after the sale; later, or where a download was fetched and the
    /// seller says that this ends it, the seller is asked.
    AtOnce { days: u16, unless_downloaded: bool },
    /// The seller is always asked.
    OnRequest,
}

impl Default for RefundRule {
    fn default() -> Self {
        Self::AtOnce { days: 30, unless_downloaded: false }
    }
}

/// In a few words, for the audit log.
impl fmt::Display for RefundRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtOnce { days: 1, .. } => f.write_str("at once within a day")?,
            Self::AtOnce { days, .. } => write!(f, "at once within {days} days")?,
            Self::OnRequest => f.write_str("on request")?,
        }
        match self {
            Self::AtOnce { unless_downloaded: true, .. } => f.write_str(", unless it was downloaded"),
            _ => Ok(()),
        }
    }
}

impl RefundRule {
    /// From the columns `refund_days` and `refund_unless_downloaded`.
    pub fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let Some(days) = row.optional("refund_days", Columns::integer)? else { return Ok(Self::OnRequest) };
        let days = u16::try_from(days).map_err(|error| sqlx::Error::Decode(error.into()))?;
        Ok(Self::AtOnce { days, unless_downloaded: row.flag("refund_unless_downloaded")? })
    }

    /// The columns.
    pub fn columns(self) -> (Option<i64>, i64) {
        match self {
            Self::AtOnce { days, unless_downloaded } => (Some(i64::from(days)), i64::from(unless_downloaded)),
            Self::OnRequest => (None, 0),
        }
    }
}
