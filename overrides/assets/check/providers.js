// Who runs a mail server, by the end of its name.

// Nobody waits longer than this for a name.
const PATIENCE = 6_000;

let loading = null;

// Loaded when a result first names a server; without it the general advice still stands.
export const load = (address) => {
  loading ??= fetch(address, { signal: AbortSignal.timeout(PATIENCE) })
    .then((reply) => (reply.ok ? reply.json() : Promise.reject(reply)))
    .catch(() => {
      loading = null;
      return [];
    });
  return loading;
};

const labels = (name) => name.toLowerCase().replace(/\.$/, "").split(".").reverse();

// The longest rule wins; in a rule "*" stands for one label.
export const find = (host, providers) => {
  const have = labels(host);
  let best = { length: 0 };
  for (const provider of providers) {
    for (const rule of provider.hosts) {
      const wanted = labels(rule);
      const fits = wanted.every((label, place) => label === "*" || label === have[place]);
      if (fits && wanted.length > best.length) best = { length: wanted.length, provider };
    }
  }
  return best.provider;
};

export const isOwn = (host, domain) => {
  const have = labels(host);
  return labels(domain).every((label, place) => label === have[place]);
};
