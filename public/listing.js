// Shows how a listing's price divides while it is typed, and how far its upload is. The server reckons the same.
function priceOf(text) {
  const bare = text.trim().replace(/^\$|\$$/, "").trim();
  const [, dollars, cents = ""] = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2})0*)?$/.exec(bare) ?? [];
  const micros = dollars && BigInt(dollars.replaceAll(",", "") + cents.padEnd(2, "0")) * 10000n;
  return micros && micros <= 10000000000n ? micros : null;
}

// In cents that sum to the price; null where nothing would be left.
function split(price, [, fixed, variable, lowest, highest], rules) {
  const share = (percent) => (price * BigInt(percent) + 500000n) / 1000000n;
  const [, percent, more, least] = rules.split(";").map((rule) => rule.split(",")).find(([below]) => !below || price < BigInt(below));
  let market = share(variable) + BigInt(fixed);
  if (lowest && market < BigInt(lowest)) market = BigInt(lowest);
  if (highest && market > BigInt(highest)) market = BigInt(highest);
  const fee = share(percent) + BigInt(more);
  const you = price - market - (fee < BigInt(least) ? BigInt(least) : fee);
  if (you <= 0n) return null;
  const cents = (micros) => (micros + 5000n) / 10000n;
  const rest = price / 10000n - cents(you);
  const second = cents(market) < rest ? cents(market) : rest;
  return { you: cents(you), marketplace: second, amazon: rest - second };
}

const words = (cents) => "$" + String(cents / 100n).replace(/\B(?=(\d{3})+$)/g, ",") + "." + String(cents % 100n).padStart(2, "0");

function showSplit(form) {
  const splits = form.querySelector(".splits");
  const price = priceOf(form.elements.price.value);
  const fees = splits.dataset.fees.split(";").map((fee) => fee.split(","));
  const fee = fees.find(([category]) => category && category === form.elements.category.value) ?? fees[0];
  let first;
  for (const row of splits.querySelectorAll("[data-rules]")) {
    const parts = price && split(price, fee, row.dataset.rules);
    for (const cell of row.querySelectorAll("[data-part]")) cell.textContent = parts ? words(parts[cell.dataset.part]) : "—";
    first ??= parts && words(parts.you);
  }
  splits.querySelector("output").textContent = first ? `Paid with a card, you get ${first}.` : "Type a price to see what is left for you.";
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
  const form = document.querySelector(".listing-form");
  if (!form) return;
  form.querySelector(".show-split").hidden = true;
  form.elements.price.addEventListener("input", () => showSplit(form));
  form.elements.category.addEventListener("change", () => showSplit(form));
  form.addEventListener("submit", send);
}

setUp();
