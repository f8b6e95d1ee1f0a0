let tallies = load("tallymark", [{ name: "Cups of coffee", days: {} }]);
main.innerHTML = `<form id="f"><label>Count something new<input id="name" required maxlength="60"></label><button>Add</button></form>
<div id="list"></div><p class="tools"><button id="out">Save as CSV</button></p><h2 id="h">This month</h2><div id="chart"></div>`;
const total = t => Object.values(t.days).reduce((a, b) => a + b, 0);
function count(i, by) { const d = tallies[i].days, k = today(); d[k] = Math.max(0, (d[k] || 0) + by); save("tallymark", tallies); draw(); }
function draw() {
  const list = document.getElementById("list"); list.replaceChildren();
  tallies.forEach((t, i) => {
    const p = el("p"), more = el("button", `+1 (key ${i + 1})`, { onclick: () => count(i, 1) }), less = el("button", "−1", { onclick: () => count(i, -1) });
    const gone = el("button", "Remove", { onclick: () => { if (confirm(`Remove “${t.name}” and its ${total(t)} marks?`)) { tallies.splice(i, 1); save("tallymark", tallies); draw(); } } });
    p.append(el("strong", t.name), ` today `, el("span", t.days[today()] || 0, { className: "big" }), ` of ${total(t)} `, more, " ", less, " ", gone); list.append(p);
  });
  const month = today().slice(0, 7), days = [...Array(31).keys()].map(d => `${month}-${String(d + 1).padStart(2, "0")}`);
  const most = Math.max(1, ...tallies.flatMap(t => days.map(d => t.days[d] || 0)));
  document.getElementById("chart").innerHTML = tallies.map(t => `<figure><figcaption></figcaption><svg viewBox="0 0 310 60" role="img">${days.map((d, i) => { const h = 50 * (t.days[d] || 0) / most; return `<rect x="${i * 10 + 1}" y="${55 - h}" width="8" height="${h}" fill="var(--mark)"/>`; }).join("")}<path d="M0 55.5H310" stroke="var(--line)"/></svg></figure>`).join("");
  document.querySelectorAll("figcaption").forEach((c, i) => { c.textContent = `${tallies[i].name}: ${days.reduce((s, d) => s + (tallies[i].days[d] || 0), 0)} in ${month}`; });
}
document.getElementById("f").onsubmit = e => { e.preventDefault(); const n = document.getElementById("name"); tallies.push({ name: n.value.trim() || "Unnamed", days: {} }); n.value = ""; save("tallymark", tallies); draw(); };
document.getElementById("out").onclick = () => download("tallymark.csv", csv([["what", "day", "count"], ...tallies.flatMap(t => Object.entries(t.days).map(([d, n]) => [t.name, d, n]))]));
addEventListener("keydown", e => { if (!/input/i.test(e.target.tagName) && tallies[e.key - 1]) count(e.key - 1, 1); });
draw();
