// Page 4: each adjoint defined once, beside the cells of page 3 at the same moment of the walk.

const pushed = mapTable("pushed: cells, overwritten", "adjoint");
const pulled = mapTable("pulled: a map, defined", "adjoint");
let broken = null;

const bench = lab({
  ...DATA.story,
  panels: [pushed.table, pulled.table],
  moments: state => pullMoments(state),
  show({ graph }, moment) {
    const order = drawn(graph).slice().reverse();
    pushed.show(order.map(v => [graph.nodes[v].name, moment.cells[v].at(-1), moment.cells[v].slice(0, -1).slice(-4)]));
    pulled.show([...moment.map].map(([v, value]) => [graph.nodes[v].name, value]), names(graph, moment.changed));
  },
  changed: () => broken?.refresh(),
});

broken = breaking(byId("breaking"), bench, { kept: nothingToHold, remarks: DATA.remarks });

function names(graph, nodes) {
  return new Set([...(nodes ?? [])].map(v => graph.nodes[v].name));
}

function pullMoments({ graph, values }) {
  const steps = pull(graph, values);
  const maps = mapsOf(steps);
  const { writes } = push(graph, values);
  const adjoints = [];
  // What pushing has written when everything above a node has pushed.
  const cellsAt = v => graph.nodes.map((_, n) => [0, ...writes.filter(write => write.node === n && (write.user === undefined || write.user > v)).map(write => write.after)]);
  const first = { say: "No adjoint is defined yet, and no cell is needed.", values, map: maps[0], cells: graph.nodes.map(() => [0]) };
  return [first, ...steps.map((step, i) => {
    adjoints[step.node] = step.value;
    const name = graph.nodes[step.node].name;
    const count = step.uses.length;
    return {
      say: step.node === graph.root ? `The adjoint of the root ${name} is 1: it moves as much as itself.`
        : `${name} is used ${count === 1 ? "once" : `${count} times`}, so its adjoint is ${count === 1 ? "one contribution" : `the sum of ${count} contributions`}: ${shown(step.value)}.`,
      values, map: maps[i + 1], cells: cellsAt(step.node), adjoints: [...adjoints], current: step.node, changed: new Set([step.node]),
      edges: new Map(step.uses.map(use => [`${use.user}:${use.operand}`, use.value])),
      symbols: sumText(graph, values, step, adjoints, false), numbers: sumText(graph, values, step, adjoints, true),
    };
  })];
}
