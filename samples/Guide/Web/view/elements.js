// Making elements. Text is always text, never markup.

function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined));
  return element;
}

const byId = id => document.getElementById(id);
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// Does something now and whenever the width of an element is another.
function onWidth(element, action) {
  let width = null;
  new ResizeObserver(() => {
    if (width === element.clientWidth) return;
    width = element.clientWidth;
    action();
  }).observe(element);
}
