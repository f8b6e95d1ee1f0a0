//! Users who are closed, sellers, items and reviews that are held, and the way back.

use super::by;
use crate::audit::{self, Deed, Entry, Kind, Subject};
use crate::catalogue::{holds, store as items};
use crate::ids::{ItemSlug, MerchantId, ReviewId, UserId};
use crate::users::{Hold, User};
use crate::{Shop, input, merchants, reviews, users};
use app::form::FormState;
use jiff::Timestamp;
use platform::db::WriteError;
use platform::sessions;
use sqlx::AnyConnection;

const LONGEST_REASON: usize = 500;

/// What is held or released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    User(UserId),
    Seller(MerchantId),
    Item(ItemSlug),
    Review(ReviewId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Hold,
    Release,
}

#[derive(Debug, thiserror::Error)]
pub enum StandingError {
    /// The errors stand at their fields.
    #[error("the form cannot be taken as it is")]
    Invalid(FormState),
    #[error("there is no such thing to hold")]
    NotFound,
    #[error("an operator's account cannot be changed here")]
    Operator,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl WriteError for StandingError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

/// What the transaction needs.
struct Wish {
    target: Target,
    hold: Option<Hold>,
    reason: String,
    by: User,
    id: audit::AuditId,
    now: Timestamp,
}

/// Holds it or releases it, for a reason that is kept. Answers whether anything changed: it may have been so already.
pub async fn set(
    shop: &Shop,
    operator: &User,
    target: Target,
    change: Change,
    reason: &str,
) -> Result<bool, StandingError> {
    let reason = kept_reason(reason)?;
    let now = shop.clock.now();
    let hold = (change == Change::Hold).then(|| Hold { at: now, reason: reason.clone() });
    let wish = Wish { target, hold, reason, by: operator.clone(), id: shop.new_id(), now };
    let changed = shop.db.transact(wish, |c, wish| Box::pin(set_in(c, wish))).await?;
    shop.shared_pages.forget();
    Ok(changed)
}

/// As the log keeps it; the form's field is `reason`.
pub(super) fn kept_reason(typed: &str) -> Result<String, StandingError> {
    input::paragraphs(typed, "a reason", LONGEST_REASON).map_err(|problem| {
        let mut form = FormState::default();
        form.set("reason", typed);
        form.refuse("reason", problem);
        StandingError::Invalid(form)
    })
}

async fn set_in(connection: &mut AnyConnection, wish: &Wish) -> Result<bool, StandingError> {
    let hold = wish.hold.as_ref();
    let (changed, subject) = match &wish.target {
        Target::User(id) => set_user(&mut *connection, id, hold).await?,
        Target::Seller(id) => {
            let seller = merchants::store::find(&mut *connection, id).await?;
            let seller = seller.ok_or(StandingError::NotFound)?;
            let changed = merchants::store::set_hold(&mut *connection, id, hold).await?;
            (changed, Subject::new(Kind::Seller, id, seller.name))
        }
        Target::Item(slug) => {
            let item = items::by_slug(&mut *connection, slug).await?.ok_or(StandingError::NotFound)?;
            let changed = holds::set(&mut *connection, &item.id, hold).await?;
            (changed, Subject::new(Kind::Item, &item.slug, item.title))
        }
        Target::Review(id) => {
            let review = reviews::store::by_id(&mut *connection, id).await?;
            let review = review.ok_or(StandingError::NotFound)?;
            let changed = reviews::store::set_hold(&mut *connection, id, hold).await?;
            (changed, Subject::new(Kind::Review, id, format!("Review by {}", review.buyer)))
        }
    };
    if changed {
        let (deed, before, after) = deed(&wish.target, hold.is_some());
        let entry = Entry::new(wish.id.clone(), wish.now, by(&wish.by), deed, subject)
            .changed(before, after)
            .because(&wish.reason);
        audit::record(connection, &entry).await?;
    }
    Ok(changed)
}

/// Whoever is closed is signed out everywhere with it.
async fn set_user(
    connection: &mut AnyConnection,
    id: &UserId,
    hold: Option<&Hold>,
) -> Result<(bool, Subject), StandingError> {
    let user = users::store::by_id(&mut *connection, id).await?.ok_or(StandingError::NotFound)?;
    if user.operator {
        return Err(StandingError::Operator);
    }
    if !users::store::lock(&mut *connection, id).await? {
        // Its owner has deleted it.
        return Err(StandingError::NotFound);
    }
    let changed = users::store::set_hold(&mut *connection, id, hold).await?;
    if hold.is_some() {
        sessions::end_others(connection, id.as_str(), "").await?;
    }
    Ok((changed, Subject::new(Kind::User, id, user.name)))
}

const fn deed(target: &Target, held: bool) -> (Deed, &'static str, &'static str) {
    match (target, held) {
        (Target::User(_), true) => (Deed::UserClosed, "open", "closed"),
        (Target::User(_), false) => (Deed::UserOpened, "closed", "open"),
        (Target::Seller(_), true) => (Deed::SellerHeld, "sells", "held"),
        (Target::Seller(_), false) => (Deed::SellerReleased, "held", "sells"),
        (Target::Item(_), true) => (Deed::ItemHeld, "for sale", "held"),
        (Target::Item(_), false) => (Deed::ItemReleased, "held", "for sale"),
        (Target::Review(_), true) => (Deed::ReviewHidden, "shown", "hidden"),
        (Target::Review(_), false) => (Deed::ReviewShown, "hidden", "shown"),
    }
}
