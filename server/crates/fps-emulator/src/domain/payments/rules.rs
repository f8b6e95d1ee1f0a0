//! May this payment be made? Pure: everything that the rules look at is handed in. One function per
//! group of rules, in the order in which FPS names what is wrong.

use crate::domain::accounts::{AccountKind, AccountStatus};
use crate::domain::callers::Caller;
use crate::domain::payments::sides::{
    AccountFacts, RecipientSide, RecipientToken, SenderSide, Sides, TokenFacts,
};
use crate::domain::stored_value;
use crate::domain::tokens::LimitKind;
use fps_protocol::actions::PaymentRequest;
use fps_protocol::cbui::AmountType;
use fps_protocol::enums::{ChargeFeeTo, PaymentMethod};
use fps_protocol::{ErrorCode, FpsError, fees};
use jiff::{Timestamp, tz::TimeZone};
use money::{Money, Percent};

/// What cards and bank accounts must exceed (REFERENCE §6.3).
const TOO_SMALL_FOR_CARDS: Money = Money::from_cents(1);

/// A payment that may be made.
#[derive(Debug, Clone)]
pub struct Granted {
    pub sender: SenderSide,
    pub recipient: RecipientSide,
    pub fee_payer: ChargeFeeTo,
    pub fixed_fee: Money,
    pub variable_fee: Percent,
    pub fps_fee: Money,
    pub marketplace_fee: Money,
    /// What the caller has to add from its own balance: an FPS fee above its marketplace fee.
    pub caller_pays: Money,
    /// The prepaid balance that is funded, or the debt that is settled.
    pub stored_value_id: Option<String>,
}

pub fn check(
    caller: &Caller,
    request: &PaymentRequest,
    sides: Sides,
    now: Timestamp,
) -> Result<Granted, FpsError> {
    check_caller(caller)?;
    if request.recipient_token_id.as_ref() == Some(&request.sender_token_id) {
        return refuse(
            ErrorCode::SameTokenIdUsedMultipleTimes,
            "The same token was given as sender and recipient.",
        );
    }
    // What is prepaid or owed is with the caller, who then need not be named to be paid.
    let by_stored_value = |sender: &SenderSide| sender.payment_method.is_stored_value();
    if request.recipient_token_id.is_none()
        && caller.marketplace
        && !sides.sender.as_ref().is_some_and(by_stored_value)
    {
        return Err(FpsError::missing("RecipientTokenId"));
    }
    let sender = sender_of(caller, sides.sender)?;
    let of_caller = |recipient: &RecipientSide| {
        recipient.token.as_ref().is_none_or(|token| usable_as(&token.token, caller, "Recipient"))
    };
    let recipient = sides.recipient.filter(of_caller).ok_or_else(|| {
        FpsError::new(
            ErrorCode::InvalidTokenIdRecipient,
            "The recipient token is not valid or was cancelled.",
        )
    })?;
    check_tokens(request, &sender, &recipient, now.as_microsecond())?;
    check_accounts(caller, request, &sender.account, &recipient.account)?;
    check_method(request, &sender, &recipient, now)?;
    stored_value::check_payment(caller, request, &sender, &recipient)?;
    let fixed_fee = request.marketplace_fixed_fee.unwrap_or_default();
    let variable_fee = request.marketplace_variable_fee.unwrap_or_default();
    check_caps(recipient.token.as_ref(), fixed_fee, variable_fee)?;
    let fee_payer = fee_payer(request, recipient.token.as_ref())?;
    grant(request, sender, recipient, fee_payer)
}

/// Another caller's token looks like one that does not exist.
pub fn sender_of(caller: &Caller, sender: Option<SenderSide>) -> Result<SenderSide, FpsError> {
    sender.filter(|sender| usable_as(&sender.token, caller, "Sender")).ok_or_else(|| {
        FpsError::new(ErrorCode::InvalidTokenIdSender, "The sender token is not valid or was cancelled.")
    })
}

