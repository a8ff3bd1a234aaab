// Page 8: a train step as tiles, each with the heat maps of a value and an adjoint. All of them are painted once; a step
// only shows and marks what it changes.

const graph = DATA.graph;
const order = graph.map((_, i) => i).filter(i => graph[i].step !== null).sort((a, b) => graph[a].step - graph[b].step);
const tileSize = [116, 92];
const edges = graph.flatMap((node, user) => node.inputs.map(input => [input, user]));
const upright = byId("run").clientWidth < 680;
const found = layout(graph.length, edges, graph.map(() => (upright ? tileSize : [tileSize[1], tileSize[0]])), { along: 34, across: 26 });
const at = ([across, along]) => (upright ? [across, along] : [along, across]);
const [width, height] = at(found.size);

byId("taught").textContent = DATA.name;
byId("size").textContent = graph.length;

const tiles = byId("tiles");
tiles.style.width = `${width}px`;
tiles.style.height = `${height}px`;
byId("stage").style.height = upright ? "" : `${height + 56}px`;
const lines = edges.map(([from, to], e) => {
  const way = found.ways[e].map(p => [...p]);
  const half = (upright ? tileSize[1] : tileSize[0]) / 2;
  way[0][1] += half;
  way[way.length - 1][1] -= half;
  return svg("path", { class: "edge", d: way.map(at).reduce((d, [x, y], i, points) => {
    if (i === 0) return `M${x} ${y}`;
    const [px, py] = points[i - 1];
    return d + (upright ? `C${px} ${(py + y) / 2} ${x} ${(py + y) / 2} ${x} ${y}` : `C${(px + x) / 2} ${py} ${(px + x) / 2} ${y} ${x} ${y}`);
  }, "") });
});
tiles.append(svg("svg", { width, height, "aria-hidden": "true" }, lines));
const cards = graph.map((node, i) => {
  const [x, y] = at([found.across[i], found.along[i]]);
  const value = el("canvas", { class: "value" }), adjoint = el("canvas", { class: "adjoint" });
  const card = el("div", { class: `tile${node.variable ? " leaf" : ""}${node.step === null ? " constant" : ""}`, style: `left:${x - tileSize[0] / 2}px;top:${y - tileSize[1] / 2}px`, title: `${i}: ${node.label} ${node.detail} ${node.shape}` },
    el("b", {}, node.label), el("span", {}, node.shape), el("div", {}, value, node.step === null ? null : adjoint));
  card.addEventListener("click", () => node.step !== null && steps.go(node.step + 1));
  tiles.append(card);
  return { card, value, adjoint, x, y };
});

function paint() {
  graph.forEach((node, i) => {
    heat(cards[i].value, bytes(node.value.cells), node.value.rows, node.value.columns, "value");
    if (node.adjoint) heat(cards[i].adjoint, bytes(node.adjoint.cells), node.adjoint.rows, node.adjoint.columns, "adjoint");
  });
}

const scale = Math.min(1, 1 / Math.max(width, 1));
const dots = graph.map((_, i) => svg("rect", { class: "dot", x: (cards[i].x - 48) * scale * 1000, y: ((cards[i].y - 38) / height) * 60, width: upright ? 60 : 96 * scale * 1000, height: (76 / height) * 60, rx: 2 }));
const map = svg("svg", { viewBox: `0 0 1000 60`, preserveAspectRatio: "none" }, dots);
if (!upright) byId("minimap").append(map);
map.addEventListener("click", event => byId("stage").scrollTo({ left: (event.offsetX / map.clientWidth) * width - byId("stage").clientWidth / 2, behavior: still() ? "auto" : "smooth" }));

let shownStep = 0, current = null;
const pairs = new Map(edges.map(([from, to], e) => [e, `${from}:${to}`]));

function mark(i, on) {
  cards[i].card.classList.toggle("known", on);
  dots[i].classList.toggle("known", on);
}

