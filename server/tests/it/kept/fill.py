"""Makes a data directory to keep: fills a program's databases with things of every kind, and writes down what it says.

    fill.py PROGRAM FOLDER [SHOP_DATABASE_URL PAYMENTS_DATABASE_URL]

The program is started twice: at the second start cards and bank accounts stay pending, so that something is under
way when it ends. FOLDER gets the data directory and expected.json. See README.md for what becomes of them.
"""
import atexit, base64, datetime, hashlib, hmac, html, http.cookiejar, json, os, re, signal, sqlite3, subprocess, sys
import urllib.error, urllib.parse, urllib.request

PROGRAM, FOLDER, DATABASES = sys.argv[1], sys.argv[2], sys.argv[3:]
FIRST = ("DDCALLER000000000001", "digitaldownload-demo-secret")
SECOND = ("DDCALLER000000000002", "second-demo-secret")
JOHN, JANE, MERCHANT = "john@example.com", "jane@example.com", "merchant@example.com"
references = iter(range(1, 1000))


class Running:
    def __init__(self, processor_delay):
        command = [PROGRAM, "serve", "--data-dir", FOLDER + "/data", "--shop-addr", "127.0.0.1:0"]
        command += ["--payments-addr", "127.0.0.1:0", "--processor-delay-ms", str(processor_delay)]
        for flag, url in zip(["--shop-database-url", "--payments-database-url"], DATABASES):
            command += [flag, url]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        lines = [self.process.stdout.readline().split() for _ in range(3)]
        atexit.register(self.process.kill)
        self.shop, self.payments = lines[0][1], lines[1][1]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait() == 0

    def control(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.payments + "/_control/" + path, data, {"content-type": "application/json"})
        return json.load(urllib.request.urlopen(request))

    def call(self, caller, action, **fields):
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        common = {"Action": action, "AWSAccessKeyId": caller[0], "SignatureVersion": "2", "Timestamp": now}
        common |= {"SignatureMethod": "HmacSHA256", "Version": "2010-08-28"}
        quote = lambda text: urllib.parse.quote(str(text), safe="-_.~")
        fields = common | {name.replace("__", "."): value for name, value in fields.items()}
        query = "&".join(quote(name) + "=" + quote(fields[name]) for name in sorted(fields))
        to_sign = f"GET\n{urllib.parse.urlparse(self.payments).netloc}\n/\n{query}"
        digest = base64.b64encode(hmac.new(caller[1].encode(), to_sign.encode(), hashlib.sha256).digest()).decode()
        try:
            return urllib.request.urlopen(self.payments + "/?" + query + "&Signature=" + quote(digest)).read().decode()
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{action}: {error.read().decode()}")


def reference():
    return f"kept-{next(references)}"


def money(name, value):
    return {f"{name}__CurrencyCode": "USD", f"{name}__Value": value}


def element(xml, name):
    return re.search(f"<{name}>([^<]*)</{name}>", xml).group(1)


def token(at, pipeline, account=JOHN, method="ABT", **parameters):
    asked = {"access_key": SECOND[0], "pipeline": pipeline, "account": account, "payment_method": method}
    if pipeline not in ("SetupPrepaid", "SetupPostpaid"):
        asked["caller_reference"] = reference()
    return at.control("tokens", asked | {"parameters": parameters})


def pay(at, action, sender, recipient, value, **more):
    fields = {"SenderTokenId": sender, "CallerReference": reference()} | money("TransactionAmount", value) | more
    if recipient:
        fields["RecipientTokenId"] = recipient
    return element(at.call(SECOND, action, **fields), "TransactionId")


