// Answers in a kernel's place: the films of a figure's controls were computed when the pages were made.
// figure.js, the script of the figures, stands before this.
(() => {
  const root = document.body.dataset.root;
  const arrived = {}; // the films of a figure, as text, by its name; or who waits for them

  // A file of films is a script that calls this: a page that is opened from a disk may read no other file
  globalThis.downhillFilms = (name, text) => arrived[name]?.(text);

  function fetched(name) {
    return new Promise((resolve) => {
      arrived[name] = resolve;
      document.head.append(Object.assign(document.createElement("script"), { src: `${root}films/${name}.js` }));
    });
  }

  // What films.py packed: the header, and what stands still and each film as bytes
  async function unpacked(text) {
    const zipped = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([zipped]).stream().pipeThrough(new DecompressionStream("gzip"));
    const buffer = await new Response(stream).arrayBuffer();
    const begin = 4 + new DataView(buffer).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, begin - 4)));
    const low = new Uint8Array(buffer, begin, (buffer.byteLength - begin) / 2);
    const high = new Uint8Array(buffer, begin + low.length);
    let at = 0;
    let before = new Int16Array();
    const films = header.lengths.map((length) => {
      const film = new Int16Array(length);
      const base = before.length === length ? before : film;
      for (let i = 0; i < length; i++, at++) {
        const zigzag = low[at] | (high[at] << 8);
        film[i] = base[i] + ((zigzag >>> 1) ^ -(zigzag & 1));
      }
      before = film;
      return new DataView(film.buffer);
    });
    return { header, still: films[0], films: films.slice(1) };
  }

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  // A widget's model whose kernel knows these films and no others
  class Model {
    constructor({ header, still, films }) {
      Object.assign(this, { header, films, heard: {}, state: { ...header.start, scene: header.scene, still } });
      Object.assign(this.state, { error: "", stale: false });
      this.frames = new Map(header.frames.map(([values], k) => [JSON.stringify(values), k]));
      this.show(this.frames.get(JSON.stringify(this.wanted())));
    }

    get(name) {
      return this.state[name];
    }

    set(name, value) {
      if (this.state[name] === value) return;
      this.state[name] = value;
      this.tell(`change:${name}`);
      this.tell("change");
    }

    on(event, act) {
      (this.heard[event] ??= new Set()).add(act);
    }

    off(event, act) {
      this.heard[event]?.delete(act);
    }

    tell(event, ...what) {
      this.heard[event]?.forEach((act) => act(...what));
    }

    send() {
      this.tell("msg:custom", { awake: true });
    }

    save_changes() {
      const frame = [this.wanted(), this.alone()].map((each) => this.frames.get(JSON.stringify(each)));
      this.show(frame.find((k) => k !== undefined) ?? this.frame);
      this.tell("change");
    }

    wanted() {
      return this.header.names.map((name) => this.state[name]);
    }

    // Of the points that move one at a time, the one that has just been moved; the others go back
    alone() {
      const { names, alone, start, scene } = this.header;
      return this.wanted().map((value, n) => {
        if (!alone.includes(names[n])) return value;
        const [first, before] = [start[names[n]], this.state.at[names[n]]];
        const { many } = scene.handles.find(({ name }) => name === names[n]);
        if (many) return value.map((point, i) => (same(point, before[i]) ? first[i] : point));
        return same(value, before) ? first : value;
      });
    }

    show(frame) {
      const { names, frames, shown } = this.header;
      const [values, marks, captions, rows] = frames[frame];
      const at = Object.fromEntries(names.map((name, n) => [name, values[n]]));
      const seen = { marks: shown[marks], captions: captions.map((k) => shown[k]) };
      Object.assign(this.state, at, seen, { at, rows, film: this.films[frame] });
      this.frame = frame;
    }
  }

  async function wake(place) {
    near.unobserve(place);
    const model = new Model(await unpacked(await fetched(place.dataset.films)));
    const figure = document.createElement("div");
    place.replaceChildren(figure);
    globalThis.downhillFigure.render({ model, el: figure });
  }

  const places = [...document.querySelectorAll("[data-films]")];
  const near = new IntersectionObserver(
    (seen) => seen.forEach(({ isIntersecting, target }) => isIntersecting && wake(target)),
    { rootMargin: "1000px" },
  );
  places.forEach((place) => near.observe(place));

  // Figures follow the page into the dark, and out of it onto paper
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const dress = (light) => (document.body.dataset.jpThemeLight = light);
  dark.addEventListener("change", () => dress(!dark.matches));
  addEventListener("beforeprint", () => dress(true));
  addEventListener("afterprint", () => dress(!dark.matches));
  dress(!dark.matches);

  // Python in the browser needs a server
  if (location.protocol === "file:")
    document.querySelectorAll("a[href*='lite/lab/']").forEach((door) => door.replaceWith("in the browser, from a web server"));

  const embed = document.querySelector(".embed");
  if (embed && window === window.top) {
    embed.hidden = false;
    const title = document.querySelector("h1").textContent;
    const style = "border: 0; max-width: 100%";
    const frame = { src: location.href, title, width: 960, height: 640, style, loading: "lazy" };
    const words = Object.entries(frame).map(([name, value]) => `${name}="${value}"`);
    embed.querySelector("pre").textContent = `<iframe ${words.join(" ")}></iframe>`;
  }
  document.body.classList.toggle("framed", window !== window.top);
  // A page around this figure may give it the height that it needs
  const tall = new ResizeObserver(([{ target }]) => parent.postMessage({ figureHeight: target.offsetHeight }, "*"));
  // … and turn to its next slide at the keys of a pointer in a lecturer's hand, which this page would keep
  const turns = { PageDown: 1, PageUp: -1 };
  const turned = (event) => {
    if (!turns[event.key]) return;
    event.preventDefault();
    parent.postMessage({ turn: turns[event.key] }, "*");
  };
  if (window !== window.top) {
    tall.observe(document.querySelector("main"));
    addEventListener("keydown", turned, true);
  }

  for (const button of document.querySelectorAll("button.copy")) {
    button.hidden = !navigator.clipboard;
    button.onclick = async () => {
      await navigator.clipboard.writeText(button.parentElement.querySelector("pre").textContent);
      button.textContent = "Copied";
    };
  }
  const narrow = matchMedia("(max-width: 1200px)").matches;
  document.querySelectorAll(".aside details").forEach((list) => narrow && (list.open = false));
  // What scrolls sideways can be reached by keyboard
  const reach = () =>
    document.querySelectorAll("pre, table, .wide, math[display=block]").forEach((part) => {
      if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
    });
  addEventListener("resize", reach);
  reach();
})();
