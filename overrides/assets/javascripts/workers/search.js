// Material's search, asked for what a reader means: "Größe" and "groesse" are the same word, "the"
// finds nothing, "letsencrypt" finds "Let’s Encrypt", and a letter may be wrong. Material's worker is
// named behind the question mark; it looks for its languages beside its folder, so this one lies
// there as well. It is loaded, with all that it looks through, when somebody types: most who read a
// page never do.

const SETUP = 0;
const READY = 1;
const RESULT = 3;

// Lunr's weight for a word as it was typed, against those that only begin like it.
const EXACT = "^3";

// From how many letters on one, and two of them, may be wrong.
const ONE_WRONG = 4;
const TWO_WRONG = 8;

// Shorter ones are no beginning of another word: "t" in "t-online", "an" in "kommt an".
const BEGINNING = 3;

// A word in so few sections may be another form of one that stands in more.
const FEW = 8;

// A heading of so many sections, such as "In short", says nothing of what each is about.
const REPEATED = 5;

// How much more the whole of a question counts than a part of it.
const COVERED = 2;

// How much what readers are known to type who look for a page counts, against the best that was found.
const MEANT = 3;

const SPELLINGS = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };

const spell = (text) =>
  text
    .normalize("NFC")
    .toLowerCase()
    .replace(/[äöüß]/g, (letter) => SPELLINGS[letter])
    .normalize("NFD")
    .replace(/\p{Mn}|['’]/gu, "")
    .replace(/^e-?mail/, "mail");

// What stands in a question about anything.
const SAY_LITTLE = /^(?:bedeut(?:et|ung)|heisst|hilfe|probleme?|help|issues?|mean(?:s|ing)?|problems?)$/;

// Messages are in English on German pages too.
const tells = (word) =>
  !SAY_LITTLE.test(word) &&
  [lunr, lunr.de].every((language) => !language || language.stopWordFilter(word));

let separator;
let sections = Object.create(null);
let words = [];
let meant = [];
const headings = {};

const place = (word) => {
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle] < word) low = middle + 1;
    else high = middle;
  }
  return low;
};

const isWord = (word) => word in sections;

const begins = (word) => words[place(word)]?.startsWith(word) ?? false;

const isRare = (word) => Object.keys(sections[word]?.text ?? {}).length <= FEW;

const exactly = (word) => (isWord(word) ? word + EXACT : word);

// How many letters are wrong, missing, too many or swapped until the other begins with the word.
const distance = (word, other, most) => {
  let before = [];
  let last = Array.from({ length: other.length + 1 }, (_, n) => n);
  for (let i = 1; i <= word.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = word[i - 1] === other[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + !same);
      if (word[i - 1] === other[j - 2] && word[i - 2] === other[j - 1]) {
        row[j] = Math.min(row[j], before[j - 2] + 1);
      }
    }
    if (Math.min(...row) > most) return Infinity;
    [before, last] = [last, row];
  }
  return Math.min(...last);
};

// The words that are nearest to one that is nowhere.
const alike = (word) => {
  const most = (word.length >= ONE_WRONG) + (word.length >= TWO_WRONG);
  if (!most || /\d/.test(word)) return [];
  let [least, found] = [most, []];
  for (const other of words) {
    if (other[0] !== word[0] && other[1] !== word[1]) continue;
    const far = distance(word, other.slice(0, word.length + most), least);
    if (far < least) found = [];
    if (far <= least) found.push(other);
    least = Math.min(far, least);
  }
  return found;
};

// Two words that were written as one: "mtasts", "Zertifikatsfehler".
const parts = (word) => {
  let [best, most] = [[], 0];
  for (let cut = 1; cut < word.length - 1; cut++) {
    const pair = [word.slice(0, cut), word.slice(cut)];
    const shorter = Math.min(cut, word.length - cut);
    const whole = pair.every(isWord);
    const worth = shorter + (whole && word.length);
    if (worth > most && (whole || (shorter > BEGINNING && pair.every(begins)))) {
      [best, most] = [pair, worth];
    }
  }
  return best;
};