const steps = stepper(byId("steps"), step => {
  for (let s = Math.min(step, shownStep); s < Math.max(step, shownStep); s++) mark(order[s], step > shownStep);
  shownStep = step;
  if (current !== null) {
    cards[current].card.classList.remove("current");
    dots[current].classList.remove("current");
    for (const line of document.querySelectorAll(".tiles .edge.active")) line.classList.remove("active");
  }
  current = step === 0 ? order[0] : order[step - 1];
  cards[current].card.classList.add("current");
  dots[current].classList.add("current");
  const node = graph[current];
  if (step > 0) lines.forEach((line, e) => edges[e][0] === current && node.uses.some(use => use.user === edges[e][1]) && line.classList.add("active"));
  inspect(node, current, step > 0);
  follow(cards[current]);
  if (step === 0) return "Forwards everything is computed, and no adjoint is defined. The loss stands at the end.";
  return node.uses.length === 0 ? "The adjoint of the loss is 1." : `The adjoint of node ${current}, ${node.label}, is ${node.uses.length === 1 ? "what its one use contributes" : `the sum of what its ${node.uses.length} uses contribute`}.`;
});

function inspect(node, i, defined) {
  big("value", node.value, `node ${i}: value of ${node.label}, ${node.shape}`);
  big("adjoint", defined ? node.adjoint : null, "its adjoint");
  byId("uses").replaceChildren(...(defined ? node.uses : []).map(use =>
    el("p", { class: "use" }, el("span", {}, `from node ${use.user}, ${graph[use.user].label}: `), el("span", { class: "adjoint" }, use.rule), el("span", { class: "quiet" }, ` with norm ${shown(use.norm)}`))));
}

function big(id, tensor, text) {
  const canvas = byId(id);
  const caption = byId(`${id}-caption`);
  canvas.hidden = tensor === null;
  caption.replaceChildren(el("b", { class: id }, text), el("span", { class: "quiet" }, tensor === null ? "not defined yet" : `${shown(tensor.least)} to ${shown(tensor.largest)}, norm `, tensor && el("span", { "data-number": tensor.norm, "data-norm": id }, shown(tensor.norm))));
  canvas.setAttribute("aria-label", text);
  if (tensor === null) return;
  heat(canvas, bytes(tensor.cells), tensor.rows, tensor.columns, id);
  const cell = Math.max(4, Math.min(22, Math.floor(300 / Math.max(tensor.columns, tensor.rows))));
  canvas.style.width = `${cell * tensor.columns}px`;
  canvas.style.height = `${cell * tensor.rows}px`;
}

function follow({ x, y }) {
  const stage = byId("stage");
  stage.scrollTo({ left: x - stage.clientWidth / 2, top: y - stage.clientHeight / 2, behavior: "auto" });
}

paint();
document.addEventListener("recolour", () => (paint(), steps.go(steps.at)));
steps.reset(order.length + 1, 0);

// The training run.
const smooth = DATA.losses.map((_, i) => {
  const near = DATA.losses.slice(Math.max(0, i - 24), i + 1);
  return [i + 1, near.reduce((a, b) => a + b, 0) / near.length];
});
const slider = byId("state");
slider.max = DATA.states.length - 1;
slider.addEventListener("input", () => state(Number(slider.value)));

function state(k) {
  const { step, names } = DATA.states[k];
  slider.setAttribute("aria-valuetext", `after step ${step}`);
  byId("state-number").textContent = `after step ${step}`;
  byId("names-title").textContent = step === 0 ? "names made up before learning" : `names made up after step ${step}`;
  byId("names").replaceChildren(...names.map(name => el("li", {}, name === "" ? "—" : name)));
  plot(byId("curve"), { height: 250, from: 0, to: DATA.losses.length, low: 1.2, high: 4.2, label: "the loss of each step, and its mean over 25 steps",
    curves: [{ kind: "faint", points: DATA.losses.map((loss, i) => [i + 1, loss]) }, { kind: "value", points: smooth }],
    marks: step === 0 ? [] : [{ x: step, y: smooth[step - 1][1], kind: "value" }] });
}

state(0);
onWidth(byId("curve"), () => state(Number(slider.value)));
window.lab = { stepping: steps };
