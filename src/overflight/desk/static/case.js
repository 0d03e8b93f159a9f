// The page of a case: ticks that survive an exchange of the table, and loading of parts where htmx is not there.
"use strict";

const ticked = () => [...document.querySelectorAll("#suppose input[name=refuse]:checked")].map((box) => box.value);

// The table is brought again when its figures are known: what was ticked meanwhile stays ticked.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt.id === "states") {
    event.detail.path = event.detail.path.replace(/refuse=[^&]*/, `refuse=${ticked().join(",")}`);
  }
});

// A reader without the library of the parts gets the same parts by plain requests.
const bring = async (place, path) => {
  const answer = await fetch(path, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const target = place.getAttribute("hx-target") === "closest div" ? place.closest("div") : document.querySelector(place.getAttribute("hx-target") || "#none") || place;
  const whole = place.getAttribute("hx-swap") === "outerHTML";
  const fresh = document.createRange().createContextualFragment(await answer.text());
  for (const other of fresh.querySelectorAll("[hx-swap-oob]")) {
    document.getElementById(other.id)?.replaceWith(other);
  }
  const parent = target.parentElement;
  if (whole) target.replaceWith(fresh);
  else target.replaceChildren(fresh);
  later(parent);
  const told = answer.headers.get("HX-Trigger-After-Settle");
  if (told) document.body.dispatchEvent(new CustomEvent(told, { bubbles: true }));
};

const later = (root) => {
  for (const place of root.querySelectorAll("[hx-get][hx-trigger*=load], [hx-get][hx-trigger*=figures]")) {
    const path = place.getAttribute("hx-get");
    if (place.dataset.asked === path) continue;
    place.dataset.asked = path;
    const again = path.replace(/refuse=[^&]*/, `refuse=${ticked().join(",")}`);
    if (place.getAttribute("hx-trigger").startsWith("figures")) {
      document.body.addEventListener("figures", () => bring(place, again), { once: true });
    } else setTimeout(() => bring(place, again), 900);
  }
};

document.addEventListener("DOMContentLoaded", () => {
  if (window.htmx) return;
  later(document);
  document.addEventListener("change", (event) => {
    const form = event.target.closest("#suppose");
    if (form) bring(form, `${form.action}?refuse=${ticked().join(",")}`);
  });
});
