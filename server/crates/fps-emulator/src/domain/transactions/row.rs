//! From a transaction's row to its record. Nullable columns are matched into the kind and the life that they
//! belong to; a row that spells none is an error that names the transaction, never a guess.

use crate::domain::transactions::life::{Kind, Life, Refunded};
use crate::domain::transactions::record::{Parties, Party, Transaction};
use fps_protocol::enums::{
    ChargeFeeTo, FpsOperation, MarketplaceRefundPolicy, StatusCode, TransactionStatus,
};
use fps_protocol::ids::TransactionId;
use jiff::Timestamp;
use ledger::HoldId;
use money::Money;
use platform::db::Columns;
use sqlx::FromRow;
use sqlx::any::AnyRow;

/// A transaction that cannot have come to be.
#[derive(Debug, thiserror::Error)]
#[error("the row of transaction {id} spells no {what}")]
struct Impossible {
    id: TransactionId,
    what: &'static str,
}

/// All of a transaction with its parties; names are the public ones (fps.md §3.1).
macro_rules! select_transactions {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, c.access_key, t.operation, t.status, t.status_code, t.version, t.amount, t.fps_fee, \
                 t.marketplace_fee, t.fixed_fee, t.variable_fee, t.recipient_pays_fee, t.settle_amount, t.refunded, \
                 t.marketplace_fee_refunded, t.payment_method, \
                 (SELECT i.id FROM instruments i WHERE i.number = t.instrument) AS instrument_id, \
                 s.id AS sender_account_id, r.id AS recipient_account_id, \
                 paid_with.id AS sender_token_id, paid_to.id AS recipient_token_id, \
                 COALESCE(t.caller_reference, parent.caller_reference) AS caller_reference, \
                 CASE WHEN t.caller_reference IS NULL THEN parent.caller_description ELSE t.caller_description END \
                     AS caller_description, \
                 CASE WHEN t.caller_reference IS NULL THEN parent.sender_description ELSE t.sender_description END \
                     AS sender_description, \
                 t.override_ipn_url, parent.id AS parent_id, t.refund_policy, t.hold_id, \
                 (SELECT i.id FROM instruments i WHERE i.number = t.stored_value) AS stored_value_id, \
                 t.process_at, t.expires_at, t.received_at, t.completed_at, \
                 c.account_id AS caller_account_id, c.ipn_url, \
                 CASE s.kind WHEN 'Business' THEN COALESCE(s.business_name, s.name) ELSE s.name END AS sender_name, \
                 s.email AS sender_email, \
                 CASE r.kind WHEN 'Business' THEN COALESCE(r.business_name, r.name) ELSE r.name END AS recipient_name, \
                 r.email AS recipient_email, paid_with.ship_to \
             FROM transactions t JOIN callers c ON c.number = t.caller \
                 JOIN accounts s ON s.number = t.sender JOIN accounts r ON r.number = t.recipient \
                 LEFT JOIN tokens paid_with ON paid_with.number = t.sender_token \
                 LEFT JOIN tokens paid_to ON paid_to.number = t.recipient_token \
                 LEFT JOIN transactions parent ON parent.number = t.parent ",
            $rest
        )
    };
}
pub(super) use select_transactions;

impl FromRow<'_, AnyRow> for Transaction {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let (id, amount) = (row.parsed::<TransactionId>("id")?, row.money("amount")?);
        let impossible = |what| sqlx::Error::Decode(Box::new(Impossible { id: id.clone(), what }));
        let kind = kind(row)?.ok_or_else(|| impossible("kind of transaction"))?;
        let life = life(row, &kind, amount)?.ok_or_else(|| impossible("life that its kind can have"))?;
        Ok(Self {
            access_key: row.parsed("access_key")?,
            kind,
            life,
            version: row.integer("version")?,
            amount,
            fps_fee: row.money("fps_fee")?,
            marketplace_fee: row.money("marketplace_fee")?,
            fixed_fee: row.money("fixed_fee")?,
            variable_fee: row.percent("variable_fee")?,
            fee_payer: if row.flag("recipient_pays_fee")? {
                ChargeFeeTo::Recipient
            } else {
                ChargeFeeTo::Caller
            },
            payment_method: row.parsed("payment_method")?,
            instrument_id: row.optional("instrument_id", Columns::parsed)?,
            sender_account_id: row.parsed("sender_account_id")?,
            recipient_account_id: row.parsed("recipient_account_id")?,
            sender_token_id: row.optional("sender_token_id", Columns::parsed)?,
            recipient_token_id: row.optional("recipient_token_id", Columns::parsed)?,
            caller_reference: row.parsed("caller_reference")?,
            caller_description: row.optional("caller_description", Columns::text)?,
            sender_description: row.optional("sender_description", Columns::text)?,
            override_ipn_url: row.optional("override_ipn_url", Columns::text)?,
            received_at: row.time("received_at")?,
            parties: parties(row)?,
            id,
        })
    }
}

