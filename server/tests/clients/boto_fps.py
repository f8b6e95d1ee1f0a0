"""boto.fps 2.49.0, unmodified, against a running Amazon Payments: every method that it has.

boto.fps was written for Python 2. What Python 3 took away from the language is put back from outside
(`python_2`), so that its own code runs as its author left it.
"""

import builtins
import ctypes
import gc
import http.client
import json
import sys
import time
import unittest
import urllib
import urllib.parse
import urllib.request
import uuid
from decimal import Decimal

import boto.fps.connection
import boto.fps.exception as errors
from boto.fps.connection import FPSConnection

PAYMENTS, SHOP = (urllib.parse.urlsplit(url) for url in sys.argv[1:3])
KEY, SECRET = "DDCALLER000000000001", "digitaldownload-demo-secret"
JOHN = "john@example.com"
RECIPIENT = "DEMORECIPIENTTOKEN00".ljust(64, "R")


def python_2():
    """`dict.has_key`, a `filter` that makes lists, and `urllib.quote`."""
    gc.get_referents(dict.__dict__)[0]["has_key"] = dict.__contains__
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(dict))
    boto.fps.connection.filter = lambda wanted, items: list(builtins.filter(wanted, items))
    urllib.quote = urllib.parse.quote


def connection(key=KEY, secret=SECRET):
    return FPSConnection(key, secret, host=PAYMENTS.hostname, port=PAYMENTS.port, is_secure=False)


