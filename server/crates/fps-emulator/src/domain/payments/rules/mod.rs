//! May this payment be made? Pure: everything that the rules look at is handed in. One function per
//! group of rules, in the order in which FPS names what is wrong.

#[cfg(test)]
mod tests;

use crate::domain::accounts::{AccountKind, AccountStatus};
use crate::domain::callers::Caller;
use crate::domain::payments::counterparties::{
    AccountFacts, Counterparties, Recipient, RecipientToken, Sender, TokenFacts,
};
use crate::domain::stored_value;
use crate::domain::tokens::{LimitKind, TokenRole};
use fps_protocol::actions::PaymentRequest;
use fps_protocol::cbui::AmountType;
use fps_protocol::enums::{ChargeFeeTo, PaymentMethod};
use fps_protocol::ids::TokenId;
use fps_protocol::{ErrorCode, FpsError, fees};
use jiff::{Timestamp, tz::TimeZone};
use money::{Money, Percent};

/// What cards and bank accounts must exceed (fps.md §6.3).
const TOO_SMALL_FOR_CARDS: Money = Money::from_cents(1);

/// A payment that may be made.
#[derive(Debug, Clone)]
pub struct ApprovedPayment {
    pub sender: Sender,
    pub recipient: Recipient,
    pub fee_payer: ChargeFeeTo,
    pub fixed_fee: Money,
    pub variable_fee: Percent,
    pub fps_fee: Money,
    pub marketplace_fee: Money,
    /// What the caller has to add from its own balance: an FPS fee above its marketplace fee.
    pub caller_pays: Money,
}

/// All rules of Pay and Reserve; the refusal is that of the first which the payment breaks.
pub fn check(
    caller: &Caller,
    request: &PaymentRequest,
    counterparties: Counterparties,
    now: Timestamp,
) -> Result<ApprovedPayment, FpsError> {
    check_caller(caller)?;
    if request.recipient_token_id.as_ref() == Some(&request.sender_token_id) {
        return refuse(
            ErrorCode::SameTokenIdUsedMultipleTimes,
            "The same token was given as sender and recipient.",
        );
    }
    // What is prepaid or owed is with the caller, who then need not be named to be paid.
    let by_stored_value = |sender: &Sender| sender.payment_method.is_stored_value();
    if request.recipient_token_id.is_none()
        && caller.marketplace
        && !counterparties.sender.as_ref().is_some_and(by_stored_value)
    {
        return Err(FpsError::missing("RecipientTokenId"));
    }
    let sender = sender_of(caller, counterparties.sender)?;
    let of_caller = |recipient: &Recipient| {
        recipient.token.as_ref().is_none_or(|token| usable_as(&token.token, caller, TokenRole::Recipient))
    };
    let recipient = counterparties.recipient.filter(of_caller).ok_or_else(|| {
        FpsError::new(
            ErrorCode::InvalidTokenIdRecipient,
            "The recipient token is not valid or was cancelled.",
        )
    })?;
    check_tokens(request, &sender, &recipient, now)?;
    check_accounts(caller, request, &sender.account, &recipient.account)?;
    check_method(request, &sender, &recipient, now)?;
    stored_value::check_payment(caller, request, &sender, &recipient)?;
    let fixed_fee = request.marketplace_fixed_fee.unwrap_or_default();
    let variable_fee = request.marketplace_variable_fee.unwrap_or_default();
    check_caps(recipient.token.as_ref(), fixed_fee, variable_fee)?;
    let fee_payer = fee_payer(request, recipient.token.as_ref())?;
    approve(request, sender, recipient, fee_payer)
}

/// Another caller's token looks like one that does not exist.
pub fn sender_of(caller: &Caller, sender: Option<Sender>) -> Result<Sender, FpsError> {
    sender.filter(|sender| usable_as(&sender.token, caller, TokenRole::Sender)).ok_or_else(|| {
        FpsError::new(ErrorCode::InvalidTokenIdSender, "The sender token is not valid or was cancelled.")
    })
}

/// Reckons the fees; those that leave nothing are refused.
pub fn approve(
    request: &PaymentRequest,
    sender: Sender,
    recipient: Recipient,
    fee_payer: ChargeFeeTo,
) -> Result<ApprovedPayment, FpsError> {
    let fixed_fee = request.marketplace_fixed_fee.unwrap_or_default();
    let variable_fee = request.marketplace_variable_fee.unwrap_or_default();
    let amount = request.transaction_amount;
    let reckon = || {
        let fps_fee = fees::fps_fee(sender.payment_method, amount)?;
        let marketplace_fee = fees::marketplace_fee(amount, fixed_fee, variable_fee)?;
        let split = fees::split(amount, fps_fee, marketplace_fee, fee_payer)?;
        Ok::<_, money::MoneyError>((fps_fee, marketplace_fee, split))
    };
    let (fps_fee, marketplace_fee, split) = reckon().map_err(|_| fees_too_high())?;
    let caller_pays = split.caller.neg().unwrap_or_default().max(Money::ZERO);
    Ok(ApprovedPayment {
        sender,
        recipient,
        fee_payer,
        fixed_fee,
        variable_fee,
        fps_fee,
        marketplace_fee,
        caller_pays,
    })
}

