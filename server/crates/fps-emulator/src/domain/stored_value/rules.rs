//! May this be prepaid, owed, settled? Pure, as the rules of payments are, and on top of them.

use crate::domain::callers::Caller;
use crate::domain::instruments::Instrument;
use crate::domain::payments::counterparties::{Counterparties, Recipient, Sender};
use crate::domain::payments::rules::{self, ApprovedPayment};
use fps_protocol::actions::PaymentRequest;
use fps_protocol::enums::{ChargeFeeTo, PaymentMethod};
use fps_protocol::{ErrorCode, FpsError};
use jiff::Timestamp;
use money::{Money, Percent};

/// The most that can be in a prepaid balance. FPS had such a limit and no source names it; this one is
/// the largest payment by card of 2007 (fps.md §10).
pub const MOST_PREPAID: Money = Money::from_cents(1_000_000);

fn refuse<T>(code: ErrorCode, message: &str) -> Result<T, FpsError> {
    Err(FpsError::new(code, message))
}

/// The caller's own prepaid balance or credit, as `method` says.
pub fn instrument_with_caller(
    caller: &Caller,
    instrument: Option<Instrument>,
    method: PaymentMethod,
) -> Result<Instrument, FpsError> {
    let what = if method == PaymentMethod::Prepaid { "prepaid balance" } else { "credit" };
    let instrument = instrument.filter(|instrument| instrument.method == method).ok_or_else(|| {
        let message = format!("The instrument is not a {what}.");
        FpsError::new(ErrorCode::InvalidPaymentInstrument, message)
    })?;
    if instrument.access_key.as_ref() != Some(&caller.access_key) {
        let message = format!("The {what} is with another caller.");
        return Err(FpsError::new(ErrorCode::InstrumentAccessDenied, message));
    }
    Ok(instrument)
}

/// Of Pay and Reserve: what a token for funding or settling cannot do, and whom a debt can pay.
pub fn check_payment(
    caller: &Caller,
    request: &PaymentRequest,
    sender: &Sender,
    recipient: &Recipient,
) -> Result<(), FpsError> {
    if sender.stored_value_id.is_some() {
        return refuse(
            ErrorCode::InvalidSenderRoleForAccountType,
            "The sender token is for funding a prepaid balance or settling a debt only.",
        );
    }
    if sender.payment_method != PaymentMethod::Debt {
        return Ok(());
    }
    if recipient.account.id != caller.account_id {
        return refuse(
            ErrorCode::IncompatibleTokens,
            "The sender owes the caller what it pays by debt: nobody else can be paid with it.",
        );
    }
    // No money is paid that a fee could be taken of.
    let asks_for_fee = request.marketplace_fixed_fee.is_some_and(Money::is_positive)
        || request.marketplace_variable_fee.is_some_and(|fee| fee > Percent::ZERO);
    if asks_for_fee {
        return refuse(
            ErrorCode::InvalidParams,
            "A payment by debt cannot have a marketplace fee: nothing is paid before the debt is settled.",
        );
    }
    Ok(())
}

/// Of `FundPrepaid` and `SettleDebt`: a payment of the instrument's owner to the caller that the
/// instrument is with. The FPS fee falls on the caller.
pub fn check_transfer(
    caller: &Caller,
    request: &PaymentRequest,
    counterparties: Counterparties,
    instrument: &Instrument,
    now: Timestamp,
) -> Result<ApprovedPayment, FpsError> {
    rules::check_caller(caller)?;
    let sender = rules::sender_of(caller, counterparties.sender)?;
    // Without a recipient token the caller's account is read.
    let recipient = counterparties.recipient.ok_or_else(FpsError::internal)?;
    if sender.account.id != instrument.account_id {
        return refuse(
            ErrorCode::TokenAccessDenied,
            "The sender token is not that of the person whose prepaid balance or credit it is.",
        );
    }
    match &sender.stored_value_id {
        None => {
            return refuse(
                ErrorCode::InvalidSenderRoleForAccountType,
                "The sender token is not for funding a prepaid balance or settling a debt.",
            );
        }
        Some(id) if *id != instrument.id => {
            return refuse(
                ErrorCode::IncompatibleTokens,
                "The sender token was authorized for another prepaid balance or credit.",
            );
        }
        Some(_) => {}
    }
    if sender.payment_method.is_stored_value() {
        return refuse(
            ErrorCode::InvalidPaymentMethod,
            "Only an account balance, a bank account or a card can fund a prepaid balance or settle a debt.",
        );
    }
    rules::check_tokens(request, &sender, &recipient, now)?;
    rules::check_accounts(caller, request, &sender.account, &recipient.account)?;
    rules::check_method(request, &sender, &recipient, now)?;
    let fee_payer = match instrument.method {
        // All that the sender pays is in the balance, so the fee comes from elsewhere.
        PaymentMethod::Prepaid => ChargeFeeTo::Caller,
        _ => ChargeFeeTo::Recipient,
    };
    rules::approve(request, sender, recipient, fee_payer)
}

/// The balance would hold `held` and what is on its way to it.
pub fn check_room(held: Money, pending_in: Money, amount: Money) -> Result<(), FpsError> {
    match Money::sum([held, pending_in, amount]) {
        Ok(filled) if filled <= MOST_PREPAID => Ok(()),
        _ => Err(FpsError::new(
            ErrorCode::PrepaidFundingLimitExceeded,
            format!("There can be at most {} USD in a prepaid balance.", MOST_PREPAID.to_two_decimals()),
        )),
    }
}

/// Not more can be settled or written off than is owed and not being settled.
pub fn check_debt(owed: Money, amount: Money) -> Result<(), FpsError> {
    if amount > owed {
        let owed = owed.to_six_decimals();
        return Err(FpsError::new(
            ErrorCode::SettleAmountGreaterThanDebt,
            format!("The amount is greater than the debt that is not being settled already, {owed} USD."),
        ));
    }
    Ok(())
}