def control(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"{PAYMENTS.geturl()}/_control/{path}", data, {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{path} answered {error.code}: {error.read().decode()}") from None


def click(pipeline="SingleUse", method="ABT", reference=None, **parameters):
    """What comes back when John confirms a pipeline."""
    wish = {
        "access_key": KEY, "pipeline": pipeline, "account": JOHN, "payment_method": method,
        "caller_reference": reference or new_reference(), "parameters": parameters,
    }
    return control("tokens", wish)


def single_use(amount, method="ABT"):
    return click(method=method, transactionAmount=str(amount), recipientToken=RECIPIENT)["token_id"]


def new_reference():
    return str(uuid.uuid4())


class Fps(unittest.TestCase):
    def setUp(self):
        self.fps = connection()

    def pay(self, amount="10.00", **more):
        token = more.pop("SenderTokenId", None) or single_use(amount)
        more.setdefault("RecipientTokenId", RECIPIENT)
        more.setdefault("CallerReference", new_reference())
        return self.fps.pay(SenderTokenId=token, TransactionAmount=amount, **more).PayResult

    def finished(self, transaction_id):
        """The status once the processor has answered."""
        for _ in range(100):
            status = self.fps.get_transaction_status(TransactionId=transaction_id).GetTransactionStatusResult
            if status.TransactionStatus != "Pending":
                return status.TransactionStatus
            time.sleep(0.05)
        return "Pending"


class Payments(Fps):
    def test_pay_from_the_balance(self):
        response = self.fps.pay(
            SenderTokenId=single_use("10.00"), RecipientTokenId=RECIPIENT, TransactionAmount="10.00",
            CallerDescription="a song & more", ChargeFeeTo="Recipient",
        )
        self.assertEqual(response.PayResult.TransactionStatus, "Success")
        self.assertEqual(len(response.PayResult.TransactionId), 35)
        self.assertRegex(response.ResponseMetadata.RequestId, r"^[0-9a-f-]{36}:0$")

    def test_pay_with_a_card_and_ask_until_it_is_done(self):
        paid = self.pay(SenderTokenId=single_use("10.00", "CC"))
        self.assertEqual(paid.TransactionStatus, "Pending")
        self.assertEqual(self.finished(paid.TransactionId), "Success")

    def test_the_same_reference_again(self):
        token, reference = single_use("10.00"), new_reference()
        first = self.pay("10.00", SenderTokenId=token, CallerReference=reference)
        again = self.pay("10.0", SenderTokenId=token, CallerReference=reference)
        self.assertEqual(first.TransactionId, again.TransactionId)
        with self.assertRaises(errors.DuplicateRequest):
            self.pay("9.00", SenderTokenId=token, CallerReference=reference)

    def test_marketplace_fees(self):
        token = click("Recipient", maxFixedFee="1.00", maxVariableFee="10", recipientPaysFee="True")
        self.assertEqual(token["status"], "SR")
        self.assertTrue(token["refund_token_id"])

    def test_reserve_settle_refund(self):
        reserved = self.fps.reserve(
            SenderTokenId=single_use("20.00"), RecipientTokenId=RECIPIENT, TransactionAmount="20.00"
        ).ReserveResult
        self.assertEqual(reserved.TransactionStatus, "Reserved")
        settled = self.fps.settle(
            ReserveTransactionId=reserved.TransactionId, TransactionAmount="15.00"
        ).SettleResult
        self.assertEqual((settled.TransactionId, settled.TransactionStatus), (reserved.TransactionId, "Success"))
        refunded = self.fps.refund(
            TransactionId=reserved.TransactionId, RefundAmount="5.00", CallerReference=new_reference()
        ).RefundResult
        self.assertNotEqual(refunded.TransactionId, reserved.TransactionId)
        self.assertEqual(self.finished(refunded.TransactionId), "Success")
        with self.assertRaises(errors.RefundAmountExceeded):
            self.fps.refund(
                TransactionId=reserved.TransactionId, RefundAmount="10.01", CallerReference=new_reference()
            )

    def test_reserve_cancel(self):
        reserved = self.fps.reserve(
            SenderTokenId=single_use("20.00"), RecipientTokenId=RECIPIENT, TransactionAmount="20.00"
        ).ReserveResult
        cancelled = self.fps.cancel(TransactionId=reserved.TransactionId, Description="changed my mind")
        self.assertEqual(cancelled.CancelResult.TransactionStatus, "Cancelled")
        with self.assertRaises(errors.InvalidTransactionState):
            self.fps.settle(ReserveTransactionId=reserved.TransactionId, TransactionAmount="20.00")

    def test_get_transaction(self):
        reference = new_reference()
        paid = self.pay("10.00", CallerReference=reference, CallerDescription="a <song>")
        shown = self.fps.get_transaction(TransactionId=paid.TransactionId).GetTransactionResult.Transaction
        self.assertEqual(shown.TransactionAmount.Value, Decimal("10.000000"))
        self.assertEqual(shown.FPSFees.Value, Decimal("0.160000"))
        self.assertEqual((shown.CallerReference, shown.CallerDescription), (reference, "a <song>"))
        self.assertEqual((shown.FPSOperation, shown.PaymentMethod), ("Pay", "ABT"))
        # This reader flattens what is nested: the last entry of the history is what it shows.
        self.assertEqual(shown.TransactionStatus, "Success")


class Reading(Fps):
    def test_get_account_activity(self):
        references = {new_reference() for _ in range(3)}
        for reference in references:
            self.pay("1.00", CallerReference=reference)
        start = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 86_400))
        result = self.fps.get_account_activity(StartDate=start).GetAccountActivityResult
        self.assertEqual(int(result.BatchSize), len(result.Transaction))
        for transaction in result.Transaction:
            self.assertTrue(transaction.TransactionPart, transaction)
            self.assertEqual(transaction.TransactionAmount.CurrencyCode, "USD")
            self.assertTrue({part.Role for part in transaction.TransactionPart} <= {"Sender", "Caller", "Recipient"})
        narrowed = self.fps.get_account_activity(**{
            "StartDate": start, "MaxBatchSize": 2, "SortOrderByDate": "Descending",
            "FPSOperation": "Pay", "PaymentMethod": "ABT", "TransactionStatus": "Success", "Role.1": "Caller",
        }).GetAccountActivityResult
        self.assertEqual(len(narrowed.Transaction), 2)
        with self.assertRaises(errors.InvalidDateRange):
            self.fps.get_account_activity(StartDate="2999-01-01")

    def test_get_account_balance(self):
        balance = self.fps.get_account_balance().GetAccountBalanceResult.AccountBalance
        self.assertGreaterEqual(float(balance.TotalBalance), 0.0)
        for amount in (
            balance.PendingInBalance, balance.PendingOutBalance,
            balance.AvailableBalances.DisburseBalance, balance.AvailableBalances.RefundBalance,
        ):
            self.assertEqual(amount.CurrencyCode, "USD")

    def test_get_recipient_verification_status(self):
        result = self.fps.get_recipient_verification_status(RecipientTokenId=RECIPIENT)
        status = result.GetRecipientVerificationStatusResult.RecipientVerificationStatus
        self.assertIn(
            status, ("VerificationComplete", "VerificationPending", "VerificationCompleteNoLimits")
        )

    def test_verify_signature(self):
        back = click(transactionAmount="1.00", recipientToken=RECIPIENT)["return_parameters"]
        site = [site for site in (f"{SHOP.geturl()}/", SHOP.geturl()) if self.verified(site, back) == "Success"]
        self.assertTrue(site, "the return is genuine for the caller's site")
        self.assertEqual(self.verified(site[0], back | {"status": "SC"}), "Failure")

    def verified(self, url, parameters):
        answer = self.fps.verify_signature(UrlEndPoint=url, HttpParameters=urllib.parse.urlencode(parameters))
        return answer.VerifySignatureResult.VerificationStatus


