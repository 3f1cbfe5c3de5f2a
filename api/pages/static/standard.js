// Opens and closes all branches of the tree of a standard, prints it, and shows what needs this script.
"use strict";
(() => {
  const tools = document.querySelector(".tree-tools");
  if (tools) {
    tools.hidden = false;
    const all = (open) => document.querySelectorAll(".tree details").forEach((one) => { one.open = open; });
    tools.querySelector("[data-open-all]").addEventListener("click", () => all(true));
    tools.querySelector("[data-close-all]").addEventListener("click", () => all(false));
  }
  for (const one of document.querySelectorAll("[data-print], [data-copy-from]")) one.hidden = false;
  for (const one of document.querySelectorAll("button[data-print], [data-print] button")) one.addEventListener("click", () => window.print());
})();
