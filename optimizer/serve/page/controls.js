// The left side: one row of fixed height for everything that can be moved.
import { element, mark, name, part, put, say } from "./dom.js";
import { number, valueOf } from "./numbers.js";

const OPEN = new Set(["Limits", "Demand"]);

export class Controls {
  constructor(place, controls, moved) {
    this.rows = new Map();
    const groups = Map.groupBy ? Map.groupBy(controls, (one) => one.group) : grouped(controls);
    for (const [group, members] of groups) {
      const heading = element("summary", {}, element("h2", { textContent: group }));
      const details = element("details", { open: OPEN.has(group) }, heading);
      for (const control of members) {
        const row = new Row(control, this.rows.size, moved);
        this.rows.set(control.name, row);
        details.append(row.element);
      }
      place.append(details);
    }
  }

  show(state) {
    for (const [key, row] of this.rows) row.set(state.valueOf(key));
  }

  set(key, value) {
    this.rows.get(key).set(value);
  }

  blame(key) {
    for (const [other, row] of this.rows) row.element.classList.toggle("blamed", other === key);
  }

  // Say which sliders are known to change nothing of the plan at hand: where they stand, or at either end.
  tellUnfelt({ here, at_ends: ends }) {
    for (const [key, row] of this.rows) row.tellUnfelt(here.includes(key), ends.includes(key));
  }

  price(prices, size) {
    for (const row of this.rows.values()) {
      const priced = prices[row.control.limit];
      if (priced) row.price(priced, size);
    }
  }

  find(text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of this.rows.values()) {
      const said = `${row.control.group} ${row.control.label} ${row.control.about} ${row.control.name}`.toLowerCase();
      row.element.hidden = !words.every((word) => said.includes(word));
    }
    for (const details of document.querySelectorAll("#controls details")) {
      const found = [...details.querySelectorAll(".lever")].some((row) => !row.hidden);
      details.hidden = !found;
      if (words.length && found) details.open = true;
    }
  }
}

function grouped(controls) {
  const groups = new Map();
  for (const control of controls) groups.set(control.group, [...(groups.get(control.group) ?? []), control]);
  return groups;
}

class Row {
  constructor(control, position, moved) {
    this.control = control;
    this.id = `control-${position}`;
    this.said = element("output", { htmlFor: this.id });
    this.priced = element("span", { className: "priced" });
    this.unfelt = element("span", { className: "unfelt", id: `${this.id}-unfelt` });
    this.input = this.make();
    this.input.id = this.id;
    const label = element("label", { htmlFor: this.id }, name(control.label));
    const top = element("div", { className: "top" }, label, this.said);
    this.element = element("div", { className: `lever ${control.shape}` }, top);
    if (control.shape === "slider") {
      this.element.append(element("div", { className: "way" }, this.drawWay(), this.input));
    } else {
      this.said.replaceWith(this.input);
    }
    const about = [control.about, control.unit, control.idle].filter(Boolean).join(", ");
    if (about || control.limit || control.shape === "slider") {
      const told = element("span", { id: `${this.id}-about`, textContent: about, title: about });
      this.element.append(element("div", { className: "under" }, told, this.unfelt, this.priced));
      put(this.input, { "aria-describedby": this.unfelt.id });
    }
    if (control.idle) {
      this.element.classList.add("idle");
      put(this.input, { "aria-describedby": `${this.id}-about` });
    }
    if (control.shape === "date") this.element.append(element("datalist", { id: `${this.id}-days` }, ...control.choices.map((day) => element("option", { value: day }))));
    const event = control.shape === "slider" ? "input" : "change";
    this.input.addEventListener(event, (happened) => {
      const value = this.value;
      if (value === undefined) return;
      this.say(value);
      moved(control, value, happened.timeStamp);
    });
    this.set(control.base);
  }

  make() {
    const { shape, choices, least, greatest, step } = this.control;
    switch (shape) {
      case "slider": return element("input", { type: "range", min: 0, max: Math.round((greatest - least) / step), step: 1 });
      case "switch": return element("input", { type: "checkbox", role: "switch" });
      case "choice": return element("select", {}, ...choices.map((choice) => element("option", { value: choice, textContent: choice })));
      default: return element("input", { type: "date", list: `${this.id}-days` });
    }
  }

  // The way of a slider: how far it is filled, where the base plan stands, and where it begins to bind.
  drawWay() {
    const base = this.along(this.control.base);
    this.filled = mark("rect", { class: "filled", y: "8", height: "6" });
    this.begins = mark("circle", { class: "begins away", cy: "18", r: "3" });
    const marks = mark("svg", { class: "marks", width: "100%", height: "22", "aria-hidden": "true" });
    marks.append(mark("rect", { class: "track", width: "100%", y: "8", height: "6" }), this.filled,
      mark("line", { class: "at-base", x1: base, x2: base, y1: "3", y2: "19" }), this.begins);
    return marks;
  }

  along(value) {
    const { least, greatest } = this.control;
    return part((value - least) / (greatest - least));
  }

  get value() {
    const { shape, least, step, base, greatest } = this.control;
    switch (shape) {
      case "slider": {
        const places = Number(this.input.value) - Math.round((base - least) / step);
        return Math.min(greatest, Math.max(least, Number((base + places * step).toPrecision(9))));
      }
      case "switch": return this.input.checked;
      case "date": return this.input.value || undefined;
      default: return this.input.value;
    }
  }

  set(value) {
    const { shape, least, step } = this.control;
    if (shape === "slider") this.input.value = Math.round((value - least) / step);
    else if (shape === "switch") this.input.checked = value;
    else this.input.value = value;
    this.say(value);
  }

  say(value) {
    const said = valueOf(this.control, value);
    say(this.said, said);
    if (this.control.shape === "slider") {
      put(this.input, { "aria-valuetext": said });
      this.fill(value);
    }
    this.element.classList.toggle("moved", value !== this.control.base);
  }

  // A level is filled from its least on, a change from where nothing is changed.
  fill(value) {
    const { measure, least, greatest, base } = this.control;
    const from = measure === "percent" || measure === "points" ? base : least;
    const [low, high] = [Math.min(from, value), Math.max(from, value)];
    put(this.filled, { x: this.along(low), width: part((high - low) / (greatest - least)) });
  }

  tellUnfelt(here, atEnds) {
    say(this.unfelt, atEnds ? "changes nothing at either end" : here ? "changes nothing at this level" : "");
    this.element.classList.toggle("at-ends", atEnds);
  }

  price({ least, most, begins }, size) {
    if (least === undefined) return;
    say(this.priced, saved(least, most, size));
    if (this.begins && begins !== null && begins !== undefined) put(this.begins, { class: "begins", cx: this.along(begins) });
  }
}

// Say between which amounts a limit costs, all of them in the size in which the cost of the plan is told.
function saved(least, most, size) {
  if (most === 0) return "costs nothing";
  const tell = (amount) => number(amount / size.by, Math.abs(amount / size.by) < 100 ? 2 : 1);
  if (most !== null && most / size.by < 0.005) return `costs under 0.01${size.letter ? ` ${size.letter}` : ""}`;
  const unit = size.letter ? ` ${size.letter}` : "";
  if (most === null) return `costs ${tell(least)}${unit} or more`;
  const ends = [tell(least), tell(most)];
  if (ends[0] === ends[1]) return `costs ${ends[0]}${unit}`;
  return least > 0 ? `costs ${ends[0]} to ${ends[1]}${unit}` : `costs at most ${ends[1]}${unit}`;
}
