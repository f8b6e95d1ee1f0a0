//! Who is signed in to Amazon Payments: one session for the account site and the Co-Branded UI.

use crate::domain::accounts::{self, Account, AccountStatus};
use crate::state::{SESSION_OWNER, Site};
use crate::web::form::typed;
use app::form::FormState;
use axum::extract::FromRequestParts;
use http::request::Parts;
use payments_pages::model::{Chrome, Viewer};
use platform::sessions::{self, Device, Session};
use platform::web::{ClientAddress, FormFields, Refusal};

/// The session's key of a message for the next page.
pub const NOTICE: &str = "notice";
/// One message whatever was wrong: it does not tell who has an account.
const WRONG: &str = "The e-mail address or the password is not right.";

/// The person's session and account, taken by every page.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub session: Session,
    pub account: Option<Account>,
    path: String,
    device: Device,
    lab: bool,
}

impl FromRequestParts<Site> for Visitor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Refusal> {
        let session =
            Session::from_request_parts(parts, site).await.map_err(|(_, reason)| Refusal::because(reason))?;
        let id: Option<String> = session.get(SESSION_OWNER).await?;
        let account = match id.and_then(|id| id.parse().ok()) {
            // The account can be gone, by a reset.
            Some(id) => accounts::find(&site.payments.db, &id).await?,
            None => None,
        };
        let Ok(device) = Device::from_request_parts(parts, site).await;
        let lab = site.payments.config.lab;
        Ok(Self { session, account, path: parts.uri.path().to_owned(), device, lab })
    }
}

impl Visitor {
    /// What pages show around their content.
    pub fn chrome(&self) -> Chrome {
        let viewer = self
            .account
            .as_ref()
            .map(|account| Viewer { name: account.public_name().to_owned(), email: account.email.clone() });
        Chrome { viewer, path: self.path.clone(), lab: self.lab, ..Chrome::default() }
    }

    /// From now on this person is that account. A new session id: one that somebody else has planted
    /// before is worth nothing.
    pub async fn become_account(&mut self, account: Account) -> Result<(), Refusal> {
        sessions::sign_in(&self.session, SESSION_OWNER, account.id.as_str(), &self.device).await?;
        self.account = Some(account);
        Ok(())
    }

    /// From now on this is nobody, whoever it was before, and the next page has a message.
    pub async fn become_nobody(&mut self, notice: &str) -> Result<(), Refusal> {
        self.account = None;
        Ok(sessions::begin_for_nobody(&self.session, NOTICE, notice).await?)
    }

    /// What a page to sign in on shows around its content: the message too, this once.
    pub async fn chrome_to_sign_in(&self) -> Result<Chrome, Refusal> {
        Ok(Chrome { notice: sessions::take(&self.session, NOTICE).await?, ..self.chrome() })
    }

    pub async fn sign_out(&self) -> Result<(), Refusal> {
        Ok(self.session.flush().await?)
    }
}

/// Why nobody is signed in now.
#[derive(Debug)]
pub enum SignInError {
    /// Show the form again.
    Form(FormState),
    Refused(Refusal),
}

impl From<Refusal> for SignInError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<sqlx::Error> for SignInError {
    fn from(error: sqlx::Error) -> Self {
        Self::Refused(error.into())
    }
}

/// Checks e-mail and password, and signs in who may pay.
pub async fn sign_in(
    site: &Site,
    visitor: &mut Visitor,
    fields: &FormFields,
    address: ClientAddress,
) -> Result<(), SignInError> {
    sign_in_if(site, visitor, fields, address, |account| account.status == AccountStatus::Active).await
}

/// The same at the account site. In lab mode a suspended or closed account is let in too: only there can
/// it be made an active one again.
pub async fn sign_in_to_look(
    site: &Site,
    visitor: &mut Visitor,
    fields: &FormFields,
    address: ClientAddress,
) -> Result<(), SignInError> {
    let lab = site.payments.config.lab;
    sign_in_if(site, visitor, fields, address, |account| lab || account.status == AccountStatus::Active).await
}

async fn sign_in_if(
    site: &Site,
    visitor: &mut Visitor,
    fields: &FormFields,
    ClientAddress(address): ClientAddress,
    admits: impl Fn(&Account) -> bool,
) -> Result<(), SignInError> {
    let email = identity::email_key(fields.get("email").unwrap_or_default());
    let password = fields.get("password").unwrap_or_default().to_owned();
    let turn = site.throttle.admit(&email, address).await.map_err(Refusal::from)?;
    let found = accounts::find_by_email(&site.payments.db, &email).await?;
    let hash = found.as_ref().map(|account| account.password_hash.clone());
    let published = site.payments.config.refuses_password(&email, &password);
    let fits = site.passwords.verify(password, hash).await && !published;
    match found {
        Some(account) if fits && admits(&account) => {
            turn.succeeded();
            tracing::info!(account = %account.id, from = %address, "signed in");
            Ok(visitor.become_account(account).await?)
        }
        Some(account) if fits => {
            tracing::warn!(account = %account.id, from = %address, "a sign-in to an account that is not active");
            Err(refused(fields, "This account is not active."))
        }
        found => {
            turn.failed();
            let account = found.map(|account| account.id.to_string());
            tracing::warn!(account, from = %address, "a sign-in was refused");
            Err(refused(fields, WRONG))
        }
    }
}

fn refused(fields: &FormFields, message: &str) -> SignInError {
    let mut form = typed(fields);
    form.refuse("", message);
    SignInError::Form(form)
}
