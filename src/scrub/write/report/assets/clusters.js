/* The list of clusters: search, sort, filter; a cluster opens in place. */

const STEP = 40; // clusters drawn at a time
const list = document.getElementById("cluster-list");
const tools = document.getElementById("cluster-tools");
const more = document.getElementById("cluster-more");
let found = data.clusters;
let drawn = 0;
let haystacks = null;

/** All that a search looks at: ids, paths, titles and the texts that the page carries. */
function haystack(cluster) {
  const members = cluster.members.flatMap((m) => [
    m[MEMBER.id], m[MEMBER.path], m[MEMBER.title], m[MEMBER.outlet], m.at(-1) < 0 ? "" : data.documents[m.at(-1)].text,
  ]);
  return [cluster.id, cluster.title, ...members].join("\n").toLowerCase();
}

const ORDER = {
  size: (a, b) => b.size - a.size,
  weakest: (a, b) => a.weakest - b.weakest,
  flags: (a, b) => b.flags - a.flags,
  id: (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
};

function search() {
  const words = document.getElementById("cluster-search").value.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length && !haystacks) haystacks = new Map(data.clusters.map((c) => [c, haystack(c)]));
  const kinds = [...tools.querySelectorAll("input:checked")].map((box) => box.value);
  found = data.clusters.filter((c) =>
    kinds.every((kind) => (kind === "spun" ? c.spun : c.relations[kind]))
    && words.every((word) => haystacks.get(c).includes(word)));
  const order = ORDER[document.getElementById("cluster-sort").value];
  if (order) found.sort(order);
  list.replaceChildren();
  drawn = 0;
  draw();
  document.getElementById("cluster-count").textContent =
    `${counted(found.length, "cluster", "clusters")}${found.length < data.clusters.length ? ` of ${data.clusters.length.toLocaleString("en")}` : ""}`;
}

function draw() {
  list.append(...found.slice(drawn, drawn + STEP).map(clusterItem));
  drawn = Math.min(drawn + STEP, found.length);
  more.hidden = drawn >= found.length;
}

function clusterItem(cluster) {
  const body = el("div", { class: "body", hidden: true });
  const chips = ["exact", "near", "excerpt"]
    .filter((kind) => cluster.relations[kind])
    .map((kind) => chip(kind, `${cluster.relations[kind]} ${kind}`));
  if (cluster.spun) chips.push(chip("spun", `${cluster.spun} spun`));
  const button = el("button", { type: "button", "aria-expanded": "false" },
    el("span", { class: "title", dir: "auto" }, cluster.title || cluster.id),
    el("span", { class: "meta" }, counted(cluster.size, "document", "documents"), el("span", { class: "chips" }, chips)));
  const item = el("article", { class: "cluster" }, el("h3", {}, button), body);
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    body.hidden = !open;
    if (open && !body.firstChild) body.append(...clusterBody(cluster));
  });
  item.dataset.id = cluster.id;
  return item;
}

function clusterBody(cluster) {
  if (!cluster.members.length) {
    return [el("p", {}, "The texts of this cluster are not in this page; this shows them:"),
      el("pre", {}, `scrub report --cluster ${quoted(cluster.id)}`)];
  }
  const parts = [memberTable(cluster)];
  if (cluster.members.length < cluster.size) {
    parts.push(el("p", { class: "muted" }, `${cluster.members.length} of ${cluster.size} documents; dedup.csv has all.`));
  }
  if (!cluster.pairs.length) return parts;
  const view = el("div", {});
  const show = (pair) => view.replaceChildren(...comparison(cluster, pair));
  if (cluster.pairs.length > 1) {
    const select = el("select", { onchange: () => show(cluster.pairs[select.selectedIndex]) },
      cluster.pairs.map((pair) => el("option", {}, optionName(data.documents[pair.copy]))));
    parts.push(el("p", {}, el("label", {}, "Compare with what was kept: ", select)));
  }
  show(cluster.pairs[0]);
  parts.push(view);
  return parts;
}

function memberTable(cluster) {
  const head = ["document", "relation", "containment", "Jaccard", "shared sentences", "spin score", "flags", "words"];
  const rows = cluster.members.map((m) => {
    const at = (name) => m[MEMBER[name]];
    const spun = at("spun") === "this" || at("spun") === "both";
    return el("tr", {},
      el("th", { scope: "row" }, at("outlet") && at("title") ? el("span", { class: "title", dir: "auto" }, at("title")) : null,
        at("outlet") ? el("small", {}, bdi([at("outlet"), at("time")].filter(Boolean).join(", "))) : null,
        shortId(at("id")), at("evidence") ? el("small", { dir: "auto" }, at("evidence")) : null),
      el("td", {}, chip(at("relation"), at("relation")), spun ? chip("spun", "spun") : null),
      el("td", { class: "n" }, at("containment") ? percent(at("containment")) : "–"),
      el("td", { class: "n" }, at("jaccard") ? percent(at("jaccard")) : "–"),
      el("td", { class: "n" }, at("shared_sentences") || "–"),
      el("td", { class: "n" }, Number(at("spin_score")).toFixed(2)),
      el("td", { class: "n" }, at("flags")),
      el("td", { class: "n" }, Number(at("words")).toLocaleString("en")));
  });
  return el("div", { class: "scroll", role: "group", tabindex: "0", "aria-label": "Documents of the cluster" },
    el("table", {},
      el("thead", {}, el("tr", {}, head.map((name, n) => el("th", { scope: "col", class: n > 1 ? "n" : null }, name)))),
      el("tbody", {}, rows)));
}

