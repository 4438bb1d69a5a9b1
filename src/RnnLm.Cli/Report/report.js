"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const $ = id => document.getElementById(id);

function add(parent, tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  parent.append(element);
  return element;
}

// ---- Characters and numbers as they are shown ----

const names = { "": "∎", " ": "␣", "\n": "↵", "\r": "␍", "\t": "⇥", "\u00a0": "⍽" };
const isMark = c => c in names || /^[\p{C}\p{Z}]$/u.test(c);
const show = c => names[c] ?? (/^\p{C}$/u.test(c) ? "□" : c);
const say = c => c === "" ? "the end of the text" : c === "\n" ? "the end of the line" : c === " " ? "a space" : c === "\t" ? "a tab" : `‘${show(c)}’`;
const percent = p => p >= 0.0995 ? `${(100 * p).toFixed(0)} %` : p >= 0.001 ? `${(100 * p).toFixed(1)} %` : "< 0.1 %";
const whole = n => n.toLocaleString("en");
const signed = (x, digits) => (x < 0 ? "−" : "+") + Math.abs(x).toFixed(digits);

function short(x) {
  if (x === 0) return "0";
  const size = Math.abs(x);
  for (const [unit, letter] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]])
    if (size >= unit) return +(x / unit).toPrecision(3) + letter;
  return size >= 1e-3 ? String(+x.toPrecision(3)) : x.toExponential().replace("e-", "e−").replace(/(\.\d\d)\d+/, "$1");
}

// ---- Head ----

document.querySelector("h1").textContent = data.title;
$("kind").textContent = data.kind;
for (const [list, facts] of [[$("figures"), data.figures], [$("facts"), data.facts]]) {
  for (const fact of facts) {
    const parent = list.id === "figures" ? add(list, "div") : list;
    add(parent, "dt", fact.name);
    add(parent, "dd", fact.value);
  }
}

// ---- Curves ----

const svgNs = "http://www.w3.org/2000/svg";
function draw(parent, tag, attributes, text) {
  const element = document.createElementNS(svgNs, tag);
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
}

// Round numbers over a range: 1, 2 or 5 times a power of ten apart.
function ticks(low, high, count) {
  const raw = (high - low) / count, power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find(m => m * power >= raw * 0.999);
  const result = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) result.push(+(i * step).toPrecision(12));
  return result;
}

function logTicks(low, high) {
  if (high < 10 * low) return ticks(low, high, 4);
  for (const steps of [[1, 2, 5], [1, 3], [1]]) {
    const result = [];
    for (let p = Math.floor(Math.log10(low)); p <= Math.ceil(Math.log10(high)); p++)
      for (const m of steps) if (m * 10 ** p >= low * 0.999 && m * 10 ** p <= high * 1.001) result.push(+(m * 10 ** p).toPrecision(6));
    if (result.length <= 6 && result.length >= 2) return result;
  }
  return ticks(low, high, 4);
}

const charts = [];
let cursor = null;

function curve(title, unit, options, ...series) {
  for (const s of series) s.points = data.steps.filter(at => s.value(at) != null && (!options.log || s.value(at) > 0)).map(at => ({ at, x: at.step, y: s.value(at) }));
  series = series.filter(s => s.points.length > 0);
  if (series.length === 0) return;
  const figure = add($("curves"), "figure", undefined, options.wide ? "wide" : "");
  const caption = add(figure, "figcaption", title);
  add(caption, "small", unit + (options.log ? ", logarithmic" : ""));
  const output = add(caption, "output");
  const svg = draw(figure, "svg", { role: "img", tabindex: "0" });
  const last = s => s.points[s.points.length - 1];
  svg.setAttribute("aria-label", `${title} over steps: ` + series.map(s => `${s.name} from ${short(s.points[0].y)} to ${short(last(s).y)}`).join("; "));
  const chart = { svg, series, options, output };
  const point = event => {
    const box = svg.getBoundingClientRect(), step = chart.step(event.clientX - box.left);
    select(nearest(data.steps, step, at => at.step));
  };
  svg.addEventListener("pointermove", point);
  svg.addEventListener("pointerdown", point);
  svg.addEventListener("pointerleave", () => select(null));
  svg.addEventListener("blur", () => select(null));
  svg.addEventListener("keydown", event => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!move) return;
    event.preventDefault();
    const i = cursor ? data.steps.indexOf(cursor) + move : move > 0 ? 0 : data.steps.length - 1;
    select(data.steps[Math.max(0, Math.min(data.steps.length - 1, i))]);
  });
  charts.push(chart);
  new ResizeObserver(() => render(chart)).observe(figure);
}

