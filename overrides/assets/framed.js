// What the form does inside the page of somebody else: it has its sender's colour, opens links in a new
// tab, and tells that page how high it is.

(() => {
  const root = document.documentElement;
  const colours = new Map(Object.entries(JSON.parse(document.currentScript.dataset.colours)));
  const colour = colours.get(new URLSearchParams(location.search).get("operator"));
  const COLOURED = ["--md-primary-fg-color", "--md-accent-fg-color", "--md-typeset-a-color"];

  // A sender's colour is one that white can be read on, so it is for a light ground alone.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    root.dataset.mdColorScheme = dark.matches ? "slate" : "default";
    for (const name of COLOURED) root.style.setProperty(name, dark.matches ? "" : (colour ?? ""));
  };
  paint();
  dark.addEventListener("change", paint);

  const withoutHash = (address) => address.split("#")[0];
  const lead = () => {
    const here = withoutHash(location.href);
    for (const link of document.querySelectorAll("a[href]:not([target])")) {
      if (withoutHash(link.href) === here) continue;
      link.target = "_blank";
      link.relList.add("noopener");
    }
  };

  // The page around it speaks first. Who may be that, the browser was told with this page.
  let host = null;
  let asked = false;
  const tell = (shown) => {
    if (!host) return;
    const running = document.querySelector(".check--running");
    const { top, height: content } = root.getBoundingClientRect();
    const place = shown && [shown.top - top, shown.bottom - top];
    const busy = asked || Boolean(running);
    parent.postMessage({ content, busy, place, title: document.title }, host);
    asked = false;
  };
  addEventListener("message", ({ data, origin, source }) => {
    if (source !== parent || source === window || data !== "zustellbar") return;
    host = origin;
    root.classList.add("embed--sized");
    // Some browsers would scroll that page by themselves, others never do. So it is asked to.
    Element.prototype.scrollIntoView = function () {
      tell(this.getBoundingClientRect());
    };
    tell();
  });

  addEventListener("DOMContentLoaded", () => {
    lead();
    const changes = { childList: true, subtree: true, attributeFilter: ["href"] };
    new MutationObserver(lead).observe(document.body, changes);
    new ResizeObserver(() => tell()).observe(root);
  });
  // Before the form knows, and shows what it does.
  const ask = () => {
    asked = true;
    tell();
  };
  addEventListener("submit", ask, { capture: true });
  // The focus goes where a key or a link within the page leads. What is pointed at is in sight.
  let pointed = false;
  addEventListener("pointerdown", () => (pointed = true));
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => (pointed = false));
  addEventListener("focusin", ({ target }) => {
    const shown = target.matches("summary") ? target.parentNode : target;
    if (!pointed) tell(shown.getBoundingClientRect());
  });
})();
