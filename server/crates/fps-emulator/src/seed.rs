//! The demo data: the accounts, callers and recipient tokens that documents and tests name. Public, so
//! for loopback only.

use crate::config::Config;
use crate::domain::accounts::{self, Account, AccountKind, AccountStatus};
use crate::domain::callers::{self, NewCaller, SiteRow};
use crate::domain::instruments::{self, Instrument, simulated};
use crate::domain::tokens::{self, NewRecipientToken};
use crate::state::Payments;
use fps_protocol::Secret;
use fps_protocol::enums::PaymentMethod;
use jiff::Timestamp;
use ledger::LedgerError;
use money::{Money, Percent};
use platform::Random;
use platform::db::WriteError;
use platform::password::{PasswordError, Passwords};
use secrecy::ExposeSecret;
use sqlx::AnyConnection;
use url::Url;

pub const FIRST_CALLER: &str = "DDCALLER000000000001";
pub const SECOND_CALLER: &str = "DDCALLER000000000002";
pub const DEMO_CALLERS: [&str; 2] = [FIRST_CALLER, SECOND_CALLER];
const SECOND_SECRET: &str = "second-demo-secret";
/// Of every demo account.
const PASSWORD: &str = "amazonpayments";
const JOHNS_BALANCE: Money = Money::from_cents(50_000);
/// What sellers and callers begin with: they need some before their first sale, to pay fees or to refund
/// more than a sale has left them.
const OPENING_BALANCE: Money = Money::from_cents(10_000);

/// The sellers, named as they are in the demo shop: each has a recipient token of the first caller. The
/// first is the demo merchant.
const SELLERS: [(&str, &str, &str); 8] = [
    ("merchant@example.com", "Martha Reyes", "Right Here Records"),
    ("seller1@example.com", "Tomasz Lindqvist", "Lamplight Books"),
    ("seller2@example.com", "Ines Okafor", "Tessera Studio"),
    ("seller3@example.com", "Gareth Pell", "Kettle & Crown Games"),
    ("seller4@example.com", "Yuki Brandvold", "Plainspoken Software"),
    ("seller5@example.com", "Amara Dietz", "Open Desk School"),
    ("seller6@example.com", "Henrik Halden", "Halden Type Foundry"),
    ("seller7@example.com", "Rosalind Achterberg", "Gannet Press"),
];

/// Why the demo data cannot be put in.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    #[error("the demo data cannot be written: {0}")]
    Sqlx(#[from] sqlx::Error),
    #[error("the demo balance cannot be posted: {0}")]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error("the demo fee cap is not a percentage")]
    FeeCap(#[from] money::ParseError),
}

impl WriteError for SeedError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Sqlx(error) | Self::Ledger(LedgerError::Database(error)) => Some(error),
            _ => None,
        }
    }
}

/// Whether somebody gives a demo account's published password where it must open nothing. Nobody else has
/// an address at example.com (RFC 2606).
pub fn is_published_password(config: &Config, email: &str, password: &str) -> bool {
    !config.demo_accounts && email.ends_with("@example.com") && password == PASSWORD
}

/// Fills an empty database, and takes the callers' secrets and the first one's addresses from the
/// configuration.
pub async fn seed(payments: &Payments) -> Result<(), SeedError> {
    let secrets = CallerSecrets::of(payments).await?;
    if callers::find(&payments.db, FIRST_CALLER).await?.is_none() {
        fill(payments, &secrets).await?;
    }
    let (sites, ipn_url) = first_callers_addresses(&payments.config);
    payments
        .db
        .write(move |c| {
            let (sites, ipn_url, secrets) = (sites.clone(), ipn_url.clone(), secrets.clone());
            Box::pin(async move {
                callers::set_secret(&mut *c, FIRST_CALLER, &secrets.first).await?;
                callers::set_secret(&mut *c, SECOND_CALLER, &secrets.second).await?;
                callers::set_sites(&mut *c, FIRST_CALLER, &sites).await?;
                callers::set_ipn_url(c, FIRST_CALLER, Some(&ipn_url)).await?;
                Ok::<_, SeedError>(())
            })
        })
        .await
}

#[derive(Debug, Clone)]
struct CallerSecrets {
    first: Secret,
    second: Secret,
}

impl CallerSecrets {
    async fn of(payments: &Payments) -> Result<Self, sqlx::Error> {
        let first = Secret::new(payments.caller_secret().await?.expose_secret());
        // Where what is published must open nothing, nobody knows the second.
        let second = if payments.config.demo_accounts {
            Secret::new(SECOND_SECRET)
        } else {
            Secret::new(callers::new_secret(&payments.random))
        };
        Ok(Self { first, second })
    }
}

fn first_callers_addresses(config: &Config) -> (Vec<SiteRow>, String) {
    let site = SiteRow { url: config.shop_url.to_string(), any_loopback: 0 };
    let mut ipn_url: Url = config.shop_url.clone();
    ipn_url.set_path("/payments/ipn");
    (vec![site], ipn_url.into())
}

/// Everything in one commit: a start that is broken off leaves nothing half made.
async fn fill(payments: &Payments, secrets: &CallerSecrets) -> Result<(), SeedError> {
    // One hash for all: they share the password anyway, and hashing is slow by design.
    let password_hash = Passwords::new(payments.random.clone()).hash(PASSWORD.to_owned()).await?;
    let data = DemoData::new(&payments.random, payments.clock.now(), &password_hash, secrets)?;
    payments
        .db
        .write(move |c| {
            let data = data.clone();
            Box::pin(async move { data.write(c).await })
        })
        .await
}

#[derive(Debug, Clone)]
struct DemoData {
    now: Timestamp,
    accounts: Vec<Account>,
    instruments: Vec<Instrument>,
    callers: Vec<NewCaller>,
    recipients: Vec<NewRecipientToken>,
    opening: Vec<OpeningBalance>,
}

