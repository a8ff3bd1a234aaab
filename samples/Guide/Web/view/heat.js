// A tensor as a heat map: one hue for what is below 0 and one for what is above, paper for 0.

const palettes = new Map();

function palette(kind) {
  if (palettes.has(kind)) return palettes.get(kind);
  const style = getComputedStyle(document.documentElement);
  const parse = name => {
    const hex = style.getPropertyValue(name).trim().slice(1);
    return [0, 2, 4].map(i => parseInt(hex.slice(i, i + 2), 16));
  };
  const [paper, above, below] = [parse("--cell"), parse(kind === "value" ? "--value" : "--adjoint"), parse("--below")];
  const colours = Array.from({ length: 511 }, (_, i) => {
    const t = Math.pow(Math.abs(i - 255) / 255, 0.7);
    const end = i < 255 ? below : above;
    return paper.map((c, k) => Math.round(c + (end[k] - c) * t));
  });
  palettes.set(kind, colours);
  return colours;
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  palettes.clear();
  document.dispatchEvent(new Event("recolour"));
});

// cells: Int8Array of rows × columns from −127 to 127.
function heat(canvas, cells, rows, columns, kind) {
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  const colours = palette(kind);
  for (let i = 0; i < cells.length; i++) {
    const [r, g, b] = colours[255 + cells[i] * 2];
    image.data.set([r, g, b, 255], i * 4);
  }
  context.putImageData(image, 0, 0);
}

const bytes = text => Int8Array.from(atob(text), c => c.charCodeAt(0));
const floats = text => new Float32Array(Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer);
