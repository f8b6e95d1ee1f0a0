//! Tokens: what a person has allowed a caller to do. Sender tokens pay, recipient tokens are paid to,
//! refund tokens are the recipient's leave to give money back.

use fps_protocol::enums::{PaymentMethod, TokenType};
use jiff::SignedDuration;
use money::{Money, Percent};
use platform::{Database, Random};
use sqlx::AnyConnection;

/// Characters of a token id (REFERENCE §10).
const ID_LENGTH: usize = 64;
/// How long a single-use token can be used after its authorization (REFERENCE §5).
pub const SINGLE_USE_VALID_FOR: SignedDuration = SignedDuration::from_hours(3);

/// A new token's id.
pub fn new_id(random: &Random) -> String {
    random.upper_alphanumeric(ID_LENGTH)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenRole {
    Sender,
    Recipient,
    Refund,
}

impl TokenRole {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sender => "Sender",
            Self::Recipient => "Recipient",
            Self::Refund => "Refund",
        }
    }

    fn from_column(text: &str) -> Self {
        match text {
            "Sender" => Self::Sender,
            "Recipient" => Self::Recipient,
            _ => Self::Refund,
        }
    }
}

#[derive(Debug, Clone)]
#[expect(clippy::struct_field_names, reason = "FPS's TokenType")]
pub struct Token {
    pub id: String,
    pub access_key: String,
    /// Who gave it.
    pub account_id: String,
    pub role: TokenRole,
    pub token_type: TokenType,
    /// `false` once cancelled.
    pub active: bool,
    pub caller_reference: String,
    pub friendly_name: String,
    pub payment_reason: Option<String>,
    /// Sender: what pays.
    pub instrument_id: Option<String>,
    /// Methods that the giver allows, in words of the wire.
    pub payment_methods: Vec<PaymentMethod>,
    /// Sender: what was authorized at the most.
    pub amount: Option<Money>,
    /// Sender: the only one who may be paid.
    pub recipient_token_id: Option<String>,
    /// Recipient: the marketplace fees that it agreed to, if any.
    pub max_fixed_fee: Option<Money>,
    pub max_variable_fee: Option<Percent>,
    pub recipient_pays_fee: Option<bool>,
    pub refund_token_id: Option<String>,
    /// Single use: when it was used.
    pub used_at: Option<i64>,
    pub valid_from: i64,
    pub expires_at: Option<i64>,
    pub created_at: i64,
}

/// What `SingleUse` makes of a confirmed authorization.
#[derive(Debug, Clone)]
pub struct NewSenderToken {
    pub id: String,
    pub access_key: String,
    pub account_id: String,
    pub caller_reference: String,
    pub payment_reason: Option<String>,
    pub instrument_id: String,
    pub payment_method: PaymentMethod,
    pub amount: Money,
    pub recipient_token_id: Option<String>,
    pub created_at: i64,
}

/// What Recipient makes: a recipient token and its refund token.
#[derive(Debug, Clone)]
pub struct NewRecipientToken {
    pub id: String,
    pub refund_token_id: String,
    pub access_key: String,
    pub account_id: String,
    pub caller_reference: String,
    pub payment_reason: Option<String>,
    pub payment_methods: Vec<PaymentMethod>,
    pub max_fixed_fee: Option<Money>,
    pub max_variable_fee: Option<Percent>,
    pub recipient_pays_fee: bool,
    /// Valid from its making if nothing else is said.
    pub valid_from: Option<i64>,
    pub expires_at: Option<i64>,
    pub created_at: i64,
}

pub async fn install_sender(c: &mut AnyConnection, new: &NewSenderToken) -> Result<(), sqlx::Error> {
    let token = Token {
        id: new.id.clone(),
        access_key: new.access_key.clone(),
        account_id: new.account_id.clone(),
        role: TokenRole::Sender,
        token_type: TokenType::SingleUse,
        active: true,
        caller_reference: new.caller_reference.clone(),
        friendly_name: friendly_name(new.created_at),
        payment_reason: new.payment_reason.clone(),
        instrument_id: Some(new.instrument_id.clone()),
        payment_methods: vec![new.payment_method],
        amount: Some(new.amount),
        recipient_token_id: new.recipient_token_id.clone(),
        max_fixed_fee: None,
        max_variable_fee: None,
        recipient_pays_fee: None,
        refund_token_id: None,
        used_at: None,
        valid_from: new.created_at,
        expires_at: Some(new.created_at.saturating_add(micros(SINGLE_USE_VALID_FOR))),
        created_at: new.created_at,
    };
    insert(c, &token).await
}

pub async fn install_recipient(c: &mut AnyConnection, new: &NewRecipientToken) -> Result<(), sqlx::Error> {
    let recipient = Token {
        id: new.id.clone(),
        access_key: new.access_key.clone(),
        account_id: new.account_id.clone(),
        role: TokenRole::Recipient,
        token_type: TokenType::Unrestricted,
        active: true,
        caller_reference: new.caller_reference.clone(),
        friendly_name: friendly_name(new.created_at),
        payment_reason: new.payment_reason.clone(),
        instrument_id: None,
        payment_methods: new.payment_methods.clone(),
        amount: None,
        recipient_token_id: None,
        max_fixed_fee: new.max_fixed_fee,
        max_variable_fee: new.max_variable_fee,
        recipient_pays_fee: Some(new.recipient_pays_fee),
        refund_token_id: Some(new.refund_token_id.clone()),
        used_at: None,
        valid_from: new.valid_from.unwrap_or(new.created_at),
        expires_at: new.expires_at,
        created_at: new.created_at,
    };
    let refund = Token {
        id: new.refund_token_id.clone(),
        role: TokenRole::Refund,
        refund_token_id: None,
        ..recipient.clone()
    };
    insert(&mut *c, &recipient).await?;
    insert(c, &refund).await
}

