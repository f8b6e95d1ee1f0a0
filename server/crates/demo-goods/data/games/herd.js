/* One wind for all clouds: they go until a hill, the edge or a cloud stops them. */
let level = 1, n, hills, clouds, goals, begin, par, past, cells;
const key = list => [...list].sort((a, b) => a - b).join();
function blow(list, dx, dy) {
  const order = [...list].sort((a, b) => dx + dy > 0 ? b - a : a - b), taken = new Set(), moved = [];
  if (dx) order.sort((a, b) => dx * (b % n - a % n));
  for (let at of order) {
    for (;;) {
      const x = at % n + dx, y = Math.floor(at / n) + dy, to = y * n + x;
      if (x < 0 || y < 0 || x >= n || y >= n || hills.has(to) || taken.has(to)) break;
      at = to;
    }
    taken.add(at); moved.push(at);
  }
  return moved;
}
const WINDS = [[1, 0], [-1, 0], [0, 1], [0, -1]];
/* All places that the clouds can come to, and how many winds it takes. */
function reach(from, most) {
  const found = new Map([[key(from), 0]]);
  let edge = [from];
  for (let step = 1; edge.length && found.size < most; step++) {
    const next = [];
    for (const list of edge) for (const [dx, dy] of WINDS) {
      const to = blow(list, dx, dy), k = key(to);
      if (!found.has(k)) { found.set(k, step); next.push(to); }
    }
    edge = next;
  }
  return found;
}
function start() {
  const roll = dice(SETTINGS.seed * 7919 + level);
  n = Math.min(5 + Math.floor(level / 4), 8);
  for (let tries = 0; ; tries++) {
    const spots = shuffle(roll, [...Array(n * n).keys()]);
    hills = new Set(spots.slice(0, Math.round(n * n * .16)));
    begin = spots.slice(30 < n * n ? -3 : -2).concat(level > 6 ? spots.slice(-4, -3) : []);
    begin = [...new Set(begin)].filter(i => !hills.has(i));
    const far = [...reach(begin, 3000)].sort((a, b) => b[1] - a[1]);
    const wanted = Math.min(3 + Math.floor(level / 2), 12);
    const pick = far.find(([, steps]) => steps <= wanted);
    if (pick && (pick[1] >= wanted - 1 || tries > 60)) { goals = new Set(pick[0].split(",").map(Number)); par = pick[1]; break; }
  }
  clouds = begin; past = [];
  cells = net(n, n, null); draw(); say(`Sky ${level}. It can be done with ${par} winds.`);
}
function draw() {
  cells.forEach((cell, i) => {
    cell.textContent = hills.has(i) ? "▲" : clouds.includes(i) ? "☁" : goals.has(i) ? "·" : "";
    cell.style.background = hills.has(i) ? "var(--c)" : goals.has(i) ? "var(--b)" : "var(--soft)";
  });
}
function move(dx, dy) {
  const to = blow(clouds, dx, dy);
  if (key(to) === key(clouds)) return;
  past.push(clouds); clouds = to; draw();
  if (clouds.every(i => goals.has(i))) {
    say(past.length <= par ? `In ${past.length}: nobody does it with fewer.` : `In ${past.length}; ${par} would do.`);
    level++; setTimeout(start, 1500);
  } else say(`${past.length} winds so far; ${par} would do.`);
}
onMove(move);
for (const [name, dx, dy] of [["← West", -1, 0], ["↑ North", 0, -1], ["↓ South", 0, 1], ["East →", 1, 0]]) button(name, () => move(dx, dy));
button("Undo", () => { if (past.length) { clouds = past.pop(); draw(); say(`${past.length} winds so far.`); } });
button("Again", () => start());
button("Next sky", () => { level++; start(); });
start();