def second_callers_payments(at):
    """Payments of every kind through the API."""
    recipient = token(at, "Recipient", MERCHANT, recipientPaysFee="True", maxFixedFee="1.00", maxVariableFee="20")["token_id"]
    single = lambda method, **more: token(at, "SingleUse", JOHN, method, transactionAmount="10.00", **more)["token_id"]
    fee = {"MarketplaceVariableFee": "5"}
    for method in ("ABT", "CC", "ACH"):
        paid = pay(at, "Pay", single(method), recipient, "10.00", **fee)
        reserved = [pay(at, "Reserve", single(method, reserve="True"), recipient, "10.00", **fee) for _ in range(4)]
        at.control("clock", {"advance_seconds": 2})
        at.call(SECOND, "Settle", ReserveTransactionId=reserved[0])
        at.call(SECOND, "Settle", ReserveTransactionId=reserved[1], **money("TransactionAmount", "4.00"))
        at.call(SECOND, "Cancel", TransactionId=reserved[2])
        at.control("clock", {"advance_seconds": 2})
        part = {"TransactionId": paid, "CallerReference": reference()} | money("RefundAmount", "3.00")
        at.call(SECOND, "Refund", **part)
        at.call(SECOND, "Refund", TransactionId=paid, CallerReference=reference(), MarketplaceRefundPolicy="MasterAndMarketplaceTxn")
    prepaid = token(at, "SetupPrepaid", callerReferenceSender=reference(), callerReferenceFunding=reference(), fundingAmount="20.00")
    prepaid = prepaid["return_parameters"]
    at.call(SECOND, "FundPrepaid", SenderTokenId=prepaid["fundingTokenID"], PrepaidInstrumentId=prepaid["prepaidInstrumentID"],
            CallerReference=reference(), **money("FundingAmount", "20.00"))
    pay(at, "Pay", prepaid["prepaidSenderTokenID"], recipient, "5.00")
    debt = token(at, "SetupPostpaid", method="CC", callerReferenceSender=reference(), callerReferenceSettlement=reference(),
                 creditLimit="50.00", globalAmountLimit="50.00")["return_parameters"]
    pay(at, "Pay", debt["creditSenderTokenID"], None, "9.00")
    at.control("clock", {"advance_seconds": 2})
    owed = {"CreditInstrumentId": debt["creditInstrumentID"]}
    at.call(SECOND, "SettleDebt", SenderTokenId=debt["settlementTokenID"], CallerReference=reference(),
            **owed, **money("SettlementAmount", "3.00"))
    at.call(SECOND, "WriteOffDebt", CallerReference=reference(), **owed, **money("AdjustmentAmount", "2.00"))
    many = token(at, "MultiUse", JOHN, "CC", globalAmountLimit="100.00", amountType="Maximum", transactionAmount="20.00")
    pay(at, "Pay", many["token_id"], recipient, "7.00")
    monthly = token(at, "Recurring", transactionAmount="5.00", recurringPeriod="1 Month")
    pay(at, "Pay", monthly["token_id"], recipient, "5.00")
    # Its notification stays in the outbox: nobody listens there.
    pay(at, "Pay", single("ABT"), recipient, "10.00", OverrideIPNURL="http://127.0.0.1:9/ipn")
    return {"recipient_token": recipient, "multi_use_token": many["token_id"], "subscription": monthly["token_id"],
            "prepaid": prepaid["prepaidInstrumentID"], "debt": debt["creditInstrumentID"], "return": many["return_parameters"]}


class Browser:
    def __init__(self, at):
        self.at = at
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def go(self, url, fields=None, body=None, kind=None):
        data = body if fields is None else urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(url, data)
        if data is not None:
            request.add_header("Sec-Fetch-Site", "same-origin")
            if kind:
                request.add_header("content-type", kind)
        answer = self.opener.open(request)
        self.url, self.text = answer.geturl(), answer.read().decode("utf8", "replace")

    def press(self, word, **typed):
        """Sends the page's form that has a button with this word."""
        for attributes, content in re.findall(r"<form([^>]*)>(.*?)</form>", self.text, re.S):
            buttons = re.findall(r"<button[^>]*>(.*?)</button>", content, re.S)
            if not any(word in re.sub("<[^>]+>", "", button) for button in buttons):
                continue
            fields = {}
            for tag in re.findall(r"<input([^>]*)>", content):
                has = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
                radio = has.get("type") in ("radio", "checkbox")
                if "name" in has and (not radio or " checked" in tag or has["name"] not in fields):
                    fields[has["name"]] = html.unescape(has.get("value", ""))
            action = re.search(r'action="([^"]*)"', attributes)
            target = html.unescape(action.group(1)) if action else self.url
            return self.go(urllib.parse.urljoin(self.url, target), fields | typed)
        raise SystemExit(f"no button {word} at {self.url}")

    def sign_in(self, email):
        self.go(self.at.shop + "/sign-in")
        self.press("Sign in", email=email, password="digitaldownload")
        self.email = email
        return self

    def checkout(self, slug):
        """As far as Amazon's sign-in or its first page."""
        self.go(self.at.shop + "/checkout/" + slug)
        fields = dict(ship_line1="12 Elm Street", ship_city="Portland", ship_zip="97201") if "ship_line1" in self.text else {}
        word = "Download Now" if ">Download Now<" in self.text else "Continue"
        self.press(word, payment_method="amazon-payments", **fields)

    def buy(self, slug, instrument):
        self.checkout(slug)
        if "/sign-in" in self.url:
            self.press("Sign in", email=self.email, password="amazonpayments")
        row = next(part for part in self.text.split("<input")[1:] if instrument in part and "radio" in part)
        self.press("Continue", instrument=re.search('value="([^"]+)"', row).group(1))
        self.press("Confirm")
        assert self.url.endswith("/thank-you"), self.url
        return self.url.removesuffix("/thank-you")

    def order(self, url, step):
        self.go(url + "/" + step, {})


