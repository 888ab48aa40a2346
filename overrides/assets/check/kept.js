// Remembers in this tab what was asked and answered, so that neither is lost on the way to another of
// the site's pages. No address holds it: it stands in no log, and no server learns of it.

const NAME = "check";

export const recall = () => {
  try {
    return JSON.parse(sessionStorage.getItem(NAME)) ?? {};
  } catch {
    return {};
  }
};

export const keep = (kept) => {
  try {
    sessionStorage.setItem(NAME, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing forgets, as it was told to.
  }
};

// What belongs into the form of a page: what its address says, what was asked on it or, of what was
// asked elsewhere, all but the sender where the page is about one. `kept` is what was remembered,
// `own` the page's name and its sender.
export const filling = (kept, own, query) => {
  const [visit] = performance.getEntriesByType("navigation");
  const isSame = kept.page === own.page;
  const isBack = isSame && ["reload", "back_forward"].includes(visit?.type);
  const asked = query.has("domain") && !isBack ? {} : kept;
  const linked = isBack ? null : query.get("operator");
  return {
    domain: asked.domain ?? query.get("domain"),
    operators: [linked, !isSame && own.operator, asked.operator].filter(Boolean),
    isLinked: Boolean(query.get("domain")) && !isBack,
    isSame,
  };
};
