/* A worm that is longer than it thinks. */
const N = 18, SIDE = 20;
const [canvas, pen] = paint(N * SIDE, N * SIDE);
let worm, way, turns, apple, score, best = 0, timer, stones;
function start() {
  worm = [[6, 9], [5, 9], [4, 9]]; way = [1, 0]; turns = []; score = 0; stones = [];
  place(); clearInterval(timer); timer = null; draw(); say("Any arrow begins.");
}
const same = (a, b) => a[0] === b[0] && a[1] === b[1];
const free = at => ![...worm, ...stones].some(part => same(part, at));
function place() { do { apple = [Math.floor(Math.random() * N), Math.floor(Math.random() * N)]; } while (!free(apple)); }
function step() {
  if (turns.length) way = turns.shift();
  const head = [(worm[0][0] + way[0] + N) % N, (worm[0][1] + way[1] + N) % N];
  if (!free(head) && !same(head, worm[worm.length - 1])) {
    clearInterval(timer); timer = null; best = Math.max(best, score);
    return say(`${score} apples. Best today: ${best}. An arrow begins again.`);
  }
  worm.unshift(head);
  if (same(head, apple)) {
    score++; place(); say(`${score} apples.`);
    /* Every fifth apple leaves a stone. */
    if (score % 5 === 0) { let at; do { at = [Math.floor(Math.random() * N), Math.floor(Math.random() * N)]; } while (!free(at) || same(at, apple)); stones.push(at); }
    run();
  } else worm.pop();
  draw();
}
function run() { clearInterval(timer); timer = setInterval(step, Math.max(70, 170 - score * 3)); }
function draw() {
  pen.clearRect(0, 0, N * SIDE, N * SIDE);
  const dot = (at, colour, size) => { pen.fillStyle = colour; pen.beginPath(); pen.arc(at[0] * SIDE + SIDE / 2, at[1] * SIDE + SIDE / 2, size, 0, 7); pen.fill(); };
  stones.forEach(at => dot(at, ink("line"), 9));
  dot(apple, ink("d"), 8);
  worm.forEach((at, k) => dot(at, k ? ink("c") : ink("a"), k ? 8.5 : 9.5));
}
onMove((dx, dy) => {
  if (!timer) { if (score || worm.length > 3) start(); run(); }
  const last = turns[turns.length - 1] || way;
  if (last[0] + dx || last[1] + dy) turns.push([dx, dy]);
});
button("New worm", start);
button("Pause", () => { if (timer) { clearInterval(timer); timer = null; say("Paused. An arrow goes on."); } });
start();
