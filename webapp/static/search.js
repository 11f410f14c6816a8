// What pages gain from a script: results that change in place, suggestions while typing, and "/" for the search box.
// Every page is complete without it, and whatever fails here becomes an ordinary visit of an ordinary address.

const TYPED_FOR = 120; // milliseconds without a keystroke before suggestions are asked for
const HOVERED_FOR = 65; // and a pointer has to rest on a link before its results are
const KEPT_FOR = 60_000; // how long an answer that was fetched ahead, or left, is shown without asking again
const MOST_KEPT = 20;
const PATIENCE = 10_000;

const main = document.getElementById("content");
const announcer = document.getElementById("announcer");
const field = document.getElementById("q");
// Pages of one language have their own: another language is another page.
const RESULTS = field && new URL(field.form.action).pathname;

function announce(text) {
  announcer.textContent = text.replace(/\s+/g, " ").trim();
}

// ---- Results in place -------------------------------------------------------------------------------------------

const kept = new Map(); // address -> { at, page: a promise of its HTML and of the address that it has }
// What of a page's head is about its results: as programs read it, it goes with them.
const ABOUT_RESULTS = ["link:is([rel=canonical], [rel=prev], [rel=next], [rel=alternate])", "meta[property]"].join();
let shown = location.pathname + location.search;
let asked = field?.value; // what the box held when results were last asked for
let visit = 0;

function isResults(url) {
  return url.origin === location.origin && url.pathname === RESULTS;
}

async function load(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(PATIENCE) });
  // What a form sends may lead to another address, which is the one of this question.
  const url = new URL(answer.url);
  if (!answer.ok || !isResults(url)) throw new Error(answer.statusText);
  return { html: await answer.text(), address: url.pathname + url.search };
}

function fetched(address) {
  const known = kept.get(address);
  if (known && Date.now() - known.at < KEPT_FOR) return known.page;
  const page = load(address);
  kept.delete(address);
  kept.set(address, { at: Date.now(), page });
  page.catch(() => kept.delete(address));
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
  return page;
}

async function show(url, place) {
  const mine = ++visit;
  main.setAttribute("aria-busy", "true");
  try {
    const { html, address } = await fetched(url.pathname + url.search);
    const page = new DOMParser().parseFromString(html, "text/html");
    // Somebody who went on meanwhile does not want this any more.
    if (mine !== visit) return;
    if (!page.querySelector(".results")) throw new Error("no results");
    // As browsers do it, the same search once more is no further step to go back.
    if (place === "new" && address !== shown) history.pushState({}, "", address + url.hash);
    shown = address;
    const focus = remembered(document.activeElement);
    replace(page, place === "new");
    settle(focus, place);
  } catch {
    if (mine === visit) location.assign(url);
  } finally {
    if (mine === visit) main.removeAttribute("aria-busy");
  }
}

function replace(page, isNew) {
  document.title = page.title;
  document.head.querySelectorAll(ABOUT_RESULTS).forEach((each) => each.remove());
  document.head.append(...page.head.querySelectorAll(ABOUT_RESULTS));
  main.replaceChildren(...page.getElementById("content").childNodes);
  const form = field.form;
  const other = page.getElementById("q");
  form.querySelectorAll("input[type=hidden]").forEach((each) => each.remove());
  field.after(...other.form.querySelectorAll("input[type=hidden]"));
  // Who types on while results come keeps what was typed.
  if (!isNew || document.activeElement !== field || field.value === asked) field.value = other.value;
  asked = field.value;
  document.querySelector(".tongues")?.replaceWith(page.querySelector(".tongues"));
  const news = main.querySelectorAll("h1, .message");
  announce([...news].map((each) => each.textContent).join(". "));
}

// The focus stays on the control that was used where there is still one like it; else the heading has it, from which
// reading goes on.
function remembered(element) {
  if (!main.contains(element)) return null;
  const group = element.closest("nav, ul.chips, form")?.getAttribute("aria-labelledby");
  const label = element.querySelector?.("bdi")?.textContent ?? element.textContent;
  const inFilters = element.closest(".filters");
  return { id: element.id, group: inFilters && group, label, isSort: !!element.closest(".sorts") };
}

