// If it stopped: which losses the plan at hand is tested against, and what stays covered then, as the report draws it.
import { $, element, say } from "./dom.js";

const REST = 200; // milliseconds for which nothing has moved before a plan is tested
const ALL = ""; // as long as makes half a year

export class Losses {
  // `ask` sends a question and calls back with what is told; `chosen` hears that something else is to be tested.
  constructor({ who, lasts }, ask, chosen) {
    this.ask = ask;
    this.known = new Set(who.map(([asked]) => asked));
    this.longest = lasts.at(-1);
    this.count = 0;
    this.plan = null; // the moves of the plan that stands on the page
    this.waiting = 0;
    this.asking = null;
    $("lost").append(...who.map(([value, words]) => element("option", { value, textContent: words })));
    $("lasting").append(element("option", { value: ALL, textContent: "half a year" }),
      ...lasts.map((periods) => element("option", { value: periods, textContent: periods === 1 ? "1 period" : `${periods} periods` })));
    for (const one of [$("stopping"), $("lost"), $("lasting")]) {
      one.addEventListener("change", () => {
        this.show();
        chosen(this.said);
        this.test();
      });
    }
  }

  // What is chosen, as the address says it: nothing, or who stops and for how many periods.
  get said() {
    return $("stopping").checked ? [$("lost").value, $("lasting").value].filter(Boolean).join(" ") : "";
  }

  // The same as it is asked for: who stops, and for how many periods.
  get chosen() {
    if (!$("stopping").checked) return {};
    return { who: $("lost").value, lasts: $("lasting").value === ALL ? null : Number($("lasting").value) };
  }

  // Choose what an address says, as far as it can be chosen.
  choose(said) {
    const [who, lasts] = said.split(" ");
    const on = this.known.has(who);
    const changed = (on ? said : "") !== this.said;
    $("stopping").checked = on;
    if (on) $("lost").value = who;
    if (on) $("lasting").value = Number(lasts) >= 1 && Number(lasts) <= this.longest ? lasts : ALL;
    this.show();
    if (changed) this.test();
  }

  show() {
    $("stopped-body").hidden = !$("stopping").checked;
  }

  // Another plan is asked for: what was tested is no longer of the plan at hand.
  wait() {
    this.plan = null;
    this.stop();
    say($("testing"), "");
  }

  // There is no plan: what was tested last stays, greyed.
  none() {
    this.wait();
    say($("testing"), "no plan to test");
  }

  // A plan stands on the page: it is tested once nothing has moved for a moment.
  take(moves) {
    this.plan = moves;
    this.stop();
    if ($("stopping").checked) this.waiting = setTimeout(() => this.test(), REST);
  }

  stop() {
    clearTimeout(this.waiting);
    this.asking?.abort();
    this.asking = null;
    $("stopped").classList.add("old");
    delete $("stopped").dataset.tested;
  }

  test() {
    this.stop();
    if (!$("stopping").checked || this.plan === null) return;
    this.asking = new AbortController();
    this.count += 1;
    say($("testing"), "testing");
    const number = this.count;
    this.ask({ number, moves: this.plan, ...this.chosen }, this.asking.signal, (kind, said) => {
      if (said.number === this.count) this.hearing[kind]?.(said);
    });
  }

  hearing = {
    testing: ({ found, every }) => say($("testing"), `${found} of ${every} answered`),
    tested: ({ answer, drawing, unsaid, command }) => {
      say($("stopped-answer"), answer);
      $("stopped-table").replaceChildren(...new DOMParser().parseFromString(drawing, "text/html").body.childNodes);
      $("stopped-unsaid").replaceChildren(...unsaid.map((line) => element("p", { textContent: line })),
        element("p", {}, "Once the plan is kept: ", element("code", { textContent: command })));
      this.settle();
    },
    untested: ({ message }) => this.fail(message),
    fault: ({ message }) => this.fail(message),
  };

  // Say why nothing is known.
  fail(message) {
    say($("stopped-answer"), message);
    $("stopped-table").replaceChildren();
    $("stopped-unsaid").replaceChildren();
    this.settle();
  }

  settle() {
    say($("testing"), "");
    $("stopped").classList.remove("old");
    $("stopped").dataset.tested = this.count;
  }
}
