// Draws the moving marks of a scene over its still background, and holds the sliders. Runs with or without a kernel.
// The playhead never leaves the browser; another slider asks the kernel for the film of its new position.

const DASHES = [5, 3]; // CSS pixels on, off: the same as in canvas.py

function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  if (tag === "input" || tag === "button") node.dataset.lmSuppressShortcuts = true; // or JupyterLab takes the arrow keys
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

  // The points of a mark at one row, in device pixels
  function points(mark, row) {
    const [left, top, width, height] = panels[mark.panel].rectangle;
    const trail = mark.kind === "trail";
    const fromX = trail ? 0 : Math.min(row, mark.x.rows - 1) * mark.x.points;
    const fromY = trail ? 0 : Math.min(row, mark.y.rows - 1) * mark.y.points;
    const count = trail ? Math.min(row + 1, mark.x.points) : mark.x.points;
    return Array.from({ length: count }, (_, i) => [
      (left + width * (mark.x.values[fromX + i] / steps + 0.5)) * ratio,
      (top + height * (0.5 - mark.y.values[fromY + i] / steps)) * ratio,
    ]);
  }

  function line(path, width, dashed = false) {
    context.beginPath();
    path.forEach(([x, y]) => context.lineTo(x, y));
    stroke(width, dashed);
  }

  function stroke(width, dashed) {
    context.lineWidth = width * ratio;
    context.lineCap = dashed ? "butt" : "round";
    context.setLineDash(dashed ? DASHES.map((length) => length * ratio) : []);
    context.stroke();
  }

  function dots(path, diameter, corners = []) {
    const radius = (diameter / 2) * ratio;
    context.beginPath();
    for (const [x, y] of path) {
      if (corners.length) corners.forEach(([a, b], i) => context[i ? "lineTo" : "moveTo"](x + a * radius, y - b * radius));
      else context.moveTo(x + radius, y), context.arc(x, y, radius, 0, 2 * Math.PI);
      context.closePath();
    }
    context.fill();
  }

  const paint = {
    trail(mark, path) {
      if (mark.line) line(path, 2);
      if (mark.dots) dots(path, 5);
      const head = path.slice(-1);
      dots(head, 13);
      context.strokeStyle = "white";
      context.beginPath();
      context.arc(...head[0], 6.5 * ratio, 0, 2 * Math.PI);
      stroke(1.5);
    },
    curve: (mark, path) => line(path, mark.width, mark.dashed),
    dots: (mark, path) => dots(path, mark.size, mark.corners),
    segments(mark, path) {
      context.beginPath();
      path.forEach(([x, y], i) => context[i % 2 ? "lineTo" : "moveTo"](x, y));
      stroke(mark.width, mark.dashed);
    },
    bars(mark, path) {
      for (let i = 0; i < path.length; i += 2) {
        const [[a, b], [c, d]] = [path[i], path[i + 1]];
        context.fillRect(a, b, c - a, d - b);
      }
    },
    note(mark, [[x, y]], row) {
      context.font = `${12.5 * ratio}px "DejaVu Sans", Verdana, sans-serif`;
      context.textAlign = mark.align;
      const text = mark.texts[Math.min(row, mark.texts.length - 1)];
      context.strokeStyle = "white";
      context.lineWidth = 4 * ratio;
      context.setLineDash([]);
      context.strokeText(text, x, y);
      context.fillText(text, x, y);
    },
  };

  return (background, marks, row) => {
    context.drawImage(background, 0, 0);
    for (const mark of marks) {
      context.save();
      context.beginPath();
      context.rect(...panels[mark.panel].rectangle.map((length) => length * ratio));
      context.clip();
      context.lineJoin = "round";
      context.strokeStyle = context.fillStyle = colors[mark.color];
      paint[mark.kind](mark, points(mark, row), row);
      context.restore();
    }
  };
}

