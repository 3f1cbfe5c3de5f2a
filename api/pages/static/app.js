// Sharpens the pages; all of them work without it.
"use strict";
// what the scripts of pages share
const shared = {
  /** An element with a class and what is in it; ``undefined`` is left out. */
  piece(name, className = "", ...content) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...content.filter((one) => one !== undefined));
    return made;
  },
  /** The word of the page for a kind. */
  kindWord(kind) {
    return document.body.dataset[`kind${kind.charAt(0).toUpperCase()}${kind.slice(1)}`] || kind;
  },
};
document.documentElement.classList.add("js");
document.addEventListener("keydown", (event) => {
  const field = document.querySelector("[data-focus-key]");
  const typing = event.target.closest("input, textarea, select");
  if (field && event.key === field.dataset.focusKey && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    field.focus();
    field.select();
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) {
    event.target.form.requestSubmit();
  }
});
for (const form of document.querySelectorAll("[data-submit-on-change]")) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("input[type=checkbox], input[type=radio], select")) form.requestSubmit();
  });
}
if (window.matchMedia("(max-width: 52rem)").matches) {
  for (const details of document.querySelectorAll("[data-close-when-narrow=true]")) details.open = false;
}
const here = document.querySelector("header .menu [aria-current]");
if (here) {
  // on a phone the menu is wider than the window: what is open comes into view, and nothing else moves
  const menu = here.parentElement;
  menu.scrollLeft = here.offsetLeft - (menu.clientWidth - here.offsetWidth) / 2;
}
for (const link of document.querySelectorAll("a[data-copy]")) {
  link.addEventListener("click", async (event) => {
    if (!navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const words = link.textContent;
    try {
      await navigator.clipboard.writeText(link.href);
      link.textContent = link.dataset.copy;
      setTimeout(() => { link.textContent = words; }, 2000);
    } catch {
      location.assign(link.href);
    }
  });
}
for (const button of document.querySelectorAll("button[data-copy-from]")) {
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copyFrom);
    const words = button.textContent;
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = button.dataset.copied;
      setTimeout(() => { button.textContent = words; }, 2000);
    } catch {
      getSelection().selectAllChildren(source);
    }
  });
}
const retry = document.querySelector("[data-retry]");
if (retry) setTimeout(() => location.reload(), Number(retry.dataset.retry) * 1000);
