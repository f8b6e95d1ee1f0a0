//! What callers read, on both databases.

use crate::domain::callers::Caller;
use crate::engine::ActionError;
use crate::engine::inquiries::{
    account_activity, account_balance, recipient_verification, transaction_detail,
};
use crate::engine::payments::tests::{World, dollars, id, worlds};
use fps_protocol::actions::{GetAccountActivity, Request};
use fps_protocol::enums::{
    FpsOperation, PaymentMethod, RecipientVerificationStatus, RelationType, TransactionStatus,
    TransactionalRole,
};
use fps_protocol::ids::{TokenId, TransactionId};
use fps_protocol::responses::{AccountActivityResult, ActivityTransaction, TransactionDetail};
use fps_protocol::{ApiVersion, ErrorCode, Parameters};
use jiff::SignedDuration;
use money::Money;
use std::collections::BTreeSet;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn code<T: std::fmt::Debug>(result: Result<T, ActionError>) -> ErrorCode {
    result.unwrap_err().into_fps_error().code
}

async fn detail(world: &World, transaction: &TransactionId) -> TransactionDetail {
    transaction_detail(&world.engine, &world.caller, transaction).await.unwrap()
}

fn request(query: &str) -> GetAccountActivity {
    let parameters = Parameters::from_query(&format!("Action=GetAccountActivity&{query}")).unwrap();
    match Request::parse(&parameters).unwrap() {
        Request::GetAccountActivity(request) => request,
        other => panic!("{other:?}"),
    }
}

async fn activity(world: &World, caller: &Caller, query: &str) -> AccountActivityResult {
    account_activity(&world.engine, caller, &request(query)).await.unwrap()
}

fn ids(result: &AccountActivityResult) -> Vec<&str> {
    result.transactions.iter().map(|transaction| transaction.transaction_id.as_str()).collect()
}

/// Any account, seen by its owner's program.
fn program_of(world: &World, account_id: &str) -> Caller {
    Caller { account_id: id(account_id), ..world.caller.clone() }
}

#[tokio::test]
async fn a_transaction_with_its_relatives_and_history() {
    for world in worlds().await {
        let mut request = world.request(PaymentMethod::Cc, "10.00", "p1").await;
        request.caller_description = Some("a song".to_owned());
        let id = world.pay(&request).await.unwrap().transaction_id;
        world.advance(HOUR).await;
        let refund = world.refund(&id, Some("2.50"), "f1").await.unwrap().transaction_id;

        let paid = detail(&world, &id).await;
        assert_eq!(paid.caller_reference, "p1");
        assert_eq!(paid.caller_description.as_deref(), Some("a song"));
        assert_eq!((paid.transaction_amount, paid.fps_fees), (dollars("10.00"), dollars("0.59")));
        assert_eq!(paid.marketplace_fees, Some(dollars("0.60")));
        assert_eq!(paid.fps_fees_paid_by, TransactionalRole::Recipient);
        assert_eq!(paid.sender_token_id.as_deref(), Some(request.sender_token_id.as_str()));
        assert_eq!(paid.sender_name.as_deref(), Some("buyer"));
        assert_eq!(paid.sender_email, None, "the caller was not paid");
        assert_eq!(paid.recipient_email.as_deref(), Some("merchant@example.com"));
        assert_eq!(paid.caller_name, "operator");
        let history: Vec<_> =
            paid.history.iter().map(|past| (past.transaction_status, past.amount.unwrap())).collect();
        let pending_then_paid = [TransactionStatus::Pending, TransactionStatus::Success];
        assert_eq!(history, pending_then_paid.map(|status| (status, dollars("10.00"))));
        assert!(paid.history[0].date < paid.history[1].date);
        assert_eq!(paid.date_completed, Some(paid.history[1].date));
        let relations: Vec<_> = paid.related.iter().map(|related| related.relation.unwrap()).collect();
        assert_eq!(relations, [RelationType::MarketplaceFee, RelationType::Refund]);

        let back = detail(&world, &refund).await;
        assert_eq!((back.operation, back.transaction_amount), (FpsOperation::Refund, dollars("2.50")));
        assert_eq!(back.fps_fees.to_six_decimals(), "-0.147500", "a quarter of the fee went back");
        assert_eq!(back.fps_fees_paid_by, TransactionalRole::Sender, "to the merchant");
        assert_eq!(back.related[0].relation, Some(RelationType::Parent));
        assert_eq!(back.related[0].transaction_id, id);
        assert_eq!((back.recipient_name.as_deref(), back.recipient_email), (Some("buyer"), None));

        let fee = detail(&world, &paid.related[0].transaction_id).await;
        assert_eq!(
            (fee.recipient_name.as_deref(), fee.transaction_amount),
            (Some("operator"), dollars("0.60"))
        );
        assert_eq!(fee.history.len(), 2, "the fee goes through what its parent goes through");
        assert_eq!(fee.history[1].amount, Some(dollars("0.60")));
        assert_eq!(fee.related[0].relation, Some(RelationType::Parent));
    }
}

