// Elements made and changed; what stands there already is not written again, so that a redraw costs what changes.
const SVG = "http://www.w3.org/2000/svg";

export const $ = (id) => document.getElementById(id);

export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made && key !== "list") made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

export function mark(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export function name(text) {
  return element("bdi", { textContent: text });
}

// Set attributes that differ.
export function put(one, attributes) {
  for (const [key, value] of Object.entries(attributes)) if (one.getAttribute(key) !== value) one.setAttribute(key, value);
}

// Set a text that differs.
export function say(one, text) {
  if (one.textContent !== text) one.textContent = text;
}

// A length as SVG takes it: a part of the whole, from 0 to 1.
export function part(share) {
  return `${(100 * Math.min(Math.max(share, 0), 1)).toFixed(2)}%`;
}
