// The map of all standards: moved, zoomed, coloured, filtered and searched.
"use strict";

(() => {
  const root = document.querySelector("[data-map]");
  if (!root) return;
  const find = (name) => document.querySelector(`[data-map-${name}]`);
  const canvas = find("canvas");
  const tip = find("tip");
  const form = find("form");
  const colour = find("colour");
  const status = find("status");
  const listed = find("list");
  const clear = find("clear");
  const words = root.dataset;
  const state = { points: [], regions: [], hidden: new Set(), hits: null, order: [], active: null, whole: 1, view: { x: 5000, y: 5000, scale: 0.05 } };
  let data = null;
  let visible = [];
  let planned = 0;
  let listing = 0;

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => String(values[key]));

  function address(iri) {
    const language = words.language ? { hl: words.language } : {};
    return "/resource?" + new URLSearchParams({ iri, ...language });
  }

  function plan() {
    if (planned) return;
    planned = requestAnimationFrame(() => {
      planned = 0;
      visible = drawMap(canvas, state);
      clearTimeout(listing);
      listing = setTimeout(list, 150);
    });
  }

  // What is in view, or what was found, as links: the map for those who do not see it.
  function list() {
    const heading = document.getElementById("h-view");
    const { clientWidth: width, clientHeight: height } = canvas;
    let shown;
    if (state.hits) {
      heading.textContent = heading.dataset.hits;
      shown = state.order.slice(0, 50);
      find("count").textContent = "";
    } else {
      heading.textContent = heading.dataset.inView;
      const inside = visible.filter(({ x, y }) => x >= 0 && y >= 0 && x <= width && y <= height);
      const far = ({ x, y }) => (x - width / 2) ** 2 + (y - height / 2) ** 2;
      inside.sort((a, b) => far(a) - far(b));
      shown = inside.slice(0, 30).map((one) => one.point);
      find("count").textContent = fill(words.wordsView, { shown: shown.length, total: inside.length.toLocaleString() });
    }
    listed.replaceChildren(
      ...shown.map((point) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        const code = document.createElement("span");
        const name = document.createElement("span");
        link.href = address(point.iri);
        code.className = "code";
        code.textContent = point.code;
        name.lang = point.lang;
        name.textContent = point.name;
        link.append(code, " ", name);
        const mark = (active) => { state.active = active; plan(); };
        link.addEventListener("focus", () => mark(point));
        link.addEventListener("blur", () => mark(null));
        item.addEventListener("pointerenter", () => mark(point));
        item.addEventListener("pointerleave", () => mark(null));
        item.append(link);
        return item;
      }),
    );
  }

  function swatch(group) {
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    picture.setAttribute("viewBox", "-10 -10 20 20");
    picture.setAttribute("aria-hidden", "true");
    const outlines = {
      circle: "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z", square: "M-5.5-5.5h11v11h-11z", triangle: "M0-7.5L7 5H-7z",
      diamond: "M0-8L8 0L0 8L-8 0z", wedge: "M0 7.5L7-5H-7z", cross: "M-7-2.7h4.3V-7h5.4v4.3H7v5.4H2.7V7h-5.4V2.7H-7z",
    };
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", outlines[markShape(group)]);
    path.setAttribute("class", `map-c${group}`);
    picture.append(path);
    return picture;
  }

  function paint() {
    const grouping = data.groupings.find((one) => one.name === colour.value) ?? data.groupings[0];
    const counts = new Map();
    state.hidden.clear();
    state.points.forEach((point, at) => {
      const group = grouping ? grouping.standards[at] : 0;
      point.group = group < 0 || group >= MAP_GROUPS ? MAP_GROUPS : group;
      counts.set(point.group, (counts.get(point.group) ?? 0) + 1);
    });
    const names = new Map([...root.querySelectorAll("[data-word]")].map((one) => [one.dataset.word, one.textContent]));
    const legend = [...counts.keys()].sort((a, b) => a - b).map((group) => {
      const item = document.createElement("li");
      const label = document.createElement("label");
      const box = document.createElement("input");
      const text = document.createElement("span");
      const count = document.createElement("span");
      box.type = "checkbox";
      box.checked = true;
      box.addEventListener("change", () => {
        if (box.checked) state.hidden.delete(group);
        else state.hidden.add(group);
        plan();
      });
      const place = group < MAP_GROUPS ? grouping?.groups[group] : null;
      const more = grouping && grouping.groups.length > MAP_GROUPS;
      text.textContent = place
        ? (names.get(`${grouping.name} ${place.place}`) ?? [place.code, place.name].filter(Boolean).join(" "))
        : more ? `${words.wordsOthers} / ${words.wordsWithout}` : words.wordsWithout;
      if (place?.lang) text.lang = place.lang;
      if (place && grouping.name === "level") text.textContent += ` (${place.scheme})`;
      count.className = "count";
      count.textContent = counts.get(group).toLocaleString();
      label.append(box, swatch(group), text, count);
      item.append(label);
      return item;
    });
    find("legend").replaceChildren(...legend);
    plan();
  }

  function keepAddress() {
    const given = new URLSearchParams(location.search);
    const query = form.elements.q.value.trim();
    if (query && state.hits) given.set("q", query);
    else given.delete("q");
    given.set("colour", colour.value);
    history.replaceState(null, "", `?${given}`);
  }

  async function search() {
    const query = form.elements.q.value.trim();
    state.hits = null;
    state.order = [];
    status.textContent = "";
    clear.hidden = !query;
    if (query) {
      try {
        const answer = await fetch("/api/v1/map/hits?" + new URLSearchParams({ q: query }));
        const found = await answer.json();
        if (!answer.ok) throw new Error(found.detail);
        const known = new Map(state.points.map((point) => [point.iri, point]));
        state.order = found.standards.map((one) => known.get(one.iri)).filter(Boolean);
        state.hits = state.order.length ? new Set(state.order.map((point) => point.iri)) : null;
        const count = state.order.length;
        status.textContent = fill(count ? words.wordsFound : words.wordsFoundNone, { count, query });
      } catch (error) {
        status.textContent = error.message || words.wordsFailed;
      }
    }
    keepAddress();
    plan();
  }

  function showAll() {
    const xs = state.points.map((point) => point.x);
    const ys = state.points.map((point) => point.y);
    const [left, right] = [Math.min(...xs), Math.max(...xs)];
    const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
    const margin = 60;
    state.whole = Math.min(
      (canvas.clientWidth - margin) / Math.max(right - left, 500),
      (canvas.clientHeight - margin) / Math.max(bottom - top, 500),
    );
    state.view = { x: (left + right) / 2, y: (top + bottom) / 2, scale: state.whole };
    plan();
  }

  function zoom(factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
    const { view } = state;
    const scale = Math.min(Math.max(view.scale * factor, state.whole * 0.8), state.whole * 60);
    const [dx, dy] = [x - canvas.clientWidth / 2, y - canvas.clientHeight / 2];
    view.x += dx / view.scale - dx / scale;
    view.y += dy / view.scale - dy / scale;
    view.scale = scale;
    plan();
  }

  function move(dx, dy) {
    state.view.x -= dx / state.view.scale;
    state.view.y -= dy / state.view.scale;
    plan();
  }

  function nearest(x, y, within) {
    let best = null;
    let least = within ** 2;
    for (const one of visible) {
      const distance = (one.x - x) ** 2 + (one.y - y) ** 2;
      if (distance < least) [best, least] = [one, distance];
    }
    return best;
  }

  function point(x, y) {
    const found = nearest(x, y, 12);
    state.active = found?.point ?? null;
    canvas.classList.toggle("pointing", Boolean(found));
    tip.hidden = !found;
    if (found) {
      tip.replaceChildren();
      const code = document.createElement("span");
      code.className = "code";
      code.textContent = found.point.code;
      tip.append(code, ` ${found.point.name}`);
      tip.lang = found.point.lang;
      const right = Math.max(0, canvas.clientWidth - tip.offsetWidth - 4);
      const above = found.y > canvas.clientHeight - 80 ? -tip.offsetHeight - 14 : 14;
      tip.style.translate = `${Math.min(found.x + 12, right)}px ${found.y + above}px`;
    }
    plan();
  }

  const pointers = new Map();
  let travelled = 0;
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
    if (pointers.size === 1) travelled = 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return point(event.offsetX, event.offsetY);
    const now = [event.offsetX, event.offsetY];
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    travelled += Math.hypot(now[0] - before[0], now[1] - before[1]);
    pointers.set(event.pointerId, now);
    if (other) {
      const apart = (at) => Math.max(1, Math.hypot(at[0] - other[0], at[1] - other[1]));
      zoom(apart(now) / apart(before), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    } else if (travelled > 4) {
      canvas.classList.add("moving");
      tip.hidden = true;
      move(now[0] - before[0], now[1] - before[1]);
    }
  });
  const release = (event) => {
    const wasClick = pointers.size === 1 && travelled <= 4 && event.type === "pointerup";
    pointers.delete(event.pointerId);
    canvas.classList.remove("moving");
    if (!wasClick) return;
    const found = nearest(event.offsetX, event.offsetY, event.pointerType === "touch" ? 20 : 12);
    if (found) location.assign(address(found.point.iri));
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", () => {
    tip.hidden = true;
    state.active = null;
    plan();
  });
  canvas.addEventListener("wheel", (event) => {
    // until somebody turned to the map, the wheel scrolls the page
    if (document.activeElement !== canvas && !event.ctrlKey) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), event.offsetX, event.offsetY);
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = 60;
    const keys = {
      ArrowLeft: () => move(step, 0), ArrowRight: () => move(-step, 0), ArrowUp: () => move(0, step), ArrowDown: () => move(0, -step),
      "+": () => zoom(1.5), "=": () => zoom(1.5), "-": () => zoom(1 / 1.5), 0: showAll,
      Enter: () => {
        const found = nearest(canvas.clientWidth / 2, canvas.clientHeight / 2, Infinity);
        if (found) location.assign(address(found.point.iri));
      },
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  for (const button of document.querySelectorAll("[data-map-zoom]")) {
    const acts = { in: () => zoom(1.6), out: () => zoom(1 / 1.6), all: showAll };
    button.addEventListener("click", acts[button.dataset.mapZoom]);
  }
  colour.addEventListener("change", () => { paint(); keepAddress(); });
  form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
  clear.addEventListener("click", () => { form.elements.q.value = ""; search(); });
  new ResizeObserver(() => { if (data) plan(); }).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", plan);

  (async () => {
    try {
      const answer = await fetch(words.map);
      if (!answer.ok) throw new Error(String(answer.status));
      data = await answer.json();
    } catch {
      status.textContent = words.wordsFailed;
      return;
    }
    state.points = data.iri.map((iri, at) => ({ iri, code: data.code[at], name: data.name[at], lang: data.lang[at], x: data.x[at], y: data.y[at], group: 0 }));
    state.regions = data.regions;
    showAll();
    paint();
    if (form.elements.q.value.trim()) search();
  })();
})();
