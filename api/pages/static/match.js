// The report on a job description follows the slider of the threshold.
"use strict";
(() => {
  const field = document.querySelector("#threshold[data-live]");
  const form = document.querySelector("#match");
  const now = document.querySelector(".match-now");
  if (!field || !now) return;
  // no output element: the slider itself says its value
  const shown = document.createElement("span");
  shown.className = "threshold-value";
  field.type = "range";
  field.after(" ", shown);
  const say = () => {
    shown.textContent = Number(field.value).toFixed(2);
    field.setAttribute("aria-valuetext", shown.textContent);
  };
  say();

  let running = null;
  let waiting = 0;
  async function ask() {
    running?.abort();
    running = new AbortController();
    const sent = new FormData(form);
    // the text is in its box already, whatever file it came from
    sent.delete("file");
    const tab = document.querySelector("#report [name=show][aria-current]");
    if (tab) sent.set("show", tab.value);
    const report = document.querySelector("#report");
    report.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: sent, headers: { Accept: "text/html" }, signal: running.signal });
      const made = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = made.querySelector("#report");
      if (!next) throw new Error(`status ${answer.status}`);
      const open = new Set([...report.querySelectorAll("details[open][data-group]")].map((one) => one.dataset.group));
      for (const one of next.querySelectorAll("details[data-group]")) one.open = open.has(one.dataset.group);
      const place = report.querySelector(".source")?.scrollTop ?? 0;
      report.replaceWith(document.adoptNode(next));
      const source = next.querySelector(".source");
      if (source) source.scrollTop = place;
      now.textContent = made.querySelector(".match-now").textContent;
      document.dispatchEvent(new Event("content-changed"));
    } catch (error) {
      if (error.name === "AbortError") return;
      report.removeAttribute("aria-busy");
      now.textContent = now.dataset.failed;
    }
  }
  field.addEventListener("input", () => {
    say();
    clearTimeout(waiting);
    waiting = setTimeout(ask, 200);
  });
})();
