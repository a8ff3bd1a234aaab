// Curves over an interval, as an SVG as wide as its column, so that its letters are as large as those around it.

function plot(host, { height = 240, from, to, low, high, curves, marks = [], label }) {
  const width = Math.max(280, Math.min(680, host.clientWidth));
  const pad = { left: 34, right: 20, top: 10, bottom: 22 };
  const x = value => pad.left + ((value - from) / (to - from)) * (width - pad.left - pad.right);
  const y = value => pad.top + ((high - value) / (high - low)) * (height - pad.top - pad.bottom);
  const inside = value => Number.isFinite(value) && value > low - (high - low) && value < high + (high - low);
  const path = points => {
    let d = "", open = false, last = null;
    for (const [px, py] of points) {
      const jump = last !== null && Math.abs(py - last) > (high - low) * 0.9;
      if (!inside(py)) open = false;
      else {
        d += `${open && !jump ? "L" : "M"}${round(x(px))} ${round(y(py))}`;
        open = true;
      }
      last = py;
    }
    return d;
  };
  const ticks = (a, b) => {
    const step = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000].find(size => (b - a) / size <= 5) ?? (b - a) / 4;
    const found = [];
    for (let t = Math.ceil(a / step) * step; t <= b + 1e-9; t += step) found.push(Math.abs(t) < step / 1e6 ? 0 : t);
    return found;
  };
  const clip = `clip-${plot.count = (plot.count ?? 0) + 1}`;
  host.replaceChildren(svg("svg", { class: "plot", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    svg("clipPath", { id: clip }, svg("rect", { x: pad.left, y: pad.top, width: width - pad.left - pad.right, height: height - pad.top - pad.bottom })),
    ticks(from, to).map(t => svg("text", { class: "tick", x: x(t), y: height - 6, "text-anchor": "middle" }, shown(t))),
    ticks(low, high).map(t => [svg("line", { class: t === 0 ? "axis zero" : "axis", x1: pad.left, x2: width - pad.right, y1: y(t), y2: y(t) }), svg("text", { class: "tick", x: pad.left - 6, y: y(t) + 4, "text-anchor": "end" }, shown(t))]),
    svg("g", { "clip-path": `url(#${clip})` }, curves.map(curve => svg("path", { class: `curve ${curve.kind}`, d: path(curve.points) }))),
    marks.filter(mark => inside(mark.y)).map(mark => svg("circle", { class: `dot ${mark.kind}`, cx: x(mark.x), cy: y(mark.y), r: 4.5 }))));
}
