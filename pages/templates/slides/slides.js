const slides = [...document.querySelectorAll("section")];
const steps = { ArrowRight: 1, ArrowDown: 1, " ": 1, PageDown: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
const go = (step) => {
  const here = slides.findIndex((slide) => slide.getBoundingClientRect().bottom > innerHeight / 2);
  slides[here + step]?.scrollIntoView();
};
addEventListener("keydown", (event) => {
  const { key, target } = event;
  const reads = getComputedStyle(document.documentElement).scrollSnapType === "none"; // then the browser scrolls
  if (!steps[key] || reads || event.ctrlKey || event.altKey || event.metaKey) return;
  if (key === " " && target.closest("button, summary")) return; // which it presses
  event.preventDefault();
  go(steps[key]);
});
document.querySelectorAll("nav button").forEach((button, k) => (button.onclick = () => go(k ? 1 : -1)));
// what does not fit, on a small screen, is reached by keyboard, too
const fits = ({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
  scrollWidth <= clientWidth && scrollHeight <= clientHeight;
const look = () =>
  document.querySelectorAll("section, pre").forEach((part) => (part.tabIndex = fits(part) ? -1 : 0));
// a figure that moves is as large as its slide allows; its page says how high it is, 960 wide
const frames = [...document.querySelectorAll("iframe")];
const enlarge = () =>
  frames.forEach((frame) => {
    const { clientWidth, clientHeight } = frame.parentElement;
    frame.style.zoom = Math.min(clientWidth / frame.width, clientHeight / frame.height);
  });
addEventListener("message", ({ source, data }) => {
  const frame = frames.find(({ contentWindow }) => contentWindow === source);
  if (frame && data.turn) go(data.turn);
  if (frame && data.figureHeight) frame.height = data.figureHeight;
  enlarge();
});
addEventListener("resize", () => [enlarge, look].forEach((act) => act()));
enlarge();
look();
