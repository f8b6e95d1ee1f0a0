//! The demo data: the accounts, callers and recipient tokens that documents and tests name. Public, so
//! for loopback only.

mod many;
mod prepared;

pub use many::run as seed_sellers;
pub use prepared::prepare;

use crate::config::{Config, DEMO_PASSWORD, FIRST_CALLER, SECOND_CALLER};
use crate::domain::accounts::{self, Account, AccountId, AccountKind, AccountStatus};
use crate::domain::callers::{self, MadeBy, NewCaller, SiteRow};
use crate::domain::instruments::{self, Instrument, simulated};
use crate::domain::tokens::{self, NewRecipientToken};
use crate::state::Payments;
use fps_protocol::Secret;
use fps_protocol::enums::PaymentMethod;
use fps_protocol::ids::{AccessKey, CallerReference, TokenId};
use jiff::Timestamp;
use ledger::LedgerError;
use money::{Money, Percent};
use platform::db::{PreparedError, WriteError};
use platform::password::{PasswordError, Passwords};
use platform::{DemoData, Random};
use secrecy::ExposeSecret;
use sqlx::AnyConnection;

/// Of the ids, which are the same each time and hold no time.
const IDS: u64 = 20_100_828;
const SECOND_SECRET: &str = "second-demo-secret";
const JOHNS_BALANCE: Money = Money::from_cents(50_000);
/// What sellers and callers begin with: they need some before their first sale, to pay fees or to refund
/// more than a sale has left them.
const OPENING_BALANCE: Money = Money::from_cents(10_000);

/// The sellers, named as they are in the demo shop: each has a recipient token of the first caller. The
/// first is the demo merchant.
const SELLERS: [(&str, &str, &str); 12] = [
    ("merchant@example.com", "Martha Reyes", "Right Here Records"),
    ("seller1@example.com", "Tomasz Lindqvist", "Lamplight Books"),
    ("seller2@example.com", "Ines Okafor", "Tessera Studio"),
    ("seller3@example.com", "Gareth Pell", "Kettle & Crown Games"),
    ("seller4@example.com", "Yuki Brandvold", "Plainspoken Software"),
    ("seller5@example.com", "Amara Dietz", "Open Desk School"),
    ("seller6@example.com", "Henrik Halden", "Halden Type Foundry"),
    ("seller7@example.com", "Rosalind Achterberg", "Gannet Press"),
    ("seller8@example.com", "Leila Farhadi", "Back Stairs Audio"),
    ("seller9@example.com", "Oskar Nyholm", "Ruled Line Paper"),
    ("seller10@example.com", "Grace Mbeki", "Small Parts Workshop"),
    ("seller11@example.com", "Mateo Silva", "Grid & Gutter"),
];

/// Those that the demo data brings.
pub fn demo_callers() -> [AccessKey; 2] {
    [first_caller(), second_caller()]
}

pub fn first_caller() -> AccessKey {
    AccessKey::new(FIRST_CALLER).expect("letters and digits")
}

fn second_caller() -> AccessKey {
    AccessKey::new(SECOND_CALLER).expect("letters and digits")
}

