// Parts of a page that refresh themselves when something changes.
//
//   <p role="status" data-live="/api/v1/events" data-live-says></p>   the stream, and where it is said, politely
//   <div id="day" hx-get="/" hx-trigger="live" hx-select="#day" hx-swap="outerHTML">   fetched again by htmx
//
// data-live-about narrows a stream of cases to one case, data-live-seq says what the page shows already. A page without a part
// to fetch, where somebody may be typing, offers a link instead. Only one tab of a browser keeps the stream and
// tells the others, because browsers open few connections to one host.
"use strict";

(() => {
  const place = document.querySelector("[data-live]");
  if (!place || !window.EventSource) return;
  const address = place.dataset.live;
  const about = place.dataset.liveAbout || "";
  const shown = Number(place.dataset.liveSeq || 0);
  const line = document.querySelector("[data-live-says]");
  const channel = window.BroadcastChannel ? new BroadcastChannel("overflight " + address) : null;
  let waiting = 0;
  let words = "";

  // Many changes at once are one refresh, and none while somebody is typing into what would be replaced.
  const refresh = () => {
    waiting = 0;
    const parts = document.querySelectorAll('[hx-trigger~="live"]');
    const focus = document.activeElement;
    for (const part of parts) {
      if (part.contains(focus) && /^(input|textarea|select)$/i.test(focus.tagName)) {
        waiting = setTimeout(refresh, 3000);
        return;
      }
    }
    for (const part of parts) if (window.htmx) window.htmx.trigger(part, "live");
    if (!line || !words) return;
    line.textContent = words;
    if (!parts.length || !window.htmx) {
      const link = document.createElement("a");
      link.href = location.pathname + location.search;
      link.textContent = "Show it";
      line.append(" ", link);
    }
    words = "";
  };

  const heard = (change) => {
    if (change.type === "case" && about && change.data.case !== about) return;
    if (change.type === "case" && change.data.seq <= shown) return;
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
