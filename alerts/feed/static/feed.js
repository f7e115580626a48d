// The live list and the keys. Everything works without this file, only not by itself.
"use strict";

const list = document.getElementById("clues");
const live = document.getElementById("live");

function place(html, cursorTier) {
  const holder = document.createElement("template");
  holder.innerHTML = html; // rendered and escaped by our own server
  const row = holder.content.querySelector(".row");
  if (!row || (cursorTier && !row.classList.contains(cursorTier))) return;
  const old = document.getElementById(row.id);
  if (old) {
    old.replaceWith(row);
    return;
  }
  document.getElementById("empty")?.remove();
  list.prepend(row);
  row.classList.add("fresh");
  const total = document.querySelector(".total");
  const count = Number(total.textContent.replace(/\D/g, "")) + 1;
  total.textContent = total.dataset.template.replace("{}", count);
  while (list.children.length > 400) list.lastElementChild.remove();
}

if (live && list) {
  const source = new EventSource("/events?after=" + live.dataset.cursor);
  source.addEventListener("clue", (event) => place(event.data, live.dataset.tier));
  source.onopen = () => { live.textContent = live.dataset.live; live.classList.remove("lost"); };
  source.onerror = () => { live.textContent = live.dataset.lost; live.classList.add("lost"); };
  window.addEventListener("pagehide", () => source.close());
}

function step(by) {
  const rows = [...document.querySelectorAll(".row > a")];
  const here = rows.indexOf(document.activeElement);
  const next = rows[Math.min(rows.length - 1, Math.max(0, here + by))];
  if (next) next.focus();
}

function choose(key) {
  const choice = document.querySelector(`#verdict [data-key="${key}"]`);
  if (choice) { choice.checked = true; choice.focus(); }
}

const verdict = document.getElementById("verdict");
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter" && verdict) { verdict.requestSubmit(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || /^(input|select|textarea)$/i.test(event.target.tagName) && event.target.type !== "radio") return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "u") document.getElementById("back")?.click();
  else if (/^[1-5]$/.test(event.key)) choose(event.key);
});