class Tokens(Fps):
    def test_get_token_by_caller(self):
        reference = new_reference()
        token = click(reference=reference, transactionAmount="2.00", recipientToken=RECIPIENT)["token_id"]
        for asked in ({"CallerReference": reference}, {"TokenId": token}):
            found = self.fps.get_token_by_caller(**asked).GetTokenByCallerResult
            self.assertEqual((found.TokenId, found.CallerReference), (token, reference))
            self.assertEqual((found.TokenStatus, found.TokenType), ("Active", "SingleUse"))
        with self.assertRaises(errors.InvalidCallerReference):
            self.fps.get_token_by_caller(CallerReference=new_reference())

    def test_get_tokens_and_install_payment_instruction(self):
        installed = self.fps.install_payment_instruction(
            PaymentInstruction="MyRole == 'Caller' orSay 'Role does not match';",
            TokenType="Unrestricted", TokenFriendlyName="mine",
        ).InstallPaymentInstructionResult.TokenId
        tokens = self.fps.get_tokens().GetTokensResult.Token
        self.assertIn(installed, [token.TokenId for token in tokens])
        shown = self.fps.get_payment_instruction(TokenId=installed).GetPaymentInstructionResult
        self.assertIn("MyRole", shown.PaymentInstruction)

    def test_get_token_usage(self):
        token = click(
            "MultiUse", globalAmountLimit="50", amountType="Maximum", transactionAmount="10",
            recipientTokenList=RECIPIENT, usageLimitType1="Count", usageLimitPeriod1="1 Month",
            usageLimitValue1="3",
        )["token_id"]
        self.pay("10.00", SenderTokenId=token)
        self.fps.get_token_usage(TokenId=token)
        with self.assertRaises(errors.InvalidTokenType):
            self.fps.get_token_usage(TokenId=single_use("1.00"))

    def test_cancel_token(self):
        token = single_use("3.00")
        self.fps.cancel_token(TokenId=token, ReasonText="not needed")
        with self.assertRaises(errors.ResponseError) as refused:
            self.pay("3.00", SenderTokenId=token)
        self.assertIn(refused.exception.error_code, ("TokenNotActive_Sender", "InvalidTokenId_Sender"))


