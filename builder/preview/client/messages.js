// What the builds have to say, on the page: errors as an overlay, warnings as a badge with a list.

import { counted, make, placeOf, style, whenResized } from "./dom.js";
import { holdView } from "./hold.js";

export class Messages {
  #all = [];
  #isOpen = false;
  #before = null;
  #dialog = make("section", {
    role: "dialog",
    "aria-labelledby": "title",
    tabindex: "-1",
    class: "dialog",
  });
  #badge = make("button", { type: "button", class: "badge", "aria-haspopup": "dialog" });
  #gone = make("p", { class: "notice" }, "This page is gone: the site no longer has it.");
  #away = make(
    "p",
    { class: "notice" },
    "The preview does not answer. The page is as it was when it last did.",
  );
  #draft = make("p", { class: "draft" }, "Draft");
  #host = make("digest-preview", { lang: "en", dir: "ltr" });
  /** Where all parts of the preview on the page stand. */
  root = make("div");
  #spoken = make("p", { role: "alert", class: "spoken" });
  // Room at the top of the page for what is said there, so that it covers nothing.
  #room = new CSSStyleSheet();
  #isBuilt;

  /** `isBuilt` says whether the page is one of the site, and no stand-in until there is one. */
  constructor(base, isBuilt) {
    this.#isBuilt = isBuilt;
    const tree = this.#host.attachShadow({ mode: "open" });
    for (const element of [this.#gone, this.#away, this.#draft, this.#badge, this.#dialog]) {
      element.hidden = true;
    }
    const notices = make("div", { role: "status", class: "notices" }, this.#gone, this.#away);
    this.root.append(notices, this.#draft, this.#dialog, this.#badge, this.#spoken);
    // Without its style nothing of this can be read, and it would stand in the way. It is hidden
    // within its own tree: a page that did not change is not touched, not even here.
    this.root.hidden = true;
    style(tree, base).finally(() => {
      this.root.hidden = false;
      this.#arrange();
    });
    tree.append(this.root);
    document.documentElement.append(this.#host);
    document.adoptedStyleSheets.push(this.#room);
    whenResized(notices, (height) => {
      const keepView = holdView();
      this.#room.replaceSync(
        height ? `html { padding-block-start: ${height}px !important; }` : "",
      );
      keepView();
    });
    this.#badge.addEventListener("click", () => (this.#isOpen ? this.#close(true) : this.#open(true)));
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#isOpen && !event.isComposing) {
        event.preventDefault();
        this.#close(true);
      }
    });
  }

  /** Show the messages of a build. An overlay that was closed stays closed while they are the same. */
  show(messages) {
    const isNew = JSON.stringify(messages) !== JSON.stringify(this.#all);
    const hadErrors = this.#errors > 0;
    this.#all = messages;
    if (!isNew) {
      return;
    }
    this.#fill();
    if (this.#errors) {
      this.#open(false);
    } else if (hadErrors || !messages.length) {
      this.#close(false);
    }
    this.#spoken.textContent = this.#errors ? this.#title : "";
  }

  /** Note which build the page has heard of, for whoever looks at it from outside. */
  heard(build) {
    this.root.dataset.build = build;
  }

  /** Say that the page is no longer part of the site, or that it is again. */
  gone(isGone) {
    this.#gone.hidden = !isGone;
  }

  /** Say that the preview does not answer, or that it does again. */
  away(isAway) {
    this.#away.hidden = !isAway;
  }

  /** Mark the page as a draft, whatever the theme makes of it, or take the mark away. */
  draft(isDraft) {
    this.#draft.hidden = !isDraft;
  }

  get #errors() {
    return this.#all.filter(isError).length;
  }

  get #summary() {
    const warnings = this.#all.length - this.#errors;
    const parts = [
      this.#errors && counted(this.#errors, "error"),
      warnings && counted(warnings, "warning"),
    ];
    return parts.filter(Boolean).join(", ");
  }

  get #title() {
    return this.#errors ? `The site can't be built: ${this.#summary}` : this.#summary;
  }

  #fill() {
    const close = make(
      "button",
      { type: "button", class: "close", "aria-keyshortcuts": "Escape" },
      "Close",
      make("kbd", {}, "Esc"),
    );
    close.addEventListener("click", () => this.#close(true));
    // What keeps the site from being built comes first.
    const errorsFirst = [...this.#all].sort((one, other) => isError(other) - isError(one));
    const list = make("ol", {}, ...errorsFirst.map(item));
    const head = make("div", { class: "bar" }, make("h2", { id: "title" }, this.#title), close);
    const note = this.#errors && this.#isBuilt
      ? make("p", { class: "note" }, "Behind this stands the site as it was last built.")
      : null;
    this.#dialog.replaceChildren(head, ...(note ? [note] : []), list);
    this.#dialog.classList.toggle("failed", this.#errors > 0);
    this.#badge.classList.toggle("failed", this.#errors > 0);
    this.#badge.textContent = this.#summary;
    this.#badge.hidden = !this.#all.length;
    this.#arrange();
  }

  #open(isAsked) {
    this.#isOpen = true;
    this.#dialog.hidden = false;
    this.#badge.setAttribute("aria-expanded", "true");
    this.#arrange();
    const focused = document.activeElement;
    // Whoever is typing on the page is not interrupted; an alert tells of the overlay.
    if (isAsked || !focused || focused === document.body || focused === this.#host) {
      this.#before = isAsked ? this.#badge : null;
      this.#dialog.focus({ preventScroll: true });
    }
  }

  #close(isAsked) {
    this.#isOpen = false;
    const hadFocus = this.#dialog.contains(this.#host.shadowRoot.activeElement);
    this.#dialog.hidden = true;
    this.#badge.setAttribute("aria-expanded", "false");
    // Where the messages went by themselves, the reader is on the page again, and at no button.
    if (hadFocus && isAsked) {
      (this.#before ?? this.#badge).focus({ preventScroll: true });
    }
  }

  // A caret below its character, wherever the script and the direction of the line have put it.
  #arrange() {
    for (const mark of this.#dialog.querySelectorAll("mark")) {
      const caret = mark.closest("pre").querySelector(".caret");
      const line = caret.parentElement;
      const { left, width } = mark.getBoundingClientRect();
      caret.style.left = `${left + width / 2 - line.getBoundingClientRect().left}px`;
      // In a narrow window the marked character may stand behind the end of its box.
      const box = mark.closest("pre");
      const beyond = mark.getBoundingClientRect().right - box.getBoundingClientRect().right;
      if (beyond > 0) {
        box.scrollLeft += beyond + box.clientWidth / 2;
      }
    }
  }
}