/// Why the demo data cannot be put in.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    #[error("the demo data cannot be written: {0}")]
    Sqlx(#[from] sqlx::Error),
    #[error("the demo balance cannot be posted: {0}")]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Prepared(#[from] PreparedError),
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

/// Fills an empty database, and takes the callers' secrets and the first one's addresses from the
/// configuration.
pub async fn seed(payments: &Payments) -> Result<(), SeedError> {
    let secrets = CallerSecrets::of(payments).await?;
    if callers::find(&payments.db, &first_caller()).await?.is_none() {
        match payments.config.demo_data {
            DemoData::Full => load(payments).await?,
            DemoData::Small => fill(payments, &secrets).await?,
        }
    }
    let (sites, ipn_url) = first_callers_addresses(&payments.config);
    payments
        .db
        .transact((sites, ipn_url, secrets), |c, (sites, ipn_url, secrets)| {
            Box::pin(update_callers(c, sites, ipn_url, secrets))
        })
        .await
}

async fn update_callers(
    c: &mut AnyConnection,
    sites: &[SiteRow],
    ipn_url: &str,
    secrets: &CallerSecrets,
) -> Result<(), SeedError> {
    callers::set_secret(&mut *c, &first_caller(), &secrets.first).await?;
    callers::set_secret(&mut *c, &second_caller(), &secrets.second).await?;
    callers::set_sites(&mut *c, &first_caller(), sites).await?;
    Ok(callers::set_ipn_url(c, &first_caller(), Some(ipn_url)).await?)
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
    let site = SiteRow { url: config.shop_url.to_string(), any_loopback: false };
    (vec![site], config.shop_ipn_url().into())
}

/// The same with ninety days of trade, which were made from the other.
async fn load(payments: &Payments) -> Result<(), SeedError> {
    let password_hash = demo_password(payments).await?;
    let input = (payments.db.backend(), password_hash, payments.clock.now());
    payments
        .db
        .transact(input, |c, (backend, password_hash, now)| {
            Box::pin(async move {
                prepared::load(&mut *c, *backend, *now).await?;
                accounts::set_missing_passwords(&mut *c, password_hash).await?;
                Ok(callers::set_sites(c, &second_caller(), &[anywhere_here()]).await?)
            })
        })
        .await
}

/// One hash for all: they share the password anyway, and hashing is slow by design.
async fn demo_password(payments: &Payments) -> Result<String, PasswordError> {
    Passwords::new(payments.random.clone()).hash(DEMO_PASSWORD.to_owned()).await
}

/// Programs that people of this machine test.
fn anywhere_here() -> SiteRow {
    SiteRow { url: "http://localhost/".to_owned(), any_loopback: true }
}

/// Everything in one commit: a start that is broken off leaves nothing half made.
async fn fill(payments: &Payments, secrets: &CallerSecrets) -> Result<(), SeedError> {
    let password_hash = demo_password(payments).await?;
    let data = People::new(&Random::seeded(IDS), payments.clock.now(), &password_hash, secrets)?;
    payments.db.transact(data, |c, data| Box::pin(data.write(c))).await
}

#[derive(Debug, Clone)]
struct People {
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
    account_id: AccountId,
    amount: Money,
}

impl People {
    fn new(
        random: &Random,
        now: Timestamp,
        password_hash: &str,
        secrets: &CallerSecrets,
    ) -> Result<Self, SeedError> {
        let account = |email: &str, name: &str, business_name: Option<&str>| Account {
            id: AccountId::new(random.upper_alphanumeric(14)).expect("letters and digits"),
            email: email.to_owned(),
            name: name.to_owned(),
            business_name: business_name.map(str::to_owned),
            kind: if business_name.is_some() { AccountKind::Business } else { AccountKind::Personal },
            status: AccountStatus::Active,
            email_verified: true,
            password_hash: password_hash.to_owned(),
            created_at: now,
        };
        let john = account("john@example.com", "John Doe", None);
        let jane = account("jane@example.com", "Jane Doe", None);
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
            caller(first_caller(), &secrets.first, &first),
            caller(second_caller(), &secrets.second, &second),
        ];
        let recipients = sellers.iter().enumerate().map(|(number, seller)| recipient("DEMO", number, seller));
        let recipients = recipients.collect::<Result<_, _>>()?;
        let opening = |account: &Account, amount| OpeningBalance {
            transaction_id: random.uuid(Timestamp::UNIX_EPOCH).to_string(),
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
        callers::set_sites(&mut *c, &second_caller(), &[anywhere_here()]).await?;
        for recipient in &self.recipients {
            tokens::install_recipient(&mut *c, recipient).await?;
        }
        for OpeningBalance { transaction_id, account_id, amount } in &self.opening {
            accounts::deposit(&mut *c, transaction_id, account_id, *amount, self.now).await?;
        }
        Ok(())
    }
}

fn caller(access_key: AccessKey, secret: &Secret, account: &Account) -> NewCaller {
    NewCaller {
        refund_requests: access_key == first_caller(),
        // For people who test old programs.
        signature_v1: access_key == second_caller(),
        access_key,
        account_id: account.id.clone(),
        secret: secret.clone(),
        display_name: account.public_name().to_owned(),
        ipn_url: None,
        marketplace: true,
        created_at: account.created_at,
        made_by: MadeBy::Owner,
    }
}

/// The seller's registration with the first caller.
fn recipient(kind: &str, number: usize, seller: &Account) -> Result<NewRecipientToken, SeedError> {
    Ok(NewRecipientToken {
        id: demo_token_id(&format!("{kind}RECIPIENTTOKEN"), number, 'R'),
        refund_token_id: demo_token_id(&format!("{kind}REFUNDTOKEN"), number, 'F'),
        access_key: first_caller(),
        account_id: seller.id.clone(),
        caller_reference: CallerReference::new(format!("{}-recipient-{number:02}", kind.to_lowercase()))
            .expect("short and plain"),
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
fn demo_token_id(prefix: &str, number: usize, padding: char) -> TokenId {
    let mut id = format!("{prefix}{number:02}");
    id.extend(std::iter::repeat_n(padding, 64_usize.saturating_sub(id.len())));
    TokenId::new(id).expect("letters and digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demo_tokens_have_ids_that_the_shop_can_reckon() {
        let id = demo_token_id("DEMORECIPIENTTOKEN", 7, 'R');
        assert!(id.as_str().starts_with("DEMORECIPIENTTOKEN07RRR") && id.as_str().len() == 64);
        let secrets = CallerSecrets { first: Secret::new("1"), second: Secret::new("2") };
        let data = People::new(&Random::seeded(1), Timestamp::UNIX_EPOCH, "hash", &secrets).unwrap();
        assert_eq!(data.recipients.len(), SELLERS.len());
        assert_eq!(data.recipients[0].refund_token_id.as_str().trim_end_matches('F'), "DEMOREFUNDTOKEN00");
    }
}
