// The search page: asks pagefind's index, and writes what it finds as plain elements.
const form = document.getElementById("search");
const field = document.getElementById("find");
const topic = document.getElementById("topic");
const state = document.getElementById("state");
const list = document.getElementById("results");
const more = document.getElementById("more");
const root = new URL(form.dataset.root, location.href);
const AT_ONCE = 10;
const AROUND = 60; // letters before what was found, in an extract of ours
const EXTRACT = 180;
// Scripts that write no spaces are indexed by twos or threes of letters, spelled in a-p: see search.py.
const THREES = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+/g;
const TWOS = /[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+/g;
// Words that stand in every page of a topic, for narrowing a search: see topic_word in search.py.
const TOPIC_WORDS = /(<mark>)?zzt[a-p]+zz\.?(<\/mark>)?\s*/g;
let found = [];
let asked = 0;
let index;

const letters = (some) =>
  [...some].map((one) => one.charCodeAt(0).toString(16).padStart(4, "0")).join("")
    .replace(/[0-9a-f]/g, (digit) => "abcdefghijklmnop"[parseInt(digit, 16)]);

const windows = (run, size) =>
  run.length < size
    ? letters(run)
    : Array.from({ length: run.length - size + 1 }, (_, at) => letters(run.slice(at, at + size))).join(" ");

const spelled = (query) =>
  query.normalize("NFC").replace(THREES, (run) => ` ${windows(run, 3)} `).replace(TWOS, (run) => ` ${windows(run, 2)} `).trim();

async function load() {
  index ??= import(new URL("pagefind/pagefind.js", root)).then(async (pagefind) => {
    await pagefind.options({ baseUrl: root.pathname, excerptLength: 30 });
    return pagefind;
  });
  return index;
}

const parts = (query) => query.normalize("NFC").split(/\s+/).filter(Boolean);

// Pagefind passes over words that it hasn't: a part of a word that stands nowhere means that the word doesn't, either.
async function missing(pagefind, words) {
  for (const word of words.split(/\s+/)) if (!(await pagefind.search(word)).results.length) return true;
  return false;
}

function marked(text, words) {
  const part = document.createDocumentFragment();
  let rest = text;
  while (rest) {
    const hits = words.map((word) => [rest.toLowerCase().indexOf(word.toLowerCase()), word]).filter(([at]) => at >= 0);
    if (!hits.length) break;
    const [at, word] = hits.reduce((a, b) => (b[0] < a[0] ? b : a));
    const mark = document.createElement("mark");
    mark.textContent = rest.slice(at, at + word.length);
    part.append(rest.slice(0, at), mark);
    rest = rest.slice(at + word.length);
  }
  part.append(rest);
  return part;
}

// An extract of a text without spaces, around the first word that stands in it.
function extract(text, query) {
  const words = parts(query);
  const first = Math.max(0, Math.min(...words.map((word) => text.indexOf(word)).filter((at) => at >= 0), text.length));
  const start = first === text.length ? 0 : Math.max(0, first - AROUND);
  const piece = text.slice(start, start + EXTRACT);
  return marked(`${start ? "…" : ""}${piece}${start + EXTRACT < text.length ? "…" : ""}`, words);
}

// Pagefind's extract is HTML: text and <mark>, of which only these two are taken over.
function taken(html) {
  const part = document.createDocumentFragment();
  const clean = html.replace(TOPIC_WORDS, "");
  for (const node of new DOMParser().parseFromString(clean, "text/html").body.childNodes) {
    const element = node.nodeName === "MARK" ? document.createElement("mark") : null;
    if (element) element.textContent = node.textContent;
    part.append(element ?? node.textContent);
  }
  part.prepend("… ");
  part.append(" …");
  return part;
}

function shown(page, query) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = page.url;
  link.append(page.meta.text ? marked(page.meta.title, parts(query)) : page.meta.title);
  const text = document.createElement("p");
  text.append(page.meta.text ? extract(page.meta.text, query) : taken(page.excerpt));
  item.append(link, text);
  if (page.meta.note) {
    const note = document.createElement("p");
    note.className = "small";
    note.textContent = page.meta.note;
    item.append(note);
  }
  return item;
}

async function next(query) {
  const some = found.slice(list.children.length, list.children.length + AT_ONCE);
  const run = asked;
  const pages = await Promise.all(some.map((one) => one.data()));
  if (run !== asked) return;
  list.append(...pages.map((page) => shown(page, query)));
  more.hidden = list.children.length >= found.length;
}

async function ask() {
  const query = field.value.trim();
  const run = ++asked;
  const here = new URL(location.href);
  for (const [name, value] of [["q", query], ["topic", topic?.value ?? ""]]) {
    if (value) here.searchParams.set(name, value);
    else here.searchParams.delete(name);
  }
  history.replaceState(null, "", here);
  if (!query) {
    found = [];
    list.replaceChildren();
    more.hidden = true;
    state.textContent = "";
    return;
  }
  if (!list.children.length) state.textContent = form.dataset.waiting;
  try {
    const pagefind = await load();
    const narrowed = topic?.selectedOptions[0]?.dataset.word ?? "";
    const words = spelled(query);
    const none = words !== query.normalize("NFC") && (await missing(pagefind, words));
    const answer = none ? { results: [] } : await pagefind.search(`${words} ${narrowed}`);
    if (run !== asked) return;
    found = answer.results;
    list.replaceChildren();
    await next(query);
    if (run !== asked) return;
    state.textContent = found.length ? form.dataset.found.replace("{count}", found.length) : form.dataset.none;
  } catch (wrong) {
    state.textContent = form.dataset.failed;
    console.error(wrong);
  }
}

let pause;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(pause);
  ask();
});
field.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(ask, 250);
});
topic?.addEventListener("change", ask);
more.addEventListener("click", async () => {
  const before = list.children.length;
  await next(field.value.trim());
  list.children[before]?.querySelector("a").focus();
});

const wanted = new URL(location.href).searchParams;
field.value = wanted.get("q") ?? "";
if (topic) topic.value = [...topic.options].some((one) => one.value === wanted.get("topic")) ? wanted.get("topic") : "";
if (field.value) ask();
else field.focus();