fn refuse<T>(code: ErrorCode, message: impl Into<String>) -> Result<T, FpsError> {
    Err(FpsError::new(code, message))
}

/// The message was observed live (fps.md §4).
pub fn fees_too_high() -> FpsError {
    FpsError::new(
        ErrorCode::InvalidParams,
        "The transaction amount has to be greater than the fees that the recipient is liable for.",
    )
}

/// Another caller's token looks like one that does not exist.
fn usable_as(token: &TokenFacts, caller: &Caller, role: TokenRole) -> bool {
    token.access_key == caller.access_key && token.role == role
}

/// Only a caller in good standing moves money.
pub fn check_caller(caller: &Caller) -> Result<(), FpsError> {
    if caller.account_status != AccountStatus::Active {
        return refuse(ErrorCode::InvalidAccountStateCaller, "The caller's account is suspended or closed.");
    }
    if !caller.email_verified {
        return refuse(
            ErrorCode::UnverifiedEmailAddressCaller,
            "The caller's e-mail address is not verified.",
        );
    }
    Ok(())
}

/// Whether both tokens can be used now, for each other and for so much.
pub fn check_tokens(
    request: &PaymentRequest,
    sender: &Sender,
    recipient: &Recipient,
    now: Timestamp,
) -> Result<(), FpsError> {
    if !sender.token.active {
        return refuse(ErrorCode::TokenNotActiveSender, "The sender token was cancelled.");
    }
    if sender.used {
        return refuse(ErrorCode::TokenNotActiveSender, "The sender token is for a single use and was used.");
    }
    check_validity(&sender.token, "sender", now)?;
    if let Some(token) = &recipient.token {
        if !token.token.active {
            return refuse(ErrorCode::TokenNotActiveRecipient, "The recipient token was cancelled.");
        }
        check_validity(&token.token, "recipient", now)?;
    }
    let asked = request.recipient_token_id.as_ref();
    let is_asked = |id: &TokenId| asked == Some(id);
    if !sender.recipients.is_empty() && !sender.recipients.iter().any(is_asked) {
        return refuse(
            ErrorCode::IncompatibleTokens,
            "The sender token was authorized for another recipient.",
        );
    }
    check_amount(request.transaction_amount, sender)?;
    check_limits(request.transaction_amount, sender, now)
}

/// What the sender authorized for each payment.
fn check_amount(amount: Money, sender: &Sender) -> Result<(), FpsError> {
    let Some(authorized) = sender.amount else { return Ok(()) };
    let (fits, how) = match sender.amount_type {
        Some(AmountType::Exact) => (amount == authorized, "is not the one that"),
        Some(AmountType::Minimum) => (amount >= authorized, "is less than"),
        // The sender agreed to pay so much; less does nobody harm.
        Some(AmountType::Maximum) | None => (amount <= authorized, "is more than"),
    };
    if fits {
        return Ok(());
    }
    let message = format!("The amount {how} the sender token was authorized for.");
    refuse(ErrorCode::IncompatibleTokens, message)
}

/// How much and how often the sender token can pay.
fn check_limits(amount: Money, sender: &Sender, now: Timestamp) -> Result<(), FpsError> {
    let exceeded = sender.limits.iter().find(|limit| {
        let window = limit.window(sender.token.valid_from, now);
        limit.kind.taken_by(amount) > limit.left_in(window)
    });
    let Some(limit) = exceeded else { return Ok(()) };
    let what = match limit.kind {
        LimitKind::Amount => "amount",
        LimitKind::Count => "number of payments",
    };
    let when = limit.period.map(|period| format!(" in each {period}")).unwrap_or_default();
    let message = format!("The payment exceeds the {what} that the sender token allows{when}.");
    refuse(ErrorCode::TokenUsageError, message)
}

fn check_validity(token: &TokenFacts, whose: &str, now: Timestamp) -> Result<(), FpsError> {
    if token.expires_at.is_some_and(|at| at <= now) {
        return refuse(ErrorCode::IncompatibleTokens, format!("The {whose} token has expired."));
    }
    // Made through another process, whose machine's clock is a little ahead: what starts when it is made has started.
    if token.valid_from > now.max(token.created_at) {
        return refuse(ErrorCode::IncompatibleTokens, format!("The {whose} token is not valid yet."));
    }
    Ok(())
}

