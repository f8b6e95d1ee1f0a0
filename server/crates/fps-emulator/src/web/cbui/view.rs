//! The pages' data, from the authorization.

use crate::domain::accounts::Account;
use crate::domain::addresses::Address;
use crate::engine::authorizations::{AuthorizationRequest, PaymentOption};
use crate::web::cbui::branding;
use fps_protocol::cbui::{
    AmountType, Breakdown, Period, PipelineRequest, ShippingAddress, UsageLimit, Website,
};
use fps_protocol::enums::{PaymentMethod, TokenType};
use jiff::Timestamp;
use money::Money;
use payments_pages::model::{self, Ask, Branding, EachPayment, Most};

pub fn authorization(request: &AuthorizationRequest, now: Timestamp) -> model::Authorization {
    let options = request.asked.sender_options();
    let validity = request.asked.validity();
    let ships_to = options.filter(|_| !request.chooses_address()).map(|options| lines(&options.address));
    model::Authorization {
        id: request.id().to_string(),
        caller: request.caller.display_name.clone(),
        branding: branding(request),
        ask: ask(request),
        reason: reason(request),
        recipients: request.recipients.iter().map(|account| account.public_name().to_owned()).collect(),
        pays_anybody: request.pays_anybody(),
        valid_from: validity.start.filter(|start| *start > now),
        valid_until: request.valid_until(now),
        collects_address: request.chooses_address(),
        ships_to: ships_to.unwrap_or_default(),
    }
}

fn branding(request: &AuthorizationRequest) -> Branding {
    let names: Vec<_> = request.recipients.iter().map(Account::public_name).collect();
    let shows_recipient = request.asked.is_recipient_cobranding() && !names.is_empty();
    Branding {
        recipient: shows_recipient.then(|| names.join(", ")),
        image: branding::image(request)
            .map(String::from)
            .or_else(|| branding::demo_logo(request).map(str::to_owned)),
        is_banner: branding::is_banner(&request.asked),
        website: request.asked.website().and_then(|website: &Website| website.description.clone()),
    }
}

fn reason(request: &AuthorizationRequest) -> Option<String> {
    match (&request.asked, &request.token_to_edit) {
        (PipelineRequest::Recipient(terms), _) => terms.payment_reason.clone(),
        (PipelineRequest::EditToken(_), Some(edited)) => edited.token.payment_reason.clone(),
        _ => request.asked.sender_options().and_then(|options| options.payment_reason.clone()),
    }
}

fn ask(request: &AuthorizationRequest) -> Ask {
    match &request.asked {
        PipelineRequest::SingleUse(payment) => Ask::SingleUse {
            amount: payment.transaction_amount,
            breakdown: breakdown(&payment.breakdown),
            reserve: payment.reserve,
        },
        PipelineRequest::MultiUse(payments) => Ask::MultiUse {
            each: payments.each_payment.map(each_payment),
            limits: payments.limits.iter().map(limit).collect(),
        },
        PipelineRequest::Recurring(payment) => {
            Ask::Recurring { amount: payment.transaction_amount, period: period_words(payment.period) }
        }
        PipelineRequest::Recipient(terms) => Ask::Recipient {
            max_fixed_fee: terms.max_fixed_fee,
            max_variable_fee: terms.max_variable_fee,
            recipient_pays_fee: terms.recipient_pays_fee,
        },
        PipelineRequest::SetupPrepaid(prepaid) => Ask::SetupPrepaid { funding: prepaid.funding_amount },
        PipelineRequest::SetupPostpaid(postpaid) => Ask::SetupPostpaid {
            credit_limit: postpaid.credit_limit,
            limits: postpaid.limits.iter().map(limit).collect(),
        },
        PipelineRequest::EditToken(_) => edit(request),
    }
}

fn edit(request: &AuthorizationRequest) -> Ask {
    let token_type = request.token_to_edit.as_ref().map(|edited| edited.token.token_type);
    let allows = match token_type {
        Some(TokenType::SingleUse) => "One payment",
        Some(TokenType::Recurring) => "Recurring payments",
        _ => "Payments within limits",
    };
    let instrument = request.token_to_edit.as_ref().and_then(|edited| edited.instrument.as_ref());
    Ask::EditToken {
        allows: allows.to_owned(),
        pays_now: instrument.map(|instrument| instrument.label.clone()),
    }
}

const fn each_payment((kind, amount): (AmountType, Money)) -> EachPayment {
    match kind {
        AmountType::Exact => EachPayment::Exactly(amount),
        AmountType::Minimum => EachPayment::AtLeast(amount),
        AmountType::Maximum => EachPayment::AtMost(amount),
    }
}

fn limit(limit: &UsageLimit) -> model::UsageLimit {
    let (most, period) = match *limit {
        UsageLimit::Amount { most, period } => (Most::Amount(most), period),
        UsageLimit::Count { most, period } => (Most::Payments(most), period),
    };
    model::UsageLimit { most, period: period.map(period_words) }
}

/// After "every": "month", "6 months".
fn period_words(period: Period) -> String {
    match period.count() {
        1 => period.unit().as_str().to_lowercase(),
        _ => period.to_string().to_lowercase(),
    }
}

fn breakdown(parts: &Breakdown) -> Vec<(String, Money)> {
    let taken_off = parts.discount.and_then(|discount| discount.neg().ok());
    let named = [
        ("Items", parts.item_total),
        ("Shipping", parts.shipping),
        ("Handling", parts.handling),
        ("Gift wrapping", parts.gift_wrapping),
        ("Tax", parts.tax),
        ("Discount", taken_off),
    ];
    named.into_iter().filter_map(|(name, amount)| Some((name.to_owned(), amount?))).collect()
}

/// As on a label.
fn lines(address: &ShippingAddress) -> Vec<String> {
    let place = [&address.city, &address.state, &address.zip].into_iter().flatten().cloned();
    let place = Some(place.collect::<Vec<_>>().join(" ")).filter(|place| !place.is_empty());
    let lines = [&address.name, &address.line1, &address.line2, &place, &address.country];
    lines.into_iter().flatten().cloned().collect()
}

pub fn instrument(option: &PaymentOption) -> model::Instrument {
    let kind = match option.instrument.method {
        PaymentMethod::Cc => "Credit card",
        PaymentMethod::Ach => "Bank account",
        PaymentMethod::Abt | PaymentMethod::Debt | PaymentMethod::Prepaid => "Balance",
    };
    model::Instrument {
        id: option.instrument.id.to_string(),
        label: option.instrument.label.clone(),
        kind: kind.to_owned(),
        available: option.available,
        unusable: option.unusable.map(|unusable| unusable.to_string()),
    }
}

pub fn saved_address(address: &Address) -> model::SavedAddress {
    model::SavedAddress { id: address.id.to_string(), lines: address.label.lines() }
}
