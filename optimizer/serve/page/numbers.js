// Numbers as they are read: thin spaces for thousands and before the sign of per cent, a true minus.
const THIN = "\u202f";
const MINUS = "\u2212";

export function number(value, decimals = 0) {
  const rounded = Math.abs(value).toFixed(decimals);
  const [whole, part] = rounded.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, THIN);
  const below = value < 0 && Number(rounded) !== 0;
  return (below ? MINUS : "") + grouped + (part ? `.${part}` : "");
}

export function signed(value, decimals = 0) {
  const said = number(value, decimals);
  return said.startsWith(MINUS) || Number(Math.abs(value).toFixed(decimals)) === 0 ? said : `+${said}`;
}

export function percent(share, decimals = 1) {
  return `${number(100 * share, decimals)}${THIN}%`;
}

// An amount of money in a size, with the decimals that sentences give it.
export function money(amount, by) {
  return number(amount / by, Math.abs(amount / by) < 100 ? 2 : by > 1 ? 1 : 0);
}

// A probability, as on the report: with one decimal, and one too small for that with its own digits.
export function chance(share) {
  return share >= 0.0005 || share <= 0 ? percent(share) : `${plain(100 * share)}${THIN}%`;
}

// A number that somebody set, with the digits that it has.
export function plain(value) {
  const digits = String(Number(value.toPrecision(6)));
  const decimals = digits.includes("e") ? 0 : (digits.split(".")[1] ?? "").length;
  return number(value, decimals);
}

// The size in which money is told, from the largest amount beside it.
export function sizeOf(amount) {
  if (Math.abs(amount) >= 1e11) return { by: 1e9, word: "billion ", letter: "bn" };
  if (Math.abs(amount) >= 1e6) return { by: 1e6, word: "million ", letter: "M" };
  return { by: 1, word: "", letter: "" };
}

export function valueOf(control, value) {
  switch (control.measure) {
    case "share": return `${plain(100 * value)}${THIN}%`;
    case "percent": return `${signed(100 * value)}${THIN}%`;
    case "points": return value === 0 ? "as it is" : `+${plain(100 * value)}${THIN}%`;
    default:
      if (typeof value === "boolean") return value ? "on" : "off";
      return typeof value === "number" ? `${plain(value)}` : value;
  }
}
