"use strict";
// Tables sort, filter and are saved as CSV. Without this script they stand there all the same.
const MOST = 500, OF_MANY = 100, // rows that are drawn at a time: of tables that stand in the page whole, and of others
  THIN = "\u202f", MINUS = "\u2212";

function spell(figure, kind) {
  if (figure === null || Number.isNaN(figure)) return "";
  if (kind === "year") return String(figure);
  const share = kind === "share", value = share ? 100 * figure : figure, size = Math.abs(value);
  const whole = !share && (size >= 1000 || Number.isInteger(value));
  const decimals = share ? 1 : whole ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 4;
  let said = size.toFixed(decimals);
  const negative = value < 0 && Number(said) !== 0;
  const [units, rest] = said.split(".");
  said = units.replace(/\B(?=(\d{3})+$)/g, THIN) + (rest ? "." + rest : "");
  return (negative ? MINUS : "") + said + (share ? THIN + "%" : "");
}

function read(text) {
  const plain = text.replace(/[\s%]/g, "").replace(MINUS, "-");
  return plain === "" ? NaN : Number(plain);
}

// A column is its texts, each once, with their places; or its numbers.
function textColumn(words, at) {
  const order = words.map((_, i) => i).sort((a, b) => words[a].localeCompare(words[b], "en", { numeric: true }));
  const rank = new Uint32Array(words.length);
  order.forEach((word, place) => { rank[word] = place; });
  return { words, at, keys: Float64Array.from(at, (word) => rank[word]) };
}

function modelOfData(kinds, data) {
  const first = data[0];
  const count = data.reduce((most, one) => Math.max(most, (one.at || one).length || 0), 0);
  const columns = data.map((one, place) => {
    if (kinds[place] !== "text") return { keys: Float64Array.from(one, (x) => (x === null ? NaN : x)) };
    const at = one.by ? first.at.map((word) => one.by[word]) : one.at.length ? one.at : new Uint32Array(count);
    return textColumn(one.words, at);
  });
  const rows = [];
  const row = (i) => rows[i] || (rows[i] = draw(kinds, columns, i));
  return { count, columns, row, text: (c, i) => (columns[c].words ? columns[c].words[columns[c].at[i]] : spell(columns[c].keys[i], kinds[c])) };
}

function draw(kinds, columns, i) {
  const row = document.createElement("tr");
  columns.forEach((column, place) => {
    row.insertCell().textContent = column.words ? column.words[column.at[i]] : spell(column.keys[i], kinds[place]);
  });
  return row;
}

function modelOfRows(kinds, trs) {
  const columns = kinds.map((kind, place) => {
    const texts = trs.map((tr) => tr.cells[place].textContent);
    if (kind !== "text") return { keys: Float64Array.from(texts, read) };
    const words = [...new Set(texts)], places = new Map(words.map((word, at) => [word, at]));
    return textColumn(words, texts.map((text) => places.get(text)));
  });
  return { count: trs.length, columns, row: (i) => trs[i], text: (c, i) => trs[i].cells[c].textContent };
}

function matching(model, asked) {
  const kept = [];
  const tests = asked.toLowerCase().split(/\s+/).filter(Boolean).map((word) =>
    model.columns.map((column) => column.words && column.words.map((text) => text.toLowerCase().includes(word))));
  for (let i = 0; i < model.count; i++) {
    if (tests.every((test) => test.some((hits, c) => hits && hits[model.columns[c].at[i]]))) kept.push(i);
  }
  return kept;
}

// Sorts without a comparison of our own, which is several times as fast: by rank and place packed into one number.
function sorted(rows, keys, down) {
  const count = keys.length, line = Float64Array.from(rows, (i) => keys[i]).sort();
  let known = line.length;
  while (known && Number.isNaN(line[known - 1])) known--;
  const packed = Float64Array.from(rows, (i) => {
    if (Number.isNaN(keys[i])) return known * count + i;
    let low = 0, high = known;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (line[middle] < keys[i]) low = middle + 1; else high = middle;
    }
    return (down ? known - 1 - low : low) * count + i;
  }).sort();
  return Array.from(packed, (one) => one % count);
}

function csvCell(text) {
  const plain = text.replace(new RegExp(THIN, "g"), "").replace(MINUS, "-");
  const safe = /^[=+\-@\t\r]/.test(plain) && Number.isNaN(Number(plain.replace("%", ""))) ? "'" + plain : plain;
  return /[",\n\r]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
}

function enliven(details) {
  const table = details.querySelector("table"), body = table.tBodies[0], foot = table.tFoot;
  const heads = [...table.tHead.rows[0].cells], kinds = heads.map((th) => th.dataset.kind);
  const named = heads.map((th) => th.textContent), block = details.querySelector("script");
  const key = details.id.replace("table-", "");
  const most = block ? OF_MANY : MOST;
  let model = null, rows = [], shown = most, by = -1, down = false;
  const load = () => {
    if (model) return;
    model = block ? modelOfData(kinds, JSON.parse(block.textContent)) : modelOfRows(kinds, [...body.rows]);
    rows = matching(model, "");
  };
  if (block) (window.requestIdleCallback || setTimeout)(load); // so that the first sort is as quick as the next
  const tools = document.createElement("div");
  tools.className = "tools";
  const filter = document.createElement("input");
  filter.type = "search";
  filter.placeholder = "filter";
  filter.setAttribute("aria-label", "Filter " + key);
  const save = document.createElement("button");
  save.type = "button";
  save.textContent = "Save as CSV";
  const more = document.createElement("button");
  more.type = "button";
  more.textContent = most + " more rows";
  const count = document.createElement("output");
  tools.append(filter, save, count, more);
  more.hidden = !block;
  details.querySelector("summary").after(tools);

  const show = () => {
    load();
    body.replaceChildren(...rows.slice(0, shown).map(model.row));
    if (foot) foot.hidden = true;
    more.hidden = rows.length <= shown;
    const told = Math.min(shown, rows.length);
    count.textContent = told < model.count ? `${spell(told)} of ${spell(model.count)} rows` : "";
  };
  const arrange = () => { if (by >= 0) rows = sorted(rows, model.columns[by].keys, down); };
  heads.forEach((th, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = th.textContent;
    th.replaceChildren(button);
    button.addEventListener("click", () => {
      load();
      down = by === place ? !down : kinds[place] !== "text";
      by = place;
      heads.forEach((one) => one.removeAttribute("aria-sort"));
      th.setAttribute("aria-sort", down ? "descending" : "ascending");
      arrange();
      show();
    });
  });
  filter.addEventListener("input", () => {
    load();
    rows = matching(model, filter.value);
    shown = most;
    arrange();
    show();
  });
  more.addEventListener("click", () => { shown += most; show(); });
  save.addEventListener("click", () => {
    load();
    const lines = [named, ...rows.map((i) => named.map((_, c) => model.text(c, i)))];
    const blob = new Blob(["\ufeff" + lines.map((line) => line.map(csvCell).join(",")).join("\r\n") + "\r\n"], { type: "text/csv" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = key + ".csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
}

document.querySelectorAll("details.table").forEach(enliven);
