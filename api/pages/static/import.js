// Sharpens the import: the key is kept while the tab is open, progress is followed.
"use strict";
(() => {
  const KEY = "competency-graph.key";
  const field = document.querySelector("[data-keep-key]");
  if (field) {
    try { field.value = sessionStorage.getItem(KEY) || ""; } catch { /* without storage it is typed each time */ }
    field.form.addEventListener("submit", () => {
      try { sessionStorage.setItem(KEY, field.value); } catch { /* as above */ }
    });
  }
  const running = document.querySelector("[data-state]");
  async function follow() {
    try {
      const answer = await fetch(running.dataset.state, { headers: { Accept: "application/json" } });
      const now = await answer.json();
      if (!answer.ok || now.state !== "publishing") { location.reload(); return; }
      const bar = running.querySelector("progress");
      if (now.total) { bar.max = now.total; bar.value = now.done; } else { bar.removeAttribute("value"); }
      running.querySelector(".step").textContent = now.step;
      running.querySelector(".amount").textContent = now.total ? `${now.done} / ${now.total}` : "";
    } catch { /* the next time may work */ }
    setTimeout(follow, 800);
  }
  if (running) follow();
})();
