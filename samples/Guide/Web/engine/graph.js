// A graph: its nodes each once, inputs before users, depth first and from left to right, as the library orders them; and
// for each node its uses, in the order of the users.

const mostNodes = 150;

function graphOf(root) {
  const nodes = [], positions = new Map();
  const path = [[root, 0]];
  while (path.length) {
    const top = path[path.length - 1];
    if (positions.has(top[0])) path.pop();
    else if (top[1] < top[0].inputs.length) path.push([top[0].inputs[top[1]++], 0]);
    else {
      positions.set(top[0], nodes.length);
      nodes.push({ operation: top[0].operation, number: top[0].number, given: top[0].name, inputs: top[0].inputs.map(input => positions.get(input)) });
      path.pop();
    }
  }
  if (nodes.length > mostNodes) throw new FormulaError(1, `the formula has ${nodes.length} nodes; expected at most ${mostNodes}.`);
  return linked(nodes);
}

// Nodes in order, with their names and uses.
function linked(nodes) {
  const uses = nodes.map(() => []);
  nodes.forEach((node, user) => node.inputs.forEach((input, operand) => uses[input].push({ user, operand })));
  nameAll(nodes);
  return { nodes, uses, root: nodes.length - 1, variables: nodes.map((_, i) => i).filter(i => nodes[i].operation === "variable") };
}

// A name defined twice means two nodes: the later ones get primes. What has no name is called v₁, v₂, …
function nameAll(nodes) {
  const taken = new Map();
  let nameless = 0;
  for (const node of nodes) {
    if (node.operation === "constant") node.name = shown(node.number);
    else if (node.given) {
      const count = taken.get(node.given) ?? 0;
      taken.set(node.given, count + 1);
      node.name = node.given + "′".repeat(count);
    }
  }
  for (const node of nodes) node.name ??= `v${subscript(++nameless)}`;
}

const subscript = n => [...String(n)].map(digit => "₀₁₂₃₄₅₆₇₈₉"[digit]).join("");

// The values of all nodes, inputs before users.
function evaluate(graph, inputs) {
  const values = [];
  graph.nodes.forEach((node, i) => {
    values[i] = node.operation === "variable" ? inputs[node.name]
      : node.operation === "constant" ? node.number
      : apply(node.operation, node.inputs.map(input => values[input]));
  });
  return values;
}

// Which nodes depend on a variable; no others need an adjoint.
function dependent(graph) {
  const depends = [];
  graph.nodes.forEach((node, i) => {
    depends[i] = node.operation === "variable" || node.inputs.some(input => depends[input]);
  });
  return depends;
}

// What one use passes on: the cotangent of the user times its partial. A partial that is a choice multiplies nothing, and
// what a choice passed over stays 0, whatever infinity it meets.
function contribution(graph, values, user, operand, cotangent) {
  const node = graph.nodes[user];
  const by = partial(node, operand, node.inputs.map(input => values[input]));
  if (by === null) return null;
  const live = cotangent.live && !(by.chooses && by.value === 0);
  const value = !live ? 0 : by.value === 1 ? cotangent.value : cotangent.value * by.value;
  return { user, operand, value, live, partial: by.value, tree: by.tree };
}
