// Formulas of the derivative, with symbols or with numbers put in. An adjoint is its node's name with a bar over it.

const nameSpan = name => el("span", { class: "name" }, name);
const barSpan = name => el("span", { class: "bar adjoint" }, name);

// A partial as text: operands by name or by number.
function treeText(tree, operands, outer = 0) {
  if (typeof tree === "number") return tree < 0 && outer > 0 ? `(${shown(tree)})` : shown(tree);
  if (typeof tree === "string") return operands[Number(tree[1])];
  const [operation, ...parts] = tree;
  const infix = { add: [" + ", 1], subtract: [" − ", 1], multiply: [" · ", 3], divide: [" / ", 3], power: ["^", 5], equal: [" = ", 0.5], "not equal": [" ≠ ", 0.5], greater: [" > ", 0.5], less: [" < ", 0.5], "greater or equal": [" ≥ ", 0.5], "less or equal": [" ≤ ", 0.5] }[operation];
  if (infix) {
    const text = parts.map((part, i) => treeText(part, operands, infix[1] + (i === 0 ? 0 : 0.5))).join(infix[0]);
    return infix[1] < outer ? `(${text})` : text;
  }
  if (operation === "negate") return outer > 1 ? `(−${treeText(parts[0], operands, 3)})` : `−${treeText(parts[0], operands, 3)}`;
  if (operation.startsWith("pow:")) return `${treeText(parts[0], operands, 6)}${superscript(operation.slice(4))}`;
  return `${rows.get(operation)?.call ?? operation}(${parts.map(part => treeText(part, operands)).join(", ")})`;
}

// The operands of a node as names, or as numbers.
function operandTexts(graph, values, node, numbers) {
  return graph.nodes[node].inputs.map(input => {
    if (!numbers) return graph.nodes[input].name;
    return values[input] < 0 ? `(${shown(values[input])})` : shown(values[input]);
  });
}

// One contribution: the user's adjoint, times the partial where that is not 1.
function contributionText(graph, values, use, cotangent, numbers) {
  const partialText = use.tree === 1 ? null : treeText(use.tree, operandTexts(graph, values, use.user, numbers), 3.5);
  const bar = numbers ? numberSpan(cotangent, "adjoint") : barSpan(graph.nodes[use.user].name);
  return partialText === null ? [bar] : [bar, " · ", partialText];
}

// adjoint(v) = Σ contributions, then the number.
function sumText(graph, values, step, adjoints, numbers) {
  const terms = step.uses.flatMap((use, i) => [...(i ? [" + "] : []), ...contributionText(graph, values, use, adjoints[use.user], numbers)]);
  return [barSpan(graph.nodes[step.node].name), " = ", ...(terms.length ? terms : ["1"]), ...(terms.length ? [" = ", numberSpan(step.value, "adjoint")] : [])];
}
