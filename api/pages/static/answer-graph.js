// Draws the answer of a query as a graph; a node leads to its page.
const place = document.querySelector("#answer-graph");
const KINDS = ["task", "activity", "output", "indicator", "knowledge", "skill", "attitude", "standard"];

function styles() {
  const tokens = getComputedStyle(document.documentElement);
  const token = (name) => tokens.getPropertyValue(`--${name}`).trim();
  const font = getComputedStyle(document.body).fontFamily;
  return [
    { selector: "node", style: {
      label: "data(text)", color: token("ink"), "font-family": font, "font-size": 12, "text-wrap": "wrap", "text-max-width": 130,
      "text-valign": "bottom", "text-margin-y": 4, "background-color": token("soft"), width: 22, height: 22,
      "text-background-color": token("paper"), "text-background-opacity": 0.8, "text-background-padding": 2,
    } },
    ...KINDS.map((kind) => ({ selector: `node[kind = "${kind}"]`, style: { "background-color": token(kind) } })),
    { selector: 'node[kind = "standard"]', style: { shape: "round-rectangle", width: 30, height: 22 } },
    { selector: "node:selected", style: { "border-width": 4, "border-color": token("accent") } },
    { selector: "edge", style: {
      label: "data(text)", "font-size": 9, color: token("soft"), "font-family": font, width: 1.5, "line-color": token("line"),
      "target-arrow-color": token("soft"), "target-arrow-shape": "triangle", "arrow-scale": 0.8, "curve-style": "bezier",
      "text-rotation": "autorotate", "text-background-color": token("paper"), "text-background-opacity": 0.8,
    } },
  ];
}

async function draw() {
  const { default: cytoscape } = await import(place.dataset.library);
  const answer = JSON.parse(place.dataset.graph);
  place.replaceChildren();
  const elements = [
    ...answer.nodes.map((one) => ({ data: { ...one, kind: one.kind.toLowerCase() } })),
    ...answer.links.map((one) => ({ data: one })),
  ];
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const graph = cytoscape({
    container: place, elements, style: styles(), wheelSensitivity: 0.3, maxZoom: 3, minZoom: 0.1,
    layout: { name: "fcose", animate: false, nodeSeparation: 90, idealEdgeLength: 110, randomize: true, fit: true, padding: 30 },
  });
  graph.on("tap", "node", (event) => {
    const href = event.target.data("href");
    if (href) location.assign(href);
  });
  graph.on("mouseover", "node", () => { place.style.cursor = "pointer"; });
  graph.on("mouseout", "node", () => { place.style.cursor = ""; });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => graph.style(styles()));
  place.dataset.nodes = String(graph.nodes().length);
  if (!calm) place.classList.add("drawn");
}

if (place) draw();