#[derive(Debug, Clone)]
struct OpeningBalance {
    transaction_id: String,
    account_id: String,
    amount: Money,
}

impl DemoData {
    fn new(
        random: &Random,
        now: Timestamp,
        password_hash: &str,
        secrets: &CallerSecrets,
    ) -> Result<Self, SeedError> {
        let account = |email: &str, name: &str, business_name: Option<&str>| Account {
            id: random.upper_alphanumeric(14),
            email: email.to_owned(),
            name: name.to_owned(),
            business_name: business_name.map(str::to_owned),
            kind: if business_name.is_some() { AccountKind::Business } else { AccountKind::Personal },
            status: AccountStatus::Active,
            email_verified: true,
            password_hash: password_hash.to_owned(),
            created_at: now.as_microsecond(),
        };
        let john = account("john@example.com", "John Doe", None);
        let jane = account("jane@example.com", "Jane Roe", None);
        let first = account("caller@example.com", "Olivia Operator", Some("DigitalDownload"));
        let second = account("caller2@example.com", "Sam Second", Some("Second Demo Caller"));
        let sellers = SELLERS.map(|(email, name, business)| account(email, name, Some(business)));

        let mut instruments = vec![
            simulated::balance(random, &john),
            simulated::card(random, &john, "Visa", "1111", now),
            simulated::bank_account(random, &john, "6789"),
            simulated::card(random, &jane, "Mastercard", "4444", now),
        ];
        instruments.extend(
            [&first, &second].into_iter().chain(&sellers).map(|owner| simulated::balance(random, owner)),
        );
        let callers = vec![
            caller(FIRST_CALLER, &secrets.first, &first),
            caller(SECOND_CALLER, &secrets.second, &second),
        ];
        let recipients = sellers.iter().enumerate().map(|(number, seller)| recipient(number, seller));
        let recipients = recipients.collect::<Result<_, _>>()?;
        let opening = |account: &Account, amount| OpeningBalance {
            transaction_id: random.uuid(now).to_string(),
            account_id: account.id.clone(),
            amount,
        };
        let in_business = [&first, &second].into_iter().chain(&sellers);
        let opening = std::iter::once(opening(&john, JOHNS_BALANCE))
            .chain(in_business.map(|account| opening(account, OPENING_BALANCE)))
            .collect();
        let accounts = [john, jane, first, second].into_iter().chain(sellers).collect();
        Ok(Self { now, accounts, instruments, callers, recipients, opening })
    }

    async fn write(&self, c: &mut AnyConnection) -> Result<(), SeedError> {
        for account in &self.accounts {
            accounts::insert(&mut *c, account).await?;
        }
        for instrument in &self.instruments {
            instruments::insert(&mut *c, instrument).await?;
        }
        for caller in &self.callers {
            callers::insert(&mut *c, caller).await?;
        }
        let anywhere_here = SiteRow { url: "http://localhost/".to_owned(), any_loopback: 1 };
        callers::set_sites(&mut *c, SECOND_CALLER, &[anywhere_here]).await?;
        for recipient in &self.recipients {
            tokens::install_recipient(&mut *c, recipient).await?;
        }
        for OpeningBalance { transaction_id, account_id, amount } in &self.opening {
            accounts::deposit(&mut *c, transaction_id, account_id, *amount, self.now).await?;
        }
        Ok(())
    }
}

fn caller(access_key: &str, secret: &Secret, account: &Account) -> NewCaller {
    NewCaller {
        access_key: access_key.to_owned(),
        account_id: account.id.clone(),
        secret: secret.clone(),
        display_name: account.public_name().to_owned(),
        ipn_url: None,
        marketplace: true,
        refund_requests: access_key == FIRST_CALLER,
        created_at: account.created_at,
    }
}

/// The seller's registration with the first caller.
fn recipient(number: usize, seller: &Account) -> Result<NewRecipientToken, SeedError> {
    Ok(NewRecipientToken {
        id: demo_token_id("DEMORECIPIENTTOKEN", number, 'R'),
        refund_token_id: demo_token_id("DEMOREFUNDTOKEN", number, 'F'),
        access_key: FIRST_CALLER.to_owned(),
        account_id: seller.id.clone(),
        caller_reference: format!("demo-recipient-{number:02}"),
        payment_reason: None,
        payment_methods: vec![PaymentMethod::Abt, PaymentMethod::Ach, PaymentMethod::Cc],
        max_fixed_fee: Some(Money::from_cents(100)),
        max_variable_fee: Some(Percent::parse("20")?),
        recipient_pays_fee: true,
        valid_from: None,
        expires_at: None,
        created_at: seller.created_at,
    })
}

/// The shop's demo data names the same tokens: neither side asks the other for them.
fn demo_token_id(prefix: &str, number: usize, padding: char) -> String {
    let mut id = format!("{prefix}{number:02}");
    id.extend(std::iter::repeat_n(padding, 64_usize.saturating_sub(id.len())));
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demo_tokens_have_ids_that_the_shop_can_reckon() {
        let id = demo_token_id("DEMORECIPIENTTOKEN", 7, 'R');
        assert!(id.starts_with("DEMORECIPIENTTOKEN07RRR") && id.len() == 64);
        let secrets = CallerSecrets { first: Secret::new("1"), second: Secret::new("2") };
        let data = DemoData::new(&Random::seeded(1), Timestamp::UNIX_EPOCH, "hash", &secrets).unwrap();
        assert_eq!(data.recipients.len(), SELLERS.len());
        assert_eq!(data.recipients[0].refund_token_id.trim_end_matches('F'), "DEMOREFUNDTOKEN00");
    }
}
