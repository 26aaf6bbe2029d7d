"use strict";
// Adds to a page that reads without it: zoom, stepping, filters, copying.
(() => {
  const all = (root, selector) => [...root.querySelectorAll(selector)];
  const element = (tag, name, text) => {
    const e = document.createElement(tag);
    if (name) e.className = name;
    if (text) e.textContent = text;
    return e;
  };
  const svg = (tag, attributes) => {
    const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
    return e;
  };
  const clamp = (x, low, high) => Math.min(Math.max(x, low), high);

  // --- times ---------------------------------------------------------------
  const moment = (s) => {
    const sign = s < 0 ? "-" : "", a = Math.abs(s), h = Math.floor(a / 3600), min = Math.floor(a / 60) % 60;
    const rest = (a % 60).toFixed(a < 60 ? 2 : 1).replace(/\.?0+$/, "");
    return sign + (h ? h + "h " : "") + (h || min ? min + "min " : "") + rest + (a < 60 ? " s" : "s");
  };

  // --- one drawing -----------------------------------------------------------
  class Chart {
    constructor(figure) {
      this.svg = figure.querySelector("svg.chart");
      this.left = +this.svg.dataset.left;
      this.columns = +this.svg.dataset.columns;
      this.stretches = this.svg.dataset.stretches.split(";").map((part) => {
        const [from, until, left, right, compressed] = part.split(" ").map(Number);
        return { from, until, left, right, compressed };
      });
      this.marks = all(this.svg, "[data-a]");
      this.cursor = this.svg.querySelector(".cursor");
      this.low = 0;
      this.high = this.columns;
      this.onpick = () => {};
      this.addButtons(figure.querySelector(".zoom"));
      this.addDragging();
      this.svg.setAttribute("tabindex", "0");
      this.svg.addEventListener("keydown", (e) => this.key(e));
    }
    position(t) {
      for (const s of this.stretches) {
        if (t >= s.until) continue;
        return t <= s.from ? s.left : s.left + ((t - s.from) / (s.until - s.from)) * (s.right - s.left);
      }
      return this.columns;
    }
    time(column) {
      for (const s of this.stretches) {
        if (column > s.right) continue;
        const width = s.right - s.left;
        return width > 0 ? s.from + ((column - s.left) / width) * (s.until - s.from) : s.from;
      }
      return this.stretches[this.stretches.length - 1].until;
    }
    x(column) {
      return this.left + ((column - this.low) / (this.high - this.low)) * this.columns;
    }
    show(low, high) {
      const width = clamp(high - low, 0.05, this.columns);
      this.low = clamp(low, 0, this.columns - width);
      this.high = this.low + width;
      for (const mark of this.marks) this.place(mark);
      this.ticks();
    }
    place(mark) {
      const a = +mark.dataset.a, right = this.left + this.columns;
      if (mark === this.cursor) {
        const x = this.x(a);
        mark.setAttribute("visibility", x < this.left || x > right ? "hidden" : "visible");
        mark.setAttribute("x1", x);
        mark.setAttribute("x2", x);
        return;
      }
      const from = clamp(this.x(a), this.left, right), until = clamp(this.x(+mark.dataset.b), this.left, right);
      const outside = +mark.dataset.b < this.low || a > this.high;
      mark.setAttribute("visibility", outside ? "hidden" : "visible");
      mark.setAttribute("x", Math.min(from, right - 1.5));
      mark.setAttribute("width", Math.max(until - from, 1.5));
    }
    ticks() {
      const group = this.svg.querySelector(".ticks"), y = group.querySelector("text").getAttribute("y");
      group.textContent = "";
      let free = this.left - 1;
      for (const t of this.tickTimes()) {
        const x = this.x(this.position(t));
        if (x < free || x > this.left + this.columns) continue;
        const text = moment(t), room = 7 * text.length;
        const last = x + room > this.left + this.columns;
        if (last && x - room < free) continue;
        const label = svg("text", { x, y, "text-anchor": last ? "end" : "start" });
        label.textContent = text;
        group.append(label);
        free = x + (last ? 0 : room) + 14;
      }
    }
    tickTimes() {
      const times = [];
      for (const s of this.stretches) {
        times.push(s.from);
        const from = Math.max(s.from, this.time(this.low)), until = Math.min(s.until, this.time(this.high));
        const pixels = this.x(this.position(until)) - this.x(this.position(from));
        if (until <= from || pixels < 120) continue;
        const raw = ((until - from) / pixels) * 110, ten = Math.pow(10, Math.floor(Math.log10(raw)));
        const unit = raw > 30 ? Math.ceil(raw / 60) * 60 : [1, 2, 5, 10].map((k) => k * ten).find((k) => k >= raw);
        for (let t = Math.ceil(from / unit) * unit; t < until; t += unit) times.push(t);
      }
      return times.sort((a, b) => a - b);
    }
    moveTo(t) {
      this.cursor.dataset.a = this.position(t);
      this.cursor.removeAttribute("hidden");
      const at = +this.cursor.dataset.a;
      if (at < this.low || at > this.high) this.show(at - (this.high - this.low) / 2, at + (this.high - this.low) / 2);
      else this.place(this.cursor);
    }
    zoom(factor, around = (this.low + this.high) / 2) {
      const share = (around - this.low) / (this.high - this.low), width = (this.high - this.low) * factor;
      this.show(around - share * width, around + (1 - share) * width);
    }
    addButtons(bar) {
      bar.hidden = false;
      bar.addEventListener("click", (e) => {
        const how = e.target.dataset.zoom, at = +this.cursor.dataset.a;
        const around = !this.cursor.hasAttribute("hidden") && at >= this.low && at <= this.high ? at : undefined;
        if (how === "in") this.zoom(0.5, around);
        if (how === "out") this.zoom(2, around);
        if (how === "all") this.show(0, this.columns);
      });
    }
    key(e) {
      const step = (this.high - this.low) / 8;
      if (e.key === "ArrowLeft") this.show(this.low - step, this.high - step);
      else if (e.key === "ArrowRight") this.show(this.low + step, this.high + step);
      else if (e.key === "+" || e.key === "=") this.zoom(0.5);
      else if (e.key === "-") this.zoom(2);
      else if (e.key === "0" || e.key === "Home") this.show(0, this.columns);
      else return;
      e.preventDefault();
    }
    columnAt(e) {
      const box = this.svg.getBoundingClientRect(), x = ((e.clientX - box.left) / box.width) * 960;
      return clamp(this.low + ((x - this.left) / this.columns) * (this.high - this.low), this.low, this.high);
    }
    addDragging() {
      let from = null, band = null;
      this.svg.addEventListener("pointerdown", (e) => {
        if (e.button !== 0) return;
        from = this.columnAt(e);
        band = svg("rect", { class: "band", y: 0, height: this.svg.viewBox.baseVal.height - 26, width: 0 });
        this.svg.append(band);
        this.svg.setPointerCapture(e.pointerId);
      });
      this.svg.addEventListener("pointermove", (e) => {
        if (from === null) return;
        const to = this.columnAt(e), a = this.x(Math.min(from, to));
        band.setAttribute("x", a);
        band.setAttribute("width", this.x(Math.max(from, to)) - a);
      });
      const end = (e) => {
        if (from === null) return;
        const to = this.columnAt(e), pixels = Math.abs(this.x(to) - this.x(from));
        band.remove();
        if (e.type === "pointerup") pixels > 6 ? this.show(Math.min(from, to), Math.max(from, to)) : this.onpick(this.time(to));
        from = null;
      };
      this.svg.addEventListener("pointerup", end);
      this.svg.addEventListener("pointercancel", end);
    }
    filter(version, step) {
      for (const lane of all(this.svg, ".lane")) {
        const { version: v, step: s } = lane.dataset;
        lane.classList.toggle("dim", Boolean((version && v !== undefined && v !== version) || (step && s !== undefined && s !== step)));
      }
    }
  }

  // --- event by event --------------------------------------------------------
  class Stepper {
    constructor(root, chart) {
      this.root = root;
      this.chart = chart;
      this.rows = all(root, ".events tbody tr");
      this.shown = this.rows;
      this.index = 0;
      this.range = root.querySelector("input[type=range]");
      this.output = root.querySelector("output");
      this.now = root.querySelector(".now");
      root.classList.add("scripted");
      root.querySelector(".controls").hidden = false;
      const longest = root.querySelector(".longest");
      root.classList.toggle("has-queue", longest !== null);
      if (longest) longest.hidden = true;
      else root.querySelector("[data-go=longest]").hidden = true;
      this.listen();
      this.filter();
      if (longest) this.go(this.longest());
    }
    listen() {
      this.root.addEventListener("click", (e) => {
        const how = e.target.dataset && e.target.dataset.go;
        if (how) return this.go({ first: 0, back: this.index - 1, next: this.index + 1, longest: this.longest() }[how]);
        const row = e.target.closest(".events tbody tr");
        if (row && this.shown.includes(row)) this.go(this.shown.indexOf(row));
      });
      this.range.addEventListener("input", () => this.go(+this.range.value));
      for (const select of all(this.root, "select")) select.addEventListener("change", () => this.filter());
      this.root.querySelector(".controls").addEventListener("keydown", (e) => {
        if (e.target.tagName === "SELECT" || e.target === this.range) return;
        if (e.key === "ArrowRight") this.go(this.index + 1);
        else if (e.key === "ArrowLeft") this.go(this.index - 1);
        else return;
        e.preventDefault();
      });
      if (this.chart) this.chart.onpick = (t) => this.go(this.shown.filter((row) => +row.dataset.t <= t).length - 1);
    }
    chosen(name) {
      const select = this.root.querySelector(`select[data-filter=${name}]`);
      return select ? select.value : "";
    }
    filter() {
      const version = this.chosen("versions"), step = this.chosen("steps"), kind = this.chosen("kind");
      const concerns = (list, name) => !name || (list !== undefined && list.split("\n").includes(name));
      const current = this.shown[this.index];
      this.shown = this.rows.filter((row) => {
        const fits = concerns(row.dataset.versions, version) && concerns(row.dataset.steps, step) &&
          (!kind || row.children[1].textContent === kind);
        row.hidden = !fits;
        return fits;
      });
      if (this.chart) this.chart.filter(version, step);
      this.range.max = Math.max(this.shown.length - 1, 0);
      this.go(Math.max(this.shown.indexOf(current), 0));
    }
    longest() {
      const size = (row) => all(row, ".w li:not(.none)").reduce((n, li) => n + (li.querySelector("b") ? +li.querySelector("b").textContent.replace(/\D/g, "") : 1), 0);
      let best = 0;
      this.shown.forEach((row, i) => { if (size(row) > size(this.shown[best])) best = i; });
      return best;
    }
    go(index) {
      for (const row of this.rows) row.classList.remove("current");
      this.now.textContent = "";
      if (!this.shown.length) {
        this.output.textContent = "none";
        this.now.append(element("p", "happens", "Nothing of this happens in the run."));
        return;
      }
      this.index = clamp(index, 0, this.shown.length - 1);
      const row = this.shown[this.index];
      row.classList.add("current");
      this.range.value = this.index;
      this.output.textContent = `${this.index + 1} of ${this.shown.length}`;
      this.describe(row);
      if (this.chart) this.chart.moveTo(+row.dataset.t);
    }
    describe(row) {
      const serving = row.dataset.serving ? `serving: ${row.dataset.serving}` : "no instance serves";
      const failed = row.dataset.failed === "0" ? "no request that came until now fails" : `${row.dataset.failed} of the requests that came until now fail`;
      this.now.append(element("p", "when", row.children[0].textContent), element("p", "facts", `${serving} \u00b7 ${failed}`));
      this.now.append(element("p", "happens", row.querySelector("p").textContent));
      for (const [lock, queue] of this.queues(row)) this.now.append(element("h4", "", lock), queue.cloneNode(true));
    }
    /** The latest drawing of every lock up to a row, without those nobody holds or waits for. */
    queues(row) {
      const latest = new Map();
      for (const earlier of this.rows) {
        const queue = earlier.querySelector(".q");
        if (queue) latest.set(earlier.dataset.lock, queue);
        if (earlier === row) break;
      }
      return [...latest].filter(([lock, queue]) => lock === row.dataset.lock || queue.querySelector(".w li:not(.none)"));
    }
  }

  // --- copying -----------------------------------------------------------------
  const copy = async (button, text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = element("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.dataset.label ??= button.textContent;  // a second click while it says so keeps the first word
    button.textContent = "Copied";
    clearTimeout(button.spoken);
    button.spoken = setTimeout(() => { button.textContent = button.dataset.label; }, 1200);
  };
  for (const button of all(document, ".copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button, button.closest(".sql").querySelector("code").textContent));
  }
  for (const button of all(document, ".copy-all")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button, all(button.closest(".plan"), "code").map((c) => c.textContent).join("\n")));
  }

  for (const root of all(document, "section")) {
    const figure = root.querySelector("figure.timeline"), stepper = root.querySelector(".stepper");
    const chart = figure ? new Chart(figure) : null;
    if (stepper) new Stepper(stepper, chart);
  }
})();
