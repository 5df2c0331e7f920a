// Elements of the preview's own, in a shadow tree: no style of the site reaches them, and none of
// theirs the site.

/** An element with attributes and children. Texts go in as texts, so they can't become markup. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) {
      element.setAttribute(key, value);
    }
  }
  element.append(...children.filter((one) => one !== null && one !== undefined));
  return element;
}

let sheet = null;

/** Give a shadow tree the stylesheet of the preview, which is loaded once. */
export async function style(root, base) {
  sheet ??= fetch(`${base}.digest/client.css`)
    .then((answer) => answer.text())
    .then((text) => new CSSStyleSheet().replace(text));
  try {
    root.adoptedStyleSheets = [await sheet];
  } catch {
    // The server may be gone for the moment; the next who asks gets the stylesheet.
    sheet = null;
  }
}

/** A place in a file, as a link to the editor if it is known how to open one. */
export function placeOf({ place, href }) {
  return href ? make("a", { class: "place", href }, place) : make("span", { class: "place" }, place);
}

/** A path as people write it, so that two spellings of one path are equal. */
export function plain(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Tell the height of an element, now and whenever it is another one; 0 while it is hidden. */
export function whenResized(element, tell) {
  new ResizeObserver(() => tell(element.offsetHeight)).observe(element);
}

/** What the preview itself has put into the page. */
export function isOurs(node) {
  return node.localName?.startsWith("digest-") || node.dataset?.digestLeaving === "";
}

/** `1 error`, `2 errors`. */
export function counted(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
