// Makes the page that is open equal to the page that was built, by as few changes as it can find: what
// is equal is left alone, so it keeps its place, its focus, its selection and what was typed into it.

import { isOurs, plain } from "./dom.js";
import { holdSelection, holdView } from "./hold.js";

// The parameter by which a file is asked for anew; addresses that differ in it alone are the same.
const FRESH = "digest";
// Comparing every node with every other pays for lists that a person would read.
const MOST_COMPARED = 300;

/** Make the document equal to another one; returns false if only loading it anew can do that. */
export function patch(other) {
  if (scripts(document) !== scripts(other)) {
    return false;
  }
  const keepView = holdView();
  const keepSelection = holdSelection();
  morph(document.documentElement, other.documentElement);
  keepSelection();
  keepView();
  return true;
}

/** Load stylesheets, pictures and media anew that stand at one of these addresses, or at any (null). */
export function refreshFiles(paths) {
  const stamp = Date.now().toString(36);
  const isMeant = (address) => !paths || paths.has(plain(new URL(address, location.href).pathname));
  const meant = (element, name) => element.hasAttribute(name) && isMeant(element.getAttribute(name));
  if (paths && [...document.scripts].some((one) => !one.dataset.page && meant(one, "src"))) {
    return false;
  }
  const sheets = [...document.querySelectorAll("link[rel~=stylesheet][href]")].filter(
    (one) => !isOurs(one),
  );
  // A stylesheet that is no page's own is imported by one that is.
  const imported =
    paths &&
    [...paths].some((one) => one.endsWith(".css")) &&
    !sheets.some((one) => meant(one, "href"));
  for (const sheet of sheets) {
    if (imported || meant(sheet, "href")) {
      swap(sheet, stamp);
    }
  }
  if (paths) {
    for (const element of document.querySelectorAll("img, source, video, audio, link[rel~=icon]")) {
      for (const name of ["src", "href", "poster"]) {
        if (meant(element, name)) {
          element.setAttribute(name, withStamp(element.getAttribute(name), stamp));
        }
      }
    }
  }
  return true;
}

function swap(sheet, stamp) {
  const fresh = sheet.cloneNode();
  fresh.href = withStamp(sheet.getAttribute("href"), stamp);
  // The old one goes when the new one is there: at no moment the page stands without style.
  sheet.dataset.digestLeaving = "";
  fresh.addEventListener("load", () => sheet.remove());
  fresh.addEventListener("error", () => sheet.remove());
  sheet.after(fresh);
}

function withStamp(address, stamp) {
  const url = new URL(address, location.href);
  url.searchParams.set(FRESH, stamp);
  return url.pathname + url.search;
}

function withoutStamp(address) {
  return address.replace(/[?&]digest=\w+$/, "");
}

function scripts(page) {
  return [...page.querySelectorAll("script")]
    .filter((one) => !one.dataset.page)
    .map((one) => withoutStamp(one.outerHTML))
    .join("\n");
}

function morph(old, other) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    morphText(old, other.data);
    return;
  }
  morphAttributes(old, other);
  morphChildren(old, other);
}

// Only the part of a text that differs is replaced, so that a selection around it stays.
function morphText(old, text) {
  const before = old.data;
  if (before === text) {
    return;
  }
  const shorter = Math.min(before.length, text.length);
  let start = 0;
  while (start < shorter && before[start] === text[start]) {
    start += 1;
  }
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === text.at(-1 - end)) {
    end += 1;
  }
  old.replaceData(start, before.length - start - end, text.slice(start, text.length - end));
}

function morphAttributes(old, other) {
  for (const { name } of [...old.attributes]) {
    if (!other.hasAttribute(name) && !isReaders(old, name)) {
      old.removeAttribute(name);
    }
  }
  for (const { name, value } of other.attributes) {
    const before = old.getAttribute(name);
    if (before === null ? !isReaders(old, name) : withoutStamp(before) !== value) {
      old.setAttribute(name, value);
    }
  }
}

