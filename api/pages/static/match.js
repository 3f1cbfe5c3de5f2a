// Sharpens the page of job descriptions: files are dropped on the form, and one that is too large is told at once.
"use strict";
(() => {
  const field = document.querySelector("#file");
  const form = document.querySelector("#match");
  if (!field || !form || !window.DataTransfer) return;
  const zone = form.querySelector("[data-drop]");
  const carriesFile = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");

  function check() {
    const file = field.files[0];
    const most = Number(field.dataset.mostKb) * 1024;
    field.setCustomValidity(file && file.size > most ? field.dataset.tooLarge : "");
    field.reportValidity();
  }
  form.addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    zone.classList.add("over");
  });
  for (const name of ["dragleave", "dragend"]) {
    form.addEventListener(name, () => zone.classList.remove("over"));
  }
  form.addEventListener("drop", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    zone.classList.remove("over");
    const one = new DataTransfer();
    if (event.dataTransfer.files.length) one.items.add(event.dataTransfer.files[0]);
    field.files = one.files;
    check();
  });
  field.addEventListener("change", check);
})();
