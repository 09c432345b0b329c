"use strict";
// Sorting and filtering of the page's tables. The page is whole without it, as in a mail's preview.
(() => {
  const pattern = document.getElementById("tools");
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const choices = [...document.querySelectorAll("#choices select")];
  const FEW = 8; // rows of a table that nobody searches

  // A number or day stands in full in data-v; all else is sorted by its text.
  const valueOf = (row, at) => {
    const cell = row.cells[at];
    const full = cell.dataset.v;
    const text = cell.textContent.trim();
    if (full === undefined) return text === "–" ? "" : text;
    return Number.isNaN(Number(full)) ? full : Number(full);
  };

  // Whichever way: what is empty stands last, and numbers stand before words.
  const compared = (a, b, way) => {
    if (a === "" || b === "") return (a === "") - (b === "");
    const numbers = (typeof a === "number") - (typeof b === "number");
    if (numbers) return -numbers;
    return way * (typeof a === "number" ? a - b : collator.compare(a, b));
  };

  // The rows that unfold join those above them, so that one sorts and filters all of them.
  const whole = (list) => {
    const table = list.querySelector("table");
    const fold = list.querySelector(":scope > .fold");
    if (fold) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "more";
      button.textContent = fold.querySelector("summary").textContent;
      const few = table.tBodies[0].rows.length;
      table.tBodies[0].append(...fold.querySelector("tbody").rows);
      fold.replaceWith(button);
      return { table, button, few };
    }
    return { table, button: null, few: Infinity };
  };

  const ready = (list) => {
    const { table, button, few } = whole(list);
    const body = table.tBodies[0];
    const original = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    let open = button === null;
    let sorted = null; // [column, 1 or -1]
    let words = [];
    let status = null;

    // A table is one stop of the Tab key; in it the arrows go from number to number.
    const links = () => [...body.querySelectorAll("tr:not(.out):not(.rest) td > a, tr:not(.out):not(.rest) .value > a")];
    const only = (link) => {
      body.querySelectorAll('a[tabindex="0"]').forEach((other) => { other.tabIndex = -1; });
      if (link) link.tabIndex = 0;
    };
    const stop = (link) => {
      only(link);
      link.focus();
    };
    body.querySelectorAll("td > a, .value > a").forEach((link) => { link.tabIndex = -1; });

    const draw = () => {
      const asked = choices.map((choice) => choice.value).filter(Boolean);
      const rows = [...original];
      if (sorted) rows.sort((a, b) => compared(valueOf(a, sorted[0]), valueOf(b, sorted[0]), sorted[1]));
      const knows = original.some((row) => row.dataset.in);
      let left = 0;
      for (const row of rows) {
        const said = row.textContent.toLocaleLowerCase();
        const of = (row.dataset.in || "").split(" ");
        const fits = words.every((word) => said.includes(word)) && (!knows || asked.every((word) => of.includes(word)));
        row.classList.toggle("out", !fits);
        row.classList.toggle("rest", fits && !open && left >= few);
        if (fits) left += 1;
      }
      body.append(...rows);
      heads.forEach((head, at) => {
        if (sorted && sorted[0] === at) head.setAttribute("aria-sort", sorted[1] > 0 ? "ascending" : "descending");
        else head.removeAttribute("aria-sort");
      });
      if (button) button.hidden = open || left <= few;
      // The one stop of the Tab key is never in a row that is hidden.
      const every = links();
      only(every.find((link) => link.tabIndex === 0) || every[0]);
      if (status) {
        const told = left < original.length ? status.dataset.said.replace("{n}", left).replace("{m}", original.length) : "";
        const how = [...words, ...choices.filter((c) => c.value && knows).map((c) => c.selectedOptions[0].textContent)];
        status.textContent = told && `${told} (${how.join(", ")})`;
      }
    };

    heads.forEach((head, at) => {
      const sort = document.createElement("button");
      sort.type = "button";
      sort.textContent = head.textContent;
      // a browser leaves a button out where it repeats the titles on the next page
      const paper = document.createElement("span");
      paper.className = "paper";
      paper.textContent = sort.textContent;
      head.replaceChildren(sort, paper);
      sort.addEventListener("click", () => {
        // first the way that is asked for most: numbers from the largest, words from A; then back
        const first = original.some((row) => typeof valueOf(row, at) === "number") ? -1 : 1;
        if (!sorted || sorted[0] !== at) sorted = [at, first];
        else sorted = sorted[1] === first ? [at, -first] : null;
        draw();
      });
    });

    if (button) {
      button.addEventListener("click", () => {
        const hidden = body.querySelector("tr.rest");
        open = true;
        draw();
        const next = hidden && hidden.querySelector("td > a, .value > a");
        if (next) stop(next);
        else table.parentElement.focus();
      });
    }

    const tools = pattern.content.cloneNode(true);
    status = tools.querySelector(".status");
    const input = tools.querySelector("input");
    if (original.length < FEW || !list.closest(".sheet")) tools.querySelector(".tools").remove();
    input.addEventListener("input", () => {
      words = input.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
      draw();
    });
    list.prepend(tools);

    body.addEventListener("keydown", (event) => {
      const every = links();
      const at = every.indexOf(document.activeElement);
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (at < 0 || (!step && event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
      const column = every[at].closest("td").cellIndex;
      const same = every.filter((link) => link.closest("td").cellIndex === column);
      const way = event.key === "ArrowDown" ? 1 : -1;
      const next = step ? every[at + step] : same[same.indexOf(every[at]) + way];
      if (!next) return;
      event.preventDefault();
      stop(next);
    });
    draw();
    return draw;
  };

  const drawn = [...document.querySelectorAll(".list")].map(ready);
  for (const choice of choices) choice.addEventListener("change", () => drawn.forEach((draw) => draw()));
  const box = document.getElementById("choices");
  if (box) box.hidden = false;
})();
