//! What each action of the table in `fps_protocol::actions` does here: the service that is called for it, and how what
//! comes of it is answered.

use crate::domain::callers::Caller;
use crate::engine::signer::Signer;
use crate::engine::{ActionError, Engine, Outcome, inquiries, payments, stored_value, tokens};
use crate::web::query_api::verify_signature::verify_signature;
use fps_protocol::ApiVersion;
use fps_protocol::actions::{
    ActionService, Cancel, CancelSubscriptionAndRefund, CancelToken, FundPrepaid, GetAccountActivity,
    GetAccountBalance, GetDebtBalance, GetOutstandingDebtBalance, GetPaymentInstruction, GetPrepaidBalance,
    GetRecipientVerificationStatus, GetSubscriptionDetails, GetTokenByCaller, GetTokenUsage, GetTokens,
    GetTotalPrepaidLiability, GetTransaction, GetTransactionStatus, GetTransactionsForSubscription,
    InstallPaymentInstruction, PaymentRequest, Refund, Request, Settle, SettleDebt, VerifySignature,
    WriteOffDebt,
};
use fps_protocol::enums::FpsOperation;
use fps_protocol::responses::{
    AccountActivityResult, AccountBalanceResult, DebtBalanceResult, InstalledTokenResult,
    OutstandingDebtResult, PaymentInstructionResult, PrepaidBalanceResult, PrepaidLiabilityResult,
    RecipientVerificationResult, SubscriptionCancelled, SubscriptionDetails, SubscriptionTransactions,
    TokenCancelled, TokenResult, TokenUsageResult, TokensResult, TransactionDetail, TransactionResult,
    TransactionStatusResult, VerifySignatureResult,
};

/// A signed request and who sent it.
pub struct SignedCall<'a> {
    pub engine: &'a Engine,
    pub signer: &'a Signer,
    pub caller: &'a Caller,
    pub version: ApiVersion,
    pub request: &'a Request,
}

impl SignedCall<'_> {
    /// What a repetition under the same `CallerReference` must agree in.
    fn canonical(&self) -> String {
        self.request.canonical_digest_input()
    }
}