#[tokio::test]
async fn the_payers_address_is_for_whom_was_paid() {
    for mut world in worlds().await {
        world.caller.marketplace = false;
        let mut request = world.request(PaymentMethod::Abt, "10.00", "p1").await;
        request.sender_token_id = world.token_for(PaymentMethod::Abt, "10.00", None).await;
        request.recipient_token_id = None;
        request.marketplace_fixed_fee = None;
        request.marketplace_variable_fee = None;
        let id = world.pay(&request).await.unwrap().transaction_id;
        assert_eq!(detail(&world, &id).await.sender_email.as_deref(), Some("buyer@example.com"));
        let refund = world.refund(&id, None, "f1").await.unwrap().transaction_id;
        assert_eq!(detail(&world, &refund).await.recipient_email.as_deref(), Some("buyer@example.com"));
    }
}

#[tokio::test]
async fn callers_see_their_own_only() {
    for world in worlds().await {
        let id = world.pay(&world.request(PaymentMethod::Abt, "10.00", "p1").await).await.unwrap();
        let id = &id.transaction_id;
        let (engine, stranger) = (&world.engine, &world.stranger);
        assert_eq!(code(transaction_detail(engine, stranger, id).await), ErrorCode::InvalidTransactionId);
        let verification = recipient_verification(
            engine,
            stranger,
            &TokenId::new("MERCHANTSTOKEN").unwrap(),
            ApiVersion::V2010,
        )
        .await;
        assert_eq!(code(verification), ErrorCode::InvalidTokenIdRecipient);
        assert_eq!(
            activity(&world, stranger, "StartDate=2030-06-01").await,
            AccountActivityResult { batch_size: Some(0), ..AccountActivityResult::default() }
        );
        assert_eq!(account_balance(engine, stranger).await.unwrap().total, dollars("0"));

        // Who pays sees its payment, and nothing of the caller's own.
        let buyer = Caller { account_id: "buyer".parse().unwrap(), ..world.stranger.clone() };
        let seen = activity(&world, &buyer, "StartDate=2030-06-01").await;
        let [payment] = seen.transactions.as_slice() else { panic!("{seen:?}") };
        assert_eq!((payment.sender_token_id.as_ref(), payment.recipient_token_id.as_ref()), (None, None));
        assert_eq!(payment.parts.len(), 1);
        assert_eq!(
            (payment.parts[0].role, payment.parts[0].reference.as_ref()),
            (TransactionalRole::Sender, None)
        );
    }
}

#[tokio::test]
async fn balances_and_what_is_on_its_way() {
    for world in worlds().await {
        let shown = async |account: &str| {
            let balance = account_balance(&world.engine, &program_of(&world, account)).await.unwrap();
            [balance.total, balance.pending_in, balance.pending_out, balance.disburse]
                .map(Money::to_six_decimals)
        };
        world.reserve(&world.request(PaymentMethod::Abt, "20.00", "r1").await).await.unwrap();
        assert_eq!(shown("buyer").await, ["500.000000", "0.000000", "20.000000", "480.000000"]);
        assert_eq!(shown("merchant").await[1], "0.000000", "a reserve may never be settled");
        world.pay(&world.request(PaymentMethod::Cc, "10.00", "p1").await).await.unwrap();
        assert_eq!(shown("merchant").await, ["0.000000", "8.810000", "0.000000", "0.000000"]);
        assert_eq!(shown("operator").await, ["0.000000", "0.600000", "0.000000", "0.000000"]);
        world.run_due().await;
        assert_eq!(shown("merchant").await, ["8.810000", "0.000000", "0.000000", "8.810000"]);
        assert_eq!(shown("operator").await, ["0.600000", "0.000000", "0.000000", "0.600000"]);
    }
}