function nearest(list, x, of) {
  return list.reduce((a, b) => Math.abs(of(b) - x) < Math.abs(of(a) - x) ? b : a);
}

function render({ svg, series, options }) {
  const chart = charts.find(c => c.svg === svg), width = svg.parentNode.clientWidth, height = options.wide ? 230 : 170;
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.style.height = `${height}px`;
  const all = series.flatMap(s => s.points), ys = all.map(p => p.y);
  let low = options.zero ? 0 : Math.min(...ys), high = Math.max(...ys);
  if (high === low) [low, high] = options.log ? [low / 2, high * 2] : [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2];
  const f = options.log ? Math.log : y => y;
  const room = options.zero ? 0 : (f(high) - f(low)) * 0.05;
  const bottom = f(low) - room, top = f(high) + (f(high) - f(low)) * 0.05;
  const g = options.log ? Math.exp : y => y;
  const yTicks = options.log ? logTicks(g(bottom), g(top)) : ticks(g(bottom), g(top), options.wide ? 7 : 4);
  const left = 10 + 7 * Math.max(...yTicks.map(t => short(t).length)), right = series.length > 1 ? 12 + 7 * Math.max(...series.map(s => s.name.length)) : 12;
  const xHigh = Math.max(...all.map(p => p.x)), xFirst = Math.min(...all.map(p => p.x)), xLow = xFirst < xHigh / 2 ? 0 : xFirst - 1;
  const x = v => left + (v - xLow) / (xHigh - xLow) * (width - left - right);
  const y = v => 12 + (top - f(v)) / (top - bottom) * (height - 12 - 24);
  chart.x = x; chart.y = y; chart.step = px => xLow + (px - left) / (width - left - right) * (xHigh - xLow); chart.height = height;
  for (const t of yTicks) {
    draw(svg, "line", { class: "grid", x1: left, x2: width - right, y1: y(t), y2: y(t) });
    draw(svg, "text", { x: left - 6, y: y(t) + 4, "text-anchor": "end" }, short(t));
  }
  draw(svg, "line", { class: "axis", x1: left, x2: width - right, y1: height - 24, y2: height - 24 });
  const xTicks = ticks(xLow, xHigh, Math.max(3, Math.floor((width - left - right) / 90)));
  for (const t of xTicks) draw(svg, "text", { x: x(t), y: height - 8, "text-anchor": "middle" }, short(t));
  if (options.best && data.bestStep != null && data.bestStep >= xLow && data.bestStep <= xHigh) {
    const at = x(data.bestStep), ends = at > (left + width - right) / 2;
    draw(svg, "line", { class: "best", x1: at, x2: at, y1: 12, y2: height - 24 });
    draw(svg, "text", { x: at + (ends ? -5 : 5), y: 22, "text-anchor": ends ? "end" : "start" }, "best, kept");
  }
  const labels = [];
  for (const s of series) {
    draw(svg, "path", { class: s.colour, d: s.points.map((p, i) => `${i ? "L" : "M"}${x(p.x).toFixed(1)} ${y(p.y).toFixed(1)}`).join("") });
    if (s.points.length <= 30) for (const p of s.points) draw(svg, "circle", { class: s.colour, cx: x(p.x), cy: y(p.y), r: 3.5 });
    if (series.length > 1) labels.push({ s, y: y(s.points[s.points.length - 1].y) + 4 });
  }
  // Names stand beside the ends of their lines, as near as they may without touching.
  labels.sort((a, b) => a.y - b.y);
  for (let i = 1; i < labels.length; i++) labels[i].y = Math.max(labels[i].y, labels[i - 1].y + 15);
  for (const label of labels) draw(svg, "text", { class: label.s.colour, x: width - right + 6, y: label.y }, label.s.name);
  chart.layer = draw(svg, "g", {});
  mark(chart);
}

function mark(chart) {
  chart.layer.replaceChildren();
  chart.output.textContent = "";
  if (!cursor) return;
  draw(chart.layer, "line", { class: "cursor", x1: chart.x(cursor.step), x2: chart.x(cursor.step), y1: 12, y2: chart.height - 24 });
  const values = [];
  for (const s of chart.series) {
    // Between evaluations, the last one says what there is to say.
    const known = s.points.filter(p => p.x <= cursor.step), p = s.points.find(q => q.at === cursor) ?? known[known.length - 1];
    if (!p) continue;
    draw(chart.layer, "circle", { class: s.colour, cx: chart.x(p.x), cy: chart.y(p.y), r: 4.5 });
    values.push((chart.series.length > 1 ? s.name + " " : "") + (chart.options.digits ? p.y.toFixed(chart.options.digits) : short(p.y)));
  }
  chart.output.textContent = `step ${whole(cursor.step)}: ${values.join(", ")}`;
}

