//! The actions on tokens, below HTTP, on both databases.

use crate::domain::callers::Caller;
use crate::domain::notifications::deliveries::Shown;
use crate::domain::tokens::{self, NewRecipientToken, SenderTerms, Token, install_recipient, store};
use crate::engine::payments::tests::{MERCHANTS_TOKEN, World, code, dollars, worlds};
use crate::engine::tokens::{self as token_actions, Cancelling};
use fps_protocol::ErrorCode;
use fps_protocol::actions::{
    CancelToken, GetTokenByCaller, GetTokens, InstallPaymentInstruction, PaymentRequest,
};
use fps_protocol::cbui::{AmountType, UsageLimit};
use fps_protocol::enums::{PaymentMethod, TokenStatus, TokenType};
use fps_protocol::ids::{CallerReference, TokenId};
use fps_protocol::ipn::TokenCancellationNotification;
use fps_protocol::responses::{TokenDetails, TokenUsage};
use futures_util::future::join_all;
use jiff::SignedDuration;
use std::collections::BTreeSet;

const DAY: SignedDuration = SignedDuration::from_hours(24);
const UNKNOWN: &str = "NOSUCHTOKEN";

fn id(text: &str) -> TokenId {
    TokenId::new(text).unwrap()
}

fn cancelling(token: impl AsRef<str>) -> CancelToken {
    CancelToken { token_id: id(token.as_ref()), reason_text: None, override_ipn_url: None }
}

fn instruction(text: &str, reference: &str) -> InstallPaymentInstruction {
    InstallPaymentInstruction {
        payment_instruction: text.to_owned(),
        friendly_name: None,
        caller_reference: CallerReference::new(reference).unwrap(),
        token_type: TokenType::Unrestricted,
        payment_reason: None,
    }
}

const CALLER: &str = "MyRole == 'Caller' orSay 'Role does not match';";
const RECIPIENT: &str = "MyRole == 'Recipient' orSay 'Role does not match';";

impl World {
    async fn install(&self, text: &str, reference: &str) -> TokenId {
        let request = instruction(text, reference);
        token_actions::install_instruction(&self.engine, &self.caller, &request).await.unwrap()
    }

    async fn multi_use(&self, limits: Vec<UsageLimit>) -> TokenId {
        let terms = SenderTerms::MultiUse {
            each_payment: Some((AmountType::Maximum, dollars("100.00"))),
            limits,
            recipient_token_ids: Vec::new(),
        };
        self.token_with(PaymentMethod::Abt, terms).await
    }

    async fn pay_with(&self, token: &TokenId, amount: &str, reference: &str) {
        let reference = CallerReference::new(reference).unwrap();
        let mut request = PaymentRequest::new(token.clone(), dollars(amount), reference);
        request.recipient_token_id = Some(id(MERCHANTS_TOKEN));
        self.pay(&request).await.unwrap();
    }

    /// Where the notifications of a token's cancellation go, and what they say.
    async fn cancellations(&self, token: impl AsRef<str>) -> Vec<(String, TokenCancellationNotification)> {
        let read = |one: Shown| {
            let told = TokenCancellationNotification::from_parameters(&one.parameters);
            (one.url.unwrap(), told.unwrap())
        };
        self.told(token.as_ref()).await.into_iter().map(read).collect()
    }

    async fn own_tokens(&self, caller: &Caller, filter: GetTokens) -> Vec<TokenDetails> {
        token_actions::own_tokens(&self.engine, caller, &filter).await.unwrap()
    }
}

#[tokio::test]
async fn a_cancelled_token_pays_no_more_and_the_caller_is_told() {
    for world in worlds().await {
        let request = world.request(PaymentMethod::Abt, "10.00", "p1").await;
        let token = request.sender_token_id.as_str();
        token_actions::cancel_for_caller(&world.engine, &world.caller, &cancelling(token)).await.unwrap();
        assert_eq!(code(world.pay(&request).await), ErrorCode::TokenNotActiveSender);
        let told = world.cancellations(token).await;
        let [(url, told)] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!(url, "http://localhost:3000/payments/ipn");
        assert_eq!((told.token_id.as_str(), told.token_type), (token, TokenType::SingleUse));
        assert_eq!(told.customer_name.as_deref(), Some("buyer"));
        assert_eq!(told.customer_email.as_deref(), Some("buyer@example.com"));
        assert_eq!(told.date_installed.to_string(), "2030-06-03");
        // It is cancelled once, and told once.
        let again = token_actions::cancel_for_caller(&world.engine, &world.caller, &cancelling(token)).await;
        assert_eq!(code(again), ErrorCode::TokenNotActive);
        assert_eq!(world.cancellations(token).await.len(), 1);
    }
}

