// Single keys for who works here all day: "/" to search, "n" for something new, arrows between
// the rows of a table. Every page works without this file; the footer turns the keys off.
(() => {
  "use strict";
  const page = document.documentElement;
  page.classList.add("has-keys");

  const isTyping = (target) =>
    target.closest("input, textarea, select, [contenteditable]") !== null;

  const firstLink = (row) => row.querySelector("a, button, summary");

  const step = (target, down) => {
    let row = target.closest("tbody tr");
    while (row) {
      row = down ? row.nextElementSibling : row.previousElementSibling;
      const link = row && firstLink(row);
      if (link) return link;
    }
    return null;
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      const open = event.target.closest("details.menu[open], details.account[open]");
      if (open) {
        open.open = false;
        open.querySelector("summary").focus();
      }
      return;
    }
    if (isTyping(event.target)) return;
    let found = null;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      found = step(event.target, event.key === "ArrowDown");
    } else if ("shortcuts" in document.body.dataset && event.key === "/") {
      found = document.getElementById("search");
    } else if ("shortcuts" in document.body.dataset && event.key === "n") {
      document.getElementById("capture")?.click();
    }
    if (found) {
      event.preventDefault();
      found.focus();
    }
  });

  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details.menu[open], details.account[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });
})();