function select(at) {
  cursor = at;
  charts.forEach(mark);
}

function training() {
  if (data.steps.length === 0) {
    $("training-note").textContent = "The model file keeps no history of its training, so there are no curves to draw.";
    $("evaluations").hidden = true;
    return;
  }
  const last = data.steps[data.steps.length - 1], classifier = data.isClassifier;
  $("training-note").textContent = `${whole(last.step)} steps, ${whole(last.epoch)} ${last.epoch === 1 ? "epoch" : "epochs"}. Losses are in nats for each ${classifier ? "text" : "character"}, each the mean over the steps just before its point. Point at a curve, or move along it with the arrow keys, to read its values.`;
  const names = ["training", "validation"], colours = ["first", "second"];
  const pair = (...values) => values.map((value, i) => ({ name: names[i], colour: colours[i], value }));
  curve("Loss", classifier ? "nats per text" : "nats per character", { wide: true, best: true, digits: 3 }, ...pair(at => at.loss, at => at.validation));
  if (classifier)
    curve("Accuracy", "share of validation texts", { wide: true, digits: 3 }, { name: "validation", colour: "second", value: at => at.accuracy });
  else
    curve("Perplexity", "exp of the loss", { wide: true, log: true, best: true, digits: 2 }, ...pair(at => at.loss == null ? null : Math.exp(at.loss), at => at.validation == null ? null : Math.exp(at.validation)));
  const single = value => ({ name: "", colour: "first", value });
  curve("Learning rate", "per update", { zero: true }, single(at => at.learningRate));
  curve("Gradient norm", "before clipping", { log: true }, single(at => at.gradientNorm || null));
  curve("Speed", classifier ? "texts a second" : "characters a second", { zero: true }, single(at => at.speed || null));

  const rows = data.steps.filter(at => at.validation != null);
  $("evaluations").hidden = rows.length === 0;
  const table = $("evaluations").querySelector("table"), head = add(add(table, "thead"), "tr"), body = add(table, "tbody");
  const columns = [["step", at => whole(at.step)], ["epoch", at => whole(at.epoch)], ["training loss", at => at.loss?.toFixed(4) ?? ""], ["validation loss", at => at.validation.toFixed(4)],
    ["perplexity", at => Math.exp(at.validation).toFixed(3)], ["accuracy", at => at.accuracy == null ? "" : percent(at.accuracy)], ["seconds", at => at.seconds.toFixed(0)]];
  for (const [name] of columns) add(head, "th", name).scope = "col";
  for (const at of rows) {
    const row = add(body, "tr");
    for (const [, value] of columns) add(row, "td", value(at));
  }
}

// ---- Samples ----

function samples() {
  $("samples").hidden = data.samples.length === 0;
  for (const sample of data.samples) {
    const block = add($("texts"), "div", undefined, "prompt");
    if (data.samples.length > 1) add(block, "h3", sample.prompt || "no prompt");
    const cards = add(block, "div", undefined, "cards");
    for (const text of sample.texts) {
      const card = add(cards, "article");
      add(card, "h4", `temperature ${text.temperature}`);
      const body = add(card, "p");
      if (sample.prompt) add(body, "strong", sample.prompt);
      body.append(text.text + (text.ended ? "" : "…"));
    }
  }
}

// ---- Units ----

const cell = 9, rowHeight = 7, gutter = 58, head = 18;
let state = 0, unit = 0, spans = [], values;

function bytes(map) {
  return map.bytes ??= Int8Array.from(atob(map.values), c => c.charCodeAt(0) << 24 >> 24);
}
const activation = (u, t) => bytes(data.reading.states[state])[u * data.reading.characters.length + t] / 127;
const unitName = u => (Math.max(...data.reading.states[state].units.map(v => v.layer)) > 1 ? `layer ${u.layer}, ` : "") + `unit ${u.unit}`;

