// Page 3: the pushed pass, one write at a time, with the code beside it.

const code = [
  "for node in graph: node.grad = 0",
  "root.grad = 1",
  "for node in reversed(topological(graph)):",
  "    if node has inputs:",
  "        for child, local in zip(node.inputs, node.partials):",
  "            child.grad += local * node.grad",
];
const wrong = {
  assign: [5, "            child.grad = local * node.grad"],
  zero: [0, "# cells are zeroed … next time"],
  set: [4, "        for child, local in set(zip(node.inputs, …)):"],
  order: [2, "for node in outwards_from(root):"],
  twice: [1, "root.grad = 1            # and all of it once more"],
};
const listing = el("ol", { class: "code", "aria-label": "the code" });
const cells = mapTable("cells", "adjoint");
let bug = null, broken = null, rebuilding = false;

const bench = lab({
  ...DATA.story,
  panels: [listing, cells.table],
  moments({ graph, values }) {
    const { writes } = push(graph, values, bug?.key);
    const contents = graph.nodes.map(() => [0]);
    const visible = () => contents.map((history, v) => (graph.nodes[v].operation === "constant" ? undefined : history[history.length - 1]));
    const found = [{ say: "All cells hold 0. Somebody must have seen to that.", values, adjoints: visible(), history: [], at: 0 }];
    writes.forEach((write, i) => {
      if (i > 0 && write.round !== writes[i - 1].round && bug?.key === "zero") contents.forEach((history, v) => graph.nodes[v].operation !== "variable" && history.push(0));
      contents[write.node] = [...contents[write.node], write.after];
      const name = graph.nodes[write.node].name;
      const shared = { values, adjoints: visible(), history: contents.map(history => [...history]), changed: new Set([write.node]) };
      if (write.user === undefined) return found.push({ ...shared, current: write.node, at: 1, say: `${write.round ? "Once more: the" : "The"} cell of the root is set to 1.`, symbols: [barSpan(name), " = 1"], numbers: [barSpan(name), " = 1"] });
      const user = graph.nodes[write.user].name;
      const assigned = bug?.key === "assign";
      const cotangent = contents[write.user].at(-1);
      const use = { user: write.user, operand: write.operand, tree: write.tree };
      const line = numbers => [barSpan(name), assigned ? " = " : " += ", ...contributionText(graph, values, use, cotangent, numbers)];
      found.push({
        ...shared, current: write.user, at: 5, edges: new Map([[`${write.user}:${write.operand}`, write.added]]),
        say: `${user} pushes ${shown(write.added)} to ${name}, whose cell goes from ${shown(write.before)} to ${shown(write.after)}. The ${shown(write.before)} is gone.`,
        symbols: line(false), numbers: line(true),
      });
    });
    return found;
  },
  show({ graph }, moment) {
    listing.replaceChildren(...code.map((text, i) => {
      const gone = bug && wrong[bug.key][0] === i;
      const shown = gone ? wrong[bug.key][1] : text;
      const depth = (shown.length - shown.trimStart().length) / 4;
      return el("li", { class: `${i === moment.at ? "now" : ""}${gone ? " broken" : ""}`, style: `padding-left: ${12 + depth * 20}px` }, shown.trim());
    }));
    const shownNodes = drawn(graph).slice().reverse();
    cells.show(shownNodes.map(v => {
      const history = (moment.history[v] ?? [0]).slice(-5);
      return [graph.nodes[v].name, history[history.length - 1], history.slice(0, -1)];
    }), new Set([...(moment.changed ?? [])].map(v => graph.nodes[v].name)));
  },
  remark: () => (bug ? "A bug is on: these numbers are wrong, and nothing but this line says so." : undefined),
  changed: () => rebuilding || broken?.refresh(),
});

broken = breaking(byId("breaking"), bench, {
  kept: null,
  remarks: DATA.remarks,
  shownBug(chosen) {
    if (bug === chosen) return;
    bug = chosen;
    rebuilding = true;
    bench.rebuild();
    rebuilding = false;
    if (chosen) bench.stepping.go(bench.stepping.last);
  },
});