fn parties(row: &AnyRow) -> Result<Parties, sqlx::Error> {
    Ok(Parties {
        caller_account_id: row.parsed("caller_account_id")?,
        ipn_url: row.optional("ipn_url", Columns::text)?,
        sender: Party { name: row.text("sender_name")?, email: row.text("sender_email")? },
        recipient: Party { name: row.text("recipient_name")?, email: row.text("recipient_email")? },
        ship_to: row.optional("ship_to", Columns::parsed)?.map(Box::new),
    })
}

/// `None` when the columns spell none.
fn kind(row: &AnyRow) -> Result<Option<Kind>, sqlx::Error> {
    let operation = row.parsed::<FpsOperation>("operation")?;
    let parent = row.optional("parent_id", Columns::parsed)?;
    let policy = row.optional("refund_policy", AnyRow::parsed::<MarketplaceRefundPolicy>)?;
    let stored_value = row.optional("stored_value_id", Columns::parsed)?;
    Ok(Some(match (operation, parent, policy, stored_value) {
        (FpsOperation::Pay, None, None, None) => Kind::Payment,
        (FpsOperation::Reserve, None, None, None) => Kind::Reserve,
        (FpsOperation::Refund, Some(of), Some(policy), None) => Kind::Refund { of, policy },
        (FpsOperation::Pay, Some(of), None, None) => Kind::MarketplaceFee { of },
        (FpsOperation::FundPrepaid, None, None, Some(stored_value_id)) => {
            Kind::FundPrepaid { stored_value_id }
        }
        (FpsOperation::SettleDebt, None, None, Some(stored_value_id)) => Kind::SettleDebt { stored_value_id },
        (FpsOperation::WriteOffDebt, None, None, Some(stored_value_id)) => {
            Kind::WriteOffDebt { stored_value_id }
        }
        _ => return Ok(None),
    }))
}

/// The columns that only some states fill.
struct LifeColumns {
    process_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    completed_at: Option<Timestamp>,
    settle_amount: Option<Money>,
    hold_id: Option<HoldId>,
}

impl LifeColumns {
    fn of(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            process_at: row.optional("process_at", Columns::time)?,
            expires_at: row.optional("expires_at", Columns::time)?,
            completed_at: row.optional("completed_at", Columns::time)?,
            settle_amount: row.optional("settle_amount", Columns::money)?,
            hold_id: row.optional("hold_id", Columns::parsed)?,
        })
    }
}

/// `None` when the columns spell none that a transaction of this kind can have. What held money stays named
/// in the row of what is over.
fn life(row: &AnyRow, kind: &Kind, amount: Money) -> Result<Option<Life>, sqlx::Error> {
    let status = row.parsed::<TransactionStatus>("status")?;
    let code = row.parsed::<StatusCode>("status_code")?;
    let refunded =
        Refunded { amount: row.money("refunded")?, marketplace_fee: row.money("marketplace_fee_refunded")? };
    let LifeColumns { process_at, expires_at, completed_at, settle_amount, hold_id } = LifeColumns::of(row)?;
    if matches!(kind, Kind::MarketplaceFee { .. }) {
        return Ok(Some(Life::Follows { status, code, completed_at }));
    }
    let is_reserve = *kind == Kind::Reserve;
    let life = match (status, process_at, expires_at, completed_at, settle_amount) {
        (TransactionStatus::Pending, Some(process_at), expires_at, None, None) => {
            Life::Pending { process_at, expires_at, hold_id }
        }
        (TransactionStatus::Pending, Some(process_at), Some(expires_at), None, Some(amount))
            if is_reserve =>
        {
            Life::Settling { amount, process_at, expires_at }
        }
        (TransactionStatus::Reserved, None, Some(expires_at), None, None) if is_reserve => {
            Life::Reserved { expires_at, hold_id }
        }
        (TransactionStatus::Success, None, None, Some(at), settled) if settled.is_some() == is_reserve => {
            Life::Completed { charged: settled.unwrap_or(amount), at, refunded }
        }
        (TransactionStatus::Failure, None, None, Some(at), None)
            if matches!(code, StatusCode::TransactionDenied | StatusCode::Expired) =>
        {
            Life::Failed { code, at }
        }
        (TransactionStatus::Cancelled, None, None, Some(at), None)
            if matches!(code, StatusCode::Canceled | StatusCode::Expired) =>
        {
            Life::Cancelled { code, at }
        }
        _ => return Ok(None),
    };
    Ok(Some(life).filter(|life| life.status_code() == code))
}
