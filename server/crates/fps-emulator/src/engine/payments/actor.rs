//! Who wants something done with a transaction: a program by its access key, or a person at the account
//! site. What may be done is the same; whose transactions it may be done with is not.

use crate::domain::accounts::AccountId;
use crate::domain::callers::Caller;
use crate::domain::transactions::{Transaction, find, find_of_caller};
use fps_protocol::ids::{AccessKey, TransactionId};
use platform::Database;

#[derive(Debug, Clone, Copy)]
pub enum Actor<'a> {
    /// The caller under whose key the transaction was made.
    Caller { access_key: &'a AccessKey },
    /// The account that pays.
    Sender { account_id: &'a AccountId },
    /// The account that was paid, for a transaction of that caller.
    Recipient { account_id: &'a AccountId, access_key: &'a AccessKey },
}

impl<'a> From<&'a Caller> for Actor<'a> {
    fn from(caller: &'a Caller) -> Self {
        Self::Caller { access_key: &caller.access_key }
    }
}

impl Actor<'_> {
    /// The actor's own transaction: of others' it learns nothing.
    pub async fn find(self, db: &Database, id: &TransactionId) -> Result<Option<Transaction>, sqlx::Error> {
        match self {
            Self::Caller { access_key } => find_of_caller(db, access_key, id).await,
            Self::Sender { account_id } => {
                Ok(find(db, id).await?.filter(|transaction| transaction.sender_account_id == *account_id))
            }
            Self::Recipient { account_id, access_key } => Ok(find_of_caller(db, access_key, id)
                .await?
                .filter(|transaction| transaction.recipient_account_id == *account_id)),
        }
    }
}
