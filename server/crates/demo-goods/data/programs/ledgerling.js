/* Amounts are whole cents. */
let book = load("ledgerling", []);
const KINDS = { cash: "has", bank: "has", card: "owes", rent: "costs", food: "costs", travel: "costs", tools: "costs", other: "costs", wages: "earns", sales: "earns", opening: "begin" };
const cents = text => { const m = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(text.trim()); return m ? +m[1] * 100 + +(m[2] || "0").padEnd(2, "0") : null; };
const money = c => `${c < 0 ? "−" : ""}${Math.floor(Math.abs(c) / 100)}.${String(Math.abs(c) % 100).padStart(2, "0")}`;
const options = Object.keys(KINDS).map(k => `<option>${k}</option>`).join("");
main.innerHTML = `<form id="f"><label>Day<input id="day" type="date" required></label><label>What<input id="what" required maxlength="80"></label><label>Amount<input id="amount" inputmode="decimal" required size="9"></label><label>From<select id="from">${options}</select></label><label>To<select id="to">${options}</select></label><button>Enter</button></form><p id="say" role="status"></p><h2>What it comes to</h2><div id="sums"></div><h2>The book</h2><div id="book"></div><p class="tools"><button id="out">Save as CSV</button> <button id="undo">Take back the last</button></p>`;
const $ = id => document.getElementById(id);
$("day").value = today(); $("from").value = "bank"; $("to").value = "food";
$("f").onsubmit = e => {
  e.preventDefault();
  const amount = cents($("amount").value);
  if (amount === null || amount === 0) return say("An amount is digits and at most two after the point, like 12.50.", true);
  if ($("from").value === $("to").value) return say(`Money that goes from ${$("from").value} to ${$("to").value} has not moved.`, true);
  if (KINDS[$("to").value] === "earns") return say(`“${$("to").value}” is where money comes from. Put it on the left.`, true);
  if (KINDS[$("from").value] === "costs" && KINDS[$("to").value] === "costs") return say("Between two costs no money moves. Is one of them cash or bank?", true);
  book.push({ day: $("day").value, what: $("what").value.trim(), amount, from: $("from").value, to: $("to").value });
  book.sort((a, b) => a.day < b.day ? -1 : a.day > b.day ? 1 : 0); save("ledgerling", book); $("what").value = $("amount").value = ""; say("Entered."); draw();
};
function say(text, bad) { $("say").textContent = text; $("say").className = bad ? "bad" : ""; }
function draw() {
  const sums = Object.fromEntries(Object.keys(KINDS).map(k => [k, 0]));
  for (const e of book) { sums[e.from] -= e.amount; sums[e.to] += e.amount; }
  const rows = Object.entries(sums).filter(([k]) => book.some(e => e.from === k || e.to === k));
  $("sums").innerHTML = `<table><tr><th>Account<th>Kind<th class=n>Balance</tr>${rows.map(([k, v]) => `<tr><td>${k}<td>${KINDS[k]}<td class=n>${money(v)}`).join("")}<tr><th>All together<td><td class=n>${money(rows.reduce((s, [, v]) => s + v, 0))}</table>`;
  if (sums.cash < 0) say(`The cash box holds ${money(sums.cash)}. Something that came in is not in the book.`, true);
  const table = el("table"); table.innerHTML = "<tr><th>Day<th>What<th>From<th>To<th class=n>Amount</tr>";
  for (const e of [...book].reverse()) { const tr = el("tr"); [e.day, e.what, e.from, e.to].forEach(t => tr.append(el("td", t))); tr.append(el("td", money(e.amount), { className: "n" })); table.append(tr); }
  $("book").replaceChildren(table);
}
$("out").onclick = () => download("ledgerling.csv", csv([["day", "what", "from", "to", "amount"], ...book.map(e => [e.day, e.what, e.from, e.to, money(e.amount).replace("−", "-")])]));
$("undo").onclick = () => { const e = book.pop(); save("ledgerling", book); say(e ? `“${e.what}” is out again.` : "The book is empty."); draw(); };
draw();
