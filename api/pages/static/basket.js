// The basket: competencies collected across searches. This browser keeps their IRIs, in the order they were put in.
"use strict";
(() => {
  const KEY = "competency-graph.basket";
  const sign = document.querySelector("a.basket");
  if (!sign) return;
  const words = sign.dataset;
  const most = Number(words.most);
  const { piece, kindWord } = shared;

  function read() {
    try {
      const found = JSON.parse(localStorage.getItem(KEY) || "[]");
      return Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
    } catch { return []; }
  }
  function write(iris) {
    try { localStorage.setItem(KEY, JSON.stringify(iris.slice(0, most))); } catch { /* a full or closed storage keeps what it has */ }
    show();
  }
  function count() {
    const size = read().length;
    sign.querySelector(".count").textContent = size;
    sign.setAttribute("aria-label", words.label.replace("{count}", size));
    sign.classList.toggle("filled", size > 0);
  }

  // links that add to a course outline put into the basket instead, and take out again
  let links = [];
  function bind() {
    links = [...document.querySelectorAll("a[data-basket]")];
    for (const link of links) {
      if (link.dataset.words !== undefined) continue;
      link.setAttribute("role", "button");
      link.dataset.words = link.textContent;
      const toggle = (event) => {
        event.preventDefault();
        const iri = link.dataset.basket;
        const iris = read();
        write(iris.includes(iri) ? iris.filter((one) => one !== iri) : [...iris, iri]);
      };
      link.addEventListener("click", (event) => { if (!event.ctrlKey && !event.metaKey && !event.shiftKey) toggle(event); });
      link.addEventListener("keydown", (event) => { if (event.key === " ") toggle(event); });
    }
  }
  bind();
  // a script has put other content into the page
  document.addEventListener("content-changed", () => { bind(); mark(); });
  function mark() {
    const iris = new Set(read());
    for (const link of links) {
      const isIn = iris.has(link.dataset.basket);
      const text = isIn ? words.added : words.add;
      link.setAttribute("aria-pressed", String(isIn));
      link.title = text;
      if (link.classList.contains("add")) {
        link.textContent = isIn ? "✓" : "+";
        link.setAttribute("aria-label", text);
      } else {
        link.textContent = text;
      }
    }
  }

  const place = document.querySelector("#basket");
  let elements = [];
  function item(one) {
    const row = piece("li", "hit");
    const head = piece("div", "head");
    head.append(piece("span", `kind kind-${one.kind}`, kindWord(one.kind)), " ");
    if (one.code) head.append(piece("span", "code", one.code));
    const drop = piece("button", "small", "✕");
    drop.type = "button";
    drop.setAttribute("aria-label", place.dataset.remove.replace("{name}", one.code || one.text));
    drop.addEventListener("click", () => {
      const next = row.nextElementSibling || row.previousElementSibling;
      const following = next && next.querySelector("button");
      write(read().filter((iri) => iri !== one.iri));
      if (following && following.isConnected) following.focus();
    });
    head.append(drop);
    const text = piece("p", "text");
    const link = piece("a", "", one.text);
    link.href = one.href;
    link.lang = one.language;
    text.append(link);
    row.append(head, text);
    return row;
  }
  function shown(found, missing) {
    const groups = new Map();
    for (const one of found) {
      if (!groups.has(one.standard)) groups.set(one.standard, []);
      groups.get(one.standard).push(one);
    }
    const sections = [...groups].map(([standard, members]) => {
      const section = piece("section", "group");
      const title = piece("h2");
      title.append(piece("span", "code", standard), " ", piece("span", "", members[0].standard_name));
      title.lastChild.lang = members[0].language;
      const list = piece("ul", "hits");
      list.append(...members.map(item));
      section.append(title, list);
      return section;
    });
    if (missing.length) {
      const note = piece("p", "doubt", place.dataset.missing);
      const list = piece("ul", "iri");
      list.append(...missing.map((iri) => piece("li", "", iri)));
      sections.push(note, list);
    }
    place.replaceChildren(...sections);
    document.querySelector("#basket-empty").hidden = found.length + missing.length > 0;
    document.querySelector("#basket-actions").hidden = found.length === 0;
    document.querySelector("#basket-picks").replaceChildren(...found.map((one) => {
      const field = piece("input");
      field.type = "hidden";
      field.name = "pick";
      field.value = one.iri;
      return field;
    }));
    document.querySelector("#basket-actions [name=standards]").value = standardsOf(found);
    const cell = (text) => `"${/^[=+\-@\t]/.test(text) ? "'" : ""}${text.replaceAll('"', '""')}"`;
    const rows = found.map((one) => [one.standard, one.standard_name, one.kind, one.code, one.text, one.iri].map(cell).join(","));
    const csv = `\ufeff${["standard,name,kind,code,text,iri", ...rows].join("\r\n")}\r\n`;
    document.querySelector("#basket-csv").href = `data:text/csv;charset=utf-8,${encodeURIComponent(csv)}`;
  }
  async function looked(address, iris) {
    const answer = await fetch(address, {
      method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify({ iris }),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }
  // an outline is measured against the standards that its competencies come from, the first few of them
  function standardsOf(found) {
    return [...new Set(found.map((one) => one.standard))].filter(Boolean).slice(0, 5).join(", ");
  }
  async function list() {
    if (!place) return;
    const iris = read();
    if (elements.length && elements.every((one) => iris.includes(one.iri)) && elements.length === iris.length) return;
    const known = new Map(elements.map((one) => [one.iri, one]));
    if (iris.every((iri) => known.has(iri))) {
      elements = iris.map((iri) => known.get(iri));
      shown(elements, []);
      return;
    }
    try {
      const found = await looked(place.dataset.address, iris);
      elements = found.elements;
      shown(found.elements, found.missing);
    } catch {
      place.replaceChildren(piece("p", "problem", place.dataset.failed));
    }
  }
  if (place) {
    document.querySelector("[data-basket-clear]").addEventListener("click", () => {
      const size = read().length;
      write([]);
      document.querySelector("#basket-status").textContent = place.dataset.confirm.replace("{count}", size);
    });
    const copy = document.querySelector("[data-basket-copy]");
    copy.addEventListener("click", async () => {
      const text = elements.map((one) => `${one.standard} ${one.code} ${one.text}`).join("\n");
      await navigator.clipboard.writeText(text);
      const before = copy.textContent;
      copy.textContent = copy.dataset.done;
      setTimeout(() => { copy.textContent = before; }, 2000);
    });
  }
  // a course outline offers to take what it has not got yet
  const offer = document.querySelector("[data-basket-offer]");
  function offered() {
    if (!offer) return;
    const has = new Set(JSON.parse(offer.dataset.has));
    const more = read().filter((iri) => !has.has(iri));
    offer.hidden = more.length === 0;
    offer.querySelector(".told").textContent = offer.dataset.told.replace("{count}", more.length);
  }
  function field(form, name, value) {
    const made = piece("input");
    made.type = "hidden";
    made.name = name;
    made.value = value;
    made.dataset.fromBasket = "";
    form.append(made);
  }
  if (offer) {
    offer.querySelector("button").addEventListener("click", async (event) => {
      event.preventDefault();
      const button = event.currentTarget;
      const form = button.form;
      const has = new Set(JSON.parse(offer.dataset.has));
      try {
        const { elements: found } = await looked(offer.dataset.basketOffer, read().filter((iri) => !has.has(iri)));
        if (!found.length) {
          offer.querySelector(".told").textContent = offer.dataset.gone;
          return;
        }
        // a page that the browser went back to has them already
        for (const old of form.querySelectorAll("[data-from-basket]")) old.remove();
        for (const one of found) field(form, "pick", one.iri);
        // into a unit of their own, whatever the choices of the page say
        field(form, "into", form.querySelectorAll(".unit").length);
        const targets = form.elements.namedItem("standards");
        if (!targets.value.trim()) targets.value = standardsOf(found);
        form.requestSubmit(button);
      } catch {
        offer.querySelector(".told").textContent = offer.dataset.failed;
      }
    });
  }
  function show() { count(); mark(); list(); offered(); }
  window.addEventListener("storage", (event) => { if (event.key === KEY) show(); });
  show();
})();
