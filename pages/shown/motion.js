// The marks of a chart move from where they were to where they are. Vega has drawn them where they are, and what it
// wrote stays: a path moves by an animation of `d`, any other mark by `translate` and `scale`, which are removed at the
// end. Those are no animation, which would give each mark a layer and take longer than the motion.
const TIMING = { duration: 250, easing: "ease-in-out" };
const LONGEST_STEP = 50; // milliseconds of motion in a frame: however long a frame takes, nothing jumps
const CHANGES = { subtree: true, childList: true, attributeOldValue: true,
                  attributeFilter: ["d", "transform", "x2", "y2", "width"] };
const running = new Set(); // the clocks of motions: animations, set on frame by frame
const paths = new WeakMap(); // path: its clock, and from which path to which it moves
const offsets = new Map(); // any other mark that moves: its clock, and how far off and how much larger it starts

const done = (clock) => clock?.effect.getComputedTiming().progress ?? 1;
const isCurve = (mark) => mark.matches(".mark-line, .mark-area");
const isSeen = (node) => node.getAttribute("opacity") !== "0" && node.getAttribute("fill") !== "transparent"
  && (node.localName !== "text" || node.textContent !== "");

const setOff = (node, [x, y, wider, higher]) => {
  node.style.translate = x || y ? `${x}px ${y}px` : "";
  if (node.localName === "line") node.style.scale = wider || higher ? `${1 + wider} ${1 + higher}` : "";
};
const left = ({ clock, offset }) => offset.map((each) => each * (1 - done(clock)));

const end = (clock) => {
  clock.cancel();
  running.delete(clock);
};

let lastFrame = 0;
const step = (now) => {
  for (const clock of running) {
    clock.currentTime += Math.min(now - lastFrame, LONGEST_STEP);
    if (clock.currentTime >= TIMING.duration) end(clock);
  }
  for (const [node, motion] of offsets) {
    setOff(node, left(motion));
    if (!running.has(motion.clock)) offsets.delete(node);
  }
  lastFrame = now;
  if (running.size) requestAnimationFrame(step);
};

const start = (clock) => {
  clock.pause();
  clock.currentTime = 0;
  if (!running.size) {
    lastFrame = document.timeline.currentTime;
    requestAnimationFrame(step);
  }
  running.add(clock);
};

// `gone` is the same node, or the one in whose place Vega has drawn it.
const movePath = (node, gone, old, size) => {
  const motion = paths.get(gone), part = done(motion?.clock), now = node.getAttribute("d");
  if (motion) end(motion.clock);
  if (!size || !old || !now) return;
  const seen = part < 1 ? pathBetween(motion.from, motion.to, part) : old;
  const from = node.hasAttribute("transform") ? seen : stretched(seen, size);
  const ends = from !== now && alike(from, now, isCurve(node.parentNode));
  if (!ends) return;
  const clock = node.animate(ends.map((path) => ({ d: `path("${path}")` })), TIMING);
  start(clock);
  paths.set(node, { clock, from: ends[0], to: ends[1] });
};

const place = (read) => [...(read("transform")?.match(NUMBER) ?? [0, 0]).slice(0, 2), read("x2"), read("y2")].map(Number);

const offsetOf = (node, old, [across, down]) => {
  const [x, y, width, height] = place((name) => old[name] ?? node.getAttribute(name));
  const [nowX, nowY, nowWidth, nowHeight] = place((name) => node.getAttribute(name));
  const [offX, offY, wider, higher] = offsets.has(node) ? left(offsets.get(node)) : [0, 0, 0, 0];
  const toWidth = nowWidth ? (across * (1 + wider) * width) / nowWidth : 1;
  const toHeight = nowHeight ? (down * (1 + higher) * height) / nowHeight : 1;
  return [across * ((1 + wider) * x + offX) - toWidth * nowX, down * ((1 + higher) * y + offY) - toHeight * nowY,
          toWidth - 1, toHeight - 1];
};

const onChanges = (records) => {
  const olds = new Map(), drawnAnew = new Map(), plots = new Map(), resized = new Set();
  for (const { type, target, attributeName, oldValue, removedNodes: [gone] } of records) {
    if (type === "childList") {
      if (gone?.localName === "path" && isCurve(target) && !drawnAnew.has(target)) drawnAnew.set(target, gone);
    } else if (attributeName === "width") {
      if (oldValue !== target.getAttribute("width")) resized.add(target);
    } else if (target.parentNode?.classList?.contains("role-mark")) {
      const old = olds.get(target) ?? {};
      if (isSeen(target)) olds.set(target, old);
      if (!(attributeName in old)) old[attributeName] = oldValue;
    } else if (oldValue && target.matches(".role-frame.root > g > .background")) {
      const [was, is] = [oldValue, target.getAttribute("d")].map((path) => path.match(NUMBER).slice(2, 4));
      if (!plots.has(target.ownerSVGElement)) plots.set(target.ownerSVGElement, is.map((size, side) => size / was[side]));
    }
  }
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  // By how much the plot of a mark has become wider and higher, or null if the mark is not to move.
  const size = ({ ownerSVGElement: svg }) => (still || resized.has(svg) ? null : plots.get(svg) ?? [1, 1]);
  for (const [{ firstElementChild: node }, gone] of drawnAnew) {
    if (node) movePath(node, gone, gone.getAttribute("d"), size(node));
  }
  const clock = new Animation(new KeyframeEffect(null, null, TIMING)), nodes = [];
  for (const [node, { d, ...old }] of olds) {
    if (d) movePath(node, node, d, size(node));
    if (!("transform" in old ? old.transform : "x2" in old || "y2" in old)) continue;
    if (size(node)) nodes.push(node);
    else if (offsets.delete(node)) setOff(node, [0, 0, 0, 0]);
  }
  if (!nodes.length) return;
  start(clock);
  for (const node of nodes) {
    offsets.set(node, { clock, offset: offsetOf(node, olds.get(node), size(node)) });
    setOff(node, offsets.get(node).offset);
  }
};

export default () => {
  if (!CSS.supports("d", 'path("M0,0")')) return undefined;
  const observer = new MutationObserver(onChanges);
  observer.observe(document.body, CHANGES);
  return () => observer.disconnect();
};
