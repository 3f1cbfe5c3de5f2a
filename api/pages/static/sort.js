// Sorts a table by a click on the head of a column: numbers as numbers, other texts as the language of the page orders
// them, empty cells last. A head that is a link to the sorted page is sorted here instead, and the address says so.
"use strict";
(() => {
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const NUMBER = /^-?\d+(\.\d+)?$/;
  const plain = (event) => event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

  function sort(table, column, down) {
    const heads = [...table.tHead.rows[0].cells];
    for (const one of heads) one.removeAttribute("aria-sort");
    heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
    const value = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
    const rows = [...table.tBodies[0].rows].sort((a, b) => {
      const [left, right] = [value(a), value(b)];
      if (!left || !right) return Boolean(right) - Boolean(left);
      const found = NUMBER.test(left) && NUMBER.test(right) ? left - right : order.compare(left, right);
      return down ? -found : found;
    });
    table.tBodies[0].replaceChildren(...rows);
  }

  function make(table) {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const link = head.querySelector("a");
      if (link) {
        link.addEventListener("click", (event) => {
          if (!plain(event)) return;
          event.preventDefault();
          const next = new URL(link.href);
          const down = next.searchParams.get("sort").endsWith(".down");
          sort(table, column, down);
          history.replaceState(null, "", next);
          const state = next.searchParams.get("sort").replace(/\.\w+$/, down ? ".up" : ".down");
          next.searchParams.set("sort", state);
          link.href = next;
        });
        return;
      }
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.title = table.dataset.sort;
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => sort(table, column, head.getAttribute("aria-sort") === "ascending"));
    });
  }

  document.querySelectorAll("table[data-sort]").forEach(make);
})();
