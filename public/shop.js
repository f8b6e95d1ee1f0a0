// Pages of an order stay true while they are open: the server says when one shows no longer what is so, and the page is
// fetched anew. Where there is no stream, or no place for one, the page asks now and then. Without this script it offers a
// link that does the same.
let stream, later;

function stop() {
  stream?.close();
  clearTimeout(later);
}

function follow(seconds) {
  stop();
  const address = document.querySelector("[data-live]")?.dataset.live;
  // Browsers have few connections for each site: a page that nobody sees keeps none.
  if (!address || document.hidden) return;
  const ask = () => (later = setTimeout(() => refresh(Math.min(seconds * 1.5, 60)), seconds * 1000));
  if (!self.EventSource) return ask();
  stream = new EventSource(address);
  stream.onmessage = () => refresh(2);
  // A connection that broke is made again by the browser; one that was refused is not.
  stream.onerror = () => stream.readyState === 2 && ask();
}

async function refresh(seconds) {
  stop();
  const answer = await fetch(location.href).catch(() => {});
  // Somebody signed out: so does this page.
  if (answer?.redirected) return location.reload();
  if (answer?.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  follow(seconds);
}

// Everything on the page may follow from what is new; where something is typed, what is said of it alone.
function show(page) {
  const typed = [...document.querySelectorAll("main input, main textarea")].some((field) => field.value !== field.defaultValue);
  for (const part of typed ? [".order-status", "main .lead"] : ["main"]) {
    const fresh = page.querySelector(part);
    if (fresh) document.querySelector(part)?.replaceWith(fresh);
  }
  if (typed) document.querySelector("[data-live]").dataset.live = page.querySelector("[data-live]")?.dataset.live ?? "";
  document.querySelector("main .lead")?.setAttribute("role", "status");
}

follow(2);
addEventListener("visibilitychange", () => (document.hidden ? stop() : follow(2)));
addEventListener("pagehide", stop);
// Back to a page that the browser has kept as it was: what was somebody's own, or still going on, is asked for again.
addEventListener("pageshow", ({ persisted }) => persisted && document.querySelector(".who, .live") && location.reload());

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