function again(focus) {
  if (focus.id) return document.getElementById(focus.id);
  const filter = focus.group && main.querySelector(`[aria-labelledby="${CSS.escape(focus.group)}"]`);
  const scope = focus.isSort ? main.querySelector(".sorts") : filter;
  const links = scope ? [...scope.querySelectorAll("a")] : [];
  return links.find((link) => (link.querySelector("bdi") ?? link).textContent === focus.label);
}

function settle(focus, place) {
  const heading = main.querySelector("h1");
  const same = focus && again(focus);
  if (typeof place === "number") {
    scrollTo(0, place);
  } else if (same) {
    same.focus({ preventScroll: true });
    // Lists above may have become longer or shorter: what is used stays in sight.
    same.scrollIntoView({ block: "nearest" });
    return;
  } else {
    scrollTo(0, 0);
  }
  if (focus) heading.focus({ preventScroll: true });
}

function isPlain(event) {
  const withKey = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  return !event.defaultPrevented && event.button === 0 && !withKey;
}

function linkAt(event) {
  const link = event.target.closest?.("a[href]");
  return link && !link.target && !link.hasAttribute("download") ? link : null;
}

function onClick(event) {
  const link = linkAt(event);
  if (!link || !isPlain(event)) return;
  const url = new URL(link.href);
  if (!isResults(url) || (url.hash && url.pathname + url.search === shown)) return;
  event.preventDefault();
  show(url, "new");
}

function onSubmit(event) {
  const form = event.target;
  const url = new URL(form.action);
  if (!isResults(url) || form.method !== "get" || event.defaultPrevented) return;
  const given = [...new FormData(form, event.submitter)].filter(([name, value]) => name && value !== "");
  url.search = new URLSearchParams(given);
  event.preventDefault();
  close();
  asked = field.value;
  show(url, "new");
}

function onReturn(event) {
  const url = new URL(location.href);
  const address = url.pathname + url.search;
  if (isResults(url) && address !== shown) return show(url, event.state?.scroll ?? 0);
  // Whoever comes back before other results were there does not want them any more.
  visit++;
  main.removeAttribute("aria-busy");
  // A step within the page, to the filters, has no state when it is taken, and one when it is taken back.
  if (event.state) scrollTo(0, event.state.scroll ?? 0);
}

function keepScroll() {
  history.replaceState({ ...history.state, scroll: scrollY }, "");
}

function fetchAhead(event) {
  const link = linkAt(event);
  if (!link || navigator.connection?.saveData) return;
  const url = new URL(link.href);
  if (!isResults(url) || url.pathname + url.search === shown) return;
  const timer = setTimeout(() => fetched(url.pathname + url.search).catch(() => {}), HOVERED_FOR);
  link.addEventListener("pointerleave", () => clearTimeout(timer), { once: true });
}

if (main && location.pathname === RESULTS && document.querySelector(".results")) {
  history.scrollRestoration = "manual";
  if (history.state?.scroll) scrollTo(0, history.state.scroll);
  addEventListener("scrollend", keepScroll);
  addEventListener("pagehide", keepScroll);
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("pointerover", fetchAhead);
  addEventListener("popstate", onReturn);
}

// ---- Suggestions: a combobox with a list, as the ARIA Authoring Practices have it -------------------------------

const list = document.createElement("ul");
let asking = null;
let waiting = 0;
let active = -1;

