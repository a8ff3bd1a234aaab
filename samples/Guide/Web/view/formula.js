// A formula to edit. What cannot be read keeps the last graph on the page, and gets a message with the column and what was
// expected; a mark stands under that column where the formula is one line.

function formulaField(text, change) {
  const field = el("textarea", { class: "formula", spellcheck: "false", autocapitalize: "off", autocomplete: "off", rows: 1, "aria-label": "the formula", "aria-describedby": "formula-error" });
  const mark = el("div", { class: "mark", "aria-hidden": "true" });
  const error = el("p", { class: "error", id: "formula-error", role: "alert" });
  const fit = () => {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
  };
  field.addEventListener("input", () => {
    fit();
    tell(change(field.value));
  });
  field.value = text;
  onWidth(field, fit);
  return { element: el("div", { class: "formula-field" }, field, mark, error), set, get text() { return field.value; } };

  function set(next) {
    field.value = next;
    fit();
    tell(change(next));
  }

  function tell(problem) {
    error.textContent = problem?.message ?? "";
    field.setAttribute("aria-invalid", problem ? "true" : "false");
    mark.replaceChildren(...(problem && !field.value.includes("\n") && field.scrollHeight < 70 ? [field.value.slice(0, problem.column - 1), el("span", {}, "▲")] : []));
  }
}
