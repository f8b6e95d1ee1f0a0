const UNITS = {
  Length: { mm: .001, cm: .01, m: 1, km: 1000, inch: .0254, foot: .3048, yard: .9144, mile: 1609.344, "nautical mile": 1852, point: .0254 / 72, pica: .0254 / 6 },
  Weight: { g: 1, kg: 1000, ounce: 28.349523125, pound: 453.59237, stone: 6350.29318, grain: .06479891 },
  Volume: { ml: 1, l: 1000, teaspoon: 5, tablespoon: 15, "cup (US)": 236.5882365, "pint (UK)": 568.26125, "pint (US)": 473.176473, "gallon (UK)": 4546.09, "gallon (US)": 3785.411784 },
  Area: { "m²": 1, hectare: 1e4, acre: 4046.8564224, "square foot": .09290304, "A4 sheet": .06237 },
  Speed: { "m/s": 1, "km/h": 1 / 3.6, mph: .44704, knot: 1852 / 3600 },
};
main.innerHTML = `<form><label>How much<input id="n" value="1" inputmode="decimal"></label><label>Of<select id="u">${Object.entries(UNITS).map(([k, u]) => `<optgroup label="${k}">${Object.keys(u).map(x => `<option>${x}</option>`).join("")}</optgroup>`).join("")}<optgroup label="Heat"><option>°C</option><option>°F</option><option>gas mark</option></optgroup></select></label></form><div id="out"></div>`;
const n = document.getElementById("n"), u = document.getElementById("u"), out = document.getElementById("out");
const show = v => Math.abs(v) >= 1e7 || (v && Math.abs(v) < 1e-4) ? v.toExponential(4) : String(+v.toPrecision(6));
function draw() {
  const value = Number(n.value.replace(",", "."));
  if (!n.value.trim() || Number.isNaN(value)) { out.textContent = "A number, with a point or a comma."; return; }
  let rows;
  if (["°C", "°F", "gas mark"].includes(u.value)) {
    const c = u.value === "°C" ? value : u.value === "°F" ? (value - 32) / 1.8 : value * 14 + 121;
    rows = [["°C", c], ["°F", c * 1.8 + 32], ["gas mark", (c - 121) / 14], ["K", c + 273.15]];
  } else {
    const kind = Object.values(UNITS).find(k => u.value in k);
    rows = Object.entries(kind).map(([name, size]) => [name, value * kind[u.value] / size]);
  }
  out.innerHTML = `<table>${rows.map(([name, v]) => `<tr><td class=n>${show(v)}<td>${name}`).join("")}</table>`;
}
n.oninput = u.oninput = draw; document.querySelector("form").onsubmit = e => e.preventDefault(); draw();
