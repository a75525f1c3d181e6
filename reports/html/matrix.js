"use strict";
(() => {
  const one = (id) => document.getElementById(id);
  const ZOOMS = [0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 1, 1.5, 2, 3, 4, 5, 6, 7, 9, 10, 12, 15, 18, 24, 30]; // Pixels of a cell.
  const GLYPHS = 9; // Pixels of a cell from which on it has a glyph, and names stand beside it.
  const FONT = "11.5px ui-monospace, Menlo, Consolas, monospace";
  const LABEL = 180; // Pixels of a name at most.
  const NUMBER = 24; // Pixels of a container from which on its number stands in it, and its title where that has room.
  const FITS = -1;

  // How each kind is drawn in a cell of edge 1: the strokes are those of the legend.
  const strokes = {
    declared: "M.29 .29L.71 .71M.71 .29L.29 .71",
    platform: "M.35 .65L.65 .35",
    locked: "M.5 .25A.25 .25 0 0 0 .5 .75zM.5 .25A.25 .25 0 0 1 .5 .75",
    undecided: "M.36 .38A.14 .14 0 1 1 .57 .51C.52 .54 .5 .56 .5 .6M.5 .72V.74",
    alone: "M.5 .25V.56M.5 .7V.73",
  };

  class Matrix {
    constructor(view) {
      const data = JSON.parse(view.querySelector(".matrix-data").textContent);
      Object.assign(this, data);
      this.size = this.names.length;
      this.view = view;
      this.grid = view.querySelector(".grid");
      this.sheet = view.querySelector(".sheet");
      this.canvas = view.querySelector("canvas");
      this.row = this.column = 0;
      this.shown = false;
      if (this.size) this.listen();
    }

    // On first use, as one of two stances may never be looked at: for each cell the position of its reason, and the number of the place that tells it.
    fill() {
      if (this.reason) return;
      this.reason = new Int32Array(this.size * this.size).fill(FITS);
      this.number = new Int32Array(this.size * this.size);
      this.reasons.forEach(([, , , runs], reason) => {
        for (let at = 0; at < runs.length; at += 4) {
          const [row, column, length, number] = runs.slice(at, at + 4);
          for (let other = column; other < column + length; other += 1) {
            for (const cell of [row * this.size + other, other * this.size + row]) {
              this.reason[cell] = reason;
              this.number[cell] = number;
            }
          }
        }
      });
    }

    listen() {
      this.grid.hidden = this.view.querySelector(".tools").hidden = false;
      this.tip = document.createElement("div");
      this.tip.className = "tip";
      this.tip.hidden = true;
      this.tip.setAttribute("aria-hidden", "true");
      document.body.append(this.tip);
      this.view.querySelector(".nearer").addEventListener("click", () => this.zoom(1));
      this.view.querySelector(".farther").addEventListener("click", () => this.zoom(-1));
      this.view.querySelector(".whole").addEventListener("click", () => this.fit());
      this.grid.addEventListener("scroll", () => this.draw());
      this.canvas.addEventListener("keydown", (event) => this.press(event));
      this.canvas.addEventListener("focus", () => this.go(this.row, this.column));
      this.canvas.addEventListener("blur", () => this.leave());
      this.canvas.addEventListener("pointermove", (event) => this.point(event));
      this.canvas.addEventListener("pointerleave", () => { this.tip.hidden = true; });
      this.canvas.addEventListener("click", (event) => this.click(event));
      new ResizeObserver(() => this.resized()).observe(this.view);
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
      matchMedia("print").addEventListener("change", () => this.redraw());
      addEventListener("beforeprint", () => this.print());
      addEventListener("afterprint", () => this.fit());
    }

    redraw() {
      if (this.cell) this.draw();
    }

    resized() {
      const room = this.view.clientWidth;
      if (!room || room === this.room) return;
      this.room = room;
      this.fit();
    }

    gutter() {
      if (this.cell < GLYPHS) return 0;
      const context = this.canvas.getContext("2d");
      context.font = FONT;
      const widest = Math.max(...this.names.map((_, place) => context.measureText(this.label(place)).width));
      return Math.ceil(Math.min(LABEL, this.view.clientWidth * 0.4, widest)) + 12;
    }

    fit() {
      const room = Math.min(this.view.clientWidth - 4, Math.max(260, innerHeight * 0.85));
      const fits = (cell) => {
        this.cell = cell;
        return this.gutter() + cell * this.size <= room;
      };
      this.set(ZOOMS.toReversed().find(fits) ?? ZOOMS[0]);
    }

    zoom(step) {
      const place = ZOOMS.indexOf(this.cell) + step;
      if (ZOOMS[place]) this.set(ZOOMS[place]);
      this.follow();
    }

    set(cell) {
      this.cell = cell;
      this.edge = this.gutter();
      const whole = this.edge + cell * this.size + 1;
      this.sheet.style.width = this.sheet.style.height = `${whole}px`;
      this.width = Math.min(whole, this.view.clientWidth - 4);
      this.height = Math.min(whole, Math.max(260, Math.floor(innerHeight * 0.85)));
      this.grid.style.width = `${this.width + 2}px`;
      this.grid.style.height = `${this.height + 2}px`;
      this.draw();
    }

    print() {
      this.room = 0;
      const cell = ZOOMS.toReversed().find((zoom) => (this.cell = zoom, 120 + zoom * this.size <= 680)) ?? ZOOMS[0];
      this.cell = cell;
      this.edge = cell < GLYPHS ? 0 : 120;
      this.width = this.height = Math.min(this.edge + cell * this.size + 1, 4000);
      this.sheet.style.width = this.sheet.style.height = this.grid.style.width = this.grid.style.height = `${this.width}px`;
      this.draw();
    }

    color(name) {
      return this.colors.getPropertyValue(`--${name}`).trim();
    }

    // Draws what is in view; the sheet behind is as large as the whole and makes the scroll bars.
    draw() {
      this.fill();
      const { canvas, width, height } = this;
      this.ratio = devicePixelRatio || 1;
      canvas.width = width * this.ratio;
      canvas.height = height * this.ratio;
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
      this.colors = getComputedStyle(document.documentElement);
      this.layer = document.createElement("canvas");
      this.layer.width = canvas.width;
      this.layer.height = canvas.height;
      this.inside(this.layer, (context, rows, columns) => {
        this.ground(context);
        this.cells(context, rows, columns);
        this.walls(context);
      });
      this.mark();
    }

    // What moves with the cursor, above the cells, which are many and stay as they are.
    mark() {
      const { canvas } = this;
      const context = canvas.getContext("2d");
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.drawImage(this.layer, 0, 0);
      this.inside(canvas, () => {
        if (!this.shown) return;
        context.strokeStyle = this.color("ink");
        context.lineWidth = 2.5;
        const edge = Math.max(this.cell, 7); // However small the cells are, where it is can be seen.
        const [x, y] = [this.column, this.row].map((place) => (place + 0.5) * this.cell - edge / 2);
        context.strokeRect(x, y, edge, edge);
      });
      if (!this.edge) return;
      context.save();
      context.scale(this.ratio, this.ratio);
      this.labels(context, this.seen());
      context.restore();
    }

    // Of the cells in view the first and the one behind the last, down and across, and where in the canvas all of them begin.
    seen() {
      const { edge, cell, grid, size } = this;
      const [left, top] = [edge - grid.scrollLeft, edge - grid.scrollTop];
      const along = (start, room) => [Math.max(0, Math.floor((edge - start) / cell)), Math.min(size, Math.ceil((room - start) / cell))];
      return { left, top, columns: along(left, this.width), rows: along(top, this.height) };
    }

    inside(canvas, paint) {
      const context = canvas.getContext("2d");
      const { left, top, columns, rows } = this.seen();
      context.save();
      context.scale(this.ratio, this.ratio);
      context.beginPath();
      context.rect(this.edge, this.edge, this.width, this.height);
      context.clip();
      context.translate(left, top);
      paint(context, rows, columns);
      context.restore();
    }

    ground(context) {
      const square = (at, size, name) => {
        context.fillStyle = this.color(name);
        context.fillRect(at * this.cell, at * this.cell, size * this.cell, size * this.cell);
      };
      square(0, this.size, "wash");
      square(0, this.compared, "card");
      for (const [at, size] of this.blocks) square(at, size, "room");
      context.fillStyle = this.color("room");
      for (const places of this.shared) {
        for (const row of places) for (const column of places) context.fillRect(column * this.cell, row * this.cell, this.cell, this.cell);
      }
    }

    cells(context, [top, bottom], [left, right]) {
      const { cell, size } = this;
      const gap = cell >= GLYPHS ? 1 : 0;
      const looks = this.looks(cell);
      const self = this.color("self");
      const edge = Math.max(1, cell - gap);
      for (let row = top; row < bottom; row += 1) {
        for (let column = left; column < right; column += 1) {
          const reason = this.reason[row * size + column];
          if (reason === FITS && row !== column) {
            if (gap && Math.max(row, column) < this.compared) this.dot(context, row, column);
            continue;
          }
          const look = reason === FITS ? undefined : looks[this.reasons[reason][0]];
          context.fillStyle = look ? look.tile : self;
          context.fillRect(column * cell, row * cell, edge, edge);
          if (look?.path && gap) this.glyph(context, row, column, look);
        }
      }
    }

    looks(cell) {
      const colors = {
        declared: ["bad", "paper"],
        // Too small for glyphs, a pale tile would not be told from paper.
        locked: [cell < GLYPHS ? "lock" : "lock-wash", "lock"],
        platform: [cell < GLYPHS ? "bad-mid" : "bad-wash", "bad"],
        undecided: [cell < GLYPHS ? "self" : "open-wash", "open"],
        alone: ["ink", "paper"],
      };
      const entries = Object.entries(colors).map(([kind, [tile, mark]]) => [kind, { tile: this.color(tile), mark: this.color(mark), path: new Path2D(strokes[kind]), filled: kind === "locked" }]);
      return Object.fromEntries(entries);
    }

    glyph(context, row, column, { path, mark, filled }) {
      context.save();
      context.translate(column * this.cell, row * this.cell);
      context.scale(this.cell, this.cell);
      context.lineWidth = Math.max(0.1, 1 / this.cell);
      context.strokeStyle = context.fillStyle = mark;
      if (filled) context.fill(new Path2D("M.5 .25A.25 .25 0 0 0 .5 .75z"));
      context.stroke(path);
      context.restore();
    }

    dot(context, row, column) {
      context.fillStyle = this.color("soft");
      context.fillRect((column + 0.5) * this.cell - 1, (row + 0.5) * this.cell - 1, 1.5, 1.5);
    }

    walls(context) {
      context.strokeStyle = this.color("accent");
      context.lineWidth = this.cell >= GLYPHS ? 2 : 1;
      context.font = FONT;
      context.fillStyle = this.color("accent");
      context.textBaseline = "top";
      for (const [at, size, title] of this.blocks) {
        context.strokeRect(at * this.cell, at * this.cell, size * this.cell, size * this.cell);
        // In the lower corner, away from the diagonal; larger cells have names beside them and glyphs in them.
        if (this.cell >= GLYPHS || size * this.cell < NUMBER) continue;
        const fits = context.measureText(title).width + 24 < size * this.cell;
        context.fillText(fits ? title : title.replace(/\D+/, ""), at * this.cell + 4, (at + size) * this.cell - 14);
      }
    }

    labels(context, { rows, columns, left, top }) {
      context.fillStyle = this.color("card");
      context.fillRect(0, 0, this.width, this.edge);
      context.fillRect(0, 0, this.edge, this.height);
      context.textBaseline = "middle";
      const name = (place, here, x, y, turned) => {
        context.save();
        context.translate(x, y);
        if (turned) context.rotate(-Math.PI / 2);
        context.font = here && this.shown ? `bold ${FONT}` : FONT;
        context.fillStyle = this.color(here && this.shown ? "ink" : "soft");
        context.textAlign = turned ? "left" : "right";
        context.fillText(this.cut(context, this.label(place)), 0, 0);
        context.restore();
      };
      const along = (room, [from, to], start, write) => {
        context.save();
        context.beginPath();
        context.rect(...room);
        context.clip();
        for (let place = from; place < to; place += 1) write(place, start + (place + 0.5) * this.cell);
        context.restore();
      };
      along([0, this.edge, this.edge, this.height], rows, top, (place, y) => name(place, place === this.row, this.edge - 6, y, false));
      along([this.edge, 0, this.width, this.edge], columns, left, (place, x) => name(place, place === this.column, x, this.edge - 6, true));
    }

    label(place) {
      const homes = this.replicated[place];
      return this.names[place] + (homes ? ` ×${homes.length}` : "");
    }

    cut(context, name) {
      const room = this.edge - 10;
      if (context.measureText(name).width <= room) return name;
      const keep = Math.floor(room / context.measureText("m").width) - 1;
      return `${name.slice(0, Math.ceil(keep / 2))}…${name.slice(name.length - Math.floor(keep / 2))}`;
    }

    at(event) {
      const box = this.canvas.getBoundingClientRect();
      const across = event.clientX - box.left - this.edge;
      const down = event.clientY - box.top - this.edge;
      return {
        row: Math.floor((down + this.grid.scrollTop) / this.cell),
        column: Math.floor((across + this.grid.scrollLeft) / this.cell),
        inside: across >= 0 && down >= 0,
        beside: across < 0 && down >= 0,
      };
    }

    point(event) {
      const { row, column, inside } = this.at(event);
      this.tip.hidden = !inside || row >= this.size || column >= this.size;
      if (this.tip.hidden) return;
      this.go(row, column);
      this.tip.textContent = this.told();
      this.tip.style.left = `${Math.max(4, Math.min(event.clientX + 14, innerWidth - this.tip.offsetWidth - 8))}px`;
      this.tip.style.top = `${event.clientY + 18 + this.tip.offsetHeight > innerHeight ? event.clientY - this.tip.offsetHeight - 10 : event.clientY + 18}px`;
    }

    click(event) {
      const { row, column, inside, beside } = this.at(event);
      if (beside && row < this.size) location.hash = `#conflicts?${new URLSearchParams({ service: this.names[row] })}`;
      if (!inside || row >= this.size || column >= this.size) return;
      this.go(row, column);
      this.enter();
    }

    press(event) {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      const far = { Home: [this.row, 0], End: [this.row, this.size - 1], PageUp: [0, this.column], PageDown: [this.size - 1, this.column] }[event.key];
      const acts = { Enter: () => this.enter(), "+": () => this.zoom(1), "-": () => this.zoom(-1), 0: () => this.fit() }[event.key];
      if (!(step || far || acts) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      if (acts) return acts();
      this.go(...(far ?? [this.row + step[0], this.column + step[1]]));
      this.follow();
    }

    enter() {
      const cell = this.row * this.size + this.column;
      if (this.reason[cell] === FITS) return;
      const place = this.reasons[this.reason[cell]][2];
      this.tip.hidden = true;
      location.hash = `#${place}${this.number[cell] || ""}`;
    }

    // Keeps the cell in view, in the middle where it was out of it.
    follow() {
      for (const [side, at, room] of [["scrollLeft", this.column, this.width], ["scrollTop", this.row, this.height]]) {
        const start = at * this.cell;
        const free = room - this.edge;
        if (start >= this.grid[side] && start + this.cell <= this.grid[side] + free) continue;
        this.grid[side] = start - free / 2;
        this.draw();
      }
    }

    leave() {
      this.shown = false;
      this.mark();
    }

    go(row, column) {
      this.fill();
      const [down, across] = [row, column].map((place) => Math.min(this.size - 1, Math.max(0, place)));
      if (this.shown && down === this.row && across === this.column) return;
      [this.row, this.column, this.shown] = [down, across, true];
      document.querySelector(".readout").textContent = this.told();
      this.mark();
    }

    told() {
      const reason = this.reason[this.row * this.size + this.column];
      const [first, second] = [this.row, this.column].map((place) => this.names[place]);
      const replicas = [...new Set([this.row, this.column])].map((place) => this.replicas(place)).join("");
      if (this.row === this.column) return (reason === FITS ? first : `${first}: ${this.reasons[reason][1]}`) + replicas;
      const apart = Math.max(this.row, this.column) >= this.compared;
      const fits = apart ? "not compared, one of them cannot be satisfied even alone" : "fit together";
      return `${first} × ${second}: ${reason === FITS ? fits : this.reasons[reason][1]}${replicas}`;
    }

    replicas(place) {
      const homes = this.replicated[place];
      return homes ? `; ${this.names[place]} has ${homes.length} replicas, in containers ${homes.slice(0, 8).join(", ")}${homes.length > 8 ? " and more" : ""}` : "";
    }
  }

  for (const view of document.querySelectorAll(".view")) new Matrix(view);
  for (const twin of document.querySelectorAll(".twin")) twin.open = false;
})();
