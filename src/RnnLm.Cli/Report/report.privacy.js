
// ---- Privacy ----

const share = p => p === 0 || p === 1 ? `${100 * p} %` : p < 0.0005 ? "< 0.1 %" : p > 0.9995 ? "> 99.9 %" : `${(100 * p).toFixed(1)} %`;

function privacy() {
  const found = data.privacy, at = $("privacy");
  if (!found) return;
  at.hidden = false;
  const { generated, held_out: real, exposure } = found, bits = x => x == null ? "–" : x.toFixed(2);
  $("privacy-note").textContent = generated === null ? `What ${found.model} remembers of canaries, made-up rows that were planted in its training file.`
    : `Rows that ${found.model} wrote (${generated.file}) beside the ${whole(found.training_rows)} rows that it was trained on (${found.training_file}), and real rows that it was not trained on (${real.file}). The page shows no text of any of these rows.`;
  $("verdict").textContent = [found.verdict, exposure?.verdict].filter(words => words).join(" ");

  const rows = {
    copies: [["rows", r => whole(r.rows)], ["copies of a training row", r => whole(r.copies)], ["share", r => share(r.copy_share)]],
    repeats: [["repeats of an earlier row", r => whole(r.repeats)], ["share", r => share(r.repeat_share)]],
    distance: [["rows compared", r => whole(r.compared)], ...[["least", "min"], ["1 % of rows up to", "p1"], ["5 % of rows up to", "p5"], ["median", "median"], ["mean", "mean"]]
      .map(([name, key]) => [name, r => r.distance[key].toFixed(3)])],
    near_copies: [[`near copies, distance up to ${found.near_copy_threshold}`, r => whole(r.near_copies)], ["share", r => share(r.near_copy_share)]],
    run: [["median", r => whole(r.run.median)], ["mean", r => r.run.mean.toFixed(2)], ["99 % of rows up to", r => whole(r.run.p99)], ["longest", r => whole(r.run.max)]],
  };
  for (const figure of found.figures) {
    const block = add($("privacy-figures"), "div");
    add(block, "h3", figure.title);
    if (rows[figure.figure]) compare(block, rows[figure.figure], generated, real);
    if (figure.figure === "distance") histogram(block, "Distance to the closest training row", found.distance_histogram, generated.compared, real.compared,
      bin => bin.up_to === 0 ? "0: copies" : `${short(bin.above)} to ${short(bin.up_to)}`, bin => bin.up_to === 0 ? "0" : short(bin.up_to));
    if (figure.figure === "run") histogram(block, "Longest run, in characters", found.run_histogram, generated.compared, real.compared,
      bin => bin.above + 1 === bin.up_to ? whole(bin.up_to) : `${whole(bin.above + 1)} to ${whole(bin.up_to)}`, bin => whole(bin.up_to));
    if (figure.figure === "exposure") exposed(block, exposure, bits);
    add(block, "p", figure.means);
    add(block, "p", figure.does_not_mean, "not");
  }
  if (exposure && !found.figures.some(f => f.figure === "exposure"))
    add($("privacy-figures"), "p", "The model does not know the characters of the canaries, so that their exposure could not be measured.");
}

function compare(parent, lines, generated, real) {
  const box = add(parent, "div", undefined, "scroll"), table = add(box, "table"), head = add(add(table, "thead"), "tr"), body = add(table, "tbody");
  add(head, "th", "");
  for (const [name, colour] of [["generated", "first"], ["held-out", "second"]]) add(head, "th", name, colour).scope = "col";
  for (const [name, value] of lines) {
    const row = add(body, "tr");
    for (const text of [name, value(generated), value(real)]) add(row, "td", text);
  }
}

