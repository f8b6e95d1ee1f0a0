//! An order in the terms of the FPS client.

use crate::catalogue::Delivery;
use crate::fps_client::{FeeTerms, PaymentTerms, RefundTerms};
use crate::ids::{CallerReference, TransactionId};
use crate::orders::Order;
use crate::orders::refund_terms::RefundPolicy;
use fps_protocol::enums::MarketplaceRefundPolicy;

/// The payment that the order's present attempt asks for.
pub(super) fn payment(order: &Order) -> PaymentTerms {
    PaymentTerms {
        reference: order.caller_reference.clone(),
        amount: order.price,
        shipping: order.shipping_price,
        recipient_token: order.recipient_token.clone(),
        fees: FeeTerms { fixed: order.fixed_fee, variable: order.variable_fee },
        title: order.title.clone(),
        reserve: order.delivery == Delivery::Manual,
    }
}

/// The refund that the order's present refund attempt asks for, of this payment; `None` if that cannot be named to
/// Amazon.
pub(super) fn refund(order: &Order, payment: &TransactionId) -> Option<RefundTerms> {
    Some(RefundTerms {
        payment: payment.clone(),
        amount: order.refund_amount,
        reference: CallerReference::new(order.refund_reference()).ok()?,
        refund_token: order.refund_token.clone(),
        policy: match order.refund_policy {
            RefundPolicy::Shared => MarketplaceRefundPolicy::MasterAndMarketplaceTxn,
            RefundPolicy::SellerAlone => MarketplaceRefundPolicy::MasterTxnOnly,
        },
        title: order.title.clone(),
    })
}