function optionName(doc) {
  return doc.outlet ? `${doc.outlet}${doc.time ? `, ${doc.time}` : ""}: ${doc.title || doc.id}` : doc.id;
}

/** A document by its headline where it has an outlet, else by its id. */
function named(doc) {
  return doc.outlet && doc.title ? el("span", { dir: "auto" }, doc.title) : shortId(doc.id);
}

/** A document by its outlet, where that tells it from another; else by its id. */
function whose(doc, other, the = "the") {
  return doc.outlet && doc.outlet !== other.outlet ? bdi(`${the} text of ${doc.outlet}`) : shortId(doc.id);
}

/** What happened to the two documents, in words. */
function story(pair, member) {
  const documents = [data.documents[pair.kept], data.documents[pair.copy]];
  const [kept, copy] = [whose(...documents), whose(documents[1], documents[0], "The")];
  const relation = member[MEMBER.relation];
  if (relation === "exact") return el("p", { class: "story" }, copy, " has the same text as ", kept, ".");
  const words = new Set(["s", "d"]);
  const differing = pair.rows.reduce((n, row) => n + row[4].filter((mark) => words.has(mark[2])).length, 0);
  const share = percent(member[MEMBER.containment]);
  const first = relation === "excerpt"
    ? [copy, ` is an excerpt of `, kept, `: ${share} of it stands there, in ${counted(pair.rows.length, "sentence", "sentences")}. `]
    : [copy, ` is a near copy of `, kept, `: ${share} of it stands there. `];
  const then = {
    other: [el("strong", { class: "c-spun" }, "The text kept is machine-spun"), `, and the copy still has the original words: ${counted(differing, "place", "places")} to read them from. It is kept because no unspun copy is as full.`],
    this: [el("strong", { class: "c-spun" }, "The copy is machine-spun"), `: the original of ${counted(differing, "place", "places")} stands in the text kept.`],
    both: ["Both are machine-spun."],
    no: [differing ? `There they differ in ${counted(differing, "place", "places")}.` : "There they agree word for word."],
  }[member[MEMBER.spun]];
  return el("p", { class: "story" }, first, then);
}

function comparison(cluster, pair) {
  const member = cluster.members.find((m) => m.at(-1) === pair.copy);
  const spun = member[MEMBER.spun];
  const documents = [pair.kept, pair.copy].map((place) => data.documents[place]);
  const parts = [story(pair, member)];
  if (member[MEMBER.relation] === "exact") {
    return [...parts, el("p", { class: "text", dir: "auto" }, documents[0].text)];
  }
  const head = (doc, role, note) => el("div", {}, el("h4", {}, named(doc)),
    doc.outlet ? el("small", {}, bdi([doc.outlet, doc.time].filter(Boolean).join(", "))) : null,
    el("p", { class: `role ${role}` }, note));
  const names = { spun: "machine-spun", original: "original wording", plain: "" };
  const sides = roles(spun);
  const cut = documents.some((doc) => doc.cut)
    ? el("p", { class: "muted" }, `Long texts are shown in part; scrub report --cluster ${quoted(cluster.id)} shows them whole.`)
    : null;
  return [...parts,
    waterfall(pair.account),
    map(pair, documents.map((doc) => doc.outlet || doc.id), sides),
    legend(spun),
    el("div", { class: "pair heads" },
      head(documents[0], sides[0], ["kept", names[sides[0]]].filter(Boolean).join(", ")),
      head(documents[1], sides[1], [member[MEMBER.relation], names[sides[1]]].filter(Boolean).join(", "))),
    sideBySide(pair, spun), cut].filter(Boolean);
}

/** Open a cluster that a link or the address names. */
function openCluster(id) {
  let at = found.findIndex((cluster) => cluster.id === id);
  if (at < 0 && tools) {
    tools.reset();
    search();
    at = found.findIndex((cluster) => cluster.id === id);
  }
  if (at < 0) return;
  while (drawn <= at) draw();
  const button = list.children[at].querySelector("button");
  if (button.getAttribute("aria-expanded") !== "true") button.click();
  button.scrollIntoView({ block: "start" });
  button.focus({ preventScroll: true });
}

function startClusters() {
  if (!list) return;
  if (tools) {
    tools.addEventListener("input", search);
    tools.addEventListener("submit", (event) => event.preventDefault());
    search();
  } else {
    draw();
  }
  more.addEventListener("click", draw);
  addEventListener("beforeprint", () => { // paper opens nothing: what has its texts is printed open
    for (const box of list.querySelectorAll("details:not([open])")) box.open = true;
    for (const button of list.querySelectorAll("button[aria-expanded=false]")) {
      if (data.clusters.find((c) => c.id === button.closest(".cluster").dataset.id).members.length) button.click();
    }
  });
  // The most telling cluster is open from the start: what happened is seen before anything is read.
  list.querySelector("button")?.click();
}

/** Two texts that are no copies, side by side when they are asked for: near misses, rewrites. */
function startAside() {
  for (const box of document.querySelectorAll("details.aside")) {
    box.addEventListener("toggle", () => {
      const pair = data[box.dataset.list][Number(box.dataset.place)];
      if (!box.open || box.querySelector(".pairs")) return;
      const heads = [pair.kept, pair.copy].map((place) => el("div", {}, el("h4", {}, named(data.documents[place]))));
      const key = pair.marks ? rewriteLegend() : legend("no");
      box.append(key, el("div", { class: "pair heads" }, heads), sideBySide(pair, "no"));
    });
  }
}
