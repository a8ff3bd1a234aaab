// Page 7: a hundred steps of training, every state kept. The page runs the net forwards for the picture; losses and
// accuracies are the run's own.

const weights = floats(DATA.weights);
const sizes = DATA.parameters.map(parameter => parameter.shape.reduce((a, b) => a * b, 1));
const whole = sizes.reduce((a, b) => a + b, 0);
const last = DATA.losses.length - 1;
const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0));
const part = (k, i) => weights.subarray(k * whole + starts[i], k * whole + starts[i] + sizes[i]);

const xs = DATA.points.filter((_, i) => i % 2 === 0), ys = DATA.points.filter((_, i) => i % 2 === 1);
const margin = 0.4;
const view = { left: Math.min(...xs) - margin, right: Math.max(...xs) + margin, bottom: Math.min(...ys) - margin, top: Math.max(...ys) + margin };
const columns = 96, lines = Math.round((columns * (view.top - view.bottom)) / (view.right - view.left));

// The score of the net at a point: layers one after another, ReLU between them.
function score(k, x, y) {
  let layer = [x, y];
  for (let i = 0; i < sizes.length; i += 2) {
    const [matrix, bias] = [part(k, i), part(k, i + 1)];
    const next = Array.from(bias);
    for (let row = 0; row < next.length; row++) {
      for (let column = 0; column < layer.length; column++) next[row] += matrix[row * layer.length + column] * layer[column];
      if (i + 2 < sizes.length && next[row] < 0) next[row] = 0;
    }
    layer = next;
  }
  return layer[0];
}

const surface = byId("surface");
function drawSurface(k) {
  const cells = new Int8Array(columns * lines);
  for (let row = 0; row < lines; row++) {
    const y = view.top - ((row + 0.5) / lines) * (view.top - view.bottom);
    for (let column = 0; column < columns; column++) {
      const s = score(k, view.left + ((column + 0.5) / columns) * (view.right - view.left), y);
      // A step at 0 makes the boundary; beyond it, the surer the darker.
      cells[row * columns + column] = Math.sign(s) * Math.min(70, 14 + 22 * Math.abs(s));
    }
  }
  heat(surface, cells, lines, columns, "value");
}

byId("points").replaceChildren(...xs.map((x, i) => svg("circle", { class: DATA.labels[i] > 0 ? "inner" : "outer", cx: ((x - view.left) / (view.right - view.left)) * 100, cy: ((view.top - ys[i]) / (view.top - view.bottom)) * (100 * lines / columns), r: 0.95 })));
byId("points").setAttribute("viewBox", `0 0 100 ${(100 * lines) / columns}`);

const blocks = DATA.parameters.map(({ name, shape }, i) => {
  const [rows, wide] = shape.length === 2 ? shape : [1, shape[0]];
  const make = kind => el("canvas", { class: kind, role: "img", style: `width:${Math.max(wide * 12, 12)}px;height:${rows * 12}px` });
  const [value, gradient] = [make("value"), make("adjoint")];
  byId("weights").append(el("figure", {}, el("figcaption", {}, el("b", {}, name), ` ${shape.join(" × ")}`), value, gradient));
  return { value, gradient, rows, wide };
});

const toCells = (numbers, most) => Int8Array.from(numbers, n => (most ? Math.max(-127, Math.min(127, Math.round((n / most) * 127))) : 0));
const most = sizes.map((_, i) => {
  let found = 0;
  for (let k = 0; k <= last; k++) for (const n of part(k, i)) found = Math.max(found, Math.abs(n));
  return found;
});

function drawWeights(k) {
  blocks.forEach((block, i) => {
    heat(block.value, toCells(part(k, i), most[i]), block.rows, block.wide, "value");
    block.value.setAttribute("aria-label", `${DATA.parameters[i].name} at state ${k}`);
    // A step of plain descent moves a point against its gradient.
    const moved = k < last ? part(k, i).map((n, j) => n - part(k + 1, i)[j]) : part(k, i).map(() => 0);
    heat(block.gradient, toCells(moved, Math.max(...moved.map(Math.abs))), block.rows, block.wide, "adjoint");
    block.gradient.setAttribute("aria-label", `the gradient by ${DATA.parameters[i].name} at state ${k}`);
  });
}

function curve(k) {
  const points = DATA.losses.map((loss, i) => [i, loss]);
  plot(byId("curve"), { height: 220, from: 0, to: last, low: 0, high: Math.max(...DATA.losses) * 1.05, label: "the loss at each state", curves: [{ kind: "value", points }], marks: [{ x: k, y: DATA.losses[k], kind: "value" }] });
}

const steps = stepper(byId("steps"), k => {
  drawSurface(k);
  drawWeights(k);
  curve(k);
  const put = (id, number, text) => {
    byId(id).textContent = text;
    byId(id).setAttribute("data-number", number);
  };
  put("loss", DATA.losses[k], shown(DATA.losses[k]));
  put("accuracy", DATA.accuracies[k], `${shown(DATA.accuracies[k])} %`);
  surface.setAttribute("aria-label", `the net’s boundary between the moons at state ${k}`);
  return k === 0 ? "The first draw: the net has learned nothing yet." : `State ${k}: state ${k - 1} minus its rate times its gradient.`;
});
document.addEventListener("recolour", () => steps.go(steps.at));
steps.reset(last + 1, 0);
onWidth(byId("curve"), () => curve(steps.at));
window.lab = { stepping: steps };
