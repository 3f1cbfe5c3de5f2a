// Opens and closes all branches of the tree of a standard.
"use strict";
(() => {
  const tools = document.querySelector(".tree-tools");
  if (!tools) return;
  tools.hidden = false;
  const all = (open) => document.querySelectorAll(".tree details").forEach((one) => { one.open = open; });
  tools.querySelector("[data-open-all]").addEventListener("click", () => all(true));
  tools.querySelector("[data-close-all]").addEventListener("click", () => all(false));
})();
