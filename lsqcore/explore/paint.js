// Draws the panels of a scene and the marks on them, part by part as canvas.py does.

const DASHES = [5, 3]; // CSS pixels on, off; these and the next four as in canvas.py and layout.py
const KEY = [20, 3];
const LEAST_WIDTH = 280;
const [TOP, BOTTOM, RIGHT, BARE, STACKED] = [42, 50, 18, 12, 210];
const FONT = '"DejaVu Sans", Verdana, sans-serif';

// x and y of every mark as views of their bytes, rows one after another
function decode(marks, { buffer, byteOffset, byteLength }) {
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength);
  let offset = 0;
  const take = ([rows, points]) => {
    const values = new Int16Array(bytes, offset, rows * points);
    offset += values.byteLength;
    return { rows, points, values };
  };
  return marks.map((mark) => ({ ...mark, x: take(mark.x), y: take(mark.y) }));
}

// Left, top, width and height of each panel, side by side where there is room, and the whole height: as layout.py does
function layout({ panels, height }, width) {
  const all = Object.entries(panels);
  const stacked = width < LEAST_WIDTH * all.length;
  const shares = all.reduce((sum, [, panel]) => sum + panel.width, 0);
  const places = {};
  let [x, y] = [0, 0];
  for (const [name, panel] of all) {
    const box = stacked ? width : (width * panel.width) / shares;
    const room = box - panel.left - RIGHT;
    const around = TOP + (panel.axes ? BOTTOM : BARE);
    const tall = stacked ? Math.min(height - around, STACKED) : height - around;
    const wide = panel.aspect ? Math.min(room, tall * panel.aspect) : room;
    const used = panel.aspect ? wide / panel.aspect : tall;
    places[name] = [x + panel.left + (room - wide) / 2, y + TOP, wide, used];
    [x, y] = stacked ? [x, y + around + used] : [x + box, y];
  }
  return { places, height: stacked ? y : height };
}

// A value of an axis as a place in its panel from 0 to 1, and back
function fraction({ limits: [low, high], log }, value) {
  const [a, b, c] = [value, low, high].map((each) => (log ? Math.log10(Math.max(each, 1e-300)) : each));
  return (a - b) / (c - b);
}

function unit({ limits: [low, high], log }, place) {
  return log ? low * (high / low) ** place : low + place * (high - low);
}

// The colours of the scene, but paper, ink and what is quiet as the page has them in the dark
function shades(scene, node) {
  const style = getComputedStyle(node);
  const found = ["paper", "ink", "quiet", "contour"].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]);
  return { paper: "#ffffff", ...scene.colors, ...Object.fromEntries(found.filter(([, color]) => color)) };
}

