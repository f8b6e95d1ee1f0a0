let bill = load("plain-invoice", { from: "", to: "", number: "1", day: today(), tax: "0", lines: [["", "1", ""]] });
const cents = t => { const m = /^(\d{1,8})(?:[.,](\d{1,2}))?$/.exec(String(t).trim()); return m ? +m[1] * 100 + +(m[2] || "").padEnd(2, "0") : 0; };
const money = c => `${Math.floor(c / 100)}.${String(c % 100).padStart(2, "0")}`;
main.innerHTML = `<form style="align-items:start"><label>From<textarea id="from" rows="4" cols="30"></textarea></label><label>To<textarea id="to" rows="4" cols="30"></textarea></label><label>Number<input id="number" size="8"></label><label>Day<input id="day" type="date"></label><label>Tax, per cent<input id="tax" size="5" inputmode="decimal"></label></form><table id="t"></table><p class="tools"><button id="more">One more line</button> <button id="print">Print, or save as PDF</button> <button id="next">Next invoice</button></p><div id="paper"></div>`;
const $ = id => document.getElementById(id);
["from", "to", "number", "day", "tax"].forEach(k => { $(k).value = bill[k]; $(k).oninput = () => { bill[k] = $(k).value; draw(); }; });
function lines() {
  $("t").innerHTML = "<tr><th>What<th>How many<th>Each</tr>";
  bill.lines.forEach((line, i) => { const tr = el("tr"); line.forEach((v, k) => { const td = el("td"), input = el("input", "", { value: v, size: k ? 8 : 36, ariaLabel: ["What", "How many", "Each"][k] + ` ${i + 1}` }); input.oninput = () => { bill.lines[i][k] = input.value; draw(); }; td.append(input); tr.append(td); }); $("t").append(tr); });
}
function draw() {
  save("plain-invoice", bill);
  const sums = bill.lines.map(([, n, each]) => Math.round((Number(String(n).replace(",", ".")) || 0) * cents(each))), net = sums.reduce((a, b) => a + b, 0), tax = Math.round(net * (Number(String(bill.tax).replace(",", ".")) || 0) / 100);
  const paper = $("paper"); paper.replaceChildren(el("h2", `Invoice ${bill.number}`), el("p", bill.from, { style: "white-space:pre-line" }), el("p", `To\n${bill.to}`, { style: "white-space:pre-line" }), el("p", bill.day));
  const table = el("table"); const row = (...c) => { const tr = el("tr"); c.forEach((v, k) => tr.append(el("td", v, { className: k ? "n" : "" }))); table.append(tr); };
  bill.lines.forEach(([what, n, each], i) => what && row(what, n, money(cents(each)), money(sums[i])));
  row("Net", "", "", money(net)); if (tax) row(`Tax ${bill.tax} %`, "", "", money(tax)); row("To pay", "", "", money(net + tax)); paper.append(table);
}
$("more").onclick = () => { bill.lines.push(["", "1", ""]); lines(); draw(); };
$("print").onclick = () => print();
$("next").onclick = () => { bill.number = String((parseInt(bill.number, 10) || 0) + 1); bill.day = today(); bill.lines = [["", "1", ""]]; $("number").value = bill.number; $("day").value = bill.day; lines(); draw(); };
lines(); draw();
