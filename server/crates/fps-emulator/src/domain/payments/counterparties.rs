//! Who pays and who is paid: tokens, accounts and instrument in one query, and the limits of a token that
//! can pay more than once in another.

use crate::domain::accounts::{AccountId, AccountKind, AccountStatus};
use crate::domain::callers::Caller;
use crate::domain::tokens::{self, TokenLimit, TokenRole};
use crate::domain::transactions::Party;
use fps_protocol::actions::PaymentRequest;
use fps_protocol::cbui::{AmountType, ShippingAddress};
use fps_protocol::enums::{PaymentMethod, TokenType};
use fps_protocol::ids::{AccessKey, InstrumentId, TokenId};
use jiff::Timestamp;
use money::{Money, Percent};
use platform::Database;
use platform::db::Columns;
use sqlx::FromRow;
use sqlx::any::AnyRow;

/// A token as far as the checks of both counterparties need it.
#[derive(Debug, Clone)]
pub struct TokenFacts {
    pub access_key: AccessKey,
    pub role: TokenRole,
    pub active: bool,
    pub valid_from: Timestamp,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub struct AccountFacts {
    pub id: AccountId,
    pub kind: AccountKind,
    pub status: AccountStatus,
    pub email_verified: bool,
    pub party: Party,
}

#[derive(Debug, Clone)]
pub struct Sender {
    pub token: TokenFacts,
    pub token_type: TokenType,
    pub used: bool,
    pub amount: Option<Money>,
    /// How a payment must compare with the amount; `None`: at the most it.
    pub amount_type: Option<AmountType>,
    /// The recipient tokens that it may pay; empty when it may pay anybody.
    pub recipients: Vec<TokenId>,
    pub limits: Vec<TokenLimit>,
    pub account: AccountFacts,
    /// What it may only fund or settle.
    pub stored_value_id: Option<InstrumentId>,
    pub instrument_id: InstrumentId,
    pub payment_method: PaymentMethod,
    pub instrument_active: bool,
    /// Of a card: `MM/YYYY`.
    pub instrument_expires: Option<String>,
    /// The address that was given with the token.
    pub ship_to: Option<Box<ShippingAddress>>,
}

#[derive(Debug, Clone)]
pub struct Recipient {
    /// `None` when the caller itself is paid.
    pub token: Option<RecipientToken>,
    pub account: AccountFacts,
}

#[derive(Debug, Clone)]
pub struct RecipientToken {
    pub token: TokenFacts,
    /// Empty: all methods.
    pub payment_methods: Vec<PaymentMethod>,
    pub max_fixed_fee: Option<Money>,
    pub max_variable_fee: Option<Percent>,
    pub recipient_pays_fee: bool,
}

/// What was found; `None` where the token is unknown.
#[derive(Debug, Clone)]
pub struct Counterparties {
    pub sender: Option<Sender>,
    pub recipient: Option<Recipient>,
}

/// Reads both. Without a recipient token the caller's own account is the recipient.
pub async fn read(
    db: &Database,
    caller: &Caller,
    request: &PaymentRequest,
) -> Result<Counterparties, sqlx::Error> {
    let recipient_token = request.recipient_token_id.as_ref().map(TokenId::as_str);
    let own_account = if recipient_token.is_none() { caller.account_id.as_str() } else { "" };
    let mut found: Counterparties = sqlx::query_as(
        "SELECT s.access_key AS s_access_key, s.role AS s_role, s.active AS s_active, \
             s.valid_from AS s_valid_from, s.created_at AS s_created_at, s.expires_at AS s_expires_at, s.used_at AS s_used_at, \
             s.token_type AS s_token_type, s.amount AS s_amount, s.amount_type AS s_amount_type, \
             s.recipient_token_id AS s_recipient_token_id, s.recipient_token_ids AS s_recipient_token_ids, \
             s.stored_value_id AS s_stored_value_id, s.ship_to AS s_ship_to, \
             sa.id AS sa_id, sa.kind AS sa_kind, sa.status AS sa_status, \
             sa.email_verified AS sa_email_verified, \
             CASE sa.kind WHEN 'Business' THEN COALESCE(sa.business_name, sa.name) ELSE sa.name END AS sa_name, \
             sa.email AS sa_email, i.id AS i_id, i.method AS i_method, i.active AS i_active, i.expires AS i_expires, \
             r.access_key AS r_access_key, r.role AS r_role, r.active AS r_active, \
             r.valid_from AS r_valid_from, r.created_at AS r_created_at, r.expires_at AS r_expires_at, r.payment_methods AS r_payment_methods, \
             r.max_fixed_fee AS r_max_fixed_fee, r.max_variable_fee AS r_max_variable_fee, \
             r.recipient_pays_fee AS r_recipient_pays_fee, \
             ra.id AS ra_id, ra.kind AS ra_kind, ra.status AS ra_status, \
             ra.email_verified AS ra_email_verified, \
             CASE ra.kind WHEN 'Business' THEN COALESCE(ra.business_name, ra.name) ELSE ra.name END AS ra_name, \
             ra.email AS ra_email \
         FROM (SELECT 1 AS one) AS one \
             LEFT JOIN tokens s ON s.id = $1 LEFT JOIN accounts sa ON sa.id = s.account_id \
             LEFT JOIN instruments i ON i.id = s.instrument_id \
             LEFT JOIN tokens r ON r.id = $2 LEFT JOIN accounts ra ON ra.id = COALESCE(r.account_id, $3)",
    )
    .bind(request.sender_token_id.as_str())
    .bind(recipient_token.unwrap_or_default())
    .bind(own_account)
    .fetch_one(db.readers())
    .await?;
    if let Some(sender) = &mut found.sender
        && sender.token_type != TokenType::SingleUse
    {
        sender.limits = tokens::limits_of(db, &request.sender_token_id).await?;
    }
    Ok(found)
}

impl FromRow<'_, AnyRow> for Counterparties {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self { sender: sender(row)?, recipient: recipient(row)? })
    }
}

