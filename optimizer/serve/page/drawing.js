// The right side: the answer and its drawings, updated in place over those of the base plan.
import { element, mark, name } from "./controls.js";
import { number, percent, signed, sizeOf } from "./numbers.js";

const BASES = ["control", "place"];
const ROWS = 12;
const SLIGHT = 5e-4;
const $ = (id) => document.getElementById(id);

export class Drawing {
  constructor(instance) {
    this.instance = instance;
    this.base = null;
    this.ready = false;
    this.colours = {};
    this.cells = new Map();
    this.lines = new Map();
    this.suppliers = [];
  }

  // Draw the base plan, which all others are held against.
  setBase(answer, colours) {
    this.base = answer.cost === undefined ? null : answer;
    this.colours = colours;
    this.ready = true;
    this.size = sizeOf(this.base?.cost ?? 0);
    $("unit").textContent = `${this.size.word}${this.instance.currency}`;
    $("costs-how").textContent = `${this.size.word}${this.instance.currency}.`.replace(/^./, (first) => first.toUpperCase());
    const { periods, mass_unit: mass } = this.instance;
    $("suppliers-how").textContent = `In ${mass} over ${periods.length > 1 ? "all periods" : "the period"}; the tick is the base plan.`;
    if (this.base) {
      this.layMatrix(this.base.matrix);
      this.layCosts(Object.keys(this.base.costs));
    }
    this.laySuppliers();
  }

  layMatrix(matrix) {
    const stages = [...new Set(matrix.map((one) => one.stage))];
    const materials = [...new Set(matrix.map((one) => one.material))];
    const heads = stages.map((stage) => element("th", { scope: "col" }, name(stage)));
    $("matrix").tHead.replaceChildren(element("tr", {}, element("th", { scope: "col" }, element("span", { className: "unseen", textContent: "material" })), ...heads));
    const rows = materials.map((material) => {
      const cells = stages.map((stage) => {
        const cell = element("td", { "data-stage": stage });
        if (matrix.some((one) => one.material === material && one.stage === stage)) {
          const views = Object.fromEntries(BASES.map((basis) => [basis, new Cell(basis)]));
          cell.append(...BASES.map((basis) => views[basis].element));
          this.cells.set(`${material}\n${stage}`, views);
        }
        return cell;
      });
      return element("tr", {}, element("th", { scope: "row" }, name(material)), ...cells);
    });
    $("matrix").tBodies[0].replaceChildren(...rows);
  }

  layCosts(names) {
    this.lines.clear();
    $("costs").tBodies[0].replaceChildren(...names.map((cost) => this.layCost(cost)));
  }

  layCost(cost) {
    const bar = mark("svg", { width: "100%", height: "12", "aria-hidden": "true" });
    const rect = mark("rect", { height: "12" });
    bar.append(rect, mark("line", { class: "zero", x1: "50%", x2: "50%", y1: "-1", y2: "13" }));
    const change = element("td", { className: "figure" });
    this.lines.set(cost, { rect, change });
    return element("tr", {}, element("th", { scope: "row", textContent: cost }), element("td", {}, bar), change);
  }

  laySuppliers() {
    this.suppliers = Array.from({ length: ROWS }, () => {
      const label = element("bdi");
      const tag = element("span", { className: "tag" });
      const bar = mark("svg", { width: "100%", height: "10", "aria-hidden": "true" });
      const rect = mark("rect", { class: "price", height: "10" });
      const tick = mark("line", { class: "at-base", y1: "-2", y2: "12" });
      bar.append(mark("rect", { class: "track", width: "100%", height: "10" }), rect, tick);
      const now = element("td", { className: "figure" });
      const change = element("td", { className: "figure second" });
      const row = element("tr", {}, element("th", { scope: "row" }, label, " ", tag), element("td", {}, bar), now, change);
      row.classList.add("empty");
      return { row, label, tag, rect, tick, now, change };
    });
    $("suppliers").tBodies[0].replaceChildren(...this.suppliers.map((one) => one.row));
  }

