// Draws the answer of a query as a graph; a node leads to its page.
const place = document.querySelector("#answer-graph");
let look; // of the graph, loaded with the library

function styles() {
  return [
    ...look.graphStyles("text"),
    { selector: "node:selected", style: { "border-width": 4, "border-color": look.token("accent") } },
    { selector: "edge", style: look.linkLabel("data(text)", 9) },
  ];
}

async function draw() {
  let cytoscape;
  [{ default: cytoscape }, look] = await Promise.all([import(place.dataset.library), import(place.dataset.look)]);
  const answer = JSON.parse(place.dataset.graph);
  place.replaceChildren();
  const elements = [
    ...answer.nodes.map((one) => ({ data: { ...one, kind: one.kind.toLowerCase(), isCjk: look.isCjk(one.text) } })),
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