// A range input with its name, its value in words, and a marked place on its track
function control(spec, value, before = []) {
  const input = element("input", { type: "range", min: 0, max: spec.labels.length - 1, step: 1, value });
  const output = element("output");
  const track = element("div", { className: "track" }, ...before, input);
  const node = element("div", { className: "control" }, element("label", {}, spec.label), track, output);
  input.setAttribute("aria-label", spec.markLabel ? `${spec.label}, ${spec.markLabel}` : spec.label);
  if (spec.mark !== null && spec.mark !== undefined) {
    const share = spec.mark / (spec.labels.length - 1);
    track.classList.add("marked");
    // a thumb is 16 px wide, so its middle travels the width less 16 px
    track.append(element("span", { className: "mark", style: `left: calc(8px + ${share} * (100% - 16px))` }, spec.markLabel));
  }
  const label = () => {
    output.textContent = spec.labels[input.value];
    input.setAttribute("aria-valuetext", spec.labels[input.value]);
  };
  label();
  return { input, node, label };
}

// The question before the explorer moves; calls done(guess or null) once it is answered or skipped
function question(prediction, done) {
  const { choices, unit } = prediction;
  const name = `guess-${Math.random()}`;
  const options = choices.length
    ? choices.map((value) => element("label", {}, element("input", { type: "radio", name, value, required: true }), ` ${value}`))
    : [element("label", {}, element("input", { type: "number", name, step: "any", required: true, ariaLabel: "your guess" }), ` ${unit}`)];
  const skip = element("button", { type: "button", onclick: () => done(null) }, "Skip");
  const form = element("form", {}, element("p", {}, prediction.question), ...options, element("button", {}, "Lock in my guess"), skip);
  form.onsubmit = (event) => {
    event.preventDefault();
    const given = new FormData(form).get(name);
    done(choices.length ? given : Number(given));
  };
  return form;
}

const digits = (value) => (Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toLocaleString("en") : String(Number(value.toPrecision(4))));

function verdict({ answer, unit, because, choices }, guess) {
  const named = (value) => (choices.length ? `“${value}”` : `${digits(value)} ${unit}`.trim());
  if (guess === null) return `The answer: ${named(answer)}. ${because}`;
  if (guess === answer) return `You said ${named(guess)}, and so it is. ${because}`;
  const factor = guess * answer > 0 ? Math.max(guess / answer, answer / guess) : 0;
  const off = choices.length || factor < 1.005 ? "" : `: a factor of ${digits(Number(factor.toPrecision(3)))}`;
  return `You said ${named(guess)}; it is ${named(answer)}${off}. ${because}`;
}

// The reader's guess as a dashed line across its panel, with a name, as marks in device pixels
function guessLine(scene, context, guess) {
  const { panel, axis } = scene.prediction;
  const [left, top, width, height] = scene.panels[panel].rectangle.map((length) => length * scene.ratio);
  const { limits, log } = scene.panels[panel][axis];
  const [value, low, high] = [guess, ...limits].map((number) => (log ? Math.log10(Math.max(number, 1e-300)) : number));
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
  const [x, y] = [left + share * width, top + (1 - share) * height];
  context.save();
  context.strokeStyle = context.fillStyle = scene.colors.second;
  context.lineWidth = 2 * scene.ratio;
  context.setLineDash([2 * scene.ratio, 4 * scene.ratio]);
  context.beginPath();
  axis === "x" ? (context.moveTo(x, top), context.lineTo(x, top + height)) : (context.moveTo(left, y), context.lineTo(left + width, y));
  context.stroke();
  context.font = `${12.5 * scene.ratio}px "DejaVu Sans", Verdana, sans-serif`;
  context.textAlign = axis === "x" && share > 0.6 ? "right" : "left";
  const shift = (context.textAlign === "left" ? 6 : -6) * scene.ratio;
  axis === "x" ? context.fillText("your guess", x + shift, top + 14 * scene.ratio) : context.fillText("your guess", left + shift, y - shift);
  context.restore();
}

