// Holds what a reader moves: sliders, the playhead, handles, and a question before them. paint.js stands above this.
// Runs with or without a kernel. The playhead never leaves the browser while it runs; other controls ask the kernel
// for the film of their new values.

function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  if (["input", "button"].includes(tag)) node.dataset.lmSuppressShortcuts = true; // or JupyterLab takes the arrow keys
  node.append(...children);
  return node;
}

// The position of the value nearest to one that came
function position({ values }, value) {
  if (typeof value !== "number") return Math.max(0, values.indexOf(value));
  return values.reduce((best, each, k) => (Math.abs(each - value) < Math.abs(values[best] - value) ? k : best), 0);
}

// A range input with its name, its value in words, and a marked place on its track
function control(spec, before = []) {
  const last = spec.labels.length - 1;
  const input = element("input", { type: "range", min: 0, max: last, step: 1 });
  const output = element("output", { ariaHidden: true }); // the slider itself says its value
  const track = element("div", { className: "track" }, ...before, input);
  const node = element("div", { className: "control" }, element("label", {}, spec.label), output, track);
  input.ariaLabel = spec.markLabel ? `${spec.label}, ${spec.markLabel}` : spec.label;
  if (Number.isFinite(spec.mark)) {
    track.classList.add("marked");
    // a thumb is 16 px wide, so its middle travels the width less 16 px; the label stays within the track
    const place = `calc(8px + ${spec.mark / last} * (100% - 16px))`;
    const side = spec.mark > 0.7 * last ? "to-left" : spec.mark < 0.3 * last ? "to-right" : "";
    const label = element("span", { className: `place ${side}` }, spec.markLabel);
    label.style.left = place;
    track.append(label);
  }
  const value = () => spec.values[input.value];
  const put = (k) => {
    input.value = k;
    output.textContent = input.ariaValueText = spec.labels[input.value];
  };
  return { spec, input, node, value, put };
}

// Two values are a choice: a radio button for each, and the arrow keys go from one to the other
function choice(spec) {
  const name = `${spec.name}-${Math.random()}`;
  const buttons = spec.labels.map(() => element("input", { type: "radio", name }));
  const options = spec.labels.map((text, k) => element("label", {}, buttons[k], ` ${text}`));
  const input = element("fieldset", { className: "track", role: "radiogroup", ariaLabel: spec.label }, ...options);
  const node = element("div", { className: "control" }, element("label", {}, spec.label), input);
  const value = () => spec.values[buttons.findIndex(({ checked }) => checked)];
  const put = (k) => (buttons[k].checked = true);
  return { spec, input, node, value, put };
}

// The question before the explorer moves; calls done(guess or null) once it is answered or skipped
function questionForm({ question, choices, unit }, done) {
  const name = `guess-${Math.random()}`;
  const option = (properties, text) =>
    element("label", {}, element("input", { name, required: true, ...properties }), ` ${text}`);
  const options = choices.length
    ? choices.map(([value]) => option({ type: "radio", value }, value))
    : [option({ inputMode: "decimal", autocomplete: "off", ariaLabel: "your guess", oninput: refuseWords }, unit)];
  const lock = element("button", {}, "Lock in my guess");
  const skip = element("button", { type: "button", onclick: () => done(null) }, "Skip");
  const asked = element("fieldset", {}, element("legend", {}, question), ...options, lock, skip);
  const form = element("form", { className: "guess" }, asked);
  form.onsubmit = (event) => {
    event.preventDefault();
    const given = new FormData(form).get(name);
    done(choices.length ? given : number(given));
  };
  // JupyterLab keeps Enter from a form
  const enter = ({ key, target }) => key === "Enter" && target.name === name && form.requestSubmit();
  form.addEventListener("keydown", enter);
  return form;
}

