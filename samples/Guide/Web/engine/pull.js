// Reverse mode by pulling, as the library does it: the adjoint of a node is defined once, as a sum over its uses. Nothing is
// updated: every step has the map before it and the map after it.

function pull(graph, values) {
  const wanted = dependent(graph);
  const adjoint = [];
  const steps = [];
  for (let v = graph.root; v >= 0; v--) {
    if (!wanted[v]) continue;
    const uses = graph.uses[v]
      .filter(use => adjoint[use.user])
      .map(use => contribution(graph, values, use.user, use.operand, adjoint[use.user]))
      .filter(found => found !== null);
    if (v === graph.root) adjoint[v] = { value: 1, live: true };
    else if (uses.length) adjoint[v] = uses.reduce((sum, use) => ({ value: sum.value + use.value, live: sum.live || use.live }), { value: 0, live: false });
    else continue;
    steps.push({ node: v, uses, value: adjoint[v].value });
  }
  return steps;
}

// The maps of a pass, from the empty one to the last. A map holds the nodes in the order in which they were defined.
const mapsOf = steps => steps.reduce((maps, step) => [...maps, new Map([...maps[maps.length - 1], [step.node, step.value]])], [new Map()]);

// The gradient: the part of a map that belongs to variables; a missing one is zero.
const gradientIn = (graph, map) => new Map(graph.variables.map(v => [graph.nodes[v].name, map.get(v) ?? 0]));

const gradientOf = (graph, values) => gradientIn(graph, new Map(pull(graph, values).map(step => [step.node, step.value])));
