// One stream for all tabs of a site. A browser keeps no more than six connections to a server, so a
// stream for each tab would leave nothing for the seventh.

import { openStream } from "./stream.js";

const base = new URL("..", self.location.href).pathname;
const tabs = new Set();
// The last that is known, for tabs that come later.
let now = null;

function tell(told) {
  if (!told.away) {
    now = { ...now, ...told };
  }
  for (const tab of tabs) {
    tab.postMessage(told);
  }
}

self.addEventListener("connect", (event) => {
  const tab = event.ports[0];
  tab.addEventListener("message", ({ data }) => {
    if (data === "bye") {
      tabs.delete(tab);
      return;
    }
    tabs.add(tab);
    if (now) {
      // Nobody knows which builds the tab has seen: it has to look for itself.
      tab.postMessage({ ...now, changed: null, gone: [], greets: true });
    }
  });
  tab.start();
});

openStream(base, tell);
