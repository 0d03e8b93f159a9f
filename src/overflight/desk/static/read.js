// Light up on one side what is pointed at on the other.
"use strict";

// Ctrl+Enter in the text reads it.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches?.("#text")) {
    event.target.form.requestSubmit();
  }
});

// A telegram that is no telegram, or a marking that is none, is shown, too: the answer says why.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422 || event.detail.xhr.status === 400) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

function light(sheet, key, value) {
  for (const one of sheet.querySelectorAll(".lit")) one.classList.remove("lit");
  if (value === undefined) return;
  const wanted = key === "r" ? `[data-r="${value}"], [id$="-ra${value}"]` : `[data-p="${value}"]`;
  for (const one of sheet.querySelectorAll(wanted)) one.classList.add("lit");
}

function pointed(event) {
  const sheet = event.target.closest?.(".sheet");
  if (!sheet) return;
  const repair = event.target.closest(".repair, tr[data-r]");
  if (repair) {
    light(sheet, "r", repair.dataset.r ?? repair.id.split("-ra")[1]);
    return;
  }
  light(sheet, "p", event.target.closest("[data-p]")?.dataset.p);
}

document.addEventListener("pointerover", pointed);
document.addEventListener("focusin", pointed);

// Going to a line moves the text alone, and puts the keyboard where the eye is.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#m"]');
  const goal = link && document.getElementById(link.getAttribute("href").slice(1));
  if (!goal) return;
  event.preventDefault();
  history.replaceState(null, "", link.getAttribute("href"));
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  goal.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
  if (!goal.matches("a, button, input")) goal.tabIndex = -1;
  goal.focus({ preventScroll: true });
});
