//! Answers of every action, for the judges.

use crate::{stored_value, tokens};
use fps_protocol::enums::{
    FpsOperation, PaymentMethod, RecipientVerificationStatus, RelationType, SubscriptionStatus, TimeUnit,
    TransactionStatus, TransactionalRole, VerificationStatus,
};
use fps_protocol::ids::TransactionId;
use fps_protocol::responses::{
    AccountActivityResult, AccountBalanceResult, ActivityTransaction, Duration, RecipientVerificationResult,
    RelatedTransaction, Response, StatusHistory, SubscriptionCancelled, SubscriptionDetails,
    SubscriptionTransaction, SubscriptionTransactions, TransactionDetail, TransactionPart, TransactionResult,
    TransactionStatusResult, VerifySignatureResult,
};
use jiff::Timestamp;
use money::Money;

const TEXT: &str = "<t&\"'é>";

pub fn transaction(status: TransactionStatus) -> TransactionResult {
    let transaction_id = TransactionId::new("14GKD9GE66FAA63E6O6B2JDPZKN53LZ7F22").unwrap();
    TransactionResult { transaction_id, transaction_status: status }
}

/// Every action with every status, and with as few and as many elements as it can have.
pub fn answers() -> Vec<Response> {
    let mut answers = Vec::new();
    for status in TransactionStatus::ALL {
        let result = || transaction(*status);
        let bare = TransactionStatusResult {
            transaction_id: result().transaction_id,
            transaction_status: *status,
            caller_reference: "<c&\"'\u{1}é>".to_owned(),
            status_code: None,
            status_message: None,
        };
        let full = TransactionStatusResult {
            status_code: Some("PendingNetworkResponse".to_owned()),
            status_message: Some("a < b".to_owned()),
            ..bare.clone()
        };
        answers.extend([
            Response::Pay(result()),
            Response::Reserve(result()),
            Response::Settle(result()),
            Response::Cancel(result()),
            Response::Refund(result()),
            Response::GetTransactionStatus(bare),
            Response::GetTransactionStatus(full),
        ]);
    }
    for status in VerificationStatus::ALL {
        answers.push(Response::VerifySignature(VerifySignatureResult { verification_status: *status }));
    }
    answers.extend(transaction_details());
    answers.extend(account_answers());
    answers.extend(subscription_answers());
    answers.extend(stored_value::answers());
    answers.extend(tokens::answers());
    answers
}

fn time() -> Timestamp {
    "2030-06-03T09:00:00.010Z".parse().unwrap()
}

/// With one of everything, with as little as there can be, and with many relatives.
fn transaction_details() -> Vec<Response> {
    let transaction = transaction(TransactionStatus::Success);
    let amount = Money::from_micros(1_250_000);
    let history = |amount| StatusHistory {
        date: time(),
        transaction_status: TransactionStatus::Success,
        status_code: Some(TEXT.to_owned()),
        amount,
    };
    let related =
        |relation| RelatedTransaction { transaction_id: transaction.transaction_id.clone(), relation };
    let bare = TransactionDetail {
        transaction_id: transaction.transaction_id.clone(),
        caller_reference: "c".to_owned(),
        caller_description: None,
        sender_description: None,
        date_received: time(),
        date_completed: None,
        transaction_amount: amount,
        fps_fees: Money::from_micros(-1),
        marketplace_fees: None,
        fps_fees_paid_by: TransactionalRole::Recipient,
        sender_token_id: None,
        recipient_token_id: None,
        prepaid_instrument_id: None,
        credit_instrument_id: None,
        operation: FpsOperation::Pay,
        payment_method: PaymentMethod::Cc,
        transaction_status: TransactionStatus::Success,
        status_code: None,
        status_message: None,
        sender_name: None,
        sender_email: None,
        caller_name: "Shop".to_owned(),
        recipient_name: None,
        recipient_email: None,
        related: Vec::new(),
        history: vec![history(Some(amount))],
    };
    let full = TransactionDetail {
        caller_description: Some(TEXT.to_owned()),
        sender_description: Some(TEXT.to_owned()),
        date_completed: Some(time()),
        marketplace_fees: Some(amount),
        sender_token_id: Some(TEXT.to_owned()),
        recipient_token_id: Some(TEXT.to_owned()),
        prepaid_instrument_id: Some(TEXT.to_owned()),
        credit_instrument_id: Some(TEXT.to_owned()),
        status_code: Some(TEXT.to_owned()),
        status_message: Some(TEXT.to_owned()),
        sender_name: Some(TEXT.to_owned()),
        sender_email: Some(TEXT.to_owned()),
        recipient_name: Some(TEXT.to_owned()),
        recipient_email: Some(TEXT.to_owned()),
        related: vec![related(Some(RelationType::Refund))],
        ..bare.clone()
    };
    let relations = RelationType::ALL.iter().map(|relation| related(Some(*relation)));
    let many = TransactionDetail {
        related: relations.chain([related(None)]).collect(),
        history: vec![history(Some(amount)); 3],
        ..bare.clone()
    };
    [bare, full, many].map(|detail| Response::GetTransaction(Box::new(detail))).into()
}