function units() {
  const reading = data.reading;
  $("units").hidden = $("guesses").hidden = reading === null;
  if (reading === null) return;
  for (const source of document.querySelectorAll(".source")) source.textContent = reading.source;
  for (const [i, map] of reading.states.entries()) add($("state"), "option", map.name).value = i;
  $("state-control").hidden = reading.states.length < 2;
  const box = $("coloured");
  box.setAttribute("aria-label", reading.characters.join(""));
  spans = reading.characters.map((c, t) => {
    const span = add(box, "span", isMark(c) && c !== " " ? show(c) : c, isMark(c) && c !== " " ? "mark" : "");
    span.dataset.t = t;
    if (c === "\n" || c === "") box.append("\n");
    return span;
  });
  for (const follower of reading.followers) {
    const button = add($("followers"), "button");
    button.type = "button";
    const u = reading.states[follower.state].units[follower.unit];
    button.textContent = `${follower.what}: unit ${u.unit}, r ${signed(follower.correlation, 2)}`;
    button.addEventListener("click", () => choose(follower.state, follower.unit));
    button.follower = follower;
  }
  $("followers").hidden = reading.followers.length === 0;
  $("state").addEventListener("change", () => choose(+$("state").value, 0));
  $("unit").addEventListener("change", () => choose(state, +$("unit").value));
  const step = by => choose(state, (unit + by + reading.states[state].units.length) % reading.states[state].units.length);
  $("previous").addEventListener("click", () => step(-1));
  $("next").addEventListener("click", () => step(1));
  for (const kind of ["pointermove", "pointerdown"]) box.addEventListener(kind, event => tell(event.target.dataset.t));
  const heat = $("heat"), at = event => {
    const bounds = heat.getBoundingClientRect();
    const t = Math.floor((event.clientX - bounds.left - gutter) / cell), u = Math.floor((event.clientY - bounds.top - head) / rowHeight);
    return t >= 0 && t < reading.characters.length && u >= 0 && u < rows() ? [u, t] : null;
  };
  heat.addEventListener("pointermove", event => {
    const found = at(event);
    if (found) $("heat-readout").textContent = `${unitName(reading.states[state].units[found[0]])} after ${say(reading.characters[found[1]])}: ${signed(activation(...found) * reading.states[state].limit, 2)}`;
  });
  heat.addEventListener("click", event => {
    const found = at(event);
    if (found) choose(state, found[0]);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => choose(state, unit));
  const first = reading.followers[0];
  choose(first ? first.state : 0, first ? first.unit : 0);
}

const rows = () => Math.min(64, data.reading.states[state].units.length);

function choose(newState, newUnit) {
  const reading = data.reading, list = $("unit");
  if (newState !== state || list.options.length === 0) {
    list.replaceChildren();
    for (const [i, u] of reading.states[newState].units.entries()) add(list, "option", (u.layer > 1 || reading.states[newState].units.some(v => v.layer > 1) ? `layer ${u.layer}, ` : "") + `unit ${u.unit} (sd ${u.deviation.toFixed(2)})`).value = i;
  }
  [state, unit] = [newState, newUnit];
  [$("state").value, list.value] = [state, unit];
  const map = reading.states[state];
  $("least").textContent = signed(-map.limit, map.limit > 1 ? 1 : 0);
  $("most").textContent = signed(map.limit, map.limit > 1 ? 1 : 0);
  for (const button of $("followers").children) button.setAttribute("aria-pressed", button.follower.state === state && button.follower.unit === unit);
  for (const [t, span] of spans.entries()) span.style.backgroundColor = wash(activation(unit, t));
  tell();
  paint();
}

const wash = a => `rgba(var(--wash-${a < 0 ? "negative" : "positive"}), ${Math.abs(a).toFixed(2)})`;

function tell(place) {
  const t = place === undefined ? undefined : +place;
  const map = data.reading.states[state];
  $("unit-readout").textContent = t === undefined ? `${unitName(map.units[unit])}, ${map.name}, standard deviation ${map.units[unit].deviation.toFixed(2)}`
    : `${unitName(map.units[unit])} after ${say(data.reading.characters[t])}: ${signed(activation(unit, t) * map.limit, 2)}`;
}

function rgb(name) {
  const hex = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));
}

