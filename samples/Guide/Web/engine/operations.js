// The calculus table. Every row was written by the library from the declaration of the primitive: its name, its formula,
// its partial derivatives as trees, and where to look at it. A tree is a number, "x0" or "x1" (an operand), or
// [operation, tree, …]. What the page knows besides is only how to compute (kernels.js).

const table = DATA.table;
const rows = new Map(table.map(row => [row.operation, row]));
const functions = new Map(table.filter(row => row.call).map(row => [row.call, row]));

function valueOf(tree, operands) {
  if (typeof tree === "number") return tree;
  if (typeof tree === "string") return operands[Number(tree[1])];
  return apply(tree[0], tree.slice(1).map(part => valueOf(part, operands)));
}

// Made of comparisons and numbers alone: 0 means "not this branch".
const isChoice = tree => Array.isArray(tree)
  && (comparisons.has(tree[0]) || (tree.slice(1).some(isChoice) && tree.slice(1).every(part => typeof part === "number" || isChoice(part))));

// The partial derivative by one operand: its value, and whether it is a choice, which multiplies nothing.
function partial(node, operand, operands) {
  const tree = rows.get(node.operation).partials[operand];
  return tree === null ? null : { value: valueOf(tree, operands), chooses: isChoice(tree), tree };
}
