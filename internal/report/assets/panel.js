// The panel: why a cell is what it is, and what is missing.

function makePanel(m, w) {
  const panel = document.getElementById("why"), { d, U } = m;
  const say = (parts) => parts.map((p) => (typeof p === "string" ? p : el("b", {}, p.strong)));
  let back = () => {};

  panel.addEventListener("keydown", (e) => {
    if (e.key === "Escape") back();
  });

  // The columns of the little table: one for the thing itself, one for each kind of thing in it.
  function kindsTable(p, c, cell) {
    const shape = m.columnOf(c).shape, labels = shape.types.map((t, i) => laneTitle(c, t, i));
    const rows = [...WORDS, "manage access"].map((word, i) => {
      const bits = i < 4 ? 1 << i : MANAGE;
      const marks = cell.lanes.map((l) => ((l & bits) === bits ? ["yes", "✓"] : l & bits ? ["part", "partly"] : ["no", "–"]));
      return el("tr", {}, el("th", { scope: "row" }, word[0].toUpperCase() + word.slice(1)), ...marks.map(([k, text]) => el("td", { class: k }, el("span", { "aria-hidden": "true" }, text), el("span", { class: "hidden" }, k === "part" ? "partly" : k))));
    });
    return el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Permissions by kind of thing" }, el("table", { class: "kinds" }, el("thead", {}, el("tr", {}, el("td", {}), ...labels.map((l) => el("th", { scope: "col" }, el("span", {}, l))))), el("tbody", {}, ...rows)));
  }

  function laneTitle(c, t) {
    const fixed = { organization: "Organization", org_project: "New projects", project: c === -1 ? "Projects" : "Project", org_member: "Members", org_audit_logs: "Audit logs", org_ai_secret: "AI secrets", group: "Groups", role: "Roles", project_group: "Project groups" };
    return fixed[d.types[t]] ?? w.kindTitle(t).split(",")[0];
  }

  function verdict(p, c, cell) {
    const who = w.strong(w.name(p)), all = m.isGroup(p) ? "Everybody in " : "", where = w.strong(c === -2 ? "the organization" : c === -1 ? "every project" : w.column(c));
    if ((cell.whole | cell.part) === 0) return [all || "", who, " may do ", w.strong("nothing"), " on ", where, "."];
    const out = [all, who];
    if (cell.whole) out.push(" may ", w.strong(w.and(w.permissions(cell.whole))), c === -2 ? " on " : " everything in ", where);
    if (cell.part) {
      out.push(cell.whole ? ", and in part " : " may in part ", w.strong(w.and(w.permissions(cell.part))));
      if (!cell.whole) out.push(" in ", where);
    }
    return [...out, "."];
  }

  // missing says, for what is not whole, that no grant carries it, who has it, and what would give it.
  function missing(p, c, cell) {
    const items = [];
    [...WORDS, "manage access"].forEach((word, i) => {
      const bits = i < 4 ? 1 << i : MANAGE;
      if ((cell.whole & bits) === bits) return;
      const list = [];
      const lanes = w.lanesWith(c, cell, i < 4 ? i : 4);
      if ((cell.whole | cell.part) & bits) {
        if (i === 4 && (cell.whole & bits)) list.push("only ", w.strong(w.and(w.permissions(cell.whole & bits))), ". ");
        else if (lanes.length > 0) list.push("only for ", w.strong(w.and(lanes)), ". ");
        else if (cell.some & bits) list.push("only on single things. ");
      } else list.push("no grant that counts for ", w.strong(w.name(p)), " carries it here. ");
      const groups = m.holders(i < 4 ? i : 4, c).filter((g) => g !== p && !m.closure(p).has(g));
      const direct = groups.filter((g) => !groups.some((o) => o !== g && m.closure(g).has(o)));
      if (direct.length > 0) {
        list.push("Groups that have it: ", ...direct.slice(0, 4).flatMap((g, j) => [j ? ", " : "", w.strong(w.name(g))]), direct.length > 4 ? ` and ${direct.length - 4} more` : "", ". ");
      } else list.push("No group has it. ");
      items.push(el("li", {}, el("span", { class: "right" }, word[0].toUpperCase() + word.slice(1) + ":"), " ", ...say(list)));
    });
    if (items.length === 0) return [];
    const counted = [...m.closure(p).keys()].filter((x) => x !== p).map(w.name);
    const note = m.isGroup(p)
      ? counted.length ? [`What was granted to ${w.name(p)} counts, and to the groups around it: `, w.strong(few(counted, 8)), "."] : [`Only what was granted to ${w.name(p)} itself counts: it is in no other group.`]
      : counted.length ? [`What was granted to ${w.name(p)} personally counts, and to these groups: `, w.strong(few(counted, 8)), "."] : [`Only what was granted to ${w.name(p)} personally counts: no group lists ${w.name(p)}.`];
    return [el("h4", {}, "What is missing"), el("p", { class: "quiet" }, ...say(note)), el("ul", { class: "missing" }, ...items), ...give(p, c, cell)];
  }

  function few(list, most) {
    return w.and(list.length > most ? [...list.slice(0, most), `${list.length - most} more`] : list);
  }

  // give is the command that would grant the first thing that is missing.
  function give(p, c, cell) {
    const i = [1, 0, 2, 3].find((x) => !(cell.whole >> x & 1));
    const on = objectRef(c), who = principalRef(p);
    if (i === undefined || c < -1) return [];
    return [el("p", { class: "quiet give" }, `What is missing for “${WORDS[i]}” is this grant, or one like it. It is shown to make that clear, not as advice:`), command(["btadmin", "acl", "grant", on, who, "--allow", WORDS[i]])];
  }

  function objectRef(c) {
    if (c === -2) return "organization";
    if (c === -1) return "all-projects";
    return byID("project", c, d.projects[c]);
  }

  function principalRef(p) {
    return p < U ? byID("user", p, d.users.mail[p]) : byID("group", p - U, d.groups.name[p - U]);
  }

  // byID is the reference by name, or by id when the name has characters that cannot be seen.
  function byID(kind, place, name) { return d.odd[`${kind} ${place}`] ?? `${kind}:${name}`; }

  function verify(p, c, cell) {
    const i = [1, 0, 2, 3].find((x) => (cell.whole | cell.part) >> x & 1) ?? 1, on = objectRef(c), who = principalRef(p);
    if (c === -2) return [];
    return [el("h4", {}, "Ask again"), command(["btadmin", "access", "explain", who, WORDS[i], on])];
  }

  function chain(r, c) {
    const steps = r.way.map((p) => el("span", { class: m.isGroup(p) ? "node group" : "node person" }, w.name(p)));
    const place = r.things.length > 0 ? (r.things.length === 1 ? d.objects.name[r.things[0]] : `${r.things.length} single things`) : w.nodeName(r.node);
    const out = [];
    steps.forEach((s, i) => {
      if (i > 0) out.push(el("span", { class: "link" }, i === 1 && !m.isGroup(r.way[0]) ? "member of" : "member group of"));
      out.push(s);
    });
    out.push(el("span", { class: "link" }, r.role !== undefined ? "role " + d.roles.name[r.role] + " on" : "granted " + w.gift(r.tuples) + " on"), el("span", { class: "node place" }, place));
    return el("p", { class: "chain", "aria-hidden": "true" }, ...out);
  }

  function open(p, c, intoPanel, returnTo) {
    const cell = m.cell(p, c), reasons = m.reasons(p, c), most = 12;
    back = returnTo;
    reasons.sort((a, b) => a.things.length - b.things.length || b.tuples.length - a.tuples.length || a.way.length - b.way.length);
    const title = el("h3", { tabindex: -1 }, w.name(p), el("span", { class: "quiet" }, " on "), w.column(c));
    const close = el("button", { type: "button", class: "close", "aria-label": "Close the explanation" }, "×");
    close.addEventListener("click", () => {
      panel.hidden = true;
      back();
    });
    panel.replaceChildren(close, title, el("p", { class: "verdict" }, ...say(verdict(p, c, cell))));
    if (cell.whole | cell.part) panel.append(kindsTable(p, c, cell));
    if (reasons.length > 0) {
      panel.append(el("h4", {}, reasons.length === 1 ? "Why" : `Why: ${reasons.length} reasons, each enough for what it says`));
      panel.append(el("ol", { class: "reasons" }, ...reasons.slice(0, most).map((r) => el("li", {}, chain(r, c), el("p", {}, ...say(w.because(r, p, c)))))));
      if (reasons.length > most) panel.append(el("p", { class: "quiet" }, `And ${reasons.length - most} more.`));
    }
    panel.append(...missing(p, c, cell), ...verify(p, c, cell));
    panel.hidden = false;
    panel.scrollTop = 0;
    if (intoPanel) title.focus();
  }
  return open;
}

// command is a command line for a POSIX shell, with a button that copies it. Names with what cannot be seen never get here.
function command(words) {
  const line = words.map((word) => (/^[\w@%:/.,+=-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'")).join(" ");
  const button = el("button", { type: "button", class: "copy", "aria-label": "Copy " + line }, "Copy");
  return el("div", { class: "command" }, el("code", {}, line), button);
}
