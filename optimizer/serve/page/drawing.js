// The right side: the answer and its drawings, updated in place over those of the base plan.
import { $, element, mark, name, part, put, say } from "./dom.js";
import { Matrix } from "./matrix.js";
import { chance, money, number, percent, signed, sizeOf } from "./numbers.js";

const ROWS = 12;

export class Drawing {
  constructor(instance, world) {
    this.instance = instance;
    this.base = null;
    this.colours = {};
    this.size = sizeOf(0);
    this.ready = false;
    this.matrix = null;
    this.world = world;
    this.lines = new Map();
    this.suppliers = [];
    this.unsaid = [];
    this.laid = null;
    this.drawn = false;
    addEventListener("resize", () => this.fitUnsaid());
  }

  // Take the base plan, which all others are held against; of an instance without any, the first plan is laid out.
  setBase(answer, colours) {
    this.base = answer.cost === undefined ? null : answer;
    this.colours = colours;
    this.ready = true;
    $("notes").hidden = !answer.notes?.length;
    $("notes").querySelector("ul").replaceChildren(...(answer.notes ?? []).map((note) => element("li", { textContent: note })));
    if (this.base) this.lay(this.base);
  }

  // Make what a plan is drawn in: rows and cells that stay, whatever is moved.
  lay(plan) {
    this.size = sizeOf(plan.cost);
    $(`by-${plan.basis}`).checked = true;
    const unit = `${this.size.word}${this.instance.currency}`;
    const { periods, mass_unit: mass } = this.instance;
    say($("costs-how"), `${unit}${plan.counted ? ", if nothing happens" : ""}.`.replace(/^./, (first) => first.toUpperCase()));
    say($("suppliers-how"), `In ${mass} over ${periods.length > 1 ? "all periods" : "the period"}, changes first; tick: base plan.`);
    this.matrix = new Matrix(plan.matrix, plan.stages, this.base?.matrix ?? [], this.colours);
    this.layCosts(Object.keys(plan.costs));
    this.laySuppliers();
    this.laid = plan;
    this.fitUnsaid();
  }

  // Give the five fields the height of what they say of the plan that is laid; they keep it, whatever is moved.
  fitUnsaid() {
    if (!this.laid) return;
    const shown = this.unsaid.map((key) => JSON.parse(key)).map(([term, words]) => ({ term, words }));
    const place = $("unsaid");
    this.drawUnsaid(this.laid.unsaid);
    place.style.height = "auto";
    place.style.height = `${Math.ceil(place.getBoundingClientRect().height)}px`;
    this.drawUnsaid(shown);
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
    if (!this.matrix) this.lay(answer);
    this.drawn = true;
    say($("cost"), money(answer.cost, this.size.by));
    const change = this.base ? answer.cost - this.base.cost : 0;
    const slight = !this.base || Math.abs(change) < 1e-9 * Math.abs(answer.cost);
    say($("change"), slight ? "" : signed(change / this.size.by, Math.abs(change / this.size.by) < 1 ? 3 : 1));
    say($("unit"), [this.size.word + this.instance.currency, answer.counted].filter(Boolean).join(" "));
    this.prove(answer.proven ? "proven" : "open", answer.proof);
    $("may-happen").hidden = !answer.scenarios.length;
    say($("may-happen"), answer.scenarios.join(" "));
    this.drawOutcomes(answer.outcomes, answer.others);
    this.strip(answer.bound ?? answer.cost, answer.cost);
    this.drawUnsaid(answer.unsaid);
    this.drawSuppliers(answer);
    this.drawCosts(answer);
    this.matrix.draw(answer.matrix);
    this.world.draw(answer.world);
  }

  // What stays covered in each scenario, and what it costs more than if nothing happens; as on the report.
  drawOutcomes(outcomes, others) {
    $("happening").hidden = !outcomes.length;
    $("outcomes").classList.toggle("whole", outcomes.every((one) => !one.material)); // a sentence says so
    const most = Math.max(1e-9, ...outcomes.map((one) => Math.abs(one.extra_cost)));
    say($("outcomes-cost"), `more, ${this.size.word}${this.instance.currency}`);
    $("outcomes").tBodies[0].replaceChildren(...outcomes.map((one) => drawOutcome(one, most, this.size.by)));
    $("outcomes-more").hidden = !others;
    const rest = others === 1 ? "1 other is not drawn; it leaves" : `${others} others are not drawn; they leave`;
    say($("outcomes-more"), `${rest} no less covered than the last.`);
  }

  // The five fields, always the same: a field is written again only where it says something else.
  drawUnsaid(fields) {
    const place = $("unsaid");
    fields.forEach(({ term, words }, position) => {
      const key = JSON.stringify([term, words]);
      if (this.unsaid[position] === key) return;
      this.unsaid[position] = key;
      const field = element("div", {}, element("dt", { textContent: term }), element("dd", {}, ...words.map(drawWords)));
      if (place.children[position]) place.children[position].replaceWith(field);
      else place.append(field);
    });
  }

  // Draw between what the cost lies, before it is known.
  drawInterval({ bound, cost }) {
    if (cost === null && bound === null) return;
    this.prove("open", "solving");
    this.strip(bound ?? cost, cost ?? bound);
    const ends = [bound, cost].map((end) => (end === null ? "?" : money(end, this.size.by)));
    $("sentence").textContent = `The least cost lies between ${ends[0]} and ${ends[1]} ${this.size.word}${this.instance.currency}.`;
  }

