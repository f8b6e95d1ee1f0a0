main.innerHTML = `<form><label>Letters<input id="a" type="color" value="#1c2124"></label><label>Paper<input id="b" type="color" value="#fbfaf7"></label><button type="button" id="swap">Swap</button><button type="button" id="near">Nearest that reads</button></form><p class="big" id="ratio" role="status"></p><table id="t"></table><div id="show" style="padding:1.5rem;border:1px solid var(--line)"><p style="font-size:1rem">Small text, as most of a page is: the quick brown fox jumps over the lazy dog.</p><p style="font-size:1.5rem;font-weight:700">Large text, as headings are.</p></div>`;
const $ = id => document.getElementById(id);
const parts = hex => [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));
const light = hex => { const [r, g, b] = parts(hex).map(v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + .05) / (y + .05); };
function draw() {
  const r = ratio($("a").value, $("b").value);
  $("ratio").textContent = `${r.toFixed(2)} to 1`;
  $("t").innerHTML = [["Text, AA", 4.5], ["Text, AAA", 7], ["Large text, AA", 3], ["Large text, AAA", 4.5], ["Borders and signs, AA", 3]].map(([n, least]) => `<tr><td>${n}<td class=n>${least} : 1<td class="${r >= least ? "" : "bad"}">${r >= least ? "reads" : "does not read"}`).join("");
  $("show").style.color = $("a").value; $("show").style.background = $("b").value;
}
$("swap").onclick = () => { [$("a").value, $("b").value] = [$("b").value, $("a").value]; draw(); };
$("near").onclick = () => {
  const from = parts($("a").value), toward = light($("b").value) > .18 ? 0 : 255;
  for (let k = 0; k <= 100; k++) { const hex = "#" + from.map(v => Math.round(v + (toward - v) * k / 100).toString(16).padStart(2, "0")).join(""); if (ratio(hex, $("b").value) >= 4.5) { $("a").value = hex; break; } }
  draw();
};
$("a").oninput = $("b").oninput = draw; draw();
