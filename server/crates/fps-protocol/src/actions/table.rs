//! The table of actions: what each is called, asked with and answered with. Names, parsing, dispatch, writing, the
//! elements of answers and the list for the documentation follow from it (`derive.rs`).
//!
//! A line is `Name = function(Request) -> Result;` under the sentence that says what the action is for. `read as`
//! names the action whose result element clients look for, if it is not its own; `may come unsigned` lets in who does
//! not sign.
//!
//! A new action is
//! 1. its request: a type with [`ActionRequest`], in a file of this folder;
//! 2. its answer: a type with [`ActionResult`](crate::responses::ActionResult), in `responses/`;
//! 3. a line here, which gives [`ActionService`] a function;
//! 4. that function in the emulator, in `web/query_api/actions.rs`: it calls the service that does the action. The
//!    emulator does not compile without it.

use super::derive::actions;
use super::{
    ActionRequest, Cancel, CancelSubscriptionAndRefund, CancelToken, ElementNames, FundPrepaid,
    GetAccountActivity, GetAccountBalance, GetDebtBalance, GetOutstandingDebtBalance, GetPaymentInstruction,
    GetPrepaidBalance, GetRecipientVerificationStatus, GetSubscriptionDetails, GetTokenByCaller,
    GetTokenUsage, GetTokens, GetTotalPrepaidLiability, GetTransaction, GetTransactionStatus,
    GetTransactionsForSubscription, InstallPaymentInstruction, PaymentRequest, Refund, Settle, SettleDebt,
    VerifySignature, WriteOffDebt,
};
use crate::errors::FpsError;
use crate::parameters::Parameters;
use crate::responses::{
    AccountActivityResult, AccountBalanceResult, DebtBalanceResult, InstalledTokenResult,
    OutstandingDebtResult, PaymentInstructionResult, PrepaidBalanceResult, PrepaidLiabilityResult,
    RecipientVerificationResult, SubscriptionCancelled, SubscriptionDetails, SubscriptionTransactions,
    TokenCancelled, TokenResult, TokenUsageResult, TokensResult, TransactionDetail, TransactionResult,
    TransactionStatusResult, VerifySignatureResult, to_xml,
};
use crate::version::ApiVersion;

actions! {
    /// Moves money from the sender to the recipient, or to the caller.
    Pay = pay(PaymentRequest) -> TransactionResult;
    /// Sets money of the sender's aside, to be settled within seven days.
    Reserve = reserve(PaymentRequest) -> TransactionResult;
    /// Charges what was reserved, or a part of it.
    Settle = settle(Settle) -> TransactionResult;
    /// Gives up a reserved or pending transaction.
    Cancel = cancel(Cancel) -> TransactionResult;
    /// Gives back a part or all of a completed transaction.
    Refund = refund(Refund) -> TransactionResult;
    /// Tells how a transaction stands.
    GetTransactionStatus = get_transaction_status(GetTransactionStatus) -> TransactionStatusResult;
    /// Tells everything about a transaction.
    GetTransaction = get_transaction(GetTransaction) -> Box<TransactionDetail>;
    /// Tells whether a recipient may be paid.
    GetRecipientVerificationStatus = get_recipient_verification_status(GetRecipientVerificationStatus)
        -> RecipientVerificationResult;
    /// Lists what happened on the caller's account.
    GetAccountActivity = get_account_activity(GetAccountActivity) -> AccountActivityResult;
    /// Tells what the caller's account has.
    GetAccountBalance = get_account_balance(GetAccountBalance) -> AccountBalanceResult;
    /// Ends a subscription, and gives back a part or all of its last payment.
    CancelSubscriptionAndRefund = cancel_subscription_and_refund(CancelSubscriptionAndRefund)
        -> SubscriptionCancelled;
    /// Tells what was agreed for a subscription and how far it went.
    GetSubscriptionDetails = get_subscription_details(GetSubscriptionDetails) -> Box<SubscriptionDetails>;
    /// Lists a subscription's payments.
    GetTransactionsForSubscription = get_transactions_for_subscription(GetTransactionsForSubscription)
        -> SubscriptionTransactions;
    /// Fills a prepaid balance out of the sender's account, bank or card.
    FundPrepaid = fund_prepaid(FundPrepaid) -> TransactionResult;
    /// Pays what the sender owes to the caller, or a part of it.
    SettleDebt = settle_debt(SettleDebt) -> TransactionResult;
    /// Gives up a part or all of what is owed to the caller.
    WriteOffDebt = write_off_debt(WriteOffDebt) -> TransactionResult;
    /// Tells what is left of a prepaid balance.
    GetPrepaidBalance = get_prepaid_balance(GetPrepaidBalance) -> PrepaidBalanceResult;
    /// Tells the sum of all prepaid balances with the caller.
    GetTotalPrepaidLiability = get_total_prepaid_liability(GetTotalPrepaidLiability)
        -> PrepaidLiabilityResult;
    /// Tells what is owed on a credit.
    GetDebtBalance = get_debt_balance(GetDebtBalance) -> DebtBalanceResult;
    /// Tells the sum of all debts to the caller.
    GetOutstandingDebtBalance = get_outstanding_debt_balance(GetOutstandingDebtBalance)
        -> OutstandingDebtResult;
    /// The same, as a client of 2008 spells it; what it reads is spelt as all others spell it.
    GetOutStandingDebtBalance = get_out_standing_debt_balance(GetOutstandingDebtBalance)
        -> OutstandingDebtResult,
        read as GetOutstandingDebtBalance;
    /// Makes a token unusable.
    CancelToken = cancel_token(CancelToken) -> TokenCancelled;
    /// Tells of a token that was given to the caller, by its id or its reference.
    GetTokenByCaller = get_token_by_caller(GetTokenByCaller) -> TokenResult;
    /// Tells how much of its limits a token has used.
    GetTokenUsage = get_token_usage(GetTokenUsage) -> TokenUsageResult;
    /// Lists the tokens on the caller's own account.
    GetTokens = get_tokens(GetTokens) -> TokensResult;
    /// Tells the rules of a token on the caller's own account.
    GetPaymentInstruction = get_payment_instruction(GetPaymentInstruction) -> PaymentInstructionResult;
    /// Installs a token on the caller's own account.
    InstallPaymentInstruction = install_payment_instruction(InstallPaymentInstruction)
        -> InstalledTokenResult;
    // It says nothing about anybody, so it needs no signature (fps.md §8).
    /// Tells whether a return or notification is really from here.
    VerifySignature = verify_signature(VerifySignature) -> VerifySignatureResult, may come unsigned;
}
