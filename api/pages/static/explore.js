// The graph around a node: expand, collapse, filter, and a list of its nodes that says the same as the canvas.
const place = document.querySelector(".explore-graph");
const words = place?.dataset;
const STEP = window.innerWidth < 700 ? 8 : 14;
const MOST = 300;
const { piece: make, kindWord } = shared;
let look; // of the graph, loaded with the library

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// the code and the number in a line of their own, so that neither breaks
function shown(one, isOpen, home) {
  const text = one.label.length > 46 ? `${one.label.slice(0, 45)}…` : one.label;
  const place = one.standard && one.standard !== home ? one.standard_code : "";
  const code = [place, one.code !== one.label ? one.code : ""].filter(Boolean).join(" ");
  const rest = !isOpen && one.count > 1 ? ` (${one.count})` : "";
  return code ? `${code}${rest}\n${text}` : `${text}${rest}`;
}

function styles() {
  const { token } = look;
  return [
    ...look.graphStyles("shown"),
    { selector: 'node[kind = "version"]', style: { "background-opacity": 0, "border-width": 2, "border-color": token("soft") } },
    { selector: 'node[?isOpen]', style: { width: 36, height: 30, "font-weight": 700 } },
    { selector: "node.chosen", style: { "border-width": 4, "border-color": token("accent"), "border-opacity": 1 } },
    { selector: "edge.near", style: {
      ...look.linkLabel("data(label)", 10), width: 2.5, "line-color": token("accent"), "target-arrow-color": token("accent"),
    } },
  ];
}