fn account_answers() -> Vec<Response> {
    let amount = Money::from_micros(1_250_000);
    let mut answers = vec![Response::GetAccountBalance(AccountBalanceResult {
        total: amount,
        pending_in: amount,
        pending_out: amount,
        disburse: amount,
        refund: amount,
    })];
    for status in RecipientVerificationStatus::ALL.iter().take(3) {
        let result = RecipientVerificationResult { status: *status };
        answers.push(Response::GetRecipientVerificationStatus(result));
    }
    for transactions in activities() {
        // In the middle of a moment that transactions share.
        let next = (!transactions.is_empty()).then(|| "2030-06-03T09:00:00.0100020001229Z".parse().unwrap());
        answers.push(Response::GetAccountActivity(AccountActivityResult {
            batch_size: u32::try_from(transactions.len()).ok(),
            transactions,
            start_time_for_next_transaction: next,
        }));
    }
    answers
}

/// With everything that there can be.
fn full_activity() -> ActivityTransaction {
    let amount = Money::from_micros(1_250_000);
    let part = TransactionPart {
        instrument_id: Some(TEXT.to_owned()),
        role: TransactionalRole::Caller,
        name: Some(TEXT.to_owned()),
        reference: Some(TEXT.to_owned()),
        description: Some(TEXT.to_owned()),
        fees_paid: Some(amount),
    };
    ActivityTransaction {
        transaction_id: transaction(TransactionStatus::Success).transaction_id,
        caller_transaction_date: time(),
        date_received: time(),
        date_completed: Some(time()),
        transaction_amount: amount,
        operation: FpsOperation::Reserve,
        transaction_status: TransactionStatus::Pending,
        status_message: Some(TEXT.to_owned()),
        status_code: Some(TEXT.to_owned()),
        original_transaction_id: Some(TEXT.to_owned()),
        parts: vec![part],
        payment_method: PaymentMethod::Ach,
        sender_name: Some(TEXT.to_owned()),
        caller_name: "Shop".to_owned(),
        recipient_name: Some(TEXT.to_owned()),
        fps_fees: amount,
        balance: amount,
        sender_token_id: Some(TEXT.to_owned()),
        recipient_token_id: Some(TEXT.to_owned()),
    }
}

/// None, the fullest one, and the barest beside it.
fn activities() -> [Vec<ActivityTransaction>; 3] {
    let full = full_activity();
    let bare_part = TransactionPart {
        instrument_id: None,
        role: TransactionalRole::Sender,
        name: None,
        reference: None,
        description: None,
        fees_paid: None,
    };
    let bare = ActivityTransaction {
        date_completed: None,
        status_message: None,
        status_code: None,
        original_transaction_id: None,
        parts: [vec![bare_part], full.parts.clone()].concat(),
        sender_name: None,
        recipient_name: None,
        sender_token_id: None,
        recipient_token_id: None,
        ..full.clone()
    };
    [vec![], vec![full.clone()], vec![bare, full]]
}

fn subscription_answers() -> Vec<Response> {
    let amount = Money::from_micros(1_250_000);
    let duration = |unit| Duration { value: 3, unit };
    let full = SubscriptionDetails {
        subscription_id: "S".to_owned(),
        description: "<a song a month>".to_owned(),
        subscription_amount: amount,
        next_transaction_amount: Some(amount),
        promotional_amount: Some(amount),
        number_of_promotional_transactions: 2,
        start_date: time(),
        end_date: Some(time()),
        period: Some(duration(TimeUnit::Year)),
        frequency: duration(TimeUnit::Month),
        override_ipn_url: Some(TEXT.to_owned()),
        status: SubscriptionStatus::Active,
        number_of_transactions_processed: 7,
        recipient_email: "r@example.com".to_owned(),
        recipient_name: "R".to_owned(),
        sender_email: "s@example.com".to_owned(),
        sender_name: "S".to_owned(),
        next_transaction_date: Some(time()),
    };
    let bare = |status, unit| SubscriptionDetails {
        description: String::new(),
        next_transaction_amount: None,
        promotional_amount: None,
        end_date: None,
        period: None,
        frequency: duration(unit),
        override_ipn_url: None,
        status,
        sender_email: String::new(),
        next_transaction_date: None,
        ..full.clone()
    };
    let units = TimeUnit::ALL
        .iter()
        .flat_map(|unit| SubscriptionStatus::ALL.iter().map(|status| bare(*status, *unit)));
    let details =
        units.chain([full.clone()]).map(|details| Response::GetSubscriptionDetails(Box::new(details)));
    let transaction = SubscriptionTransaction {
        transaction_id: transaction(TransactionStatus::Success).transaction_id,
        date: time(),
        serial_number: 1,
        amount,
        description: String::new(),
        status: TransactionStatus::Success,
    };
    let lists = (0..3).map(|count| {
        let transactions = vec![transaction.clone(); count];
        Response::GetTransactionsForSubscription(SubscriptionTransactions { transactions })
    });
    let refunds = [None, Some(transaction.transaction_id.clone())].map(|refund_transaction_id| {
        Response::CancelSubscriptionAndRefund(SubscriptionCancelled { refund_transaction_id })
    });
    details.chain(lists).chain(refunds).collect()
}
