/* Building blocks.  Whatever comes from a document enters the page as a text node or an attribute
   value, never as HTML, so nothing in it can run. */

const data = JSON.parse(document.getElementById("data").textContent);
const MEMBER = Object.fromEntries(data.member.map((name, n) => [name, n]));
const INVISIBLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const SVG = "http://www.w3.org/2000/svg";

/** A text in which characters that hide or turn round their neighbours are named, not obeyed. */
function visible(text) {
  return text.replace(INVISIBLE, (c) => {
    const code = c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    return `⟨U+${code}⟩`;
  });
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null) node.setAttribute(name, value);
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === "") continue;
    node.append(child instanceof Node ? child : visible(String(child)));
  }
  return node;
}

/** An HTML element; attributes named `on...` are listeners. */
function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

const bdi = (text) => el("bdi", {}, text);
const percent = (value) => `${Math.round(Number(value) * 100)}%`;
const counted = (n, one, many) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
const countWords = (text) => (text.match(/[\p{L}\p{N}](?:[\p{L}\p{N}'’.,-]*[\p{L}\p{N}])?/gu) || []).length;

/** A short name of a document: its id, cut in the middle where it is long. */
function shortId(id) {
  const name = id.length > 44 ? `${id.slice(0, 20)}…${id.slice(-20)}` : id;
  return el("bdi", { class: "id", title: visible(id) }, name);
}

function chip(kind, text) {
  return el("span", { class: `chip k-${kind}` }, text);
}

/** A word as a shell takes it. */
function quoted(word) {
  return /^[\w./:@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

const flagsOf = new Map();
data.flags.forEach(([line, place, start, end, cells], n) => {
  if (!flagsOf.has(place)) flagsOf.set(place, []);
  flagsOf.get(place).push({
    n, line, place, start, end, cells, confidence: Number(cells[9]),
    text: cells[5], suggestion: cells[6], kind: cells[7], source: cells[8],
  });
});
for (const list of flagsOf.values()) list.sort((a, b) => a.start - b.start || a.end - b.end);
