// Draws the moving marks of a scene over its still background, part by part as canvas.py does, and holds the sliders.
// Runs with or without a kernel.
// The playhead never leaves the browser; another slider asks the kernel for the film of its new position.

const DASHES = [5, 3]; // CSS pixels on, off: the same as in canvas.py

function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  if (["input", "button"].includes(tag)) node.dataset.lmSuppressShortcuts = true; // or JupyterLab takes the arrow keys
  node.append(...children);
  return node;
}

// x and y of every mark as views of the film's bytes, rows one after another
function decode(marks, film) {
  const bytes = film.buffer.slice(film.byteOffset, film.byteOffset + film.byteLength);
  let offset = 0;
  const take = ([rows, points]) => {
    const values = new Int16Array(bytes, offset, rows * points);
    offset += values.byteLength;
    return { rows, points, values };
  };
  return marks.map((mark) => ({ ...mark, x: take(mark.x), y: take(mark.y) }));
}

function painter(scene, canvas) {
  const { ratio, steps, colors, panels } = scene;
  const context = canvas.getContext("2d", { alpha: false });

  // The points that a part of a mark shows at one row, in device pixels
  function points({ panel, x, y }, { shown }, row) {
    const [left, top, width, height] = panels[panel].rectangle;
    const end = shown === "all" ? x.points : Math.min(row + 1, x.points);
    const begin = shown === "head" ? end - 1 : 0;
    const [fromX, fromY] = [x, y].map(({ rows, points }) => Math.min(row, rows - 1) * points + begin);
    return Array.from({ length: end - begin }, (_, i) => [
      (left + width * (x.values[fromX + i] / steps + 0.5)) * ratio,
      (top + height * (0.5 - y.values[fromY + i] / steps)) * ratio,
    ]);
  }

  // Through all points, or as sticks from each even point to the next
  function line(path, { width, dashed }, sticks) {
    context.beginPath();
    path.forEach(([x, y], i) => (sticks && i % 2 === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
    context.lineWidth = width * ratio;
    context.lineCap = dashed ? "butt" : "round";
    context.setLineDash(dashed ? DASHES.map((length) => length * ratio) : []);
    context.stroke();
  }

  function whitePen(width) {
    context.strokeStyle = "white";
    context.lineWidth = width * ratio;
  }

  const paint = {
    Polyline: (path, part) => line(path, part),
    Sticks(path, part) {
      if (!part.box) return line(path, part, true);
      path.forEach(([x, y], i) => i % 2 && context.fillRect(x, y, path[i - 1][0] - x, path[i - 1][1] - y));
    },
    Shapes(path, { size, corners, rim }) {
      const radius = (size / 2) * ratio;
      const shape = new Path2D();
      for (const [x, y] of path) {
        const places = corners.map(([a, b]) => [x + a * radius, y - b * radius]);
        shape.moveTo(...(places[0] ?? [x + radius, y]));
        places.forEach((place) => shape.lineTo(...place));
        if (!places.length) shape.arc(x, y, radius, 0, 2 * Math.PI);
        shape.closePath();
      }
      context.fill(shape);
      whitePen(rim);
      if (rim) context.stroke(shape); // a canvas would ignore a width of 0
    },
    Text(path, { texts, align }, row) {
      const text = texts[Math.min(row, texts.length - 1)];
      context.font = `${12.5 * ratio}px "DejaVu Sans", Verdana, sans-serif`;
      context.textAlign = align;
      whitePen(4);
      for (const [x, y] of path) {
        context.strokeText(text, x, y);
        context.fillText(text, x, y);
      }
    },
  };

  return (background, marks, row) => {
    context.drawImage(background, 0, 0);
    for (const [mark, part] of marks.flatMap((mark) => mark.parts.map((part) => [mark, part]))) {
      context.save();
      context.beginPath();
      const [left, top, width, height] = panels[mark.panel].rectangle.map((length) => length * ratio);
      const room = part.shown === "all" ? 0 : scene.headRoom * ratio; // the head of a path is whole at the panel's edge
      context.rect(left - room, top - room, width + 2 * room, height + 2 * room);
      context.clip();
      context.lineJoin = "round";
      context.strokeStyle = context.fillStyle = colors[mark.color];
      paint[part.kind](points(mark, part, row), part, row);
      context.restore();
    }
  };
}

// A range input with its name, its value in words, and a marked place on its track
function control(spec, value, before = []) {
  const last = spec.labels.length - 1;
  const input = element("input", { type: "range", min: 0, max: last, step: 1, value });
  const output = element("output", { ariaHidden: true }); // the slider itself says its value
  const track = element("div", { className: "track" }, ...before, input);
  const node = element("div", { className: "control" }, element("label", {}, spec.label), track, output);
  input.ariaLabel = spec.markLabel ? `${spec.label}, ${spec.markLabel}` : spec.label;
  if (Number.isFinite(spec.mark)) {
    track.classList.add("marked");
    // a thumb is 16 px wide, so its middle travels the width less 16 px
    const style = `left: calc(8px + ${spec.mark / last} * (100% - 16px))`;
    track.append(element("span", { className: "mark", style }, spec.markLabel));
  }
  const label = () => (output.textContent = input.ariaValueText = spec.labels[input.value]);
  label();
  return { input, node, label };
}

// The question before the explorer moves; calls done(guess or null) once it is answered or skipped
function questionForm({ question, choices, unit }, done) {
  const name = `guess-${Math.random()}`;
  const option = (properties, text) =>
    element("label", {}, element("input", { name, required: true, ...properties }), ` ${text}`);
  const options = choices.length
    ? choices.map((value) => option({ type: "radio", value }, value))
    : [option({ inputMode: "decimal", autocomplete: "off", ariaLabel: "your guess", oninput: refuseWords }, unit)];
  const lock = element("button", {}, "Lock in my guess");
  const skip = element("button", { type: "button", onclick: () => done(null) }, "Skip");
  const form = element("form", {}, element("p", {}, question), ...options, lock, skip);
  form.onsubmit = (event) => {
    event.preventDefault();
    const given = new FormData(form).get(name);
    done(choices.length ? given : number(given));
  };
  // JupyterLab keeps Enter from a form
  form.addEventListener("keydown", ({ key, target }) => key === "Enter" && target.name === name && form.requestSubmit());
  return form;
}

// A comma ends the whole part, as in "0,5", unless it sets off three digits, as in "7,667"; NaN of what is no number
function number(text) {
  const plain = text.replace(/\s/g, "").replace(/−/g, "-");
  const thousands = /^[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(plain);
  return plain ? Number(thousands ? plain.replaceAll(",", "") : plain.replace(",", ".")) : NaN;
}

function refuseWords({ target }) {
  target.setCustomValidity(Number.isFinite(number(target.value)) ? "" : "Write a number, such as 0.5 or 7,667 or 1e-3.");
}

function digits(value, most = 4) {
  const short = Number.isInteger(value) ? value : Number(value.toPrecision(most));
  return /e/.test(short) ? `${short}` : short.toLocaleString("en", { maximumSignificantDigits: 15 });
}

function verdict({ answer, unit, because, choices }, guess) {
  const named = (value, most) => (choices.length ? `“${value}”` : `${digits(value, most)} ${unit}`.trim());
  if (guess === null) return `The answer: ${named(answer)}. ${because}`;
  if (guess === answer) return `You said ${named(guess)}, and so it is. ${because}`;
  const factor = guess * answer > 0 ? Math.max(guess / answer, answer / guess) : 0;
  const off = choices.length || factor < 1.005 ? "" : `: a factor of ${digits(Number(factor.toPrecision(3)))}`;
  return `You said ${named(guess, 15)}; it is ${named(answer)}${off}. ${because}`;
}

// A guessed number as two marks: a line across its panel, and its name
function guessMarks({ panel, axis }, { panels, steps }, guess) {
  const { limits, log } = panels[panel][axis];
  const [value, low, high] = [guess, ...limits].map((each) => (log ? Math.log10(Math.max(each, 1e-300)) : each));
  const place = steps * Math.min(0.5, Math.max(-0.5, (value - low) / (high - low) - 0.5));
  const [along, across] = axis === "x" ? ["y", "x"] : ["x", "y"];
  const still = (...values) => ({ rows: 1, points: values.length, values });
  const mark = (part) => ({ panel, color: "second", parts: [{ shown: "all", ...part }] });
  const line = mark({ kind: "Polyline", width: 2, dashed: true });
  const align = axis === "x" && place > 0.1 * steps ? "right" : "left";
  const note = mark({ kind: "Text", texts: [" your guess "], align });
  return [
    { ...line, [along]: still(-steps / 2, steps / 2), [across]: still(place, place) },
    { ...note, [along]: still(axis === "x" ? 0.44 * steps : -steps / 2), [across]: still(place) },
  ];
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

async function render({ model, el }) {
  const scene = model.get("scene");
  const canvas = element("canvas", { width: scene.width * scene.ratio, height: scene.height * scene.ratio, role: "img" });
  const caption = element("p", { className: "caption", role: "status" });
  const error = element("p", { className: "error", role: "alert", hidden: true });
  const answer = element("p", { className: "caption", role: "status", hidden: true });
  const asleep = element("p", { className: "asleep" }, "The other sliders are asleep: run the cells to wake them.");
  const play = element("button", { type: "button", ariaLabel: "play" }, "▶");
  const playhead = scene.playhead && control(scene.playhead, model.get("row"), [play]);
  const sliders = scene.sliders.map((spec, i) => control(spec, model.get("positions")[i]));
  const draw = painter(scene, canvas);
  const background = await createImageBitmap(new Blob([model.get("background")], { type: "image/png" }));
  let guess = model.get("guess"); // kept there for another view, and for another day; never sent to the kernel
  let open = !scene.prediction || guess !== undefined;
  let awake = false; // the kernel is there, and knows this explorer
  let waiting, playing, marks;

  const wanted = () => sliders.map(({ input }) => Number(input.value));
  const shownRow = () => (playhead ? Number(playhead.input.value) : 0);

  function show() {
    const [row, captions] = [shownRow(), model.get("captions")];
    const guessed = typeof guess === "number" && scene.prediction.panel;
    draw(background, guessed ? [...marks, ...guessMarks(scene.prediction, scene, guess)] : marks, row);
    const text = open ? captions[Math.min(row, captions.length - 1)] : "First a guess, then the picture moves.";
    caption.textContent = canvas.ariaLabel = text;
    Object.assign(canvas.dataset, { row, positions: model.get("positions") });
    playhead?.label();
  }

  function ready() {
    sliders.forEach(({ input }) => (input.disabled = !awake || !open));
    if (playhead) play.disabled = playhead.input.disabled = !open;
    asleep.hidden = awake || !open || !sliders.length;
  }

  // One request at a time: the kernel is asked for the newest positions only, so no backlog builds
  function ask() {
    sliders.forEach(({ label }) => label());
    if (waiting) return;
    waiting = setTimeout(() => el.classList.add("waiting"), 400);
    model.send({ positions: wanted() });
  }

  function rest() {
    waiting = clearTimeout(waiting); // undefined
    el.classList.remove("waiting");
  }

  // The kernel's film is here; where this view asked for it, and its reader has moved on, ask again
  function answered() {
    const behind = waiting && wanted().join() !== model.get("positions").join();
    rest();
    if (behind) ask();
    awake = true;
    ready();
  }

  function follow() {
    marks = decode(model.get("marks"), model.get("film"));
    error.textContent = model.get("error");
    error.hidden = !error.textContent;
    // while the reader is ahead of the kernel, the reader's positions stand
    if (!waiting) sliders.forEach(({ input, label }, i) => ((input.value = model.get("positions")[i]), label()));
    show();
  }

  function greet() {
    awake = false;
    rest();
    ready();
    try {
      model.send({});
    } catch {} // the kernel has just gone: the sliders sleep on
  }

  function toggle() {
    playing = playing ? cancelAnimationFrame(playing) : requestAnimationFrame(start);
    Object.assign(play, playing ? { textContent: "⏸", ariaLabel: "pause" } : { textContent: "▶", ariaLabel: "play" });
    caption.ariaLive = playing ? "off" : "polite"; // a caption a frame is too many to be read aloud
  }

  function start(begin) {
    const last = Number(playhead.input.max);
    const from = shownRow() === last ? 0 : shownRow();
    const frame = (now) => {
      const rows = Math.floor((last * (now - begin)) / 1000 / scene.playhead.seconds);
      playhead.input.value = Math.min(last, from + rows);
      show();
      if (shownRow() === last) toggle();
      else playing = requestAnimationFrame(frame);
    };
    frame(begin);
  }

  el.classList.add("downhill");
  el.append(canvas, answer, caption, error, ...[playhead, ...sliders].flatMap((each) => each?.node ?? []), asleep);
  const say = () => {
    answer.textContent = verdict(scene.prediction, guess);
    answer.hidden = false;
  };
  if (guess !== undefined) say();
  if (!open) {
    const form = questionForm(scene.prediction, (given) => {
      guess = given;
      open = true;
      model.set("guess", given);
      say();
      form.remove();
      ready();
      show();
      (playhead ?? sliders[0])?.input.focus();
    });
    el.prepend(form);
  }
  play.onclick = toggle;
  if (playhead) playhead.input.oninput = () => (playing && toggle(), show());
  sliders.forEach(({ input }) => (input.oninput = ask));
  const jump = () => playhead && (playhead.input.value = model.get("row")); // and then "change" follows
  const heard = { change: follow, "change:row": jump, "change:answers": answered, comm_live_update: greet };
  for (const [event, act] of Object.entries(heard)) model.on(event, act);
  follow();
  greet();
  return () => {
    if (playing) cancelAnimationFrame(playing);
    for (const [event, act] of Object.entries(heard)) model.off(event, act);
  };
}

export default { initialize, render };