class Aggregated(Fps):
    def setUp(self):
        """The caller pays the fees here, so it has to earn something first."""
        super().setUp()
        self.pay("50.00", MarketplaceVariableFee="20")

    def test_prepaid(self):
        made = click(
            "SetupPrepaid", callerReferenceSender=new_reference(), callerReferenceFunding=new_reference(),
            fundingAmount="30.00",
        )["return_parameters"]
        funded = self.fps.fund_prepaid(
            SenderTokenId=made["fundingTokenID"], PrepaidInstrumentId=made["prepaidInstrumentID"],
            FundingAmount="30.00",
        ).FundPrepaidResult
        self.assertEqual(self.finished(funded.TransactionId), "Success")
        instrument = {"PrepaidInstrumentId": made["prepaidInstrumentID"]}
        balance = self.fps.get_prepaid_balance(**instrument).GetPrepaidBalanceResult.PrepaidBalance
        self.assertEqual(balance.AvailableBalance.Value, Decimal("30"))
        paid = self.pay("12.00", SenderTokenId=made["prepaidSenderTokenID"])
        self.assertEqual(self.finished(paid.TransactionId), "Success")
        balance = self.fps.get_prepaid_balance(**instrument).GetPrepaidBalanceResult.PrepaidBalance
        self.assertEqual(balance.AvailableBalance.Value, Decimal("18"))
        liability = self.fps.get_total_prepaid_liability().GetTotalPrepaidLiabilityResult
        self.assertGreaterEqual(liability.OutstandingPrepaidLiability.OutstandingBalance.Value, Decimal("18"))

    def test_postpaid(self):
        made = click(
            "SetupPostpaid", callerReferenceSender=new_reference(), callerReferenceSettlement=new_reference(),
            creditLimit="50.00", globalAmountLimit="100.00",
        )["return_parameters"]
        instrument = {"CreditInstrumentId": made["creditInstrumentID"]}
        before = self.outstanding()
        self.fps.pay(SenderTokenId=made["creditSenderTokenID"], TransactionAmount="40.00")
        self.assertEqual(self.outstanding() - before, Decimal("40"))
        # This reader has no class for the answer, and flattens its two amounts into the last.
        self.assertEqual(self.fps.get_debt_balance(**instrument).GetDebtBalanceResult.CurrencyCode, "USD")
        settled = self.fps.settle_debt(
            SenderTokenId=made["settlementTokenID"], SettlementAmount="25.00", **instrument
        ).SettleDebtResult
        self.assertEqual(self.finished(settled.TransactionId), "Success")
        self.assertEqual(self.outstanding() - before, Decimal("15"))
        self.fps.write_off_debt(AdjustmentAmount="5.00", **instrument)
        self.assertEqual(self.outstanding() - before, Decimal("10"))

    def outstanding(self):
        result = self.fps.get_outstanding_debt_balance().GetOutstandingDebtBalanceResult
        return result.OutstandingDebt.OutstandingBalance.Value


class Subscriptions(Fps):
    def test_a_subscription(self):
        token = click(
            "Recurring", transactionAmount="5.00", recurringPeriod="1 Month", recipientToken=RECIPIENT
        )["token_id"]
        self.pay("5.00", SenderTokenId=token)
        self.fps.get_subscription_details(SubscriptionId=token)
        self.fps.get_transactions_for_subscription(SubscriptionId=token)
        self.fps.cancel_subscription_and_refund(SubscriptionId=token, RefundAmount="5.00", CancelReason="enough")
        with self.assertRaises(errors.ResponseError):
            self.pay("5.00", SenderTokenId=token)