// What a reader has opened or closed stays so.
function isReaders(element, name) {
  return name === "open" && (element.localName === "details" || element.localName === "dialog");
}

function morphChildren(parent, other) {
  let olds = [...parent.childNodes].filter((node) => !isOurs(node));
  let news = [...other.childNodes];
  let start = 0;
  while (start < olds.length && start < news.length && olds[start].isEqualNode(news[start])) {
    start += 1;
  }
  let end = 0;
  while (
    end < olds.length - start &&
    end < news.length - start &&
    olds.at(-1 - end).isEqualNode(news.at(-1 - end))
  ) {
    end += 1;
  }
  olds = olds.slice(start, olds.length - end);
  news = news.slice(start, news.length - end);
  if (!olds.length && !news.length) {
    return;
  }
  const next = end ? [...parent.childNodes].filter((node) => !isOurs(node)).at(-end) : null;
  const partners = pair(olds, news);
  const kept = new Set(partners.values());
  for (const node of olds) {
    if (!kept.has(node)) {
      node.remove();
    }
  }
  // From the end on, each node is put before the one that follows it, if it is not there already.
  let following = next;
  for (const node of [...news].reverse()) {
    let mine = partners.get(node);
    if (mine) {
      morph(mine, node);
    } else {
      mine = document.importNode(node, true);
    }
    if (mine.parentNode !== parent || nextOf(mine) !== following) {
      place(parent, mine, following ?? ownTail(parent));
    }
    following = mine;
  }
}

function nextOf(node) {
  let next = node.nextSibling;
  while (next && isOurs(next)) {
    next = next.nextSibling;
  }
  return next;
}

// The first of our own elements at the end of a parent: they stay at its end.
function ownTail(parent) {
  let first = null;
  for (let node = parent.lastChild; node && isOurs(node); node = node.previousSibling) {
    first = node;
  }
  return first;
}

// Moving keeps focus, selection and running media where the browser can do that.
function place(parent, node, before) {
  if (parent.moveBefore && node.parentNode === parent) {
    parent.moveBefore(node, before);
  } else {
    parent.insertBefore(node, before);
  }
}

// Which old node becomes which new one: by name first, then equal ones, then the next of the same kind.
function pair(olds, news) {
  const partners = new Map();
  const free = new Set(olds);
  const take = (node, old) => {
    partners.set(node, old);
    free.delete(old);
  };
  const named = new Map(olds.filter(nameOf).map((old) => [nameOf(old), old]));
  for (const node of news) {
    const old = named.get(nameOf(node));
    if (old && free.has(old)) {
      take(node, old);
    }
  }
  if (olds.length * news.length <= MOST_COMPARED * MOST_COMPARED) {
    for (const node of news) {
      if (!partners.has(node)) {
        const equal = [...free].find((old) => old.isEqualNode(node));
        if (equal) {
          take(node, equal);
        }
      }
    }
  }
  const byKind = new Map();
  for (const old of free) {
    if (!nameOf(old)) {
      byKind.set(old.nodeName, [...(byKind.get(old.nodeName) ?? []), old]);
    }
  }
  for (const node of news) {
    const old = partners.has(node) || nameOf(node) ? null : byKind.get(node.nodeName)?.shift();
    if (old) {
      take(node, old);
    }
  }
  return partners;
}

// What tells an element from others of its kind, beside its place.
function nameOf(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) {
    return "";
  }
  if (node.id) {
    return `${node.nodeName}#${node.id}`;
  }
  if (node.parentNode?.localName === "head") {
    const name =
      node.getAttribute("name") ?? node.getAttribute("href") ?? node.getAttribute("src") ?? "";
    return `${node.nodeName} ${node.getAttribute("rel") ?? ""} ${withoutStamp(name)}`;
  }
  return "";
}
