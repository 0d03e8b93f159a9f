// A file that is dropped on a marked place is given to its form, and the form is sent.
"use strict";

for (const zone of document.querySelectorAll("[data-drop]")) {
  const form = zone.closest("form");
  const field = form.querySelector("input[type=file]");
  const holdsFiles = (event) => Array.from(event.dataTransfer?.types ?? []).includes("Files");
  zone.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    zone.classList.remove("over");
    if (!holdsFiles(event) || !event.dataTransfer.files.length) return;
    event.preventDefault();
    field.files = event.dataTransfer.files;
    form.requestSubmit();
  });
}
