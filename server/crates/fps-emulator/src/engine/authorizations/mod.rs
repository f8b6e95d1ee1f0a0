//! The way of an authorization behind the Co-Branded UI (fps.md §7), whoever goes it: a person on the pages,
//! or the control API, which makes tokens as a person's clicks would have.
//!
//! A caller's verified request is opened (`open`) as an authorization, which a page loads with what it needs
//! to know (`request`). A signed-in account enters it (`enter`), if no obstacle (`obstacles`) is in its way,
//! and chooses (`choose`) one of its payment options (`payment_options`) and an address. Confirming
//! (`confirm`) issues the tokens (`issue`, `issued_tokens`); everything else ends it without (`end`). Either
//! way the person goes back to the caller's return address (`return_address`), on one of the sites that it
//! has registered (`registered_sites`).

mod choose;
mod confirm;
mod end;
mod enter;
mod issue;
mod issued_tokens;
mod obstacles;
mod open;
mod payment_options;
mod registered_sites;
mod request;
mod return_address;

pub use choose::{NewAddress, Selection};
pub use enter::{Entered, Seen};
pub use payment_options::{PaymentOption, Unusable};
pub use registered_sites::{RegisteredSite, is_registered};
pub use request::{AuthorizationRequest, TokenToEdit};

use crate::domain::authorizations::AuthorizationId;
use crate::engine::Engine;
use crate::engine::signer::{Signer, SignerError};
use text_types::InvalidId;

/// The service; clones share everything.
#[derive(Debug, Clone)]
pub struct Authorizations {
    engine: Engine,
    signer: Signer,
}

impl Authorizations {
    pub const fn new(engine: Engine, signer: Signer) -> Self {
        Self { engine, signer }
    }
}

/// Why an authorization does not go on here.
#[derive(Debug, thiserror::Error)]
pub enum AuthorizationError {
    #[error("There is no such authorization.")]
    NotFound,
    /// The request names none that could be used; in words for the person.
    #[error("{0}")]
    BadReturnUrl(String),
    /// Nobody is sent to a site that is not registered, or not any more.
    #[error(
        "The caller has not registered the site that you would be sent back to, so the request was not followed. \
         You have not been charged."
    )]
    UnregisteredSite,
    /// There is nothing left to do for who asks: it is too old, or was decided by somebody else.
    #[error("The authorization is over.")]
    Over(Box<AuthorizationRequest>),
    /// It came to nothing, or was decided before: to this signed return address.
    #[error("The person goes back to the caller.")]
    Returned(String),
    /// Another account was faster, or has decided: to look again at the authorization with this id.
    #[error("The authorization was claimed meanwhile.")]
    ClaimedMeanwhile(AuthorizationId),
    #[error("Choose how you want to pay first.")]
    NothingSelected,
    /// It was read when it was opened, so that this is a fault of ours.
    #[error("authorization {0} cannot be read")]
    Unreadable(AuthorizationId),
    #[error("database: {0}")]
    Sqlx(#[from] sqlx::Error),
    #[error(transparent)]
    Signer(#[from] SignerError),
    #[error(transparent)]
    Id(#[from] InvalidId),
}
