/* Two texts side by side: a map of what they share, then sentence beside sentence. */

const FOLD_WORDS = 14; // longer stretches without a counterpart are folded

/** A stretch of a text with its marks: `[start, end, mark, other]`, sorted, within the stretch. */
function marked(place, start, end, marks, role) {
  const text = data.documents[place].text;
  const parts = [];
  let at = start;
  for (const [from, to, mark, other] of marks) {
    if (from < at || to > end) continue;
    parts.push(text.slice(at, from), markedWord(text.slice(from, to), mark, other, role));
    at = to;
  }
  parts.push(text.slice(at, end));
  return parts;
}

function markedWord(word, mark, other, role) {
  if (mark === "x") return el("mark", { class: "loose", title: "only here" }, word);
  if (mark === "m") return el("mark", { class: "original", title: "in both" }, word);
  if (role === "spun") {
    if (Math.max(word.length, other.length) > 20) { // too wide to stand over the words on a phone
      return el("span", {}, el("del", {}, word), " ", el("ins", { dir: "auto" }, other));
    }
    return el(
      "ruby", { class: mark === "d" ? "spun small" : "spun" }, word,
      el("rp", {}, " ("), el("rt", { dir: "auto" }, other), el("rp", {}, ")"),
    );
  }
  const kind = role === "original" ? "original" : "differs";
  return el("mark", { class: mark === "d" ? `${kind} small` : kind, title: visible(other) }, word);
}

/** The flags inside a stretch, as marks. */
function flagMarks(place, start, end) {
  return (flagsOf.get(place) || [])
    .filter((f) => f.start >= start && f.end <= end && f.suggestion)
    .map((f) => [f.start, f.end, f.kind === "wording" || f.kind === "phrase" ? "s" : "d", f.suggestion]);
}

/** Text that the other side lacks: shown where short, folded where long. */
function gap(place, start, end, role, marks = []) {
  const text = data.documents[place].text;
  const words = countWords(text.slice(start, end));
  if (!words) return null;
  while (/\s/.test(text[start])) start += 1;
  while (/\s/.test(text[end - 1])) end -= 1;
  const body = marked(place, start, end, role === "spun" ? flagMarks(place, start, end) : marks, role);
  if (words <= FOLD_WORDS) return el("p", { class: "alone", dir: "auto" }, body);
  const summary = el("summary", {}, `${counted(words, "word", "words")} only here`);
  return el("details", { class: "alone" }, summary, el("p", { dir: "auto" }, body));
}

/** Which role the two sides of a pair play: `spun` against `original`, else `plain`. */
function roles(spun) {
  if (spun === "this") return ["original", "spun"];
  if (spun === "other") return ["spun", "original"];
  return spun === "both" ? ["spun", "spun"] : ["plain", "plain"];
}

/** The two texts as bars, as long as they are, with ribbons between what they share. */
function map(pair, names, [leftRole, rightRole]) {
  const lengths = [pair.kept, pair.copy].map((place) => data.documents[place].text.length || 1);
  const scale = 1000 / Math.max(...lengths);
  const x = (offset) => (offset * scale).toFixed(1);
  const shapes = [];
  for (const [a0, a1, b0, b1] of pair.rows) {
    shapes.push(svg("path", {
      class: "ribbon", d: `M${x(a0)} 16H${x(a1)}L${x(b1)} 64H${x(b0)}Z`,
    }));
  }
  const bar = (y, length, role) =>
    svg("rect", { class: `bar ${role}`, x: 0, y, width: x(length), height: 14, rx: 2 });
  const shared = pair.rows.flatMap(([a0, a1, b0, b1]) => [
    svg("rect", { class: `shared ${leftRole}`, x: x(a0), y: 2, width: x(a1 - a0), height: 14 }),
    svg("rect", { class: `shared ${rightRole}`, x: x(b0), y: 64, width: x(b1 - b0), height: 14 }),
  ]);
  const label = `${counted(pair.rows.length, "sentence", "sentences")} shared by ${names.join(" and ")}`;
  return el("figure", { class: "map" },
    el("figcaption", {}, el("span", {}, bdi(names[0])), el("span", { class: "muted" }, "top: kept, bottom: copy; length as in the texts")),
    svg("svg", { viewBox: "0 0 1000 80", preserveAspectRatio: "none", role: "img", "aria-label": visible(label) },
      bar(2, lengths[0], leftRole), bar(64, lengths[1], rightRole), shapes, shared),
    el("span", { class: "below" }, bdi(names[1])));
}

