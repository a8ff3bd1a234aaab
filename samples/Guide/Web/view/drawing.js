// A graph as an SVG: boxes with a formula, a value and an adjoint; a second outline where a node is used more than once; an
// edge for each use. The drawing is made once for a graph, and shows a moment by changing texts and classes.

const ruler = document.createElement("canvas").getContext("2d");

function widthOf(text) {
  ruler.font = `600 13.5px ${getComputedStyle(document.body).fontFamily}`;
  return ruler.measureText(text).width;
}

// "b = a + a": the node by its own operation, with names for its operands.
function localFormula(graph, node, name = i => graph.nodes[i].name) {
  const { operation, inputs } = graph.nodes[node];
  // A sign after a symbol needs parentheses.
  const text = (i, place = 0) => (place > 0 && name(i)[0] === "−" ? `(${name(i)})` : name(i));
  const infix = { add: " + ", subtract: " − ", multiply: " · ", divide: " / ", power: "^" }[operation];
  if (operation === "variable" || operation === "constant") return graph.nodes[node].name;
  if (infix) return inputs.map(text).join(infix);
  if (operation === "negate") return `−${text(inputs[0])}`;
  if (operation.startsWith("pow:")) return `${text(inputs[0])}${superscript(operation.slice(4))}`;
  return `${rows.get(operation).call}(${inputs.map(i => text(i)).join(", ")})`;
}

