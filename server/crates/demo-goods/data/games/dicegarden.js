/* Twenty-five dice, one bed. Rows and columns are counted like hands. */
const N = 5;
let bed, die, left, cells, best = 0;
function start() { bed = Array(N * N).fill(0); left = N * N; cells = net(N, N, press); roll(); }
function roll() { die = 1 + Math.floor(Math.random() * 6); draw(); say(left ? `You rolled a ${die}. Plant it. ${left} to go, ${total()} points.` : ""); }
function press(i) {
  if (bed[i] || !left) return;
  bed[i] = die; left--;
  if (left) return roll();
  draw(); best = Math.max(best, total());
  say(`The garden is full: ${total()} points. Best today: ${best}.`);
}
function worth(hand) {
  if (hand.includes(0)) return 0;
  const counts = Object.values(hand.reduce((c, d) => (c[d] = (c[d] || 0) + 1, c), {})).sort((a, b) => b - a);
  const sorted = [...hand].sort();
  if (counts[0] === 5) return 25;
  if (sorted.every((d, k) => k === 0 || d === sorted[k - 1] + 1)) return 18;
  if (counts[0] === 4) return 14;
  if (counts[0] === 3 && counts[1] === 2) return 10;
  if (counts[0] === 3) return 5;
  if (counts[0] === 2 && counts[1] === 2) return 4;
  return counts[0] === 2 ? 1 : 0;
}
const hands = () => [...Array(N).keys()].flatMap(k => [bed.slice(k * N, k * N + N), bed.filter((_, i) => i % N === k)]);
const total = () => hands().reduce((sum, hand) => sum + worth(hand), 0);
const FACES = ["", "⚀", "⚁", "⚂", "⚃", "⚄", "⚅"], COLOURS = ["", "var(--a)", "var(--c)", "var(--b)", "var(--d)", "#8a6db1", "#b08d2e"];
function draw() {
  cells.forEach((cell, i) => {
    cell.textContent = bed[i] ? FACES[bed[i]] : ""; cell.style.fontSize = "2.2rem"; cell.style.color = COLOURS[bed[i]] || "";
    cell.setAttribute("aria-label", `row ${Math.floor(i / N) + 1}, column ${i % N + 1}: ${bed[i] || "free, plant " + die}`);
  });
}
button("New garden", start);
start();