function painter(scene, context, colors, { places }) {
  // The points that a part of a mark shows at one row, in CSS pixels
  function points({ panel, x, y }, { shown }, row) {
    const [left, top, width, height] = places[panel];
    const end = shown === "all" ? x.points : Math.min(row + 1, x.points);
    const begin = shown === "head" ? end - 1 : 0;
    const [fromX, fromY] = [x, y].map(({ rows, points }) => Math.min(row, rows - 1) * points + begin);
    return Array.from({ length: end - begin }, (_, i) => [
      left + width * (x.values[fromX + i] / scene.steps + 0.5),
      top + height * (0.5 - y.values[fromY + i] / scene.steps),
    ]);
  }

  // Through all points; the pen is set down anew where `lifted` says so
  function line(path, { width, dashed }, lifted) {
    context.beginPath();
    path.forEach(([x, y], i) => (lifted(i) ? context.moveTo(x, y) : context.lineTo(x, y)));
    context.lineWidth = width;
    context.lineCap = dashed ? "butt" : "round";
    context.setLineDash(dashed ? DASHES : []);
    context.stroke();
  }

  const paint = {
    Polyline(path, part) {
      const starts = new Set(part.starts);
      line(path, part, (i) => starts.has(i));
    },
    Sticks(path, part) {
      if (!part.box) return line(path, part, (i) => i % 2 === 0);
      path.forEach(([x, y], i) => i % 2 && context.fillRect(x, y, path[i - 1][0] - x, path[i - 1][1] - y));
    },
    Shapes(path, { size, corners, rim }) {
      const radius = size / 2;
      const shape = new Path2D();
      for (const [x, y] of path) {
        const corner = corners.map(([a, b]) => [x + a * radius, y - b * radius]);
        shape.moveTo(...(corner[0] ?? [x + radius, y]));
        corner.forEach((place) => shape.lineTo(...place));
        if (!corner.length) shape.arc(x, y, radius, 0, 2 * Math.PI);
        shape.closePath();
      }
      context.fill(shape);
      Object.assign(context, { strokeStyle: colors.paper, lineWidth: rim });
      if (rim) context.stroke(shape); // a canvas would ignore a width of 0
    },
    Text(path, { texts, align, key }, row) {
      const text = texts[Math.min(row, texts.length - 1)];
      Object.assign(context, { font: `12.5px ${FONT}`, textAlign: align, strokeStyle: colors.paper, lineWidth: 4 });
      for (const [x, y] of path) {
        const back = { left: 0, center: KEY[0] / 2, right: KEY[0] }[align];
        if (key && text) context.fillRect(x - back, y + 4, ...KEY);
        context.strokeText(text, x, y);
        write(text, x, y, colors.ink);
      }
    },
  };

  function write(text, x, y, color, style = {}, room = undefined) {
    Object.assign(context, { ...style, fillStyle: color });
    context.fillText(text, x, y, room); // narrower letters where the room is short
  }

  function axes({ title, xlabel, ylabel, x, y, left: margin, axes: drawn }, [left, top, width, height]) {
    const start = drawn ? left - margin + 14 : left;
    const bold = { font: `bold 14px ${FONT}`, textAlign: "left" };
    write(title, start, top - 16, colors.ink, bold, left + width + RIGHT - start);
    if (!drawn) return;
    const bottom = top + height;
    context.beginPath();
    const stroke = (...path) => path.forEach(([a, b], i) => (i ? context.lineTo(a, b) : context.moveTo(a, b)));
    stroke([left, top], [left, bottom], [left + width, bottom]);
    Object.assign(context, { font: `12px ${FONT}`, strokeStyle: colors.quiet, lineWidth: 1, textAlign: "center" });
    context.setLineDash([]);
    for (const [place, text] of x.ticks) {
      stroke([left + place * width, bottom], [left + place * width, bottom + 4]);
      write(text, left + place * width, bottom + 17, colors.quiet);
    }
    context.textAlign = "right";
    for (const [place, text] of y.ticks) {
      stroke([left - 4, bottom - place * height], [left, bottom - place * height]);
      write(text, left - 8, bottom - place * height + 4, colors.quiet);
    }
    context.stroke();
    Object.assign(context, { font: `13px ${FONT}`, textAlign: "center" });
    write(xlabel, left + width / 2, bottom + 37, colors.ink);
    context.save();
    context.translate(left - margin + 18, top + height / 2);
    context.rotate(-Math.PI / 2);
    write(ylabel, 0, 0, colors.ink);
    context.restore();
  }

  // A guessed number: a line across its panel, and its name beyond the panel, where it covers nothing
  function guess({ panel, axis }, value) {
    const [left, top, width, height] = places[panel];
    const place = Math.min(1, Math.max(0, fraction(scene.panels[panel][axis], value)));
    const style = { font: `12.5px ${FONT}`, textAlign: place > 0.5 ? "right" : "left" };
    context.save();
    context.strokeStyle = colors.second;
    context.translate(left, top + height);
    if (axis === "y") context.transform(0, -1, 1, 0, 0, 0); // upwards, and to the right
    const [at, end, beyond] = axis === "x" ? [width * place, -height, -3] : [height * place, width, 14];
    line([[at, 0], [at, end]], { width: 2, dashed: true }, (i) => i === 0);
    write("your guess", at, end + beyond, colors.ink, style);
    context.restore();
  }

  function draw(marks, row) {
    for (const [mark, part] of marks.flatMap((mark) => mark.parts.map((part) => [mark, part]))) {
      context.save();
      context.beginPath();
      const [left, top, width, height] = places[mark.panel];
      // a shape is whole at the panel's edge
      const room = part.shown === "all" && part.kind !== "Shapes" ? 0 : scene.headRoom;
      context.rect(left - room, top - room, width + 2 * room, height + 2 * room);
      context.clip();
      context.lineJoin = "round";
      context.strokeStyle = context.fillStyle = colors[mark.color];
      paint[part.kind](points(mark, part, row), part, row);
      context.restore();
    }
  }

  return { draw, guess, axes: () => Object.entries(scene.panels).forEach(([name, panel]) => axes(panel, places[name])) };
}

