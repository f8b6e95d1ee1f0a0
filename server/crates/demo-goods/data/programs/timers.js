let timers = load("four-burners", ["Front left", "Front right", "Back left", "Back right"].map(name => ({ name, end: 0, left: 0 })));
main.innerHTML = `<p>Four burners, four timers. Type minutes, press start; the page sounds and says which.</p><div id="list"></div><p id="say" role="alert" class="big"></p>`;
let audio;
function ring() { try { audio = audio || new (window.AudioContext || window.webkitAudioContext)(); [0, .25, .5].forEach(t => { const o = audio.createOscillator(), g = audio.createGain(); o.frequency.value = 880; g.gain.setValueAtTime(.3, audio.currentTime + t); g.gain.exponentialRampToValueAtTime(.001, audio.currentTime + t + .2); o.connect(g).connect(audio.destination); o.start(audio.currentTime + t); o.stop(audio.currentTime + t + .22); }); } catch { /* silent where sound is not allowed */ } }
const show = ms => { const s = Math.max(0, Math.ceil(ms / 1000)); return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`; };
const list = document.getElementById("list");
timers.forEach((t, i) => {
  const row = el("form"), name = el("input", "", { value: t.name, ariaLabel: `Name of timer ${i + 1}` }), minutes = el("input", "", { type: "number", min: 1, max: 600, value: 10, ariaLabel: "Minutes" });
  const face = el("span", "0:00", { className: "big" }), go = el("button", "Start"), more = el("button", "+1 minute", { type: "button" }), stop = el("button", "Stop", { type: "button" });
  name.oninput = () => { t.name = name.value; save("four-burners", timers); };
  row.onsubmit = e => { e.preventDefault(); t.end = Date.now() + minutes.value * 60000; save("four-burners", timers); };
  more.onclick = () => { t.end = Math.max(t.end, Date.now()) + 60000; save("four-burners", timers); };
  stop.onclick = () => { t.end = 0; save("four-burners", timers); };
  row.append(name, minutes, go, more, stop, face); list.append(row); t.face = face;
});
setInterval(() => { timers.forEach(t => { const left = t.end - Date.now(); t.face.textContent = t.end ? show(left) : "0:00"; if (t.end && left <= 0) { t.end = 0; document.getElementById("say").textContent = `${t.name} is done.`; ring(); save("four-burners", timers.map(({ name, end }) => ({ name, end }))); } }); }, 250);
