/* Two of a kind become one of the next. */
const N = 4;
let tiles, score, past, cells;
function start() { tiles = Array(N * N).fill(0); score = 0; past = []; grow(); grow(); cells = net(N, N, null); draw(); say("Push all stones one way; equal ones become one."); }
function grow() { const free = tiles.map((t, i) => t ? -1 : i).filter(i => i >= 0); if (free.length) tiles[free[Math.floor(Math.random() * free.length)]] = Math.random() < .9 ? 1 : 2; }
function push(from, dx, dy) {
  const to = Array(N * N).fill(0); let won = 0;
  for (let line = 0; line < N; line++) {
    const places = [...Array(N).keys()].map(k => dx ? line * N + (dx > 0 ? N - 1 - k : k) : (dy > 0 ? N - 1 - k : k) * N + line);
    const stones = places.map(p => from[p]).filter(Boolean), merged = [];
    while (stones.length) { const a = stones.shift(); if (stones[0] === a) { stones.shift(); merged.push(a + 1); won += 2 ** (a + 1); } else merged.push(a); }
    merged.forEach((stone, k) => { to[places[k]] = stone; });
  }
  return [to, won];
}
function move(dx, dy) {
  const [to, won] = push(tiles, dx, dy);
  if (to.every((t, i) => t === tiles[i])) return;
  past.push([tiles, score]); tiles = to; score += won; grow(); draw();
  const stuck = [[1, 0], [-1, 0], [0, 1], [0, -1]].every(([x, y]) => push(tiles, x, y)[0].every((t, i) => t === tiles[i]));
  say(stuck ? `No way left: ${score} points.` : `${score} points.`);
}
const HUES = [0, 200, 180, 150, 110, 70, 45, 30, 15, 350, 320, 280, 250];
function draw() {
  cells.forEach((cell, i) => {
    cell.textContent = tiles[i] ? 2 ** tiles[i] : "";
    cell.style.background = tiles[i] ? `hsl(${HUES[tiles[i] % HUES.length]} 55% 42%)` : "";
    cell.style.color = tiles[i] ? "#fff" : ""; cell.style.fontSize = tiles[i] > 9 ? "1.2rem" : "1.6rem";
  });
}
onMove(move);
button("Undo", () => { if (past.length) { [tiles, score] = past.pop(); draw(); say(`${score} points.`); } });
button("New", start);
start();
