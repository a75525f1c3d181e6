"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (id) => document.getElementById(id);

  const cards = all("[data-code]").map((node) => ({
    node,
    services: new Set(node.dataset.services.split(" ")),
    code: node.dataset.code,
    count: Number(node.dataset.count ?? 1),
    group: node.closest(".group").id,
    depth: node.classList.contains("lock-only") ? "lock" : "declared",
  }));
  const total = cards.reduce((sum, card) => sum + card.count, 0);
  const form = document.querySelector(".filters");

  const text = (card) => (card.text ??= card.node.textContent.toLowerCase());

  const matches = (card) => {
    const words = one("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const is = (id, value) => !one(id).value || one(id).value === value;
    return words.every((word) => text(card).includes(word))
      && (!one("by-service").value || card.services.has(one("by-service").value))
      && is("by-package", card.group) && is("by-code", card.code) && is("by-depth", card.depth);
  };

  const filter = () => {
    const relocked = one("stance-relocked").checked;
    let shown = 0;
    for (const card of cards) {
      card.node.hidden = !matches(card);
      if (!card.node.hidden && !(relocked && card.depth === "lock")) shown += card.count;
    }
    for (const group of all(".group, .systems:not([data-code])")) group.hidden = !group.querySelector("[data-code]:not([hidden])");
    one("tally").textContent = `${shown} of ${total} shown${relocked ? ", after re-locking" : ""}`;
    one("nothing").hidden = shown > 0 || cards.length === 0;
  };

  const filters = () => {
    form.hidden = cards.length === 0;
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(filter));
    for (const radio of all("[name=stance]")) radio.addEventListener("change", filter);
    one("unfold").addEventListener("click", () => {
      const shown = all(".card:not([hidden])");
      const open = shown.some((card) => !card.open);
      for (const card of shown) card.open = open;
      one("unfold").textContent = open ? "Close all" : "Open all";
    });
    filter();
  };

  const reveal = () => {
    const target = location.hash && one(location.hash.slice(1));
    if (!target) return;
    if (target.hidden) { form.reset(); }
    if (target.classList.contains("lock-only")) one("stance-locked").checked = true;
    filter();
    for (let node = target; node; node = node.parentElement) {
      node.hidden = false;
      if (node.tagName === "DETAILS") node.open = true;
    }
    target.scrollIntoView();
  };

  const touching = (key) => {
    form.reset();
    one("by-service").value = key;
    filter();
    one("conflicts").scrollIntoView();
  };

  class Matrix {
    constructor(grid) {
      this.svg = grid.querySelector(".cells");
      this.cell = Number(this.svg.dataset.cell);
      this.compared = Number(this.svg.dataset.compared) / this.cell;
      this.rows = all("a", grid.querySelector(".rows"));
      this.columns = all("text", grid.querySelector(".columns"));
      this.names = this.rows.map((row) => row.querySelector("title").textContent);
      this.links = new Map(all("a", this.svg).flatMap((link) => this.keys(link).map((key) => [key, link])));
      this.row = this.column = 0;
      if (this.names.length) this.listen();
    }
    keys(link) {
      const shape = link.querySelector("use, rect");
      const [x, y, width] = ["x", "y", "width"].map((name) => shape.getAttribute(name) / this.cell);
      return Array.from({ length: width }, (_, place) => `${y},${x + place}`);
    }
    listen() {
      for (const link of this.links.values()) link.setAttribute("tabindex", "-1");
      this.svg.setAttribute("tabindex", "0");
      this.svg.setAttribute("role", "application");
      this.svg.setAttribute("aria-label", "Matrix: arrow keys move, Enter goes to the conflict");
      this.cursor = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const side of ["width", "height"]) this.cursor.setAttribute(side, this.cell);
      this.cursor.setAttribute("class", "cursor");
      this.cursor.setAttribute("visibility", "hidden");
      this.svg.append(this.cursor);
      this.svg.addEventListener("keydown", (event) => this.press(event));
      this.svg.addEventListener("focus", () => this.go(this.row, this.column));
      this.svg.addEventListener("pointermove", (event) => this.point(event));
      for (const row of this.rows) {
        row.setAttribute("tabindex", "-1");
        row.addEventListener("click", (event) => {
          event.preventDefault();
          touching(row.dataset.service);
        });
      }
    }
    press(event) {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (event.key === "Enter") this.links.get(`${this.row},${this.column}`)?.dispatchEvent(new MouseEvent("click", { cancelable: true }));
      if (!step) return;
      event.preventDefault();
      this.go(this.row + step[0], this.column + step[1]);
      this.cursor.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    point(event) {
      const box = this.svg.getBoundingClientRect();
      this.go(Math.floor((event.clientY - box.top) / this.cell), Math.floor((event.clientX - box.left) / this.cell));
    }
    go(row, column) {
      const last = this.names.length - 1;
      for (const label of [this.rows[this.row], this.columns[this.column]]) label.classList.remove("here");
      [this.row, this.column] = [row, column].map((place) => Math.min(last, Math.max(0, place)));
      for (const label of [this.rows[this.row], this.columns[this.column]]) label.classList.add("here");
      this.cursor.setAttribute("x", this.column * this.cell);
      this.cursor.setAttribute("y", this.row * this.cell);
      this.cursor.setAttribute("visibility", "visible");
      document.querySelector(".readout").textContent = this.told();
    }
    told() {
      const link = this.links.get(`${this.row},${this.column}`);
      const [across, down] = [this.names[this.row], this.names[this.column]];
      if (link) return `${link.querySelector("rect") ? `${across} × ${down}: ` : ""}${link.querySelector("title").textContent}`;
      if (this.row === this.column) return one;
      const apart = Math.max(this.row, this.column) >= this.compared;
      return `${across} × ${down}: ${apart ? "not compared, one of them cannot be satisfied even alone" : "fit together"}`;
    }
  }

  const copying = () => {
    for (const replay of all(".replay")) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Copy";
      button.addEventListener("click", async () => {
        const text = replay.querySelector("pre");
        try {
          await navigator.clipboard.writeText(text.textContent.trimEnd());
          button.textContent = "Copied";
        } catch {
          getSelection().selectAllChildren(text);
          button.textContent = "Selected";
        }
        setTimeout(() => { button.textContent = "Copy"; }, 2000);
      });
      replay.prepend(button);
    }
  };

  filters();
  for (const grid of all(".grid")) new Matrix(grid);
  copying();
  addEventListener("hashchange", reveal);
  reveal();
})();