async function start() {
  const canvas = place.querySelector(".explore-canvas");
  const list = place.querySelector(".explore-nodes");
  const panel = place.querySelector(".explore-panel");
  const status = place.querySelector("[role=status]");
  const form = document.querySelector("#explore-filters");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const root = words.node;
  const opened = new Map(); // by IRI: what was fetched of it, in the order of opening
  let chosen = root;
  place.hidden = false;

  let cytoscape;
  try {
    [{ default: cytoscape }, look] = await Promise.all([import(words.library), import(words.look)]);
  } catch {
    canvas.replaceChildren(make("p", "hint", words.failed));
    return;
  }
  const graph = cytoscape({ container: canvas, style: styles(), maxZoom: 3, minZoom: 0.15, boxSelectionEnabled: false, autounselectify: true });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => graph.style(styles()));

  const filters = () => [...new FormData(form)].filter(([name, value]) => (name === "kind" || name === "relation") && value);

  async function fetched(iri, offset) {
    const query = new URLSearchParams([["iri", iri], ...filters(), ["hl", words.language], ["limit", STEP], ["offset", offset]]);
    // a relation that only the centre has would hide all that others lead to
    if (iri !== root) query.delete("relation");
    const answer = await fetch(`/api/v1/neighbours?${query}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  }

  const inGraph = (iri) => graph.getElementById(iri);

  function remember(answer) {
    const before = opened.get(answer.node.iri);
    const nodes = before ? [...before.nodes, ...answer.nodes] : answer.nodes;
    const edges = before ? [...before.edges, ...answer.edges] : answer.edges;
    opened.set(answer.node.iri, { node: answer.node, nodes, edges, total: answer.total });
  }

  // what is reached from the centre over opened nodes stays; the rest goes
  function draw({ around = null, all = false } = {}) {
    const nodes = new Map();
    const edges = new Map();
    const queue = [root];
    const seen = new Set();
    while (queue.length) {
      const iri = queue.shift();
      const one = opened.get(iri);
      if (!one || seen.has(iri)) continue;
      seen.add(iri);
      nodes.set(iri, { ...nodes.get(iri), ...one.node });
      for (const other of one.nodes) {
        if (!nodes.has(other.iri)) nodes.set(other.iri, other);
        if (opened.has(other.iri)) queue.push(other.iri);
      }
      for (const edge of one.edges) edges.set(`${edge.from} ${edge.relation} ${edge.to}`, edge);
    }
    for (const iri of opened.keys()) if (!seen.has(iri)) opened.delete(iri);
    const added = [];
    const home = opened.get(root).node.standard || root;
    graph.batch(() => {
      graph.remove(graph.nodes().filter((one) => !nodes.has(one.id())));
      graph.remove(graph.edges().filter((one) => !edges.has(one.id())));
      for (const [iri, one] of nodes) {
        const data = { ...one, id: iri, isOpen: opened.has(iri), shown: shown(one, opened.has(iri), home), isCjk: look.isCjk(one.label) };
        const known = inGraph(iri);
        if (known.nonempty()) known.data(data);
        else {
          const from = around && inGraph(around);
          const position = from && from.nonempty() ? { x: from.position("x") + Math.random() * 60 - 30, y: from.position("y") + Math.random() * 60 - 30 } : undefined;
          added.push(graph.add({ group: "nodes", data, position }));
        }
      }
      for (const [id, edge] of edges) {
        if (graph.getElementById(id).nonempty() || !nodes.has(edge.from) || !nodes.has(edge.to)) continue;
        graph.add({ group: "edges", data: { id, source: edge.from, target: edge.to, label: edge.label[words.language] } });
      }
    });
    if (inGraph(chosen).empty()) chosen = root;
    if (added.length || all) {
      graph.layout({
        name: "fcose", animate: !calm.matches && !all, animationDuration: 350, randomize: all, quality: all ? "proof" : "default",
        nodeDimensionsIncludeLabels: true, idealEdgeLength: 90, nodeSeparation: 80, nodeRepulsion: 9000, fit: true, padding: 24,
      }).run();
    }
    showList();
    choose(chosen, { quiet: true });
    keepAddress();
    place.dataset.nodes = String(graph.nodes().length);
  }

  function showList() {
    const focus = document.activeElement === list;
    const order = [];
    for (const one of opened.values()) {
      if (!order.includes(one.node.iri)) order.push(one.node.iri);
      for (const other of one.nodes) if (!order.includes(other.iri)) order.push(other.iri);
    }
    list.replaceChildren(...order.filter((iri) => inGraph(iri).nonempty()).map((iri, number) => {
      const data = inGraph(iri).data();
      const shape = make("span", `shape shape-${data.kind} kind-${data.kind}`);
      shape.setAttribute("aria-hidden", "true");
      const label = make("span", "", data.code && data.code !== data.label ? `${data.code} ` : "", data.label);
      if (data.language) label.lang = data.language;
      const kind = make("span", "visually-hidden", kindWord(data.kind));
      const item = make("li", opened.has(iri) ? "" : "deep", shape, kind, label, make("span", "count", String(data.count)));
      item.id = `node-${number}`;
      item.dataset.iri = iri;
      item.setAttribute("role", "option");
      return item;
    }));
    if (focus) list.focus();
  }

  const itemOf = (iri) => [...list.children].find((one) => one.dataset.iri === iri);

  function choose(iri, { quiet = false } = {}) {
    chosen = iri;
    graph.elements().removeClass("chosen near");
    const node = inGraph(iri);
    node.addClass("chosen").connectedEdges().addClass("near");
    for (const one of list.children) one.setAttribute("aria-selected", String(one.dataset.iri === iri));
    const item = itemOf(iri);
    if (item) {
      list.setAttribute("aria-activedescendant", item.id);
      list.scrollTop = Math.max(0, item.offsetTop - list.offsetTop - list.clientHeight / 2);
    }
    showPanel(node.data(), quiet);
  }

  function button(text, act) {
    const one = make("button", "small", text);
    one.type = "button";
    one.addEventListener("click", act);
    return one;
  }

  function address(iri) {
    const query = new URLSearchParams({ node: iri });
    if (words.explicit) query.set("hl", words.language);
    return `/explore?${query}`;
  }

  function pageOf(data) {
    const target = new URL(data.href, location.href);
    if (words.explicit && target.origin === location.origin) target.searchParams.set("hl", words.language);
    return target.href;
  }

  function showPanel(data, quiet) {
    const name = make("p", "name", data.code && data.code !== data.label ? `${data.code} ` : "", data.label);
    if (data.language) name.lang = data.language;
    const parts = [make("p", "", make("span", `kind kind-${data.kind}`, kindWord(data.kind))), name];
    if (data.standard_code && data.standard !== root) parts.push(make("p", "hint", fill(words.in, { code: data.standard_code, name: data.standard_name })));
    if (data.description) {
      const text = make("p", "described", data.description);
      if (data.description_language) text.lang = data.description_language;
      parts.push(text);
    }
    parts.push(make("p", "hint", fill(words.connected, { count: data.count })));
    const actions = make("p", "buttons");
    const known = opened.get(data.id);
    if (data.id !== root || !known) actions.append(button(known ? words.collapse : words.expand, () => toggle(data.id)));
    if (known && known.nodes.length < known.total) {
      const count = Math.min(STEP, known.total - known.nodes.length);
      actions.append(button(fill(words.more, { count, total: known.total }), () => expand(data.id)));
    }
    if (data.kind !== "version") {
      const link = make("a", "", words.open);
      link.href = pageOf(data);
      actions.append(link);
    }
    if (data.id !== root) {
      const link = make("a", "", words.center);
      link.href = address(data.id);
      actions.append(link);
    }
    parts.push(actions);
    panel.replaceChildren(...parts);
    if (!quiet) {
      status.textContent = known
        ? fill(words.status, { shown: known.nodes.length, total: known.total, name: data.label })
        : `${data.label}, ${fill(words.connected, { count: data.count })}`;
    }
  }

  async function expand(iri) {
    if (graph.nodes().length + STEP > MOST) {
      status.textContent = words.full;
      status.classList.remove("visually-hidden");
      return;
    }
    const known = opened.get(iri);
    place.setAttribute("aria-busy", "true");
    try {
      remember(await fetched(iri, known ? known.nodes.length : 0));
      draw({ around: iri });
      choose(iri);
    } catch {
      status.textContent = words.failed;
      status.classList.remove("visually-hidden");
    }
    place.removeAttribute("aria-busy");
  }

  function toggle(iri) {
    if (iri === root) return;
    if (!opened.has(iri)) {
      expand(iri);
      return;
    }
    opened.delete(iri);
    status.classList.add("visually-hidden");
    draw();
    choose(inGraph(iri).nonempty() ? iri : root);
  }

  // the address says what is shown, so that it can be kept and sent
  function keepAddress() {
    const query = new URLSearchParams(location.search);
    query.delete("open");
    for (const iri of opened.keys()) if (iri !== root) query.append("open", iri);
    history.replaceState(null, "", `${location.pathname}?${query}`);
    const link = document.querySelector("[data-permalink]");
    if (link) link.href = location.href;
    for (const one of form.querySelectorAll("input[name=open]")) one.remove();
    for (const iri of opened.keys()) {
      if (iri === root) continue;
      const input = make("input", "");
      Object.assign(input, { type: "hidden", name: "open", value: iri });
      form.append(input);
    }
  }

  // along the neighbours on the canvas; up and down in the order of the list
  function step(key) {
    if (key === "ArrowDown" || key === "ArrowUp") {
      const items = [...list.children];
      const at = items.findIndex((one) => one.dataset.iri === chosen) + (key === "ArrowDown" ? 1 : -1);
      if (items[at]) choose(items[at].dataset.iri);
      return;
    }
    const here = inGraph(chosen);
    const side = key === "ArrowRight" ? 1 : -1;
    const near = here.neighborhood("node").filter((one) => (one.position("x") - here.position("x")) * side > 0);
    const closest = near.min((one) => Math.abs(one.position("y") - here.position("y")) * 2 + Math.abs(one.position("x") - here.position("x"))).ele;
    if (closest) choose(closest.id());
  }

  list.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const data = inGraph(chosen).data();
    if (event.key.startsWith("Arrow")) step(event.key);
    else if (event.key === "Home") choose(list.firstElementChild.dataset.iri);
    else if (event.key === "End") choose(list.lastElementChild.dataset.iri);
    else if (event.key === "Enter" || event.key === " ") toggle(chosen);
    else if (event.key.toLowerCase() === "o" && data.kind !== "version") location.assign(pageOf(data));
    else if (event.key.toLowerCase() === "c") location.assign(address(chosen));
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) choose(item.dataset.iri);
  });
  list.addEventListener("dblclick", () => toggle(chosen));
  graph.on("tap", "node", (event) => {
    const iri = event.target.id();
    choose(iri);
    toggle(iri);
  });
  graph.on("mouseover", "node", () => canvas.classList.add("over"));
  graph.on("mouseout", "node", () => canvas.classList.remove("over"));
  place.querySelector(".explore-zoom").addEventListener("click", (event) => {
    const act = event.target.dataset.do;
    const middle = { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 };
    if (act === "fit") graph.fit(undefined, 24);
    else if (act) graph.zoom({ level: graph.zoom() * (act === "in" ? 1.3 : 1 / 1.3), renderedPosition: middle });
  });

  try {
    const wanted = [root, ...new URLSearchParams(location.search).getAll("open").filter((iri) => iri !== root)].slice(0, 20);
    const answers = await Promise.allSettled(wanted.map((iri) => fetched(iri, 0)));
    for (const one of answers) if (one.status === "fulfilled") remember(one.value);
    if (!opened.has(root)) throw new Error("no centre");
    draw({ all: true });
  } catch {
    canvas.replaceChildren(make("p", "hint", words.failed));
  }
  place.dataset.ready = "true";
}

if (place) start();