  // What was drawn last stays, greyed; where nothing was yet, that is the base plan.
  drawNoPlan(message) {
    if (!this.drawn && this.base) this.draw(this.base);
    document.body.classList.add("stale");
    say($("cost"), "\u2013");
    say($("change"), "");
    this.prove("none", "no plan");
    put($("strip-now"), { class: "away" });
    put($("between"), { width: "0" });
    $("sentence").replaceChildren(`${message.replace(/^./, (first) => first.toUpperCase())}. `);
  }

  prove(kind, words) {
    put($("proof"), { class: kind });
    say($("proof-words"), words);
  }

  strip(bound, cost) {
    const middle = this.base?.cost ?? cost;
    const reach = this.reach(middle, Math.max(Math.abs(cost - middle), Math.abs(bound - middle)));
    const along = (amount) => `${(50 + (50 * (amount - middle)) / reach).toFixed(2)}%`;
    put($("strip-base"), { x1: along(middle), x2: along(middle) });
    put($("strip-now"), { x1: along(cost), x2: along(cost), class: "at-now" });
    put($("between"), { x: along(bound), width: part((cost - bound) / (2 * reach)) });
  }

  // The strip keeps its scale until something does not fit in it.
  reach(middle, needed) {
    this.reached = this.reached ?? 0.02 * Math.abs(middle || 1);
    while (needed > this.reached) this.reached *= 2;
    return this.reached;
  }

  drawSuppliers(answer) {
    const before = this.base?.bought ?? {};
    const every = [...new Set([...Object.keys(before), ...Object.keys(answer.bought)])]
      .map((offer) => ({ offer, was: before[offer] ?? 0, is: answer.bought[offer] ?? 0 }));
    const changes = every.filter(moved).sort((one, other) => moved(other) - moved(one) || (one.offer < other.offer ? -1 : 1));
    const same = every.filter((one) => !moved(one)).sort((one, other) => other.is - one.is || (one.offer < other.offer ? -1 : 1));
    const count = (test) => changes.filter(test).length;
    const into = count(({ was }) => was === 0);
    const out = count(({ is }) => is === 0);
    const others = changes.length - into - out;
    if (changes.length === 0) say($("sentence"), this.base ? "The same suppliers and amounts as in the base plan." : "");
    else $("sentence").replaceChildren(
      element("b", { textContent: into }), ` ${into === 1 ? "supplier" : "suppliers"} in, `,
      element("b", { textContent: out }), " out, ", element("b", { textContent: others }), " bought in other amounts.",
    );
    this.suppliers.forEach((slot, position) => this.drawSupplier(slot, changes[position] ?? same[position - changes.length]));
    const left = changes.length - ROWS;
    say($("suppliers-more"), left > 0 ? `and ${left} more that change less` : "");
  }

  drawSupplier(slot, change) {
    slot.row.classList.toggle("empty", !change);
    if (!change) return;
    const { offer, was, is } = change;
    const about = this.instance.offers[offer];
    const tag = was === 0 ? "in" : is === 0 ? "out" : "";
    const whole = Math.max(was, is);
    say(slot.label, offer);
    put(slot.row, { title: about ? `${about.company}, ${about.country}: ${about.material}, ${about.stage}` : "" });
    say(slot.tag, tag);
    put(slot.tag, { class: `tag ${tag}` });
    put(slot.rect, { width: part(is / whole) });
    put(slot.tick, { x1: part(was / whole), x2: part(was / whole) });
    say(slot.now, number(is, whole < 100 ? 1 : 0));
    say(slot.change, moved(change) === 0 ? "" : signed(is - was, whole < 100 ? 1 : 0));
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
      const width = Math.abs(change) / most / 2;
      put(rect, { x: part(change < 0 ? 0.5 - width : 0.5), width: part(width), class: change > 0 ? "rust" : "teal" });
      say(cell, signed(change / this.size.by, 1));
    }
  }
}

function drawWords([text, weight]) {
  switch (weight) {
    case "name": return name(text);
    case "": return text;
    default: return element("b", { className: weight === "alarm" ? "alarm" : "", textContent: text });
  }
}

// By how much another amount is bought; rounding is none.
function moved({ was, is }) {
  return Math.abs(is - was) > 1e-6 * Math.max(was, is) ? Math.abs(is - was) : 0;
}

// A scenario as a row: its chance, what stays covered and of what, and what it costs more, hollow where it is less.
function drawOutcome(one, most, by) {
  const covered = mark("svg", { width: "100%", height: "10", "aria-hidden": "true" });
  covered.append(mark("rect", { class: "track", width: "100%", height: "10" }));
  covered.append(mark("rect", { class: "price", width: part(one.covered), height: "10" }));
  const extra = mark("svg", { width: "100%", height: "10", "aria-hidden": "true" });
  const kind = one.extra_cost < 0 ? "hollow price" : "price";
  extra.append(mark("rect", { class: kind, width: part(Math.abs(one.extra_cost) / most), height: "10" }));
  const share = element("td", { className: "figure" }, one.material ? percent(one.covered, one.covered < 0.985 ? 0 : 1) : "all");
  if (one.material) share.append(element("small", {}, "of ", name(one.material)));
  return element("tr", {},
    element("th", { scope: "row" }, name(one.scenario), ...(one.scenario.includes(one.begins) ? [] : [element("small", {}, "from ", name(one.begins))])),
    element("td", { className: "figure second", textContent: chance(one.probability) }),
    element("td", {}, covered), share, element("td", {}, extra),
    element("td", { className: "figure", textContent: signed(one.extra_cost / by, by > 1 ? 1 : 0) }));
}
