// Keeps an open page equal to the page that was built. It is added to previewed pages alone.

import { plain } from "./dom.js";
import { Lens } from "./lens.js";
import { Messages } from "./messages.js";
import { patch, refreshFiles } from "./morph.js";
import { openStream } from "./stream.js";

const GOTO = "digest-goto";
const BLOCKS = [
  "p",
  "li",
  "dt",
  "dd",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "td",
  "th",
  "pre",
  "figcaption",
];
// The server may be gone for a moment, as when it is started anew: nobody needs to hear of that.
const PATIENCE = 2000;

const { base, address: built } = ownScript(document).dataset;
const messages = new Messages(base, built !== "");
const lens = new Lens(base, messages.root);
let isFirst = true;
// The build that sent the reader to this page, until it is known whether a later one has sent them on.
let sentBy = null;
let goingAway = 0;
// Refreshing is done once at a time; while it goes on, one more is remembered, and no queue grows.
let refreshing = null;
let again = false;

// The page's address in the site, and what tells its bytes from others: both as the server sent them.
function ownScript(page) {
  return page.querySelector("script[data-page][data-base]");
}

async function hear(told) {
  if (told.away) {
    goingAway ||= setTimeout(() => messages.away(true), PATIENCE);
    return;
  }
  clearTimeout(goingAway);
  goingAway = 0;
  messages.away(false);
  if (told.base !== base) {
    // The site has moved to another path, and this page with it.
    const path = location.pathname.startsWith(base) ? location.pathname.slice(base.length) : "";
    location.replace(told.base + path + location.search + location.hash);
    return;
  }
  if (told.messages) {
    messages.show(told.messages);
  }
  await update(told);
  messages.heard(told.id);
  if (isNews(told) && document.visibilityState === "visible") {
    goTo(told.goto);
  }
}

// Whether a message sends this page somewhere. One that is greeted is where it was sent, unless it
// was on its way when it was sent on.
function isNews({ goto, greets }) {
  const last = sentBy;
  sentBy = null;
  return goto && (!greets || (last !== null && last !== goto.build));
}

async function update(told) {
  const wasFirst = isFirst;
  isFirst = false;
  const changed = told.changed && new Set(told.changed.map(plain));
  const here = [plain(location.pathname), plain(ownScript(document).dataset.address)];
  const isMeant =
    !changed || here.some((one) => changed.has(one)) || told.gone.map(plain).includes(here[0]);
  // A page that has just been loaded has its files from now, even if nobody can tell what changed.
  const isCurrent = changed ? refreshFiles(changed) : wasFirst || refreshFiles(null);
  if (!isCurrent) {
    location.reload();
  } else if (isMeant) {
    await refresh();
  }
}

function refresh() {
  if (refreshing) {
    again = true;
    return refreshing;
  }
  refreshing = (async () => {
    do {
      again = false;
      await fetchPage().catch(() => {});
    } while (again);
    refreshing = null;
  })();
  return refreshing;
}

async function fetchPage() {
  const { page, address } = ownScript(document).dataset;
  const answer = await fetch(location.pathname + location.search, {
    headers: { "If-None-Match": page },
    cache: "no-store",
  });
  const text = await answer.text();
  if (answer.status === 304) {
    messages.gone(false);
    return;
  }
  const other = new DOMParser().parseFromString(text, "text/html");
  const theirs = ownScript(other)?.dataset;
  if (answer.status === 404 && theirs?.address !== address) {
    messages.gone(true);
    return;
  }
  if (!theirs || theirs.page === page) {
    return;
  }
  messages.gone(false);
  if (!address || !patch(other)) {
    location.reload();
    return;
  }
  markDraft();
  lens.refresh();
}

function markDraft() {
  messages.draft(ownScript(document).dataset.draft !== undefined);
}

function goTo({ address, block, build }) {
  if (plain(address) === plain(location.pathname)) {
    showBlock(block);
    return;
  }
  try {
    sessionStorage.setItem(GOTO, JSON.stringify({ address, block, build }));
  } catch {
    // Without storage the page is shown from its top.
  }
  location.assign(address);
}

function showBlock(number) {
  const blocks = document.querySelectorAll(BLOCKS.map((name) => `main ${name}`).join());
  const block = blocks[number];
  if (!block) {
    return;
  }
  const box = block.getBoundingClientRect();
  if (box.top < 0 || box.bottom > innerHeight) {
    block.scrollIntoView({ block: "center", behavior: "instant" });
  }
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
    block.animate(
      [
        { outline: "3px solid #c96a00", outlineOffset: "4px" },
        { outline: "3px solid transparent", outlineOffset: "4px" },
      ],
      1500,
    );
  }
}

function arrive() {
  let wanted = null;
  try {
    wanted = JSON.parse(sessionStorage.getItem(GOTO));
    sessionStorage.removeItem(GOTO);
  } catch {
    return;
  }
  if (wanted && plain(wanted.address) === plain(location.pathname)) {
    sentBy = wanted.build;
    showBlock(wanted.block);
  }
}

function connect() {
  try {
    const worker = new SharedWorker(`${base}.digest/worker.js`, {
      type: "module",
      name: "digest preview",
    });
    worker.port.addEventListener("message", ({ data }) => hear(data));
    worker.port.start();
    worker.port.postMessage("hello");
    worker.addEventListener("error", connectAlone, { once: true });
    addEventListener("pagehide", () => worker.port.postMessage("bye"));
    addEventListener("pageshow", (event) => event.persisted && worker.port.postMessage("hello"));
  } catch {
    connectAlone();
  }
}

// Where tabs can't share a stream, only those that can be seen have one.
function connectAlone() {
  const stream = openStream(base, hear);
  addEventListener("visibilitychange", () => (document.hidden ? stream.close() : stream.open()));
}

markDraft();
arrive();
connect();
