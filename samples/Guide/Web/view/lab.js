// Where a page happens: a formula and its inputs, the graph, and moments to step through. A page says which moments there
// are and what each shows; the lab does the rest.
//
// story: { formula, inputs, moments(state) → [moment], start?, panels?(state, moment) }
// state: { graph, values, inputs }
// moment: { say, line?, symbols?, numbers?, ...what the drawing shows }

function lab(story) {
  const host = byId("lab");
  const inputs = { ...story.inputs };
  const inputRow = el("div", { class: "inputs" });
  const stage = el("div", { class: "stage", tabindex: 0, "aria-label": "the graph; the arrow keys left and right step" });
  const toggle = el("button", { type: "button", class: "toggle", "aria-pressed": "false", onclick: () => put(!numbers) }, "put the numbers in");
  const line = el("div", { class: "line" });
  const origin = el("p", { class: "origin" });
  const side = el("div", { class: "side" }, ...(story.panels ?? []));
  let state = null, moments = [], drawing = null, numbers = false, upright = null;

  const field = formulaField(story.formula, text => {
    try {
      build(read(text));
      return null;
    } catch (problem) {
      if (!(problem instanceof FormulaError)) throw problem;
      return problem;
    }
  });
  const steps = el("div", { class: "steps" });
  const stepping = stepper(steps, show);
  const examples = story.examples ? el("div", { class: "examples" }, el("span", {}, "Try"), story.examples.map(example => el("button", { type: "button", class: "example", onclick: () => take(example) }, example.name ?? example.formula))) : null;
  host.append(el("div", { class: "entry" }, field.element, inputRow, examples), stage, el("div", { class: "under" }, el("div", { class: "tell" }, steps, el("div", { class: "explain" }, line, toggle), origin), side));
  onWidth(host, () => state && draw());
  field.set(story.formula);
  const self = { stepping, take, get state() { return state; }, get moments() { return moments; }, setInput, rebuild: () => refresh(stepping.at), field };
  window.lab = self;
  return self;

  function narrow() { return host.clientWidth < 680; }

  function take({ formula, inputs: given = {} }) {
    Object.assign(inputs, given);
    inputRow.replaceChildren();
    field.set(formula);
  }

  function build(graph) {
    const names = graph.variables.map(v => graph.nodes[v].name);
    names.forEach((name, i) => (inputs[name] ??= [2, 3, -1, 0.5, 1.5][i % 5]));
    const shownNames = [...inputRow.children].map(child => child.dataset.name);
    if (names.join() !== shownNames.join()) {
      inputRow.replaceChildren(...names.map(name => {
        const number = draggable(name, inputs[name], value => {
          inputs[name] = value;
          refresh(stepping.at);
        });
        number.dataset.name = name;
        return number;
      }));
    }
    state = { graph, values: [], inputs };
    moments = [];
    draw();
    refresh(story.start ?? 0);
  }

  function setInput(name, value) {
    inputs[name] = value;
    inputRow.replaceChildren();
    build(state.graph);
  }

  function refresh(at) {
    state.values = evaluate(state.graph, inputs);
    moments = story.moments(state);
    originText();
    stepping.reset(moments.length, at);
    story.changed?.(state);
  }

  function originText() {
    const run = DATA.runs?.find(known => known.formula === field.text && Object.entries(known.inputs).every(([name, value]) => inputs[name] === value));
    origin.textContent = story.remark?.() ?? (run ? "These are the numbers of a run of the library, at this formula and point." : "You have changed something: the page computes these numbers itself, and pulls as the library does.");
  }

  function draw() {
    upright = narrow();
    drawing = drawGraph(state.graph, { upright, caption: `the graph of ${field.text}`, adjoints: story.adjoints ?? true });
    stage.replaceChildren(drawing.root);
    fitInto(drawing.root, stage);
    if (moments.length) show(stepping.at);
  }

  function put(on) {
    numbers = on;
    toggle.setAttribute("aria-pressed", String(on));
    toggle.textContent = on ? "show the symbols" : "put the numbers in";
    show(stepping.at);
  }

  function show(at) {
    const moment = moments[at];
    if (!moment) return "";
    drawing.show(moment);
    line.replaceChildren(...((numbers ? moment.numbers : moment.symbols) ?? []));
    toggle.hidden = !moment.numbers;
    story.show?.(state, moment, at);
    follow(moment.current);
    return moment.say;
  }

  // A graph larger than its place is scrolled to where things happen.
  function follow(node) {
    const card = drawing.cards.get(node);
    if (!card || (stage.scrollWidth <= stage.clientWidth + 4 && stage.scrollHeight <= stage.clientHeight + 4)) return;
    const scale = drawing.root.scale;
    stage.scrollTo({ left: card.x * scale - stage.clientWidth / 2, top: card.y * scale - stage.clientHeight / 2, behavior: still() ? "auto" : "smooth" });
  }
}