#[tokio::test]
async fn recipients_tokens_are_cancelled_too_and_told_to_another_address() {
    for world in worlds().await {
        let request = CancelToken {
            reason_text: Some("moved away".to_owned()),
            override_ipn_url: Some("http://127.0.0.1:9/other".parse().unwrap()),
            ..cancelling(MERCHANTS_TOKEN)
        };
        token_actions::cancel_for_caller(&world.engine, &world.caller, &request).await.unwrap();
        let told = world.cancellations(MERCHANTS_TOKEN).await;
        assert_eq!(told[0].0, "http://127.0.0.1:9/other");
        assert_eq!((told[0].1.token_type, told.len()), (TokenType::Unrestricted, 1));
        let paid = world.pay(&world.request(PaymentMethod::Abt, "10.00", "p1").await).await;
        assert_eq!(code(paid), ErrorCode::TokenNotActiveRecipient);
        let (reason,): (String,) = sqlx::query_as("SELECT cancel_reason FROM tokens WHERE id = $1")
            .bind(MERCHANTS_TOKEN)
            .fetch_one(world.engine.db.readers())
            .await
            .unwrap();
        assert_eq!(reason, "moved away");
    }
}

#[tokio::test]
async fn its_giver_cancels_a_token_and_what_was_reserved_goes_on() {
    for world in worlds().await {
        let request = world.request(PaymentMethod::Abt, "10.00", "r1").await;
        let reserved = world.reserve(&request).await.unwrap();
        let token = tokens::find(&world.engine.db, &request.sender_token_id).await.unwrap().unwrap();
        let cancel = || token_actions::cancel(&world.engine, &token, Cancelling::default());
        assert!(cancel().await.unwrap());
        assert!(!cancel().await.unwrap());
        assert_eq!(world.cancellations(&token.id).await.len(), 1);
        world.settle(&reserved.transaction_id, None).await.unwrap();
        assert_eq!(world.balance("buyer").await, "490.000000");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancelled_at_the_same_time_it_is_told_once() {
    for world in worlds().await {
        let token = world.token(PaymentMethod::Abt, "10.00").await;
        let request = cancelling(token.as_str());
        let tries = (0..16).map(|_| token_actions::cancel_for_caller(&world.engine, &world.caller, &request));
        let done = join_all(tries).await.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!((done, world.cancellations(token.as_str()).await.len()), (1, 1));
    }
}

#[tokio::test]
async fn tokens_are_found_by_id_and_by_reference() {
    for world in worlds().await {
        let token = world.token(PaymentMethod::Abt, "10.00").await;
        let find = |request: GetTokenByCaller| {
            let engine = &world.engine;
            let caller = &world.caller;
            async move { token_actions::token_by_caller(engine, caller, &request).await }
        };
        let found = find(GetTokenByCaller::Id(token.clone())).await.unwrap();
        assert_eq!((&found.token_id, found.status), (&token, TokenStatus::Active));
        assert!(found.friendly_name.starts_with("Friendly"), "{found:?}");
        let reference = CallerReference::new(&found.caller_reference).unwrap();
        assert_eq!(find(GetTokenByCaller::Reference(reference.clone())).await.unwrap(), found);
        assert_eq!(find(GetTokenByCaller::Both(token.clone(), reference)).await.unwrap(), found);
        // A recipient's token, and not the refund token that has the same reference.
        let registration = CallerReference::new("registration").unwrap();
        let recipient = find(GetTokenByCaller::Reference(registration.clone())).await.unwrap();
        assert_eq!(recipient.token_id.as_str(), MERCHANTS_TOKEN);

        let missing = find(GetTokenByCaller::Reference(CallerReference::new("none").unwrap())).await;
        assert_eq!(code(missing), ErrorCode::InvalidCallerReference);
        let mismatch = find(GetTokenByCaller::Both(token.clone(), registration)).await;
        assert_eq!(code(mismatch), ErrorCode::InvalidCallerReference);
        assert_eq!(code(find(GetTokenByCaller::Id(id(UNKNOWN))).await), ErrorCode::InvalidTokenId);

        token_actions::cancel_for_caller(&world.engine, &world.caller, &cancelling(token.as_str()))
            .await
            .unwrap();
        assert_eq!(find(GetTokenByCaller::Id(token)).await.unwrap().status, TokenStatus::Inactive);
    }
}

#[tokio::test]
async fn a_used_or_expired_token_is_inactive() {
    for world in worlds().await {
        let status = |token: &TokenId| {
            let (engine, caller, request) =
                (&world.engine, &world.caller, GetTokenByCaller::Id(token.clone()));
            async move { token_actions::token_by_caller(engine, caller, &request).await.unwrap().status }
        };
        let request = world.request(PaymentMethod::Abt, "10.00", "p1").await;
        world.pay(&request).await.unwrap();
        assert_eq!(status(&request.sender_token_id).await, TokenStatus::Inactive);
        let (unused, multi_use) =
            (world.token(PaymentMethod::Abt, "1.00").await, world.multi_use(Vec::new()).await);
        world.engine.clock.advance(SignedDuration::from_hours(3)).unwrap();
        assert_eq!(status(&unused).await, TokenStatus::Inactive, "three hours");
        assert_eq!(status(&multi_use).await, TokenStatus::Active);
        world.engine.clock.advance(DAY * 365).unwrap();
        assert_eq!(status(&multi_use).await, TokenStatus::Inactive, "a year");
    }
}

#[tokio::test]
async fn usage_is_told_of_the_latest_window_and_of_the_one_before() {
    for world in worlds().await {
        let amount = |most| UsageLimit::Amount { most: dollars(most), period: None };
        let daily = UsageLimit::Count { most: 3, period: Some("1 Day".parse().unwrap()) };
        let token = world.multi_use(vec![amount("100.00"), daily]).await;
        let usage = || token_actions::usage(&world.engine, &world.caller, &token);
        world.pay_with(&token, "10.00", "p1").await;
        world.pay_with(&token, "2.50", "p2").await;
        let start = Some(world.engine.clock.now());
        let whole_life = |text| TokenUsage {
            count: None,
            amount: Some(dollars(text)),
            last_reset_count: None,
            last_reset_amount: Some(dollars("0")),
            last_reset: start,
        };
        let each_day = |count, before, days: i32| TokenUsage {
            count: Some(count),
            amount: None,
            last_reset_count: Some(before),
            last_reset_amount: None,
            last_reset: start.map(|start| start + DAY * days),
        };
        assert_eq!(usage().await.unwrap(), [whole_life("12.50"), each_day(2, 0, 0)]);
        world.engine.clock.advance(DAY * 3 / 2).unwrap();
        assert_eq!(usage().await.unwrap(), [whole_life("12.50"), each_day(0, 2, 1)]);
        world.pay_with(&token, "1.00", "p3").await;
        assert_eq!(usage().await.unwrap(), [whole_life("13.50"), each_day(1, 2, 1)]);
        world.engine.clock.advance(DAY * 2).unwrap();
        assert_eq!(usage().await.unwrap(), [whole_life("13.50"), each_day(0, 0, 3)]);

        let of = async |token: &str| token_actions::usage(&world.engine, &world.caller, &id(token)).await;
        assert_eq!(of(MERCHANTS_TOKEN).await.unwrap(), [], "unrestricted");
        assert_eq!(code(of(UNKNOWN).await), ErrorCode::InvalidTokenId);
        let single_use = world.token(PaymentMethod::Abt, "1.00").await;
        let refused = token_actions::usage(&world.engine, &world.caller, &single_use).await;
        assert_eq!(code(refused), ErrorCode::InvalidTokenType);
    }
}

#[tokio::test]
async fn only_tokens_on_the_callers_own_account_are_listed() {
    for world in worlds().await {
        world.token(PaymentMethod::Abt, "10.00").await;
        assert_eq!(world.own_tokens(&world.caller, GetTokens::default()).await, []);
        let caller = world.install(CALLER, "c").await;
        world.engine.clock.advance(DAY).unwrap();
        let recipient = world.install(RECIPIENT, "r").await;
        let ids = |tokens: Vec<TokenDetails>| -> Vec<TokenId> {
            tokens.into_iter().map(|token| token.token_id).collect()
        };
        let all = world.own_tokens(&world.caller, GetTokens::default()).await;
        let name = all[1].friendly_name.clone();
        assert_eq!(ids(all), [caller.clone(), recipient.clone()]);
        assert_eq!(world.own_tokens(&world.stranger, GetTokens::default()).await, []);

        token_actions::cancel_for_caller(&world.engine, &world.caller, &cancelling(&caller)).await.unwrap();
        let everything = GetTokens::default;
        let reference = |text| Some(CallerReference::new(text).unwrap());
        let filters = [
            (GetTokens { status: Some(TokenStatus::Active), ..everything() }, vec![&recipient]),
            (GetTokens { status: Some(TokenStatus::Inactive), ..everything() }, vec![&caller]),
            (
                GetTokens { token_type: Some(TokenType::Unrestricted), ..everything() },
                vec![&caller, &recipient],
            ),
            (GetTokens { token_type: Some(TokenType::MultiUse), ..everything() }, vec![]),
            (GetTokens { caller_reference: reference("c"), ..everything() }, vec![&caller]),
            (GetTokens { caller_reference: reference("x"), ..everything() }, vec![]),
            (GetTokens { friendly_name: Some(name), ..everything() }, vec![&recipient]),
        ];
        for (filter, expected) in filters {
            let shown = format!("{filter:?}");
            let found = ids(world.own_tokens(&world.caller, filter).await);
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{shown}");
        }
    }
}

#[tokio::test]
async fn of_very_many_tokens_the_newest_are_listed() {
    for world in worlds().await {
        let first = world.install(CALLER, "t0").await;
        let token = store::find(&world.engine.db, &first).await.unwrap().unwrap();
        let copies: Result<(), sqlx::Error> = world
            .engine
            .db
            .write(move |c| {
                let token = token.clone();
                Box::pin(async move {
                    for n in 1..=store::MOST_LISTED {
                        let id = id(&format!("T{n}"));
                        let caller_reference = CallerReference::new(format!("t{n}")).unwrap();
                        let created_at = token.created_at + SignedDuration::from_micros(n);
                        let copy = Token { id, caller_reference, created_at, ..token.clone() };
                        store::insert(&mut *c, &copy).await?;
                    }
                    Ok(())
                })
            })
            .await;
        copies.unwrap();
        let listed = world.own_tokens(&world.caller, GetTokens::default()).await;
        assert_eq!(i64::try_from(listed.len()).unwrap(), store::MOST_LISTED);
        assert_eq!(listed[0].token_id.as_str(), "T1", "the oldest of all is left out");
        assert_eq!(listed.last().unwrap().token_id.as_str(), format!("T{}", store::MOST_LISTED));
    }
}

#[tokio::test]
async fn an_installed_recipient_token_is_paid_to() {
    for world in worlds().await {
        let text = "MyRole == 'Recipient'; PaymentMethod in 'abt';";
        let recipient = world.install(text, "r").await;
        let pay = |method: PaymentMethod, reference: &'static str| {
            let (world, recipient) = (&world, recipient.clone());
            async move {
                let token = world.token_for(method, "10.00", Some(recipient.as_str())).await;
                let reference = CallerReference::new(reference).unwrap();
                let mut request = PaymentRequest::new(token, dollars("10.00"), reference);
                request.recipient_token_id = Some(recipient);
                world.pay(&request).await
            }
        };
        pay(PaymentMethod::Abt, "p1").await.unwrap();
        assert_eq!(world.balance("operator").await, "9.840000");
        assert_eq!(code(pay(PaymentMethod::Cc, "p2").await), ErrorCode::InvalidRecipientForCCTransaction);
        let told =
            token_actions::payment_instruction(&world.engine, &world.caller, &recipient).await.unwrap();
        assert_eq!((told.payment_instruction.as_str(), told.caller_reference.as_str()), (text, "r"));
        assert_eq!(told.friendly_name, Some(told.token.friendly_name.clone()));
    }
}

#[tokio::test]
async fn a_caller_token_is_nobodys_to_pay_with() {
    for world in worlds().await {
        let token = world.install(CALLER, "c").await;
        let reference = CallerReference::new("p").unwrap();
        let mut request = PaymentRequest::new(token.clone(), dollars("1.00"), reference);
        request.recipient_token_id = Some(id(MERCHANTS_TOKEN));
        assert_eq!(code(world.pay(&request).await), ErrorCode::InvalidTokenIdSender);
        let mut request = world.request(PaymentMethod::Abt, "10.00", "q").await;
        request.recipient_token_id = Some(token);
        assert_eq!(code(world.pay(&request).await), ErrorCode::InvalidTokenIdRecipient);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reference_installs_one_token() {
    for world in worlds().await {
        let (caller, recipient) = (instruction(CALLER, "same"), instruction(RECIPIENT, "same"));
        let tries =
            (0..16).map(|_| token_actions::install_instruction(&world.engine, &world.caller, &caller));
        let ids: BTreeSet<TokenId> = join_all(tries).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(ids.len(), 1);
        world.engine.clock.advance(DAY * 30).unwrap();
        let again = token_actions::install_instruction(&world.engine, &world.caller, &caller).await.unwrap();
        assert!(ids.contains(&again), "however much later");
        for other in [
            recipient,
            InstallPaymentInstruction { friendly_name: Some("Mine".to_owned()), ..caller.clone() },
            InstallPaymentInstruction { payment_reason: Some("Mine".to_owned()), ..caller },
            instruction(RECIPIENT, "registration"),
        ] {
            let refused = token_actions::install_instruction(&world.engine, &world.caller, &other).await;
            assert_eq!(code(refused), ErrorCode::DuplicateRequest, "{other:?}");
        }
        // Another caller has references of its own.
        let other = instruction(CALLER, "same");
        let installed =
            token_actions::install_instruction(&world.engine, &world.stranger, &other).await.unwrap();
        assert!(!ids.contains(&installed));
    }
}

#[tokio::test]
async fn what_cannot_be_installed_is_refused() {
    for world in worlds().await {
        let install = |caller: &Caller, request: InstallPaymentInstruction| {
            let (engine, caller) = (&world.engine, caller.clone());
            async move { code(token_actions::install_instruction(engine, &caller, &request).await) }
        };
        for text in ["MyRole == 'Sender';", "MyRole == 'Caller'; TransactionAmount <= 'USD 10';", "pay me"] {
            let refused = install(&world.caller, instruction(text, "i")).await;
            assert_eq!(refused, ErrorCode::InvalidParams, "{text}");
        }
        for token_type in [TokenType::SingleUse, TokenType::MultiUse, TokenType::Recurring] {
            let request = InstallPaymentInstruction { token_type, ..instruction(CALLER, "i") };
            assert_eq!(install(&world.caller, request).await, ErrorCode::InvalidParams);
        }
        let suspended = Caller {
            account_status: crate::domain::accounts::AccountStatus::Suspended,
            ..world.caller.clone()
        };
        let refused = install(&suspended, instruction(CALLER, "i")).await;
        assert_eq!(refused, ErrorCode::InvalidAccountStateCaller);
    }
}

#[tokio::test]
async fn instructions_are_told_only_of_tokens_that_were_installed_here() {
    for world in worlds().await {
        let tell = |token: &'static str| {
            let (engine, caller) = (&world.engine, &world.caller);
            async move { code(token_actions::payment_instruction(engine, caller, &id(token)).await) }
        };
        assert_eq!(tell(UNKNOWN).await, ErrorCode::InvalidTokenId);
        assert_eq!(tell(MERCHANTS_TOKEN).await, ErrorCode::TokenAccessDenied);
        let own = NewRecipientToken {
            id: id("OWN"),
            refund_token_id: id("OWNREFUND"),
            access_key: world.caller.access_key.clone(),
            account_id: world.caller.account_id.clone(),
            caller_reference: CallerReference::new("own").unwrap(),
            payment_reason: None,
            payment_methods: Vec::new(),
            max_fixed_fee: None,
            max_variable_fee: None,
            recipient_pays_fee: true,
            valid_from: None,
            expires_at: None,
            created_at: world.engine.clock.now(),
        };
        let written = world.engine.db.write(move |c| {
            let own = own.clone();
            Box::pin(async move { install_recipient(c, &own).await })
        });
        written.await.unwrap();
        assert_eq!(tell("OWN").await, ErrorCode::InvalidTokenType);
    }
}

#[tokio::test]
async fn another_callers_tokens_do_not_exist() {
    for world in worlds().await {
        let token = world.multi_use(Vec::new()).await;
        let installed = world.install(CALLER, "mine").await;
        let (engine, stranger) = (&world.engine, &world.stranger);
        let cancelled = token_actions::cancel_for_caller(engine, stranger, &cancelling(token.as_str())).await;
        assert_eq!(code(cancelled), ErrorCode::InvalidTokenId);
        let usage = token_actions::usage(engine, stranger, &token).await;
        assert_eq!(code(usage), ErrorCode::InvalidTokenId);
        let by_id =
            token_actions::token_by_caller(engine, stranger, &GetTokenByCaller::Id(token.clone())).await;
        assert_eq!(code(by_id), ErrorCode::InvalidTokenId);
        let reference = GetTokenByCaller::Reference(CallerReference::new("mine").unwrap());
        let by_reference = token_actions::token_by_caller(engine, stranger, &reference).await;
        assert_eq!(code(by_reference), ErrorCode::InvalidCallerReference);
        let told = token_actions::payment_instruction(engine, stranger, &installed).await;
        assert_eq!(code(told), ErrorCode::InvalidTokenId);
        assert_eq!(world.cancellations(token.as_str()).await, []);
        let unknown = token_actions::cancel_for_caller(engine, &world.caller, &cancelling(UNKNOWN)).await;
        assert_eq!(code(unknown), ErrorCode::InvalidTokenId);
    }
}
