//! Address books: where people have things shipped to.

use fps_protocol::cbui::ShippingAddress;
use jiff::Timestamp;
use platform::Database;
use platform::db::Columns;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

pub const ID_LENGTH: usize = 20;

/// An address in an account's book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub id: String,
    pub account_id: String,
    pub label: Label,
    pub created_at: Timestamp,
}

/// What stands on a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub full_name: String,
    pub line1: String,
    pub line2: Option<String>,
    pub city: String,
    pub state: Option<String>,
    pub zip: String,
    pub country: String,
    pub phone: Option<String>,
}

impl Label {
    /// The name first, the country last.
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

impl From<Label> for ShippingAddress {
    fn from(label: Label) -> Self {
        Self {
            name: Some(label.full_name),
            line1: Some(label.line1),
            line2: label.line2,
            city: Some(label.city),
            state: label.state,
            country: Some(label.country),
            zip: Some(label.zip),
            phone_number: label.phone,
        }
    }
}

fn read(row: &AnyRow) -> Result<Address, sqlx::Error> {
    Ok(Address {
        id: row.text("id")?,
        account_id: row.text("account_id")?,
        label: Label {
            full_name: row.text("full_name")?,
            line1: row.text("line1")?,
            line2: row.optional("line2", Columns::text)?,
            city: row.text("city")?,
            state: row.optional("state", Columns::text)?,
            zip: row.text("zip")?,
            country: row.text("country")?,
            phone: row.optional("phone", Columns::text)?,
        },
        created_at: row.time("created_at")?,
    })
}

pub async fn insert(c: &mut AnyConnection, address: &Address) -> Result<(), sqlx::Error> {
    let label = &address.label;
    sqlx::query(
        "INSERT INTO addresses (id, account_id, full_name, line1, line2, city, state, zip, country, phone, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(&address.id)
    .bind(&address.account_id)
    .bind(&label.full_name)
    .bind(&label.line1)
    .bind(label.line2.as_deref())
    .bind(&label.city)
    .bind(label.state.as_deref())
    .bind(&label.zip)
    .bind(&label.country)
    .bind(label.phone.as_deref())
    .bind(address.created_at.as_microsecond())
    .execute(c)
    .await?;
    Ok(())
}

/// The account's address book, the newest first.
pub async fn for_account(db: &Database, account_id: &str) -> Result<Vec<Address>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT id, account_id, full_name, line1, line2, city, state, zip, country, phone, created_at \
         FROM addresses WHERE account_id = $1 ORDER BY created_at DESC, id",
    )
    .bind(account_id)
    .fetch_all(db.readers())
    .await?;
    rows.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_as_on_a_label() {
        let label = Label {
            full_name: "Jane Roe".to_owned(),
            line1: "1 Pine Street".to_owned(),
            line2: None,
            city: "Seattle".to_owned(),
            state: Some("WA".to_owned()),
            zip: "98101".to_owned(),
            country: "United States".to_owned(),
            phone: None,
        };
        assert_eq!(label.lines(), ["Jane Roe", "1 Pine Street", "Seattle WA 98101", "United States"]);
        assert!(ShippingAddress::from(label).is_complete());
    }
}
