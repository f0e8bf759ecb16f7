/* Review of flags: a person accepts, rejects or types another wording, and saves decisions.csv. */

const STORE = `scrub:decisions:${data.key}`;
const reader = document.getElementById("review-text");
const panel = document.getElementById("review-current");
const picker = document.getElementById("review-document");
const decisions = new Map(); // line in flags.csv -> accept, reject or another wording
let shown = []; // the flags of the document that is open
let current = 0;

function loadDecisions() {
  for (const [line, , , , cells] of data.flags) if (cells[11]) decisions.set(line, cells[11]);
  try {
    for (const [line, decision] of JSON.parse(localStorage.getItem(STORE) || "[]")) {
      put(line, typeof decision === "string" ? decision : ""); // other pages can write there, too
    }
  } catch {
    // No storage (a private window, a hardened browser): decisions last as long as the page.
  }
}

function storeDecisions() {
  const lines = data.flags.map(([line, , , , cells]) => [line, decisions.get(line) || "", cells[11]]);
  const changed = lines.filter(([, now, before]) => now !== before).map(([line, now]) => [line, now]);
  try {
    localStorage.setItem(STORE, JSON.stringify(changed));
  } catch {
    say("This browser keeps no state for this page: save before you close it.");
  }
}

function say(text) {
  document.getElementById("review-said").textContent = text;
}

const stateOf = (flag) => {
  const decision = decisions.get(flag.line);
  if (!decision) return flag.confidence >= data.threshold && flag.suggestion ? "applied" : "open";
  return decision === "accept" || decision === "reject" ? decision : "typed";
};

const wordingOf = (flag) => (stateOf(flag) === "typed" ? decisions.get(flag.line) : flag.suggestion);

const SAID = {
  applied: "undecided; sure enough to be repaired", open: "undecided; left as it is",
  accept: "accepted", reject: "rejected", typed: "another wording",
};

function openDocument(place) {
  picker.value = String(place);
  shown = flagsOf.get(place) || [];
  const text = data.documents[place].text;
  const parts = [];
  let at = 0;
  shown.forEach((flag, n) => {
    parts.push(text.slice(at, Math.max(at, flag.start)));
    flag.button = el("button", {
      type: "button", tabindex: "-1", "data-n": n, onclick: () => select(n), onfocus: () => select(n),
    }, el("span", { class: "word" }, text.slice(Math.max(at, flag.start), flag.end) || flag.text), el("span", { class: "instead", dir: "auto" }));
    parts.push(flag.button);
    at = Math.max(at, flag.end);
    paint(flag);
  });
  parts.push(text.slice(at));
  reader.replaceChildren(...parts.map((part) => (part instanceof Node ? part : visible(part))));
  reader.scrollTop = 0;
  const open = shown.findIndex((flag) => !decisions.has(flag.line));
  select(Math.max(0, open), false);
}

function paint(flag) {
  const state = stateOf(flag);
  flag.button.className = `flag ${state}`;
  flag.button.lastChild.textContent = state === "reject" ? "" : visible(wordingOf(flag));
  flag.button.setAttribute("aria-description", SAID[state]);
}

function select(n, reveal = true) {
  if (!shown[n]) return;
  shown[current]?.button.setAttribute("tabindex", "-1");
  shown[current]?.button.removeAttribute("aria-current");
  current = n;
  const { button } = shown[n];
  button.setAttribute("tabindex", "0");
  button.setAttribute("aria-current", "true");
  if (reveal) {
    const box = button.offsetTop - reader.offsetTop;
    if (box < reader.scrollTop + 30 || box > reader.scrollTop + reader.clientHeight - 60) {
      reader.scrollTop = box - reader.clientHeight / 3;
    }
  }
  drawPanel();
}

function drawPanel() {
  const flag = shown[current];
  const state = stateOf(flag);
  const same = data.flags.filter(([, , , , cells]) => sameWords(cells, flag.cells)).length;
  const typed = el("input", {
    type: "text", id: "review-typed", "aria-label": "Another wording", placeholder: "another wording",
    autocomplete: "off", spellcheck: "true", value: state === "typed" ? decisions.get(flag.line) : "",
    onkeydown: (event) => {
      if (event.key === "Enter") decide(typed.value.trim(), true);
      else if (event.key === "Escape") flag.button.focus();
      else return;
      event.preventDefault();
    },
  });
  const action = (name, label, pressed) => el("button", {
    type: "button", class: name, "aria-pressed": String(pressed), onclick: () => decide(name),
    disabled: name === "accept" && !flag.suggestion,
  }, label);
  panel.replaceChildren(
    el("p", { class: "change" },
      el("del", { dir: "auto" }, flag.text), " ",
      flag.suggestion ? el("ins", { dir: "auto" }, flag.suggestion) : el("em", {}, "no suggestion")),
    el("p", { class: "muted" },
      `${flag.kind}, from ${flag.source}, confidence ${flag.confidence.toFixed(2)}; ${SAID[state]}`,
      same > 1 ? `; ${same} times here` : ""),
    el("p", { class: "actions" },
      action("accept", "Accept", state === "accept"), action("reject", "Reject", state === "reject"), typed,
      el("button", { type: "button", onclick: () => decide(typed.value.trim(), true) }, "Use this"),
      el("button", { type: "button", onclick: () => decide(""), disabled: !decisions.has(flag.line) }, "Undo")));
  const done = shown.filter((f) => decisions.has(f.line)).length;
  const progress = document.getElementById("review-progress");
  progress.max = shown.length;
  progress.value = done;
  document.getElementById("review-count").textContent = `${done} of ${shown.length} decided`;
  const save = document.getElementById("review-save");
  save.disabled = !decisions.size;
  save.textContent = decisions.size ? `Save decisions.csv (${decisions.size})` : "Save decisions.csv";
}