/// Reckons the fees; those that leave nothing are refused.
pub fn grant(
    request: &PaymentRequest,
    sender: SenderSide,
    recipient: RecipientSide,
    fee_payer: ChargeFeeTo,
) -> Result<Granted, FpsError> {
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
    Ok(Granted {
        sender,
        recipient,
        fee_payer,
        fixed_fee,
        variable_fee,
        fps_fee,
        marketplace_fee,
        caller_pays,
        stored_value_id: None,
    })
}

fn refuse<T>(code: ErrorCode, message: impl Into<String>) -> Result<T, FpsError> {
    Err(FpsError::new(code, message))
}

/// The message was observed live (REFERENCE §4).
pub fn fees_too_high() -> FpsError {
    FpsError::new(
        ErrorCode::InvalidParams,
        "The transaction amount has to be greater than the fees that the recipient is liable for.",
    )
}

/// Another caller's token looks like one that does not exist.
fn usable_as(token: &TokenFacts, caller: &Caller, role: &str) -> bool {
    token.access_key == caller.access_key && token.role == role
}

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

pub fn check_tokens(
    request: &PaymentRequest,
    sender: &SenderSide,
    recipient: &RecipientSide,
    now: i64,
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
    let is_asked = |id: &String| asked.is_some_and(|asked| asked.as_str() == id);
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
fn check_amount(amount: Money, sender: &SenderSide) -> Result<(), FpsError> {
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
fn check_limits(amount: Money, sender: &SenderSide, now: i64) -> Result<(), FpsError> {
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

fn check_validity(token: &TokenFacts, whose: &str, now: i64) -> Result<(), FpsError> {
    if token.expires_at.is_some_and(|at| at <= now) {
        return refuse(ErrorCode::IncompatibleTokens, format!("The {whose} token has expired."));
    }
    if token.valid_from > now {
        return refuse(ErrorCode::IncompatibleTokens, format!("The {whose} token is not valid yet."));
    }
    Ok(())
}

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

pub fn check_method(
    request: &PaymentRequest,
    sender: &SenderSide,
    recipient: &RecipientSide,
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
        // As observed live (REFERENCE §4).
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::transactions::record::Party;
    use fps_protocol::Secret;
    use fps_protocol::ids::{CallerReference, TokenId};

    const NOW: i64 = 1_000_000;

    fn caller() -> Caller {
        Caller {
            access_key: "K".to_owned(),
            account_id: "caller".to_owned(),
            secret: Secret::new("s"),
            display_name: "Shop".to_owned(),
            ipn_url: None,
            marketplace: true,
            refund_requests: false,
            cobranding_url: None,
            account_kind: AccountKind::Business,
            account_status: AccountStatus::Active,
            email_verified: true,
        }
    }

    fn request() -> PaymentRequest {
        let token = |id: &str| TokenId::new(id).unwrap();
        let mut request =
            PaymentRequest::new(token("S"), Money::from_cents(1000), CallerReference::new("c").unwrap());
        request.recipient_token_id = Some(token("R"));
        request
    }

    fn sides() -> Sides {
        let token = |role: &str| TokenFacts {
            access_key: "K".to_owned(),
            role: role.to_owned(),
            active: true,
            valid_from: 0,
            expires_at: Some(2 * NOW),
        };
        let account = |id: &str| AccountFacts {
            id: id.to_owned(),
            kind: AccountKind::Business,
            status: AccountStatus::Active,
            email_verified: true,
            party: Party { name: id.to_owned(), email: format!("{id}@example.com") },
        };
        let sender = SenderSide {
            token: token("Sender"),
            used: false,
            amount: Some(Money::from_cents(1000)),
            amount_type: None,
            recipients: vec!["R".to_owned()],
            limits: Vec::new(),
            account: account("sender"),
            stored_value_id: None,
            instrument_id: "i".to_owned(),
            payment_method: PaymentMethod::Abt,
            instrument_active: true,
            instrument_expires: None,
        };
        let recipient_token = RecipientToken {
            token: token("Recipient"),
            payment_methods: Vec::new(),
            max_fixed_fee: Some(Money::from_cents(50)),
            max_variable_fee: Some(Percent::from_ten_thousandths(100_000)),
            recipient_pays_fee: true,
        };
        let recipient = RecipientSide { token: Some(recipient_token), account: account("recipient") };
        Sides { sender: Some(sender), recipient: Some(recipient) }
    }

    fn now() -> Timestamp {
        Timestamp::from_microsecond(NOW).unwrap()
    }

    /// What the rules say after a change to a payment that is in order.
    fn verdict(
        change: impl FnOnce(&mut Caller, &mut PaymentRequest, &mut SenderSide, &mut RecipientSide),
    ) -> Option<ErrorCode> {
        let (mut caller, mut request, sides) = (caller(), request(), sides());
        let (mut sender, mut recipient) = (sides.sender.unwrap(), sides.recipient.unwrap());
        change(&mut caller, &mut request, &mut sender, &mut recipient);
        let sides = Sides { sender: Some(sender), recipient: Some(recipient) };
        check(&caller, &request, sides, now()).err().map(|error| error.code)
    }

    fn token(recipient: &mut RecipientSide) -> &mut RecipientToken {
        recipient.token.as_mut().unwrap()
    }

    #[test]
    fn a_payment_in_order_is_granted() {
        let granted = check(&caller(), &request(), sides(), now()).unwrap();
        assert_eq!(granted.fps_fee, Money::from_cents(16));
        assert_eq!(granted.fee_payer, ChargeFeeTo::Recipient);
        assert!(granted.caller_pays.is_zero());
        assert_eq!(
            verdict(|_, r, _, _| r.transaction_amount = Money::from_cents(999)),
            None,
            "less than authorized"
        );
    }

    #[test]
    fn tokens_must_fit() {
        use ErrorCode as E;
        let cases: [(Option<ErrorCode>, Option<ErrorCode>); 12] = [
            (verdict(|_, _, s, _| s.token.access_key = "L".into()), Some(E::InvalidTokenIdSender)),
            (verdict(|_, _, s, _| s.token.role = "Recipient".into()), Some(E::InvalidTokenIdSender)),
            (verdict(|_, _, s, _| s.token.active = false), Some(E::TokenNotActiveSender)),
            (verdict(|_, _, s, _| s.used = true), Some(E::TokenNotActiveSender)),
            (verdict(|_, _, s, _| s.token.expires_at = Some(NOW)), Some(E::IncompatibleTokens)),
            (verdict(|_, _, s, _| s.recipients = vec!["Q".into(), "P".into()]), Some(E::IncompatibleTokens)),
            (
                verdict(|_, r, _, _| r.transaction_amount = Money::from_cents(1001)),
                Some(E::IncompatibleTokens),
            ),
            (verdict(|_, _, _, r| token(r).token.access_key = "L".into()), Some(E::InvalidTokenIdRecipient)),
            (verdict(|_, _, _, r| token(r).token.role = "Refund".into()), Some(E::InvalidTokenIdRecipient)),
            (verdict(|_, _, _, r| token(r).token.active = false), Some(E::TokenNotActiveRecipient)),
            (verdict(|_, _, _, r| token(r).token.valid_from = NOW + 1), Some(E::IncompatibleTokens)),
            (
                verdict(|_, r, _, _| r.recipient_token_id = Some(r.sender_token_id.clone())),
                Some(E::SameTokenIdUsedMultipleTimes),
            ),
        ];
        for (index, (found, expected)) in cases.into_iter().enumerate() {
            assert_eq!(found, expected, "case {index}");
        }
        let nobody = Sides { sender: None, recipient: None };
        assert_eq!(check(&caller(), &request(), nobody, now()).unwrap_err().code, E::InvalidTokenIdSender);
    }

    #[test]
    fn accounts_must_be_in_order() {
        use ErrorCode as E;
        let closed = AccountStatus::Closed;
        assert_eq!(verdict(|c, _, _, _| c.account_status = closed), Some(E::InvalidAccountStateCaller));
        assert_eq!(verdict(|_, _, s, _| s.account.status = closed), Some(E::InvalidAccountStateSender));
        assert_eq!(verdict(|_, _, _, r| r.account.status = closed), Some(E::InvalidAccountStateRecipient));
        assert_eq!(
            verdict(|_, _, s, _| s.account.email_verified = false),
            Some(E::UnverifiedEmailAddressSender)
        );
        assert_eq!(
            verdict(|_, _, s, r| s.account.id.clone_from(&r.account.id)),
            Some(E::SameSenderAndRecipient)
        );
        assert_eq!(verdict(|c, _, _, _| c.marketplace = false), Some(E::NotMarketplaceApp));
        assert_eq!(verdict(|_, r, _, _| r.recipient_token_id = None), Some(E::InvalidParams));
    }

    #[test]
    fn fees_are_capped_and_leave_something_to_the_recipient() {
        use ErrorCode as E;
        let fixed = |cents| Some(Money::from_cents(cents));
        assert_eq!(verdict(|_, r, _, _| r.marketplace_fixed_fee = fixed(50)), None);
        assert_eq!(verdict(|_, r, _, _| r.marketplace_fixed_fee = fixed(51)), Some(E::IncompatibleTokens));
        assert_eq!(
            verdict(|_, r, _, _| r.marketplace_variable_fee = Some(Percent::parse("10.01").unwrap())),
            Some(E::IncompatibleTokens)
        );
        let uncapped = verdict(|_, r, _, recipient| {
            r.marketplace_fixed_fee = fixed(1);
            token(recipient).max_fixed_fee = None;
        });
        assert_eq!(uncapped, Some(E::IncompatibleTokens));
        let all = verdict(|_, r, _, recipient| {
            r.marketplace_fixed_fee = fixed(984);
            token(recipient).max_fixed_fee = fixed(10_000);
        });
        assert_eq!(all, Some(E::InvalidParams), "9.84 and the fee of 0.16 are all of it");
    }

    #[test]
    fn the_fee_falls_on_whoever_agreed_to_it() {
        use ChargeFeeTo::{Caller, Recipient};
        let payer = |asked, recipient_pays| {
            let mut sides = sides();
            token(sides.recipient.as_mut().unwrap()).recipient_pays_fee = recipient_pays;
            let request = PaymentRequest { charge_fee_to: asked, ..request() };
            check(&caller(), &request, sides, now())
                .map(|granted| granted.fee_payer)
                .map_err(|error| error.code)
        };
        assert_eq!(payer(None, true), Ok(Recipient));
        assert_eq!(payer(None, false), Ok(Caller));
        assert_eq!(payer(Some(Caller), true), Ok(Caller));
        assert_eq!(payer(Some(Recipient), false), Err(ErrorCode::IncompatibleTokens));
    }

    #[test]
    fn cards_have_rules_of_their_own() {
        use ErrorCode as E;
        let by_card = |sender: &mut SenderSide| sender.payment_method = PaymentMethod::Cc;
        let tiny = verdict(|_, r, s, _| {
            by_card(s);
            r.transaction_amount = Money::from_cents(1);
        });
        assert_eq!(tiny, Some(E::AmountOutOfRange));
        let unwelcome = verdict(|_, _, s, r| {
            by_card(s);
            token(r).payment_methods = vec![PaymentMethod::Abt];
        });
        assert_eq!(unwelcome, Some(E::InvalidRecipientForCCTransaction));
        assert_eq!(verdict(|_, _, s, _| by_card(s)), None);
        let personal = |recipient: &mut RecipientSide| recipient.account.kind = AccountKind::Personal;
        let by_card_to_a_person = verdict(|_, _, s, r| {
            by_card(s);
            personal(r);
        });
        assert_eq!(by_card_to_a_person, Some(E::InvalidRecipientForCCTransaction));
        assert_eq!(verdict(|_, _, _, r| personal(r)), None, "from a balance it can be paid");
        let person_by_card = verdict(|_, _, s, _| {
            by_card(s);
            s.account.kind = AccountKind::Personal;
        });
        assert_eq!(person_by_card, None, "and it can pay by card");
        assert_eq!(verdict(|_, _, s, _| s.instrument_active = false), Some(E::InactiveInstrument));
        assert_eq!(
            verdict(|_, _, s, _| s.instrument_expires = Some("12/1969".into())),
            Some(E::InstrumentExpired)
        );
        assert_eq!(verdict(|_, _, s, _| s.instrument_expires = Some("01/1970".into())), None);
    }
}
