//! Who pays and who is paid: tokens, accounts and instrument in one query, and the limits of a token that
//! can pay more than once in another.

use crate::domain::accounts::{AccountKind, AccountStatus};
use crate::domain::callers::Caller;
use crate::domain::tokens::{self, TokenLimit};
use crate::domain::transactions::record::Party;
use fps_protocol::actions::PaymentRequest;
use fps_protocol::cbui::AmountType;
use fps_protocol::enums::{PaymentMethod, TokenType};
use fps_protocol::ids::TokenId;
use money::{Money, Percent};
use platform::Database;

/// A token as far as both sides' checks need it.
#[derive(Debug, Clone)]
pub struct TokenFacts {
    pub access_key: String,
    pub role: String,
    pub active: bool,
    pub valid_from: i64,
    pub expires_at: Option<i64>,
}

#[derive(Debug, Clone)]
pub struct AccountFacts {
    pub id: String,
    pub kind: AccountKind,
    pub status: AccountStatus,
    pub email_verified: bool,
    pub party: Party,
}

#[derive(Debug, Clone)]
pub struct SenderSide {
    pub token: TokenFacts,
    pub used: bool,
    pub amount: Option<Money>,
    /// How a payment must compare with the amount; `None`: at the most it.
    pub amount_type: Option<AmountType>,
    /// The recipient tokens that it may pay; empty when it may pay anybody.
    pub recipients: Vec<String>,
    pub limits: Vec<TokenLimit>,
    pub account: AccountFacts,
    /// What it may only fund or settle.
    pub stored_value_id: Option<String>,
    pub instrument_id: String,
    pub payment_method: PaymentMethod,
    pub instrument_active: bool,
    /// Of a card: `MM/YYYY`.
    pub instrument_expires: Option<String>,
}

