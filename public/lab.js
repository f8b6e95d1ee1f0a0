// What the lab's pages do beyond HTML: news without reloading. Everything works without it.
(() => {
  const parts = document.querySelectorAll("[data-live]");
  if (parts.length === 0 || !window.EventSource) return;
  const first = parts[0].dataset.newest;
  const news = new EventSource(first ? `/lab/events?after=${first}` : "/lab/events");
  let waiting = null;
  let loading = false;

  // Each part that is there still is put in the place of the one before; what somebody is using stays until it is left.
  async function refresh() {
    waiting = null;
    if (loading || document.hidden) return later();
    loading = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of document.querySelectorAll("[data-live]")) {
        const next = page.querySelector(`[data-live="${part.dataset.live}"]`);
        if (next && !part.contains(document.activeElement)) part.replaceWith(next);
      }
    } finally {
      loading = false;
    }
  }

  function later() {
    waiting ??= setTimeout(refresh, 400);
  }

  for (const kind of ["request", "written", "authorization_opened", "authorization_ended", "attempt", "sent_to_pay",
    "returned", "asked", "received", "order", "clock", "fault", "deed"]) {
    news.addEventListener(kind, later);
  }
  addEventListener("pagehide", () => news.close());
})();
