// Shows how a listing's price, or what a seller sends back, divides while it is typed, and how far an upload is. The server
// reckons the same.
function priceOf(text) {
  const bare = text.trim().replace(/^\$|\$$/, "").trim();
  const [, dollars, cents = ""] = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2})0*)?$/.exec(bare) ?? [];
  const micros = dollars && BigInt(dollars.replaceAll(",", "") + cents.padEnd(2, "0")) * 10000n;
  return micros && micros <= 10000000000n ? micros : null;
}

// Millionths of a dollar in whole cents: the first two parts of three that sum to the whole.
function inCents(whole, you, market) {
  const cents = (micros) => (micros + 5000n) / 10000n;
  const rest = whole / 10000n - cents(you);
  const second = cents(market) < rest ? cents(market) : rest;
  return { you: cents(you), marketplace: second, amazon: rest - second };
}

// Null where nothing would be left.
function split(price, [, fixed, variable, lowest, highest], rules) {
  const share = (percent) => (price * BigInt(percent) + 500000n) / 1000000n;
  // Where there is no rule Amazon takes nothing.
  const fits = ([below, percent]) => percent && (!below || price < BigInt(below));
  const [, percent, more, least] = rules.split(";").map((rule) => rule.split(",")).find(fits) ?? [0, 0, 0, 0];
  let market = share(variable) + BigInt(fixed);
  if (lowest && market < BigInt(lowest)) market = BigInt(lowest);
  if (highest && market > BigInt(highest)) market = BigInt(highest);
  const fee = share(percent) + BigInt(more);
  const you = price - market - (fee < BigInt(least) ? BigInt(least) : fee);
  return you <= 0n ? null : inCents(price, you, market);
}

// Who gives back how much: fees go back in proportion to all that went back by then.
function sharesOf(amount, { charged, before, marketplace, taken, amazon }, sellerAlone) {
  const part = (fee, back) => (fee * back + charged / 2n) / charged;
  const share = (fee) => part(fee, before + amount) - part(fee, before);
  const fee = share(marketplace) < taken ? share(marketplace) : taken;
  const market = sellerAlone ? 0n : fee;
  return inCents(amount, amount - market - share(amazon), market);
}

const words = (cents) => "$" + String(cents / 100n).replace(/\B(?=(\d{3})+$)/g, ",") + "." + String(cents % 100n).padStart(2, "0");

const show = (cells, parts) => {
  for (const cell of cells) cell.textContent = parts ? words(parts[cell.dataset.part]) : "—";
};

function showSplit(form) {
  const splits = form.querySelector(".splits");
  const price = priceOf(form.elements.price.value);
  const fees = splits.dataset.fees.split(";").map((fee) => fee.split(","));
  const fee = fees.find(([category]) => category && category === form.elements.category.value) ?? fees[0];
  let first;
  for (const row of splits.querySelectorAll("[data-rules]")) {
    const parts = price && split(price, fee, row.dataset.rules);
    show(row.querySelectorAll("[data-part]"), parts);
    first ??= parts && words(parts.you);
  }
  splits.querySelector("output").textContent = first ? `Paid with a card, you get ${first}.` : "Type a price to see what is left for you.";
}

// What is shown is what may be sent: an amount that cannot go back leaves what was shown before to the server.
function showShares(form) {
  const shares = form.querySelector(".shares");
  const facts = Object.fromEntries(Object.entries(shares.dataset).map(([name, micros]) => [name, BigInt(micros)]));
  const typed = priceOf(form.elements.amount.value);
  const amount = typed && typed <= facts.left ? typed : null;
  const policy = form.elements.policy.value;
  const parts = amount && sharesOf(amount, facts, policy === "seller_alone");
  show(shares.querySelectorAll("[data-part]"), parts && { ...parts, buyer: amount / 10000n });
  const says = form.querySelector("output");
  const { all, some, none } = says.dataset;
  says.textContent = amount ? `${words(amount / 10000n)} ${amount === facts.left ? all : some}` : none;
  if (!amount) return;
  form.elements.shown_amount.value = `${amount / 1000000n}.${String(amount % 1000000n).padStart(6, "0")}`;
  form.elements.shown_policy.value = policy;
}

function send(event) {
  const form = event.target;
  const files = [...form.elements].filter((field) => field.type === "file").flatMap((field) => [...field.files]);
  if (!files.length) return;
  event.preventDefault();
  const status = form.querySelector(".upload");
  const [bar, text] = [status.querySelector("progress"), status.querySelector("span")];
  status.hidden = false;
  const large = [...form.elements.file.files].find((file) => file.size > Number(form.dataset.largest));
  if (large) {
    text.textContent = `${large.name} is larger than ${form.dataset.largest / 1048576} MB. Choose a smaller one.`;
    return;
  }
  const busy = (on) => form.querySelectorAll("button").forEach((button) => (button.disabled = on));
  const request = new XMLHttpRequest();
  request.upload.onprogress = ({ loaded, total }) => {
    bar.value = (100 * loaded) / total;
    text.textContent = `${Math.floor(bar.value)} % sent`;
  };
  request.onerror = () => {
    text.textContent = "It did not arrive. Check the connection and press the button again.";
    busy(false);
  };
  request.onload = () => {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    document.title = page.title;
    document.body.replaceWith(page.body);
    history.replaceState(null, "", request.responseURL);
    scrollTo(0, 0);
    document.querySelector(".error-summary")?.focus();
    setUp();
  };
  request.open("POST", form.action);
  request.send(new FormData(form, event.submitter));
  busy(true);
}

function setUp() {
  const listing = document.querySelector(".listing-form");
  const refund = document.querySelector(".refund-form:has(.shares)");
  if (listing) {
    listing.querySelector(".show-split").hidden = true;
    listing.elements.price.addEventListener("input", () => showSplit(listing));
    listing.elements.category.addEventListener("change", () => showSplit(listing));
    listing.addEventListener("submit", send);
  }
  // Also what the browser has kept of an earlier visit.
  refund?.addEventListener("input", () => showShares(refund));
  if (refund) showShares(refund);
}

setUp();
