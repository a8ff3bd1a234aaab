// Graphs in layers. Every edge leads from a layer to the next one: longer ones get a stop in each layer between. Sweeps up
// and down put each node at the mean place of its neighbours, and the order with the fewest crossings is kept.

function layers(count, edges) {
  const layer = Array(count).fill(0);
  for (const [from, to] of edges) layer[to] = Math.max(layer[to], layer[from] + 1);
  // What has no more inputs than users stands right before its first user, so that weights stand where they are used.
  for (let v = count - 1; v >= 0; v--) {
    const users = edges.filter(([from]) => from === v).map(([, to]) => layer[to]);
    if (users.length && edges.filter(([, to]) => to === v).length <= users.length) layer[v] = Math.min(...users) - 1;
  }
  return layer;
}

// count nodes, edges [from, to] with from < to; sizes [across, along] of each node. Returns places along (the layers) and
// across, and for each edge the points of its way.
function layout(count, edges, sizes, gaps = { along: 44, across: 18 }) {
  const layer = layers(count, edges);
  const depth = count ? Math.max(...layer) + 1 : 0;
  const stops = layer.map((l, v) => ({ layer: l, size: sizes[v], before: [], after: [] }));
  const ways = edges.map(([from, to]) => {
    const way = [from];
    for (let l = layer[from] + 1; l < layer[to]; l++) way.push(stops.push({ layer: l, size: [6, 0], before: [], after: [] }) - 1);
    way.push(to);
    for (let i = 1; i < way.length; i++) {
      stops[way[i - 1]].after.push(way[i]);
      stops[way[i]].before.push(way[i - 1]);
    }
    return way;
  });

  let order = Array.from({ length: depth }, () => []);
  stops.forEach((stop, i) => order[stop.layer].push(i));
  order = fewest(order, stops);
  place(order, stops, gaps.across);

  const thick = order.map(row => Math.max(...row.map(i => stops[i].size[1])));
  const start = thick.map((_, l) => thick.slice(0, l).reduce((sum, size) => sum + size + gaps.along, 0));
  stops.forEach(stop => (stop.along = start[stop.layer] + thick[stop.layer] / 2));
  const least = Math.min(...stops.map(stop => stop.across - stop.size[0] / 2));
  const most = Math.max(...stops.map(stop => stop.across + stop.size[0] / 2));
  stops.forEach(stop => (stop.across -= least));
  return {
    along: stops.slice(0, count).map(stop => stop.along),
    across: stops.slice(0, count).map(stop => stop.across),
    ways: ways.map(way => way.map(i => [stops[i].across, stops[i].along])),
    size: [most - least, depth ? start[depth - 1] + thick[depth - 1] : 0],
    crossings: crossings(order, stops),
  };
}

function fewest(order, stops) {
  let best = order, least = crossings(order, stops);
  let current = order.map(row => [...row]);
  for (let sweep = 0; sweep < 12 && least > 0; sweep++) {
    const down = sweep % 2 === 0;
    const side = down ? "before" : "after";
    const rows = current.map((_, l) => l);
    for (const l of down ? rows : rows.reverse()) {
      const place = new Map((current[down ? l - 1 : l + 1] ?? []).map((stop, i) => [stop, i]));
      const mean = new Map(current[l].map((stop, i) => {
        const found = stops[stop][side].map(other => place.get(other)).filter(at => at !== undefined);
        return [stop, found.length ? found.reduce((a, b) => a + b, 0) / found.length : i];
      }));
      current[l] = current[l].map((stop, i) => [stop, i]).sort((a, b) => mean.get(a[0]) - mean.get(b[0]) || a[1] - b[1]).map(([stop]) => stop);
    }
    const found = crossings(current, stops);
    if (found < least) (least = found), (best = current.map(row => [...row]));
  }
  return best;
}

function crossings(order, stops) {
  let count = 0;
  for (let l = 0; l + 1 < order.length; l++) {
    const place = new Map(order[l + 1].map((stop, i) => [stop, i]));
    const ends = order[l].flatMap(stop => stops[stop].after.map(next => place.get(next)).sort((a, b) => a - b));
    for (let i = 0; i < ends.length; i++) for (let j = i + 1; j < ends.length; j++) if (ends[i] > ends[j]) count++;
  }
  return count;
}

// Every stop goes towards the mean of its neighbours, as far as the order of its layer leaves room.
function place(order, stops, gap) {
  for (const row of order) {
    let at = 0;
    for (const i of row) {
      stops[i].across = at + stops[i].size[0] / 2;
      at += stops[i].size[0] + gap;
    }
    row.forEach(i => (stops[i].across -= (at - gap) / 2));
  }
  for (let round = 0; round < 16; round++) {
    for (const row of round % 2 ? [...order].reverse() : order) {
      const goal = row.map(i => {
        const near = round % 4 < 2 ? (round % 2 ? stops[i].after : stops[i].before) : [...stops[i].before, ...stops[i].after];
        return near.length ? near.reduce((sum, other) => sum + stops[other].across, 0) / near.length : stops[i].across;
      });
      settle(row, goal, stops, gap);
    }
  }
}

// The places nearest to the goals that keep order and distances: neighbours that would overlap move as one block.
function settle(row, goal, stops, gap) {
  const blocks = [];
  row.forEach((i, at) => {
    const previous = row[at - 1];
    const offset = at === 0 ? 0 : (stops[previous].size[0] + stops[i].size[0]) / 2 + gap;
    let block = { members: [i], offsets: [0], wish: goal[at], lead: offset };
    blocks.push(block);
    while (blocks.length > 1) {
      const left = blocks[blocks.length - 2];
      const distance = left.offsets[left.offsets.length - 1] + block.lead;
      if (left.wish + distance <= block.wish) break;
      const [a, b] = [left.members.length, block.members.length];
      left.wish = (left.wish * a + (block.wish - distance) * b) / (a + b);
      left.members.push(...block.members);
      left.offsets.push(...block.offsets.map(o => o + distance));
      blocks.pop();
      block = left;
    }
  });
  for (const block of blocks) block.members.forEach((i, k) => (stops[i].across = block.wish + block.offsets[k]));
}
