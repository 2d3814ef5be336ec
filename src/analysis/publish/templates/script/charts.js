/* Charts: one tab stop for all marks; arrows left and right go along a line, up and down to the other lines at a census. */
/* The pointer and the focus show the values of all lines at that census, beside the mark and below the drawing. */
{
  const REACH = 40; // pixels from the pointer to the mark that it means: further off it means none
  const namesOf = (mark) => {
    const [head, ...rest] = (mark.getAttribute("aria-label") || "").split(": ");
    const said = rest.join(": ");
    const at = said.lastIndexOf(", ");
    return { head, said, value: at < 0 ? said : said.slice(0, at), series: at < 0 ? "" : said.slice(at + 2), whole: `${head}: ${said}` };
  };
  const keepWithin = (tip, mark) => {
    const box = mark.getBoundingClientRect();
    const size = tip.getBoundingClientRect();
    const left = box.right + 12 + size.width < innerWidth ? box.right + 12 : box.left - 12 - size.width;
    tip.style.left = `${Math.max(8, Math.min(left, innerWidth - size.width - 8))}px`;
    tip.style.top = `${Math.max(8, Math.min(box.top - size.height / 2, innerHeight - size.height - 8))}px`;
  };
  all("figure.chart").forEach((figure) => {
    const drawings = all("svg", figure).filter((svg) => !svg.parentElement.closest("svg") && svg.querySelector(".mark"));
    if (!drawings.length) return;
    const value = make("p", { className: "mark-value" });
    const tip = make("div", { className: "chart-tip", hidden: true });
    [value, tip].forEach((part) => part.setAttribute("aria-hidden", "true")); // a screen reader hears the mark itself
    drawings.at(-1).after(value, tip);
    const hide = () => { tip.hidden = true; };
    drawings.forEach((svg) => {
      const marks = all(".mark", svg);
      if (svg.getAttribute("role") === "img") svg.setAttribute("role", "group"); // an image hides what is inside it
      marks.forEach((mark) => {
        const title = mark.querySelector("title");
        if (!title) return;
        mark.setAttribute("aria-label", title.textContent);
        title.remove(); // the browser would show it over ours
      });
      const names = new Map(marks.map((mark) => [mark, namesOf(mark)]));
      const atCensus = (mark) => marks.filter((other) => names.get(other).head === names.get(mark).head);
      const isShared = marks.some((mark) => atCensus(mark).length > 1);
      const show = (mark) => {
        const { head, said, whole } = names.get(mark);
        const others = atCensus(mark);
        const lines = others.map((other) => [names.get(other).series, names.get(other).value]);
        value.textContent = others.length > 1 ? `${head}: ${lines.map((line) => line.join(" ").trim()).join("; ")}` : whole;
        tip.replaceChildren(make("b", { textContent: head }), ...(others.length > 1
          ? lines.map(([series, said]) => make("span", { textContent: series ? `${series}: ${said}` : said }))
          : [make("span", { textContent: said })]));
        tip.hidden = false;
        keepWithin(tip, mark);
      };
      const go = (mark) => {
        marks.forEach((other) => other.setAttribute("tabindex", other === mark ? "0" : "-1"));
        mark.focus();
      };
      const nextAtCensus = (mark, step) => {
        const others = atCensus(mark);
        return others.length > 1 ? others[others.indexOf(mark) + step] : marks[marks.indexOf(mark) + step];
      };
      svg.addEventListener("pointermove", (event) => {
        const distances = marks.map((mark) => {
          const box = mark.getBoundingClientRect();
          const across = Math.max(0, box.left - event.clientX, event.clientX - box.right);
          const down = Math.max(0, box.top - event.clientY, event.clientY - box.bottom);
          return isShared ? across + down / 100 : Math.hypot(across, down);
        });
        const nearest = distances.indexOf(Math.min(...distances));
        if (distances[nearest] < REACH) show(marks[nearest]); else hide();
      });
      svg.addEventListener("pointerleave", hide);
      marks.forEach((mark, index) => {
        mark.setAttribute("tabindex", index ? "-1" : "0");
        mark.addEventListener("focus", () => show(mark));
        mark.addEventListener("blur", hide);
        mark.addEventListener("keydown", (event) => {
          if (event.key === "Escape") hide();
          const to = {
            ArrowRight: () => marks[index + 1], ArrowLeft: () => marks[index - 1],
            ArrowDown: () => nextAtCensus(mark, 1), ArrowUp: () => nextAtCensus(mark, -1),
            Home: () => marks[0], End: () => marks.at(-1),
          }[event.key];
          if (!to) return;
          event.preventDefault();
          const next = to();
          if (next) go(next);
        });
      });
    });
    addEventListener("scroll", hide, { passive: true });
  });
}