/// Whether both accounts are in good standing, and the caller may have the one pay the other.
pub fn check_accounts(
    caller: &Caller,
    request: &PaymentRequest,
    sender: &AccountFacts,
    recipient: &AccountFacts,
) -> Result<(), FpsError> {
    if sender.status != AccountStatus::Active {
        return refuse(ErrorCode::InvalidAccountStateSender, "The sender's account is suspended or closed.");
    }
    if !sender.email_verified {
        return refuse(
            ErrorCode::UnverifiedEmailAddressSender,
            "The sender's e-mail address is not verified.",
        );
    }
    if recipient.status != AccountStatus::Active {
        return refuse(
            ErrorCode::InvalidAccountStateRecipient,
            "The recipient's account is suspended or closed.",
        );
    }
    if !recipient.email_verified {
        return refuse(
            ErrorCode::UnverifiedEmailAddressRecipient,
            "The recipient's e-mail address is not verified.",
        );
    }
    if sender.id == recipient.id {
        return refuse(
            ErrorCode::SameSenderAndRecipient,
            "The sender and the recipient are the same account.",
        );
    }
    let takes_fees = request.marketplace_fixed_fee.is_some() || request.marketplace_variable_fee.is_some();
    if !caller.marketplace && (takes_fees || recipient.id != caller.account_id) {
        return refuse(
            ErrorCode::NotMarketplaceApp,
            "The caller is not registered as a marketplace application.",
        );
    }
    Ok(())
}

/// Whether the instrument can be used, and the recipient takes it.
pub fn check_method(
    request: &PaymentRequest,
    sender: &Sender,
    recipient: &Recipient,
    now: Timestamp,
) -> Result<(), FpsError> {
    let method = sender.payment_method;
    if !sender.instrument_active {
        return refuse(
            ErrorCode::InactiveInstrument,
            "The sender's payment instrument is not active any more.",
        );
    }
    if sender.instrument_expires.as_deref().is_some_and(|month| month_is_over(month, now)) {
        return refuse(ErrorCode::InstrumentExpired, "The sender's card has expired.");
    }
    let allowed = recipient.token.as_ref().map_or(&[][..], |token| &token.payment_methods);
    if !method.is_stored_value() && !allowed.is_empty() && !allowed.contains(&method) {
        let code = match method {
            PaymentMethod::Cc => ErrorCode::InvalidRecipientForCCTransaction,
            _ => ErrorCode::IncompatibleTokens,
        };
        return refuse(code, format!("The recipient does not accept payments by {method}."));
    }
    if method == PaymentMethod::Cc && recipient.account.kind == AccountKind::Personal {
        return refuse(
            ErrorCode::InvalidRecipientForCCTransaction,
            "The recipient has a personal account, which cannot take payments by card.",
        );
    }
    check_least(method, request.transaction_amount)
}

/// Cards and bank accounts do not pay as little as a cent.
pub fn check_least(method: PaymentMethod, amount: Money) -> Result<(), FpsError> {
    if !method.is_immediate() && amount <= TOO_SMALL_FOR_CARDS {
        return refuse(
            ErrorCode::AmountOutOfRange,
            "Payments by card or from a bank account must be more than 0.01 USD.",
        );
    }
    Ok(())
}

/// A card is good through the last day of the month that it bears (`MM/YYYY`), in UTC here.
pub fn month_is_over(month: &str, now: Timestamp) -> bool {
    let Some((month, year)) = month.split_once('/') else { return false };
    let (Ok(month), Ok(year)) = (month.parse::<i8>(), year.parse::<i16>()) else { return false };
    let today = now.to_zoned_datetime(TimeZone::UTC).date();
    (today.year(), today.month()) > (year, month)
}

fn check_caps(token: Option<&RecipientToken>, fixed: Money, variable: Percent) -> Result<(), FpsError> {
    let Some(token) = token else { return Ok(()) };
    let undefined = (fixed.is_positive() && token.max_fixed_fee.is_none())
        || (variable > Percent::ZERO && token.max_variable_fee.is_none());
    if undefined {
        // As observed live (fps.md §4).
        return refuse(
            ErrorCode::IncompatibleTokens,
            "The maximum marketplace fees are not defined in the recipient token or are unreadable.",
        );
    }
    if token.max_fixed_fee.is_some_and(|cap| fixed > cap)
        || token.max_variable_fee.is_some_and(|cap| variable > cap)
    {
        return refuse(
            ErrorCode::IncompatibleTokens,
            "The marketplace fee is more than the maximum in the recipient token.",
        );
    }
    Ok(())
}

/// `ChargeFeeTo`, or else what the recipient agreed to.
fn fee_payer(request: &PaymentRequest, token: Option<&RecipientToken>) -> Result<ChargeFeeTo, FpsError> {
    let recipient_pays = token.is_none_or(|token| token.recipient_pays_fee);
    match (request.charge_fee_to, recipient_pays) {
        (Some(ChargeFeeTo::Recipient), false) => refuse(
            ErrorCode::IncompatibleTokens,
            "The recipient did not agree to pay the fees: ChargeFeeTo must be Caller.",
        ),
        (Some(payer), _) => Ok(payer),
        (None, true) => Ok(ChargeFeeTo::Recipient),
        (None, false) => Ok(ChargeFeeTo::Caller),
    }
}
