// The annotation lens: what an article annotates, shown in its text, and what it might annotate.

import { counted, make, placeOf, style, whenResized } from "./dom.js";

const KEPT = "digest-lens";
const MENTIONS = "digest-mentions";
const LOOSE = "digest-loose";
// Marks the words without any change to the page's elements, and keeps its end from under the list.
const STYLE = `
  body { padding-block-end: 42vh; }
  ::highlight(${MENTIONS}) { background-color: #ffd54a66; }
  ::highlight(${LOOSE}) { text-decoration: underline wavy #c2410c; }
`;

export class Lens {
  #base;
  #isOn = false;
  #sheet = new CSSStyleSheet();
  #panel = make("aside", { class: "lens", "aria-label": "Annotation lens", tabindex: "-1" });

  constructor(base, root) {
    this.#base = base;
    this.#panel.hidden = true;
    this.#sheet.replaceSync(STYLE);
    root.append(this.#panel);
    // What stands in the lower corners stands above the list, and hides none of it.
    whenResized(this.#panel, (height) => root.style.setProperty("--lens", `${height}px`));
    addEventListener("keydown", (event) => {
      if (isToggle(event) && this.#isArticle) {
        this.#toggle(!this.#isOn);
      }
    });
    // Who reads with the lens goes on with it from article to article.
    if (this.#isArticle && read() === "on") {
      this.#toggle(true);
    }
  }

  /** Look again: the page has changed. */
  refresh() {
    if (this.#isOn) {
      this.#look();
    }
  }

  get #isArticle() {
    return location.pathname.startsWith(`${this.#base}articles/`);
  }

  #toggle(isOn) {
    this.#isOn = isOn;
    keep(isOn ? "on" : "off");
    if (isOn) {
      this.#look();
    } else {
      this.#clear();
      this.#panel.hidden = true;
    }
  }

  async #look() {
    const answer = await fetch(
      `${this.#base}.digest/lens?page=${encodeURIComponent(location.pathname)}`,
    );
    if (!answer.ok || !this.#isOn) {
      return;
    }
    const { annotations, loose } = await answer.json();
    this.#clear();
    document.adoptedStyleSheets.push(this.#sheet);
    this.#label(annotations);
    highlight(LOOSE, ranges(loose.map((one) => one.phrase)));
    this.#list(annotations, loose);
  }

  #clear() {
    for (const label of document.querySelectorAll("digest-label")) {
      label.remove();
    }
    globalThis.CSS?.highlights?.delete(MENTIONS);
    globalThis.CSS?.highlights?.delete(LOOSE);
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== this.#sheet);
  }

  // Labels stand behind the words they are about, each in a tree of its own, out of the site's reach.
  #label(annotations) {
    const marked = [];
    for (const one of annotations) {
      const mention = document.getElementById(one.anchor);
      if (mention) {
        const label = make("digest-label", { lang: "en", dir: "ltr" });
        const root = label.attachShadow({ mode: "open" });
        root.append(make("span", { class: one.known ? "label" : "label unknown" }, ...said(one)));
        label.hidden = true;
        style(root, this.#base).finally(() => (label.hidden = false));
        mention.after(label);
        const range = document.createRange();
        range.selectNodeContents(mention);
        marked.push(range);
      }
    }
    highlight(MENTIONS, marked);
  }

  #list(annotations, loose) {
    const close = make(
      "button",
      { type: "button", class: "close", "aria-keyshortcuts": "a" },
      "Close",
      make("kbd", {}, "a"),
    );
    close.addEventListener("click", () => this.#toggle(false));
    this.#panel.replaceChildren(
      make("div", { class: "bar" }, make("h2", {}, "Annotation lens"), close),
      make("h3", {}, counted(annotations.length, "annotation")),
      annotations.length
        ? make("ol", {}, ...annotations.map(annotated))
        : make("p", { class: "note" }, "Nothing in this article is annotated."),
      make("h3", {}, `${counted(loose.length, "name")} without annotation`),
      loose.length
        ? make("ul", {}, ...loose.map(unannotated))
        : make("p", { class: "note" }, "Every name of a known entity is annotated."),
    );
    this.#panel.hidden = false;
  }
}

function annotated(one) {
  const mention = document.getElementById(one.anchor);
  const jump = make(
    "button",
    { type: "button", class: "jump" },
    mention?.textContent.trim() || one.name,
  );
  jump.addEventListener("click", () => {
    document.getElementById(one.anchor)?.scrollIntoView({ block: "center", behavior: "instant" });
  });
  return make(
    "li",
    {},
    jump,
    " ",
    make("span", { class: "said" }, ...said(one)),
    make("p", { class: "note" }, placeOf(one)),
  );
}

function unannotated(one) {
  const times = one.count > 1 ? ` (${one.count} times)` : "";
  const what = make(
    "span",
    { class: "said" },
    make("b", {}, `${one.kind}=${one.id}`),
    one.name === one.phrase ? "" : ` ${one.name}`,
  );
  return make(
    "li",
    {},
    make("bdi", {}, one.phrase),
    `${times} `,
    what,
    make("p", { class: "note" }, placeOf(one)),
  );
}

function said({ kind, id, attributes, known }) {
  const more = attributes.flatMap(([key, value]) => [
    " ",
    make("span", {}, `${key}=`, make("bdi", {}, value)),
  ]);
  return [make("b", {}, `${kind}=${id}`), ...more, ...(known ? [] : [" (unknown)"])];
}

// The places in the article's text where these words stand, but for those in a mention.
function ranges(phrases) {
  const found = [];
  const main = document.querySelector("main") ?? document.body;
  const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT, (text) =>
    text.parentElement.closest("[id^='m-'], .mention, code, pre")
      ? NodeFilter.FILTER_REJECT
      : NodeFilter.FILTER_ACCEPT,
  );
  while (phrases.length && texts.nextNode()) {
    const text = texts.currentNode;
    for (const phrase of phrases) {
      for (
        let at = text.data.indexOf(phrase);
        at >= 0;
        at = text.data.indexOf(phrase, at + phrase.length)
      ) {
        const range = document.createRange();
        range.setStart(text, at);
        range.setEnd(text, at + phrase.length);
        found.push(range);
      }
    }
  }
  return found;
}

function highlight(name, marked) {
  globalThis.CSS?.highlights?.set(name, new Highlight(...marked));
}

// The key `a`, by itself and not in a field; on a keyboard of another script, the key in its place.
function isToggle(event) {
  const isKey =
    event.key === "a" ||
    (event.code === "KeyA" && !/^[ -~]$/.test(event.key) && event.key.length === 1);
  const target = event.composedPath()[0];
  const isField =
    target.isContentEditable || ["input", "textarea", "select"].includes(target.localName);
  return (
    isKey &&
    !isField &&
    !event.ctrlKey &&
    !event.metaKey &&
    !event.altKey &&
    !event.isComposing &&
    !event.repeat
  );
}

function read() {
  try {
    return sessionStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function keep(value) {
  try {
    sessionStorage.setItem(KEPT, value);
  } catch {
    // Without storage the lens is switched on anew on every page.
  }
}
