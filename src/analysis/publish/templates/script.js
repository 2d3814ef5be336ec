/* Adds to a page that is whole without it: sorting, saving, origins near their figure, links to headings, values of marks. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const announcer = document.querySelector(".announcer");
  const say = (text) => { if (announcer) announcer.textContent = text; };

  /* Tables: a button in each column heading sorts by the unrounded value; cells without one come last. */
  const sortKey = (cell) => {
    if (cell.dataset.value !== undefined) return Number(cell.dataset.value);
    return cell.classList.contains("number") ? null : cell.textContent.trim();
  };
  const compare = (a, b) => (typeof a === "number" ? a - b : String(a).localeCompare(String(b), "en-GB", { numeric: true }));
  const sortBy = (table, column, header) => {
    const direction = header.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
    const rows = all("tr", table.tBodies[0]).map((row) => ({ row, key: sortKey(row.cells[column]) }));
    const known = rows.filter(({ key }) => key !== null && key !== "");
    const unknown = rows.filter(({ key }) => key === null || key === "");
    known.sort((a, b) => (direction === "ascending" ? 1 : -1) * compare(a.key, b.key));
    table.tBodies[0].append(...[...known, ...unknown].map(({ row }) => row));
    all("th[aria-sort]", table.tHead).forEach((other) => other.removeAttribute("aria-sort"));
    header.setAttribute("aria-sort", direction);
    say(`Sorted by ${header.textContent.trim()}, ${direction}.`);
  };
  all("table[data-sortable]").forEach((table) => {
    if (!table.tHead || table.tBodies[0].rows.length < 2) return;
    [...table.tHead.rows[0].cells].forEach((header, column) => {
      const button = make("button", { type: "button" }, ...header.childNodes);
      button.addEventListener("click", () => sortBy(table, column, header));
      header.append(button);
    });
  });

  /* Downloads: a page that was sent alone has no folder beside it, so that what it shows can be saved from the page. */
  const csvCell = (cell) => {
    const text = cell.dataset.value ?? cell.textContent.trim();
    const harmless = cell.dataset.value === undefined && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
  };
  const csvOf = (table) => {
    const synthetic = document.body.classList.contains("is-synthetic");
    return [...table.rows].map((row, number) =>
      [...[...row.cells].map(csvCell), ...(synthetic ? [number ? "yes" : "synthetic_data"] : [])].join(",")).join("\r\n");
  };
  all("p.download").forEach((line) => {
    const link = line.querySelector("a[download]");
    const table = line.parentElement.querySelector("table");
    if (!link || !table) return;
    const button = make("button", { type: "button", className: "plain", textContent: "Save what is shown" });
    button.addEventListener("click", () => {
      const href = URL.createObjectURL(new Blob([`\ufeff${csvOf(table)}\r\n`], { type: "text/csv" }));
      make("a", { href, download: link.getAttribute("href").split("/").pop() }).click();
      setTimeout(() => URL.revokeObjectURL(href), 1000);
      say("Saved the table as it stands on the page.");
    });
    line.append(" ", button);
  });

  /* A region takes a tab stop only while there is something to scroll. */
  const regions = all(".table-scroll, .chart-scroll");
  const tabStop = (region) => region.scrollWidth > region.clientWidth + 1
    ? region.setAttribute("tabindex", "0") : region.removeAttribute("tabindex");
  const watcher = new ResizeObserver((entries) => entries.forEach(({ target }) => tabStop(target)));
  regions.forEach((region) => watcher.observe(region));

  /* Origins: the entry at the end of the page, shown beside its figure. Escape closes; focus goes back. */
  const inputText = (link) => {
    const input = document.getElementById(link.hash.slice(1));
    return input ? [...input.cloneNode(true).childNodes] : [link.textContent];
  };
  const fillCard = (card, entry) => {
    const copy = entry.cloneNode(true);
    const links = all('a[href^="#input-"]', copy);
    if (links.length) {
      const used = links.map((link) => make("li", {}, ...inputText(link), link.nextSibling.textContent.replace(/,\s*$/, "")));
      links[0].parentElement.replaceChildren(make("ul", {}, ...used));
    }
    const close = make("button", { type: "button", className: "plain", textContent: "Close" });
    close.addEventListener("click", () => card.close());
    card.replaceChildren(close, ...copy.childNodes);
  };
  const place = (card, near) => {
    const figure = near.getBoundingClientRect();
    const size = card.getBoundingClientRect();
    const below = figure.bottom + 8;
    const top = below + size.height > innerHeight ? Math.max(8, figure.top - size.height - 8) : below;
    card.style.top = `${Math.min(top, Math.max(8, innerHeight - size.height - 8))}px`;
    card.style.left = `${Math.max(8, Math.min(figure.left, innerWidth - size.width - 8))}px`;
  };
  const facts = all("a.fact");
  if (facts.length && typeof HTMLDialogElement === "function") {
    const card = make("dialog", { className: "card" });
    card.setAttribute("aria-label", "Origin of this figure");
    document.querySelector("main").append(card);
    card.addEventListener("click", (event) => { if (event.target === card) card.close(); });
    facts.forEach((fact) => {
      fact.setAttribute("aria-haspopup", "dialog");
      fact.addEventListener("click", (event) => {
        const entry = document.getElementById(decodeURIComponent(fact.hash.slice(1)));
        if (!entry || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        fillCard(card, entry);
        card.showModal();
        place(card, fact);
        card.addEventListener("close", () => fact.focus(), { once: true });
      });
    });
  }

  /* Charts: one tab stop for all marks, arrows between them, the value written below. */
  all("figure.chart").forEach((figure) => {
    const drawings = all("svg", figure).filter((svg) => !svg.parentElement.closest("svg") && svg.querySelector(".mark"));
    if (!drawings.length) return;
    const value = make("p", { className: "mark-value" });
    value.setAttribute("aria-hidden", "true"); // a screen reader hears the mark itself
    drawings.at(-1).after(value);
    drawings.forEach((svg) => {
      const marks = all(".mark", svg);
      if (svg.getAttribute("role") === "img") svg.setAttribute("role", "group"); // an image hides what is inside it
      const show = (mark) => { value.textContent = mark.getAttribute("aria-label") || mark.querySelector("title")?.textContent || ""; };
      const go = (mark) => {
        marks.forEach((other) => other.setAttribute("tabindex", other === mark ? "0" : "-1"));
        mark.focus();
      };
      marks.forEach((mark, index) => {
        mark.setAttribute("tabindex", index ? "-1" : "0");
        mark.addEventListener("focus", () => show(mark));
        mark.addEventListener("pointerenter", () => show(mark));
        mark.addEventListener("keydown", (event) => {
          const to = { ArrowRight: index + 1, ArrowDown: index + 1, ArrowLeft: index - 1, ArrowUp: index - 1, Home: 0, End: marks.length - 1 }[event.key];
          if (to === undefined) return;
          event.preventDefault();
          if (marks[to]) go(marks[to]);
        });
      });
    });
  });

  /* Links to headings, copied when the browser lets us. */
  all("main h2[id], main h3[id]").forEach((heading) => {
    if (heading.closest("figcaption, article, .origins, .headline")) return;
    const link = make("a", { className: "anchor", href: `#${heading.id}`, textContent: "#" });
    link.setAttribute("aria-label", `Link to ${heading.textContent.trim()}`);
    link.addEventListener("click", () => {
      navigator.clipboard?.writeText(link.href).then(() => say("The link was copied."), () => {});
    });
    heading.append(" ", link);
  });

  /* Contents: where the reader is; and out of the way once used on a small screen. */
  const nav = document.querySelector(".contents");
  if (nav) {
    const links = new Map(all("a", nav).map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
    nav.addEventListener("click", (event) => {
      if (event.target.closest("a")) nav.querySelector("details").open = false;
    });
    const seen = new IntersectionObserver((entries) => entries.filter((entry) => entry.isIntersecting).forEach(({ target }) => {
      links.forEach((link) => link.removeAttribute("aria-current"));
      links.get(target.id).setAttribute("aria-current", "true");
    }), { rootMargin: "0px 0px -70% 0px" });
    links.forEach((_, id) => { const heading = document.getElementById(id); if (heading) seen.observe(heading); });
  }

  /* All disclosures at once, and on paper. */
  const disclosures = all("main details");
  if (nav && disclosures.length > 1) {
    const button = make("button", { type: "button", className: "plain", textContent: "Open all details" });
    button.addEventListener("click", () => {
      const open = disclosures.some((details) => !details.open);
      disclosures.forEach((details) => { details.open = open; });
      button.textContent = open ? "Close all details" : "Open all details";
    });
    nav.querySelector("details").append(button);
  }
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    closed.forEach((details) => { details.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((details) => { details.open = false; }));

  /* Lists that can be searched. */
  all("input[data-search]").forEach((field) => {
    const items = all(field.dataset.search);
    field.closest("[hidden]").hidden = false;
    field.addEventListener("input", () => {
      const wanted = field.value.trim().toLowerCase();
      items.forEach((item) => { item.hidden = !item.textContent.toLowerCase().includes(wanted); });
      say(`${items.filter((item) => !item.hidden).length} of ${items.length} shown.`);
    });
  });
})();