/// Pages until there is no more; every batch is as large as it may be. `meanwhile` happens between two.
async fn all_pages(
    world: &World,
    query: &str,
    date: &str,
    size: usize,
    meanwhile: impl AsyncFn(usize),
) -> Vec<String> {
    let mut found = Vec::new();
    let mut query = format!("{query}&MaxBatchSize={size}");
    loop {
        let page = activity(world, &world.caller, &query).await;
        found.extend(ids(&page).iter().map(ToString::to_string));
        let Some(next) = page.start_time_for_next_transaction else { return found };
        assert_eq!(page.transactions.len(), size);
        let others: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with(date)).collect();
        query = format!("{}&{date}={}", others.join("&"), next.to_string().replace('+', "%2B"));
        meanwhile(found.len()).await;
    }
}

/// However many share a moment, and whatever comes meanwhile at the same moment or later.
#[tokio::test]
async fn pages_repeat_nothing_while_more_comes() {
    for world in worlds().await {
        let pay = async |reference: &str| {
            let request = world.request(PaymentMethod::Abt, "1.00", reference).await;
            world.pay(&request).await.unwrap().transaction_id.into_string()
        };
        let mut made = BTreeSet::new();
        for n in 0..8 {
            made.insert(pay(&format!("p{n}")).await);
        }
        let forward = "StartDate=2030-06-01&SortOrderByDate=Ascending";
        let backward = "StartDate=2030-06-01&EndDate=2030-07-01&SortOrderByDate=Descending";
        for (query, date) in
            [(forward, "StartDate"), (backward, "EndDate"), ("StartDate=2030-06-01", "StartDate")]
        {
            let meanwhile = async |told: usize| {
                if told < 12 {
                    pay(&format!("{date}{told}{query}")).await;
                }
            };
            let told = all_pages(&world, query, date, 3, meanwhile).await;
            let unique: BTreeSet<_> = told.iter().cloned().collect();
            assert_eq!(unique.len(), told.len(), "{query}: nothing twice");
            assert!(made.is_subset(&unique), "{query}: nothing left out");
        }
    }
}

/// There are transactions of a time to come, then.
#[tokio::test]
async fn pages_go_on_when_the_clock_is_set_back() {
    for world in worlds().await {
        let wall = world.engine.clock.wall();
        world.engine.clock.set(wall + HOUR * 48);
        for n in 0..3 {
            world.pay(&world.request(PaymentMethod::Abt, "1.00", &format!("p{n}")).await).await.unwrap();
            world.advance(HOUR).await;
        }
        world.engine.clock.set(wall);
        let query = format!("StartDate={wall}&Role=Caller&FPSOperation=Pay");
        assert_eq!(all_pages(&world, &query, "StartDate", 1, async |_| {}).await.len(), 6);
        let late = format!("StartDate={}", wall + HOUR * 60);
        let refused = account_activity(&world.engine, &world.caller, &request(&late)).await;
        assert_eq!(code(refused), ErrorCode::InvalidDateRange, "there is nothing so late");
    }
}

