// Puts the form into the page of somebody else, in the place of this script:
//   <script src="https://example.org/assets/embed.js" data-operator="NAME"></script>
// It needs nothing there but to be allowed to load, and to frame a page of the site it comes from.
{
  const script = document.currentScript;
  const language = script.closest("[lang]")?.lang || navigator.language;
  const page = new URL(/^de\b/i.test(language) ? "../embed/" : "../en/embed/", script.src);
  const { operator } = script.dataset;
  if (operator) page.searchParams.set("operator", operator);

  const frame = document.createElement("iframe");
  // No rule of the page around it may make it smaller or hide it.
  const style = (name, value) => frame.style.setProperty(name, value, "important");
  style("all", "initial");
  style("color-scheme", "inherit");
  style("display", "block");
  style("width", "100%");
  frame.allow = "clipboard-write";
  frame.src = page;
  script.after(frame);

  // Room for the form, which is the higher the narrower it is, so that nothing moves when it comes; and
  // for most of the window, so that little does when the result comes.
  let height = Math.max(340 + 135_000 / Math.max(frame.clientWidth, 240), innerHeight * 0.7);
  const grow = (to) => style("height", `${(height = Math.ceil(to))}px`);
  grow(height);

  const top = () => frame.getBoundingClientRect().top;

  // Where in the frame is what is to be seen, and how far the page has to be scrolled for it. What is high
  // need not be seen whole.
  let place = null;
  const way = () => {
    if (!place) return 0;
    const [first, last] = place.map((one) => top() + one);
    const isHigh = last - first > innerHeight / 2;
    if (last < 0 || (isHigh && first > innerHeight / 2)) return first - 16;
    return isHigh ? 0 : Math.max(0, last + 16 - innerHeight);
  };
  const scroll = () => {
    scrollBy(0, way());
    place = null;
  };

  let used = false;
  addEventListener("message", ({ data, origin, source }) => {
    // What the visitor's own tools say in the frame is nothing of ours.
    if (source !== frame.contentWindow || origin !== page.origin || !(data?.content > 0)) return;
    const { content, busy } = data;
    frame.title = data.title;
    // While a check runs, what is below the form waits outside the window, where it moves unseen. Later
    // the frame becomes smaller only where nobody sees it.
    if (busy) scrollBy(0, Math.min(0, top() + height - innerHeight));
    used ||= busy;
    // To grow and to scroll in one go would count as moving what is below.
    if (data.place && !place) requestAnimationFrame(() => requestAnimationFrame(scroll));
    place = data.place ?? place;
    const below = innerHeight - top() + way();
    grow(Math.max(content, busy ? Math.max(height, below) : used ? Math.min(height, below) : height));
  });
  frame.addEventListener("load", () => frame.contentWindow.postMessage("zustellbar", page.origin));
}
