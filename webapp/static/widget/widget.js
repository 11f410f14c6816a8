/*
 * <handlist-search>: the search box of a Handlist library, for any page. One file without dependencies or a build step.
 * It asks for nothing before somebody types, keeps nothing, and shows what it gets as text and never as markup.
 * Without this script the form inside the element is what there is; with it, one like it takes its place.
 */
"use strict";

(() => {
  const NAME = "handlist-search";
  const SCRIPT = document.currentScript?.src;
  const PAUSE = 120; // milliseconds without a keystroke
  const PATIENCE = 8000; // milliseconds until a silent server counts as failing
  const EDGE = 8; // pixels around the panel
  const LOW = 280; // pixels under the box that are too few
  const LIMIT = { usual: 5, most: 20 };
  const PAGES = 2; // of one result
  const CHOICES = 6; // of one facet
  const TARGETS = ["_self", "_blank", "_parent", "_top"];
  const RIGHT_TO_LEFT = /^(ar|dv|fa|he|ku|ps|sd|ug|ur|yi)\b/;
  const OWN = ["facets", "limit", "lang", "target", "placeholder", "label"];
  const TYPED = ["q", "page", "limit", "lang"]; // set by the box itself
  const NAMES = /^[a-z][a-z0-9_.-]*$/;
  const OTHERS =
    /^(id|class|style|title|hidden|dir|slot|is|tabindex|translate|inert|contenteditable|exportparts|aria-.*|data-.*)$/;

  const WORDS = {
    en: {
      label: "Search the library",
      placeholder: "Search titles and inside files",
      search: "Search",
      results: "Results: %",
      all: "See all results",
      none: "Nothing was found.",
      partial: "No result has all the words.",
      failed: "No instant results at the moment. Press Enter to search.",
      without: "Without:",
      pinned: "Recommended",
      corrected: "Results for “%”.",
      meant: "Did you mean “%”?",
    },
    fr: {
      label: "Rechercher dans la bibliothèque",
      placeholder: "Titres et contenu des fichiers",
      search: "Rechercher",
      results: "Résultats : %",
      all: "Voir tous les résultats",
      none: "Aucun résultat.",
      partial: "Aucun résultat ne contient tous les mots.",
      failed: "Pas de résultats instantanés pour le moment. Appuyez sur Entrée pour rechercher.",
      without: "Sans :",
      pinned: "Recommandé",
      corrected: "Résultats pour « % ».",
      meant: "Vouliez-vous dire « % » ?",
    },
    es: {
      label: "Buscar en la biblioteca",
      placeholder: "Títulos y contenido de los archivos",
      search: "Buscar",
      results: "Resultados: %",
      all: "Ver todos los resultados",
      none: "No se encontró nada.",
      partial: "Ningún resultado contiene todas las palabras.",
      failed: "No hay resultados instantáneos en este momento. Pulse Intro para buscar.",
      without: "Sin:",
      pinned: "Recomendado",
      corrected: "Resultados de «%».",
      meant: "¿Quiso decir «%»?",
    },
    ar: {
      label: "البحث في المكتبة",
      placeholder: "ابحث في العناوين وداخل الملفات",
      search: "بحث",
      results: "النتائج: %",
      all: "عرض كل النتائج",
      none: "لم يُعثر على شيء.",
      partial: "لا تحتوي أي نتيجة على كل الكلمات.",
      failed: "النتائج الفورية غير متاحة الآن. اضغط Enter للبحث.",
      without: "من دون:",
      pinned: "موصى به",
      corrected: "نتائج «%».",
      meant: "هل تقصد «%»؟",
    },
  };

  // Dark where the page is: light-dark() goes by its color-scheme, and not by the system's.
  const STYLE = `
:host { display: block; position: relative; color: inherit; font: var(--handlist-font, inherit); }
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
.box {
  --paper: var(--handlist-paper, light-dark(#fff, #1c1f1e)); --ink: var(--handlist-ink, light-dark(#1d1c1a, #ebe8e1));
  --quiet: var(--handlist-quiet, light-dark(#5f5a51, #b1aca1));
  --line: var(--handlist-line, light-dark(#d8d3c8, #3b403c));
  --edge: var(--handlist-edge, light-dark(#8a857b, #7f857f)); --radius: var(--handlist-radius, 8px);
  --accent: var(--handlist-accent, light-dark(#0b5a55, #86d3c8));
  --on-accent: var(--handlist-on-accent, light-dark(#fff, #0c2321));
  --soft: var(--handlist-soft, light-dark(#eaf2f0, #223734));
  --mark: var(--handlist-mark, light-dark(#ffe59a, #655116));
  font-style: normal; font-variant: normal; font-weight: 400; line-height: 1.45; letter-spacing: normal;
  word-spacing: normal; text-align: start; text-indent: 0; text-shadow: none; text-transform: none; white-space: normal;
  overflow-wrap: anywhere; cursor: auto;
}
form {
  display: flex; margin: 0; border: 1px solid var(--edge); border-radius: var(--radius); background: var(--paper);
}
input, button { margin: 0; font: inherit; font-size: max(1em, 16px); min-height: 2.75em; border: 0; color: inherit; }
input { flex: 1; min-width: 0; padding: .4em .9em; background: none; color: var(--ink); appearance: none; }
input::placeholder { color: var(--quiet); opacity: 1; }
form button {
  margin: -1px; padding: .4em 1.1em; border-start-end-radius: var(--radius); border-end-end-radius: var(--radius);
  background: var(--accent); color: var(--on-accent); font-weight: 600; cursor: pointer;
}
:focus-visible, form:has(input:focus-visible) { outline: 3px solid var(--accent); outline-offset: 2px; }
input:focus-visible { outline: none; }
.panel {
  position: absolute; width: max(var(--width, 100%), 24rem); max-width: calc(100vw - 16px);
  max-height: min(36rem, var(--room, 75vh)); overflow-y: auto; scroll-padding-block-end: 3.5em;
  container-type: inline-size;
  background: var(--paper); color: var(--ink); border: 1px solid var(--line); border-radius: var(--radius);
  box-shadow: 0 2px 4px #0001, 0 12px 32px #0003; font-size: .95em;
}
.panel:popover-open { position: fixed; inset: auto; margin: 0; padding: 0; }
[aria-busy=true] .results { opacity: .6; pointer-events: none; }
.facets { display: grid; gap: .5em; padding: .8em .9em; border-bottom: 1px solid var(--line); }
.facet { display: flex; flex-wrap: wrap; align-items: center; gap: .4em; }
.facet > span { color: var(--quiet); font-size: .85em; margin-inline-end: .2em; }
.choice, .meant {
  min-height: 28px; padding: .1em .75em; border: 1px solid var(--line); border-radius: 2em; background: none;
  font-size: .88em; text-align: start; cursor: pointer;
}
.choice span { color: var(--quiet); }
@container (width < 30rem) {
  .facet { flex-wrap: nowrap; overflow-x: auto; }
  .facet > * { flex: none; }
}
.choice:hover, .meant:hover { border-color: var(--accent); }
.choice[aria-pressed=true] { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.choice[aria-pressed=true] span { color: inherit; }
.note { display: flex; flex-wrap: wrap; gap: .4em; padding: .8em .9em; color: var(--quiet); }
.option {
  display: block; padding: .7em .9em; border-inline-start: 3px solid transparent; color: inherit; text-decoration: none;
  cursor: pointer;
}
.option:not(.page):not(:first-child) { border-top: 1px solid var(--line); }
.option:hover { background: var(--soft); }
.option[aria-selected=true] {
  background: var(--soft); border-inline-start-color: var(--accent);
  outline: 1px solid transparent; outline-offset: -2px;
}
.option > span { display: block; }
.title { color: var(--accent); font-weight: 600; }
.facts, .without { color: var(--quiet); font-size: .88em; }
.pinned { color: var(--accent); font-size: .8em; font-weight: 600; }
.excerpt {
  display: -webkit-box !important; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden;
  font-size: .93em;
}
.page { position: relative; padding-block: .2em .6em; padding-inline-start: 1.9em; }
.page::before {
  content: ""; position: absolute; inset-block: .4em .8em; inset-inline-start: 1.1em;
  border-inline-start: 2px solid var(--line);
}
.place { font-weight: 600; margin-inline-end: .4em; }
mark { background: var(--mark); color: var(--ink); border-radius: 2px; padding: 0 .08em; }
.all {
  display: block; position: sticky; bottom: 0; background: var(--paper); padding: .7em .9em;
  border-top: 1px solid var(--line); color: var(--accent); font-weight: 600; text-decoration: none;
}
.all:hover { background: var(--soft); text-decoration: underline; }
.panel :focus-visible { outline-offset: -2px; }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (forced-colors: active) {
  mark { forced-color-adjust: none; background: Mark; color: MarkText; }
  .option[aria-selected=true] { outline: 2px solid Highlight; }
  .choice[aria-pressed=true] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
}
@media print { .panel { display: none; } }
`;

  const warned = new Set();

  function warn(text) {
    if (!warned.has(text)) console.warn(`<${NAME}> ${text}`);
    warned.add(text);
  }

  function refuse(name, value, known, usual) {
    warn(`${name}="${value}": there are ${known}. Used is ${usual}.`);
  }

  /** Make an element; texts among its children become text nodes and never markup. */
  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value != null) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  /** Make an element with a class that is its ::part, too. */
  const part = (tag, name, attributes, ...children) =>
    make(tag, { class: name, part: name, ...attributes }, ...children);

  const marked = (excerpt) => excerpt.map(([text, matches]) => (matches ? make("mark", {}, text) : text));
  const plain = (excerpt) => excerpt.map(([text]) => text).join("");
  const isolated = (texts, between) => texts.flatMap((text, index) => [index ? between : "", make("bdi", {}, text)]);
  const fill = (sentence, value) => sentence.replace("%", () => value);
  const hidden = (name, value) => make("input", { type: "hidden", name, value });

  function webAddress(text, base) {
    try {
      const address = new URL(text, base);
      return /^https?:$/.test(address.protocol) ? address : null;
    } catch {
      return null;
    }
  }

  class HandlistSearch extends HTMLElement {
    #home; // the address of the library
    #words;
    #language;
    #asked; // the language of the pages that results lead to; empty for that of whoever opens them
    #limit;
    #facets;
    #target;
    #form;
    #input;
    #panel;
    #choices;
    #note;
    #list;
    #all;
    #said; // to screen readers
    #options = []; // none while those of an earlier question are shown
    #active = -1; // -1 is the box itself
    #timer;
    #request;

    connectedCallback() {
      // While the page is being read, the form inside may be yet to come.
      if (document.readyState !== "loading" || this.nextSibling) this.#build();
      else document.addEventListener("DOMContentLoaded", () => this.#build(), { once: true });
    }

    disconnectedCallback() {
      if (!this.shadowRoot) return;
      this.#cancel();
      this.#close();
    }

    #build() {
      if (this.shadowRoot || !this.isConnected) return;
      const form = this.querySelector("form");
      const search = this.#readAction(form);
      if (!search) return warn("does not know its library: put a form inside with the address of its search page.");
      this.#home = new URL("/", search);
      this.#readAttributes(form);
      this.#readPages(search);
      this.#assemble(form, search.href);
      this.#listen();
      this.#takeOver(form?.querySelector("[name=q]"));
    }

    #readAction(form) {
      const given = form?.getAttribute("action");
      const found = given && webAddress(given, document.baseURI);
      if (given && !found) refuse("action", given, "addresses of the web", "that of this script");
      return found || webAddress("/search", SCRIPT);
    }

    #readAttributes(form) {
      this.#asked = this.#readLanguage();
      this.#language = this.#asked || "en";
      this.#words = WORDS[this.#language];
      this.#limit = this.#readLimit();
      this.#target = this.#readTarget(form);
      this.#facets = (this.getAttribute("facets") ?? "").split(/[\s,]+/).filter(Boolean);
    }

    #readLanguage() {
      const wanted = this.closest("[lang]")?.lang ?? "";
      const found = wanted.toLowerCase().split("-")[0];
      if (Object.hasOwn(WORDS, found)) return found;
      if (this.lang) refuse("lang", this.lang, Object.keys(WORDS).join(", "), "en");
      return "";
    }

    /** Have all links lead to pages in one language: that of the form's address if it names one. */
    #readPages(search) {
      const stated = search.pathname.split("/")[1];
      if (Object.hasOwn(WORDS, stated)) this.#asked = stated;
      else if (this.#asked && search.pathname === "/search") search.pathname = `/${this.#asked}/search`;
    }

    #readLimit() {
      const given = this.getAttribute("limit");
      if (given === null) return LIMIT.usual;
      if (/^\d{1,2}$/.test(given) && given >= 1 && given <= LIMIT.most) return Number(given);
      refuse("limit", given, `1 to ${LIMIT.most}`, LIMIT.usual);
      return LIMIT.usual;
    }

    #readTarget(form) {
      const given = this.getAttribute("target") ?? form?.getAttribute("target") ?? null;
      if (given === null || TARGETS.includes(given)) return given;
      refuse("target", given, TARGETS.join(", "), TARGETS[0]);
      return null;
    }

    /** Return inputs of what the search is narrowed to, by attributes and by the form inside. */
    #narrowings(form) {
      const pairs = [...this.attributes]
        .filter(({ name }) => this.#narrows(name))
        .flatMap(({ name, value }) => value.split("|").map((each) => [name, each.trim()]));
      if (form) pairs.push(...[...new FormData(form)].filter(([name]) => !TYPED.includes(name)));
      const unique = new Map(pairs.filter(([, value]) => value).map((pair) => [pair.join("\n"), pair]));
      return [...unique.values()].map((pair) => hidden(...pair));
    }

    #narrows(name) {
      if (OWN.includes(name) || OTHERS.test(name) || !NAMES.test(name)) return false;
      const isTaken = TYPED.includes(name) || name in HTMLElement.prototype;
      if (isTaken) warn(`${name}: this attribute cannot narrow the search, as it means something else.`);
      return !isTaken;
    }

    #assemble(form, action) {
      const words = this.#words;
      const named = form?.querySelector("[name=q]")?.labels?.[0]?.textContent.replace(/\s+/g, " ").trim();
      const label = this.getAttribute("label") || named || words.label;
      this.#input = part("input", "input", {
        type: "search", name: "q", maxlength: 1000, placeholder: this.getAttribute("placeholder") ?? words.placeholder,
        role: "combobox", "aria-label": label, "aria-autocomplete": "list", "aria-expanded": false,
        "aria-controls": "list", autocomplete: "off", autocapitalize: "off", spellcheck: false, enterkeyhint: "search",
      });
      const button = part("button", "button", { type: "submit" }, words.search);
      const narrowings = this.#narrowings(form);
      this.#facets = this.#facets.filter((name) => !narrowings.some((input) => input.name === name));
      this.#form = part("form", "form", { action, target: this.#target });
      this.#form.append(this.#input, button, ...narrowings);
      this.#choices = part("div", "facets", { hidden: "" });
      this.#note = part("div", "note", { hidden: "" });
      this.#list = part("div", "results", { id: "list", role: "listbox", "aria-label": label });
      this.#all = part("a", "all", { target: this.#target });
      this.#panel = part("div", "panel", { hidden: "" }, this.#choices, this.#note, this.#list, this.#all);
      this.#said = make("div", { class: "said", role: "status" });
      const about = { class: "box", role: "search", "aria-label": label, lang: this.#language, dir: this.#direction() };
      const box = make("div", about);
      box.append(this.#form, this.#panel, this.#said);
      const root = this.attachShadow({ mode: "open", delegatesFocus: true });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
      root.append(box);
    }

    /** Return the direction of the language; none, to take the page's, where that is of another language. */
    #direction() {
      const wanted = this.closest("[lang]")?.lang ?? "";
      if (this.dir || !wanted.toLowerCase().startsWith(this.#language)) return this.dir || null;
      return this.#language === "ar" ? "rtl" : "ltr";
    }

    /** Go on where somebody already typed before the script was there. */
    #takeOver(box) {
      if (!box) return;
      this.#input.value = box.value;
      this.#turn();
      // As /embed wants it.
      if (this.dataset.ask) this.#ask();
      if (document.activeElement !== box) return;
      const { selectionStart, selectionEnd } = box;
      this.#input.focus();
      this.#input.setSelectionRange(selectionStart, selectionEnd);
    }

    #listen() {
      const input = this.#input;
      input.addEventListener("input", (event) => event.isComposing || this.#typed());
      input.addEventListener("compositionend", () => this.#typed());
      input.addEventListener("click", () => (this.#options.length || !this.#note.hidden) && this.#open());
      input.addEventListener("keydown", (event) => this.#key(event));
      this.#form.addEventListener("submit", () => this.#leave());
      // The box keeps the focus: some browsers would close the panel before the click.
      this.#panel.addEventListener("mousedown", (event) => event.preventDefault());
      this.#panel.addEventListener("keydown", (event) => this.#escape(event));
      this.shadowRoot.addEventListener("focusout", () => setTimeout(() => this.#hasFocus() || this.#close()));
    }

    #hasFocus() {
      return this.shadowRoot.activeElement !== null;
    }

    /** Let what is typed have its own direction, and an empty box that of the language. */
    #turn() {
      this.#input.dir = this.#input.value && "auto";
    }

    #typed() {
      this.#cancel();
      this.#turn();
      this.#wait();
      if (this.#input.value.trim()) this.#timer = setTimeout(() => this.#ask(), PAUSE);
      else this.#clear();
    }

    #cancel() {
      clearTimeout(this.#timer);
      this.#request?.abort();
      this.#request = undefined;
    }

    #leave() {
      this.#cancel();
      this.#close();
    }

    #clear() {
      this.#narrowed(({ name }) => this.#facets.includes(name)).forEach((input) => input.remove());
      this.#fillPanel([], [], []);
      this.#say("");
      this.#close();
    }

    #address(path, more) {
      const address = new URL(path, this.#home);
      address.search = new URLSearchParams([...new FormData(this.#form), ...more]);
      return address.href;
    }

    /** Let what is shown open nothing more, as something else is asked for. */
    #wait() {
      this.#activate(-1);
      this.#options = [];
      this.#panel.ariaBusy = true;
      this.#all.href = this.#address(this.#form.getAttribute("action"), []);
      this.#all.textContent = this.#words.all;
    }

    async #ask() {
      this.#cancel();
      this.#wait();
      const request = (this.#request = new AbortController());
      const patience = setTimeout(() => request.abort(), PATIENCE);
      try {
        const more = this.#asked ? [["lang", this.#asked]] : [];
        const address = this.#address("/api/v1/search", [["limit", this.#limit], ...more]);
        // Nobody is recognised: no cookies are sent, nor the page.
        const how = { signal: request.signal, credentials: "omit", referrerPolicy: "no-referrer" };
        const answer = await fetch(address, how);
        const found = await answer.json();
        if (answer.status === 400 && this.#forget(found.error.arguments)) return this.#ask();
        if (!answer.ok) throw new Error(answer.status);
        this.#show(found);
      } catch {
        if (request === this.#request) this.#fail();
      } finally {
        clearTimeout(patience);
        if (request === this.#request) this.#request = undefined;
      }
    }

    /** Take out what the library cannot use, and tell whether there was any. */
    #forget(names) {
      const bad = this.#narrowed(({ name }) => names.includes(name));
      for (const input of bad) {
        warn(`${input.name}="${input.value}": the library knows no such facet or value. It is left out.`);
        input.remove();
      }
      return bad.length > 0;
    }

    #narrowed(test) {
      return [...this.#form.elements].filter((input) => input.type === "hidden" && test(input));
    }

    #fail() {
      // What was chosen stays in force, and therefore in sight.
      this.#choices.querySelectorAll("[aria-pressed=false]").forEach((button) => button.remove());
      const chosen = [...this.#choices.children].filter((group) => group.querySelector("button"));
      this.#fillPanel(chosen, [this.#words.failed], []);
      this.#all.hidden = true;
      this.#present(this.#words.failed);
    }

    #show(found) {
      const words = this.#words;
      const total = found.total.toLocaleString(this.#language);
      const choices = this.#facets.flatMap((name) => this.#facet(name, found));
      const options = found.results.flatMap((result) => this.#result(result));
      const notes = this.#notes(found);
      this.#all.textContent = `${words.all} (${total})`;
      this.#all.hidden = !found.total;
      this.#fillPanel(choices, notes, options);
      const said = notes.map((each) => each.textContent);
      this.#present([...said, found.total ? fill(words.results, total) : ""].join(" ").trim());
    }

    /** Put together what was found; a button that was pressed keeps the focus, although it is another one now. */
    #fillPanel(choices, notes, options) {
      const pressed = this.shadowRoot.activeElement?.dataset.choice;
      options.forEach((option, index) => (option.id = `option-${index}`));
      this.#options = options;
      this.#panel.ariaBusy = null;
      this.#choices.replaceChildren(...choices);
      this.#choices.hidden = !choices.length;
      this.#note.replaceChildren(...notes);
      this.#note.hidden = !notes.length;
      this.#list.replaceChildren(...options);
      this.#list.hidden = !options.length;
      this.#activate(-1);
      if (pressed === undefined) return;
      const again = [...this.#panel.querySelectorAll("button")].find((button) => button.dataset.choice === pressed);
      (again ?? this.#input).focus();
    }

    #notes(found) {
      const words = this.#words;
      const meant = (found.did_you_mean ?? []).map(({ text }) => {
        const button = part("button", "meant", { type: "button" }, fill(words.meant, text));
        button.addEventListener("click", () => this.#retype(text));
        return button;
      });
      const said = [
        found.corrected && fill(words.corrected, found.corrected.text),
        found.total ? !found.complete && words.partial : words.none,
        ...found.bounded,
      ];
      return [...said.filter(Boolean).map((text) => make("span", {}, text)), ...meant];
    }

    #retype(text) {
      this.#input.value = text;
      this.#input.focus();
      this.#ask();
    }

    #facet(name, found) {
      const values = Object.hasOwn(found.facets, name) ? found.facets[name] : null;
      if (!values) warn(`facets: there is no “${name}”; there are ${Object.keys(found.facets).join(", ")}.`);
      if (!values?.length) return [];
      const chosen = values.filter(({ selected }) => selected);
      const offered = values.filter(({ selected }) => !selected).slice(0, Math.max(0, CHOICES - chosen.length));
      const label = found.facet_labels?.[name] ?? name;
      const buttons = [...chosen, ...offered].map((value) => this.#choice(name, value));
      const shown = make("span", { "aria-hidden": true }, label);
      return [part("div", "facet", { role: "group", "aria-label": label }, shown, ...buttons)];
    }

    #choice(name, { value, label, count, selected }) {
      const number = make("span", {}, count.toLocaleString(this.#language));
      const state = { type: "button", "aria-pressed": selected, "data-choice": `${name}=${value}` };
      const button = part("button", selected ? "choice chosen" : "choice", state, make("bdi", {}, label), " ", number);
      button.addEventListener("click", () => this.#toggle(button, name, value));
      return button;
    }

    #toggle(button, name, value) {
      const [chosen] = this.#narrowed((input) => input.name === name && input.value === value);
      if (chosen) chosen.remove();
      else this.#form.append(hidden(name, value));
      button.ariaPressed = !chosen;
      this.#ask();
    }

    /** Return the options of one result: the resource, and the places in its files. */
    #result(result) {
      const words = this.#words;
      const title = result.matches.find((match) => match.where === "title")?.excerpt ?? [];
      // The excerpt of a long title is a part of it.
      const whole = plain(title) === result.title ? title : [[result.title, false]];
      const found = result.matches.find((match) => match.where === "summary" || match.where === "body");
      const passage = found?.excerpt ?? [[result.summary, false]];
      const written = { lang: result.language || null, dir: "auto" };
      const lines = [
        result.pinned && part("span", "pinned", {}, words.pinned),
        part("span", "title", written, ...marked(whole)),
        result.facts.length > 0 && part("span", "facts", {}, ...isolated(result.facts, " · ")),
        plain(passage) && part("span", "excerpt", written, ...marked(passage)),
        result.missing.length > 0 && part("span", "without", {}, words.without, " ", ...isolated(result.missing, ", ")),
      ];
      const places = result.matches.filter((match) => match.where === "attachment").slice(0, PAGES);
      const first = this.#option("option", result.url, ...lines.filter(Boolean));
      const options = [first, ...places.map((each) => this.#place(each))];
      options.forEach((option) => (option.dir = RIGHT_TO_LEFT.test(result.language) ? "rtl" : "ltr"));
      return options;
    }

    #option(name, url, ...lines) {
      const href = new URL(url, this.#home);
      const link = { role: "option", "aria-selected": false, tabindex: -1, href, target: this.#target };
      const option = part("a", name, link, ...lines);
      option.addEventListener("click", () => this.#leave());
      return option;
    }

    #place(match) {
      const text = [part("bdi", "place", { dir: this.#direction() }, match.place), " ", ...marked(match.excerpt)];
      return this.#option("option page", match.url, part("span", "excerpt", { dir: "auto" }, ...text));
    }

    #say(text) {
      this.#said.textContent = text;
    }

    /** Show what was filled in, and say so; neither to somebody who has gone on. */
    #present(text) {
      if (!this.#hasFocus() && !this.dataset.ask) return;
      this.#say(text);
      this.#open();
    }

    #open() {
      const panel = this.#panel;
      panel.hidden = false;
      this.#input.ariaExpanded = this.#options.length > 0;
      // Over all of the page, where nothing cuts it off; unless this gives it another place.
      if (!panel.popover && getComputedStyle(panel).position === "absolute") {
        panel.popover = "manual";
        panel.showPopover();
      }
      this.#follow("addEventListener");
      this.#fit();
    }

    #close() {
      this.#panel.popover = null;
      this.#panel.hidden = true;
      this.#input.ariaExpanded = false;
      this.#follow("removeEventListener");
      this.#activate(-1);
    }

    #follow(change) {
      document[change]("pointerdown", this.#outside);
      window[change]("scroll", this.#fit, true);
      window[change]("resize", this.#fit);
      visualViewport[change]("resize", this.#fit); // by the keyboard of a telephone
    }

    #outside = (event) => event.composedPath().includes(this) || this.#close();

    /** Put the panel into the window, under the box or above it. */
    #fit = () => {
      const { popover, style } = this.#panel;
      if (!popover) return;
      const { top, bottom, left, right, width } = this.#form.getBoundingClientRect();
      const { clientWidth, clientHeight } = document.documentElement;
      const above = top - visualViewport.offsetTop;
      const below = visualViewport.offsetTop + visualViewport.height - bottom;
      const isAbove = below < LOW && above > below;
      const vertical = isAbove ? `bottom: ${clientHeight - top + EDGE}px` : `top: ${bottom + EDGE}px`;
      style.cssText = `--width: ${width}px; --room: ${(isAbove ? above : below) - 2 * EDGE}px; ${vertical}`;
      const wanted = this.matches(":dir(rtl)") ? right - this.#panel.offsetWidth : left;
      style.left = `${Math.max(EDGE, Math.min(wanted, clientWidth - EDGE - this.#panel.offsetWidth))}px`;
    };

    #activate(index) {
      this.#options[this.#active]?.setAttribute("aria-selected", false);
      const option = this.#options[index];
      this.#active = option ? index : -1;
      if (!option) return this.#input.removeAttribute("aria-activedescendant");
      option.setAttribute("aria-selected", true);
      option.scrollIntoView({ block: "nearest" });
      this.#input.setAttribute("aria-activedescendant", option.id);
    }

    #key(event) {
      if (event.isComposing) return;
      const { key } = event;
      if (key === "ArrowDown" || key === "ArrowUp") this.#arrow(event);
      else if (key === "Enter") this.#enter(event);
      else if (key === "Escape") this.#escape(event);
      else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(key)) this.#activate(-1);
    }

    #arrow(event) {
      event.preventDefault();
      const isDown = event.key === "ArrowDown";
      if (event.altKey && !isDown) return this.#close();
      if (!this.#options.length) return this.#input.value.trim() && !this.#request && this.#ask();
      if (this.#panel.hidden) this.#open();
      if (event.altKey) return;
      // The box is one of the stops.
      const stops = this.#options.length + 1;
      this.#activate(((this.#active + 1 + (isDown ? 1 : -1) + stops) % stops) - 1);
    }

    #enter(event) {
      const option = this.#options[this.#active];
      if (!option) return;
      event.preventDefault();
      const { ctrlKey, metaKey, shiftKey } = event;
      option.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }));
    }

    /** Close what is open first, and empty the box only then. */
    #escape(event) {
      if (event.key !== "Escape") return;
      if (this.#panel.hidden && !this.#input.value) return;
      event.preventDefault();
      event.stopPropagation();
      if (this.#panel.hidden) {
        this.#input.value = "";
        return this.#typed();
      }
      this.#cancel();
      this.#close();
      this.#input.focus();
    }
  }

  // Elsewhere the form inside stays what it is.
  const isEnough = "popover" in HTMLElement.prototype && CSS.supports("color", "light-dark(red, red)");
  if (isEnough && !customElements.get(NAME)) customElements.define(NAME, HandlistSearch);
})();
