//! So many sellers more than the demo data has, for a shop of any size, which names the same tokens.

use super::{SeedError, demo_password, recipient};
use crate::domain::accounts::{self, Account, AccountId, AccountKind, AccountStatus};
use crate::domain::instruments::{self, simulated};
use crate::domain::tokens;
use crate::state::Payments;
use jiff::Timestamp;
use platform::Random;
use sqlx::AnyConnection;

/// Of their ids.
const IDS: u64 = 20_101_129;
/// Sellers of one transaction.
const AT_ONCE: usize = 500;

/// Adds those that are not there yet, each with an account and a recipient token of the first caller.
pub async fn run(payments: &Payments, sellers: u32) -> Result<(), SeedError> {
    let password_hash = demo_password(payments).await?;
    let (random, now) = (Random::seeded(IDS), payments.clock.now());
    let all: Vec<(usize, Account)> = (0..sellers)
        .zip(0..)
        .map(|(number, place)| (place, seller(&random, number, &password_hash, now)))
        .collect();
    for some in all.chunks(AT_ONCE) {
        let mut new = Vec::new();
        for (number, account) in some {
            if accounts::find_by_email(&payments.db, &account.email).await?.is_none() {
                new.push((*number, account.clone()));
            }
        }
        let input = (new, random.clone());
        payments.db.transact(input, |c, (new, random)| Box::pin(add(c, new, random))).await?;
    }
    Ok(())
}

fn seller(random: &Random, number: u32, password_hash: &str, now: Timestamp) -> Account {
    Account {
        id: AccountId::new(random.upper_alphanumeric(14)).expect("letters and digits"),
        email: format!("trader{number}@example.com"),
        name: format!("Trader {}", number + 1),
        business_name: Some(format!("Trader {}", number + 1)),
        kind: AccountKind::Business,
        status: AccountStatus::Active,
        email_verified: true,
        password_hash: password_hash.to_owned(),
        created_at: now,
    }
}

async fn add(c: &mut AnyConnection, new: &[(usize, Account)], random: &Random) -> Result<(), SeedError> {
    for (number, account) in new {
        accounts::insert(&mut *c, account).await?;
        instruments::insert(&mut *c, &simulated::balance(random, account)).await?;
        tokens::install_recipient(&mut *c, &recipient("MANY", *number, account)?).await?;
    }
    Ok(())
}
