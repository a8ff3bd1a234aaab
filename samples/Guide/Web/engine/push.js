// Reverse mode as tutorials have it: cells that are updated, one += after another. Each bug is one line of it gone wrong.

const bugs = [
  { key: "assign", name: "Assign instead of add", line: 5, why: "A second use writes over what the first one wrote." },
  { key: "zero", name: "Forget to zero", line: 0, why: "The second round of training starts from the sums that the first one left in the inputs." },
  { key: "set", name: "Inputs as a set", line: 4, why: "A set holds each input once, so the second use of the same input is never visited." },
  { key: "order", name: "No topological order", line: 2, why: "Walking outwards from the root visits a node before all of its users have pushed to it; what comes later goes no further." },
  { key: "twice", name: "Call backward twice", line: 1, why: "The second call finds every cell as the first one left it, and pushes the leftovers on again." },
];

// Every write, in order: { node, user, operand, before, after, round }.
function push(graph, values, bug = null) {
  const cells = graph.nodes.map(() => 0);
  const live = graph.nodes.map(() => false);
  const wanted = dependent(graph);
  const writes = [];
  const rounds = bug === "zero" || bug === "twice" ? 2 : 1;
  for (let round = 0; round < rounds; round++) {
    // The nodes of a formula are built anew in every round of training; inputs are kept, and so is what their cells hold.
    if (round > 0 && bug === "zero") graph.nodes.forEach((node, i) => node.operation !== "variable" && (cells[i] = 0));
    writes.push({ node: graph.root, before: cells[graph.root], after: 1, round });
    cells[graph.root] = 1;
    live[graph.root] = true;
    for (const user of bug === "order" ? outwards(graph) : backwards(graph)) {
      const seen = new Set();
      graph.nodes[user].inputs.forEach((node, operand) => {
        if (!wanted[node] || (bug === "set" && seen.has(node))) return;
        seen.add(node);
        const found = contribution(graph, values, user, operand, { value: cells[user], live: live[user] });
        if (found === null) return;
        const before = cells[node];
        cells[node] = bug === "assign" ? found.value : before + found.value;
        live[node] ||= found.live;
        writes.push({ node, user, operand, before, after: cells[node], added: found.value, partial: found.partial, tree: found.tree, round });
      });
    }
  }
  return { writes, cells };
}

const backwards = graph => graph.nodes.map((_, i) => i).reverse();

// From the root outwards, nearest first: a node may come before one of its users.
function outwards(graph) {
  const order = [graph.root];
  for (let next = 0; next < order.length; next++) {
    for (const input of graph.nodes[order[next]].inputs) if (!order.includes(input)) order.push(input);
  }
  return order;
}
