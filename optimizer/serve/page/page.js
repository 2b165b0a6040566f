// The live page: controls move, the server answers, the drawings follow. What is moved stands in the address.
import { Controls } from "./controls.js";
import { $, element, name } from "./dom.js";
import { Drawing } from "./drawing.js";
import { Losses } from "./losses.js";
import { valueOf } from "./numbers.js";
import { State } from "./state.js";
import { World } from "./world.js";

const LATER = 300; // milliseconds of rest before the address is written: browsers count how often it is
const KEEPING = 0; // number of the question that keeps a plan, which no move takes the place of
const OFTEN = 150;
const SELDOM = 1500;
const LOST = "Lost"; // an answer that cannot come any more: its question is asked again
const ENDS = new Set(["answer", "noplan", "fault", "kept", "unkept", "tested", "untested"]); // what a question waits for
const NOTHING = { here: [], at_ends: [] }; // what is known of sliders that change nothing, where no plan stands
const GONE = "The server does not answer; start lodeplan serve again. What is moved stands in the address.";
const CUT = "The answer broke off.";
const page = crypto.randomUUID();

const instance = await (await fetch("instance")).json();
const state = new State(instance.controls);
const bans = new Map(instance.controls.filter((one) => one.country).map((one) => [one.country, one]));
const world = new World(bans, (control, happened) => put(control, !state.valueOf(control.name), happened));
const drawing = new Drawing(instance, world);
const controls = new Controls($("controls"), instance.controls, moved);
const losses = new Losses(instance.losses, askLosses, (said) => {
  state.losses = said;
  writeAddress();
});

let count = 0; // number of the last question
let asked = 0; // when the event happened that it answers
let sending = false;
let waiting = false;
let lost = false; // whether the last question was asked in vain, which is seen to when the server next answers anything
let answering = null;
let texts = {};
let writing = 0;

document.title = `What if: ${instance.title}`;
$("money").textContent = `, ${instance.currency}`;
$("name").replaceChildren(name(instance.name));
state.read(location.hash);
controls.show(state);
losses.choose(state.losses);
showMoved();
look();
reach("outlines").then((response) => response.json()).then((outlines) => world.drawOutlines(outlines)).catch(() => {}); // told already

// Move a control from elsewhere than its row.
function put(control, value, happened) {
  controls.set(control.name, value);
  moved(control, value, happened);
}

function moved(control, value, happened) {
  state.move(control.name, value);
  showMoved();
  ask(happened);
}

// Ask for the plan of what is moved; while the server has not taken one question, only the last of the next ones waits.
function ask(happened = performance.now()) {
  count += 1;
  lost = false;
  asked = happened;
  delete document.documentElement.dataset.settled;
  losses.wait();
  writeAddress();
  controls.blame(null);
  waiting = true;
  send();
}

function writeAddress() {
  clearTimeout(writing);
  writing = setTimeout(() => history.replaceState(null, "", state.address || location.pathname), LATER);
}

// Have the plan tested; what is told of that is not told of moves, and the other way round.
function askLosses(asked, signal, tell) {
  question("losses", { page: `${page} tests`, ...asked }, signal, tell, ({ message }) => tell("fault", { number: asked.number, message }));
}

async function send() {
  if (sending || !waiting || !drawing.ready) return;
  sending = true;
  waiting = false;
  answering?.abort();
  const mine = answering = new AbortController();
  const taken = () => {
    if (mine !== answering) return; // the end of a question that was given up says nothing of the next one
    sending = false;
    send();
  };
  const number = count;
  const failed = (error) => {
    if (number !== count) return; // another question took its place
    if (error.name === LOST) lose();
    else fault(error.message);
  };
  await question("move", { number, moves: state.moves, last: state.last }, mine.signal, told, failed, taken);
}

