// Page 5: two examples, a map for each, and their sum, which is the map of the batch.

const data = DATA.examples;
const tables = ["first example", "second example", "first + second", "the batch, differentiated whole"].map(caption => mapTable(caption, "adjoint"));
tables.forEach((each, i) => byId("sum").append(el("div", { class: "part", "data-sign": ["", "+", "=", "="][i] }, exampleInputs(i), each.table)));
let broken = null;

const bench = lab({
  ...DATA.story,
  moments({ graph, values }) {
    const maps = data.map((example, i) => {
      const known = { ...knownInputs(), ...example };
      const numbers = evaluate(graph, known);
      const steps = pull(graph, numbers);
      return { numbers, steps, gradient: parameters(gradientIn(graph, new Map(steps.map(step => [step.node, step.value])))) };
    });
    const keys = [...maps[0].gradient.keys()];
    const sum = new Map(keys.map(key => [key, maps[0].gradient.get(key) + maps[1].gradient.get(key)]));
    const batch = batchGradient(keys);
    const [first, second] = maps;
    const found = [{ ...look(first), say: "Two examples, and the same parameters for both. Each example has a loss of its own.", shown: [0, 0, 0, 0] }];
    maps.forEach((map, i) => found.push({ ...look(map, true), say: `The gradient of the loss of the ${i ? "second" : "first"} example: a map with a key for each parameter.`, shown: [keys.length, i ? keys.length : 0, 0, 0], changed: new Set(), table: i, marks: new Set(keys) }));
    keys.forEach((key, k) => found.push({
      ...look(second, true), table: 2, marks: new Set([key]), shown: [keys.length, keys.length, k + 1, 0],
      say: `Key by key: ${key} ↦ ${shown(first.gradient.get(key))} + ${shown(second.gradient.get(key))}.`,
      symbols: [nameSpan(key), " ↦ first + second = ", numberSpan(sum.get(key), "adjoint")],
      numbers: [nameSpan(key), " ↦ ", numberSpan(first.gradient.get(key), "adjoint"), " + ", numberSpan(second.gradient.get(key), "adjoint"), " = ", numberSpan(sum.get(key), "adjoint")],
    }));
    found.push({ ...look(second, true), table: 3, marks: new Set(keys), shown: [keys.length, keys.length, keys.length, keys.length], say: "Differentiate the batch's loss, the sum of both, as one graph: the same map. Nothing was zeroed, and nothing was kept in between." });
    found.forEach(moment => (moment.maps = [first.gradient, second.gradient, sum, batch]));
    return found;

    function look({ numbers, steps }, defined = false) {
      const adjoints = [];
      if (defined) steps.forEach(step => (adjoints[step.node] = step.value));
      return { values: numbers, adjoints };
    }
  },
  show(_, moment) {
    tables.forEach((each, i) => each.show([...moment.maps[i]].slice(0, moment.shown[i]), i === moment.table ? moment.marks : new Set()));
  },
  changed({ graph }) {
    for (const label of document.querySelectorAll("#lab .inputs .draggable")) label.hidden = label.dataset.name in data[0];
    broken?.refresh();
  },
});

broken = breaking(byId("breaking"), firstExample(), { kept: nothingToHold, remarks: DATA.remarks });

// The inputs of the lab; while it is being made, those of the story.
function knownInputs() { return window.lab?.state?.inputs ?? DATA.story.inputs; }

function parameters(gradient) { return new Map([...gradient].filter(([name]) => !(name in data[0]))); }

// The loss of the batch as one graph: the formula twice, with data of its own, and the sum of both.
function batchGradient(keys) {
  const text = document.querySelector(".formula").value;
  const twice = [0, 1].map(i => read(text).nodes.map(node => ({ ...node, inputs: [...node.inputs] })));
  const shared = new Map();
  const roots = twice.map((nodes, i) => {
    const made = [];
    nodes.forEach((node, n) => {
      const isParameter = node.operation === "variable" && !(node.name in data[0]);
      if (isParameter && shared.has(node.name)) return (made[n] = shared.get(node.name));
      made[n] = { operation: node.operation, number: node.number, name: node.operation === "variable" ? (isParameter ? node.name : `${node.name}${i + 1}`) : null, inputs: node.inputs.map(input => made[input]) };
      if (isParameter) shared.set(node.name, made[n]);
    });
    return made.at(-1);
  });
  const graph = graphOf({ operation: "add", inputs: roots, name: null });
  const known = { ...knownInputs() };
  data.forEach((example, i) => Object.entries(example).forEach(([name, value]) => (known[`${name}${i + 1}`] = value)));
  const gradient = gradientOf(graph, evaluate(graph, known));
  return new Map(keys.map(key => [key, gradient.get(key) ?? 0]));
}

function exampleInputs(i) {
  if (i > 1) return null;
  return el("div", { class: "inputs" }, Object.keys(data[i]).map(name => {
    const label = draggable(name, data[i][name], value => {
      data[i][name] = value;
      bench.rebuild();
    });
    label.querySelector("input").dataset.input = `${name}${i + 1}`;
    return label;
  }));
}

// Bugs are asked about on the graph of the first example.
function firstExample() {
  return {
    get state() {
      const { graph } = bench.state;
      const values = evaluate(graph, { ...knownInputs(), ...data[0] });
      return { graph: { ...graph, variables: graph.variables.filter(v => !(graph.nodes[v].name in data[0])) }, values };
    },
    take: example => bench.take(example),
  };
}