/// `Friendly` and ten digits, as seen live (REFERENCE §3.2).
fn friendly_name(created_at: i64) -> String {
    format!("Friendly{:010}", created_at.rem_euclid(10_000_000_000))
}

fn micros(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

async fn insert(c: &mut AnyConnection, token: &Token) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO tokens (id, access_key, account_id, role, token_type, active, caller_reference, friendly_name, \
             payment_reason, instrument_id, payment_methods, amount, recipient_token_id, max_fixed_fee, \
             max_variable_fee, recipient_pays_fee, refund_token_id, used_at, valid_from, expires_at, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
    )
    .bind(&token.id)
    .bind(&token.access_key)
    .bind(&token.account_id)
    .bind(token.role.as_str())
    .bind(token.token_type.as_str())
    .bind(i64::from(token.active))
    .bind(&token.caller_reference)
    .bind(&token.friendly_name)
    .bind(token.payment_reason.as_deref())
    .bind(token.instrument_id.as_deref())
    .bind(methods_to_column(&token.payment_methods))
    .bind(token.amount.map(Money::micros))
    .bind(token.recipient_token_id.as_deref())
    .bind(token.max_fixed_fee.map(Money::micros))
    .bind(token.max_variable_fee.map(Percent::ten_thousandths))
    .bind(token.recipient_pays_fee.map(i64::from))
    .bind(token.refund_token_id.as_deref())
    .bind(token.used_at)
    .bind(token.valid_from)
    .bind(token.expires_at)
    .bind(token.created_at)
    .execute(c)
    .await?;
    Ok(())
}

fn methods_to_column(methods: &[PaymentMethod]) -> String {
    methods.iter().map(|method| method.as_str()).collect::<Vec<_>>().join(",")
}

fn methods_from_column(text: &str) -> Vec<PaymentMethod> {
    text.split(',').filter_map(|word| word.parse().ok()).collect()
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    access_key: String,
    account_id: String,
    role: String,
    token_type: String,
    active: i64,
    caller_reference: String,
    friendly_name: String,
    payment_reason: Option<String>,
    instrument_id: Option<String>,
    payment_methods: String,
    amount: Option<i64>,
    recipient_token_id: Option<String>,
    max_fixed_fee: Option<i64>,
    max_variable_fee: Option<i64>,
    recipient_pays_fee: Option<i64>,
    refund_token_id: Option<String>,
    used_at: Option<i64>,
    valid_from: i64,
    expires_at: Option<i64>,
    created_at: i64,
}

impl TryFrom<Row> for Token {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.id,
            access_key: row.access_key,
            account_id: row.account_id,
            role: TokenRole::from_column(&row.role),
            token_type: row.token_type.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
            active: row.active != 0,
            caller_reference: row.caller_reference,
            friendly_name: row.friendly_name,
            payment_reason: row.payment_reason,
            instrument_id: row.instrument_id,
            payment_methods: methods_from_column(&row.payment_methods),
            amount: row.amount.map(Money::from_micros),
            recipient_token_id: row.recipient_token_id,
            max_fixed_fee: row.max_fixed_fee.map(Money::from_micros),
            max_variable_fee: row.max_variable_fee.map(Percent::from_ten_thousandths),
            recipient_pays_fee: row.recipient_pays_fee.map(|value| value != 0),
            refund_token_id: row.refund_token_id,
            used_at: row.used_at,
            valid_from: row.valid_from,
            expires_at: row.expires_at,
            created_at: row.created_at,
        })
    }
}

/// Everything a token row has; kept in one place because three queries select it.
macro_rules! select_tokens {
    ($rest:literal) => {
        concat!(
            "SELECT id, access_key, account_id, role, token_type, active, caller_reference, friendly_name, \
             payment_reason, instrument_id, payment_methods, amount, recipient_token_id, max_fixed_fee, \
             max_variable_fee, recipient_pays_fee, refund_token_id, used_at, valid_from, expires_at, created_at \
             FROM tokens ",
            $rest
        )
    };
}

pub async fn find(db: &Database, id: &str) -> Result<Option<Token>, sqlx::Error> {
    let row: Option<Row> =
        sqlx::query_as(select_tokens!("WHERE id = $1")).bind(id).fetch_optional(db.readers()).await?;
    row.map(Token::try_from).transpose()
}

/// The first token made under the caller's reference, if there is one.
pub async fn find_by_reference(
    db: &Database,
    access_key: &str,
    caller_reference: &str,
) -> Result<Option<Token>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as(select_tokens!(
        "WHERE access_key = $1 AND caller_reference = $2 AND role <> 'Refund' ORDER BY created_at, id LIMIT 1"
    ))
    .bind(access_key)
    .bind(caller_reference)
    .fetch_optional(db.readers())
    .await?;
    row.map(Token::try_from).transpose()
}

/// Uses a single-use sender token up and makes sure, in the same statement, that both tokens are still
/// good: what was read outside of the transaction can have changed. `false` when they are not.
pub async fn spend(
    c: &mut AnyConnection,
    sender_id: &str,
    recipient_id: Option<&str>,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let updated = sqlx::query(
        "UPDATE tokens SET used_at = $1 WHERE id = $2 AND active = 1 AND used_at IS NULL \
         AND (expires_at IS NULL OR expires_at > $1) \
         AND ($3 = '' OR EXISTS (SELECT 1 FROM tokens r WHERE r.id = $3 AND r.active = 1))",
    )
    .bind(now)
    .bind(sender_id)
    .bind(recipient_id.unwrap_or_default())
    .execute(c)
    .await?;
    Ok(updated.rows_affected() == 1)
}
