// A map as a table: names, and the numbers they map to. What just changed is marked; what has no entry yet is left out.

function mapTable(caption, kind) {
  const body = el("tbody");
  const table = el("table", { class: "map", "data-map": caption }, el("caption", {}, caption), body);
  return { table, show };

  // entries: [name, number, history?]; changed: names.
  function show(entries, changed = new Set()) {
    body.replaceChildren(...(entries.length ? entries : [["{ }", null]]).map(([name, number, history]) =>
      el("tr", { class: changed.has(name) ? "changed" : null, "data-key": name },
        el("th", { scope: "row" }, name),
        el("td", {}, (history ?? []).map(old => el("s", {}, shown(old))), number === null ? null : numberSpan(number, kind)))));
  }
}
