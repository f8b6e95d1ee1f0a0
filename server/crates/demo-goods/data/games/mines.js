/* Parcels on a floor; some tick. A number says how many of its neighbours do. */
let size = SETTINGS.size, bombs, shown, flags, over, first, cells;
const around = i => {
  const x = i % size, y = Math.floor(i / size), list = [];
  for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) {
    const nx = x + dx, ny = y + dy;
    if ((dx || dy) && nx >= 0 && ny >= 0 && nx < size && ny < size) list.push(ny * size + nx);
  }
  return list;
};
function start(next) {
  size = next || size; bombs = new Set(); shown = new Set(); flags = new Set(); over = false; first = true;
  cells = net(size, size, press);
  draw(); say("Open a parcel. The first never ticks.");
}
function lay(safe) {
  const free = [...Array(size * size).keys()].filter(i => i !== safe && !around(safe).includes(i));
  for (const i of shuffle(Math.random, free).slice(0, Math.round(size * size * SETTINGS.part))) bombs.add(i);
  first = false;
}
function open(i) {
  const heap = [i];
  while (heap.length) {
    const j = heap.pop();
    if (shown.has(j) || flags.has(j)) continue;
    shown.add(j);
    if (!around(j).some(k => bombs.has(k))) heap.push(...around(j));
  }
}
function press(i, mark) {
  if (over) return;
  if (mark || marking.getAttribute("aria-pressed") === "true") {
    if (!shown.has(i)) flags.has(i) ? flags.delete(i) : flags.add(i);
  } else if (flags.has(i)) {
    return;
  } else {
    if (first) lay(i);
    /* A number whose parcels are all marked opens the others around it. */
    const near = around(i);
    const all = shown.has(i) && near.filter(k => flags.has(k)).length === near.filter(k => bombs.has(k)).length;
    for (const j of all ? near.filter(k => !flags.has(k)) : [i]) {
      if (bombs.has(j)) { over = true; say("It ticked. Somebody at the counter screams; nobody is hurt."); break; }
      open(j);
    }
  }
  if (!over && !first && shown.size === size * size - bombs.size) { over = true; say("All harmless parcels are delivered."); }
  else if (!over) say(`${bombs.size - flags.size} that tick are not marked yet.`);
  draw();
}
function draw() {
  cells.forEach((cell, i) => {
    const count = around(i).filter(k => bombs.has(k)).length;
    const seen = shown.has(i), bomb = over && bombs.has(i);
    cell.textContent = bomb ? "✹" : seen ? count || "" : flags.has(i) ? "⚑" : "";
    cell.style.background = bomb ? "var(--d)" : seen ? "transparent" : "var(--soft)";
    cell.style.color = ["", "var(--a)", "var(--c)", "var(--b)", "var(--d)"][Math.min(count, 4)] || "inherit";
    if (flags.has(i) && !bomb) cell.style.color = "var(--b)";
    cell.setAttribute("aria-label", `row ${Math.floor(i / size) + 1}, column ${i % size + 1}: ` + (bomb ? "ticks" : seen ? count + " tick nearby" : flags.has(i) ? "marked" : "closed"));
  });
}
button("New floor", () => start());
const marking = button("Mark", () => marking.setAttribute("aria-pressed", marking.getAttribute("aria-pressed") !== "true") || (marking.style.background = marking.getAttribute("aria-pressed") === "true" ? "var(--b)" : ""));
for (const [name, n] of [["Small", 8], ["Middle", 12], ["Large", 16]]) button(name, () => start(n));
start();