// A comma ends the whole part, as in "0,5", unless it sets off three digits, as in "7,667"; NaN of what is no number
function number(text) {
  const plain = text.replace(/\s/g, "").replace(/−/g, "-");
  const thousands = /^[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(plain);
  return plain ? Number(thousands ? plain.replaceAll(",", "") : plain.replace(",", ".")) : NaN;
}

function refuseWords({ target }) {
  const isNumber = Number.isFinite(number(target.value));
  target.setCustomValidity(isNumber ? "" : "Write a number, such as 0.5 or 7,667 or 1e-3.");
}

// A number as ticks.py writes it, but a whole one in full: −2, 0.15, 100,000, 4·10⁻⁶
function written(value, digits = 4) {
  const size = Math.abs(Number.isInteger(value) ? value : value.toPrecision(digits));
  const [mantissa, exponent] = size.toExponential().split("e");
  const superscript = exponent.replace("+", "").replace(/./g, (sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]);
  const power = `${mantissa === "1" ? "" : `${mantissa}·`}10${superscript}`;
  const plain = exponent >= -4 && exponent < 15;
  const text = plain ? size.toLocaleString("en", { maximumSignificantDigits: 15 }) : power;
  return value < 0 ? `−${text}` : text;
}

function verdict({ answer, unit, because, choices }, guess) {
  const chosen = typeof answer === "string";
  const named = (value, most) => (chosen ? `“${value}”` : `${written(value, most)} ${unit}`.trim());
  const sentences = Object.fromEntries(choices);
  const why = chosen ? sentences[answer] : because;
  if (guess === null) return `The answer: ${named(answer)}. ${why}`;
  if (guess === answer) return `You said ${named(guess)}, and so it is. ${why}`;
  if (chosen) return `You said ${named(guess)}. ${sentences[guess]} It is ${named(answer)}. ${why}`;
  const factor = guess * answer > 0 ? Math.max(guess / answer, answer / guess) : 0;
  const off = factor < 1.005 ? "" : `: a factor of ${written(Number(factor.toPrecision(3)))}`;
  return `You said ${named(guess, 15)}; it is ${named(answer)}${off}. ${why}`;
}

const ARROWS = { ArrowLeft: ["x", -1], ArrowRight: ["x", 1], ArrowDown: ["y", -1], ArrowUp: ["y", 1] };

// The buttons that lie over the dots of a handle: for mouse, touch and keyboard
function handleButtons(spec, value, moved) {
  const axes = [...spec.moves];
  const read = (k) => {
    const own = spec.many ? value()[k] : value();
    return Object.fromEntries(axes.map((axis, i) => [axis, axes.length > 1 ? own[i] : own]));
  };
  const write = (k, place) => {
    const held = axes.map((axis) => {
      const [low, high] = spec.limits[axis];
      const stepped = low + Math.round((place[axis] - low) / spec.step) * spec.step;
      return Number(Math.min(high, Math.max(low, stepped)).toPrecision(12));
    });
    const own = axes.length > 1 ? held : held[0];
    moved(spec.many ? value().map((each, i) => (i === k ? own : each)) : own);
  };
  return Array.from({ length: spec.count }, (_, k) => {
    const node = element("button", { type: "button", className: "handle", ariaRoleDescription: "point to drag" });
    node.dataset.name = spec.name;
    node.addEventListener("keydown", (event) => {
      const step = spec.step * (event.shiftKey ? 10 : 1);
      const [axis, sign] = ARROWS[event.key] ?? [];
      if (!axes.includes(axis)) return;
      event.preventDefault();
      const place = read(k);
      write(k, { ...place, [axis]: place[axis] + sign * step });
    });
    const say = () => {
      const at = Object.entries(read(k)).map(([axis, each]) => `${axis} ${written(each)}`);
      node.ariaLabel = `${spec.label}${spec.many ? ` ${k + 1}` : ""}, ${at.join(", ")}`;
    };
    return { spec, k, node, read: () => read(k), write: (place) => write(k, place), say };
  });
}

const VIEW = "application/vnd.jupyter.widget-view+json"; // in an output
const STATE = "application/vnd.jupyter.widget-state+json"; // in the notebook's metadata

// Puts into the notebook's metadata the widgets that its outputs show: those that run as they are, others as they were
// stored. JupyterLab's setting "saveState" would lose the others, and mark a notebook as changed when it is opened.
function storeWidgets(manager) {
  const notebook = manager.context.model;
  const { cells, metadata } = notebook.toJSON();
  const running = manager.get_state_sync({ drop_defaults: true });
  const known = { ...metadata.widgets?.[STATE]?.state, ...running.state };
  const state = {};
  const keep = (id) => {
    if (id in state || !(id in known)) return;
    state[id] = known[id];
    for (const [, part] of JSON.stringify(known[id].state).matchAll(/"IPY_MODEL_([^"]+)"/g)) keep(part);
  };
  for (const { data } of cells.flatMap((cell) => cell.outputs ?? [])) keep(data?.[VIEW]?.model_id);
  notebook.setMetadata("widgets", { [STATE]: { ...running, state } });
}

// One explorer of a notebook in JupyterLab sees to it that all are stored: on each save, and before a restart ends them
const storing = (globalThis.downhillStoring ??= new WeakSet());
function initialize({ model: { widget_manager: manager } }) {
  if (!manager.context?.saveState || storing.has(manager)) return;
  storing.add(manager);
  const store = (_, state) => ["started", "restarting"].includes(state) && storeWidgets(manager);
  manager.context.saveState.connect(store);
  manager.context.sessionContext.statusChanged.connect(store);
}

function render({ model, el }) {
  const stored = model.get("scene");
  const scene = { ...stored, panels: Object.fromEntries(stored.panels) };
  const still = decode(scene.still, model.get("still"));
  const canvas = element("canvas", { role: "img" });
  const picture = element("div", { className: "picture" }, canvas);
  const caption = element("p", { className: "caption", role: "status" });
  const error = element("p", { className: "error", role: "alert", hidden: true });
  const printed = element("pre", { className: "printed", role: "log", tabIndex: 0 });
  const answer = element("div", { className: "answer", hidden: !scene.prediction });
  const spoken = element("p", { className: "spoken", role: "status" });
  const play = element("button", { type: "button", className: "play", ariaLabel: "play" });
  const reset = element("button", { type: "button", className: "reset" }, "Reset");
  const asleep = element("p", { className: "asleep" }, "The other controls are asleep. ");
  const wake = globalThis.jupyterapp?.commands;
  const runAll = { type: "button", onclick: () => wake.execute("notebook:run-all-cells") };
  asleep.append(wake ? element("button", runAll, "Wake them: run all cells") : "Run > Run All Cells wakes them.");
  const playhead = scene.playhead && control(scene.playhead, [play]);
  const sliders = scene.sliders.map((spec) => (spec.values.length === 2 && !spec.markLabel ? choice : control)(spec));
  const asked = [...scene.sliders, ...scene.handles]; // what the kernel makes a film for
  const points = scene.handles.flatMap((spec) =>
    handleButtons(spec, () => model.get(spec.name), (value) => set({ [spec.name]: value })),
  );
  let open = !scene.prediction || model.get("guess") !== undefined;
  let awake = false; // the kernel is there, and knows this explorer
  let painted = []; // what the picture shows: a change of a control alone paints nothing
  let decoded = [];
  let fading, playing, marks, paint, places, said, laidWidth;

  const wantedRow = () => (playhead ? position(scene.playhead, model.get(scene.playhead.name)) : 0);
  const shownRow = () => Math.min(wantedRow(), model.get("rows") - 1);
  const behind = () => asked.some(({ name }) => `${model.get("at")[name]}` !== `${model.get(name)}`);

  // What gives no answer away
  const visible = (marks) => (open ? marks : marks.filter(({ panel }) => !scene.prediction.hides.includes(panel)));

  // For this width and these colours: where the panels stand, and what stands still on them
  function lay() {
    const width = (laidWidth = Math.round(el.clientWidth || laidWidth || 960));
    const ratio = Math.max(1, globalThis.devicePixelRatio);
    const colors = shades(scene, el);
    const laid = layout(scene, width);
    const paper = (target) => {
      Object.assign(target, { width: width * ratio, height: laid.height * ratio });
      const context = target.getContext("2d", { alpha: false });
      context.scale(ratio, ratio);
      return context;
    };
    const ground = document.createElement("canvas");
    const context = paper(ground);
    context.fillStyle = colors.paper;
    context.fillRect(0, 0, width, laid.height);
    const below = painter(scene, context, colors, laid);
    below.draw(visible(still), 0);
    below.axes();
    canvas.style.height = `${laid.height}px`;
    places = laid.places;
    const above = paper(canvas);
    const moving = painter(scene, above, colors, laid);
    paint = (marks, row, guess) => {
      above.drawImage(ground, 0, 0, width, laid.height);
      moving.draw(marks, row);
      if (typeof guess === "number" && scene.prediction.panel) moving.guess(scene.prediction, guess);
    };
    painted = [];
  }

  function show() {
    const row = shownRow();
    const [captions, guess] = [model.get("captions"), model.get("guess")];
    const state = [marks, row, open, guess];
    if (state.some((each, i) => each !== painted[i])) {
      paint(visible(marks), row, guess);
      painted = state;
    }
    const text = open ? captions[Math.min(row, captions.length - 1)] : "First a guess, then the picture moves.";
    if (text !== said) caption.textContent = canvas.ariaLabel = said = text;
    const positions = scene.sliders.map((spec) => position(spec, model.get("at")[spec.name]));
    Object.assign(canvas.dataset, { row, positions, at: JSON.stringify(model.get("at")) });
    playhead?.put(row);
  }

  // The buttons of the handles lie where the hand is, the dots follow with the film
  function place() {
    for (const { spec, k, node, read, say } of points) {
      const mark = marks.find(({ drag }) => drag === spec.name);
      node.hidden = !mark || !open;
      if (!mark) continue;
      const [left, top, width, height] = places[mark.panel];
      const { x, y } = scene.panels[mark.panel];
      const drawn = { x: mark.x.values[k] / scene.steps + 0.5, y: mark.y.values[k] / scene.steps + 0.5 };
      const here = read();
      const at = (axis, of) => (axis in here ? fraction(of, here[axis]) : drawn[axis]);
      node.style.left = `${left + width * at("x", x)}px`;
      node.style.top = `${top + height * (1 - at("y", y))}px`;
      say();
    }
  }

  function ready() {
    const moves = [...sliders.map(({ input }) => input), ...points.map(({ node }) => node)];
    moves.forEach((each) => (each.disabled = !awake || !open));
    if (playhead) play.disabled = playhead.input.disabled = !open;
    reset.disabled = !open || (!awake && !playhead);
    reset.hidden = !playhead && !asked.length;
    asleep.hidden = awake || !open || !asked.length;
    el.classList.toggle("asked", !open);
  }

  function set(values) {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    let words = "";
    const output = ({ content }) => (words += content.text ?? ""); // what the film prints, and what it is warned of
    const status = ({ content }) => content.execution_state === "idle" && (printed.textContent = words);
    // one request at a time: what changes meanwhile is sent after its answer
    if (awake) model.save_changes({ iopub: { output, status } });
    fade();
  }

  // A picture that is not yet the one of its controls, or that has none, fades
  function fade() {
    const late = awake && behind();
    if (!late) fading = clearTimeout(fading);
    else fading ??= setTimeout(() => el.classList.add("waiting"), 400);
    if (!late) el.classList.remove("waiting");
  }

  function follow() {
    const came = [model.get("marks"), model.get("film")]; // of a text alone, the film stays the same
    if (came.some((each, i) => each !== decoded[i])) marks = decode(...(decoded = came));
    const words = model.get("stale") ? "The cells above have changed: run this cell again." : model.get("error");
    if (error.textContent !== words) error.textContent = words;
    error.hidden = !words;
    el.classList.toggle("failed", Boolean(words));
    sliders.forEach(({ spec, put }) => put(position(spec, model.get(spec.name))));
    const end = scene.playhead ? (model.get("rows") - 1) / Math.max(1, scene.playhead.values.length - 1) : 1;
    playhead?.node.style.setProperty("--end", end);
    playhead?.node.classList.toggle("short", end < 1);
    fade();
    show();
    place();
  }

  function greet() {
    awake = false;
    ready();
    try {
      model.send({});
    } catch {} // the kernel has just gone: the controls sleep on
  }

  function answered({ awake: alive }) {
    if (!alive) return;
    awake = true;
    ready();
    fade();
  }

  function turn(row) {
    model.set(scene.playhead.name, scene.playhead.values[Math.min(row, model.get("rows") - 1)]);
  }

  function rest() {
    if (awake) model.save_changes();
  }

  function toggle() {
    playing = playing ? cancelAnimationFrame(playing) : requestAnimationFrame(start);
    play.classList.toggle("playing", Boolean(playing));
    play.ariaLabel = playing ? "pause" : "play";
    caption.ariaLive = playing ? "off" : "polite"; // a caption a frame is too many to be read aloud
    if (!playing) rest();
  }

  function start(begin) {
    const last = model.get("rows") - 1;
    const all = scene.playhead.values.length - 1;
    const from = shownRow() >= last ? 0 : shownRow();
    const hold = matchMedia("(prefers-reduced-motion: reduce)").matches ? 500 : 1; // milliseconds a picture stands
    const frame = (now) => {
      const passed = Math.floor((now - begin) / hold) * hold;
      const row = Math.min(last, from + Math.floor((all * passed) / 1000 / scene.playhead.seconds));
      if (row !== shownRow()) turn(row);
      if (row >= last) toggle();
      else playing = requestAnimationFrame(frame);
    };
    frame(begin);
  }

  el.classList.add("downhill");
  Object.assign(el, { role: "group", ariaLabel: "figure with controls" });
  const bottom = element("div", { className: "bottom" }, caption, reset);
  const controls = [playhead, ...sliders].flatMap((each) => each?.node ?? []);
  // captions differ in their lines: below the controls they move none of them
  el.append(answer, picture, ...controls, bottom, asleep, error, printed, spoken);
  picture.append(...points.map(({ node }) => node));
  const say = () => {
    const sentence = verdict(scene.prediction, model.get("guess"));
    answer.replaceChildren(element("p", { role: "status" }, sentence));
  };
  if (scene.prediction && open) say();
  if (!open) {
    const form = questionForm(scene.prediction, (given) => {
      answer.style.minHeight = `${answer.offsetHeight}px`; // nothing jumps
      model.set("guess", given); // kept there for another view, and for another day; the kernel needs it not
    });
    answer.append(form);
  }
  const told = () => {
    if (open) return;
    const here = answer.contains(document.activeElement); // not in another view of the same figure
    open = true;
    say();
    ready();
    again();
    const first = ".handle:enabled:not([hidden]), .control input:is([type=range], :checked):enabled";
    if (here) el.querySelector(first)?.focus({ preventScroll: true }); // the verdict stays in sight
  };
  play.onclick = toggle;
  if (playhead) {
    playhead.input.oninput = () => {
      if (playing) toggle();
      turn(Number(playhead.input.value));
      show(); // where the film has ended, its last row
    };
    playhead.input.onchange = rest;
  }
  for (const { spec, input, value } of sliders) input.oninput = () => set({ [spec.name]: value() });
  for (const { spec, node, write, read } of points) {
    const drag = ({ clientX, clientY }) => {
      const mark = marks.find(({ drag }) => drag === spec.name);
      const [left, top, width, height] = places[mark.panel];
      const box = canvas.getBoundingClientRect();
      const { x, y } = scene.panels[mark.panel];
      write({ x: unit(x, (clientX - box.left - left) / width), y: unit(y, 1 - (clientY - box.top - top) / height) });
    };
    node.addEventListener("pointerdown", (event) => {
      node.setPointerCapture(event.pointerId);
      node.focus();
      event.preventDefault();
    });
    // "pointermove" waits for the next frame; not every browser has the other one
    const moves = "onpointerrawupdate" in node ? "pointerrawupdate" : "pointermove";
    node.addEventListener(moves, (event) => node.hasPointerCapture(event.pointerId) && drag(event));
    node.addEventListener("keyup", () => (spoken.textContent = node.ariaLabel));
  }
  reset.onclick = () => {
    if (playing) toggle();
    if (playhead) model.set(scene.playhead.name, scene.playhead.values[scene.playhead.start]);
    if (awake) {
      for (const spec of scene.sliders) model.set(spec.name, spec.values[spec.start]);
      for (const spec of scene.handles) model.set(spec.name, spec.start);
    }
    set({});
  };
  const again = () => (lay(), follow());
  // a taller caption changes the size, too, but no picture
  const size = new ResizeObserver(() => el.clientWidth && Math.round(el.clientWidth) !== laidWidth && again());
  const theme = new MutationObserver(again);
  size.observe(el);
  theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  const heard = { change: follow, "change:guess": told, "msg:custom": answered, comm_live_update: greet };
  for (const [event, act] of Object.entries(heard)) model.on(event, act);
  lay();
  follow();
  greet();
  return () => {
    if (playing) cancelAnimationFrame(playing);
    size.disconnect();
    theme.disconnect();
    for (const [event, act] of Object.entries(heard)) model.off(event, act);
  };
}

export default { initialize, render };
