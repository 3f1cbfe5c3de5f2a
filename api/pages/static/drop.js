// A field for files takes what is dropped anywhere on its page, and tells at once what is too large.
"use strict";
for (const zone of document.querySelectorAll("[data-drop]")) {
  const field = zone.querySelector("input[type=file]");
  const carriesFile = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  const check = () => {
    const most = Number(field.dataset.mostKb) * 1024;
    const size = [...field.files].reduce((sum, one) => sum + one.size, 0);
    field.setCustomValidity(size > most ? field.dataset.tooLarge : "");
    field.reportValidity();
  };
  field.addEventListener("change", check);
  document.addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    zone.classList.add("over");
  });
  for (const name of ["dragleave", "dragend", "drop"]) document.addEventListener(name, () => zone.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    const taken = new DataTransfer();
    for (const one of [...event.dataTransfer.files].slice(0, field.multiple ? undefined : 1)) taken.items.add(one);
    field.files = taken.files;
    const details = field.closest("details");
    if (details) details.open = true;
    field.scrollIntoView({ block: "center" });
    check();
  });
}
