/* The demo ends after three minutes: what is on the table is covered, and no key goes to it any more. */
setTimeout(() => {
  for (const part of document.body.children) part.inert = true;
  for (const kind of ["keydown", "pointerdown", "pointerup"]) addEventListener(kind, event => event.stopImmediatePropagation(), true);
  const end = document.createElement("p");
  end.setAttribute("role", "status");
  end.style.cssText = "position: fixed; inset: 0; margin: 0; padding: 2rem; background: var(--paper); font-size: 1.25rem;";
  document.body.prepend(end);
  end.textContent = `These were three minutes of ${document.title}. The whole game has no clock, and is yours to keep.`;
}, 180000);
