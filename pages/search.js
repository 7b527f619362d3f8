// Finds the sections of all pages that hold every word of a query. words.js, a script so that it is had from a disk,
// has the sections: file, title of the page, id, heading, words.
(() => {
  const [query, count, found] = ["query", "count", "found"].map((id) => document.getElementById(id));
  const most = 40; // sections shown
  let sections = [];

  globalThis.downhillWords = (all) => {
    sections = all.map(([file, page, id, heading, words]) => {
      const plain = `${page} ${heading} ${words}`.toLowerCase();
      return { file, page, id, heading, words, plain };
    });
    search();
  };

  // Words in a heading count most, then how often they stand in the text
  function weight({ page, heading, plain }, words) {
    const title = `${page} ${heading}`.toLowerCase();
    return words.reduce((sum, word) => sum + 20 * title.includes(word) + plain.split(word).length - 1, 0);
  }

  // What stands around the first of the words, with all of them marked
  function excerpt(text, words) {
    const plain = text.toLowerCase();
    const first = Math.max(0, Math.min(...words.map((word) => plain.indexOf(word)).filter((at) => at >= 0)));
    const begin = Number.isFinite(first) && first > 60 ? text.indexOf(" ", first - 60) + 1 : 0;
    const line = document.createElement("p");
    let at = begin;
    const end = Math.min(text.length, begin + 240);
    while (at < end) {
      const next = words.map((word) => [plain.indexOf(word, at), word.length]).filter(([place]) => place >= 0 && place < end);
      const [place, length] = next.sort(([a], [b]) => a - b)[0] ?? [end, 0];
      line.append(text.slice(at, place));
      if (length) line.append(Object.assign(document.createElement("mark"), { textContent: text.slice(place, place + length) }));
      at = place + length;
    }
    return line;
  }

  function search() {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const hits = words.length ? sections.filter(({ plain }) => words.every((word) => plain.includes(word))) : [];
    hits.sort((one, other) => weight(other, words) - weight(one, words));
    const shown = hits.length > most ? `, the first ${most} of them here` : "";
    count.textContent = words.length ? hits.length ? `${hits.length} ${hits.length === 1 ? "section" : "sections"}${shown}` : "No section has all of these words" : "";
    found.replaceChildren(
      ...hits.slice(0, most).map((hit) => {
        const link = Object.assign(document.createElement("a"), { href: `${hit.file}#${hit.id}` });
        link.textContent = hit.page === hit.heading ? hit.page : `${hit.page}: ${hit.heading}`;
        const item = document.createElement("li");
        item.append(link, excerpt(hit.words, words));
        return item;
      }),
    );
    history.replaceState(null, "", words.length ? `?q=${encodeURIComponent(query.value)}` : location.pathname);
  }

  query.value = new URLSearchParams(location.search).get("q") ?? "";
  query.oninput = search;
  query.form.onsubmit = (event) => event.preventDefault();
  document.head.append(Object.assign(document.createElement("script"), { src: "words.js" }));
  query.focus();
})();
