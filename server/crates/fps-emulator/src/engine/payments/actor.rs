//! Who wants something done with a transaction: a program by its access key, or a person at the account
//! site. What may be done is the same; whose transactions it may be done with is not.

use crate::domain::callers::Caller;
use crate::domain::transactions::record::Case;
use crate::domain::transactions::{find, find_of_caller};
use platform::Database;

#[derive(Debug, Clone, Copy)]
pub enum Actor<'a> {
    /// The caller under whose key the transaction was made.
    Caller { access_key: &'a str },
    /// The account that pays.
    Sender { account_id: &'a str },
    /// The account that was paid, for a transaction of that caller.
    Recipient { account_id: &'a str, access_key: &'a str },
}

impl<'a> From<&'a Caller> for Actor<'a> {
    fn from(caller: &'a Caller) -> Self {
        Self::Caller { access_key: &caller.access_key }
    }
}

impl Actor<'_> {
    /// The actor's own transaction: of others' it learns nothing.
    pub async fn find(self, db: &Database, id: &str) -> Result<Option<Case>, sqlx::Error> {
        match self {
            Self::Caller { access_key } => find_of_caller(db, access_key, id).await,
            Self::Sender { account_id } => {
                Ok(find(db, id).await?.filter(|case| case.transaction.sender_account_id == account_id))
            }
            Self::Recipient { account_id, access_key } => Ok(find_of_caller(db, access_key, id)
                .await?
                .filter(|case| case.transaction.recipient_account_id == account_id)),
        }
    }
}
