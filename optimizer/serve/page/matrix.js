// Who the plan hangs on: a cell for each material and stage, on both bases, over the base plan.
import { $, element, mark, name, part, put, say } from "./dom.js";
import { percent } from "./numbers.js";

const BASES = ["control", "place"];
const SLIGHT = 5e-4;
const BESIDE = 2; // stages whose cells hold their words beside the suppliers
const DENSE = 4; // stages whose cells hold their words below each other

export class Matrix {
  // Lay a cell for every stage of a plan, in their order; those of the base plan stand behind all others.
  constructor(plan, stages, base, colours) {
    this.colours = colours;
    this.cells = new Map(plan.map((one) => [keyOf(one), BASES.map((basis) => new Cell(basis))]));
    this.base = new Map(base.map((one) => [keyOf(one), one]));
    const materials = [...new Set(plan.map((one) => one.material))];
    $("figures").classList.toggle("stacked", stages.length > BESIDE);
    $("matrix").classList.toggle("dense", stages.length > DENSE);
    const corner = element("th", { scope: "col" }, element("span", { className: "unseen", textContent: "material" }));
    $("matrix").tHead.replaceChildren(element("tr", {}, corner, ...stages.map((stage) => element("th", { scope: "col" }, name(stage)))));
    $("matrix").tBodies[0].replaceChildren(...materials.map((material) =>
      element("tr", {}, element("th", { scope: "row", title: material }, name(material)), ...stages.map((stage) => this.lay({ material, stage })))));
  }

  lay(where) {
    const views = this.cells.get(keyOf(where)) ?? [];
    return element("td", { "data-stage": where.stage }, ...views.map((view) => view.element));
  }

  draw(matrix) {
    for (const one of matrix) {
      const before = this.base.get(keyOf(one));
      for (const view of this.cells.get(keyOf(one)) ?? []) view.draw(one[view.basis], before?.[view.basis], this.colours);
    }
  }
}

function keyOf({ material, stage }) {
  return `${material}\n${stage}`;
}

// What the cell says comes in words from the server, which are those of the report.
class Cell {
  constructor(basis) {
    this.basis = basis;
    this.who = element("bdi");
    this.was = element("small");
    this.share = element("b");
    this.bar = mark("svg", { class: "bar", width: "100%", height: "16", "aria-hidden": "true" });
    this.own = mark("rect", { height: "16" });
    this.hidden = mark("rect", { class: "hatched", height: "16" });
    this.ghost = mark("rect", { class: "ghost", height: "16" });
    this.tick = mark("line", { y1: "-3", y2: "19" });
    this.bar.append(mark("rect", { class: "track", width: "100%", height: "16" }), this.own, this.hidden, this.ghost, this.tick);
    this.effective = element("b");
    this.unknown = element("span");
    this.dot = element("i");
    this.other = element("bdi");
    this.words = element("span");
    this.note = element("span", {}, this.dot, this.other, this.words);
    this.element = element("div", { className: `by ${basis}` },
      element("div", { className: "top" }, element("span", {}, this.who), element("span", {}, this.was, " ", this.share)),
      this.bar, element("div", { className: "under" }, element("span", {}, this.effective, this.unknown)),
      element("div", { className: "under" }, this.note));
  }

  draw(now, before, colours) {
    say(this.who, now.name);
    say(this.share, now.share);
    const other = before && before.name !== now.name;
    const moved = before && Math.abs(before.own - now.own) >= SLIGHT;
    say(this.was, other ? `was ${before.country || before.name || "nothing"} ${before.share}` : moved ? `was ${before.share}` : "");
    put(this.was, { title: other ? before.name : "" });
    put(this.who, { title: now.name });
    put(this.own, { class: colours[now.country] ?? "pale", width: part(now.own) });
    put(this.hidden, { x: part(now.own), width: part(Math.min(now.hidden, 1 - now.own)) });
    put(this.ghost, { width: part(before ? before.own : 0) });
    put(this.tick, now.tick ? { class: `tick ${now.tick.kind}`, x1: part(now.tick.at), x2: part(now.tick.at) } : { class: "away" });
    say(this.effective, now.effective);
    say(this.unknown, now.name ? ` effective${now.unknown}` : "");
    put(this.dot, { class: now.note.country ? `dot ${colours[now.note.country] ?? "pale"}` : "" });
    say(this.other, now.note.name);
    say(this.words, now.note.words);
    put(this.note, { class: `note ${now.note.weight}`, title: `${now.note.name}${now.note.words}` });
  }
}