class CoBrandedUi(Fps):
    def test_the_signed_url_opens_every_pipeline(self):
        own = {
            "SingleUse": {"transactionAmount": "1.00", "recipientToken": RECIPIENT},
            "MultiUse": {"globalAmountLimit": "10", "amountType": "Maximum", "transactionAmount": "5"},
            "Recurring": {"transactionAmount": "5.00", "recurringPeriod": "1 Month"},
            "Recipient": {"recipientPaysFee": "True", "maxFixedFee": "1.00", "maxVariableFee": "10"},
            "SetupPrepaid": {
                "callerReferenceSender": new_reference(), "callerReferenceFunding": new_reference(),
                "fundingAmount": "10",
            },
            "SetupPostpaid": {
                "callerReferenceSender": new_reference(), "callerReferenceSettlement": new_reference(),
                "creditLimit": "10", "globalAmountLimit": "20",
            },
            "EditToken": {"tokenId": single_use("1.00")},
        }
        for pipeline, parameters in own.items():
            with self.subTest(pipeline):
                url = self.fps.cbui_url(
                    returnURL=f"{SHOP.geturl()}/payments/return?order=7", pipelineName=pipeline,
                    callerReference=new_reference(), paymentReason="a song & more ~*", **parameters,
                )
                status, location = self.open(url)
                self.assertEqual(status, 303, f"{pipeline}: {location}")
                # On to the sign-in, not back to the shop with an error.
                self.assertNotIn("status=", location, f"{pipeline}: {location}")

    def test_a_changed_url_is_refused(self):
        url = self.fps.cbui_url(
            returnURL=f"{SHOP.geturl()}/payments/return", pipelineName="SingleUse", transactionAmount="1.00",
            recipientToken=RECIPIENT,
        )
        status, _ = self.open(url.replace("transactionAmount=1.00", "transactionAmount=0.01"))
        self.assertTrue(400 <= status < 500, status)

    def open(self, url):
        """What a browser gets that finds the historical host here; not followed."""
        asked = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection(PAYMENTS.hostname, PAYMENTS.port, timeout=10)
        connection.request("GET", f"{asked.path}?{asked.query}")
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, answer.getheader("location") or body[-2000:]


class Errors(Fps):
    def test_codes_become_classes(self):
        nobody = "X" * 64
        table = [
            (errors.InvalidTransactionId, lambda: self.fps.get_transaction_status(TransactionId="X" * 35)),
            (errors.InvalidTransactionId, lambda: self.fps.refund(
                TransactionId="X" * 35, RefundAmount="1.00", CallerReference=new_reference())),
            (errors.InvalidTokenId_Sender, lambda: self.pay("1.00", SenderTokenId=nobody)),
            (errors.InvalidParams, lambda: self.pay("-1", SenderTokenId=nobody)),
            (errors.AmountOutOfRange, lambda: self.pay("0.00", SenderTokenId=nobody)),
            (errors.IncompatibleTokens, lambda: self.pay("5.00", SenderTokenId=single_use("2.00"))),
        ]
        for expected, call in table:
            with self.subTest(expected.__name__), self.assertRaises(expected) as refused:
                call()
            self.assertEqual(refused.exception.status, 400)
            self.assertTrue(refused.exception.error_message)

    def test_a_wrong_secret(self):
        with self.assertRaises(errors.SignatureDoesNotMatch) as refused:
            connection(secret="another").get_transaction_status(TransactionId="X" * 35)
        self.assertEqual(refused.exception.status, 403)

    def test_an_unknown_key(self):
        with self.assertRaises(errors.InvalidClientTokenId):
            connection(key="NOBODY").get_transaction_status(TransactionId="X" * 35)

    def test_callers_are_isolated(self):
        paid = self.pay("1.00")
        other = connection("DDCALLER000000000002", "second-demo-secret")
        with self.assertRaises(errors.InvalidTransactionId):
            other.get_transaction_status(TransactionId=paid.TransactionId)


class Books(unittest.TestCase):
    def test_the_books_balance_after_all_of_it(self):
        self.assertEqual(Decimal(control("ledger")["sum"]), 0)


def main():
    python_2()
    started = time.monotonic()
    loader = unittest.TestLoader()
    cases = (Payments, Reading, Tokens, Aggregated, Subscriptions, CoBrandedUi, Errors, Books)
    suite = unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in cases)
    result = unittest.TextTestRunner(verbosity=2, stream=sys.stdout).run(suite)
    failed = len({test.id().split(" ")[0] for test, _ in result.failures + result.errors})
    print(f"  {result.testsRun - failed - len(result.skipped)} passed ({time.monotonic() - started:.1f}s)")
    if failed:
        print(f"  {failed} failed")
    if result.skipped:
        print(f"  {len(result.skipped)} skipped")
    sys.exit(0 if result.wasSuccessful() else 1)


if __name__ == "__main__":
    main()