/// Of the token whose columns begin so.
macro_rules! token_facts {
    ($row:ident, $prefix:literal) => {
        TokenFacts {
            access_key: $row.parsed(concat!($prefix, "access_key"))?,
            role: $row.parsed(concat!($prefix, "role"))?,
            active: $row.flag(concat!($prefix, "active"))?,
            valid_from: $row.time(concat!($prefix, "valid_from"))?,
            created_at: $row.time(concat!($prefix, "created_at"))?,
            expires_at: $row.optional(concat!($prefix, "expires_at"), Columns::time)?,
        }
    };
}

/// Of the account whose columns begin so.
macro_rules! account_facts {
    ($row:ident, $prefix:literal) => {
        AccountFacts {
            id: $row.parsed(concat!($prefix, "id"))?,
            kind: $row.parsed(concat!($prefix, "kind"))?,
            status: $row.parsed(concat!($prefix, "status"))?,
            email_verified: $row.flag(concat!($prefix, "email_verified"))?,
            party: Party {
                name: $row.text(concat!($prefix, "name"))?,
                email: $row.text(concat!($prefix, "email"))?,
            },
        }
    };
}

/// Whether an outer join found its row: nothing else has NULL there.
fn is_there(row: &AnyRow, key: &str) -> Result<bool, sqlx::Error> {
    Ok(row.optional(key, Columns::text)?.is_some())
}

/// `None` for an unknown token, and for one that has no instrument: a recipient's.
fn sender(row: &AnyRow) -> Result<Option<Sender>, sqlx::Error> {
    if !is_there(row, "s_access_key")? || !is_there(row, "i_id")? {
        return Ok(None);
    }
    let recipients = match row.optional("s_recipient_token_id", Columns::parsed)? {
        Some(only) => vec![only],
        None => row.list("s_recipient_token_ids")?,
    };
    Ok(Some(Sender {
        token: token_facts!(row, "s_"),
        token_type: row.parsed("s_token_type")?,
        used: row.optional("s_used_at", Columns::time)?.is_some(),
        amount: row.optional("s_amount", Columns::money)?,
        amount_type: row.optional("s_amount_type", Columns::parsed)?,
        recipients,
        limits: Vec::new(),
        account: account_facts!(row, "sa_"),
        stored_value_id: row.optional("s_stored_value_id", Columns::parsed)?,
        instrument_id: row.parsed("i_id")?,
        payment_method: row.parsed("i_method")?,
        instrument_active: row.flag("i_active")?,
        instrument_expires: row.optional("i_expires", Columns::text)?,
        ship_to: row.optional("s_ship_to", Columns::parsed)?.map(Box::new),
    }))
}

/// `None` for an unknown token. Without one the account is the caller's.
fn recipient(row: &AnyRow) -> Result<Option<Recipient>, sqlx::Error> {
    if !is_there(row, "ra_id")? {
        return Ok(None);
    }
    let account = account_facts!(row, "ra_");
    let token = if is_there(row, "r_access_key")? { Some(recipient_token(row)?) } else { None };
    Ok(Some(Recipient { token, account }))
}

fn recipient_token(row: &AnyRow) -> Result<RecipientToken, sqlx::Error> {
    Ok(RecipientToken {
        token: token_facts!(row, "r_"),
        payment_methods: row.list("r_payment_methods")?,
        max_fixed_fee: row.optional("r_max_fixed_fee", Columns::money)?,
        max_variable_fee: row.optional("r_max_variable_fee", Columns::percent)?,
        // A token of another role says nothing of that.
        recipient_pays_fee: row.optional("r_recipient_pays_fee", Columns::flag)?.unwrap_or(true),
    })
}