  // Draw an answer.
  draw(answer) {
    document.body.classList.remove("stale");
    $("cost").textContent = number(answer.cost / this.size.by, 1);
    const change = this.base ? answer.cost - this.base.cost : 0;
    const slight = !this.base || Math.abs(change) < 1e-9 * Math.abs(answer.cost);
    $("change").textContent = slight ? "" : signed(change / this.size.by, Math.abs(change / this.size.by) < 1 ? 3 : 1);
    this.prove(answer.proven ? "proven" : "open", answer.proof);
    this.strip(answer.bound ?? answer.cost, answer.cost);
    $("unsaid").textContent = answer.unsaid;
    $("unsaid").classList.toggle("alarm", answer.unmet);
    this.drawSuppliers(answer);
    this.drawCosts(answer);
    for (const one of answer.matrix) this.drawCell(one);
  }

  drawCell(one) {
    const key = `${one.material}\n${one.stage}`;
    const before = this.base?.matrix.find((other) => `${other.material}\n${other.stage}` === key);
    const views = this.cells.get(key);
    if (views) for (const basis of BASES) views[basis].draw(one[basis], before?.[basis], this.colours);
  }

  // Draw between what the cost lies, before it is known.
  drawInterval({ bound, cost }) {
    if (cost === null && bound === null) return;
    this.prove("open", "solving");
    this.strip(bound ?? cost, cost ?? bound);
    const ends = [bound, cost].map((end) => (end === null ? "?" : number(end / this.size.by, 1)));
    $("sentence").textContent = `The least cost lies between ${ends[0]} and ${ends[1]} ${this.size.word}${this.instance.currency}.`;
  }

  drawNoPlan(message) {
    document.body.classList.add("stale");
    $("cost").textContent = "\u2013";
    $("change").textContent = "";
    this.prove("none", "no plan");
    $("strip-now").setAttribute("class", "away");
    $("between").setAttribute("width", "0");
    $("sentence").replaceChildren(`${message.replace(/^./, (first) => first.toUpperCase())}. `);
  }

  prove(kind, words) {
    $("proof").className = kind;
    $("proof-words").textContent = words;
  }

  strip(bound, cost) {
    const middle = this.base?.cost ?? cost;
    const reach = this.reach(middle, Math.max(Math.abs(cost - middle), Math.abs(bound - middle)));
    const along = (amount) => `${(50 + (50 * (amount - middle)) / reach).toFixed(2)}%`;
    for (const [id, at] of [["strip-base", along(middle)], ["strip-now", along(cost)]]) {
      $(id).setAttribute("x1", at);
      $(id).setAttribute("x2", at);
    }
    $("strip-now").setAttribute("class", "at-now");
    $("between").setAttribute("x", along(bound));
    $("between").setAttribute("width", `${Math.max(0, (50 * (cost - bound)) / reach).toFixed(2)}%`);
  }

  // The strip keeps its scale until something does not fit in it.
  reach(middle, needed) {
    this.reached = this.reached ?? 0.02 * Math.abs(middle || 1);
    while (needed > this.reached) this.reached *= 2;
    return this.reached;
  }

  drawSuppliers(answer) {
    const before = this.base?.bought ?? {};
    const changes = [...new Set([...Object.keys(before), ...Object.keys(answer.bought)])]
      .map((offer) => ({ offer, was: before[offer] ?? 0, is: answer.bought[offer] ?? 0 }))
      .filter(({ was, is }) => Math.abs(is - was) > 1e-6 * Math.max(was, is))
      .sort((one, other) => Math.abs(other.is - other.was) - Math.abs(one.is - one.was) || (one.offer < other.offer ? -1 : 1));
    const count = (test) => changes.filter(test).length;
    const into = count(({ was }) => was === 0);
    const out = count(({ is }) => is === 0);
    const others = changes.length - into - out;
    if (changes.length === 0) $("sentence").textContent = this.base ? "The same suppliers and amounts as in the base plan." : "";
    else $("sentence").replaceChildren(
      element("b", { textContent: into }), ` ${into === 1 ? "supplier" : "suppliers"} in, `,
      element("b", { textContent: out }), " out, ", element("b", { textContent: others }), " bought in other amounts.",
    );
    this.suppliers.forEach((slot, position) => this.drawSupplier(slot, changes[position]));
    const left = changes.length - ROWS;
    $("suppliers-more").textContent = left > 0 ? `and ${left} more that change less` : "";
  }