/** Sentence beside sentence, in the order of the left text. */
function sideBySide(pair, spun) {
  const [leftRole, rightRole] = roles(spun);
  const { kept, copy } = pair;
  const [ours, theirs] = pair.marks || [];
  const before = new Map(); // what stands before an aligned sentence on the right, by its start
  let end = 0;
  for (const [, , start, stop] of [...pair.rows].sort((p, q) => p[2] - q[2])) {
    before.set(start, [end, Math.max(end, start)]);
    end = Math.max(end, stop);
  }
  const rows = [];
  const add = (kind, left, right) => {
    if (left || right) rows.push(el("div", { class: `pair ${kind}` }, el("div", {}, left), el("div", {}, right)));
  };
  let at = 0;
  for (const [a0, a1, b0, b1, leftMarks, rightMarks] of pair.rows) {
    add("gap", gap(kept, at, Math.max(at, a0), leftRole, ours), gap(copy, ...before.get(b0), rightRole, theirs));
    add("same",
      el("p", { dir: "auto" }, marked(kept, a0, a1, leftMarks, leftRole)),
      el("p", { dir: "auto" }, marked(copy, b0, b1, rightMarks, rightRole)));
    at = Math.max(at, a1);
  }
  add("gap", gap(kept, at, data.documents[kept].text.length, leftRole, ours),
    gap(copy, end, data.documents[copy].text.length, rightRole, theirs));
  return el("div", { class: "pairs" }, rows);
}

/** The terms of a pair's evidence, each bar beginning where the last one ends. */
function waterfall(account) {
  if (!account) return null;
  const { steps, total, needed, zero, line } = account;
  const bar = (kind, start, length) => svg("svg", { class: "step", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { class: kind, x: start, y: 1, width: Math.max(length, 0.6), height: 8 }),
    svg("line", { class: "axis", x1: zero, x2: zero, y1: 0, y2: 10 }), svg("line", { class: "needed", x1: line, x2: line, y1: 0, y2: 10 }));
  const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
  const row = (name, meaning, picture, value) => el("tr", {},
    el("th", { scope: "row" }, name, el("small", {}, meaning)), el("td", {}, picture), el("td", { class: "n" }, value));
  return el("details", { class: "account" },
    el("summary", {}, `Evidence: ${total.toFixed(2)}, and ${needed.toFixed(2)} makes a pair`),
    el("table", {}, el("tbody", {},
      steps.map(({ name, meaning, start, length, value }) =>
        row(name, meaning, bar(value < 0 ? "against" : "for", start, length), signed(value))),
      row("in all", "the dashed line is what makes a pair", bar("sum", zero, (line - zero) * (total / needed)), total.toFixed(2)))));
}

function legend(spun) {
  const items = spun === "no"
    ? [el("span", {}, el("mark", { class: "differs" }, "word"), " differs")]
    : [
      el("span", {}, el("ruby", { class: "spun" }, "machine's", el("rt", {}, "original")), " replaced by the machine, with what stood there"),
      el("span", {}, el("mark", { class: "original" }, "word"), " original wording"),
    ];
  items.push(el("span", {}, el("mark", { class: "loose" }, "word"), " only on this side"));
  return el("p", { class: "legend" }, items);
}

function rewriteLegend() {
  return el("p", { class: "legend" },
    el("span", {}, el("mark", { class: "original" }, "word"), " rare, and in both"),
    el("span", {}, el("mark", { class: "loose" }, "word"), " a name or number only on this side"));
}
