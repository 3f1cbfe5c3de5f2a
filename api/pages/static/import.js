// Sharpens the import: files are dropped on the form, the key is kept while the tab is open, progress is followed.
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
  const files = document.querySelector("#files");
  const zone = document.querySelector("[data-drop]");
  if (files && zone) {
    const check = () => {
      const most = Number(files.dataset.mostKb) * 1024;
      const size = [...files.files].reduce((sum, one) => sum + one.size, 0);
      files.setCustomValidity(size > most ? files.dataset.tooLarge : "");
      files.reportValidity();
    };
    files.addEventListener("change", check);
    const carries = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
    document.addEventListener("dragover", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      zone.classList.add("over");
    });
    for (const name of ["dragleave", "dragend", "drop"]) document.addEventListener(name, () => zone.classList.remove("over"));
    document.addEventListener("drop", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      files.files = event.dataTransfer.files;
      check();
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