function paint() {
  const canvas = $("heat"), characters = data.reading.characters, map = data.reading.states[state], count = rows(), scale = window.devicePixelRatio || 1;
  const width = gutter + characters.length * cell + 1, height = head + count * rowHeight + 1;
  [canvas.width, canvas.height] = [width * scale, height * scale];
  [canvas.style.width, canvas.style.height] = [`${width}px`, `${height}px`];
  canvas.setAttribute("aria-label", `Activations (${map.name}) of the ${count} units that vary most, over ${characters.length} characters`);
  const context = canvas.getContext("2d"), style = getComputedStyle(document.documentElement);
  const [positive, negative, middle] = [rgb("--positive"), rgb("--negative"), rgb("--middle")];
  context.scale(scale, scale);
  context.font = `12px ${style.getPropertyValue("--mono")}`;
  context.textAlign = "center";
  context.fillStyle = style.getPropertyValue("--soft");
  characters.forEach((c, t) => context.fillText(c === " " ? "" : show(c), gutter + (t + 0.5) * cell, 13));
  for (let u = 0; u < count; u++) {
    for (let t = 0; t < characters.length; t++) {
      const a = activation(u, t), pole = a < 0 ? negative : positive;
      context.fillStyle = `rgb(${middle.map((m, i) => Math.round(m + (pole[i] - m) * Math.abs(a))).join()})`;
      context.fillRect(gutter + t * cell, head + u * rowHeight, cell, rowHeight);
    }
  }
  context.textAlign = "right";
  context.font = "11px system-ui, sans-serif";
  context.fillStyle = style.getPropertyValue("--soft");
  for (let u = 0; u < count; u += 2) {
    if (Math.abs(u - unit) > 1) context.fillText(map.units.some(v => v.layer > 1) ? `${map.units[u].layer}·${map.units[u].unit}` : map.units[u].unit, gutter - 8, head + (u + 0.5) * rowHeight + 4);
  }
  if (unit < count) {
    context.strokeStyle = context.fillStyle = style.getPropertyValue("--ink");
    context.font = "bold 11px system-ui, sans-serif";
    context.fillText(map.units.some(v => v.layer > 1) ? `${map.units[unit].layer}·${map.units[unit].unit}` : map.units[unit].unit, gutter - 8, head + (unit + 0.5) * rowHeight + 4);
    context.lineWidth = 1.5;
    context.strokeRect(gutter - 0.75, head + unit * rowHeight - 0.75, characters.length * cell + 1, rowHeight + 1.5);
  }
}

// ---- Guesses ----

function guesses() {
  const reading = data.reading;
  if (reading === null) return;
  const box = $("columns");
  reading.characters.forEach((c, t) => {
    const column = add(box, "div");
    column.dataset.t = t;
    add(column, "b", show(c), isMark(c) ? "mark" : "");
    for (const guess of reading.guesses[t] ?? []) {
      const span = add(column, "span", show(guess.character), (guess.character === c ? "hit " : "") + (isMark(guess.character) ? "mark" : ""));
      span.style.backgroundColor = wash(guess.probability);
    }
    // A line of its own for each that is not empty.
    if ((c === "\n" || c === "") && reading.characters[t + 1] !== "\n") add(box, "div", undefined, "break");
  });
  for (const kind of ["pointermove", "pointerdown"]) box.addEventListener(kind, event => {
    const column = event.target.closest("[data-t]");
    if (!column) return;
    const t = +column.dataset.t, found = reading.guesses[t];
    $("guess-readout").textContent = found === null ? "Nothing stands before this character, so nothing was expected."
      : `${say(reading.characters[t])} came, which had ${percent(reading.probabilities[t])}. Expected: ` + found.map(g => `${say(g.character)} ${percent(g.probability)}`).join(", ");
  });
}

// ---- Characters ----

function vocabulary() {
  const { source, total, unknown, characters } = data.vocabulary, list = $("counts");
  $("vocabulary-note").textContent = source === null
    ? `The model knows ${whole(characters.length)} characters. How often each occurs is counted where a text is given.`
    : `How often each of the ${whole(characters.length)} characters that the model knows occurs among the ${whole(total)} of ${source}.` + (unknown > 0 ? ` ${whole(unknown)} of those (${percent(unknown / total)}) are unknown to it.` : "");
  list.classList.toggle("plain", source === null);
  const most = characters[0].count, shown = characters.slice(0, 240);
  for (const c of shown) {
    const item = add(list, "li");
    item.title = c.code;
    add(item, "code", show(c.character), isMark(c.character) ? "mark" : "");
    if (source === null) continue;
    add(add(item, "div"), "i").style.cssText = `display:block;width:${(100 * c.count / Math.max(1, most)).toFixed(1)}%`;
    add(item, "em", whole(c.count));
  }
  if (shown.length < characters.length) add($("vocabulary"), "p", `and ${whole(characters.length - shown.length)} rarer ones.`, "note");
}

training();
samples();
units();
guesses();
vocabulary();
