// Going from moment to moment: buttons, a slider, and the arrow keys anywhere on the page that no other control needs them.

function stepper(host, show) {
  const back = el("button", { type: "button", class: "step", "aria-label": "one step back", onclick: () => go(at - 1) }, "←");
  const forth = el("button", { type: "button", class: "step", "aria-label": "one step on", onclick: () => go(at + 1) }, "→");
  const slider = el("input", { type: "range", min: 0, max: 0, value: 0, "aria-label": "step", oninput: () => go(Number(slider.value)) });
  const count = el("span", { class: "count" });
  const live = el("p", { class: "say", "aria-live": "polite", role: "status" });
  let at = 0, last = 0;
  host.append(el("div", { class: "stepper" }, back, slider, forth, count), live);
  document.addEventListener("keydown", event => {
    if (event.target.matches("input:not([type=range]), textarea, select") || event.altKey || event.ctrlKey || event.metaKey) return;
    const goal = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
    if (goal === undefined) return;
    event.preventDefault();
    go(goal);
  });
  return { reset, go, get at() { return at; }, get last() { return last; } };

  function reset(moments, start = 0) {
    last = moments - 1;
    slider.max = last;
    go(Math.min(start, last));
  }

  function go(goal) {
    at = Math.max(0, Math.min(last, goal));
    slider.value = at;
    back.disabled = at === 0;
    forth.disabled = at === last;
    count.textContent = `${at} of ${last}`;
    const text = show(at);
    slider.setAttribute("aria-valuetext", `step ${at} of ${last}`);
    if (live.textContent !== text) live.textContent = text;
  }
}
