/* A story that is chosen: places, things that are carried, what was done. */
const PAGES = SETTINGS.pages;
let here, has, past, log;
function start() { here = "start"; has = new Set(); past = []; show(); }
const allowed = way => (way.needs || []).every(n => has.has(n)) && !(way.not || []).some(n => has.has(n));
function show() {
  const page = PAGES[here];
  (page.gives || []).forEach(thing => has.add(thing));
  board.className = "story"; board.replaceChildren();
  for (const text of page.text) {
    if (typeof text !== "string" && !allowed(text)) continue;
    const p = document.createElement("p"); p.textContent = typeof text === "string" ? text : text.say; board.append(p);
  }
  const ways = (page.ways || []).filter(allowed);
  ways.forEach((way, k) => {
    const choice = document.createElement("button"); choice.type = "button"; choice.textContent = `${k + 1}. ${way.say}`;
    choice.onclick = () => { past.push([here, new Set(has)]); (way.gives || []).forEach(t => has.add(t)); (way.takes || []).forEach(t => has.delete(t)); here = way.to; show(); };
    board.append(choice);
  });
  if (!ways.length) { const p = document.createElement("p"); p.innerHTML = "<strong>The end.</strong>"; board.append(p); }
  const carried = [...has].filter(t => SETTINGS.things[t]).map(t => SETTINGS.things[t]);
  say(page.title + (carried.length ? ` — with you: ${carried.join(", ")}` : ""));
  board.scrollIntoView({ block: "nearest" });
}
addEventListener("keydown", e => { const choice = board.querySelectorAll("button")[+e.key - 1]; if (choice) choice.click(); });
button("One page back", () => { if (past.length) { [here, has] = past.pop(); show(); } });
button("From the beginning", start);
start();
