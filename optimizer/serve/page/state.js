// Where everything stands: what is moved, in the order in which it was first moved, and the same as an address.
const LOSSES = "if it stopped"; // no control is called like that

export class State {
  constructor(controls) {
    this.controls = new Map(controls.map((control) => [control.name, control]));
    this.moved = new Map();
    this.last = "";
    this.losses = ""; // what the plan is tested against
  }

  valueOf(name) {
    return this.moved.has(name) ? this.moved.get(name) : this.controls.get(name).base;
  }

  move(name, value) {
    if (value === this.controls.get(name).base) this.moved.delete(name);
    else this.moved.set(name, value);
    this.last = name;
  }

  clear() {
    this.moved.clear();
    this.last = "";
  }

  get moves() {
    return [...this.moved];
  }

  get address() {
    const said = new URLSearchParams(this.moves.map(([name, value]) => [name, spell(value)]));
    if (this.losses) said.set(LOSSES, this.losses);
    return said.size ? `#${said}` : "";
  }

  // Take what an address says, as far as this instance has it; return whether anything is other than before.
  read(address) {
    const before = this.address;
    this.moved.clear();
    this.losses = "";
    for (const [name, said] of new URLSearchParams(address.replace(/^#/, ""))) {
      if (name === LOSSES) this.losses = said;
      const control = this.controls.get(name);
      const value = control && parse(control, said);
      if (value !== undefined && value !== control.base) this.moved.set(name, value);
      if (value !== undefined) this.last = name;
    }
    return this.address !== before;
  }
}

function spell(value) {
  return typeof value === "boolean" ? (value ? "on" : "off") : String(value);
}

function parse(control, said) {
  switch (control.shape) {
    case "slider": {
      const value = Number(said);
      return said.trim() !== "" && value >= control.least && value <= control.greatest ? value : undefined;
    }
    case "switch": return said === "on" ? true : said === "off" ? false : undefined;
    case "choice": return control.choices.includes(said) ? said : undefined;
    default: return /^\d{4}-\d{2}-\d{2}$/.test(said) ? said : undefined;
  }
}
