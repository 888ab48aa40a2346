// Takes what a link in a bounce knows along to the page that it leads to.
const known = new URLSearchParams(location.search);
const kept = new URLSearchParams();
for (const name of ["domain", "operator"]) {
  if (known.has(name)) kept.set(name, known.get(name));
}
for (const link of document.querySelectorAll("a[data-keep]")) link.search = kept;
