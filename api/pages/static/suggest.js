// Completes what is typed into a box: an editable combobox with a listbox, as the WAI-ARIA practices have it.
"use strict";
function complete(input, number) {
  if (!window.fetch || !window.AbortController) return;
  const form = input.form;
  const words = input.dataset;
  const fills = "suggestFill" in words;
  const { piece, kindWord } = shared;
  const WAIT = 120;
  let options = [];
  let active = -1;
  let timer = 0;
  let running = null;
  let composing = false;
  let typed = input.value;

  const list = document.createElement("ul");
  list.id = number ? `suggestions-${number}` : "suggestions";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.suggestLabel);
  list.hidden = true;
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  input.parentElement.append(list, status);
  for (const [name, value] of [
    ["role", "combobox"], ["aria-autocomplete", "list"], ["aria-haspopup", "listbox"],
    ["aria-expanded", "false"], ["aria-controls", list.id],
  ]) input.setAttribute(name, value);

  function close() {
    clearTimeout(timer);
    if (running) running.abort();
    running = null;
    list.hidden = true;
    list.replaceChildren();
    options = [];
    status.textContent = "";
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function mark(at) {
    active = at;
    Array.from(list.children).forEach((item, number) => item.setAttribute("aria-selected", String(number === at)));
    if (at < 0) {
      input.removeAttribute("aria-activedescendant");
    } else {
      input.setAttribute("aria-activedescendant", list.children[at].id);
      list.children[at].scrollIntoView({ block: "nearest" });
    }
  }

  // the text with its spans marked; spans count code points, strings of this language do not
  function marked(text, spans) {
    const points = Array.from(text);
    const parts = [];
    let position = 0;
    for (const [start, end] of spans) {
      parts.push(points.slice(position, start).join(""));
      const hit = document.createElement("mark");
      hit.textContent = points.slice(start, end).join("");
      parts.push(hit);
      position = end;
    }
    parts.push(points.slice(position).join(""));
    return parts.filter((part) => part !== "");
  }

  function item(one, number) {
    const element = document.createElement("li");
    element.id = `${list.id}-${number}`;
    element.setAttribute("role", "option");
    element.setAttribute("aria-selected", "false");
    const text = piece("span", "text", ...marked(one.text, one.spans));
    if (one.lang) text.lang = one.lang;
    element.append(text);
    if (one.label) element.append(" ", piece("span", "label", one.label));
    const kind = kindWord(one.kind);
    const places = one.count > 1 ? ` · ${words.suggestCount.replace("{count}", one.count)}` : "";
    const leads = one.iri && !fills ? " ↗" : "";
    element.append(" ", piece("span", "what", `${kind}${places}${leads}`));
    element.addEventListener("pointermove", () => { if (active !== number) mark(number); });
    element.addEventListener("click", () => choose(number));
    return element;
  }

  function show(found) {
    options = found;
    list.replaceChildren(...found.map(item));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    status.textContent = words.suggestStatus.replace("{count}", found.length);
    mark(-1);
  }

  function choose(number) {
    const one = options[number];
    close();
    if (fills) {
      input.value = typed = one.type === "code" ? one.text : one.iri || one.query;
      return;
    }
    if (one.iri) {
      const target = new URL(one.href, location.href);
      const language = form.elements.namedItem("hl");
      if (language && target.origin === location.origin) target.searchParams.set("hl", language.value);
      location.assign(target);
      return;
    }
    input.value = typed = one.query;
    form.requestSubmit();
  }

  async function ask() {
    if (running) running.abort();
    const mine = running = new AbortController();
    const query = new URLSearchParams({ q: typed });
    const framework = form.elements.namedItem("framework");
    if (framework && framework.value && !fills) query.set("framework", framework.value);
    if (words.suggestKinds) query.set("kind", words.suggestKinds);
    else for (const kind of form.querySelectorAll("input[name=kind]:checked")) query.append("kind", kind.value);
    try {
      const answer = await fetch(`/api/v1/suggest?${query}`, {
        signal: mine.signal, headers: { Accept: "application/json" },
      });
      const found = answer.ok ? (await answer.json()).suggestions : [];
      if (running === mine && document.activeElement === input) show(found);
    } catch (error) {
      if (error.name !== "AbortError" && running === mine) close();
    }
  }

  function changed() {
    if (composing || input.value === typed) return;
    typed = input.value;
    clearTimeout(timer);
    if (typed.trim() === "") close();
    else timer = setTimeout(ask, WAIT);
  }

  input.addEventListener("compositionstart", () => { composing = true; clearTimeout(timer); });
  input.addEventListener("compositionend", () => { composing = false; changed(); });
  input.addEventListener("input", (event) => { if (!event.isComposing) changed(); });
  input.addEventListener("blur", close);
  // a press must not take the focus away, or the list would close before the click
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());
  form.addEventListener("submit", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || composing || event.keyCode === 229) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (list.hidden) {
        typed = input.value;
        if (typed.trim() !== "") ask();
        return;
      }
      // one place beside the options is the box itself
      const size = options.length + 1;
      mark((active + 1 + steps[event.key] + size) % size - 1);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      choose(active);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Tab") {
      close();
    }
  });
}
document.querySelectorAll("input[data-suggest]").forEach(complete);
