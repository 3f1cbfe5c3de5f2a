// How the map is drawn: marks by group in one path each, names where there is room for them.
"use strict";

const MAP_GROUPS = 11;
const MAP_SHAPES = ["circle", "square", "triangle", "diamond", "wedge", "cross"];

// Adds one mark to a path, whose half width is r; all cover about the same area.
function addMark(path, shape, x, y, r) {
  if (shape === "square") {
    path.rect(x - r * 0.88, y - r * 0.88, r * 1.76, r * 1.76);
  } else if (shape === "triangle" || shape === "wedge") {
    const up = shape === "triangle" ? -1 : 1;
    path.moveTo(x, y + up * r * 1.25);
    path.lineTo(x + r * 1.15, y - up * r * 0.8);
    path.lineTo(x - r * 1.15, y - up * r * 0.8);
    path.closePath();
  } else if (shape === "diamond") {
    path.moveTo(x, y - r * 1.3);
    path.lineTo(x + r * 1.3, y);
    path.lineTo(x, y + r * 1.3);
    path.lineTo(x - r * 1.3, y);
    path.closePath();
  } else if (shape === "cross") {
    path.rect(x - r * 1.2, y - r * 0.45, r * 2.4, r * 0.9);
    path.rect(x - r * 0.45, y - r * 1.2, r * 0.9, r * 2.4);
  } else {
    path.moveTo(x + r, y);
    path.arc(x, y, r, 0, 2 * Math.PI);
  }
}

function markShape(group) {
  return group < MAP_GROUPS ? MAP_SHAPES[group % MAP_SHAPES.length] : "circle";
}

// Names that do not cover each other: the first that come have the room.
class Labels {
  constructor(context) {
    this.context = context;
    this.taken = [];
  }

  draw(text, x, y, { size, weight, fill, halo, align, apart = 3 }) {
    const context = this.context;
    context.font = `${weight} ${size}px ${getComputedStyle(context.canvas).fontFamily}`;
    const width = context.measureText(text).width;
    const room = context.canvas.clientWidth - width - 4;
    const left = align === "center" ? Math.max(4, Math.min(x - width / 2, room)) : x;
    const box = [left - apart, y - size * 0.7 - apart / 2, left + width + apart, y + size * 0.7 + apart / 2];
    if (this.taken.some((one) => box[0] < one[2] && box[2] > one[0] && box[1] < one[3] && box[3] > one[1])) return;
    this.taken.push(box);
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 4;
    context.strokeStyle = halo;
    context.strokeText(text, left, y);
    context.fillStyle = fill;
    context.fillText(text, left, y);
  }
}

// state: points, groups, hidden, hits, view {x, y, scale}, active; all in the units of the map.
function drawMap(canvas, state) {
  const ratio = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  const tokens = getComputedStyle(document.documentElement);
  const token = (name) => tokens.getPropertyValue(name).trim();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const { view, points } = state;
  const zoom = view.scale / state.whole;
  const isNarrow = width < 560;
  const mark = points.length < 100 ? 5 : isNarrow ? 1.5 : 2.3;
  const radius = Math.min(8, mark * Math.sqrt(Math.max(1, zoom)));
  const paths = new Map();
  const visible = [];
  for (const point of points) {
    if (state.hidden.has(point.group)) continue;
    const x = (point.x - view.x) * view.scale + width / 2;
    const y = (point.y - view.y) * view.scale + height / 2;
    if (x < -20 || y < -20 || x > width + 20 || y > height + 20) continue;
    visible.push({ point, x, y });
    const isHit = state.hits?.has(point.iri) ?? false;
    const key = isHit ? `hit ${point.group}` : String(point.group);
    if (!paths.has(key)) paths.set(key, { path: new Path2D(), group: point.group, isHit });
    addMark(paths.get(key).path, markShape(point.group), x, y, isHit ? radius * 1.8 : radius);
  }
  for (const { path, group, isHit } of [...paths.values()].sort((a, b) => a.isHit - b.isHit)) {
    context.globalAlpha = state.hits && !isHit ? 0.18 : 0.85;
    context.fillStyle = token(`--map-${group}`);
    context.fill(path);
    if (isHit) {
      context.globalAlpha = 1;
      context.lineWidth = 1.5;
      context.strokeStyle = token("--ink");
      context.stroke(path);
    }
  }
  context.globalAlpha = 1;
  const labels = new Labels(context);
  const halo = token("--paper");
  if (state.active) {
    const x = (state.active.x - view.x) * view.scale + width / 2;
    const y = (state.active.y - view.y) * view.scale + height / 2;
    context.lineWidth = 2.5;
    context.strokeStyle = token("--ink");
    context.beginPath();
    context.arc(x, y, radius + 5, 0, 2 * Math.PI);
    context.stroke();
  }
  const depth = zoom < 2.2 ? 0 : 1;
  if (zoom < 7) {
    for (const one of state.regions.filter((region) => region.depth === depth)) {
      const x = (one.x - view.x) * view.scale + width / 2;
      const y = (one.y - view.y) * view.scale + height / 2;
      const style = { size: isNarrow ? 12 : 13, weight: 600, fill: token("--ink"), halo, align: "center", apart: isNarrow ? 16 : 6 };
      if (x > 0 && y > 0 && x < width && y < height) labels.draw(one.label, x, y, style);
    }
  }
  const named = visible.length <= 90 ? visible : visible.filter((one) => state.hits?.has(one.point.iri)).slice(0, 60);
  if (named.length && (visible.length <= 90 || zoom > 2)) {
    for (const { point, x, y } of named) {
      const style = { size: 12, weight: 400, fill: token("--ink"), halo, align: "left" };
      labels.draw(point.name, x + radius + 4, y, style);
    }
  }
  return visible;
}
