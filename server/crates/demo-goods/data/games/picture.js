/* Numbers at the edge say how long the runs are; each picture follows from them alone. */
let level = 1, n, want, marks, cells, rows, cols;
const runs = line => { const list = line.join("").split("0").map(s => s.length).filter(Boolean); return list.length ? list : [0]; };
function fits(clue, line) {
  /* What all ways to lay the runs have in common; -1 is not known yet. */
  const found = [];
  (function lay(k, at, soFar) {
    if (k === clue.length || clue[0] === 0) { const full = [...soFar, ...Array(n - soFar.length).fill(0)]; if (full.every((v, i) => line[i] < 0 || line[i] === v)) found.push(full); return; }
    const rest = clue.slice(k).reduce((a, b) => a + b, 0) + clue.length - k - 1;
    for (let p = at; p + rest <= n; p++) { const next = [...soFar, ...Array(p - soFar.length).fill(0), ...Array(clue[k]).fill(1)]; if (k < clue.length - 1) next.push(0); if (next.every((v, i) => line[i] < 0 || line[i] === v)) lay(k + 1, next.length, next); }
  })(0, 0, []);
  return found.length ? line.map((_, i) => found.every(f => f[i] === found[0][i]) ? found[0][i] : -1) : null;
}
function follows(rows, cols) {
  const net = Array.from({ length: n }, () => Array(n).fill(-1));
  for (let changed = true; changed;) {
    changed = false;
    for (let k = 0; k < n; k++) {
      const row = fits(rows[k], net[k]); if (!row) return false;
      row.forEach((v, i) => { if (v !== net[k][i]) { net[k][i] = v; changed = true; } });
      const col = fits(cols[k], net.map(r => r[k])); if (!col) return false;
      col.forEach((v, i) => { if (v !== net[i][k]) { net[i][k] = v; changed = true; } });
    }
  }
  return net.every(r => r.every(v => v >= 0));
}
function start() {
  const roll = dice(SETTINGS.seed * 313 + level); n = Math.min(5 + Math.floor((level - 1) / 3), 10);
  do {
    want = Array.from({ length: n }, () => Array(n).fill(0));
    const half = Math.ceil(n / 2);
    for (let k = 0; k < n * n * .2; k++) { let x = below(roll, half), y = below(roll, n); const dx = below(roll, 2), len = 1 + below(roll, 3); for (let s = 0; s < len; s++) { const a = x + (dx ? s : 0), b = y + (dx ? 0 : s); if (a < half && b < n) want[b][a] = want[b][n - 1 - a] = 1; } }
    rows = want.map(runs); cols = want[0].map((_, x) => runs(want.map(r => r[x])));
  } while (!follows(rows, cols));
  marks = Array(n * n).fill(0); build(); say(`Picture ${level}. A press fills, another crosses out.`);
}
function build() {
  const all = net(n + 1, n + 1, i => { const x = i % (n + 1) - 1, y = Math.floor(i / (n + 1)) - 1; if (x >= 0 && y >= 0) { const at = y * n + x; marks[at] = (marks[at] + 1) % 3; draw(); } });
  cells = [];
  all.forEach((cell, i) => {
    const x = i % (n + 1) - 1, y = Math.floor(i / (n + 1)) - 1;
    if (x < 0 || y < 0) { cell.style.background = "transparent"; cell.style.border = "0"; cell.style.fontSize = ".72rem"; cell.style.whiteSpace = "pre"; cell.style.lineHeight = "1.05"; cell.disabled = true; cell.textContent = x < 0 && y < 0 ? "" : x < 0 ? rows[y].join(" ") : cols[x].join("\n"); }
    else cells.push(cell);
  });
  draw();
}
function draw() {
  cells.forEach((cell, i) => { cell.style.background = marks[i] === 1 ? "var(--ink)" : ""; cell.textContent = marks[i] === 2 ? "×" : ""; cell.setAttribute("aria-label", `row ${Math.floor(i / n) + 1}, column ${i % n + 1}: ${["free", "filled", "crossed out"][marks[i]]}`); });
  if (want.every((r, y) => r.every((v, x) => (marks[y * n + x] === 1) === !!v))) { say("That is the picture."); level++; setTimeout(start, 1600); }
}
button("Clear", () => { marks.fill(0); draw(); }); button("Next picture", () => { level++; start(); });
start();
