/* Some tell the truth always, the others never. Each village has one reading that holds. */
const NAMES = ["Ada", "Bruno", "Cosima", "Dov", "Elke", "Fritz", "Gesa", "Hugo"];
let count = 3, lines, answer, guess, level = 1, roll;
const KINDS = [
  (i, j) => ({ text: `${NAMES[j]} lies.`, holds: w => !w[j] }),
  (i, j) => ({ text: `${NAMES[j]} tells the truth.`, holds: w => w[j] }),
  (i, j) => ({ text: `${NAMES[j]} and I are of one kind.`, holds: w => w[i] === w[j] }),
  (i, j) => ({ text: `${NAMES[j]} and I are not of one kind.`, holds: w => w[i] !== w[j] }),
  (i, j, k) => ({ text: `Of ${NAMES[j]} and ${NAMES[k]}, at least one lies.`, holds: w => !w[j] || !w[k] }),
  (i, j, k) => ({ text: `${NAMES[j]} and ${NAMES[k]} both tell the truth.`, holds: w => w[j] && w[k] }),
];
const worlds = n => [...Array(1 << n).keys()].map(bits => [...Array(n).keys()].map(i => !!(bits >> i & 1)));
function start() {
  count = Math.min(3 + Math.floor((level - 1) / 3), 7);
  roll = dice(SETTINGS.seed * 1000 + level);
  for (;;) {
    lines = [...Array(count).keys()].map(i => {
      const others = shuffle(roll, [...Array(count).keys()].filter(j => j !== i));
      return KINDS[below(roll, KINDS.length)](i, others[0], others[1]);
    });
    const fits = worlds(count).filter(w => lines.every((line, i) => line.holds(w) === w[i]));
    if (fits.length === 1) { answer = fits[0]; break; }
  }
  guess = Array(count).fill(null);
  say(`Village ${level}: who tells the truth?`); draw();
}
function draw() {
  board.replaceChildren();
  lines.forEach((line, i) => {
    const row = document.createElement("p"), choice = document.createElement("button");
    choice.type = "button";
    choice.textContent = guess[i] === null ? "?" : guess[i] ? "true" : "lies";
    choice.style.background = guess[i] === null ? "" : guess[i] ? "var(--c)" : "var(--d)";
    choice.style.minWidth = "4.5rem"; choice.style.marginRight = ".75rem";
    choice.setAttribute("aria-label", `${NAMES[i]}: ${choice.textContent}`);
    choice.onclick = () => { guess[i] = guess[i] === null ? true : guess[i] ? false : null; draw(); board.querySelectorAll("button")[i].focus(); };
    row.append(choice, `${NAMES[i]} says: “${line.text}”`);
    board.append(row);
  });
}
button("Is it so?", () => {
  if (guess.includes(null)) return say("Say of everybody whether they lie.");
  if (guess.every((g, i) => g === answer[i])) { level++; say("Every sentence holds. On to the next village."); setTimeout(start, 1400); }
  else { const wrong = lines.findIndex((line, i) => line.holds(guess) !== guess[i]); say(`Then what ${NAMES[wrong]} says cannot be.`); }
});
button("Begin again", () => { level = 1; start(); });
button("Skip", () => { level++; start(); });
start();
