//! An authorization with what was asked and whom it concerns: what its pages need beside it.

use crate::domain::accounts::{self, Account, AccountKind};
use crate::domain::authorizations::{self, Authorization, AuthorizationId, Stage};
use crate::domain::callers::Caller;
use crate::domain::instruments::{self, Instrument};
use crate::domain::tokens::{self, Token};
use crate::engine::authorizations::registered_sites::{self, RegisteredSite};
use crate::engine::authorizations::{AuthorizationError, Authorizations};
use fps_protocol::Parameters;
use fps_protocol::cbui::{AmountType, CbuiRequest, PipelineRequest};
use fps_protocol::enums::PaymentMethod;
use fps_protocol::ids::TokenId;
use jiff::Timestamp;
use money::Money;
use platform::lab::About;
use url::Url;

/// Large, so that it is handed on in a box.
#[derive(Debug, Clone)]
pub struct AuthorizationRequest {
    pub authorization: Authorization,
    pub caller: Caller,
    pub asked: PipelineRequest,
    pub return_url: Url,
    /// Where the caller may have people sent back to.
    pub sites: Vec<RegisteredSite>,
    /// The front of the site that the return URL lies on.
    pub home: Url,
    /// Who is paid, where the caller named recipient tokens of its own.
    pub recipients: Vec<Account>,
    /// Of `EditToken`.
    pub token_to_edit: Option<TokenToEdit>,
}

/// A token with what pays for it now and who gave it.
#[derive(Debug, Clone)]
pub struct TokenToEdit {
    pub token: Token,
    pub instrument: Option<Instrument>,
    pub giver: Option<Account>,
}

impl AuthorizationRequest {
    pub fn id(&self) -> &AuthorizationId {
        &self.authorization.id
    }

    /// What the lab is told that it is about.
    pub fn about(&self) -> About {
        About {
            caller: Some(self.caller.access_key.to_string()),
            references: self.asked.references().iter().map(ToString::to_string).collect(),
            ..About::default()
        }
    }

    /// All but recipients choose what pays.
    pub const fn chooses_instrument(&self) -> bool {
        !matches!(self.asked, PipelineRequest::Recipient(_))
    }

    pub fn chooses_address(&self) -> bool {
        self.asked.sender_options().is_some_and(|options| options.collect_shipping_address)
    }

    /// What an answer repeats; the set-up pipelines have none.
    pub fn caller_reference(&self) -> Option<&str> {
        self.asked.caller_reference().map(AsRef::as_ref)
    }

    /// The least that an instrument must be good for to be chosen.
    pub fn least_amount(&self) -> Money {
        match &self.asked {
            PipelineRequest::SingleUse(payment) => payment.transaction_amount,
            PipelineRequest::Recurring(payment) => payment.transaction_amount,
            PipelineRequest::SetupPrepaid(prepaid) => prepaid.funding_amount,
            PipelineRequest::MultiUse(payments) => match payments.each_payment {
                Some((AmountType::Exact | AmountType::Minimum, amount)) => amount,
                Some((AmountType::Maximum, _)) | None => Money::ZERO,
            },
            PipelineRequest::Recipient(_)
            | PipelineRequest::SetupPostpaid(_)
            | PipelineRequest::EditToken(_) => Money::ZERO,
        }
    }

    /// Until when the tokens of what was asked last, if nothing ends them before: a multi-use token for a
    /// year, if the caller does not say otherwise (fps.md §5). `None`: no end is said.
    pub fn valid_until(&self, now: Timestamp) -> Option<Timestamp> {
        let said = self.asked.validity();
        match self.asked {
            PipelineRequest::MultiUse(_) => {
                let start = said.start.unwrap_or(now);
                said.expiry.or_else(|| start.saturating_add(tokens::MULTI_USE_VALID_FOR).ok())
            }
            _ => said.expiry,
        }
    }

    /// Who can be paid is not said: a marketplace that names no recipient says it only when it pays. What
    /// is prepaid or owed is always the caller's.
    pub fn pays_anybody(&self) -> bool {
        self.caller.marketplace
            && !self.names_recipients()
            && !matches!(self.asked, PipelineRequest::SetupPrepaid(_) | PipelineRequest::SetupPostpaid(_))
    }

    fn names_recipients(&self) -> bool {
        let token = self.token_to_edit.as_ref().map(|edited| &edited.token);
        let named_before =
            token.is_some_and(|token| token.recipients().next().is_some() || token.stored_value_id.is_some());
        named_before || !self.asked.recipient_tokens().is_empty()
    }

    /// Whether nobody of those who are paid can take cards: personal accounts cannot (fps.md §7.4).
    pub fn refuses_cards(&self) -> bool {
        if self.names_recipients() {
            let personal = |account: &Account| account.kind == AccountKind::Personal;
            return !self.recipients.is_empty() && self.recipients.iter().all(personal);
        }
        !self.pays_anybody() && self.caller.account_kind == AccountKind::Personal
    }