impl ActionService for SignedCall<'_> {
    type Error = ActionError;

    async fn pay(&self, ask: &PaymentRequest) -> Result<TransactionResult, ActionError> {
        let Self { engine, caller, .. } = self;
        Ok(moved(payments::pay_or_reserve(engine, caller, FpsOperation::Pay, ask, &self.canonical()).await?))
    }

    async fn reserve(&self, ask: &PaymentRequest) -> Result<TransactionResult, ActionError> {
        let Self { engine, caller, .. } = self;
        Ok(moved(
            payments::pay_or_reserve(engine, caller, FpsOperation::Reserve, ask, &self.canonical()).await?,
        ))
    }

    async fn settle(&self, ask: &Settle) -> Result<TransactionResult, ActionError> {
        Ok(moved(payments::settle(self.engine, self.caller, ask).await?))
    }

    async fn cancel(&self, ask: &Cancel) -> Result<TransactionResult, ActionError> {
        Ok(moved(payments::cancel(self.engine, self.caller, ask).await?))
    }

    async fn refund(&self, ask: &Refund) -> Result<TransactionResult, ActionError> {
        Ok(moved(payments::refund(self.engine, self.caller, ask, &self.canonical()).await?))
    }

    async fn get_transaction_status(
        &self,
        ask: &GetTransactionStatus,
    ) -> Result<TransactionStatusResult, ActionError> {
        let transaction = payments::status(self.engine, self.caller, &ask.transaction_id).await?;
        Ok(TransactionStatusResult {
            transaction_id: ask.transaction_id.clone(),
            transaction_status: transaction.status(),
            status_code: Some(transaction.status_code().to_string()),
            status_message: Some(transaction.status_code().message(transaction.status()).to_owned()),
            caller_reference: transaction.caller_reference.into_string(),
        })
    }

    async fn get_transaction(&self, ask: &GetTransaction) -> Result<Box<TransactionDetail>, ActionError> {
        inquiries::transaction_detail(self.engine, self.caller, &ask.transaction_id).await.map(Box::new)
    }

    async fn get_recipient_verification_status(
        &self,
        ask: &GetRecipientVerificationStatus,
    ) -> Result<RecipientVerificationResult, ActionError> {
        let token_id = &ask.recipient_token_id;
        let status =
            inquiries::recipient_verification(self.engine, self.caller, token_id, self.version).await?;
        Ok(RecipientVerificationResult { status })
    }

    async fn get_account_activity(
        &self,
        ask: &GetAccountActivity,
    ) -> Result<AccountActivityResult, ActionError> {
        inquiries::account_activity(self.engine, self.caller, ask).await
    }

    async fn get_account_balance(&self, _: &GetAccountBalance) -> Result<AccountBalanceResult, ActionError> {
        inquiries::account_balance(self.engine, self.caller).await
    }

    async fn cancel_subscription_and_refund(
        &self,
        ask: &CancelSubscriptionAndRefund,
    ) -> Result<SubscriptionCancelled, ActionError> {
        let refund = payments::cancel_subscription(self.engine, self.caller, ask, &self.canonical()).await?;
        Ok(SubscriptionCancelled { refund_transaction_id: refund.map(|refund| refund.transaction_id) })
    }

    async fn get_subscription_details(
        &self,
        ask: &GetSubscriptionDetails,
    ) -> Result<Box<SubscriptionDetails>, ActionError> {
        inquiries::subscription_details(self.engine, self.caller, &ask.subscription_id).await.map(Box::new)
    }

    async fn get_transactions_for_subscription(
        &self,
        ask: &GetTransactionsForSubscription,
    ) -> Result<SubscriptionTransactions, ActionError> {
        inquiries::subscription_transactions(self.engine, self.caller, &ask.subscription_id).await
    }

    async fn fund_prepaid(&self, ask: &FundPrepaid) -> Result<TransactionResult, ActionError> {
        let FundPrepaid(ask) = ask;
        Ok(moved(stored_value::fund_prepaid(self.engine, self.caller, ask, &self.canonical()).await?))
    }

    async fn settle_debt(&self, ask: &SettleDebt) -> Result<TransactionResult, ActionError> {
        let SettleDebt(ask) = ask;
        Ok(moved(stored_value::settle_debt(self.engine, self.caller, ask, &self.canonical()).await?))
    }

    async fn write_off_debt(&self, ask: &WriteOffDebt) -> Result<TransactionResult, ActionError> {
        Ok(moved(stored_value::write_off_debt(self.engine, self.caller, ask, &self.canonical()).await?))
    }

    async fn get_prepaid_balance(
        &self,
        ask: &GetPrepaidBalance,
    ) -> Result<PrepaidBalanceResult, ActionError> {
        stored_value::prepaid_balance(self.engine, self.caller, &ask.prepaid_instrument_id).await
    }

    async fn get_total_prepaid_liability(
        &self,
        _: &GetTotalPrepaidLiability,
    ) -> Result<PrepaidLiabilityResult, ActionError> {
        stored_value::total_prepaid_liability(self.engine, self.caller).await
    }

    async fn get_debt_balance(&self, ask: &GetDebtBalance) -> Result<DebtBalanceResult, ActionError> {
        stored_value::debt_balance(self.engine, self.caller, &ask.credit_instrument_id).await
    }

    async fn get_outstanding_debt_balance(
        &self,
        _: &GetOutstandingDebtBalance,
    ) -> Result<OutstandingDebtResult, ActionError> {
        stored_value::outstanding_debt(self.engine, self.caller).await
    }

    async fn get_out_standing_debt_balance(
        &self,
        ask: &GetOutstandingDebtBalance,
    ) -> Result<OutstandingDebtResult, ActionError> {
        self.get_outstanding_debt_balance(ask).await
    }

    async fn cancel_token(&self, ask: &CancelToken) -> Result<TokenCancelled, ActionError> {
        tokens::cancel_for_caller(self.engine, self.caller, ask).await.map(|()| TokenCancelled)
    }

    async fn get_token_by_caller(&self, ask: &GetTokenByCaller) -> Result<TokenResult, ActionError> {
        Ok(TokenResult { token: tokens::token_by_caller(self.engine, self.caller, ask).await? })
    }

    async fn get_token_usage(&self, ask: &GetTokenUsage) -> Result<TokenUsageResult, ActionError> {
        let limits = tokens::usage(self.engine, self.caller, &ask.token_id).await?;
        Ok(TokenUsageResult { limits })
    }

    async fn get_tokens(&self, ask: &GetTokens) -> Result<TokensResult, ActionError> {
        Ok(TokensResult { tokens: tokens::own_tokens(self.engine, self.caller, ask).await? })
    }

    async fn get_payment_instruction(
        &self,
        ask: &GetPaymentInstruction,
    ) -> Result<PaymentInstructionResult, ActionError> {
        tokens::payment_instruction(self.engine, self.caller, &ask.token_id).await
    }

    async fn install_payment_instruction(
        &self,
        ask: &InstallPaymentInstruction,
    ) -> Result<InstalledTokenResult, ActionError> {
        let token_id = tokens::install_instruction(self.engine, self.caller, ask).await?;
        Ok(InstalledTokenResult { token_id })
    }

    async fn verify_signature(&self, ask: &VerifySignature) -> Result<VerifySignatureResult, ActionError> {
        Ok(verify_signature(self.signer, Some(self.caller), ask).await?)
    }
}

/// What the actions that move or reserve money answer.
fn moved(outcome: Outcome) -> TransactionResult {
    TransactionResult { transaction_id: outcome.transaction_id, transaction_status: outcome.status }
}