function isError(message) {
  return message.severity === "error";
}

function item(message) {
  const { severity, rest, hint, quoted } = message;
  const [, before, kind, after] = rest.match(/^(: )([^:]*)(:[^]*)$/) ?? [null, rest, "", ""];
  const head = make(
    "p",
    { class: "head" },
    placeOf(message),
    before,
    make("strong", { class: severity }, kind),
    after,
  );
  const help = hint ? make("p", { class: "hint" }, make("span", {}, "hint:"), ` ${hint}`) : null;
  return make("li", {}, head, quoted ? source(quoted) : null, help);
}

function source({ lines: [above, line, below], column }) {
  const margin = line.indexOf("|") + 2;
  const at = margin + column;
  const text = make("span", { class: "text" }, line.slice(margin, at));
  // At the end of a line there is nothing to mark but the place behind it.
  text.append(make("mark", {}, line.charAt(at) || " "), line.slice(at + 1));
  const caret = make(
    "span",
    { class: "line" },
    below.slice(0, margin),
    make("span", { class: "caret" }, "^"),
  );
  return make(
    "pre",
    { tabindex: "0", "aria-label": "Source" },
    `${above}\n`,
    make("span", { class: "line" }, line.slice(0, margin), text),
    "\n",
    caret,
  );
}
