//! Address books: where people have things shipped to.

use crate::domain::accounts::AccountId;
use fps_protocol::cbui::ShippingAddress;
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow};
use text_types::{alphanumeric_up_to, id};

id!(
    /// Names an address of an account's book.
    pub AddressId,
    |text| alphanumeric_up_to(text, 64)
);

pub const ID_LENGTH: usize = 20;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub id: AddressId,
    pub account_id: AccountId,
    pub full_name: String,
    pub line1: String,
    pub line2: Option<String>,
    pub city: String,
    pub state: Option<String>,
    pub zip: String,
    pub country: String,
    pub phone: Option<String>,
    pub created_at: Timestamp,
}

impl Address {
    /// As a label has it: the name first, the country last.
    pub fn lines(&self) -> Vec<String> {
        let place = [Some(self.city.as_str()), self.state.as_deref(), Some(self.zip.as_str())];
        let place = place.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let lines = [
            Some(self.full_name.clone()),
            Some(self.line1.clone()),
            self.line2.clone(),
            Some(place),
            Some(self.country.clone()),
        ];
        lines.into_iter().flatten().collect()
    }
}

impl FromRow<'_, AnyRow> for Address {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.parsed("id")?,
            account_id: row.parsed("account_id")?,
            full_name: row.text("full_name")?,
            line1: row.text("line1")?,
            line2: row.optional("line2", Columns::text)?,
            city: row.text("city")?,
            state: row.optional("state", Columns::text)?,
            zip: row.text("zip")?,
            country: row.text("country")?,
            phone: row.optional("phone", Columns::text)?,
            created_at: row.time("created_at")?,
        })
    }
}

impl From<Address> for ShippingAddress {
    fn from(address: Address) -> Self {
        Self {
            name: Some(address.full_name),
            line1: Some(address.line1),
            line2: address.line2,
            city: Some(address.city),
            state: address.state,
            country: Some(address.country),
            zip: Some(address.zip),
            phone_number: address.phone,
        }
    }
}

pub async fn insert(c: &mut AnyConnection, address: &Address) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO addresses (id, account_id, full_name, line1, line2, city, state, zip, country, phone, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(address.id.as_str())
    .bind(address.account_id.as_str())
    .bind(&address.full_name)
    .bind(&address.line1)
    .bind(address.line2.as_deref())
    .bind(&address.city)
    .bind(address.state.as_deref())
    .bind(&address.zip)
    .bind(&address.country)
    .bind(address.phone.as_deref())
    .bind(address.created_at.as_microsecond())
    .execute(c)
    .await?;
    Ok(())
}

/// The account's address book, the newest first.
pub async fn for_account(db: &Database, account_id: &AccountId) -> Result<Vec<Address>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, account_id, full_name, line1, line2, city, state, zip, country, phone, created_at \
         FROM addresses WHERE account_id = $1 ORDER BY created_at DESC, id",
    )
    .bind(account_id.as_str())
    .fetch_all(db.readers())
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_as_on_a_label() {
        let address = Address {
            id: AddressId::new("A").unwrap(),
            account_id: AccountId::new("J").unwrap(),
            full_name: "Jane Roe".to_owned(),
            line1: "1 Pine Street".to_owned(),
            line2: None,
            city: "Seattle".to_owned(),
            state: Some("WA".to_owned()),
            zip: "98101".to_owned(),
            country: "United States".to_owned(),
            phone: None,
            created_at: Timestamp::UNIX_EPOCH,
        };
        assert_eq!(address.lines(), ["Jane Roe", "1 Pine Street", "Seattle WA 98101", "United States"]);
        assert!(ShippingAddress::from(address).is_complete());
    }
}