const REPLY = /^[45]\d\d$/;

// What a code says beside its details: whether it is final.
const kind = (code) => `${code[0]}xx`;

// Of a code that no page names what is nearest: the same detail of the other class, else its subject.
const codes = (word) => {
  if (REPLY.test(word)) return [kind(word)];
  const [, class_, rest, subject] = /^([45])(\.(\d+)\.\d+)$/.exec(word) ?? [];
  if (!rest) return [];
  const near = [(class_ === "4" ? "5" : "4") + rest, `x.${subject}`, kind(word)];
  return near.filter(isWord).slice(0, 1);
};

// "abgelaufenes" and "abgelaufen", "expired" and "expires".
const stem = (word) => /^.{4,}?(?=(e[mnrs]?|ed|ing|n|s|t)$)/.exec(word)?.slice(0, 1) ?? [];

const beginning = (word) => {
  const shortest = Math.max(BEGINNING + 1, word.length / 2);
  let length = word.length;
  while (length >= shortest && !begins(word.slice(0, length))) length--;
  return length >= shortest ? [word.slice(0, length)] : [];
};

// What one of the words of a question asks Lunr for.
const clauses = (word, _, all) => {
  const alone = all.length === 1;
  if (alone && REPLY.test(word)) return [exactly(word), `${kind(word)}^20`];
  if (!alone && word.length < BEGINNING) return [word + EXACT];
  if (begins(word)) {
    // A code that longer ones begin with is none of those.
    if (!isWord(word) && codes(word).length) return [word, ...codes(word).map(exactly)];
    const written = parts(word);
    const isCompound = written.every((part) => part.length >= BEGINNING && isWord(part));
    const others = [...stem(word), ...(isCompound ? written.map(exactly) : [])];
    return [exactly(word), word, ...(isRare(word) ? others : [])];
  }
  const found = [codes, parts, alike, beginning].map((guess) => guess(word));
  return (found.find((guess) => guess.length) ?? []).map(exactly);
};

// One word that was written as two: "start tls".
const joined = (pieces) =>
  pieces
    .slice(1)
    .map((piece, n) => pieces[n] + piece)
    .filter(isWord)
    .flatMap((word) => [exactly(word), word]);

// "time-out" is "timeout" where that is a word.
const withoutHyphen = (chunk) => {
  const word = spell(chunk.replaceAll("-", ""));
  return isWord(word) ? word : chunk;
};

// The words of the last question: what each asks Lunr for.
let asked = [];

// "1&1" is the same as "1und1".
const split = (text) =>
  text
    .toLowerCase()
    .replace(/(\w)&(\w)/g, "$1und$2")
    .replace(/[^\s-]+(?:-[^\s-]+)+/g, withoutHyphen)
    .split(separator)
    .filter(Boolean);

const telling = (all) => {
  const found = all.filter(tells);
  return (found.length ? found : all).map(spell).filter(Boolean);
};

const ask = (text) => {
  const all = split(text);
  asked = telling(all).map(clauses);
  return [...new Set([...asked.flat(), ...joined(all.map(spell))])].join(" ");
};

// Whether a word is one that is asked for, or begins like it.
const meets = (clause, word) => {
  const [exact, weight] = clause.split("^");
  return weight ? word === exact : word.startsWith(exact);
};

// Which words of the question are among these.
const askedIn = (words) =>
  asked.map((clauses) => words.some((word) => clauses.some((one) => meets(one, word))));

