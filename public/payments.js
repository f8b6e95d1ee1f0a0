// Back to a page that the browser has kept as it was: whoever signed out meanwhile sees nothing of it.
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
