//! Mails that have rows, and what was read.

use crate::domain::accounts::AccountId;
use crate::domain::mail::{MailId, MailKind, MailNumber};
use crate::domain::transactions::Transaction;
use jiff::Timestamp;
use platform::db::{Batch, Statement};
use sqlx::AnyConnection;
use std::convert::Infallible;

/// A mail to be written.
#[derive(Debug, Clone)]
pub struct NewMail {
    pub to: AccountId,
    pub kind: MailKind,
    /// The id of the transaction, token or account that it is about.
    pub reference: String,
    pub at: Timestamp,
}

pub fn write<G>(batch: &mut Batch<G>, new: &NewMail) {
    let statement = Statement::new(
        "INSERT INTO mails (account, at, kind, reference) \
         VALUES ((SELECT a.number FROM accounts a WHERE a.id = $1), $2, $3, $4)",
    )
    .bind(new.to.as_str())
    .bind(new.at.as_microsecond())
    .bind(new.kind.as_str())
    .bind(new.reference.as_str());
    batch.push(statement);
}

/// The same within a transaction that somebody else ends.
pub async fn write_on(c: &mut AnyConnection, new: &NewMail) -> Result<(), sqlx::Error> {
    let mut batch = Batch::<Infallible>::default();
    write(&mut batch, new);
    Ok(batch.run_on(c).await?)
}

/// The mails of a transaction's change, to both of its sides.
pub fn write_changes<G>(batch: &mut Batch<G>, changed: &Transaction, at: Timestamp) {
    let sides = [&changed.sender_account_id, &changed.recipient_account_id];
    for (to, kind) in sides.into_iter().zip(MailKind::of_change(changed)) {
        let Some(kind) = kind else { continue };
        write(batch, &NewMail { to: to.clone(), kind, reference: changed.id.to_string(), at });
    }
}

/// However often it is read.
pub fn mark_read<G>(batch: &mut Batch<G>, account_id: &AccountId, MailId { at, id }: &MailId) {
    let (written, number) = match id {
        MailNumber::Begun(number) => (0, *number),
        MailNumber::Written(number) => (1, *number),
    };
    let statement = Statement::new(
        "INSERT INTO mails_read (account, at, written, number) \
         VALUES ((SELECT a.number FROM accounts a WHERE a.id = $1), $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(account_id.as_str())
    .bind(at.as_microsecond())
    .bind(written)
    .bind(number);
    batch.push(statement);
}

/// This one and all before it count as read. What was marked one by one before needs its marks no longer.
pub fn mark_all_read<G>(batch: &mut Batch<G>, account_id: &AccountId, MailId { at, id }: &MailId) {
    let (begun, written) = id.bounds();
    let upsert = Statement::new(
        "INSERT INTO mailboxes (account, read_at, read_begun, read_written) \
         VALUES ((SELECT a.number FROM accounts a WHERE a.id = $1), $2, $3, $4) \
         ON CONFLICT (account) DO UPDATE SET read_at = excluded.read_at, read_begun = excluded.read_begun, \
             read_written = excluded.read_written \
         WHERE (excluded.read_at, excluded.read_begun, excluded.read_written) \
             > (mailboxes.read_at, mailboxes.read_begun, mailboxes.read_written)",
    )
    .bind(account_id.as_str())
    .bind(at.as_microsecond())
    .bind(begun)
    .bind(written);
    batch.push(upsert);
    let marks = "DELETE FROM mails_read \
         WHERE account = (SELECT a.number FROM accounts a WHERE a.id = $1) AND at < $2";
    batch.push(Statement::new(marks).bind(account_id.as_str()).bind(at.as_microsecond()));
}
