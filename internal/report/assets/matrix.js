// The matrix: only the cells that are seen are in the document. The keyboard moves over all of them.

const ROW = 28, COLUMN = 60, SPARE = 6;

function makeMatrix(m, w, open) {
  const box = document.getElementById("grid"), status = document.getElementById("grid-status");
  const table = box.querySelector("table"), head = table.tHead, body = table.tBodies[0], columnGroup = table.querySelector("colgroup");
  const find = (id) => document.getElementById(id);
  const by = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const sorted = (from, to) => Array.from({ length: to - from }, (_, i) => from + i).map((p) => [w.name(p), p]).sort((a, b) => by.compare(a[0], b[0]) || a[1] - b[1]).map((x) => x[1]);
  const all = { groups: sorted(m.U, m.U + m.G), people: sorted(0, m.U) };
  const projects = Array.from({ length: m.P }, (_, i) => i).sort((a, b) => by.compare(m.d.projects[a], m.d.projects[b]));
  let rows = [], columns = [], at = { r: 0, c: 0 }, shown = {}, only = { row: null, column: null };

  const mode = () => document.querySelector("input[name=by]:checked").value;
  const folded = (s) => s.toLowerCase().normalize("NFKD");
  const matches = (typed, text) => folded(typed).split(/\s+/).every((word) => folded(text).includes(word));

  function choose() {
    const right = Number(find("right").value), hide = find("hide").checked || right > 0;
    const asked = (bits) => (right === 0 ? bits : right === 16 ? bits & MANAGE : bits & right) !== 0;
    const has = (p, c) => {
      const cell = m.cell(p, c);
      return asked(cell.whole | cell.part);
    };
    const typed = find("rows").value.trim(), typedColumns = find("columns").value.trim();
    rows = all[mode()].filter((p) => !typed || matches(typed, w.name(p) + " " + (p < m.U ? m.d.users.mail[p] : "")));
    columns = [-2, -1, ...projects].filter((c) => !typedColumns || matches(typedColumns, w.column(c)));
    if (hide) rows = rows.filter((p) => asked(m.anywhere(p)));
    if (only.column !== null) rows = rows.filter((p) => has(p, only.column));
    if (only.row !== null) {
      rows = rows.filter((p) => p === only.row);
      columns = columns.filter((c) => has(only.row, c));
    }
    at = { r: Math.min(at.r, Math.max(0, rows.length - 1)), c: Math.min(at.c, Math.max(0, columns.length - 1)) };
    const noun = mode() === "groups" ? "groups" : "people and service accounts", projectsShown = columns.filter((c) => c >= 0).length;
    status.textContent = `${rows.length.toLocaleString("en")} of ${all[mode()].length.toLocaleString("en")} ${noun}, ${projectsShown.toLocaleString("en")} of ${m.P.toLocaleString("en")} projects`;
    find("empty").hidden = rows.length > 0 && columns.length > 0;
    chips();
    shown = {};
    box.scrollTop = box.scrollLeft = 0;
    draw();
  }

  // chips say that a row or column was chosen by its heading, and undo it.
  function chips() {
    const list = find("chips");
    list.replaceChildren();
    for (const key of ["row", "column"]) {
      if (only[key] === null) continue;
      const text = key === "row" ? `Only what ${w.name(only.row)} reaches` : `Only who reaches ${w.column(only.column)}`;
      const chip = el("button", { class: "chip", type: "button" }, text, el("span", { "aria-hidden": "true" }, " ×"), el("span", { class: "hidden" }, ", show all again"));
      chip.addEventListener("click", () => {
        only[key] = null;
        choose();
        focusCell();
      });
      list.append(chip);
    }
  }

  const headWidth = () => parseInt(getComputedStyle(box).getPropertyValue("--head-width"), 10);
  const headHeight = () => head.offsetHeight || 132;

  function draw() {
    const first = { r: Math.max(0, Math.floor(box.scrollTop / ROW) - SPARE), c: Math.max(0, Math.floor(box.scrollLeft / COLUMN) - SPARE) };
    const last = {
      r: Math.min(rows.length, Math.ceil((box.scrollTop + box.clientHeight) / ROW) + SPARE),
      c: Math.min(columns.length, Math.ceil((box.scrollLeft + box.clientWidth) / COLUMN) + SPARE),
    };
    if (shown.r <= Math.max(0, first.r + SPARE - 1) && shown.c <= Math.max(0, first.c + SPARE - 1) && shown.lastR >= Math.min(rows.length, last.r - SPARE + 1) && shown.lastC >= Math.min(columns.length, last.c - SPARE + 1)) return;
    shown = { r: first.r, c: first.c, lastR: last.r, lastC: last.c };
    const focused = box.contains(document.activeElement) && document.activeElement !== box;

    const before = first.c * COLUMN, after = (columns.length - last.c) * COLUMN, wide = columns.slice(first.c, last.c);
    const widths = [headWidth(), before, ...wide.map(() => COLUMN), after];
    columnGroup.replaceChildren(...widths.map((px) => {
      const col = document.createElement("col");
      col.style.width = px + "px";
      return col;
    }));
    table.style.width = widths.reduce((a, b) => a + b) + "px";
    table.setAttribute("aria-rowcount", rows.length + 1);
    table.setAttribute("aria-colcount", columns.length + 1);

    const space = () => el("td", { class: "space", role: "presentation" });
    const top = el("tr", { "aria-rowindex": 1 }, el("td", { class: "corner", role: "presentation" }), space());
    wide.forEach((c, i) => top.append(place(el("th", { scope: "col", "aria-colindex": first.c + i + 2, class: c < 0 ? "wide" : "", title: w.column(c) }, el("span", {}, w.column(c))), -1, first.c + i)));
    top.append(space());
    head.replaceChildren(top);

    const out = [filler(first.r, widths.length)];
    for (let r = first.r; r < last.r; r++) {
      const p = rows[r], name = w.name(p);
      const detail = m.isGroup(p) ? "" : m.d.users.kind[p] === "s" ? "service account" : m.d.users.kind[p] === "u" ? "unknown kind" : "";
      const row = el("tr", { "aria-rowindex": r + 2 });
      row.append(place(el("th", { scope: "row", "aria-colindex": 1, title: p < m.U ? `${name} <${m.d.users.mail[p]}>` : name }, el("span", { class: "name" }, name), detail ? el("span", { class: "detail" }, detail) : ""), r, -1), space());
      wide.forEach((c, i) => {
        const cell = m.cell(p, c), h = w.heat(cell);
        row.append(place(el("td", { role: "gridcell", class: `h${h.step}${h.part ? " part" : ""}${c < 0 ? " wide" : ""}`, "aria-colindex": first.c + i + 2, "aria-label": w.spoken(p, c, cell), "data-mix": w.letters(cell) }), r, first.c + i));
      });
      row.append(space());
      out.push(row);
    }
    out.push(filler(rows.length - last.r, widths.length));
    body.replaceChildren(...out);
    rove(focused);
  }

  function filler(count, width) {
    const row = el("tr", { role: "presentation" }, el("td", { colspan: width, role: "presentation" }));
    row.style.height = count * ROW + "px";
    return row;
  }

  function place(cell, r, c) {
    cell.tabIndex = -1;
    cell.dataset.r = r;
    cell.dataset.c = c;
    return cell;
  }

  const cellAt = (r, c) => table.querySelector(`[data-r="${r}"][data-c="${c}"]`);

  // rove makes one cell the one that TAB reaches.
  function rove(focus) {
    for (const old of table.querySelectorAll('[tabindex="0"]')) old.tabIndex = -1;
    const cell = cellAt(at.r, at.c) ?? cellAt(shown.r, shown.c);
    if (!cell) return;
    cell.tabIndex = 0;
    if (focus) cell.focus({ preventScroll: true });
  }

  function focusCell() {
    const left = at.c * COLUMN, top = at.r * ROW, width = box.clientWidth - headWidth(), height = box.clientHeight - headHeight();
    if (at.r >= 0) box.scrollTop = Math.min(top, Math.max(box.scrollTop, top - height + ROW));
    if (at.c >= 0) box.scrollLeft = Math.min(left, Math.max(box.scrollLeft, left - width + COLUMN));
    draw();
    rove(true);
  }

  function act(intoPanel) {
    if (at.r < 0 && at.c < 0) return;
    if (at.r >= 0 && at.c >= 0) {
      mark();
      open(rows[at.r], columns[at.c], intoPanel, focusCell);
      return;
    }
    if (at.c < 0) only.row = only.row === rows[at.r] ? null : rows[at.r];
    else only.column = only.column === columns[at.c] ? null : columns[at.c];
    at = { r: 0, c: 0 };
    choose();
    focusCell();
  }

  function mark() {
    table.querySelector(".open")?.classList.remove("open");
    cellAt(at.r, at.c)?.classList.add("open");
  }

  table.addEventListener("click", (e) => {
    const cell = e.target.closest("[data-r]");
    if (!cell) return;
    at = { r: Number(cell.dataset.r), c: Number(cell.dataset.c) };
    rove(true);
    act(false);
  });
  table.addEventListener("keydown", (e) => {
    const page = Math.max(1, Math.floor((box.clientHeight - headHeight()) / ROW) - 1);
    const moves = {
      ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-page, 0], PageDown: [page, 0],
      Home: [e.ctrlKey ? -Infinity : 0, -Infinity], End: [e.ctrlKey ? Infinity : 0, Infinity],
    };
    if (e.key === "Enter" || e.key === " ") act(true);
    else if (moves[e.key]) {
      const [dr, dc] = moves[e.key], low = dr === -Infinity || dc === -Infinity ? 0 : -1;
      at = { r: clamp(at.r + dr, Math.min(low, at.r), rows.length - 1), c: clamp(at.c + dc, Math.min(low, at.c), columns.length - 1) };
      if (at.r < 0 && at.c < 0) at = { r: 0, c: at.c };
      focusCell();
    } else return;
    e.preventDefault();
  });
  box.addEventListener("scroll", draw, { passive: true });
  new ResizeObserver(() => {
    shown = {};
    draw();
  }).observe(box);
  for (const id of ["rows", "columns"]) find(id).addEventListener("input", choose);
  for (const id of ["right", "hide"]) find(id).addEventListener("change", choose);
  for (const radio of document.querySelectorAll("input[name=by]")) {
    radio.addEventListener("change", () => {
      only = { row: null, column: null };
      at = { r: 0, c: 0 };
      choose();
    });
  }

  // On paper there is no scrolling: as much of what is chosen as a reader would turn pages for.
  function onPaper() {
    const paper = find("paper"), mostRows = 150, mostColumns = 72, block = 12;
    paper.replaceChildren();
    const some = rows.slice(0, mostRows), cols = columns.slice(0, mostColumns);
    if (some.length < rows.length || cols.length < columns.length) {
      paper.append(el("p", { class: "note" }, `Printed are the first ${some.length} of ${rows.length} rows and the first ${cols.length} of ${columns.length} columns that were chosen. Choose fewer before printing, or take "btadmin access matrix -o csv" for all.`));
    }
    for (let i = 0; i < cols.length; i += block) {
      const part = cols.slice(i, i + block);
      const t = el("table", {}, el("thead", {}, el("tr", {}, el("td", {}), ...part.map((c) => el("th", { scope: "col" }, el("span", {}, w.column(c)))))));
      const tb = el("tbody", {});
      for (const p of some) {
        tb.append(el("tr", {}, el("th", { scope: "row" }, w.name(p)), ...part.map((c) => {
          const cell = m.cell(p, c), h = w.heat(cell);
          return el("td", { class: `h${h.step}${h.part ? " part" : ""}` }, w.letters(cell));
        })));
      }
      t.append(tb);
      paper.append(t);
    }
  }
  window.addEventListener("beforeprint", onPaper);
  window.addEventListener("afterprint", () => find("paper").replaceChildren());

  choose();
  return { choose };
}

function clamp(x, low, high) { return Math.max(low, Math.min(high, x)); }

// el makes an element; text becomes text, never markup.
function el(tag, attributes, ...children) {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(attributes)) if (v !== "") e.setAttribute(k, v);
  e.append(...children);
  return e;
}
