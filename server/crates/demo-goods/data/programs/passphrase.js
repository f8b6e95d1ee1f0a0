/* Words from syllables that are easy to say: 32 × 16 × 16 makes 8192, thirteen bits each. */
const A = "ba be bi bo bu da de di do du fa fe fi fo ga go ka ke ki ko la le li lo ma me mi mo na ne no pa".split(" ");
const B = "ra ro ri ta to ti sa so si va vi vo za zo nu mu".split(" "), C = "l n r s t m k d ve ne la ro st nt mp x".split(" ");
const pick = list => list[crypto.getRandomValues(new Uint32Array(1))[0] % list.length];
main.innerHTML = `<form id="f"><label>Words<select id="n">${[4, 5, 6, 7, 8].map(n => `<option ${n === 6 ? "selected" : ""}>${n}</option>`).join("")}</select></label><label>Between them<select id="s"><option value="-">hyphen</option><option value=" ">space</option><option value=".">point</option></select></label><label>As well<select id="x"><option value="">nothing</option><option value="n">a number</option><option value="N">a number and a capital</option></select></label><button>Another</button></form><p class="big" id="out" role="status" style="overflow-wrap:anywhere"></p><p id="bits"></p>`;
const $ = id => document.getElementById(id);
function make() {
  let words = Array.from({ length: +$("n").value }, () => pick(A) + pick(B) + pick(C));
  if ($("x").value === "N") words[0] = words[0][0].toUpperCase() + words[0].slice(1);
  if ($("x").value) words.push(String(10 + crypto.getRandomValues(new Uint32Array(1))[0] % 90));
  $("out").textContent = words.join($("s").value);
  const bits = 13 * $("n").value + ($("x").value ? 6.5 : 0);
  const years = 2 ** (bits - 1) / 1e10 / 31557600;
  $("bits").textContent = `${bits} bits: at ten thousand million guesses a second, ${years < 1 ? "less than a year" : years > 1e9 ? "longer than there is a sun" : `about ${Math.round(years).toLocaleString("en")} years`} on average.`;
}
$("f").onsubmit = e => { e.preventDefault(); make(); }; ["n", "s", "x"].forEach(i => { $(i).oninput = make; }); make();
