// Parts of a page that refresh themselves when something changes.
//
//   <body … > … <main data-live="/api/v1/events" data-live-about="KOR621">      one stream for the page
//     <section id="states" hx-get="…" hx-trigger="live">                         fetched again by htmx
//     <p role="status" data-live-says></p>                                       said politely, for everybody
//
// data-live-about narrows a stream of cases to one case; without it every change counts. Only one tab of a
// browser keeps the stream and tells the others, because browsers open few connections to one host.
"use strict";

(() => {
  const place = document.querySelector("[data-live]");
  if (!place || !window.EventSource) return;
  const address = place.dataset.live;
  const about = place.dataset.liveAbout || "";
  const line = document.querySelector("[data-live-says]");
  const channel = window.BroadcastChannel ? new BroadcastChannel("overflight " + address) : null;
  let waiting = 0;
  let words = "";

  // Many changes at once are one refresh, and none while somebody is typing into what would be replaced.
  const refresh = () => {
    waiting = 0;
    for (const part of document.querySelectorAll('[hx-trigger~="live"]')) {
      const busy = part.contains(document.activeElement) && /^(input|textarea|select)$/i.test(document.activeElement.tagName);
      if (busy) {
        if (!waiting) waiting = setTimeout(refresh, 3000);
      } else if (window.htmx) {
        window.htmx.trigger(part, "live");
      }
    }
    if (line && words) line.textContent = words;
    words = "";
  };

  const heard = (change) => {
    if (change.type === "case" && about && change.data.case !== about) return;
    const time = new Date().toISOString().slice(11, 16) + "Z";
    if (change.type === "case") {
      words = change.data.headline_changed
        ? `${change.data.case}, ${time}: ${change.data.headline}`
        : `${change.data.case}: ${change.data.kind} at ${time}`;
    } else if (change.type === "shelf") {
      words = change.data.what === "released" ? `Something was released to you at ${time}.` : `An answer was recorded at ${time}.`;
    } else {
      words = `Brought up to date at ${time}.`;
    }
    if (!waiting) waiting = setTimeout(refresh, 250);
  };

  const listen = () =>
    new Promise((done) => {
      const source = new EventSource(address);
      for (const type of ["case", "shelf", "reset"]) {
        source.addEventListener(type, (event) => {
          const change = { type, data: JSON.parse(event.data) };
          heard(change);
          if (channel) channel.postMessage(change);
        });
      }
      // Refused for good (signed out, too many): the browser does not come back by itself.
      source.addEventListener("error", () => {
        if (source.readyState === EventSource.CLOSED) setTimeout(done, 30000);
      });
      addEventListener("pagehide", () => {
        source.close();
        done();
      });
    });

  if (channel) channel.onmessage = (event) => heard(event.data);
  const turn = () => {
    const over = channel && navigator.locks ? navigator.locks.request("overflight " + address, listen) : listen();
    over.then(() => setTimeout(turn, 0));
  };
  turn();
  // Back from the browser's cache of pages: everything may be old.
  addEventListener("pageshow", (event) => {
    if (event.persisted) refresh();
  });
})();