#[derive(Debug, Clone)]
pub struct RecipientSide {
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
pub struct Sides {
    pub sender: Option<SenderSide>,
    pub recipient: Option<RecipientSide>,
}

#[derive(sqlx::FromRow)]
struct Row {
    s_access_key: Option<String>,
    s_role: Option<String>,
    s_active: Option<i64>,
    s_valid_from: Option<i64>,
    s_expires_at: Option<i64>,
    s_used_at: Option<i64>,
    s_token_type: Option<String>,
    s_amount: Option<i64>,
    s_amount_type: Option<String>,
    s_recipient_token_id: Option<String>,
    s_recipient_token_ids: Option<String>,
    s_stored_value_id: Option<String>,
    sa_id: Option<String>,
    sa_kind: Option<String>,
    sa_status: Option<String>,
    sa_email_verified: Option<i64>,
    sa_name: Option<String>,
    sa_email: Option<String>,
    i_id: Option<String>,
    i_method: Option<String>,
    i_active: Option<i64>,
    i_expires: Option<String>,
    r_access_key: Option<String>,
    r_role: Option<String>,
    r_active: Option<i64>,
    r_valid_from: Option<i64>,
    r_expires_at: Option<i64>,
    r_payment_methods: Option<String>,
    r_max_fixed_fee: Option<i64>,
    r_max_variable_fee: Option<i64>,
    r_recipient_pays_fee: Option<i64>,
    ra_id: Option<String>,
    ra_kind: Option<String>,
    ra_status: Option<String>,
    ra_email_verified: Option<i64>,
    ra_name: Option<String>,
    ra_email: Option<String>,
}

/// Reads both sides. Without a recipient token the caller's own account is the recipient.
pub async fn read(db: &Database, caller: &Caller, request: &PaymentRequest) -> Result<Sides, sqlx::Error> {
    let recipient_token = request.recipient_token_id.as_ref().map(TokenId::as_str);
    let own_account = if recipient_token.is_none() { caller.account_id.as_str() } else { "" };
    let row: Row = sqlx::query_as(
        "SELECT s.access_key AS s_access_key, s.role AS s_role, s.active AS s_active, \
             s.valid_from AS s_valid_from, s.expires_at AS s_expires_at, s.used_at AS s_used_at, \
             s.token_type AS s_token_type, s.amount AS s_amount, s.amount_type AS s_amount_type, \
             s.recipient_token_id AS s_recipient_token_id, s.recipient_token_ids AS s_recipient_token_ids, \
             s.stored_value_id AS s_stored_value_id, \
             sa.id AS sa_id, sa.kind AS sa_kind, sa.status AS sa_status, \
             sa.email_verified AS sa_email_verified, \
             CASE sa.kind WHEN 'Business' THEN COALESCE(sa.business_name, sa.name) ELSE sa.name END AS sa_name, \
             sa.email AS sa_email, i.id AS i_id, i.method AS i_method, i.active AS i_active, i.expires AS i_expires, \
             r.access_key AS r_access_key, r.role AS r_role, r.active AS r_active, \
             r.valid_from AS r_valid_from, r.expires_at AS r_expires_at, r.payment_methods AS r_payment_methods, \
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
    let mut sender = sender(&row);
    if let Some(sender) = &mut sender
        && row.s_token_type.as_deref() != Some(TokenType::SingleUse.as_str())
    {
        sender.limits = tokens::limits_of(db, request.sender_token_id.as_str()).await?;
    }
    Ok(Sides { sender, recipient: recipient(&row, recipient_token.is_some()) })
}

/// `None` for an unknown token, and for one that has no instrument: a recipient's.
fn sender(row: &Row) -> Option<SenderSide> {
    Some(SenderSide {
        token: TokenFacts {
            access_key: row.s_access_key.clone()?,
            role: row.s_role.clone()?,
            active: row.s_active? != 0,
            valid_from: row.s_valid_from?,
            expires_at: row.s_expires_at,
        },
        used: row.s_used_at.is_some(),
        amount: row.s_amount.map(Money::from_micros),
        amount_type: row.s_amount_type.as_deref().and_then(|text| text.parse().ok()),
        recipients: tokens::recipients(
            row.s_recipient_token_id.as_deref(),
            row.s_recipient_token_ids.as_deref().unwrap_or_default(),
        ),
        limits: Vec::new(),
        account: AccountFacts {
            id: row.sa_id.clone()?,
            kind: AccountKind::from_column(row.sa_kind.as_deref()?),
            status: AccountStatus::from_column(row.sa_status.as_deref()?),
            email_verified: row.sa_email_verified? != 0,
            party: Party { name: row.sa_name.clone()?, email: row.sa_email.clone()? },
        },
        stored_value_id: row.s_stored_value_id.clone(),
        instrument_id: row.i_id.clone()?,
        payment_method: row.i_method.as_deref()?.parse().ok()?,
        instrument_active: row.i_active? != 0,
        instrument_expires: row.i_expires.clone(),
    })
}

fn recipient(row: &Row, by_token: bool) -> Option<RecipientSide> {
    let token = if by_token { Some(recipient_token(row)?) } else { None };
    let account = AccountFacts {
        id: row.ra_id.clone()?,
        kind: AccountKind::from_column(row.ra_kind.as_deref()?),
        status: AccountStatus::from_column(row.ra_status.as_deref()?),
        email_verified: row.ra_email_verified? != 0,
        party: Party { name: row.ra_name.clone()?, email: row.ra_email.clone()? },
    };
    Some(RecipientSide { token, account })
}

fn recipient_token(row: &Row) -> Option<RecipientToken> {
    let methods = row.r_payment_methods.as_deref()?;
    Some(RecipientToken {
        token: TokenFacts {
            access_key: row.r_access_key.clone()?,
            role: row.r_role.clone()?,
            active: row.r_active? != 0,
            valid_from: row.r_valid_from?,
            expires_at: row.r_expires_at,
        },
        payment_methods: methods.split(',').filter_map(|word| word.parse().ok()).collect(),
        max_fixed_fee: row.r_max_fixed_fee.map(Money::from_micros),
        max_variable_fee: row.r_max_variable_fee.map(Percent::from_ten_thousandths),
        recipient_pays_fee: row.r_recipient_pays_fee.is_none_or(|value| value != 0),
    })
}