function exposed(parent, exposure, bits) {
  add(parent, "p", `Format ${exposure.format}: ${short(exposure.combinations)} texts, so that ${bits(exposure.max_exposure)} bits are the most.`);
  const groups = add(add(parent, "div", undefined, "scroll"), "table"), head = add(add(groups, "thead"), "tr"), body = add(groups, "tbody");
  for (const name of ["planted", "canaries", "mean exposure", ""]) add(head, "th", name).scope = "col";
  for (const group of exposure.by_repeats) {
    const row = add(body, "tr");
    add(row, "td", group.repeats === 0 ? "not planted" : group.repeats === 1 ? "once" : `${whole(group.repeats)} times`);
    add(row, "td", whole(group.canaries));
    add(row, "td", bits(group.mean_exposure));
    add(add(row, "td", undefined, "bar"), "i").style.width = `${(100 * group.mean_exposure / Math.max(1e-9, exposure.max_exposure)).toFixed(1)}%`;
  }
  const details = add(parent, "details");
  add(details, "summary", "Each canary");
  const box = add(details, "div", undefined, "scroll");
  [box.tabIndex, box.role, box.ariaLabel] = [0, "region", "Canaries"];
  const table = add(box, "table"), names = add(add(table, "thead"), "tr"), list = add(table, "tbody");
  for (const name of ["canary", "planted", "exposure", "rank", "found"]) add(names, "th", name).scope = "col";
  const methods = { exact: "exactly", sampled: "by drawn texts", extrapolated: "by a fitted distribution", none: "not: unknown characters" };
  for (const canary of exposure.canaries) {
    const row = add(list, "tr");
    add(add(row, "td"), "code", canary.text);
    for (const text of [whole(canary.repeats), bits(canary.exposure), canary.rank == null ? "–" : (canary.method === "exact" ? "" : "≈ ") + short(canary.rank), methods[canary.method]])
      add(row, "td", text);
  }
}

// Where bars begin, beside the figures of the axis.
const barsAt = 48;

// Two bars for each bin, as shares of the rows compared.
function histogram(parent, title, bins, generated, real, say, tick) {
  const figure = add(parent, "figure"), caption = add(figure, "figcaption", title);
  add(caption, "small", "share of rows");
  const output = add(caption, "output"), svg = draw(figure, "svg", { role: "img" });
  const values = bins.map(bin => [bin.generated / generated, bin.held_out / real]);
  svg.setAttribute("aria-label", `${title}, share of rows: ` + bins.map((bin, i) => `${say(bin)}: generated ${share(values[i][0])}, held-out ${share(values[i][1])}`).join("; "));
  const render = () => {
    svg.replaceChildren();
    const width = Math.max(240, figure.clientWidth), height = 180, left = barsAt, bottom = 24, top = 12, most = Math.max(1e-9, ...values.flat());
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const y = v => height - bottom - v / most * (height - bottom - top), slot = (width - left) / bins.length, bar = Math.max(1, slot * 0.4);
    for (const t of ticks(0, most, 4)) {
      draw(svg, "line", { class: t === 0 ? "axis" : "grid", x1: left, x2: width, y1: y(t), y2: y(t) });
      draw(svg, "text", { x: left - 6, y: y(t) + 4, "text-anchor": "end" }, `${short(100 * t)} %`);
    }
    const every = Math.ceil(36 / slot);
    bins.forEach((bin, i) => {
      const x = left + i * slot + slot * 0.1;
      values[i].forEach((v, k) => draw(svg, "rect", { class: k ? "second" : "first", x: x + k * bar, y: y(v), width: bar, height: Math.max(0, y(0) - y(v)) }));
      if (i % every === 0 && left + (i + 0.5) * slot < width - 20) draw(svg, "text", { x: left + (i + 0.5) * slot, y: height - 8, "text-anchor": "middle" }, tick(bin));
    });
  };
  for (const kind of ["pointermove", "pointerdown"]) svg.addEventListener(kind, event => {
    const box = svg.getBoundingClientRect(), i = Math.floor((event.clientX - box.left - barsAt) / ((box.width - barsAt) / bins.length));
    output.textContent = i >= 0 && i < bins.length ? `${say(bins[i])}: generated ${share(values[i][0])}, held-out ${share(values[i][1])}` : "";
  });
  svg.addEventListener("pointerleave", () => output.textContent = "");
  new ResizeObserver(render).observe(figure);
}

privacy();
