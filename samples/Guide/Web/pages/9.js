// Page 9: a function and its derivatives, order after order: as text, as curves, as graphs.

const marks = ["f", "f′", "f″", "f‴", "f⁗"];
let chosen = DATA.functions[0], x = 1;

function graphAt(order) {
  const nodes = chosen.orders[order].nodes.map(node => ({ ...node, inputs: [...node.inputs] }));
  return linked(nodes);
}

byId("choices").append(...DATA.functions.map(each => el("button", { type: "button", class: "example", "aria-pressed": String(each === chosen), onclick: event => {
  chosen = each;
  for (const button of byId("choices").children) button.setAttribute("aria-pressed", String(button === event.currentTarget));
  steps.go(steps.at);
} }, each.name)));
byId("where").append(draggable("x", x, value => {
  x = value;
  steps.go(steps.at);
}));

const steps = stepper(byId("steps"), order => {
  const { text, grown } = chosen.orders[order];
  byId("text").replaceChildren(el("b", {}, `${marks[order]}(x)`), ` = ${text} `);
  const graphs = chosen.orders.map((_, k) => graphAt(k));
  const numbers = graphs.map(graph => evaluate(graph, { x }));
  const value = numbers[order].at(-1);
  byId("text").append(el("span", { class: "quiet" }, ` = `), numberSpan(value, order === 0 ? "value" : "adjoint"));
  byId("counts").textContent = `${graphs[order].nodes.length} nodes${order < chosen.orders.length - 1 ? `; its derivative is written with ${grown}, and simplifies to ${graphs[order + 1].nodes.length}` : ""}.`;
  const drawing = drawGraph(graphs[order], { upright: byId("orders").clientWidth < 680, caption: `the graph of ${marks[order]}`, adjoints: false });
  drawing.show({ values: numbers[order] });
  byId("stage").replaceChildren(drawing.root);
  fitInto(drawing.root, byId("stage"));
  curves(order, value);
  return order === 0 ? `The function itself: ${chosen.name}.` : `${marks[order]}: the gradient of ${marks[order - 1]}, simplified. ${order === 1 ? "It is a formula, and it is a graph." : "It came from a gradient, and is a graph all the same."}`;
});

function curves(order, value) {
  const { from, to } = chosen;
  const points = k => chosen.orders[k].values.map((y, i) => [from + ((to - from) * i) / (chosen.orders[k].values.length - 1), y]);
  const heights = [order, Math.max(0, order - 1)].flatMap(k => chosen.orders[k].values).filter(y => y !== null);
  const low = Math.min(-1, ...heights), high = Math.max(1, ...heights);
  plot(byId("plot"), {
    height: 300, from, to, low: low * 1.08, high: high * 1.08, label: `${marks[order]} and what it is the derivative of`,
    curves: [...(order > 1 ? [{ kind: "muted", points: points(0) }] : []), ...(order > 0 ? [{ kind: order > 1 ? "ink" : "value", points: points(order - 1) }] : []), { kind: order === 0 ? "value" : "adjoint", points: points(order) }],
    marks: [{ x, y: value, kind: order === 0 ? "value" : "adjoint" }],
  });
}

document.querySelector("#hessian tbody").append(...DATA.hessian.entries.map(({ by, reverse, forward }) =>
  el("tr", {}, el("th", { scope: "row" }, `∂²g / ∂${by[0]}∂${by[1]}`), el("td", {}, numberSpan(reverse, "adjoint")), el("td", {}, numberSpan(forward, "adjoint")))));

onWidth(byId("orders"), () => steps.go(steps.at));
steps.reset(marks.length, 0);
window.lab = { stepping: steps };
