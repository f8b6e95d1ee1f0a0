/* Each switch turns its own lamp and those beside it. */
let n, lamps, level = 1, presses, want, cells;
const turn = (list, i) => { const x = i % n, y = Math.floor(i / n); for (const [dx, dy] of [[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]]) { const a = x + dx, b = y + dy; if (a >= 0 && b >= 0 && a < n && b < n) list[b * n + a] ^= 1; } };
function start() {
  const roll = dice(SETTINGS.seed * 977 + level); n = Math.min(3 + Math.floor((level - 1) / 5), 7); want = Math.min(2 + level, n * n - 2); presses = 0;
  do { lamps = Array(n * n).fill(0); shuffle(roll, [...Array(n * n).keys()]).slice(0, want).forEach(i => turn(lamps, i)); } while (!lamps.some(Boolean));
  cells = net(n, n, press); draw(); say(`Landing ${level}: put all lamps out. ${want} switches are enough.`);
}
function press(i) { turn(lamps, i); presses++; draw(); if (!lamps.some(Boolean)) { say(`Dark, after ${presses}.`); level++; setTimeout(start, 1200); } else say(`${presses} pressed; ${want} are enough.`); }
function draw() { cells.forEach((cell, i) => { cell.style.background = lamps[i] ? "#f2c14e" : "var(--soft)"; cell.setAttribute("aria-label", `row ${Math.floor(i / n) + 1}, column ${i % n + 1}: ${lamps[i] ? "on" : "off"}`); }); }
button("Again", start); button("Next landing", () => { level++; start(); });
start();
