//! The pages' data, from the authorization.

use super::flow::Visit;
use super::offers::Offer;
use app::payments::model::{self, Ask};
use fps_protocol::cbui::{Breakdown, PipelineRequest};
use fps_protocol::enums::PaymentMethod;
use money::Money;

pub fn authorization(visit: &Visit) -> model::Authorization {
    let ask = match &visit.asked {
        PipelineRequest::SingleUse(payment) => Ask::SingleUse {
            amount: payment.transaction_amount,
            reason: payment.options.payment_reason.clone(),
            recipient: visit.recipient.as_ref().map(|account| account.public_name().to_owned()),
            breakdown: breakdown(&payment.breakdown),
        },
        PipelineRequest::Recipient(terms) => Ask::Recipient {
            max_fixed_fee: terms.max_fixed_fee,
            max_variable_fee: terms.max_variable_fee,
            recipient_pays_fee: terms.recipient_pays_fee,
        },
        _ => Ask::Recipient { max_fixed_fee: None, max_variable_fee: None, recipient_pays_fee: false },
    };
    model::Authorization {
        id: visit.authorization.id.clone(),
        caller: visit.caller.display_name.clone(),
        ask,
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

pub fn instrument(offer: &Offer) -> model::Instrument {
    let kind = match offer.instrument.method {
        PaymentMethod::Cc => "Credit card",
        PaymentMethod::Ach => "Bank account",
        PaymentMethod::Abt | PaymentMethod::Debt | PaymentMethod::Prepaid => "Balance",
    };
    model::Instrument {
        id: offer.instrument.id.clone(),
        label: offer.instrument.label.clone(),
        kind: kind.to_owned(),
        available: offer.available,
        unusable: offer.unusable.clone(),
    }
}
