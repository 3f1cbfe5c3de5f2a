// A branch of the tree opens in place: what is below it comes from its own page.
"use strict";

function addOpeners(tree, label) {
  for (const link of tree.querySelectorAll(":scope > li > a[data-branch]")) {
    const opener = document.createElement("button");
    opener.type = "button";
    opener.className = "opener";
    opener.setAttribute("aria-expanded", "false");
    opener.setAttribute("aria-label", label.replace("{name}", link.textContent.trim()));
    opener.addEventListener("click", () => toggle(opener, link, label));
    link.before(opener);
  }
}

async function toggle(opener, link, label) {
  const item = opener.parentElement;
  const isOpen = opener.getAttribute("aria-expanded") === "true";
  opener.setAttribute("aria-expanded", String(!isOpen));
  const known = item.querySelector(":scope > .tree");
  if (known) {
    known.hidden = isOpen;
    return;
  }
  try {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector("[data-tree]");
    if (!found || item.querySelector(":scope > .tree")) return;
    const below = document.importNode(found, true);
    below.removeAttribute("data-tree");
    addOpeners(below, label);
    item.append(below);
  } catch {
    location.assign(link.href);
  }
}

for (const tree of document.querySelectorAll("[data-tree]")) addOpeners(tree, tree.dataset.openLabel);
