let plan = load("quiet-hours", { from: "21:00", to: "07:00", names: "Mother" });
main.innerHTML = `<form id="f"><label>Quiet from<input id="from" type="time" required></label><label>until<input id="to" type="time" required></label><label>Who may always call, one a line<textarea id="names" rows="3"></textarea></label></form><p class="big" id="now" role="status"></p><h2>Rules for your telephone and computer</h2><pre id="rules" style="white-space:pre-wrap;background:var(--soft);padding:1rem"></pre><p class="tools"><button id="ics">Save as a calendar that repeats</button> <button id="sh">Save as a script for Linux</button></p>`;
const $ = id => document.getElementById(id), mins = t => +t.slice(0, 2) * 60 + +t.slice(3);
["from", "to", "names"].forEach(k => { $(k).value = plan[k]; $(k).oninput = () => { plan[k] = $(k).value; save("quiet-hours", plan); draw(); }; });
const quiet = m => { const [a, b] = [mins(plan.from), mins(plan.to)]; return a <= b ? m >= a && m < b : m >= a || m < b; };
function draw() {
  const d = new Date(), m = d.getHours() * 60 + d.getMinutes();
  $("now").textContent = quiet(m) ? `Quiet now, until ${plan.to}.` : `Not quiet now. It begins at ${plan.from}.`;
  $("rules").textContent = `Do not disturb: every day, ${plan.from} to ${plan.to}\nAlways through: ${plan.names.split("\n").filter(Boolean).join(", ") || "nobody"}\nSecond call within three minutes: through\nAlarms: through\nScreens: dark ten minutes before ${plan.from}`;
}
const stamp = t => t.replace(":", "") + "00";
$("ics").onclick = () => { const day = today().replaceAll("-", ""), next = mins(plan.to) <= mins(plan.from) ? new Date(Date.now() + 864e5).toISOString().slice(0, 10).replaceAll("-", "") : day; download("quiet-hours.ics", ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Plainspoken//Quiet Hours//EN", "BEGIN:VEVENT", "UID:quiet-hours@example.org", `DTSTAMP:${day}T000000Z`, `DTSTART:${day}T${stamp(plan.from)}`, `DTEND:${next}T${stamp(plan.to)}`, "RRULE:FREQ=DAILY", "SUMMARY:Quiet hours", "TRANSP:TRANSPARENT", "END:VEVENT", "END:VCALENDAR", ""].join("\r\n"), "text/calendar"); };
$("sh").onclick = () => download("quiet-hours.sh", `#!/bin/sh\n# Twice a day from cron:\n# ${+plan.from.slice(3)} ${+plan.from.slice(0, 2)} * * *  quiet-hours.sh on\n# ${+plan.to.slice(3)} ${+plan.to.slice(0, 2)} * * *  quiet-hours.sh off\ncase "$1" in\n  on)  gsettings set org.gnome.desktop.notifications show-banners false; pactl set-sink-mute @DEFAULT_SINK@ 1 ;;\n  off) gsettings set org.gnome.desktop.notifications show-banners true; pactl set-sink-mute @DEFAULT_SINK@ 0 ;;\n  *)   echo "on or off" >&2; exit 2 ;;\nesac\n`, "text/x-shellscript");
draw(); setInterval(draw, 15000);