function close() {
  clearTimeout(waiting);
  asking?.abort();
  list.hidden = true;
  active = -1;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

// Where a suggestion leads in the pages at hand. It is asked for in their language, which its address then begins with;
// pages whose address names no language lead to such.
function addressOf(suggestion) {
  return RESULTS.slice(0, -"/search".length) + suggestion.url.slice(1 + field.dataset.language.length);
}

function option(suggestion, number) {
  const item = document.createElement("li");
  item.id = `suggestion-${number}`;
  item.role = "option";
  item.ariaSelected = "false";
  item.dataset.url = addressOf(suggestion);
  const text = document.createElement("bdi");
  text.textContent = suggestion.text;
  item.append(text);
  const kind = suggestion.kind === "title" ? field.dataset.resource : suggestion.facet_label;
  if (kind) {
    const note = document.createElement("small");
    note.textContent = kind;
    item.append(" ", note);
  }
  return item;
}

function open(suggestions) {
  list.replaceChildren(...suggestions.map(option));
  active = -1;
  field.removeAttribute("aria-activedescendant");
  list.hidden = !suggestions.length;
  field.setAttribute("aria-expanded", String(!list.hidden));
  if (!list.hidden) announce(`${field.dataset.suggestions}: ${suggestions.length}`);
}

async function suggest() {
  asking?.abort();
  const text = field.value.trim();
  if (!text) return close();
  const mine = (asking = new AbortController());
  const url = `${field.dataset.suggest}?${new URLSearchParams({ q: text, lang: field.dataset.language })}`;
  try {
    const answer = await fetch(url, { signal: mine.signal });
    const { suggestions } = answer.ok ? await answer.json() : { suggestions: [] };
    if (!mine.signal.aborted && document.activeElement === field) open(suggestions);
  } catch {
    // Typing went on, or the server is away: the box works without suggestions.
    if (!mine.signal.aborted) close();
  }
}

function move(step) {
  const options = [...list.children];
  options[active]?.setAttribute("aria-selected", "false");
  // One place more than there are options: the box itself, with what was typed.
  active = ((active + 1 + step + options.length + 1) % (options.length + 1)) - 1;
  const chosen = options[active];
  if (!chosen) return field.removeAttribute("aria-activedescendant");
  chosen.setAttribute("aria-selected", "true");
  chosen.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", chosen.id);
}

function take(item) {
  const url = new URL(item.dataset.url, location.href);
  close();
  if (isResults(url)) asked = field.value = url.searchParams.get("q") ?? "";
  if (isResults(url) && document.querySelector(".results")) show(url, "new");
  else location.assign(url);
}

function onKey(event) {
  const isOpen = !list.hidden;
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (isOpen) move(event.key === "ArrowDown" ? 1 : -1);
    else suggest();
  } else if (event.key === "Enter" && isOpen && active >= 0) {
    event.preventDefault();
    take(list.children[active]);
  } else if (event.key === "Escape" && isOpen) {
    // The first one closes the list; the next one empties the box, as browsers do.
    event.preventDefault();
    close();
  } else if (event.key === "Tab") {
    close();
  }
}

if (field?.dataset.suggest) {
  list.id = "suggestions";
  list.className = "suggestions";
  list.role = "listbox";
  list.ariaLabel = field.dataset.suggestions;
  list.hidden = true;
  field.form.append(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": list.id,
    "aria-autocomplete": "list",
    "aria-keyshortcuts": "/",
  })) field.setAttribute(name, value);
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(suggest, TYPED_FOR);
  });
  field.addEventListener("keydown", onKey);
  field.addEventListener("blur", close);
  field.form.addEventListener("submit", close);
  // A press must not take the focus from the box: losing it closes the list before the click arrives.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) take(item);
  });
}

// ---- "/" leads to the search box ---------------------------------------------------------------------------------

const SLASH = "handlist-slash";

function slashIsOn() {
  try {
    return localStorage.getItem(SLASH) !== "off";
  } catch {
    return true;
  }
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing || !field || !slashIsOn()) return;
  event.preventDefault();
  field.focus();
  field.select();
});

const slash = document.getElementById("slash");
if (slash) {
  slash.checked = slashIsOn();
  slash.closest("[hidden]").hidden = false;
  slash.addEventListener("change", () => {
    try {
      localStorage.setItem(SLASH, slash.checked ? "on" : "off");
    } catch {
      // Without storage it holds as long as this page, which is no worse than before.
    }
  });
}
