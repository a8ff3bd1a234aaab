// Numbers as people read them: few digits, a true minus. The full number is kept in data-number, for who wants to check.

function shown(number, digits = 5) {
  if (Number.isNaN(number)) return "NaN";
  if (!Number.isFinite(number)) return number > 0 ? "∞" : "−∞";
  const size = Math.abs(number);
  const text = number === 0 ? "0" : size >= 1e6 || size < 1e-4 ? number.toExponential(2).replace(/\.?0+e/, "e").replace("e+", "e") : String(Number(number.toPrecision(digits)));
  return text.replaceAll("-", "−");
}

const round = number => Math.round(number * 10) / 10;
const mix = (a, b, t) => a + (b - a) * t;

const numberSpan = (number, kind, attributes = {}) => el("span", { class: kind, "data-number": number, ...attributes }, shown(number));

// What a person typed, or null.
function typed(text) {
  const number = Number(text.trim().replaceAll("−", "-").replace(",", ".").replace("∞", "Infinity"));
  return text.trim() === "" || Number.isNaN(number) ? null : number;
}

// A number to drag, to step with the arrow keys, or to type.
function draggable(name, value, change) {
  const input = el("input", { class: "number value", type: "text", inputmode: "decimal", size: 6, value: shown(value), "aria-label": `${name}, a number: drag it, type, or use the arrow keys up and down`, "data-input": name, title: "drag, type, or ↑ ↓" });
  let current = value, from = null;
  const set = number => {
    current = Math.abs(number) < 1e-12 ? 0 : Number(number.toPrecision(12));
    input.value = shown(current);
    change(current);
  };
  input.addEventListener("change", () => {
    const number = typed(input.value);
    if (number === null || !Number.isFinite(number)) input.value = shown(current);
    else set(number);
  });
  input.addEventListener("keydown", event => {
    const way = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (!way) return;
    event.preventDefault();
    set(current + way * (event.shiftKey ? 1 : 0.1));
  });
  input.addEventListener("pointerdown", event => (from = { x: event.clientX, value: current, moved: false }));
  input.addEventListener("pointermove", event => {
    if (!from || !(event.buttons & 1)) return;
    if (!from.moved && Math.abs(event.clientX - from.x) < 4) return;
    if (!from.moved) input.setPointerCapture(event.pointerId);
    from.moved = true;
    event.preventDefault();
    set(Math.round((from.value + (event.clientX - from.x) * 0.02) * 50) / 50);
  });
  input.addEventListener("pointerup", () => (from = null));
  return el("label", { class: "draggable" }, el("span", {}, name), input);
}
