use jiff::Timestamp;
use platform::db::Columns;
use serde::Serialize;
use sqlx::any::AnyRow;
use text_types::words;

words! {
    enum State {
        Pending = "Pending",
        Delivered = "Delivered",
        GivenUp = "GivenUp",
        NoAddress = "NoAddress",
    }
}

/// Where a notification stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(into = "DeliveryColumns")]
pub enum Delivery {
    /// To be sent, for the first time or again.
    Pending {
        next_attempt_at: Timestamp,
    },
    /// The receiver took it.
    Delivered {
        at: Timestamp,
    },
    GivenUp,
    /// The caller had nowhere to send it to.
    NoAddress,
}

/// The same as the columns hold it, and as it is shown.
#[derive(Debug, Serialize)]
pub(super) struct DeliveryColumns {
    pub state: &'static str,
    pub next_attempt_at: Option<Timestamp>,
    pub delivered_at: Option<Timestamp>,
}

impl From<Delivery> for DeliveryColumns {
    fn from(delivery: Delivery) -> Self {
        let (state, next_attempt_at, delivered_at) = match delivery {
            Delivery::Pending { next_attempt_at } => (State::Pending, Some(next_attempt_at), None),
            Delivery::Delivered { at } => (State::Delivered, None, Some(at)),
            Delivery::GivenUp => (State::GivenUp, None, None),
            Delivery::NoAddress => (State::NoAddress, None, None),
        };
        Self { state: state.as_str(), next_attempt_at, delivered_at }
    }
}

impl Delivery {
    /// Reads `url`, `next_attempt_at` and `delivered_at`; fails where they contradict each other.
    pub(super) fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let next_attempt_at = row.optional("next_attempt_at", Columns::time)?;
        let delivered_at = row.optional("delivered_at", Columns::time)?;
        let url = row.optional("url", Columns::text)?;
        match (url, next_attempt_at, delivered_at) {
            (Some(_), Some(next_attempt_at), None) => Ok(Self::Pending { next_attempt_at }),
            (Some(_), None, Some(at)) => Ok(Self::Delivered { at }),
            (Some(_), None, None) => Ok(Self::GivenUp),
            (None, None, None) => Ok(Self::NoAddress),
            (_, next_attempt_at, _) => {
                let index = if next_attempt_at.is_some() { "next_attempt_at" } else { "delivered_at" };
                let source = "the times of the notification contradict each other or its address".into();
                Err(sqlx::Error::ColumnDecode { index: index.to_owned(), source })
            }
        }
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        DeliveryColumns::from(self).state
    }
}