#[tokio::test]
async fn pages_neither_lose_nor_repeat_what_shares_a_moment() {
    for world in worlds().await {
        let mut made = BTreeSet::new();
        for moment in 0..3 {
            for n in 0..3 {
                let request = world.request(PaymentMethod::Abt, "1.00", &format!("p{moment}-{n}")).await;
                made.insert(world.pay(&request).await.unwrap().transaction_id.into_string());
            }
            world.advance(SignedDuration::from_micros(700)).await;
        }
        let masters = "Role=Caller&FPSOperation=Pay";
        for size in [1, 2, 3, 4, 5, 100] {
            let all = all_pages(
                &world,
                &format!("StartDate=2030-06-01&{masters}"),
                "StartDate",
                size,
                async |_| {},
            )
            .await;
            let forward = format!("StartDate=2030-06-01&SortOrderByDate=Ascending&{masters}");
            let forward = all_pages(&world, &forward, "StartDate", size, async |_| {}).await;
            let backward =
                format!("StartDate=2030-06-01&EndDate=2030-07-01&SortOrderByDate=Descending&{masters}");
            let mut backward = all_pages(&world, &backward, "EndDate", size, async |_| {}).await;
            backward.reverse();
            assert_eq!(forward, backward, "{size}");
            assert_eq!(forward.len(), 18, "nine payments, each with a fee");
            let unique: BTreeSet<_> = forward.iter().cloned().collect();
            assert!(unique.len() == 18 && made.is_subset(&unique), "{size}");
            assert_eq!(all.len(), 18, "{size}");
            assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), unique, "{size}");
        }
    }
}

#[tokio::test]
async fn a_start_with_nanoseconds_of_its_own_loses_nothing() {
    for world in worlds().await {
        for n in 0..3 {
            world.pay(&world.request(PaymentMethod::Abt, "1.00", &format!("p{n}")).await).await.unwrap();
        }
        world.engine.clock.set("2030-06-03T09:00:00.000000789Z".parse().unwrap());
        let page = activity(&world, &world.caller, "StartDate=2030-06-03T09:00:00.000000789Z").await;
        assert_eq!(page.transactions.len(), 6);
    }
}

fn find<'a>(result: &'a AccountActivityResult, id: &TransactionId) -> &'a ActivityTransaction {
    result.transactions.iter().find(|transaction| transaction.transaction_id == *id).unwrap()
}

#[tokio::test]
async fn what_the_account_sees_of_its_transactions() {
    for world in worlds().await {
        let paid = world.pay(&world.request(PaymentMethod::Cc, "10.00", "p1").await).await.unwrap();
        world.advance(HOUR).await;
        let paid = paid.transaction_id;
        world.advance(HOUR).await;
        let refund = world.refund(&paid, Some("5.00"), "f1").await.unwrap().transaction_id;

        let merchant = program_of(&world, "merchant");
        let seen = activity(&world, &merchant, "StartDate=2030-06-01&SortOrderByDate=Ascending").await;
        assert_eq!(seen.batch_size, Some(3), "the payment, its fee, the refund");
        let sale = find(&seen, &paid);
        assert_eq!((sale.transaction_amount, sale.fps_fees), (dollars("10.00"), dollars("0.59")));
        assert_eq!(sale.balance, dollars("8.81"), "after the split");
        assert!(sale.parts.iter().any(|part| {
            part.role == TransactionalRole::Recipient && part.fees_paid == Some(dollars("0.59"))
        }));
        let back = find(&seen, &refund);
        assert_eq!(back.original_transaction_id.as_deref(), Some(paid.as_str()));
        assert_eq!(back.balance.to_six_decimals(), "4.105000", "5.00 out, half of the FPS fee in");
        assert_eq!(back.fps_fees.to_six_decimals(), "-0.295000");
        assert_eq!((sale.caller_name.as_str(), sale.sender_name.as_deref()), ("operator", Some("buyer")));
    }
}

