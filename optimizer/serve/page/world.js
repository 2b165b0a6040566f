// Where it comes from: a map of shares, and under it the same as buttons. A click on either plans without a country.
import { $, element, mark, name, put, say } from "./dom.js";
import { percent } from "./numbers.js";

const BASES = ["control", "place"];
const STEPS = [0.02, 0.05, 0.1, 0.2]; // where the next step of the hue begins, as in the report

export class World {
  // `bans` are the controls by country; `toggle` is given the one that was clicked.
  constructor(bans, toggle) {
    this.toggle = toggle;
    this.places = new Map([...bans].map(([country, control]) => [country, this.lay(country, control)]));
    $("countries").append(...[...this.places.values()].map(({ button }) => button));
    $("world").hidden = this.places.size === 0;
  }

  lay(country, control) {
    const share = element("small");
    const button = element("button", { type: "button", className: "country", "aria-pressed": "false" }, name(control.label), share);
    button.addEventListener("click", (event) => this.toggle(control, event.timeStamp));
    return { control, button, share, path: null, shares: [0, 0], out: false };
  }

  // Draw the outlines: those of countries that can be left out can be clicked, all others are one piece of land.
  drawOutlines(outlines) {
    const land = Object.entries(outlines).filter(([country]) => !this.places.has(country)).map(([, path]) => path).join("");
    $("map").append(mark("path", { d: land }));
    for (const [country, place] of this.places) {
      if (!outlines[country]) continue;
      place.path = mark("path", { d: outlines[country] });
      place.path.append(mark("title", {}));
      place.path.addEventListener("click", (event) => this.toggle(place.control, event.timeStamp));
      $("map").append(place.path);
      this.paint(place);
    }
  }

  // Draw the shares of a plan, by basis and then by country.
  draw(shares) {
    for (const [country, place] of this.places) {
      const now = BASES.map((basis) => shares[basis][country] ?? 0);
      if (now.every((share, which) => share === place.shares[which])) continue;
      place.shares = now;
      this.paint(place);
    }
  }

  // Mark what is left out.
  mark(isOut) {
    for (const place of this.places.values()) {
      const out = isOut(place.control);
      if (place.out === out) continue;
      place.out = out;
      put(place.button, { "aria-pressed": String(out), title: out ? "left out; click to allow it again" : "plan without it" });
      this.paint(place);
    }
  }

  paint({ control, share, path, shares, out }) {
    const [byControl, byPlace] = shares.map((one) => percent(one));
    const steps = shares.map((one, which) => `${BASES[which]}${step(one)}`).join(" ");
    if (share.children.length === 0) share.append(...BASES.map((basis) => element("span", { className: `by ${basis}` })));
    shares.forEach((one, which) => say(share.children[which], step(one) ? percent(one) : ""));
    if (!path) return;
    put(path, { class: `${steps}${out ? " out" : ""}` });
    say(path.firstChild, `${control.label}: ${byControl} by control, ${byPlace} by place${out ? "; left out" : ""}`);
  }
}

function step(share) {
  return share < 5e-4 ? 0 : 1 + STEPS.filter((least) => share >= least).length;
}
