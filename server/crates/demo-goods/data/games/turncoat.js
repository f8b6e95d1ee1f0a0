/* What stands between two of yours turns its coat. The other side thinks three moves ahead. */
const N = 8, WORTH = [100, -20, 10, 5, 5, 10, -20, 100, -20, -50, -2, -2, -2, -2, -50, -20, 10, -2, 1, 1, 1, 1, -2, 10, 5, -2, 1, 0, 0, 1, -2, 5];
let men, who, cells, depth = 3, past = [];
const worth = i => { const y = Math.floor(i / N), x = i % N; return WORTH[(y < 4 ? y : 7 - y) * N + x]; };
function turned(list, i, side) {
  if (list[i]) return [];
  const all = [];
  for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) {
    if (!dx && !dy) continue;
    const line = []; let x = i % N + dx, y = Math.floor(i / N) + dy;
    while (x >= 0 && y >= 0 && x < N && y < N && list[y * N + x] === -side) { line.push(y * N + x); x += dx; y += dy; }
    if (line.length && x >= 0 && y >= 0 && x < N && y < N && list[y * N + x] === side) all.push(...line);
  }
  return all;
}
const legal = (list, side) => [...list.keys()].filter(i => turned(list, i, side).length);
const put = (list, i, side) => { const to = [...list]; for (const j of turned(list, i, side)) to[j] = side; to[i] = side; return to; };
function value(list, side) {
  const left = list.filter(m => !m).length; let sum = 0;
  list.forEach((m, i) => { sum += m * side * (left < 10 ? 1 : worth(i)); });
  return sum + (left < 10 ? 0 : 3 * (legal(list, side).length - legal(list, -side).length));
}
function look(list, side, steps, low, high) {
  const ways = legal(list, side);
  if (!steps || (!ways.length && !legal(list, -side).length)) return value(list, side);
  if (!ways.length) return -look(list, -side, steps - 1, -high, -low);
  for (const i of ways.sort((a, b) => worth(b) - worth(a))) { low = Math.max(low, -look(put(list, i, side), -side, steps - 1, -high, -low)); if (low >= high) break; }
  return low;
}
function start() { men = Array(64).fill(0); men[27] = men[36] = -1; men[28] = men[35] = 1; who = 1; past = []; cells = net(N, N, press); draw(); }
function press(i) {
  if (who !== 1 || !turned(men, i, 1).length) return;
  past.push(men); men = put(men, i, 1); who = -1; draw(); setTimeout(answer, 350);
}
function answer() {
  const ways = legal(men, -1);
  if (ways.length) {
    let best = ways[0], most = -1e9;
    for (const i of ways) { const v = -look(put(men, i, -1), 1, depth - 1, -1e9, 1e9); if (v > most) { most = v; best = i; } }
    men = put(men, best, -1);
  }
  who = 1; draw();
  if (!legal(men, 1).length && legal(men, -1).length) { say("You cannot move; it goes on."); who = -1; setTimeout(answer, 600); }
}
function draw() {
  const mine = men.filter(m => m === 1).length, other = men.filter(m => m === -1).length, ways = who === 1 ? legal(men, 1) : [];
  cells.forEach((cell, i) => {
    cell.textContent = men[i] ? "●" : ways.includes(i) ? "·" : ""; cell.style.fontSize = "1.7rem";
    cell.style.color = men[i] === 1 ? "var(--b)" : men[i] === -1 ? "var(--a)" : "";
    cell.setAttribute("aria-label", `row ${Math.floor(i / N) + 1}, column ${i % N + 1}: ${men[i] === 1 ? "yours" : men[i] === -1 ? "theirs" : ways.includes(i) ? "free, you may" : "free"}`);
  });
  const over = !legal(men, 1).length && !legal(men, -1).length;
  say(over ? `${mine > other ? "You win" : mine < other ? "It wins" : "Even"}: ${mine} to ${other}.` : `You ${mine} (orange), it ${other}. ${who === 1 ? "Your move." : "It thinks."}`);
}
button("Undo", () => { if (past.length && who === 1) { men = past.pop(); draw(); } });
button("New game", start);
for (const [name, d] of [["Kind", 1], ["Even", 3], ["Stern", 5]]) button(name, () => { depth = d; say(`It looks ${d} ahead.`); });
start();
