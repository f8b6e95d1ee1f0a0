/* Carts stand in the depot; the last tram (1) has to reach the gate at the right. */
const N = 6;
let level = 1, cars, begin, moves, best, past, cells, held = null;
/* A car: [x, y, length, upright]. */
const covers = ([x, y, len, up]) => [...Array(len).keys()].map(k => up ? (y + k) * N + x : y * N + x + k);
function filled(list) { const map = new Map(); list.forEach((car, i) => covers(car).forEach(c => map.set(c, i))); return map; }
function options(list) {
  const map = filled(list), found = [];
  list.forEach(([x, y, len, up], i) => {
    for (const way of [-1, 1]) for (let step = 1; step < N; step++) {
      const at = way * step, front = way > 0 ? len - 1 + step : -step;
      const cx = up ? x : x + front, cy = up ? y + front : y;
      if (cx < 0 || cy < 0 || cx >= N || cy >= N || map.has(cy * N + cx)) break;
      found.push([i, at]);
    }
  });
  return found;
}
const shift = (list, i, by) => list.map((car, k) => k === i ? (car[3] ? [car[0], car[1] + by, car[2], 1] : [car[0] + by, car[1], car[2], 0]) : car);
const done = list => list[0][0] === N - 2;
function solve(from) {
  const name = list => list.map(car => car[3] ? car[1] : car[0]).join("");
  const seen = new Map([[name(from), null]]);
  let edge = [[from, 0, null]];
  for (let head = 0; head < edge.length && edge.length < 12000; head++) {
    const [list, steps, firstMove] = edge[head];
    if (done(list)) return [steps, firstMove];
    for (const [i, by] of options(list)) {
      const to = shift(list, i, by), k = name(to);
      if (!seen.has(k)) { seen.set(k, 1); edge.push([to, steps + 1, firstMove || [i, by]]); }
    }
  }
  return null;
}
function make(roll, wanted) {
  let chosen = null;
  for (let tries = 0; tries < 90; tries++) {
    const list = [[below(roll, 2), 2, 2, 0]], map = filled(list);
    for (let k = 0; k < 60 && list.length < 12; k++) {
      const up = below(roll, 3) > 0 ? 1 : 0, len = 2 + (below(roll, 4) === 0 ? 1 : 0);
      const x = below(roll, up ? N : N - len + 1), y = below(roll, up ? N - len + 1 : N);
      if (!up && y === 2) continue;
      const car = [x, y, len, up];
      if (covers(car).some(c => map.has(c))) continue;
      list.push(car); covers(car).forEach(c => map.set(c, 1));
    }
    const way = solve(list);
    if (way && (!chosen || Math.abs(way[0] - wanted) < Math.abs(chosen[1] - wanted))) chosen = [list, way[0]];
    if (chosen && chosen[1] === wanted) break;
  }
  return chosen;
}
function start() {
  [begin, best] = make(dice(SETTINGS.seed * 131 + level), Math.min(3 + level, 22));
  cars = begin; moves = 0; past = []; held = null;
  cells = net(N, N, press, false); draw(); say(`Depot ${level}: ${best} moves would do.`);
}
function draw() {
  const map = filled(cars);
  cells.forEach((cell, i) => {
    const car = map.get(i);
    cell.textContent = car === undefined ? (i === 17 ? "⇒" : "") : car + 1;
    cell.style.background = car === undefined ? "var(--paper)" : car === 0 ? "var(--b)" : cars[car][3] ? "var(--a)" : "var(--c)";
    cell.style.color = car === undefined ? "inherit" : "#fff";
    cell.style.outline = car !== undefined && car === held ? "3px solid var(--ink)" : "";
    cell.setAttribute("aria-label", `row ${Math.floor(i / N) + 1}, column ${i % N + 1}: ${car === undefined ? "free" : car === 0 ? "the tram" : "cart " + (car + 1)}`);
  });
}
/* Press a cart, then the free place to which its end shall go. */
function press(i) {
  const car = filled(cars).get(i);
  if (car !== undefined) { held = car; draw(); return say(car === 0 ? "The tram: where to?" : `Cart ${car + 1}: where to?`); }
  if (held !== null) {
    const fits = options(cars).filter(([k, by]) => k === held && covers(shift(cars, k, by)[k]).includes(i)).sort((a, b) => Math.abs(a[1]) - Math.abs(b[1]));
    if (fits.length) return move(held, fits[0][1]);
    say("It cannot get there.");
  }
}
function move(i, by) {
  past.push(cars); cars = shift(cars, i, by); moves++; draw();
  if (done(cars)) { say(`The tram leaves after ${moves} moves${moves <= best ? ", as few as can be" : ` (${best} would do)`}.`); level++; setTimeout(start, 1600); }
  else say(`${moves} moves; ${best} would do.`);
}
onMove((dx, dy) => {
  if (held === null) return say("Press a cart first, or the tram.");
  const way = options(cars).find(([k, by]) => k === held && Math.abs(by) === 1 && by === (cars[k][3] ? dy : dx));
  if (way) move(...way);
});
button("Undo", () => { if (past.length) { cars = past.pop(); moves++; draw(); } });
button("Hint", () => { const way = solve(cars); if (way && way[1]) { held = way[1][0]; draw(); say(`${held === 0 ? "The tram" : "Cart " + (held + 1)}, ${Math.abs(way[1][1])} ${cars[held][3] ? (way[1][1] > 0 ? "down" : "up") : (way[1][1] > 0 ? "right" : "left")}.`); } });
button("Again", () => { cars = begin; moves = 0; past = []; draw(); });
button("Next depot", () => { level++; start(); });
start();