async function render({ model, el }) {
  const scene = model.get("scene");
  const canvas = element("canvas", { width: scene.width * scene.ratio, height: scene.height * scene.ratio });
  const caption = element("p", { className: "caption" });
  const error = element("p", { className: "error", hidden: true });
  const asleep = element("p", { className: "asleep" }, "The other sliders are asleep: run the lesson's cells to wake them.");
  const answer = element("p", { className: "caption", hidden: true });
  const play = element("button", { type: "button", ariaLabel: "play" }, "▶");
  const playhead = scene.playhead && control(scene.playhead, model.get("row"), [play]);
  const sliders = scene.sliders.map((spec, i) => control(spec, model.get("positions")[i]));
  const draw = painter(scene, canvas);
  const background = await createImageBitmap(new Blob([model.get("background")], { type: "image/png" }));
  let marks, guess, playing, waitingSince;
  let awake = false;
  let open = !scene.prediction || model.get("guess") !== undefined;

  canvas.setAttribute("role", "img");
  caption.setAttribute("role", "status");
  error.setAttribute("role", "alert");
  answer.setAttribute("role", "status");
  el.classList.add("downhill");

  const wanted = () => sliders.map(({ input }) => Number(input.value));
  const shownRow = () => (playhead ? Number(playhead.input.value) : 0);

  function show() {
    const row = shownRow();
    draw(background, marks, row);
    if (typeof guess === "number" && scene.prediction.panel) guessLine(scene, canvas.getContext("2d"), guess);
    const captions = model.get("captions");
    const text = open ? captions[Math.min(row, captions.length - 1)] : "First a guess: the picture moves after it.";
    caption.textContent = text;
    canvas.setAttribute("aria-label", text);
    canvas.dataset.row = row;
    canvas.dataset.positions = model.get("positions");
    playhead?.label();
  }

  function load() {
    marks = decode(model.get("marks"), model.get("film"));
    error.textContent = model.get("error");
    error.hidden = !error.textContent;
    show();
  }

  function ready() {
    sliders.forEach(({ input }) => (input.disabled = !awake || !open));
    if (playhead) play.disabled = playhead.input.disabled = !open;
    asleep.hidden = awake || !open || !sliders.length;
  }

  // One request at a time: the kernel is asked for the newest positions only, so no backlog builds
  function ask() {
    sliders.forEach(({ label }) => label());
    if (waitingSince) return;
    waitingSince = performance.now();
    setTimeout(() => el.classList.toggle("waiting", Boolean(waitingSince)), 400);
    model.send({ positions: wanted() });
  }

  function answered() {
    waitingSince = undefined;
    el.classList.remove("waiting");
    if (awake && wanted().join() !== model.get("positions").join()) ask();
    awake = true;
    ready();
  }

  function follow() {
    // the kernel moved the sliders; while the reader is ahead of it, the reader's positions stand
    if (!waitingSince) sliders.forEach(({ input, label }, i) => ((input.value = model.get("positions")[i]), label()));
    load();
  }

  function greet() {
    awake = false;
    waitingSince = undefined;
    ready();
    model.send({});
  }

  function toggle() {
    playing = playing ? cancelAnimationFrame(playing) : requestAnimationFrame(start);
    play.textContent = playing ? "⏸" : "▶";
    play.ariaLabel = playing ? "pause" : "play";
    caption.ariaLive = playing ? "off" : "polite"; // a caption a frame is too many to be read aloud
  }

  function start(begin) {
    const last = Number(playhead.input.max);
    const from = shownRow() === last ? 0 : shownRow();
    const frame = (now) => {
      playhead.input.value = Math.min(last, from + Math.floor((last * (now - begin)) / 1000 / scene.playhead.seconds));
      show();
      if (shownRow() === last) toggle();
      else playing = requestAnimationFrame(frame);
    };
    frame(begin);
  }

  if (scene.prediction && open) guess = model.get("guess");
  const form = !open && question(scene.prediction, (given) => {
    guess = given;
    open = true;
    model.set("guess", given); // kept for another view of the same explorer; never sent to the kernel
    answer.textContent = verdict(scene.prediction, given);
    answer.hidden = false;
    form.remove();
    ready();
    show();
    (playhead?.input ?? sliders[0]?.input)?.focus();
  });
  el.append(...(form ? [form] : []), canvas, answer, caption, error, ...(playhead ? [playhead.node] : []), ...sliders.map(({ node }) => node), asleep);

  if (playhead) {
    play.onclick = toggle;
    playhead.input.oninput = () => (playing && toggle(), show());
  }
  sliders.forEach(({ input }) => (input.oninput = ask));
  model.on("change", follow);
  model.on("change:row", () => playhead && ((playhead.input.value = model.get("row")), show()));
  model.on("change:answers", answered);
  model.on("comm_live_update", greet);
  load();
  greet();
  return () => {
    if (playing) cancelAnimationFrame(playing);
    model.off("change:answers", answered);
    model.off("comm_live_update", greet);
  };
}

export default { render };
