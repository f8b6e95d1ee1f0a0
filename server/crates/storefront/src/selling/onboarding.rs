//! Becoming a merchant: choosing the name to sell under. Registering as a recipient comes after.

use super::profile;
use crate::Shop;
use crate::audit::{self, Deed, Entry, Kind, Subject, Who};
use crate::catalogue::store as items;
use crate::fps_client::Reply;
use crate::merchants::{Merchant, store};
use crate::users::User;
use fps_protocol::ErrorCode;
use fps_protocol::enums::RecipientVerificationStatus;
use identity::{NameProblem, PublicName};
use platform::db::WriteError;

pub(super) const LONGEST_NAME: usize = 60;

#[derive(Debug, thiserror::Error)]
pub enum OnboardingError {
    #[error(transparent)]
    Name(#[from] NameProblem),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl WriteError for OnboardingError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            Self::Name(_) => None,
        }
    }
}

/// Makes the user a merchant. Whoever is one already stays what they are. Nobody takes a name that looks like another's,
/// however fast: each look of a name is in the database once.
pub async fn become_merchant(shop: &Shop, user: &User, name: &str) -> Result<(), OnboardingError> {
    let name = PublicName::parse(name, LONGEST_NAME)?;
    let (merchant, now) =
        (Merchant::new(shop.new_id(), user.id.clone(), name.into_string()), shop.clock.now());
    let who = Who::Person { id: user.id.clone(), name: user.name.clone() };
    let subject = Subject::new(Kind::Seller, &merchant.id, &merchant.name);
    let entry = Entry::new(shop.new_id(), now, who, Deed::BecameSeller, subject);
    shop.db
        .transact((merchant, now, entry), |c, (merchant, now, entry)| {
            Box::pin(async move {
                let is_new = store::insert(&mut *c, merchant, *now).await?;
                if !is_new {
                    return Ok(());
                }
                if !store::claim_name(&mut *c, merchant).await? {
                    return Err(NameProblem::Taken.into());
                }
                profile::claim_address(&mut *c, merchant).await?;
                Ok(audit::record(c, entry).await?)
            })
        })
        .await
}

/// Whether buyers' money can reach a merchant who is about to list a first item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// As far as Amazon says: where it cannot be asked, nobody is kept from listing.
    Ready,
    NotVerified,
    Closed,
    /// The registration is not good any more, and was forgotten: there must be a new one.
    RegistrationGone,
}

/// Asks Amazon how far the account of a merchant is verified who has no item yet.
pub async fn standing(shop: &Shop, merchant: &Merchant) -> Result<Standing, sqlx::Error> {
    let Some(registration) = &merchant.registration else { return Ok(Standing::RegistrationGone) };
    if items::any_of(&shop.db, &merchant.id).await? {
        return Ok(Standing::Ready);
    }
    let standing = match shop.fps.recipient_verification(&registration.recipient_token).await {
        Reply::Known(answer) => of_status(answer.status),
        Reply::Refused(Some(ErrorCode::InvalidAccountStateRecipient)) => Standing::Closed,
        Reply::Refused(Some(ErrorCode::TokenNotActiveRecipient | ErrorCode::InvalidTokenIdRecipient)) => {
            Standing::RegistrationGone
        }
        Reply::Refused(_) | Reply::Unknown => Standing::Ready,
    };
    if standing == Standing::RegistrationGone {
        let input = (registration.recipient_token.clone(), shop.clock.now());
        shop.db
            .transact(input, |c, (token, now)| Box::pin(store::forget_registration(c, token, *now)))
            .await?;
        shop.shared_pages.forget();
    }
    Ok(standing)
}

fn of_status(status: RecipientVerificationStatus) -> Standing {
    match status {
        RecipientVerificationStatus::VerificationComplete
        | RecipientVerificationStatus::VerificationCompleteNoLimits
        | RecipientVerificationStatus::Active => Standing::Ready,
        RecipientVerificationStatus::VerificationPending
        | RecipientVerificationStatus::PendingUserAction
        | RecipientVerificationStatus::PendingReview => Standing::NotVerified,
        RecipientVerificationStatus::Closed => Standing::Closed,
    }
}
