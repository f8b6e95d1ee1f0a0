//! Reading mail: what is opened is no longer new.

use crate::domain::accounts::AccountId;
use crate::domain::mail::{self, Mail, MailId, mailbox};
use crate::engine::Engine;
use platform::db::Batch;
use std::convert::Infallible;

/// The account's own mail, which counts as read from now on; others' are not there for it.
pub async fn open(engine: &Engine, account_id: &AccountId, id: &MailId) -> Result<Option<Mail>, sqlx::Error> {
    let Some(found) = mailbox::find(&engine.db, account_id, id).await? else { return Ok(None) };
    if found.unread {
        let mut batch = Batch::<Infallible>::default();
        mail::mark_read(&mut batch, account_id, id);
        engine.db.write_batch(batch).await?;
    }
    Ok(Some(found))
}

/// The mail with this id and all before it count as read: what came after a page was shown does not.
pub async fn read_up_to(engine: &Engine, account_id: &AccountId, id: &MailId) -> Result<(), sqlx::Error> {
    let mut batch = Batch::<Infallible>::default();
    mail::mark_all_read(&mut batch, account_id, id);
    Ok(engine.db.write_batch(batch).await?)
}
