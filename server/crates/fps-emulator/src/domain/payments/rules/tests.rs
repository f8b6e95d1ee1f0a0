//! The rules, one change at a time to a payment that is in order.

use super::*;
use crate::domain::accounts::AccountId;
use crate::domain::callers::tests::marketplace;
use crate::domain::transactions::Party;
use fps_protocol::enums::TokenType;
use fps_protocol::ids::{AccessKey, CallerReference, InstrumentId};

const NOW: Timestamp = Timestamp::constant(1, 0);

fn token_id(id: &str) -> TokenId {
    TokenId::new(id).unwrap()
}

fn request() -> PaymentRequest {
    let mut request =
        PaymentRequest::new(token_id("S"), Money::from_cents(1000), CallerReference::new("c").unwrap());
    request.recipient_token_id = Some(token_id("R"));
    request
}

fn counterparties() -> Counterparties {
    let token = |role: TokenRole| TokenFacts {
        access_key: AccessKey::new("K").unwrap(),
        role,
        active: true,
        valid_from: Timestamp::UNIX_EPOCH,
        created_at: Timestamp::UNIX_EPOCH,
        expires_at: Some(Timestamp::constant(2, 0)),
    };
    let account = |id: &str| AccountFacts {
        id: AccountId::new(id).unwrap(),
        kind: AccountKind::Business,
        status: AccountStatus::Active,
        email_verified: true,
        party: Party { name: id.to_owned(), email: format!("{id}@example.com") },
    };
    let sender = Sender {
        token: token(TokenRole::Sender),
        token_type: TokenType::SingleUse,
        used: false,
        amount: Some(Money::from_cents(1000)),
        amount_type: None,
        recipients: vec![token_id("R")],
        limits: Vec::new(),
        account: account("sender"),
        stored_value_id: None,
        instrument_id: InstrumentId::new("i").unwrap(),
        payment_method: PaymentMethod::Abt,
        instrument_active: true,
        instrument_expires: None,
        ship_to: None,
    };
    let recipient_token = RecipientToken {
        token: token(TokenRole::Recipient),
        payment_methods: Vec::new(),
        max_fixed_fee: Some(Money::from_cents(50)),
        max_variable_fee: Some(Percent::from_ten_thousandths(100_000)),
        recipient_pays_fee: true,
    };
    let recipient = Recipient { token: Some(recipient_token), account: account("recipient") };
    Counterparties { sender: Some(sender), recipient: Some(recipient) }
}

/// What the rules say after a change to a payment that is in order.
fn verdict(
    change: impl FnOnce(&mut Caller, &mut PaymentRequest, &mut Sender, &mut Recipient),
) -> Option<ErrorCode> {
    let (mut caller, mut request, found) = (marketplace("s"), request(), counterparties());
    let (mut sender, mut recipient) = (found.sender.unwrap(), found.recipient.unwrap());
    change(&mut caller, &mut request, &mut sender, &mut recipient);
    let found = Counterparties { sender: Some(sender), recipient: Some(recipient) };
    check(&caller, &request, found, NOW).err().map(|error| error.code)
}

fn token(recipient: &mut Recipient) -> &mut RecipientToken {
    recipient.token.as_mut().unwrap()
}

#[test]
fn a_payment_in_order_is_granted() {
    let approved = check(&marketplace("s"), &request(), counterparties(), NOW).unwrap();
    assert_eq!(approved.fps_fee, Money::from_cents(16));
    assert_eq!(approved.fee_payer, ChargeFeeTo::Recipient);
    assert!(approved.caller_pays.is_zero());
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
        (
            verdict(|_, _, s, _| s.token.access_key = AccessKey::new("L").unwrap()),
            Some(E::InvalidTokenIdSender),
        ),
        (verdict(|_, _, s, _| s.token.role = TokenRole::Recipient), Some(E::InvalidTokenIdSender)),
        (verdict(|_, _, s, _| s.token.active = false), Some(E::TokenNotActiveSender)),
        (verdict(|_, _, s, _| s.used = true), Some(E::TokenNotActiveSender)),
        (verdict(|_, _, s, _| s.token.expires_at = Some(NOW)), Some(E::IncompatibleTokens)),
        (
            verdict(|_, _, s, _| s.recipients = vec![token_id("Q"), token_id("P")]),
            Some(E::IncompatibleTokens),
        ),
        (verdict(|_, r, _, _| r.transaction_amount = Money::from_cents(1001)), Some(E::IncompatibleTokens)),
        (
            verdict(|_, _, _, r| token(r).token.access_key = AccessKey::new("L").unwrap()),
            Some(E::InvalidTokenIdRecipient),
        ),
        (verdict(|_, _, _, r| token(r).token.role = TokenRole::Refund), Some(E::InvalidTokenIdRecipient)),
        (verdict(|_, _, _, r| token(r).token.active = false), Some(E::TokenNotActiveRecipient)),
        (
            verdict(|_, _, _, r| token(r).token.valid_from = Timestamp::constant(1, 1000)),
            Some(E::IncompatibleTokens),
        ),
        (
            verdict(|_, r, _, _| r.recipient_token_id = Some(r.sender_token_id.clone())),
            Some(E::SameTokenIdUsedMultipleTimes),
        ),
    ];
    for (index, (found, expected)) in cases.into_iter().enumerate() {
        assert_eq!(found, expected, "case {index}");
    }
    let nobody = Counterparties { sender: None, recipient: None };
    assert_eq!(check(&marketplace("s"), &request(), nobody, NOW).unwrap_err().code, E::InvalidTokenIdSender);
}

#[test]
fn accounts_must_be_in_order() {
    use ErrorCode as E;
    let closed = AccountStatus::Closed;
    assert_eq!(verdict(|c, _, _, _| c.account_status = closed), Some(E::InvalidAccountStateCaller));
    assert_eq!(verdict(|_, _, s, _| s.account.status = closed), Some(E::InvalidAccountStateSender));
    assert_eq!(verdict(|_, _, _, r| r.account.status = closed), Some(E::InvalidAccountStateRecipient));
    assert_eq!(verdict(|_, _, s, _| s.account.email_verified = false), Some(E::UnverifiedEmailAddressSender));
    assert_eq!(verdict(|_, _, s, r| s.account.id.clone_from(&r.account.id)), Some(E::SameSenderAndRecipient));
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
        let mut found = counterparties();
        token(found.recipient.as_mut().unwrap()).recipient_pays_fee = recipient_pays;
        let request = PaymentRequest { charge_fee_to: asked, ..request() };
        check(&marketplace("s"), &request, found, NOW)
            .map(|approved| approved.fee_payer)
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
    let by_card = |sender: &mut Sender| sender.payment_method = PaymentMethod::Cc;
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
    let personal = |recipient: &mut Recipient| recipient.account.kind = AccountKind::Personal;
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
