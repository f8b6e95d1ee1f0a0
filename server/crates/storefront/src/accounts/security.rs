//! Another password, and the end of sessions elsewhere.

use super::{AccountError, ask_password, end_what_was_begun, invalid, new_password};
use crate::Shop;
use crate::mail::{About, store as mails};
use crate::users::{User, store};
use platform::sessions;
use std::net::IpAddr;

/// What the form for a new password asks for.
#[derive(Clone)]
pub struct ChangePassword {
    pub current: String,
    pub new: String,
}

/// Gives the user another password and ends their sessions but the one of this handle, in one commit (OWASP ASVS 5.0,
/// 6.2.3 and 7.4.3), after the current one.
pub async fn change_password(
    shop: &Shop,
    user: &User,
    form: ChangePassword,
    from: IpAddr,
    session: &str,
) -> Result<(), AccountError> {
    let same = form.new == form.current;
    let new =
        new_password(shop, form.new, &user.email).map_err(|problem| invalid("new_password", problem))?;
    let old_hash = ask_password(shop, user, form.current, from).await?;
    if same {
        return Err(invalid("new_password", "This is the password that you have. Choose another one."));
    }
    let new_hash = shop.passwords.hash(new.into_string()).await?;
    let input = (user.id.clone(), old_hash, new_hash, session.to_owned(), shop.mail_stamp());
    let changed = shop.db.transact(input, |c, (id, old_hash, new_hash, session, stamp)| {
        Box::pin(async move {
            let changed = store::change_password(&mut *c, id, old_hash, new_hash).await?;
            sessions::end_others(&mut *c, id.as_str(), session).await?;
            if changed {
                end_what_was_begun(&mut *c, id).await?;
                mails::add(c, id, &About::PasswordChanged, stamp).await?;
            }
            Ok(changed)
        })
    });
    match changed.await {
        Ok(true) => Ok(()),
        Ok(false) => {
            Err(invalid("current_password", "Your password was changed meanwhile. Type the new one."))
        }
        Err(error) => Err(AccountError::Database(error)),
    }
}

/// Ends one session of this user; one that is not theirs, or not there any more, is left alone.
pub async fn end_session(shop: &Shop, user: &User, handle: String) -> Result<(), sqlx::Error> {
    let input = (user.id.clone(), handle);
    shop.db.transact(input, |c, (id, handle)| Box::pin(sessions::end(c, id.as_str(), handle))).await
}

/// Ends all sessions of this user but the one of this handle.
pub async fn end_other_sessions(shop: &Shop, user: &User, session: String) -> Result<(), sqlx::Error> {
    let input = (user.id.clone(), session);
    shop.db.transact(input, |c, (id, session)| Box::pin(sessions::end_others(c, id.as_str(), session))).await
}