// Ask something, and hear the answer event by event; a browser keeps few connections, so a long answer comes in pieces.
async function question(path, body, signal, tell, failed, taken = () => {}) {
  let answered = false;
  const listen = (kind, said) => {
    answered ||= ENDS.has(kind);
    tell(kind, said);
  };
  try {
    let later = await hear(await post(path, body, signal), listen, taken);
    while (later) later = await hear(await post("more", { page: body.page ?? page, number: body.number }, signal), listen);
    if (!answered) throw losing(CUT);
  } catch (error) {
    if (signal?.aborted) return; // it was given up
    failed(error);
  }
  taken();
}

// Grey what stands there, as its question has no answer; it is asked again.
function lose() {
  lost = true;
  leaveUnproven("asking again");
}

function told(kind, said) {
  if (said.number === count || said.number === KEEPING) hearing[kind](said);
}

// Hear one piece of an answer to its end; return whether more is to be asked for.
async function hear(response, tell, taken = () => {}) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  let later = false;
  for (;;) {
    const { value, done } = await reader.read().catch(() => { throw losing(CUT); });
    if (done) return later;
    taken();
    text += value;
    const events = text.split("\n\n");
    text = events.pop();
    for (const event of events) {
      const [, kind, data] = /^event: (\w+)\ndata: (.*)$/s.exec(event);
      if (kind === "later") later = true;
      else tell(kind, JSON.parse(data));
    }
  }
}

async function post(path, body, signal) {
  const request = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ page, ...body }), signal };
  const response = await reach(path, request);
  if (response.ok) return response;
  const { message } = await response.json().catch(() => ({ message: `The server refuses what is asked (${response.status}).` }));
  throw response.status === 410 ? losing(message) : new Error(message);
}

async function reach(path, request) {
  try {
    const response = await fetch(path, request);
    unnotice("gone");
    return response;
  } catch (error) {
    if (error.name === "AbortError") throw error;
    notice(GONE, "gone");
    throw losing(GONE);
  }
}

function losing(message) {
  return Object.assign(new Error(message), { name: LOST });
}

const hearing = {
  texts: (said) => { texts = said; },
  interval: (interval) => {
    drawing.drawInterval(interval);
    controls.tellUnfelt(NOTHING); // it was said of the plan before
    performance.measure("interval", { start: asked, end: performance.now(), detail: count });
  },
  answer: drawn,
  noplan: noPlan,
  nearest,
  conflict,
  fault: ({ message }) => fault(message),
  kept: ({ path, tested, untested }) =>
    notice(`${tested ? "Plan, its test and report" : "Plan and report"} are in ${path}.${untested && ` Without a test: ${untested}`}`),
  unkept: ({ message }) => notice(message),
};

// Look from time to time for the base plan, for prices, and for a change on disk; nothing is held open for that.
async function look() {
  let next = OFTEN;
  try {
    const news = await (await reach(`news?read=${instance.read}`)).json();
    waiting ||= lost;
    lost = false;
    send();
    next = heard(news) ? SELDOM : OFTEN;
  } catch {
    next = SELDOM; // told already
  }
  setTimeout(look, next);
}

// Return whether nothing new is to come soon.
function heard(news) {
  if (news.read !== instance.read) {
    history.replaceState(null, "", state.address || location.pathname);
    location.reload();
    return true;
  }
  if (news.base && !drawing.ready) {
    drawing.setBase(news.base, news.colours);
    waiting = state.moved.size > 0;
    if (waiting) send();
    else if (news.base.message) noPlan(news.base);
    else drawn(news.base);
  }
  if (drawing.ready) controls.price(news.prices, drawing.size);
  if (state.moved.size === 0 && news.base?.cost !== undefined && "settled" in document.documentElement.dataset) controls.tellUnfelt(news.unfelt);
  const again = () => post("reload", {});
  if (news.unread && !news.changed) notice(`The instance on disk cannot be used; this is still the one from before. ${news.unread}`, "unread");
  else unnotice("unread");
  if (news.changed) notice("The instance has changed on disk.", "changed", "read it again", again);
  else unnotice("changed");
  return news.priced;
}