  drawSupplier(slot, change) {
    slot.row.classList.toggle("empty", !change);
    if (!change) return;
    const { offer, was, is } = change;
    const about = this.instance.offers[offer];
    slot.label.textContent = offer;
    slot.row.title = about ? `${about.company}, ${about.country}: ${about.material}, ${about.stage}` : "";
    slot.tag.textContent = was === 0 ? "in" : is === 0 ? "out" : "";
    slot.tag.className = `tag ${was === 0 ? "in" : is === 0 ? "out" : ""}`;
    const whole = Math.max(was, is);
    slot.rect.setAttribute("width", `${((100 * is) / whole).toFixed(2)}%`);
    const at = `${((100 * was) / whole).toFixed(2)}%`;
    slot.tick.setAttribute("x1", at);
    slot.tick.setAttribute("x2", at);
    slot.now.textContent = number(is, whole < 100 ? 1 : 0);
    slot.change.textContent = signed(is - was, whole < 100 ? 1 : 0);
  }

  drawCosts(answer) {
    for (const cost of Object.keys(answer.costs)) {
      if (!this.lines.has(cost)) $("costs").tBodies[0].append(this.layCost(cost));
    }
    const before = this.base?.costs ?? {};
    const changes = [...this.lines.keys()].map((cost) => [cost, (answer.costs[cost] ?? 0) - (before[cost] ?? 0)]);
    const most = Math.max(...changes.map(([, change]) => Math.abs(change)), 1e-9 * Math.abs(answer.cost));
    for (const [cost, change] of changes) {
      const { rect, change: cell } = this.lines.get(cost);
      const width = (50 * Math.abs(change)) / most;
      rect.setAttribute("x", `${(change < 0 ? 50 - width : 50).toFixed(2)}%`);
      rect.setAttribute("width", `${width.toFixed(2)}%`);
      rect.setAttribute("class", change > 0 ? "rust" : "teal");
      cell.textContent = signed(change / this.size.by, 1);
    }
  }
}

class Cell {
  constructor(basis) {
    this.who = element("bdi");
    this.was = element("small");
    this.share = element("b");
    this.bar = mark("svg", { class: "bar", width: "100%", height: "16", "aria-hidden": "true" });
    this.own = mark("rect", { height: "16" });
    this.hidden = mark("rect", { class: "hatched", height: "16" });
    this.ghost = mark("rect", { class: "ghost", height: "16" });
    this.cap = mark("line", { y1: "-3", y2: "19" });
    this.bar.append(mark("rect", { class: "track", width: "100%", height: "16" }), this.own, this.hidden, this.ghost, this.cap);
    this.effective = element("span");
    this.note = element("b");
    this.element = element("div", { className: `by ${basis}` },
      element("div", { className: "top" }, element("span", {}, this.who), element("span", {}, this.was, " ", this.share)),
      this.bar, element("div", { className: "under" }, this.effective, this.note));
  }

  draw(now, before, colours) {
    const wide = (share) => `${(100 * Math.min(Math.max(share, 0), 1)).toFixed(2)}%`;
    this.who.textContent = now.name;
    this.share.textContent = percent(now.share);
    const other = before && before.country !== now.country;
    const moved = before && Math.abs(before.share - now.share) >= SLIGHT;
    this.was.textContent = other ? `was ${before.name} ${percent(before.share)}` : moved ? `was ${percent(before.share)}` : "";
    this.own.setAttribute("class", colours[now.country] ?? "pale");
    this.own.setAttribute("width", wide(now.share));
    this.hidden.setAttribute("x", wide(now.share));
    this.hidden.setAttribute("width", wide(Math.min(now.undisclosed, 1 - now.share)));
    this.ghost.setAttribute("width", wide(before ? before.share : 0));
    const capped = now.cap !== null;
    this.cap.setAttribute("class", capped ? `tick ${now.at_cap ? "reached" : "room"}` : "away");
    if (capped) for (const end of ["x1", "x2"]) this.cap.setAttribute(end, wide(now.cap));
    const unknown = now.undisclosed >= 0.01 ? `, ${percent(now.undisclosed, 0)} unknown` : "";
    this.effective.textContent = `${number(now.effective, 1)} effective${unknown}`;
    this.note.textContent = this.say(now);
  }

  say({ at_cap: atCap, cap, over_all: overAll, other }) {
    if (atCap) return `${overAll ? "at cap" : "at its cap"}, ${percent(cap, 0)}${overAll ? " overall" : ""}`;
    if (other) return `${other.name} ${percent(other.share, 0)}, at cap`;
    return "";
  }
}
