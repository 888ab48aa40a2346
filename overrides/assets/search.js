// Closes the search when the focus leaves it. Material does so for the tab key alone, and takes the
// focus away itself: WebKit then goes on from the top of the page, and never gets past the search.

const search = document.querySelector("[data-md-component=search]");
const toggle = document.querySelector("[data-md-toggle=search]");

const close = () => {
  if (toggle.checked) toggle.click();
};

search.addEventListener("keydown", (event) => {
  if (event.key !== "Tab") return;
  event.stopPropagation();
  // Before the focus moves, so that what was found is not on its way.
  close();
});

// A phone's keyboard and a screen reader move the focus without that key; what is typed next would go
// back to an open search. A click that focuses nothing, as on a link in Safari, is not a way out.
search.addEventListener("focusout", ({ relatedTarget }) => {
  if (relatedTarget && !search.contains(relatedTarget)) close();
});

// Where else to look stands there only as long as nothing is found: the arrow keys go through all links.
const list = search.querySelector("ol");
const other = search.querySelector(".search-other");

new MutationObserver(() => (list.firstChild ? other.remove() : list.before(other))).observe(list, {
  childList: true,
});

// What is searched is fetched while the first letter is on its way.
const { base } = JSON.parse(document.getElementById("__config").textContent);
const sections = `${base.replace(/\/$/, "")}/search/sections.json`;

search.addEventListener(
  "focusin",
  async () => {
    try {
      await (await fetch(sections)).arrayBuffer();
    } catch {
      // The search itself tries again.
    }
  },
  { once: true },
);
