// Page 1: values flow forwards. Each moment computes one node.

const known = mapTable("values so far", "value");

lab({
  ...DATA.story,
  adjoints: false,
  panels: [known.table],
  moments({ graph, values }) {
    const order = drawn(graph).filter(v => graph.nodes[v].operation !== "variable");
    const given = graph.variables;
    const first = { say: `The expression: ${order.length} operation${order.length === 1 ? "" : "s"} on ${given.length} input${given.length === 1 ? "" : "s"}. No number yet but those of the inputs.`, values: pick(given), known: given };
    return [first, ...order.map((v, i) => {
      const sofar = [...given, ...order.slice(0, i + 1)];
      const text = operandTexts(graph, values, v, true);
      return {
        say: `${graph.nodes[v].name} is ${localFormula(graph, v)}${graph.uses[v].length > 1 ? `; it is used ${graph.uses[v].length} times and computed once` : ""}.`,
        values: pick(sofar), known: sofar, current: v, forwards: true, changed: new Set([v]),
        edges: new Map(graph.nodes[v].inputs.map((_, operand) => [`${v}:${operand}`, null])),
        symbols: [nameSpan(graph.nodes[v].name), " = ", localFormula(graph, v), " = ", numberSpan(values[v], "value")],
        numbers: [nameSpan(graph.nodes[v].name), " = ", localNumbers(graph, v, text), " = ", numberSpan(values[v], "value")],
      };
    })];

    function pick(nodes) {
      const found = [];
      nodes.forEach(v => (found[v] = values[v]));
      return found;
    }
  },
  show({ graph, values }, moment) {
    known.show(moment.known.map(v => [graph.nodes[v].name, values[v]]), new Set([...(moment.changed ?? [])].map(v => graph.nodes[v].name)));
    const shared = drawn(graph).filter(v => graph.uses[v].length > 1).length;
    byId("facts").textContent = `This one has ${graph.nodes.length} nodes, numbers included; ${shared === 0 ? "none is" : shared === 1 ? "one is" : `${shared} are`} shared.`;
  },
});

function localNumbers(graph, v, text) {
  const inputs = graph.nodes[v].inputs;
  return localFormula(graph, v, i => text[inputs.indexOf(i)]);
}
