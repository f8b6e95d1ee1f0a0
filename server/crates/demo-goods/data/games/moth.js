/* Two people, one screen: the moth moves in the dark, the lamp may blink three times. */
const N = 9;
let moth, lamp, turn, blinks, trail, over, seen, cells;
const near = (a, b) => Math.max(Math.abs(a % N - b % N), Math.abs(Math.floor(a / N) - Math.floor(b / N)));
function start() {
  moth = Math.floor(Math.random() * N); lamp = N * N - 1 - Math.floor(N / 2); turn = 0; blinks = 3; over = false; seen = null; trail = [];
  cells = net(N, N, press); cover("The moth looks at the screen, the lamp looks away. Ready?");
}
let covered = false;
function cover(text) { covered = true; say(text); draw(); go.textContent = "Ready"; go.hidden = false; lampBlink.hidden = true; }
function uncover() {
  covered = false; go.hidden = true; lampBlink.hidden = turn % 2 === 0 || blinks === 0;
  say(turn % 2 === 0 ? `Moth, hour ${turn / 2 + 1} of 10: fly one square, or two in a line. Reach the top row again after hour 5.` : `Lamp: step one square, or blink (${blinks} left).`);
  draw();
}
function press(i) {
  if (over || covered) return;
  if (turn % 2 === 0) {
    const d = near(i, moth), straight = (i % N === moth % N) || Math.floor(i / N) === Math.floor(moth / N);
    if (d === 0 || d > 2 || (d === 2 && !straight)) return say("Too far: one square, or two in a line.");
    moth = i; trail.push(i); seen = null;
    if (turn / 2 >= 5 && i < N && i !== trail[0]) return end("The moth is out of the window. The moth wins.");
  } else {
    if (near(i, lamp) > 1) return say("The lamp steps one square.");
    lamp = i;
  }
  next();
}
function next() {
  if (near(moth, lamp) === 0) return end("The lamp stands where the moth sits. The lamp wins.");
  turn++;
  if (turn >= 20) return end("Morning. The moth is still in the room: the lamp wins.");
  cover(turn % 2 === 0 ? "Hand over to the moth. Ready?" : "Hand over to the lamp. Ready?");
}
function blink() {
  blinks--; seen = near(moth, lamp) <= 3 ? moth : -1;
  say(seen >= 0 ? "There it is." : "Nothing within three squares.");
  lampBlink.hidden = true; draw();
  if (seen >= 0 && near(moth, lamp) <= 1) end("The moth is in the light, and within reach. The lamp wins.");
}
function end(text) { over = true; covered = false; go.hidden = false; go.textContent = "Again"; lampBlink.hidden = true; say(text); draw(); }
function draw() {
  cells.forEach((cell, i) => {
    const showMoth = over || (!covered && turn % 2 === 0) || (!covered && seen === i);
    cell.textContent = i === moth && showMoth ? "✱" : i === lamp && !covered ? "◉" : over && trail.includes(i) ? trail.indexOf(i) + 1 : "";
    cell.style.background = !covered && turn % 2 === 1 && seen !== null && near(i, lamp) <= 3 ? "#f2c879" : i < N ? "var(--line)" : "var(--soft)";
    cell.setAttribute("aria-label", `row ${Math.floor(i / N) + 1}, column ${i % N + 1} ${cell.textContent}`);
  });
}
const go = button("Ready", () => over ? start() : uncover());
const lampBlink = button("Blink", blink);
button("New game", () => start());
start();
