//! A signed-in account enters an authorization: from then on it is this account's, until it gives it back. Only
//! what a person sends does that, signing in or a form; whoever is signed in and opens a page only looks.

use crate::domain::accounts::Account;
use crate::domain::authorizations::{self, AuthorizationId, Claim, Stage};
use crate::domain::tokens;
use crate::engine::authorizations::{
    AuthorizationError, AuthorizationRequest, Authorizations, PaymentOption, Unusable, end, obstacles,
};
use fps_protocol::cbui::CbuiStatus;

/// An authorization as the account's own, or as it would be.
#[derive(Debug, Clone)]
pub struct Entered<'a> {
    pub request: Box<AuthorizationRequest>,
    pub account: &'a Account,
    /// What the account has chosen so far. Of an authorization that it only looks at, nobody's yet, this is nothing.
    pub claim: Claim,
    /// What the account is offered to pay with; none for a recipient.
    pub payment_options: Vec<PaymentOption>,
}

/// What an account that happens to be signed in sees of an authorization.
#[derive(Debug, Clone)]
pub enum Seen<'a> {
    Suitable(Entered<'a>),
    /// It cannot give what is asked (the merchant, say, on the machine of the buyer): no reason to send the
    /// person back, who may sign in as somebody else.
    Unsuitable(Box<AuthorizationRequest>),
}

impl Entered<'_> {
    /// The payment option with this id, if it may be chosen.
    pub fn usable_option(&self, instrument_id: &str) -> Result<&PaymentOption, Unusable> {
        let option =
            self.payment_options.iter().find(|option| option.instrument.id.as_str() == instrument_id);
        let option = option.ok_or(Unusable::NotOffered)?;
        option.unusable.map_or(Ok(option), Err)
    }

    /// What was chosen to pay with, usable or not; `None` when nothing was, or it is gone since.
    pub fn chosen_option(&self) -> Option<&PaymentOption> {
        let chosen = self.claim.instrument.as_ref()?;
        self.payment_options.iter().find(|option| option.instrument.id == *chosen)
    }
}

impl Authorizations {
    /// Looks at it with the account that happens to be signed in: one that is nobody's yet stays so. As
    /// [`Authorizations::enter`], but what is in the way of this account alone does not end it then.
    pub async fn look<'a>(
        &self,
        request: Box<AuthorizationRequest>,
        account: &'a Account,
    ) -> Result<Seen<'a>, AuthorizationError> {
        let request = undecided(request, account)?;
        let payment_options = self.payment_options(&request, account).await?;
        if request.authorization.stage != Stage::Unclaimed {
            return self.enter_with(request, account, payment_options).await.map(Seen::Suitable);
        }
        let now = self.engine.clock.now();
        if obstacles::to_account(&request, account, &payment_options, now).is_some() {
            return Ok(Seen::Unsuitable(request));
        }
        // Whoever signs in.
        if let Some(status) = self.obstacle(&request, account, &payment_options).await? {
            return Err(AuthorizationError::Returned(self.end(request, None, status).await?));
        }
        let claim = Claim { account: account.id.clone(), instrument: None, address: None };
        Ok(Seen::Suitable(Entered { request, account, claim, payment_options }))
    }

    /// The authorization as this account's own. Somebody else's is over for it; one that is decided, or that
    /// can come to nothing, leads back to the caller.
    pub async fn enter<'a>(
        &self,
        request: Box<AuthorizationRequest>,
        account: &'a Account,
    ) -> Result<Entered<'a>, AuthorizationError> {
        let request = undecided(request, account)?;
        let options = self.payment_options(&request, account).await?;
        self.enter_with(request, account, options).await
    }

    async fn enter_with<'a>(
        &self,
        mut request: Box<AuthorizationRequest>,
        account: &'a Account,
        payment_options: Vec<PaymentOption>,
    ) -> Result<Entered<'a>, AuthorizationError> {
        if let Some(status) = self.obstacle(&request, account, &payment_options).await? {
            return Err(AuthorizationError::Returned(self.end(request, Some(account), status).await?));
        }
        let claim = match request.authorization.claim_of(account) {
            Some(claim) => claim.clone(),
            None => self.claim(request.id(), account).await?,
        };
        request.authorization.stage = Stage::Claimed(claim.clone());
        Ok(Entered { request, account, claim, payment_options })
    }

    async fn obstacle(
        &self,
        request: &AuthorizationRequest,
        account: &Account,
        options: &[PaymentOption],
    ) -> Result<Option<CbuiStatus>, sqlx::Error> {
        let references = request.asked.references();
        let (db, access_key) = (&self.engine.db, &request.caller.access_key);
        if tokens::is_reference_used(db, access_key, &references).await? {
            return Ok(Some(CbuiStatus::PaymentNotPossible));
        }
        Ok(obstacles::to_account(request, account, options, self.engine.clock.now()))
    }

    async fn claim(&self, id: &AuthorizationId, account: &Account) -> Result<Claim, AuthorizationError> {
        let input = (id.clone(), account.id.clone());
        let claim = self
            .engine
            .db
            .transact(input, |c, (id, account_id)| Box::pin(authorizations::claim(c, id, account_id)));
        claim.await?.ok_or_else(|| AuthorizationError::ClaimedMeanwhile(id.clone()))
    }

    /// Gives the authorization back, so that another account can take it; nothing happens to one that is
    /// not the account's.
    pub async fn release(
        &self,
        request: &AuthorizationRequest,
        account: &Account,
    ) -> Result<(), AuthorizationError> {
        let Some(claim) = request.authorization.claim_of(account) else { return Ok(()) };
        let input = (request.id().clone(), claim.clone());
        self.engine
            .db
            .transact(input, |c, (id, claim)| Box::pin(authorizations::release(c, id, claim)))
            .await?;
        Ok(())
    }
}

/// The request, if the account may still decide it.
fn undecided(
    request: Box<AuthorizationRequest>,
    account: &Account,
) -> Result<Box<AuthorizationRequest>, AuthorizationError> {
    if request.authorization.is_of_another(account) {
        return Err(AuthorizationError::Over(request));
    }
    if !request.authorization.is_open() {
        return Err(AuthorizationError::Returned(end::decided(request, Some(account))?));
    }
    Ok(request)
}
