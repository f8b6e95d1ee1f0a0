/* Push, never pull. */
let level = 0, width, walls, goals, boxes, man, past, cells;
const LEVELS = SETTINGS.levels;
function start() {
  const lines = LEVELS[level].map.split("/");
  width = Math.max(...lines.map(line => line.length)); walls = new Set(); goals = new Set(); boxes = new Set(); past = [];
  lines.forEach((line, y) => [...line.padEnd(width)].forEach((mark, x) => {
    const at = y * width + x;
    if (mark === "#") walls.add(at);
    if (".*+".includes(mark)) goals.add(at);
    if ("$*".includes(mark)) boxes.add(at);
    if ("@+".includes(mark)) man = at;
  }));
  cells = net(width, lines.length, null); draw();
  say(`Room ${level + 1} of ${LEVELS.length}. ${LEVELS[level].pushes} pushes would do.`);
}
function draw() {
  cells.forEach((cell, i) => {
    cell.textContent = i === man ? SETTINGS.man : boxes.has(i) ? SETTINGS.box : goals.has(i) ? "×" : "";
    cell.style.background = walls.has(i) ? "var(--ink)" : boxes.has(i) && goals.has(i) ? "var(--c)" : goals.has(i) ? "var(--b)" : "var(--soft)";
    cell.style.borderColor = walls.has(i) ? "var(--ink)" : "";
  });
}
function move(dx, dy) {
  const by = dy * width + dx, to = man + by;
  if (walls.has(to)) return;
  const before = [man, new Set(boxes)];
  if (boxes.has(to)) {
    if (walls.has(to + by) || boxes.has(to + by)) return;
    boxes.delete(to); boxes.add(to + by);
  }
  past.push(before); man = to; draw();
  if ([...boxes].every(box => goals.has(box))) {
    const pushes = past.filter((p, k) => [...(past[k + 1] ? past[k + 1][1] : boxes)].some(b => !p[1].has(b))).length;
    say(`${SETTINGS.done} ${pushes} pushes.`);
    level = (level + 1) % LEVELS.length; setTimeout(start, 1400);
  }
}
onMove(move);
button("Undo", () => { if (past.length) { [man, boxes] = past.pop(); draw(); } });
button("Again", start);
button("Room before", () => { level = (level + LEVELS.length - 1) % LEVELS.length; start(); });
button("Next room", () => { level = (level + 1) % LEVELS.length; start(); });
start();
