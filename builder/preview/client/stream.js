// The stream of builds: opened again when it breaks, with longer and longer pauses.

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 4000;
// The server gives a sign of life every 15 seconds. A connection without any is dead, though nobody
// has said so: a computer that slept, for example.
const SILENCE = 40000;

/**
 * Tell of every build, from now on and across interruptions.
 *
 * `tell` gets what the server says, or `{away: true}` while it does not answer. Returns a function
 * that ends the stream, and one that begins it again where it ended.
 */
export function openStream(base, tell) {
  let known = "";
  let pause = FIRST_PAUSE;
  let source = null;
  let reopening = 0;
  let silence = 0;

  function heard() {
    pause = FIRST_PAUSE;
    clearTimeout(silence);
    silence = setTimeout(broken, SILENCE);
  }

  function open() {
    close();
    const stream = new EventSource(`${base}.digest/events?since=${encodeURIComponent(known)}`);
    source = stream;
    stream.addEventListener("open", heard);
    stream.addEventListener("beat", heard);
    stream.addEventListener("build", (event) => {
      heard();
      const told = JSON.parse(event.data);
      known = told.id;
      tell(told);
    });
    // The browser would try again by itself, but at one pace and never after a refusal.
    stream.addEventListener("error", broken);
  }

  function broken() {
    close();
    tell({ away: true });
    // A little chance, so that many browsers do not knock at the same moment.
    reopening = setTimeout(open, pause * (0.9 + Math.random() / 5));
    pause = Math.min(pause * 1.6, LONGEST_PAUSE);
  }

  function close() {
    clearTimeout(silence);
    clearTimeout(reopening);
    source?.close();
    source = null;
  }

  open();
  return { close, open };
}
