// What every page does: forms sent by htmx carry the session's token; keys that jump between pages.
"use strict";

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.body.dataset.csrf;
  if (token) event.detail.headers["X-CSRF-Token"] = token;
});

// "g" and then a letter goes to a page; "/" goes to the first field; "?" lists the keys.
let waiting = false;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^(input|textarea|select)$/i.test(event.target.tagName) || event.target.isContentEditable) return;
  if (event.key === "/") {
    const field = document.querySelector("main input:not([type=hidden]), main textarea");
    if (field) {
      event.preventDefault();
      field.focus();
    }
    return;
  }
  if (waiting) {
    waiting = false;
    for (const link of document.querySelectorAll("header.bar nav a")) {
      if (link.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase())) {
        location.assign(link.href);
        return;
      }
    }
  }
  waiting = event.key === "g";
});