function drawn(answer) {
  unnotice("fault");
  const start = performance.now();
  drawing.draw(answer);
  controls.tellUnfelt(answer.unfelt ?? NOTHING);
  performance.measure("redraw", { start, end: performance.now() });
  document.documentElement.dataset.settled = answer.number ?? "";
  losses.take(answer.number === undefined ? [] : state.moves);
  requestAnimationFrame(() => performance.measure("answer", { start: asked, end: performance.now(), detail: count }));
}

function noPlan({ message }) {
  unnotice("fault");
  drawing.drawNoPlan(message);
  losses.none();
  controls.tellUnfelt(NOTHING);
  document.documentElement.dataset.settled = "";
}

// Say which control leaves no plan, and go to the nearest place that has one at a click.
function nearest({ control: key, value }) {
  const control = state.controls.get(key);
  controls.blame(key);
  const go = element("button", { type: "button", textContent: "go there" });
  go.addEventListener("click", (event) => put(control, value, event.timeStamp));
  const at = value === control.base ? `where it was, at ${valueOf(control, value)}` : `at ${valueOf(control, value)}`;
  const where = [element("b", {}, name(control.label)), " has a plan ", element("b", { textContent: at }), ". ", go];
  $("sentence").append(...where);
}

function conflict({ parts }) {
  const said = parts.flatMap((part) => part.conflicts.map((one) => one.limits.join(", ")));
  const words = said.length ? `These limits cannot hold together: ${said.join("; ")}.` : "No limit is to blame: the market itself has no plan.";
  $("sentence").append(words);
}

function fault(message) {
  leaveUnproven("cannot be asked");
  notice(message, "fault", "ask again", async () => ask());
}

// Grey what stands there, which is not what was asked for.
function leaveUnproven(words) {
  document.body.classList.add("stale");
  controls.tellUnfelt(NOTHING);
  drawing.prove("none", words);
}

function showMoved() {
  $("chips").replaceChildren(...state.moves.map(([key, value]) => {
    const control = state.controls.get(key);
    const change = `${valueOf(control, control.base)} \u2192 ${valueOf(control, value)}`;
    const where = control.group === "Limits" ? control.label : `${control.group.toLowerCase()}: ${control.label}`;
    const chip = element("button", { type: "button", className: "chip", title: "put it back" }, name(where), ` ${change}`);
    chip.addEventListener("click", (event) => put(control, control.base, event.timeStamp));
    return chip;
  }));
  world.mark((control) => state.valueOf(control.name));
  const some = state.moved.size > 0;
  $("actions").hidden = !some;
  if (!some) $("chips").textContent = "nothing yet";
}

function notice(text, kind = "", action = "", then = null) {
  $("notice").hidden = false;
  $("notice").dataset.kind = kind;
  $("notice").replaceChildren(text);
  if (!action) return;
  const button = element("button", { type: "button", textContent: action });
  button.addEventListener("click", () => then().catch((error) => notice(error.message)));
  $("notice").append(" ", button);
}

function unnotice(kind) {
  if ($("notice").dataset.kind === kind) $("notice").hidden = true;
}

async function copy(text, button) {
  const words = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "copied";
  } catch {
    notice(text);
  }
  setTimeout(() => { button.textContent = words; }, 1500);
}

$("copy-command").addEventListener("click", (event) => copy(texts.command ?? "", event.target));
$("copy-case").addEventListener("click", (event) => copy(texts.case ?? "", event.target));
$("reset").addEventListener("click", (event) => {
  state.clear();
  controls.show(state);
  showMoved();
  ask(event.timeStamp);
});
$("find").addEventListener("input", (event) => controls.find(event.target.value));
$("keep").addEventListener("click", () => {
  const name = $("keep-name").value.trim();
  question("keep", { page: `${page} keeps`, number: KEEPING, moves: state.moves, name, ...losses.chosen }, undefined, told, ({ message }) => notice(message));
});
addEventListener("hashchange", () => {
  if (!state.read(location.hash)) return;
  losses.choose(state.losses);
  controls.show(state);
  showMoved();
  ask();
});
