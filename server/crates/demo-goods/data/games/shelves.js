/* Crates fall; a full shelf is carried away. */
const W = 10, H = 18, SIDE = 22;
const [canvas, pen] = paint(W * SIDE + 110, H * SIDE);
const SHAPES = ["0,0 1,0 2,0 3,0", "0,0 1,0 0,1 1,1", "0,0 1,0 2,0 1,1", "0,0 1,0 2,0 0,1", "0,0 1,0 2,0 2,1", "1,0 2,0 0,1 1,1", "0,0 1,0 1,1 2,1"].map(s => s.split(" ").map(p => p.split(",").map(Number)));
const INKS = ["a", "b", "c", "d", "a", "c", "d"];
let shelf, crate, next, bag, score, lines, timer, over;
const draw7 = () => { if (!bag.length) bag = shuffle(Math.random, [0, 1, 2, 3, 4, 5, 6]); return bag.pop(); };
const fresh = kind => ({ kind, x: 3, y: 0, cells: SHAPES[kind] });
const free = c => c.cells.every(([x, y]) => { const a = c.x + x, b = c.y + y; return a >= 0 && a < W && b < H && (b < 0 || !shelf[b][a]); });
function start() { shelf = Array.from({ length: H }, () => Array(W).fill(0)); bag = []; score = 0; lines = 0; over = false; next = draw7(); bring(); }
function bring() { crate = fresh(next); next = draw7(); if (!free(crate)) { over = true; clearInterval(timer); say(`Full: ${score} points, ${lines} shelves.`); } else run(); draw(); }
function run() { clearInterval(timer); timer = setInterval(fall, Math.max(90, 620 - lines * 14)); }
function attempt(change) { const to = { ...crate, ...change }; if (free(to)) { crate = to; draw(); return true; } return false; }
function fall() {
  if (over || attempt({ y: crate.y + 1 })) return;
  crate.cells.forEach(([x, y]) => { shelf[crate.y + y][crate.x + x] = crate.kind + 1; });
  const kept = shelf.filter(row => row.includes(0)), gone = H - kept.length;
  shelf = [...Array.from({ length: gone }, () => Array(W).fill(0)), ...kept];
  lines += gone; score += [0, 40, 100, 300, 1200][gone]; say(`${score} points, ${lines} shelves.`); bring();
}
function spin() { const size = crate.kind === 0 ? 3 : crate.kind === 1 ? 1 : 2; const cells = crate.cells.map(([x, y]) => [size - y - (crate.kind === 0 ? 1 : 0), x]); for (const dx of [0, -1, 1, -2, 2]) if (attempt({ cells, x: crate.x + dx })) return; }
function block(x, y, kind, at = 0) { pen.fillStyle = ink(INKS[kind]); pen.fillRect(at + x * SIDE + 1, y * SIDE + 1, SIDE - 2, SIDE - 2); }
function draw() {
  pen.clearRect(0, 0, W * SIDE + 110, H * SIDE); pen.fillStyle = ink("line"); pen.fillRect(W * SIDE, 0, 1, H * SIDE);
  shelf.forEach((row, y) => row.forEach((v, x) => v && block(x, y, v - 1)));
  if (!over) crate.cells.forEach(([x, y]) => block(crate.x + x, crate.y + y, crate.kind));
  SHAPES[next].forEach(([x, y]) => block(x, y + 1, next, W * SIDE + 14));
}
onMove((dx, dy) => { if (over) return; if (dx) attempt({ x: crate.x + dx }); else if (dy > 0) fall(); else spin(); });
addEventListener("keydown", e => { if (e.key === " " && !over) { e.preventDefault(); while (attempt({ y: crate.y + 1 })); fall(); } });
button("← ", () => attempt({ x: crate.x - 1 })); button("Turn", spin); button(" →", () => attempt({ x: crate.x + 1 }));
button("Down", () => fall()); button("Drop", () => { while (attempt({ y: crate.y + 1 })); fall(); }); button("New", start);
start(); say("Arrows move and turn, space drops.");
