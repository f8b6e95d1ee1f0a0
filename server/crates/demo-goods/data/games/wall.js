/* A ball, a plank, a wall. */
const W = 480, H = 420;
const [canvas, pen] = paint(W, H);
let bricks, ball, plank, lives, level = 1, score = 0, running = false, keys = {};
function build() {
  bricks = [];
  for (let y = 0; y < 6; y++) for (let x = 0; x < 10; x++) {
    const kind = (x * 7 + y * 3 + level * 5) % 9;
    if (kind !== 0 || level < 2) bricks.push({ x: 6 + x * 47, y: 44 + y * 20, hits: kind === 4 && level > 1 ? 2 : 1, ink: ["d", "b", "c", "a"][y % 4] });
  }
}
function serve() { plank = { x: W / 2 - 40, w: Math.max(52, 84 - level * 4) }; ball = { x: W / 2, y: H - 40, dx: 1.6, dy: -3.2 - level * .25 }; running = false; say(`Wall ${level}, ${lives} balls, ${score} points. Press space or touch to serve.`); }
function start() { level = 1; score = 0; lives = 3; build(); serve(); }
function tick() {
  if (keys.ArrowLeft || keys.a) plank.x -= 6.5;
  if (keys.ArrowRight || keys.d) plank.x += 6.5;
  plank.x = Math.max(0, Math.min(W - plank.w, plank.x));
  if (!running) { ball.x = plank.x + plank.w / 2; ball.y = H - 27; }
  else {
    ball.x += ball.dx; ball.y += ball.dy;
    if (ball.x < 6 || ball.x > W - 6) { ball.dx = -ball.dx; ball.x = Math.max(6, Math.min(W - 6, ball.x)); }
    if (ball.y < 6) { ball.dy = Math.abs(ball.dy); }
    if (ball.dy > 0 && ball.y > H - 26 && ball.y < H - 12 && ball.x > plank.x - 6 && ball.x < plank.x + plank.w + 6) {
      const off = (ball.x - plank.x - plank.w / 2) / (plank.w / 2), speed = Math.hypot(ball.dx, ball.dy);
      ball.dx = speed * off * .8; ball.dy = -Math.sqrt(Math.max(1, speed * speed - ball.dx * ball.dx));
    }
    const hit = bricks.find(b => ball.x > b.x - 6 && ball.x < b.x + 50 && ball.y > b.y - 6 && ball.y < b.y + 22);
    if (hit) {
      const side = ball.x < hit.x || ball.x > hit.x + 44;
      if (side) ball.dx = -ball.dx; else ball.dy = -ball.dy;
      score += 10;
      if (--hit.hits === 0) bricks.splice(bricks.indexOf(hit), 1);
      say(`Wall ${level}, ${lives} balls, ${score} points.`);
      if (!bricks.length) { level++; build(); serve(); }
    }
    if (ball.y > H + 10) { lives--; if (lives) serve(); else { running = false; say(`${score} points. Press New wall to build again.`); } }
  }
  draw(); requestAnimationFrame(tick);
}
function draw() {
  pen.clearRect(0, 0, W, H);
  for (const b of bricks) { pen.fillStyle = ink(b.ink); pen.globalAlpha = b.hits > 1 ? 1 : .85; pen.fillRect(b.x, b.y, 44, 16); if (b.hits > 1) { pen.strokeStyle = ink("ink"); pen.strokeRect(b.x + 2, b.y + 2, 40, 12); } }
  pen.globalAlpha = 1; pen.fillStyle = ink("ink"); pen.fillRect(plank.x, H - 20, plank.w, 9);
  pen.beginPath(); pen.arc(ball.x, ball.y, 6, 0, 7); pen.fill();
}
addEventListener("keydown", e => { keys[e.key] = true; if (e.key === " " && lives) { running = true; e.preventDefault(); } if (e.key.startsWith("Arrow")) e.preventDefault(); });
addEventListener("keyup", e => { keys[e.key] = false; });
canvas.addEventListener("pointermove", e => { const box = canvas.getBoundingClientRect(); plank.x = (e.clientX - box.left) / box.width * W - plank.w / 2; });
canvas.addEventListener("pointerdown", () => { if (lives) running = true; });
button("New wall", start);
start(); tick();