#[tokio::test]
async fn filters() {
    for world in worlds().await {
        let pay = async |method, reference: &str| {
            world.pay(&world.request(method, "10.00", reference).await).await.unwrap().transaction_id
        };
        let (by_card, by_balance) = (pay(PaymentMethod::Cc, "p1").await, pay(PaymentMethod::Abt, "p2").await);
        let reserved = world.reserve(&world.request(PaymentMethod::Abt, "5.00", "r1").await).await.unwrap();
        let settled = world.reserve(&world.request(PaymentMethod::Abt, "6.00", "r2").await).await.unwrap();
        let (reserved, settled) = (reserved.transaction_id, settled.transaction_id);
        world.settle(&settled, None).await.unwrap();
        let refund = world.refund(&by_balance, None, "f1").await.unwrap().transaction_id;
        let mine = [&by_card, &by_balance, &reserved, &settled, &refund];
        let table: [(&str, &[&TransactionId]); 8] = [
            ("FPSOperation=Refund", &[&refund]),
            ("Operation=RESERVE", &[&reserved, &settled]),
            ("FPSOperation=Settle", &[&settled]),
            ("PaymentMethod=CC", &[&by_card]),
            ("TransactionStatus=Pending", &[&by_card]),
            ("Status=Reserved", &[&reserved]),
            ("Role.1=Sender", &[]),
            ("FPSOperation=FundPrepaid", &[]),
        ];
        for (filter, expected) in table {
            let page = activity(&world, &world.caller, &format!("StartDate=2030-06-01&{filter}")).await;
            let found: BTreeSet<&str> =
                ids(&page).into_iter().filter(|id| mine.iter().any(|own| own.as_str() == *id)).collect();
            assert_eq!(found, expected.iter().map(|id| id.as_str()).collect(), "{filter}");
        }
        let page =
            activity(&world, &world.caller, "StartDate=2030-06-01&Role.1=Recipient&Role.2=Sender").await;
        assert_eq!(page.transactions.len(), 4, "the fees of the payments and reserves");
    }
}

#[tokio::test]
async fn date_ranges() {
    for world in worlds().await {
        world.pay(&world.request(PaymentMethod::Abt, "1.00", "p1").await).await.unwrap();
        let table = [
            ("StartDate=2030-06-03", Ok(2)),
            ("StartDate=2030-06-03T09:00:00Z", Ok(2)),
            ("StartDate=2030-06-03&EndDate=2030-06-03", Ok(2)),
            ("StartDate=2030-06-03T02:00:00.000-07:00&EndDate=2030-06-03T02:00:00.000-07:00", Ok(2)),
            ("StartDate=2030-06-02&EndDate=2030-06-02", Ok(0)),
            ("StartDate=2030-06-03&EndDate=2099-01-01", Ok(2)),
            ("StartDate=2030-06-03T09:00:01Z", Err(ErrorCode::InvalidDateRange)),
            ("StartDate=2030-06-04", Err(ErrorCode::InvalidDateRange)),
            ("StartDate=2030-06-03&EndDate=2030-06-02", Err(ErrorCode::InvalidDateRange)),
            ("StartDate=2030-06-03T09:00:00Z&EndDate=2030-06-03T08:59:59Z", Err(ErrorCode::InvalidDateRange)),
        ];
        for (query, expected) in table {
            let found = account_activity(&world.engine, &world.caller, &request(query)).await;
            let found = found.map(|page| page.transactions.len());
            assert_eq!(found.map_err(|error| error.into_fps_error().code), expected, "{query}");
        }
    }
}

#[tokio::test]
async fn recipients_are_verified_or_not() {
    for world in worlds().await {
        let status = async |token: &str, version| {
            recipient_verification(&world.engine, &world.caller, &id(token), version).await
        };
        let old = status("MERCHANTSTOKEN", ApiVersion::V2008).await.unwrap();
        assert_eq!(old, RecipientVerificationStatus::VerificationCompleteNoLimits);
        let new = status("MERCHANTSTOKEN", ApiVersion::V2011).await.unwrap();
        assert_eq!(new, RecipientVerificationStatus::Active);
        let sender = world.token(PaymentMethod::Abt, "1.00").await;
        for token in ["NOBODYS", "REFUNDTOKEN", sender.as_str()] {
            assert_eq!(
                code(status(token, ApiVersion::V2010).await),
                ErrorCode::InvalidTokenIdRecipient,
                "{token}"
            );
        }
        world
            .engine
            .db
            .write(|c| {
                Box::pin(
                    async move { sqlx::query("UPDATE tokens SET active = 0").execute(c).await.map(|_| ()) },
                )
            })
            .await
            .unwrap();
        assert_eq!(
            code(status("MERCHANTSTOKEN", ApiVersion::V2010).await),
            ErrorCode::TokenNotActiveRecipient
        );
    }
}
