main.innerHTML = `<p id="time" style="font-size:clamp(4rem,18vw,11rem);line-height:1;margin:1rem 0;font-variant-numeric:tabular-nums"></p><p id="date"></p>
<form id="f"><label>High water today at<input id="tide" type="time"></label><label>Dinner at<input id="dinner" type="time"></label><label>Minutes for the potatoes<input id="potatoes" type="number" min="1" max="240" value="25"></label></form><p id="sea" class="big"></p><p id="pot" class="big" role="status"></p>`;
const fields = ["tide", "dinner", "potatoes"], kept = load("hearthclock", {});
fields.forEach(f => { const input = document.getElementById(f); if (kept[f]) input.value = kept[f]; input.oninput = () => { kept[f] = input.value; kept.day = today(); save("hearthclock", kept); tick(); }; });
const clock = m => `${String(Math.floor(((m % 1440) + 1440) % 1440 / 60)).padStart(2, "0")}:${String(Math.round(((m % 60) + 60) % 60)).padStart(2, "0")}`;
const minutes = t => { const [h, m] = t.split(":").map(Number); return h * 60 + m; };
function tick() {
  const now = new Date(), m = now.getHours() * 60 + now.getMinutes();
  document.getElementById("time").textContent = clock(m);
  document.getElementById("date").textContent = now.toLocaleDateString(undefined, { weekday: "long", day: "numeric", month: "long" });
  const tide = document.getElementById("tide").value;
  if (tide) {
    /* The moon is 50 minutes later each day; half a tide is 6 hours 12.5 minutes. */
    const days = Math.round((new Date(today()) - new Date(kept.day || today())) / 864e5), half = 372.5;
    const since = (((m - minutes(tide) - days * 50) % (2 * half)) + 2 * half) % (2 * half), rising = since > half;
    document.getElementById("sea").textContent = rising ? `Rising; high at ${clock(m + 2 * half - since)}` : `Falling; low at ${clock(m + half - since)}`;
  }
  const dinner = document.getElementById("dinner").value, cook = +document.getElementById("potatoes").value || 25;
  if (dinner) {
    const put = minutes(dinner) - cook, left = put - m;
    document.getElementById("pot").textContent = left > 0 ? `Potatoes on at ${clock(put)}, in ${left} minutes` : left > -cook ? `Potatoes are on. Done in ${cook + left} minutes` : "Dinner.";
  }
}
tick(); setInterval(tick, 1000);
