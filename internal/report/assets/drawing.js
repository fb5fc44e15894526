// The drawing: groups, which of them are in which, and what they reach. It is read from left to right: whoever is in a
// group is in every group that its lines lead to, and has what those were granted.

const MOST = 32, NODE = 176, GAP = 84, LINE = 44, HIGH = 34;

function makeDrawing(m, w) {
  const { U, G, node, d } = m, box = document.getElementById("drawing"), about = document.getElementById("about-group");
  const note = document.getElementById("drawing-note"), input = document.getElementById("group"), list = document.getElementById("group-names");
  const direct = Array.from({ length: G }, (_, g) => m.grantsOf(U + g));
  let focus = null;

  const names = d.groups.name.map((name, g) => [name, g]).sort((a, b) => a[0].localeCompare(b[0], "en", { numeric: true }));
  list.append(...names.map(([name]) => el("option", { value: name })));
  input.addEventListener("change", () => {
    const found = d.groups.name.indexOf(input.value);
    if (found >= 0 || input.value === "") show(found >= 0 ? found : null);
  });
  document.getElementById("all-groups").addEventListener("click", () => show(null));

  // What grants are on, drawn as one node each. Single projects and things are counted in the group's own box when they
  // are many: lines to all of them would hide the rest.
  function targetOf(n, detailed) {
    if (n === 0 || n >= 2 && n < node.project) return { key: "organization", text: "Organization", place: -2 };
    if (n === 1) return { key: "all", text: "All projects", place: -1 };
    if (n >= node.set && n < node.group) return { key: "set" + n, text: d.sets.name[n - node.set], detail: "project group", place: n };
    if (n < node.set) {
      const p = n < node.log ? n - node.project : n - node.log;
      return detailed ? { key: "project" + p, text: d.projects[p], detail: "project", place: n } : null;
    }
    if (!detailed) return null;
    if (n < node.object) return { key: "other", text: "Groups and roles", place: n };
    return { key: "things", text: "Single things", place: n };
  }

  // How far a group reaches: what it is granted, then what is nested in it.
  const breadth = (g) => direct[g].reduce((b, [n]) => b + (n === 0 ? 1e6 : n === 1 ? 1e5 : n >= node.set && n < node.group ? 100 : 0), 10 * m.innerGroups(g).size);

  function chosen() {
    if (focus !== null) {
      const around = [...m.closure(U + focus).keys()].map((p) => p - U), inside = [...m.innerGroups(focus)].filter((g) => !around.includes(g));
      return [...around, ...inside].slice(0, MOST * 2);
    }
    const all = Array.from({ length: G }, (_, g) => g);
    if (G <= MOST) return all;
    return all.sort((a, b) => breadth(b) - breadth(a) || m.usersOf(b).size - m.usersOf(a).size || a - b).slice(0, MOST);
  }

  function layers(groups) {
    const here = new Set(groups), depth = new Map(), busy = new Set();
    const measure = (g) => {
      if (depth.has(g)) return depth.get(g);
      if (busy.has(g)) return 0; // a cycle
      busy.add(g);
      const outer = m.listedIn[g].filter((h) => here.has(h) && h !== g);
      const value = outer.length ? 1 + Math.max(...outer.map(measure)) : 0;
      busy.delete(g);
      depth.set(g, value);
      return value;
    };
    groups.forEach(measure);
    const most = Math.max(0, ...depth.values()), out = Array.from({ length: most + 1 }, () => []);
    for (const g of groups) out[most - depth.get(g)].push(g);
    return out;
  }

  // order puts every node near the middle of what it is joined to; a few rounds are enough.
  function order(columns, edges) {
    const y = new Map();
    const settle = () => columns.forEach((column) => column.forEach((n, i) => y.set(n.key, i - column.length / 2)));
    settle();
    for (let round = 0; round < 6; round++) {
      for (const column of columns) {
        const middle = new Map(column.map((n) => {
          const near = edges.flatMap((e) => (e.from === n.key ? [e.to] : e.to === n.key ? [e.from] : [])).map((k) => y.get(k));
          return [n.key, near.length ? near.reduce((a, b) => a + b, 0) / near.length : y.get(n.key)];
        }));
        column.sort((a, b) => middle.get(a.key) - middle.get(b.key) || (a.text < b.text ? -1 : 1));
      }
      settle();
    }
  }

  function size(g, detailed) {
    const people = m.usersOf(g).size, parts = [`${people.toLocaleString("en")} ${people === 1 ? "person" : "people"}`];
    const projects = new Set(direct[g].map(([n]) => n).filter((n) => n >= node.project && n < node.log)).size;
    const inside = m.innerGroups(g).size - 1;
    if (G > MOST && focus === null && inside > 0) parts.push(`${inside.toLocaleString("en")} ${inside === 1 ? "group" : "groups"} in it`);
    else if (!detailed && projects > 0) parts.push(`${projects.toLocaleString("en")} ${projects === 1 ? "project" : "projects"}`);
    return parts.join(", ");
  }

  // passing gives lines that skip columns a narrow place in each, so that none runs behind a box. The lines of a group
  // pass together.
  function passing(columns, edges) {
    const column = new Map(columns.flatMap((c, i) => c.map((n) => [n.key, i])));
    const lanes = new Set();
    for (const e of edges) {
      e.by = [];
      for (let i = column.get(e.from) + 1; i < column.get(e.to); i++) {
        const key = `by${i}${e.nesting ? "n" : ""}${e.from}`;
        e.by.push(key);
        if (!lanes.has(key)) columns[i].push({ key, text: "", lane: true });
        lanes.add(key);
      }
    }
  }

  function draw() {
    const groups = chosen(), here = new Set(groups), detailed = focus !== null || new Set(groups.flatMap((g) => direct[g].map(([n]) => n)).filter((n) => n >= node.project && n < node.set)).size <= 14;
    const columns = layers(groups).map((layer) => layer.map((g) => ({ key: "g" + g, group: g, text: d.groups.name[g], detail: size(g, detailed) })));
    const edges = [], targets = new Map();
    for (const g of groups) {
      for (const outer of m.listedIn[g]) if (here.has(outer)) edges.push({ from: "g" + g, to: "g" + outer, nesting: true });
      const gifts = new Map();
      for (const [n, what] of direct[g]) {
        const t = targetOf(n, detailed), tuples = m.carried[what];
        if (!t) continue;
        if (!targets.has(t.key)) targets.set(t.key, { ...t, nodes: new Set() });
        targets.get(t.key).nodes.add(n);
        gifts.set(t.key, [...(gifts.get(t.key) ?? []), ...tuples]);
      }
      for (const [key, tuples] of gifts) edges.push({ from: "g" + g, to: key, tuples });
    }
    let reach = [...targets.values()].sort((a, b) => a.place - b.place);
    const many = reach.length - MOST;
    if (many > 0) reach = reach.slice(0, MOST);
    for (const t of reach) if (t.key === "other" || t.key === "things") t.detail = `${t.nodes.size.toLocaleString("en")} of them`;
    if (reach.length > 0) columns.push(reach);
    const keys = new Set(columns.flat().map((n) => n.key)), drawn = edges.filter((e) => keys.has(e.from) && keys.has(e.to));
    passing(columns, drawn);
    order(columns, drawn.flatMap((e) => [e.from, ...e.by, e.to].slice(1).map((to, i) => ({ from: [e.from, ...e.by][i], to }))));
    paint(columns, drawn);
    const hidden = G - groups.length;
    note.textContent = focus === null
      ? hidden > 0 ? `${groups.length} of ${G} groups, those that reach furthest. Choose one to see everything around it.` : `All ${G} groups. Choose one to see only what is around it.`
      : `Around ${d.groups.name[focus]}: the groups in it on the left, the groups that it is in on the right.` + (many > 0 ? ` ${many} more things that it reaches are not drawn.` : "");
  }

  function svg(tag, attributes, ...children) {
    const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
    e.append(...children);
    return e;
  }

  function paint(columns, edges) {
    const tallness = (n) => (n.lane ? 14 : LINE), heights = columns.map((c) => c.reduce((h, n) => h + tallness(n), 0));
    const gap = Math.max(GAP, Math.min(180, (box.clientWidth - 40 - columns.length * NODE) / Math.max(1, columns.length - 1)));
    const tall = Math.max(...heights, LINE) + 24, wide = columns.length * NODE + (columns.length - 1) * gap + 4, spot = new Map();
    columns.forEach((column, i) => {
      let y = (tall - heights[i]) / 2;
      for (const n of column) {
        spot.set(n.key, { x: 2 + i * (NODE + gap), y: n.lane ? y + 7 - HIGH / 2 : y + (LINE - HIGH) / 2 });
        y += tallness(n);
      }
    });
    const root = svg("svg", { viewBox: `0 0 ${wide} ${tall}`, width: wide, height: tall, role: "group", "aria-label": "Groups, nesting and what they reach" });
    const lines = svg("g", { "aria-hidden": "true" }), labels = svg("g", { "aria-hidden": "true" });
    // Lines arrive side by side, in the order of where they come from.
    const arriving = new Map(edges.map((e) => [e.to, []]));
    for (const e of edges) arriving.get(e.to).push(e);
    for (const list of arriving.values()) list.sort((a, b) => spot.get(a.by.at(-1) ?? a.from).y - spot.get(b.by.at(-1) ?? b.from).y);
    for (const e of edges) {
      const a = spot.get(e.from), b = spot.get(e.to), list = arriving.get(e.to), back = b.x <= a.x;
      const start = [a.x + NODE, a.y + HIGH / 2], end = [back ? b.x + NODE : b.x, b.y + HIGH * (list.indexOf(e) + 1) / (list.length + 1)];
      let shape = `M${start}`, at = start;
      for (const next of [...e.by.map((k) => [spot.get(k).x, spot.get(k).y + HIGH / 2]), end]) {
        const bend = back ? 40 : (next[0] - at[0]) / 2;
        shape += `C${at[0] + bend} ${at[1]} ${back ? next[0] + bend : next[0] - bend} ${next[1]} ${next}`;
        at = next;
        if (next !== end) {
          at = [next[0] + NODE, next[1]];
          shape += `L${at}`;
        }
      }
      const bits = (e.tuples ?? []).reduce((x, t) => x | 1 << t.bit, 0);
      const path = svg("path", { d: shape, class: e.nesting ? "nesting" : "grant h" + w.heat({ whole: bits, part: 0 }).step, "data-ends": e.from + " " + e.to }), title = svg("title", {});
      title.textContent = e.nesting ? "member group" : w.gift(e.tuples);
      path.append(title);
      lines.append(path);
      if (e.nesting || list.filter((x) => !x.nesting).length > 3) continue;
      const whole = e.tuples.filter((t) => t.type < 0).reduce((x, t) => x | 1 << t.bit, 0), label = svg("text", { x: end[0] - 5, y: end[1] + 3, class: "mix", "text-anchor": "end" });
      label.textContent = w.letters({ whole, part: bits & ~whole }).replaceAll("·", "");
      labels.append(label);
    }
    root.append(lines);
    for (const n of columns.flat()) if (!n.lane) root.append(drawNode(n, spot.get(n.key), lines));
    root.append(labels);
    box.replaceChildren(root);
  }

  function drawNode(n, at, lines) {
    const isGroup = n.group !== undefined, most = 21, short = [...n.text].length > most ? [...n.text].slice(0, most - 1).join("") + "…" : n.text;
    const g = svg("g", { transform: `translate(${at.x} ${at.y})`, class: "box " + (isGroup ? "group" : "target") + (n.group === focus && isGroup ? " focus" : "") });
    const name = svg("text", { x: 10, y: n.detail ? 14 : 21, class: "name" }), title = svg("title", {});
    name.textContent = short;
    title.textContent = n.text;
    g.append(title, svg("rect", { width: NODE, height: HIGH, rx: isGroup ? 6 : 17 }), name);
    if (n.detail) {
      const detail = svg("text", { x: 10, y: 27, class: "detail" });
      detail.textContent = n.detail;
      g.append(detail);
    }
    if (!isGroup) return g;
    g.setAttribute("role", "button");
    g.setAttribute("tabindex", "0");
    const pick = () => {
      show(n.group);
      box.querySelector(".focus")?.focus();
    };
    g.addEventListener("click", pick);
    g.addEventListener("keydown", (e) => {
      if (e.key !== "Enter" && e.key !== " ") return;
      e.preventDefault();
      pick();
    });
    const light = (on) => {
      for (const line of lines.querySelectorAll(`[data-ends~="${n.key}"]`)) line.classList.toggle("lit", on);
    };
    for (const [event, on] of [["mouseenter", true], ["focus", true], ["mouseleave", false], ["blur", false]]) g.addEventListener(event, () => light(on));
    return g;
  }

  // tell is the same in words, for the chosen group.
  function tell() {
    about.replaceChildren();
    if (focus === null) return;
    const groups = (list) => (list.length ? w.and(list.slice(0, 12).map((g) => d.groups.name[g])) + (list.length > 12 ? ` and ${list.length - 12} more` : "") : "none");
    const users = [...m.usersOf(focus)], row = (term, text) => [el("dt", {}, term), el("dd", {}, text)];
    const gifts = [...m.closure(U + focus).keys()].flatMap((p) => {
      const byNode = new Map();
      for (const [n, what] of direct[p - U]) byNode.set(n, [...(byNode.get(n) ?? []), ...m.carried[what].filter((t) => !(byNode.get(n) ?? []).some((x) => x.bit === t.bit && x.type === t.type))]);
      return [...byNode].map(([n, tuples]) => `${w.gift(tuples)} on ${w.nodeName(n)}${p - U === focus ? "" : ` (from ${w.name(p)})`}`);
    });
    about.append(
      el("h3", {}, d.groups.name[focus]),
      el("dl", {},
        ...row("People", `${users.length.toLocaleString("en")}${users.length ? ": " + users.slice(0, 12).map(w.name).join(", ") + (users.length > 12 ? ` and ${(users.length - 12).toLocaleString("en")} more` : "") : ""}`),
        ...row("Groups in it", groups([...m.innerGroups(focus)].filter((g) => g !== focus))),
        ...row("Groups it is in", groups([...m.closure(U + focus).keys()].map((p) => p - U).filter((g) => g !== focus)))),
      el("h4", {}, "What its people get"),
      gifts.length ? el("ul", {}, ...gifts.slice(0, 20).map((t) => el("li", {}, t)), ...(gifts.length > 20 ? [el("li", {}, `and ${gifts.length - 20} more`)] : [])) : el("p", { class: "quiet" }, "Nothing: no grant to it or to a group around it."),
    );
  }

  function show(g) {
    focus = g;
    input.value = g === null ? "" : d.groups.name[g];
    document.getElementById("all-groups").hidden = g === null;
    draw();
    tell();
  }

  show(null);
}