const superscript = digits => [...digits].map(c => ({ "-": "⁻" })[c] ?? "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]).join("");

// Numbers stand in the formulas of their users and have no box of their own, unless the formula is nothing else.
const drawn = graph => graph.nodes.map((_, i) => i).filter(i => graph.nodes[i].operation !== "constant" || i === graph.root);

function drawGraph(graph, { upright = false, caption = "the graph", adjoints = true } = {}) {
  const boxes = drawn(graph);
  const index = new Map(boxes.map((v, i) => [v, i]));
  const titles = boxes.map(v => (graph.nodes[v].operation === "variable" ? graph.nodes[v].name : `${graph.nodes[v].name} = ${localFormula(graph, v)}`));
  const high = adjoints ? 64 : 46;
  const wide = titles.map(title => Math.max(78, widthOf(title) + 24));
  const uses = boxes.flatMap(v => graph.nodes[v].inputs.map((input, operand) => ({ user: v, input, operand })).filter(use => index.has(use.input)));
  const edges = uses.map(use => [index.get(use.input), index.get(use.user)]);
  const found = layout(boxes.length, edges, wide.map(w => (upright ? [w, high] : [high, w])), upright ? { along: 40, across: 20 } : { along: 60, across: 22 });
  const at = ([across, along]) => (upright ? [across, along] : [along, across]);
  const [width, height] = at(found.size);
  const pad = 14;
  const root = svg("svg", { class: "graph", viewBox: `${-pad} ${-pad} ${width + 2 * pad} ${height + 2 * pad}`, width: width + 2 * pad, height: height + 2 * pad, role: "img", "aria-label": caption });

  const lines = new Map();
  const labels = new Map();
  uses.forEach((use, i) => {
    const key = `${use.user}:${use.operand}`;
    const twins = uses.filter(other => other.user === use.user && other.input === use.input);
    const shift = (twins.indexOf(use) - (twins.length - 1) / 2) * (upright ? 46 : 20);
    const way = found.ways[i].map(([across, along]) => [across + shift, along]);
    const half = v => (upright ? high : wide[index.get(v)]) / 2;
    way[0] = [way[0][0], way[0][1] + half(use.input)];
    way[way.length - 1] = [way[way.length - 1][0], way[way.length - 1][1] - half(use.user)];
    const points = way.map(at);
    lines.set(key, root.appendChild(svg("path", { class: "edge", d: smooth(points, upright) })));
    const [before, end] = points.slice(-2);
    labels.set(key, upright ? { x: mix(before[0], end[0], 0.64), y: mix(before[1], end[1], 0.5) } : { x: mix(before[0], end[0], 0.5), y: mix(before[1], end[1], 0.64) });
  });

  const cards = new Map();
  boxes.forEach((v, i) => {
    const [x, y] = at([found.across[i], found.along[i]]);
    const shared = graph.uses[v].length > 1;
    const box = { x: x - wide[i] / 2, y: y - high / 2, width: wide[i], height: high, rx: graph.nodes[v].operation === "variable" ? 23 : 8 };
    const line = n => y - high / 2 + 18 + n * 18.5;
    const value = svg("text", { class: "value", x, y: line(1), "text-anchor": "middle" });
    const adjoint = svg("text", { class: "adjoint", x, y: line(2), "text-anchor": "middle" });
    const group = svg("g", { class: `node${shared ? " shared" : ""}`, "data-node": graph.nodes[v].name },
      shared ? svg("rect", { class: "outline", x: box.x - 4, y: box.y - 4, width: box.width + 8, height: box.height + 8, rx: box.rx + 4 }) : null,
      svg("rect", { class: "box", ...box }),
      svg("text", { class: "title", x, y: line(0), "text-anchor": "middle" }, titles[i]),
      value, adjoint,
      svg("title", {}, shared ? `${titles[i]}, used ${graph.uses[v].length} times` : titles[i]));
    cards.set(v, { group, value, adjoint, x, y });
    root.append(group);
  });

  const pills = root.appendChild(svg("g", {}));
  return { root, cards, show };

  // values and adjoints: node → number or undefined; current: a node; edges: Map "user:operand" → number or null.
  function show({ values = [], adjoints = [], current = null, edges: active = new Map(), changed = new Set(), forwards = false }) {
    for (const [v, card] of cards) {
      const [value, adjoint] = [values[v], adjoints[v]];
      write(card.value, value);
      write(card.adjoint, adjoint);
      card.group.setAttribute("class", `node${graph.uses[v].length > 1 ? " shared" : ""}${v === current ? " current" : ""}${changed.has(v) ? " changed" : ""}${value === undefined && adjoint === undefined ? " later" : ""}`);
    }
    pills.replaceChildren();
    for (const [key, line] of lines) {
      line.setAttribute("class", active.has(key) ? `edge active${forwards ? " forwards" : ""}` : "edge");
      if (active.has(key) && active.get(key) !== null) pill(labels.get(key), active.get(key));
    }
    spread(pills);
  }

  function pill({ x, y }, text) {
    const label = typeof text === "number" ? `+ ${shown(text, 4)}`.replace("+ −", "− ") : text;
    const wide = widthOf(label) + 8;
    pills.append(svg("g", { class: "pill", "data-x": x, "data-y": y, "data-wide": wide }, svg("rect", { x: -wide / 2, y: -9, width: wide, height: 18, rx: 4 }), svg("text", { y: 4.5, "text-anchor": "middle" }, label)));
  }
}

// Labels of two uses by one node would lie on one another.
function spread(pills) {
  const all = [...pills.children].map(pill => ({ pill, x: Number(pill.dataset.x), y: Number(pill.dataset.y), wide: Number(pill.dataset.wide) }));
  all.sort((a, b) => a.y - b.y);
  for (let i = 0; i < all.length; i++) {
    for (let j = 0; j < i; j++) {
      if (Math.abs(all[i].x - all[j].x) < (all[i].wide + all[j].wide) / 2 && all[i].y - all[j].y < 17) all[i].y = all[j].y + 17;
    }
    all[i].pill.setAttribute("transform", `translate(${round(all[i].x)} ${round(all[i].y)})`);
  }
}

function write(element, number) {
  if (number === undefined) {
    element.textContent = "";
    element.removeAttribute("data-number");
  } else {
    element.textContent = shown(number, 4);
    element.setAttribute("data-number", number);
  }
}

function smooth(points, upright) {
  let d = `M${points[0].map(round).join(" ")}`;
  for (let i = 1; i < points.length; i++) {
    const [[x0, y0], [x1, y1]] = [points[i - 1], points[i]];
    const middle = upright ? (y0 + y1) / 2 : (x0 + x1) / 2;
    d += upright ? `C${[x0, middle, x1, middle, x1, y1].map(round).join(" ")}` : `C${[middle, y0, middle, y1, x1, y1].map(round).join(" ")}`;
  }
  return d;
}


// A small graph is drawn larger, a large one smaller, as far as it stays readable.
function fitInto(drawing, stage) {
  const style = getComputedStyle(stage);
  const room = stage.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const { width, height } = drawing.viewBox.baseVal;
  drawing.scale = Math.max(0.78, Math.min(1.2, room / width));
  drawing.setAttribute("width", width * drawing.scale);
  drawing.setAttribute("height", height * drawing.scale);
}
