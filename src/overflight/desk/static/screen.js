// Say that the lists are being searched.
"use strict";

for (const form of document.querySelectorAll("form[data-slow]")) {
  form.addEventListener("submit", () => {
    const busy = form.querySelector(".busy");
    if (busy) busy.hidden = false;
  });
}

// An address that is shared names only what was asked.
for (const form of document.querySelectorAll('form[method="get"]')) {
  form.addEventListener("formdata", (event) => {
    for (const [key, value] of Array.from(event.formData.entries())) {
      if (typeof value === "string" && !value.trim()) event.formData.delete(key);
    }
  });
}
window.addEventListener("pageshow", () => {
  for (const busy of document.querySelectorAll(".busy")) busy.hidden = true;
});

// On a phone the answer stands below two forms: go there.
const found = document.querySelector(".result");
if (found && window.innerWidth < 640 && !location.hash) found.scrollIntoView();
