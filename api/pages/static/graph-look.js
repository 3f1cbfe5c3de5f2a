// How nodes and links of a graph look, in the colours of the page: for Cytoscape.
const SHAPES = {
  standard: "round-rectangle", task: "rectangle", activity: "diamond", output: "rhomboid", indicator: "triangle", knowledge: "hexagon",
  skill: "ellipse", attitude: "star", item: "ellipse", statement: "vee", technology: "pentagon", group: "octagon", version: "rectangle", code: "tag",
};
const TOKENS = { item: "soft", version: "soft", code: "soft", technology: "output", group: "standard", statement: "activity" };

/** A token of the style sheet, as it is in the colours of now. */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** What is written beside a link, in `size`. */
export function linkLabel(label, size) {
  return {
    label, "font-size": size, color: token("soft"), "font-family": getComputedStyle(document.body).fontFamily, "text-rotation": "autorotate",
    "text-background-color": token("paper"), "text-background-opacity": 0.9, "min-zoomed-font-size": 6,
  };
}

/** The styles that all graphs begin with; `label` names the field with the text of a node. */
export function graphStyles(label) {
  return [
    { selector: "node", style: {
      label: `data(${label})`, color: token("ink"), "font-family": getComputedStyle(document.body).fontFamily, "font-size": 12, "line-height": 1.25,
      "text-wrap": "wrap", "text-max-width": 130, "text-valign": "bottom", "text-margin-y": 4, width: 24, height: 24, "min-zoomed-font-size": 6,
      "text-background-color": token("paper"), "text-background-opacity": 0.85, "text-background-padding": 2, "background-color": token("soft"),
    } },
    // lines break at spaces, and Chinese has none
    { selector: "node[?isCjk]", style: { "text-overflow-wrap": "anywhere" } },
    ...Object.entries(SHAPES).map(([kind, shape]) => ({
      selector: `node[kind = "${kind}"]`, style: { shape, "background-color": token(TOKENS[kind] || kind) },
    })),
    { selector: 'node[kind = "standard"]', style: { width: 34, height: 24 } },
    { selector: "edge", style: {
      width: 1.5, "line-color": token("line"), "target-arrow-color": token("soft"), "target-arrow-shape": "triangle", "arrow-scale": 0.8,
      "curve-style": "bezier",
    } },
  ];
}

/** Whether lines of a text may break anywhere. */
export function isCjk(text) {
  return /[\u3000-\u9fff\uf900-\ufaff]/.test(text);
}
