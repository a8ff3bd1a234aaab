// Break it: a switch for each classic bug. The reader predicts a number, and only then sees it.

// host: where it goes; ask(bug) → { input, state } of the lab; kept: whether the page pulls, so that no bug can take hold.
function breaking(host, laboratory, { kept, shownBug = () => {}, remarks = {} }) {
  const switches = bugs.map(bug => el("button", { type: "button", role: "switch", "aria-checked": "false", class: "switch", "data-bug": bug.key, onclick: () => choose(active === bug ? null : bug) }, el("span", { class: "knob", "aria-hidden": "true" }), bug.name));
  const task = el("div", { class: "task", "aria-live": "polite" });
  host.append(el("div", { class: "switches" }, switches), task);
  let active = null;
  return { refresh: () => active && choose(active), get active() { return active; } };

  function choose(bug) {
    active = bug;
    switches.forEach((button, i) => button.setAttribute("aria-checked", String(bugs[i] === bug)));
    shownBug(null);
    if (!bug) return task.replaceChildren();
    const { graph, values } = laboratory.state;
    const broken = push(graph, values, bug.key), right = push(graph, values);
    // The input that shows most of the harm.
    const harm = v => Math.abs(broken.cells[v] - right.cells[v]) || 0;
    const asked = graph.variables.reduce((best, v) => (harm(v) > harm(best) ? v : best), graph.variables[0]);
    if (asked === undefined) return task.replaceChildren(el("p", {}, "This formula has no inputs to ask about."));
    const name = graph.nodes[asked].name;
    const answer = el("input", { class: "number", type: "text", inputmode: "decimal", size: 8, "aria-label": `your prediction for the gradient by ${name}` });
    const verdict = el("div", { class: "verdict" });
    const form = el("form", { class: "predict" },
      el("p", {}, el("b", {}, `${bug.name}. `), kept ? "Were this graph pushed with that bug, what would be in the cell of " : "What will the cell of ", nameSpan(name), kept ? " at the end? And what does pulling give?" : " hold at the end?"),
      el("div", { class: "answer" }, el("label", {}, "I predict ", answer), el("button", { type: "submit" }, "Show")), verdict);
    form.addEventListener("submit", event => {
      event.preventDefault();
      const guess = typed(answer.value);
      if (guess === null) return verdict.replaceChildren(el("p", {}, "Write a number first; a guess will do."));
      reveal(bug, name, guess, broken.cells[asked], right.cells[asked], verdict);
      shownBug(bug);
    });
    task.replaceChildren(form);
  }

  function reveal(bug, name, guess, wrong, right, verdict) {
    const close = (a, b) => Math.abs(a - b) <= 0.005 * Math.max(1, Math.abs(b)) || a === b;
    const hit = close(guess, wrong);
    const harmless = close(wrong, right);
    verdict.replaceChildren(...[
      el("p", {}, hit ? "Yes: " : "Not quite: ", "with the bug the cell of ", nameSpan(name), " ends at ", numberSpan(wrong, "adjoint", { "data-wrong": name }), harmless ? ", which happens to be right here." : ", where ", harmless ? null : numberSpan(right, "adjoint", { "data-right": name }), harmless ? null : " is right."),
      el("p", {}, bug.why, " ", harmless ? "This graph does not show it. " : null, harmless ? el("button", { type: "button", class: "example", onclick: () => laboratory.take(remarks[bug.key] ?? { formula: "b = a * 2; c = b * 3; d = b + c", inputs: { a: 1 } }) }, "Take one that does") : null),
      kept ? el("p", {}, el("b", {}, "Pulling gives "), numberSpan(right, "adjoint", { "data-pulled": name }), ". ", kept[bug.key]) : null].filter(Boolean));
  }
}

// Why no switch has anything to hold on to where adjoints are defined.
const nothingToHold = {
  assign: "There is no assignment to get wrong: an adjoint is written once, as the sum over all uses.",
  zero: "There is nothing to zero: every pass begins from an empty map and returns a new one.",
  set: "The uses are a list of places, not a set of nodes: a + a uses a in two places.",
  order: "A sum over uses cannot be taken before the users are known, so the order is part of the definition.",
  twice: "Asking twice gives the same map twice: a definition does not remember that it was read.",
};