const sameWords = (a, b) => a[5].toLowerCase() === b[5].toLowerCase() && a[6].toLowerCase() === b[6].toLowerCase();

/** Record a decision about the current flag; an empty one takes it back. */
function decide(decision, isTyped = false) {
  const flag = shown[current];
  if (isTyped && !decision) return;
  if (isTyped && (decision === "accept" || decision === "reject")) {
    say(`“${decision}” is how a decision is written; in decisions.csv it cannot be a wording.`);
    return;
  }
  if (decision === "accept" && !flag.suggestion) return;
  put(flag.line, decision);
  paint(flag);
  storeDecisions();
  say(`${flag.text}: ${SAID[stateOf(flag)]}`);
  const fromText = reader.contains(document.activeElement) || isTyped;
  const next = decision ? shown.findIndex((f, n) => n > current && !decisions.has(f.line)) : current;
  drawPanel();
  if (next >= 0) select(next);
  if (fromText) shown[current].button.focus({ preventScroll: true });
}

/** The same decision for every flag that puts the same words for the same words. */
function decideAll(decision) {
  const { cells } = shown[current];
  const lines = data.flags.filter((row) => sameWords(row[4], cells)).map(([line]) => line);
  for (const line of lines) put(line, decision);
  shown.forEach(paint);
  storeDecisions();
  select(current);
  say(`${counted(lines.length, "flag", "flags")}: ${decision}`);
}

function put(line, decision) {
  if (decision) decisions.set(line, decision);
  else decisions.delete(line);
}

const KEYS = {
  ArrowRight: () => move(1), ArrowLeft: () => move(-1), j: () => move(1), k: () => move(-1),
  a: () => decide("accept"), r: () => decide("reject"), u: () => decide(""),
  A: () => decideAll("accept"), R: () => decideAll("reject"),
  t: () => document.getElementById("review-typed").focus(),
};

function move(step) {
  select(Math.min(shown.length - 1, Math.max(0, current + step)));
  shown[current].button.focus({ preventScroll: true });
}

/** A cell as scrub writes it: safe in a spreadsheet, quoted where CSV needs it. */
function csvCell(value) {
  const text = /^'*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function decisionsCsv() {
  const rows = data.flags
    .filter(([line]) => decisions.has(line))
    .sort((a, b) => a[0] - b[0])
    .map(([line, , , , cells]) => [...cells.slice(0, 11), decisions.get(line)].map(csvCell).join(","));
  return [data.columns.join(","), ...rows, ""].join("\n");
}

function saveDecisions() {
  const url = URL.createObjectURL(new Blob([decisionsCsv()], { type: "text/csv" }));
  el("a", { href: url, download: "decisions.csv" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
  say(`decisions.csv holds ${counted(decisions.size, "decision", "decisions")}`);
}

/** Show the flag that a link names by its line in flags.csv. */
function openFlag(line) {
  const row = data.flags.find((flag) => flag[0] === line);
  if (!row) return false;
  openDocument(row[1]);
  select(shown.findIndex((flag) => flag.line === line));
  document.getElementById("review").scrollIntoView();
  shown[current].button.focus({ preventScroll: true });
  return true;
}

function startReview() {
  if (!reader) return;
  loadDecisions();
  for (const [place, flags] of flagsOf) {
    const { id } = data.documents[place];
    picker.append(el("option", { value: place }, `${id} (${counted(flags.length, "flag", "flags")})`));
  }
  picker.addEventListener("change", () => openDocument(Number(picker.value)));
  document.getElementById("review-save").addEventListener("click", saveDecisions);
  // Single keys act only while the focus is in the text, so they never surprise anyone elsewhere.
  reader.addEventListener("keydown", (event) => {
    const action = event.ctrlKey || event.metaKey || event.altKey ? null : KEYS[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
  openDocument(flagsOf.keys().next().value);
}
