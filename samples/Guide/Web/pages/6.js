// Page 6: forwards and backwards through one pass, every moment kept.

const film = byId("film");
const map = mapTable("the map at this moment", "adjoint");
let broken = null, columns = [];

const bench = lab({
  ...DATA.story,
  panels: [map.table],
  start: DATA.story.start,
  moments(state) {
    const { graph, values } = state;
    const given = graph.variables;
    const order = drawn(graph).filter(v => graph.nodes[v].operation !== "variable");
    const pick = nodes => nodes.reduce((found, v) => ((found[v] = values[v]), found), []);
    const forward = [{ say: "The inputs have their values. Nothing is computed yet.", values: pick(given), map: [] }, ...order.map((v, i) => ({
      say: `Forwards: ${graph.nodes[v].name} = ${localFormula(graph, v)} is ${shown(values[v])}.`,
      values: pick([...given, ...order.slice(0, i + 1)]), map: [], forwards: true, current: v, changed: new Set([v]),
      edges: new Map(graph.nodes[v].inputs.map((_, operand) => [`${v}:${operand}`, null])),
      symbols: [nameSpan(graph.nodes[v].name), " = ", localFormula(graph, v), " = ", numberSpan(values[v], "value")],
      numbers: [nameSpan(graph.nodes[v].name), " = ", localFormula(graph, v, n => shown(values[n])), " = ", numberSpan(values[v], "value")],
    }))];
    const adjoints = [];
    const steps = pull(graph, values);
    const maps = mapsOf(steps);
    const backward = steps.map((step, i) => {
      adjoints[step.node] = step.value;
      const name = graph.nodes[step.node].name;
      return {
        say: `Backwards: the adjoint of ${name} is ${step.uses.length === 0 ? "1, since it is the root" : `${shown(step.value)}, from ${step.uses.length === 1 ? "one use" : `${step.uses.length} uses`}`}.`,
        values, map: [...maps[i + 1]], adjoints: [...adjoints], current: step.node, changed: new Set([step.node]), backward: true,
        edges: new Map(step.uses.map(use => [`${use.user}:${use.operand}`, use.value])),
        symbols: sumText(graph, values, step, adjoints, false), numbers: sumText(graph, values, step, adjoints, true),
      };
    });
    const all = [...forward, ...backward];
    draw(graph, all);
    return all;
  },
  show({ graph }, moment, at) {
    map.show(moment.map.slice(-7).map(([v, value]) => [graph.nodes[v].name, value]), new Set([...(moment.backward ? moment.changed : [])].map(v => graph.nodes[v].name)));
    map.table.caption.textContent = moment.map.length > 7 ? `the map at this moment, last 7 of ${moment.map.length}` : "the map at this moment";
    columns.forEach((column, i) => column.classList.toggle("now", i === at));
    const column = columns[at];
    if (column && film.scrollWidth > film.clientWidth) film.scrollTo({ left: Number(column.getAttribute("x")) - film.clientWidth / 2, behavior: still() ? "auto" : "smooth" });
    byId("moment").textContent = `Moment ${at}: ${moment.say}`;
  },
  changed: () => broken?.refresh(),
});

broken = breaking(byId("breaking"), bench, { kept: nothingToHold, remarks: DATA.remarks });

// A column for each moment, a cell for each node: empty, a value, or a value and an adjoint.
function draw(graph, all) {
  const nodes = drawn(graph);
  const [w, h, left] = [22, 18, 74];
  columns = all.map((_, i) => svg("rect", { class: "column", x: left + i * w, y: 0, width: w, height: nodes.length * h + 4 }));
  const cell = (moment, v, i, row) => {
    const [value, adjoint] = [moment.values[v], moment.adjoints?.[v]];
    if (value === undefined && adjoint === undefined) return null;
    const fresh = moment.changed?.has(v);
    return svg("rect", { class: `cell ${adjoint === undefined ? "value" : "adjoint"}${fresh ? " fresh" : ""}`, x: left + i * w + 2, y: row * h + 4, width: w - 4, height: h - 4, rx: 3 }, svg("title", {}, `${graph.nodes[v].name}: value ${shown(value)}${adjoint === undefined ? "" : `, adjoint ${shown(adjoint)}`}`));
  };
  film.replaceChildren(svg("svg", { class: "film", width: left + all.length * w + 8, height: nodes.length * h + 6 },
    columns,
    nodes.map((v, row) => svg("text", { x: left - 12, y: row * h + 17, "text-anchor": "end" }, graph.nodes[v].name)),
    all.flatMap((moment, i) => nodes.map((v, row) => cell(moment, v, i, row))),
    all.map((_, i) => svg("rect", { class: "hit", x: left + i * w, y: 0, width: w, height: nodes.length * h + 4, onclick: () => bench.stepping.go(i) }))));
}
