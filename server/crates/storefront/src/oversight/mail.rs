//! Mail that could not be sent is tried once more.

use super::by;
use crate::Shop;
use crate::audit::{self, Deed, Entry, Kind, Subject};
use crate::ids::MailId;
use crate::mail::store;
use crate::mailbox::sending::lease;
use crate::users::User;
use sqlx::AnyConnection;

/// Has it sent by the job, soon: never part of a request. Answers whether there was anything to send.
pub async fn send_again(shop: &Shop, operator: &User, id: &MailId) -> Result<bool, sqlx::Error> {
    let now = shop.clock.now();
    let subject = Subject::new(Kind::Mail, id, "");
    let entry = Entry::new(shop.new_id(), now, by(operator), Deed::MailSentAgain, subject);
    shop.db.transact((id.clone(), entry), |c, (id, entry)| Box::pin(send_again_in(c, id, entry))).await
}

async fn send_again_in(
    connection: &mut AnyConnection,
    id: &MailId,
    entry: &Entry,
) -> Result<bool, sqlx::Error> {
    let Some(mail) = store::by_id(&mut *connection, id).await? else { return Ok(false) };
    if !store::send_again(&mut *connection, id, [entry.at, lease(entry.at)]).await? {
        return Ok(false);
    }
    let subject = Subject::new(Kind::Mail, id, mail.address);
    let entry =
        Entry { subject, ..entry.clone() }.changed(mail.failure.unwrap_or_default(), "to be sent again");
    audit::record(connection, &entry).await?;
    Ok(true)
}
