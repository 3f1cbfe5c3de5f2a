// Sharpens the drawing of pairs: what is pointed at or focused stands out with its lines and partners.
"use strict";
(() => {
  const drawn = document.querySelector(".drawn");
  if (!drawn) return;
  const [left, right] = [...drawn.querySelectorAll(".column")].map(
    (column) => new Map([...column.querySelectorAll("[data-row]")].map((row) => [row.dataset.row, row])),
  );
  const lines = [...drawn.querySelectorAll("path")];

  function clear() {
    drawn.classList.remove("pointing");
    for (const one of drawn.querySelectorAll(".linked")) one.classList.remove("linked");
  }
  function point(event) {
    clear();
    const row = event.target.closest("[data-row]");
    if (!row) return;
    const side = left.get(row.dataset.row) === row ? "a" : "b";
    const own = lines.filter((line) => line.dataset[side] === row.dataset.row);
    if (!own.length) return;
    drawn.classList.add("pointing");
    for (const line of own) {
      line.classList.add("linked");
      left.get(line.dataset.a).classList.add("linked");
      right.get(line.dataset.b).classList.add("linked");
    }
  }
  drawn.addEventListener("pointerover", point);
  drawn.addEventListener("focusin", point);
  drawn.addEventListener("pointerleave", clear);
  drawn.addEventListener("focusout", clear);
})();
