// Who the plan hangs on: a cell for each material and stage, on both bases, over the base plan.
import { $, element, mark, name, part, put, say } from "./dom.js";
import { number, percent } from "./numbers.js";

const BASES = ["control", "place"];
const SLIGHT = 5e-4;

export class Matrix {
  // Lay a cell for every stage of a plan; those of the base plan stand behind all others.
  constructor(plan, base, colours) {
    this.colours = colours;
    this.cells = new Map(plan.map((one) => [keyOf(one), BASES.map((basis) => new Cell(basis))]));
    this.base = new Map(base.map((one) => [keyOf(one), one]));
    const stages = [...new Set(plan.map((one) => one.stage))];
    const materials = [...new Set(plan.map((one) => one.material))];
    const corner = element("th", { scope: "col" }, element("span", { className: "unseen", textContent: "material" }));
    $("matrix").tHead.replaceChildren(element("tr", {}, corner, ...stages.map((stage) => element("th", { scope: "col" }, name(stage)))));
    $("matrix").tBodies[0].replaceChildren(...materials.map((material) =>
      element("tr", {}, element("th", { scope: "row" }, name(material)), ...stages.map((stage) => this.lay({ material, stage })))));
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
    this.cap = mark("line", { y1: "-3", y2: "19" });
    this.bar.append(mark("rect", { class: "track", width: "100%", height: "16" }), this.own, this.hidden, this.ghost, this.cap);
    this.effective = element("span");
    this.note = element("b");
    this.element = element("div", { className: `by ${basis}` },
      element("div", { className: "top" }, element("span", {}, this.who), element("span", {}, this.was, " ", this.share)),
      this.bar, element("div", { className: "under" }, this.effective, this.note));
  }

  draw(now, before, colours) {
    say(this.who, now.name);
    say(this.share, percent(now.share));
    const other = before && before.country !== now.country;
    const moved = before && Math.abs(before.share - now.share) >= SLIGHT;
    say(this.was, other ? `was ${before.name} ${percent(before.share)}` : moved ? `was ${percent(before.share)}` : "");
    put(this.own, { class: colours[now.country] ?? "pale", width: part(now.share) });
    put(this.hidden, { x: part(now.share), width: part(Math.min(now.undisclosed, 1 - now.share)) });
    put(this.ghost, { width: part(before ? before.share : 0) });
    const capped = now.cap !== null;
    put(this.cap, { class: capped ? `tick ${now.at_cap ? "reached" : "room"}` : "away" });
    if (capped) put(this.cap, { x1: part(now.cap), x2: part(now.cap) });
    const unknown = now.undisclosed >= 0.01 ? `, ${percent(now.undisclosed, 0)} unknown` : "";
    say(this.effective, `${number(now.effective, 1)} effective${unknown}`);
    say(this.note, this.tell(now));
  }

  tell({ at_cap: atCap, cap, over_all: overAll, other }) {
    if (atCap) return `${overAll ? "at cap" : "at its cap"}, ${percent(cap, 0)}${overAll ? " overall" : ""}`;
    if (other) return `${other.name} ${percent(other.share, 0)}, at cap`;
    return "";
  }
}