def shop_orders(at):
    john, jane = Browser(at).sign_in(JOHN), Browser(at).sign_in(JANE)
    merchant = Browser(at).sign_in(MERCHANT)
    merchant.go(at.shop + "/sell/items/new")
    listing = dict(title="Kept Notes", creator="Martha Reyes", description="A page of notes.", price="2.50", licence="",
                   delivery="instant", kind="digital", category=re.search('<option[^>]*value="([^"]+)"', merchant.text).group(1))
    part = "--part\r\ncontent-disposition: form-data; name=\"{}\"{}\r\n\r\n{}\r\n"
    body = "".join(part.format(name, "", value) for name, value in listing.items())
    body += part.format("file", '; filename="kept-notes.txt"', "These notes were uploaded and kept.\n") + "--part--\r\n"
    merchant.go(merchant.url, body=body.encode(), kind="multipart/form-data; boundary=part")
    listed = merchant.url.split("/")[-1]
    assert merchant.url.split("/")[-2] == "items", merchant.text
    balance, card = "Account balance", "ending in"
    john.buy("now-and-forever", balance)
    uploaded = john.buy(listed, balance)
    reserved = john.buy("session-masters", balance)
    john.order(john.buy("portrait-of-your-room", balance), "cancel")
    shipped = john.buy("harbour-lights-lp", balance)
    merchant.order(shipped, "fulfil")
    jane.buy("now-and-forever", card)
    at.control("clock", {"advance_seconds": 2})
    jane.order(jane.url.removesuffix("/thank-you"), "refund")
    asked = john.buy("paper-moons", balance)
    jane.checkout("counting-lamps")
    jane.press("Cancel")
    jane.checkout("slow-ferry")
    to_sign_up = Browser(at)
    to_sign_up.go(at.shop + "/sign-up")
    to_sign_up.press("Sign up", name="Ann Kept", email="ann@kept.test", password="a password that is kept")
    return {"reserved": reserved, "uploaded": uploaded, "asked": asked}


def rows(database, sql):
    if DATABASES:
        url = dict(zip(["shop", "payments"], DATABASES))[database]
        address, _, path = url.partition("?options=-csearch_path%3D")
        sql = f"set search_path to {path}; select coalesce(json_agg(t), '[]') from ({sql}) t"
        return json.loads(subprocess.check_output(["psql", "-qAtc", sql, address], text=True))
    connection = sqlite3.connect(f"file:{FOLDER}/data/{database}.db?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    return [dict(row) for row in connection.execute(sql)]


def last_path(url):
    return urllib.parse.urlparse(url).path


def main():
    at = Running(0)
    things = second_callers_payments(at)
    orders = shop_orders(at)
    transaction = rows("shop", f"SELECT transaction_id FROM orders WHERE id = '{orders['asked'].split('/')[-1]}'")[0]["transaction_id"]
    buyer = Browser(at)
    buyer.go(at.payments + "/account/sign-in")
    buyer.press("Sign in", email=JOHN, password="amazonpayments")
    buyer.go(f"{at.payments}/account/transactions/{transaction}")
    buyer.press("Ask for a refund", amount="0.50", reason="The last song stops half way.")
    at.control("clock", {"advance_seconds": 2})
    at.stop()

    at = Running(60_000)
    jane = Browser(at).sign_in(JANE)
    pending_order = jane.buy("tin-roof-weather", "ending in")
    sender = token(at, "SingleUse", JOHN, "CC", transactionAmount="10.00")["token_id"]
    pay(at, "Pay", sender, things["recipient_token"], "10.00")
    sender = token(at, "SingleUse", JOHN, "ACH", transactionAmount="10.00", reserve="True")["token_id"]
    pay(at, "Reserve", sender, things["recipient_token"], "10.00")

    callers = dict([FIRST, SECOND])
    transactions = []
    for row in rows("payments", "SELECT id, access_key FROM transactions ORDER BY received_at, id"):
        answer = at.call((row["access_key"], callers[row["access_key"]]), "GetTransaction", TransactionId=row["id"])
        leaves = re.findall(r"<(\w+)>([^<]*)</\1>", answer.split("<ResponseMetadata>")[0])
        transactions.append(row | {"says": leaves})
    found = rows("shop", "SELECT o.id, u.email AS buyer, o.title, o.price, o.state FROM orders o JOIN users u"
                         " ON u.id = o.buyer_id ORDER BY o.created_at, o.id")
    people = {email: Browser(at).sign_in(email) for email in (JOHN, JANE)}
    for order in found:
        people[order["buyer"]].go(f"{at.shop}/orders/{order['id']}")
        badge = re.search('<p class="order-status">(.*?)</p>', people[order["buyer"]].text, re.S).group(1)
        order["badge"] = html.unescape(re.sub("<[^>]+>", "", badge)).strip()
    certificate = things.pop("return")["certificateUrl"]
    certificate = urllib.request.urlopen(at.payments + last_path(certificate)).read().decode()
    expected = {
        "now": at.control("clock")["now"], "certificate": certificate, "ledger": at.control("ledger"), "things": things,
        "orders": {name: last_path(url) for name, url in (orders | {"pending": pending_order}).items()},
        "transactions": transactions, "all_orders": found,
    }
    at.stop()
    with open(FOLDER + "/expected.json", "w") as file:
        json.dump(expected, file, indent=1, sort_keys=True)
    print(len(transactions), "transactions,", len(found), "orders")


main()
