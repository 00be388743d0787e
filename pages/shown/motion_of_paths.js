// What lies between two paths of a chart; curves and bands first get the same vertices, as each has its own.
const NUMBER = /-?\d*\.?\d+(?:e[-+]?\d+)?/gi;
const STRAIGHT = /^M[-\d.,e]+(L[-\d.,e]+)*Z?$/;

const between = (from, to, part) => from + (to - from) * part;

// A part of the way from one path to another with the same commands.
export const pathBetween = (from, to, part) => {
  const ends = to.match(NUMBER) ?? [];
  let place = 0;
  return from.replace(NUMBER, (start) => between(Number(start), Number(ends[place++]), part));
};

// A path in a plot that is now `across` times as wide and `down` times as high.
export const stretched = (path, [across, down]) => path.replace(/([a-z])([^a-z]*)/gi, (_, command, numbers) => {
  const alone = { h: across, H: across, v: down, V: down }[command];
  let place = 0;
  return command + numbers.replace(NUMBER, (each) => Number(each) * (alone ?? (place++ % 2 ? down : across)));
});

// An edge with vertices at all of `xs`, two at each, so that a step stays one; beyond its ends, the end.
const withVerticesAt = (xs, edge) => {
  const last = edge.length - 1;
  let at = 0;
  return xs.flatMap((wanted) => {
    const x = Math.min(Math.max(wanted, edge[0][0]), edge[last][0]);
    while (edge[at][0] < x) at++;
    const [nextX, before] = edge[at];
    if (nextX > x) {
      const [fromX, fromY] = edge[at - 1];
      const y = between(fromY, before, (x - fromX) / (nextX - fromX));
      return [[x, y], [x, y]];
    }
    while (at < last && edge[at + 1][0] === x) at++;
    return [[x, before], [x, edge[at][1]]];
  });
};

// The edges of an unbroken path, from left to right: one of a line, two of a band; none of any other path.
const edgesOf = (path) => {
  if (!STRAIGHT.test(path)) return [];
  const numbers = path.match(NUMBER).map(Number), half = numbers.length / 4;
  const vertices = Array.from({ length: 2 * half }, (_, place) => numbers.slice(2 * place, 2 * place + 2));
  const isBand = path.endsWith("Z") && vertices.length > 1;
  const edges = isBand ? [vertices.slice(0, half), vertices.slice(half).reverse()] : [vertices];
  return edges.every((edge) => edge.every(([x], place) => !place || edge[place - 1][0] <= x)) ? edges : [];
};

const withSameVertices = (from, to) => {
  const unbroken = [from, to].map((path) => path.split(/(?=M)/).map(edgesOf));
  const [old, now] = unbroken;
  const fit = ({ length }, place) => length && length === old[place].length;
  if (old.length !== now.length || !now.every(fit)) return null;
  const xs = now.map((edges, place) => {
    const all = [...edges, ...old[place]].flat().map(([x]) => x);
    return [...new Set(all)].sort((one, other) => one - other);
  });
  return unbroken.map((pieces) => pieces.map((edges, place) => {
    const [upper, lower] = edges.map((edge) => withVerticesAt(xs[place], edge));
    return `M${[...upper, ...(lower ?? []).reverse()].join("L")}${lower ? "Z" : ""}`;
  }).join(""));
};

// Both paths with the same commands, or null if they cannot have the same.
export const alike = (from, to, isCurve) => {
  const same = from.replace(NUMBER, "") === to.replace(NUMBER, "");
  return (isCurve && withSameVertices(from, to)) || (same ? [from, to] : null);
};
