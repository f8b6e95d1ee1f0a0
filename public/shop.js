// While Amazon Payments has not said the last word on an order, asks again now and then and shows what
// changed. Without this script the page offers a link that does the same.
const live = document.querySelector("[data-live=open]");

async function refresh() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) return true;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.querySelector(".live");
  if (!now) return true;
  const open = now.dataset.live === "open";
  if (!open) {
    // Everything on the page may follow from the new status: receipt, split, header.
    document.querySelector("#main").replaceWith(page.querySelector("#main"));
    document.querySelector("#main .lead")?.setAttribute("role", "status");
  }
  return open;
}

async function follow(seconds) {
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const open = await refresh().catch(() => true);
  if (open) await follow(Math.min(seconds * 1.5, 60));
}

if (live) follow(1.5);

// A waveform shows how far its sound has played, and a click goes there.
const wave = document.querySelector("[data-waveform]");
const sound = wave?.parentElement.querySelector("audio");
if (sound) {
  sound.addEventListener("timeupdate", () => {
    wave.style.setProperty("--playing", 1);
    wave.style.setProperty("--played", sound.currentTime / sound.duration || 0);
  });
  wave.addEventListener("click", async (event) => {
    await sound.play();
    sound.currentTime = (event.offsetX / wave.clientWidth) * sound.duration;
  });
}

// Words are set while they are typed; without this the button does it.
const tester = document.querySelector("[data-specimen]");
let waiting;
tester?.try.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const words = tester.try.value.trim();
    if (!words) return;
    const picture = tester.querySelector("img");
    picture.src = tester.dataset.specimen + encodeURIComponent(words);
    picture.alt = words;
  }, 300);
});