// Lunr adds up what each word is worth. What a whole question is about comes before what one of its
// words is in many times; a word that is in few sections tells more than one that is in many.
const weighed = (found) => {
  const hits = found.map(({ matchData }) => askedIn(Object.keys(matchData.metadata)));
  const worth = asked.map((_, n) => {
    const often = hits.filter((hit) => hit[n]).length;
    return Math.log(1 + found.length / (often || 1));
  });
  const sum = (hit) => hit.reduce((all, is, n) => all + is * worth[n], 0);
  const whole = sum(asked.map(() => true)) || 1;
  const share = (hit) => (sum(hit) / whole) ** COVERED;
  const scored = found.map((one, n) => ({ ...one, score: one.score * share(hits[n]) }));
  const best = Math.max(1, ...scored.map(({ score }) => score));
  for (const { location: ref, title, phrases } of meant) {
    const typed = phrases.filter((phrase) => phrase.every((word) => askedIn([word]).includes(true)));
    if (!typed.length) continue;
    const hit = askedIn([...typed.flat(), ...title]);
    let one = scored.find((other) => other.ref === ref);
    if (!one) scored.push((one = { ref, score: 0, matchData: { metadata: {} } }));
    one.score += MEANT * best * share(hit);
  }
  return scored;
};

const learn = ({ config, docs }) => {
  separator = new RegExp(config.separator);
  meant = docs.filter(({ phrases }) => phrases);
  for (const { title } of docs) headings[title] = (headings[title] ?? 0) + 1;
};

const adapt = () => {
  const { build, field, ref } = lunr.Builder.prototype;
  const { search } = lunr.Index.prototype;

  lunr.Index.prototype.search = function (question) {
    return weighed(search.call(this, question));
  };

  // The words in the index: "ref" is called once, when the languages have set up the pipeline.
  const spellToken = (token) => (token.update(spell).toString() ? token : null);
  lunr.Pipeline.registerFunction(spellToken, "spell");
  lunr.Builder.prototype.ref = function (...given) {
    this.pipeline.add(spellToken);
    return ref.apply(this, given);
  };

  lunr.Builder.prototype.field = function (name, { extractor, ...attributes }) {
    const isIdle = ({ location: address, title }) =>
      name === "title" && address.includes("#") && headings[title] > REPEATED;
    const extract = (section) => (isIdle(section) ? undefined : extractor(section));
    return field.call(this, name, { ...attributes, extractor: extract });
  };

  lunr.Builder.prototype.build = function () {
    sections = this.invertedIndex;
    meant = meant.map(({ location, title, phrases }) => ({
      location,
      title: telling(split(title)),
      phrases: phrases.map((phrase) => telling(split(phrase))),
    }));
    const further = meant.flatMap(({ phrases }) => phrases.flat());
    words = [...new Set([...Object.keys(sections), ...further])].sort();
    return build.call(this);
  };

  // Lunr takes two parts of its tree of words for the same where digits in words look like its own
  // numbers, and then looks for words that are nowhere. With a mark behind each number they differ.
  lunr.TokenSet.prototype.toString = function () {
    const edges = Object.keys(this.edges).sort();
    this._str ??= `${this.final ? 1 : 0}${edges.map((one) => `${one}${this.edges[one].id}|`).join("")}`;
    return this._str;
  };
};

let setup;
let loading;
let last;
let hear;

const listen = self.addEventListener.bind(self);
self.addEventListener = (_, heard) => {
  hear = heard;
};

const load = async () => {
  const response = await fetch(setup.data.config.sections);
  if (!response.ok) throw new Error(`${response.status}`);
  const data = { ...setup.data, docs: await response.json() };
  importScripts(location.search.slice(1));
  adapt();
  learn(data);
  await hear({ data: { ...setup, data } });
};

listen("message", async ({ data }) => {
  last = data;
  if (data.type === SETUP) {
    setup = data;
    self.postMessage({ type: READY });
    return;
  }
  if (!data.data.trim()) {
    self.postMessage({ type: RESULT, data: { items: [] } });
    return;
  }
  loading ??= load();
  try {
    await loading;
  } catch {
    // The next letter tries again.
    loading = undefined;
    return;
  }
  if (data === last) hear({ data: { ...data, data: ask(data.data) } });
});
