// Page 2: the calculus table, a plot of the row that is chosen, and a formula with the partials on its edges.

const body = document.querySelector("#table tbody");
const listed = table.filter(row => row.listed);
const at = { x: 1, y: 2 };
let chosen = listed.find(row => row.call === "sin");

for (const row of listed) {
  body.append(el("tr", { "data-operation": row.operation },
    el("td", {}, el("button", { type: "button", class: "row", "aria-pressed": "false", onclick: () => choose(row) }, row.call ?? row.name)),
    el("td", {}, row.formula),
    ...[0, 1].map(operand => el("td", { class: "adjoint" }, row.texts[operand] ?? ""))));
}

function choose(row) {
  chosen = row;
  for (const line of body.children) {
    const pressed = line.dataset.operation === row.operation;
    line.firstChild.firstChild.setAttribute("aria-pressed", String(pressed));
    line.classList.toggle("chosen", pressed);
  }
  [at.x, at.y] = [row.at[0], row.at[1] ?? 2];
  byId("where").replaceChildren(...["x", "y"].slice(0, row.arity).map(name => draggable(name, at[name], value => {
    at[name] = value;
    picture();
  })));
  byId("kinks").textContent = row.kinks.length ? `At its kinks the declaration says: ${row.kinks.join("; ")}.` : "";
  picture();
}

function picture() {
  const row = chosen;
  const [from, to] = row.window;
  const operands = x => [x, at.y].slice(0, row.arity);
  const points = f => Array.from({ length: 241 }, (_, i) => from + ((to - from) * i) / 240).map(x => [x, f(operands(x))]);
  const value = o => apply(row.operation, o), slope = o => (row.partials[0] === null ? 0 : valueOf(row.partials[0], o));
  const here = operands(at.x);
  const [y, d] = [value(here), slope(here)];
  byId("picked").textContent = row.formula === row.name ? row.name : `${row.call ?? row.name}: ${row.formula}`;
  byId("rule").replaceChildren("value ", numberSpan(y, "value"), ", partial by x ", numberSpan(d, "adjoint", { "data-partial": "x" }), ...(row.arity === 2 ? [", by y ", numberSpan(row.partials[1] === null ? 0 : valueOf(row.partials[1], here), "adjoint", { "data-partial": "y" })] : []));
  const heights = points(value).map(([, h]) => h).filter(Number.isFinite);
  const low = Math.max(-6, Math.min(-1, ...heights)), high = Math.min(6, Math.max(1.2, ...heights));
  plot(byId("plot"), {
    from, to, low, high, label: `${row.name} and its derivative between ${from} and ${to}`,
    curves: [
      { kind: "muted", points: [[from, y + d * (from - at.x)], [to, y + d * (to - at.x)]] },
      { kind: "adjoint", points: points(slope) },
      { kind: "value", points: points(value) },
    ],
    marks: [{ x: at.x, y: d, kind: "adjoint" }, { x: at.x, y, kind: "value" }],
  });
}

choose(chosen);
onWidth(byId("plot"), picture);

const partials = mapTable("partials of this operation", "adjoint");

lab({
  ...DATA.story,
  adjoints: false,
  panels: [partials.table],
  moments({ graph, values }) {
    const order = drawn(graph).filter(v => graph.nodes[v].operation !== "variable").reverse();
    const all = new Map();
    const found = order.map(v => {
      const by = graph.nodes[v].inputs.map((input, operand) => ({ input, operand, by: partial(graph.nodes[v], operand, graph.nodes[v].inputs.map(i => values[i])) }))
        .filter(each => each.by !== null && graph.nodes[each.input].operation !== "constant");
      by.forEach(each => all.set(`${v}:${each.operand}`, `× ${shown(each.by.value)}`));
      return { v, by };
    });
    return [
      { say: "Every arrow carries one number: how much its user moves when what it comes from does.", values, edges: all, rows: [] },
      ...found.map(({ v, by }) => ({
        say: by.length ? `${graph.nodes[v].name} = ${localFormula(graph, v)} knows its own partials, and nothing of the rest of the graph.` : `${graph.nodes[v].name} has no partial derivatives.`,
        values, current: v, edges: new Map(by.map(each => [`${v}:${each.operand}`, `× ${shown(each.by.value)}`])),
        symbols: line(v, by, false), numbers: line(v, by, true),
        rows: by.map(each => [`∂${graph.nodes[v].name} / ∂${graph.nodes[each.input].name}${by.filter(other => other.input === each.input).length > 1 ? `, operand ${each.operand + 1}` : ""}`, each.by.value]),
      })),
    ];

    function line(v, by, numbers) {
      const texts = operandTexts(graph, values, v, numbers);
      return by.flatMap((each, i) => [i ? ",  " : "", `by ${graph.nodes[each.input].name}: `, el("span", { class: "adjoint" }, treeText(each.by.tree, texts))]);
    }
  },
  show(_, moment) {
    partials.show(moment.rows);
  },
});
