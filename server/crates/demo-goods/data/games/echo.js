/* Listen, and play it back. */
const TONES = [262, 330, 392, 523], INKS = ["var(--a)", "var(--b)", "var(--c)", "var(--d)"];
let tune, at, listening = false, best = 0, audio, cells;
function sound(i, seconds = .35) {
  audio = audio || new (window.AudioContext || window.webkitAudioContext)();
  const tone = audio.createOscillator(), gain = audio.createGain();
  tone.type = "triangle"; tone.frequency.value = TONES[i];
  gain.gain.setValueAtTime(.25, audio.currentTime); gain.gain.exponentialRampToValueAtTime(.001, audio.currentTime + seconds);
  tone.connect(gain).connect(audio.destination); tone.start(); tone.stop(audio.currentTime + seconds);
  cells[i].style.filter = "brightness(1.5)"; setTimeout(() => { cells[i].style.filter = ""; }, seconds * 800);
}
function grow() {
  tune.push(Math.floor(Math.random() * 4)); at = 0; listening = false; say(`Listen: ${tune.length}.`);
  const pace = Math.max(260, 620 - tune.length * 22);
  tune.forEach((i, k) => setTimeout(() => sound(i), 500 + k * pace));
  setTimeout(() => { listening = true; say("Now you."); }, 500 + tune.length * pace);
}
function press(i) {
  sound(i);
  if (!listening) return;
  if (i !== tune[at]) { listening = false; best = Math.max(best, tune.length - 1); return say(`That was another. ${tune.length - 1} right; best today ${best}. Press New.`); }
  if (++at === tune.length) { listening = false; setTimeout(grow, 700); }
}
cells = net(2, 2, press);
cells.forEach((cell, i) => { cell.style.background = INKS[i]; cell.style.color = "#fff"; cell.textContent = i + 1; });
addEventListener("keydown", e => { if ("1234".includes(e.key)) press(+e.key - 1); });
button("New", () => { tune = []; grow(); });
tune = []; say("Press New, then listen. Keys 1 to 4 play too.");