    /// Whether a person can add a card on the way.
    pub fn takes_new_card(&self) -> bool {
        self.takes(PaymentMethod::Cc) && self.chooses_instrument() && !self.refuses_cards()
    }

    /// Whether a person can add a bank account on the way.
    pub fn takes_new_bank_account(&self) -> bool {
        self.takes(PaymentMethod::Ach) && self.chooses_instrument()
    }

    fn takes(&self, method: PaymentMethod) -> bool {
        self.asked.payment_methods().contains(&method)
    }

    /// Whether the account would pay itself, and nobody else.
    pub fn pays_only(&self, account: &Account) -> bool {
        if self.recipients.is_empty() {
            return self.caller.account_id == account.id;
        }
        self.recipients.iter().all(|recipient| recipient.id == account.id)
    }
}

impl Authorizations {
    /// The authorization as it is, whatever its stage.
    pub async fn load(&self, id: &AuthorizationId) -> Result<Box<AuthorizationRequest>, AuthorizationError> {
        let found = authorizations::find_with_caller(&self.engine.db, id).await?;
        let (authorization, caller) = found.ok_or(AuthorizationError::NotFound)?;
        let (asked, return_url) = stored_request(&authorization)?;
        // The caller can have taken the site back since.
        let sites = self.registered_sites(&caller).await?;
        let home = registered_sites::home(&return_url, &sites).ok_or(AuthorizationError::UnregisteredSite)?;
        let token_to_edit = self.token_to_edit(&asked).await?;
        let recipients = self.recipients(&caller, &asked, token_to_edit.as_ref()).await?;
        Ok(Box::new(AuthorizationRequest {
            authorization,
            caller,
            asked,
            return_url,
            sites,
            home,
            recipients,
            token_to_edit,
        }))
    }

    /// The authorization for its next page: one that is over has none. Its owner has one page left, which is
    /// to be led back; who is signed out can be the owner of one that was confirmed.
    pub async fn resume(
        &self,
        id: &AuthorizationId,
        account: Option<&Account>,
    ) -> Result<Box<AuthorizationRequest>, AuthorizationError> {
        let request = self.load(id).await?;
        let authorization = &request.authorization;
        let over = match authorization.stage {
            Stage::Unclaimed | Stage::Claimed(_) => authorization.expires_at <= self.engine.clock.now(),
            Stage::Ended { .. } => !account.is_some_and(|account| authorization.is_of(account)),
            Stage::Confirmed { .. } => account.is_some_and(|account| authorization.is_of_another(account)),
        };
        if over { Err(AuthorizationError::Over(request)) } else { Ok(request) }
    }

    pub(super) async fn token_to_edit(
        &self,
        asked: &PipelineRequest,
    ) -> Result<Option<TokenToEdit>, sqlx::Error> {
        let db = &self.engine.db;
        let PipelineRequest::EditToken(edit) = asked else { return Ok(None) };
        let Some(token) = tokens::find(db, &edit.token_id).await? else { return Ok(None) };
        let instrument = match &token.instrument_id {
            Some(id) => instruments::find(db, id).await?,
            None => None,
        };
        let giver = accounts::find(db, &token.account_id).await?;
        Ok(Some(TokenToEdit { token, instrument, giver }))
    }

    /// In the order in which they are named. Another caller's recipients are not told; the payment will be
    /// refused.
    pub(super) async fn recipients(
        &self,
        caller: &Caller,
        asked: &PipelineRequest,
        token_to_edit: Option<&TokenToEdit>,
    ) -> Result<Vec<Account>, sqlx::Error> {
        let asked = asked.recipient_tokens().iter();
        let before = token_to_edit.into_iter().flat_map(|edited| edited.token.recipients());
        let ids: Vec<&TokenId> = asked.chain(before).collect();
        let givers = accounts::givers_of(&self.engine.db, &caller.access_key, &ids).await?;
        let mut recipients: Vec<Account> = Vec::new();
        for id in ids {
            if let Some((_, account)) = givers.iter().find(|(token_id, _)| token_id == id)
                && recipients.iter().all(|recipient| recipient.id != account.id)
            {
                recipients.push(account.clone());
            }
        }
        Ok(recipients)
    }
}

/// What was asked, once more. It was read when the authorization was opened, so that it can be read.
fn stored_request(authorization: &Authorization) -> Result<(PipelineRequest, Url), AuthorizationError> {
    let unreadable = || AuthorizationError::Unreadable(authorization.id.clone());
    let parameters = Parameters::from_query(&authorization.parameters).map_err(|_| unreadable())?;
    let request = CbuiRequest { method: "GET".to_owned(), host: String::new(), parameters };
    let asked = PipelineRequest::parse(&request).map_err(|_| unreadable())?;
    Ok((asked, request.return_url().map_err(|_| unreadable())?))
}
