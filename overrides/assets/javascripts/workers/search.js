// Material's search, in which "Größe" and "groesse" are the same word and "the" finds nothing, so
// that a pasted message finds what its own words name. Material's worker is named behind the
// question mark; it looks for its languages beside its folder, so this one lies there as well.

const QUERY = 2;
const SPELLINGS = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };

const spell = (text) =>
  text
    .normalize("NFC")
    .toLowerCase()
    .replace(/[äöüß]/g, (letter) => SPELLINGS[letter])
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "");

// Messages are in English on German pages too.
const tells = (word) =>
  [lunr, lunr.de].every((language) => !language || language.stopWordFilter(word.toLowerCase()));

const shorten = (text) => {
  const words = text.trim().split(/\s+/);
  // The last one may still be growing.
  return words.filter((word, place) => place === words.length - 1 || tells(word)).join(" ");
};

const listen = self.addEventListener.bind(self);
self.addEventListener = (type, hear) =>
  listen(type, ({ data }) =>
    hear({ data: data.type === QUERY ? { ...data, data: spell(shorten(data.data)) } : data }),
  );

importScripts(location.search.slice(1));

// The words in the index: "ref" is called once, when the languages have set up the pipeline.
const spellToken = (token) => token.update(spell);
lunr.Pipeline.registerFunction(spellToken, "spell");
const { ref } = lunr.Builder.prototype;
lunr.Builder.prototype.ref = function (...given) {
  this.pipeline.add(spellToken);
  return ref.apply(this, given);
};

// Lunr takes two parts of its tree of words for the same where digits in words look like its own
// numbers, and then looks for words that are nowhere. With a mark behind each number they differ.
lunr.TokenSet.prototype.toString = function () {
  const edges = Object.keys(this.edges).sort();
  this._str ??= `${this.final ? 1 : 0}${edges.map((one) => `${one}${this.edges[one].id}|`).join("")}`;
  return this._str;
};
