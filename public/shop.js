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
// Suggestions below the search field while somebody types, as a list that arrow keys go through. Without this script
// the field is a form like any other.
const field = document.querySelector("#search");

function suggest(field) {
  const list = document.createElement("ul");
  const status = document.createElement("span");
  Object.assign(list, { id: "suggestions-list", className: "suggestions", hidden: true, role: "listbox", ariaLabel: "Suggestions" });
  Object.assign(status, { className: "visually-hidden", role: "status" });
  field.after(list, status);
  const expand = (open) => {
    list.hidden = !open;
    field.ariaExpanded = String(open);
    if (!open) mark(-1);
  };
  const options = () => [...list.children];
  let at = -1;
  function mark(next) {
    at = next;
    options().forEach((option, number) => (option.ariaSelected = String(number === at)));
    const id = options()[at]?.id;
    if (id) field.setAttribute("aria-activedescendant", id);
    else field.removeAttribute("aria-activedescendant");
  }
  field.role = "combobox";
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-autocomplete", "list");
  expand(false);
  let wait, asked;
  field.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(async () => {
      const typed = (asked = field.value.trim());
      const answer = typed.length > 1 && (await fetch("/search/suggest?q=" + encodeURIComponent(typed)).catch(() => null));
      if (asked !== typed) return;
      list.innerHTML = answer?.ok ? await answer.text() : "";
      const count = list.children.length;
      expand(count > 0 && document.activeElement === field);
      status.textContent = count ? count + (count === 1 ? " suggestion" : " suggestions") : "";
    }, 150);
  });
  field.addEventListener("keydown", (event) => {
    const count = list.children.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && count) {
      event.preventDefault();
      if (list.hidden) expand(true);
      // From the field itself, -1, through the options and back to it.
      mark(((at + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      expand(false);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      location.href = options()[at].dataset.href;
    }
  });
  // The field keeps the focus.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (option) location.href = option.dataset.href;
  });
  field.addEventListener("blur", () => expand(false));
}

field?.addEventListener("focus", () => suggest(field), { once: true });
