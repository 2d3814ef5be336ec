/* Find your area: a search over the tables of areas. Its figures are read from the cells; text goes in as text alone. */
const finder = document.querySelector(".area-finder");
if (finder) {
  const LEVELS = { england: "Country", region: "Region", icb: "ICB", "sub-icb": "Sub-ICB", pcn: "Network" };
  const MOST = 30; // options: more than a reader looks through
  const censuses = finder.dataset.censuses.split(" ");
  const afterGaps = finder.dataset.afterGaps.split(" ");
  const monthOf = (census) => new Date(`${census}-15T12:00Z`).toLocaleDateString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });

  /* The areas, in the order of the page. Under an ICB each sub-ICB's row comes before those of its networks. */
  const areas = [];
  all("details.areas", finder).forEach((details) => {
    let icb = null;
    all("tbody", details).forEach((body) => {
      const trends = body.dataset.t.split(";");
      let subIcb = null;
      [...body.rows].forEach((row, number) => {
        const level = row.className || "pcn";
        const small = row.querySelector("small")?.textContent ?? "";
        const named = row.cells[0].textContent.slice(0, -small.length || undefined);
        const [, name, code] = named.match(/^(.*) \(([^()]*)\)$/s) ?? [null, named, ""];
        const [fte, people, rate, contracted] = [...row.cells].slice(1).map((cell) => cell.textContent);
        const notes = small ? small.split("; ") : [];
        const area = { name, code, level, fte, people, rate, contracted, notes, trend: trends[number], details, region: details.dataset.region };
        if (level === "icb") icb = area;
        if (level === "sub-icb") subIcb = area;
        area.icb = level === "sub-icb" || level === "pcn" ? icb : null;
        area.subIcb = level === "pcn" ? subIcb : null;
        area.words = ` ${name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ")} `;
        areas.push(area);
      });
    });
  });
  const england = areas.find(({ level }) => level === "england");
  const meanings = new Map(all(".area-notes dt", finder).map((term) => [term.textContent.toLowerCase(), term.nextElementSibling.textContent]));
  const meaningOf = (note) => [...meanings].find(([short]) => note.startsWith(short))?.[1];

  /* How well an area answers what was typed: lower is better, -1 is not at all. */
  const fit = (area, typed) => {
    const wanted = typed.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
    if (!wanted) return -1;
    if (area.code.toLowerCase() === wanted) return 0;
    if (area.words.startsWith(` ${wanted}`) || area.words.startsWith(` nhs ${wanted}`)) return 1;
    if (area.words.includes(` ${wanted}`)) return 2;
    if (area.code.toLowerCase().startsWith(wanted)) return 3;
    return wanted.split(" ").every((word) => area.words.includes(` ${word}`)) ? 4 : area.words.includes(wanted) ? 5 : -1;
  };
  const found = (typed) => areas.map((area, place) => ({ area, place, rank: fit(area, typed.toLowerCase()) }))
    .filter(({ rank }) => rank >= 0).sort((a, b) => a.rank - b.rank || a.place - b.place).map(({ area }) => area);

  /* The search: a combobox with a list, the first option chosen beforehand (ARIA Authoring Practices). */
  const field = make("input", { id: "area-search", type: "text", autocomplete: "off", spellcheck: false });
  const list = make("ul", { id: "area-options", hidden: true });
  const result = make("div", { className: "area-result", hidden: true });
  const set = (element, attributes) => Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  set(field, { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "area-options", "aria-describedby": "area-hint" });
  set(list, { role: "listbox", "aria-label": "Areas" });
  const place = finder.querySelector(".area-search");
  place.append(
    make("label", { htmlFor: "area-search", textContent: "Name or code of an ICB, sub-ICB or network" }),
    make("p", { id: "area-hint", className: "hint", textContent: "Type, choose with the arrow keys, and press Enter." }),
    make("div", { className: "area-field" }, field, list), result);
  let shown = [], active = -1;
  const close = () => {
    list.hidden = true; active = -1;
    field.setAttribute("aria-expanded", "false"); field.removeAttribute("aria-activedescendant");
  };
  const activate = (number) => {
    active = (number + shown.length) % shown.length;
    [...list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === active)));
    list.children[active].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", `area-option-${active}`);
  };
  const whereIs = (area) => [LEVELS[area.level], area.code, area.icb?.name ?? area.region].filter(Boolean).join(", ");
  const open = () => {
    const fitting = found(field.value);
    shown = fitting.slice(0, MOST);
    list.replaceChildren(...shown.map((area, index) => {
      const option = make("li", { id: `area-option-${index}` }, make("b", { textContent: area.name, dir: "auto" }), make("span", { textContent: whereIs(area) }));
      set(option, { role: "option", "aria-selected": "false" });
      return option;
    }));
    if (!field.value.trim()) { close(); say(""); return; }
    list.hidden = !shown.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
    if (shown.length) activate(0); else close();
    say(!fitting.length ? "No area has this name or code." : fitting.length > MOST ? `${fitting.length} areas fit; the first ${MOST} are listed.` : `${fitting.length} ${fitting.length === 1 ? "area fits" : "areas fit"}.`);
  };
  const choose = (area) => {
    close();
    field.value = area.name;
    const hash = `#area=${encodeURIComponent(area.code)}`;
    if (location.hash === hash) show(area); else location.hash = hash;
  };
  field.addEventListener("input", open);
  field.addEventListener("focus", () => field.select());
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { if (list.hidden) field.value = ""; close(); return; }
    if (event.key === "Enter" && !list.hidden && shown[active]) { event.preventDefault(); choose(shown[active]); return; }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    if (list.hidden) open(); else activate(active + step);
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (option) choose(shown[[...list.children].indexOf(option)]);
  });

  /* The trend: FTE in tenths, x where there is none, nothing where it is as before. */
  const series = (area) => {
    let before = "";
    const told = area.trend.split(",");
    return censuses.map((census, index) => {
      before = told[index] || before;
      return { census, fte: before === "x" ? null : Number(before) / 10 };
    });
  };
  const numbered = (value, places = 1) => value.toLocaleString("en-GB", { minimumFractionDigits: places, maximumFractionDigits: places });
  const trendWords = (area) => {
    const known = series(area).filter(({ fte }) => fte !== null);
    if (known.length < 2) return known.length ? "There is one figure, and so no trend." : "";
    const first = known[0], last = known.at(-1);
    const most = known.reduce((best, point) => (point.fte >= best.fte ? point : best));
    const missing = censuses.length - known.length;
    return `${numbered(first.fte)} FTE in ${monthOf(first.census)}, ${most === last ? "" : `${numbered(most.fte)} in ${monthOf(most.census)}, the highest drawn, and `}${numbered(last.fte)} in ${monthOf(last.census)}${most === last ? ", the highest drawn" : ""}.${missing ? ` No figure at ${missing} of ${censuses.length} censuses.` : ""}`;
  };
  const draw = (tag, attributes, text) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    set(element, attributes);
    if (text) element.textContent = text;
    return element;
  };
  const trendDrawing = (area) => {
    const points = series(area), known = points.filter(({ fte }) => fte !== null);
    const months = (census) => Number(census.slice(0, 4)) * 12 + Number(census.slice(5));
    const [start, end] = [months(censuses[0]), months(censuses.at(-1))];
    const top = Math.max(...known.map(({ fte }) => fte)) || 1;
    const x = ({ census }) => 12 + 296 * (months(census) - start) / Math.max(end - start, 1);
    const y = ({ fte }) => 96 - 72 * fte / top;
    const svg = draw("svg", { viewBox: "0 0 320 124", role: "img", "aria-labelledby": "area-trend-title area-trend-desc", class: "area-trend" });
    svg.append(draw("title", { id: "area-trend-title" }, `FTE of ${finder.dataset.role}, ${area.name}`), draw("desc", { id: "area-trend-desc" }, trendWords(area)));
    svg.append(draw("path", { d: "M12 96H308", class: "axis" }));
    let line = "";
    points.forEach((point, index) => {
      if (point.fte !== null) line += `${index && points[index - 1].fte !== null && !afterGaps.includes(point.census) ? "L" : "M"}${x(point).toFixed(1)} ${y(point).toFixed(1)}`;
    });
    svg.append(draw("path", { d: line, class: "line" }), ...known.map((point) => draw("circle", { cx: x(point).toFixed(1), cy: y(point).toFixed(1), r: 2.5 })));
    const label = (point) => draw("text", { x: x(point).toFixed(1), y: (y(point) - 8).toFixed(1), "text-anchor": x(point) > 160 ? "end" : "start" }, numbered(point.fte));
    svg.append(label(known[0]), label(known.at(-1)));
    svg.append(draw("text", { x: 12, y: 116 }, monthOf(censuses[0])), draw("text", { x: 308, y: 116, "text-anchor": "end" }, monthOf(censuses.at(-1))));
    return svg;
  };

  /* What is shown of the area chosen. */
  const number = (text) => (/\d/.test(text) ? Number(text.replace(/,/g, "").replace("−", "-")) : null);
  const employer = (area) => {
    const [fte, contracted] = [number(area.fte), number(area.contracted)];
    const own = area.level === "pcn" ? "the network’s own staff" : "networks’ own staff";
    if (fte === null || contracted === null) return "Not available.";
    if (!fte) return "Nobody in this role.";
    if (!contracted) return `All are ${own}.`;
    if (contracted === fte) return "All are contracted services: another organisation employs them.";
    return `${numbered(fte - contracted)} FTE are ${own}; ${area.contracted} FTE are contracted services, whose people another organisation employs.`;
  };
  const perPatients = (area) => {
    const beside = [["its ICB", area.icb], ["England", area === england ? null : england]].filter(([, other]) => other);
    return [area.rate === "[x]" ? "Not available" : `${area.rate} FTE`, ...beside.map(([name, other]) => `${name} ${other.rate === "[x]" ? "not available" : other.rate}`)].join("; ");
  };
  const reporting = (area) => {
    const counted = area.notes.find((note) => note.endsWith("reported"));
    if (counted) return `${counted}.`;
    return number(area.fte) === null ? `It did not report in ${finder.dataset.at}.` : `It reported in ${finder.dataset.at}.`;
  };
  const linkTo = (area) => make("a", { href: `#area=${encodeURIComponent(area.code)}`, textContent: area.name });
  const show = (area) => {
    const heading = make("h3", { id: "area-heading", tabIndex: -1, textContent: area.name, dir: "auto" });
    const inside = [area.subIcb, area.icb].filter(Boolean).flatMap((other) => [", ", linkTo(other)]);
    const row = (term, ...said) => make("div", {}, make("dt", { textContent: term }), make("dd", {}, ...said));
    const figure = (text) => (text === "[x]" || text === "[z]" ? "not available" : text);
    const cautions = area.notes.filter((note) => !note.endsWith("reported"));
    const breaks = finder.querySelector(".area-breaks")?.textContent;
    const drawn = trendWords(area);
    const parts = [
      heading,
      make("p", {}, `${LEVELS[area.level]}, code ${area.code}`, ...inside, `${area.region ? `, ${area.region}` : ""}. ${finder.dataset.at}.`),
      make("dl", {},
        row(`FTE of ${finder.dataset.role}`, figure(area.fte)),
        row("People, own staff only", figure(area.people)),
        row("For each 10,000 patients", perPatients(area)),
        row("Who employs them", employer(area)),
        row("Coverage", reporting(area)),
        ...(cautions.length ? [row("Before you use these figures", make("ul", {}, ...cautions.map((note) => make("li", { textContent: `${note[0].toUpperCase()}${note.slice(1)}. ${meaningOf(note) ?? ""}` }))))] : [])),
    ];
    if (series(area).filter(({ fte }) => fte !== null).length > 1) {
      parts.push(make("h4", { textContent: "Trend" }), trendDrawing(area), make("p", { className: "area-trend-words", textContent: drawn }));
      if (breaks) parts.push(make("p", { className: "note", textContent: breaks }));
    } else if (drawn) parts.push(make("p", { textContent: drawn }));
    const button = make("button", { type: "button", className: "plain", textContent: "Copy a link to this area" });
    button.addEventListener("click", () => navigator.clipboard?.writeText(location.href).then(() => say("The link was copied."), () => {}));
    const table = make("button", { type: "button", className: "plain", textContent: "Show it in its table" });
    table.addEventListener("click", () => {
      area.details.parentElement.closest("details").open = area.details.open = true;
      area.details.querySelector("summary").focus();
    });
    parts.push(make("p", {}, button, " ", table));
    result.replaceChildren(...parts);
    result.hidden = false;
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ block: "start", behavior: "instant" });
  };

  /* The address carries the choice: #area=QE1. */
  const fromAddress = () => {
    if (!location.hash.startsWith("#area=")) return;
    let code = "";
    try { code = decodeURIComponent(location.hash.slice("#area=".length)); } catch { /* shown as unknown below */ }
    const area = areas.find((other) => other.code.toUpperCase() === code.toUpperCase());
    if (area) { field.value = area.name; show(area); return; }
    const heading = make("h3", { id: "area-heading", tabIndex: -1, textContent: "No such area" });
    result.replaceChildren(heading, make("p", { textContent: `No area of this report has the code ${code.slice(0, 20)}. Search for it by name.` }));
    result.hidden = false;
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ block: "start", behavior: "instant" });
  };
  addEventListener("hashchange", fromAddress);
  fromAddress();
  document.querySelector(".skip-to-area")?.addEventListener("click", (event) => { event.preventDefault(); field.focus({ preventScroll: true }); place.scrollIntoView({ block: "start", behavior: "instant" }); });
}
