// The form of a new statement carries along what is chosen above, so that nothing is lost when it is sent.
"use strict";

for (const form of document.querySelectorAll("form[data-with]")) {
  form.addEventListener("submit", () => {
    const chosen = new FormData(document.getElementById(form.dataset.with));
    for (const old of form.querySelectorAll("input[type=hidden]:not([name=csrf])")) old.remove();
    for (const [name, value] of chosen) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      form.append(field);
    }
  });
}
