// The words: names of things, and sentences. A sentence is a list of parts; a part that is an object is emphasised.

const LETTERS = "CRUD";
const WORDS = ["create", "read", "update", "delete"];

function makeWords(m) {
  const { d, U, node } = m;
  const strong = (text) => ({ strong: text });

  const name = (p) => (p < U ? d.users.name[p] || d.users.mail[p] : d.groups.name[p - U]);
  const column = (c) => (c === -2 ? "Organization" : c === -1 ? "All projects" : d.projects[c]);
  const kindTitle = (t) => d.kinds.find((k) => k.type === t)?.title ?? d.titles[t];

  // plainTitle is a kind inside a sentence; a kind that has several names goes by the first.
  const plainTitle = (t) => kindTitle(t).split(",")[0].toLowerCase().replaceAll("_", " ");

  function nodeName(n) {
    if (n < node.project) return ["the whole organization", "all projects", "the members", "the audit logs", "the AI secrets"][n];
    if (n < node.log) return d.projects[n - node.project];
    if (n < node.set) return "the logs of " + d.projects[n - node.log];
    if (n < node.group) return d.sets.name[n - node.set];
    if (n < node.role) return d.groups.name[n - node.group];
    if (n < node.object) return d.roles.name[n - node.role];
    return d.objects.name[n - node.object];
  }

  function and(list) {
    if (list.length < 2) return list.join("");
    return list.slice(0, -1).join(", ") + " and " + list[list.length - 1];
  }

  // permissions names bits: manage access only when it is whole.
  function permissions(bits) {
    const out = WORDS.filter((_, i) => bits >> i & 1);
    if ((bits & MANAGE) === MANAGE) out.push("manage access");
    else for (let i = 4; i < 8; i++) if (bits >> i & 1) out.push(d.permissions[i]);
    for (let i = 8; i < d.permissions.length; i++) if (bits >> i & 1) out.push(d.permissions[i]);
    return out;
  }

  // letters is the mix of a cell: capitals hold throughout, small letters in part, a dot not at all.
  function letters(cell) {
    if ((cell.whole | cell.part) === 0) return "";
    let out = "";
    for (let i = 0; i < 4; i++) out += cell.whole >> i & 1 ? LETTERS[i] : cell.part >> i & 1 ? LETTERS[i].toLowerCase() : "·";
    out += (cell.whole & MANAGE) === MANAGE ? "M" : (cell.whole | cell.part) & MANAGE ? "m" : "·";
    return (cell.whole | cell.part) >> 8 ? out + "+" : out;
  }

  // heat is how far a cell goes, from 0 (nothing) to 4 (may let others in), and whether only in part.
  function heat(cell) {
    const step = (bits) => (bits & 0x10 ? 4 : bits & 0x88 ? 3 : bits & 5 ? 2 : bits ? 1 : 0); // 0x10 is create_acls, 0x88 deleting
    const any = step(cell.whole | cell.part);
    return { step: any, part: step(cell.whole) < any };
  }

  // spoken is a cell for those who do not see it.
  function spoken(p, c, cell) {
    const parts = [];
    if (cell.whole) parts.push("may " + and(permissions(cell.whole)));
    if (cell.part) parts.push((cell.whole ? "in part " : "may in part ") + and(permissions(cell.part)));
    return `${name(p)}, ${column(c)}: ${parts.join("; ") || "nothing"}`;
  }

  // where says what the lanes of a column that have a bit are.
  function lanesWith(c, cell, bit) {
    const titles = { organization: "the organization itself", org_project: "projects as such", project: c === -1 ? "the projects themselves" : "the project itself", org_member: "members", org_audit_logs: "audit logs", org_ai_secret: "AI secrets", group: "groups", role: "roles", project_group: "project groups" };
    const out = [];
    m.columnOf(c).shape.types.forEach((t, i) => {
      if (cell.lanes[i] >> bit & 1) out.push(titles[d.types[t]] ?? plainTitle(t));
    });
    return out;
  }

  // gift names what tuples give: "read", "create and read for datasets and experiments only".
  function gift(tuples) {
    const byType = new Map(), byBits = new Map();
    for (const t of tuples) byType.set(t.type, (byType.get(t.type) ?? 0) | 1 << t.bit);
    for (const [t, bits] of byType) byBits.set(t < 0 ? -bits - 1 : bits, [...(byBits.get(t < 0 ? -bits - 1 : bits) ?? []), t]);
    const parts = [];
    for (const [bits, types] of byBits) {
      if (bits < 0) parts.push(and(permissions(-bits - 1)));
      else parts.push(and(permissions(bits)) + " for " + and(types.map((t) => plainTitle(t))) + " only");
    }
    return parts.join("; ");
  }

  // membership leads from a principal to the subject of a grant: "Dana is a member of QA, QA is a member group of Evaluators".
  function membership(way) {
    const parts = [];
    for (let i = 1; i < way.length; i++) {
      const nested = m.isGroup(way[i - 1]), first = nested && !(i > 1 && m.isGroup(way[i - 2]));
      parts.push([strong(name(way[i - 1])), nested ? " is a member group of " : " is a member of ", strong(name(way[i])), first ? " (so everybody in the one is in the other, too)" : ""]);
    }
    return parts;
  }

  // because is one reason as a sentence.
  function because(r, p, c) {
    const who = name(p), bits = r.tuples.reduce((b, t) => b | 1 << t.bit, 0);
    const out = [strong(who), m.isGroup(p) ? " (that is, everybody in it) may " : " may ", strong(gift(r.tuples)), " "];
    out.push(...reachWords(r, c), ", because ");
    const clauses = membership(r.way), holder = strong(name(r.subject));
    const on = r.things.length > 0 ? thingsWords(r.things) : [strong(nodeName(r.node)), r.node === node.project + c ? " itself" : ""];
    if (r.builtIn) clauses.push([holder, " is a built-in group, to which the server gives this on ", ...on, " without a stored grant"]);
    else if (r.role !== undefined) {
      const roles = r.tuples[0].roles.map((x) => d.roles.name[x]);
      const inside = r.tuples.every((t) => t.roles.length === r.tuples[0].roles.length) ? roles.slice(1).flatMap((x) => [", which includes the role ", strong(x)]) : [];
      clauses.push([holder, r.subject === p && !m.isGroup(p) ? " personally was granted the role " : " was granted the role ", strong(roles[0]), " on ", ...on, ...inside, `, which carries ${and(permissions(bits))}`]);
    } else {
      clauses.push([holder, r.subject === p && !m.isGroup(p) ? " personally was granted " : " was granted ", strong(gift(r.tuples)), " on ", ...on]);
    }
    clauses.forEach((clause, i) => {
      if (i > 0) out.push(i === clauses.length - 1 ? ", and " : ", ");
      out.push(...clause);
    });
    const above = containing(r, c);
    if (above.length > 0) out.push(", ", ...above);
    out.push(".");
    return out;
  }

  function reachWords(r, c) {
    if (r.things.length > 0) return ["on ", ...thingsWords(r.things), " only"];
    if (r.node >= node.log && r.node < node.set) return ["the logs of ", strong(column(c)), " only"];
    if (c === -2 && r.node > 0) return [nodeName(r.node)];
    if (c === -2) return ["the organization and what is in it"];
    if (c === -1) return ["every project, those to come included"];
    return r.tuples.some((t) => t.type >= 0) ? ["in ", strong(column(c))] : [strong(column(c)), " and everything in it"];
  }

  function containing(r, c) {
    if (c < 0 || r.things.length > 0) return [];
    if (r.node === 0) return ["to which ", strong(column(c)), " belongs"];
    if (r.node === 1) return ["and ", strong(column(c)), " is one of them"];
    if (r.node >= node.set && r.node < node.group) return ["a project group that contains ", strong(column(c))];
    return [];
  }

  function thingsWords(things) {
    const title = plainTitle(d.objects.type[things[0]]).replace(/s$/, "");
    const named = things.slice(0, 3).map((o) => strong(d.objects.name[o]));
    if (things.length === 1) return [`the ${title} `, named[0]];
    const out = [`${things.length} ${title}s: `];
    named.forEach((n, i) => out.push(i ? ", " : "", n));
    if (things.length > 3) out.push(` and ${things.length - 3} more`);
    return out;
  }

  return { name, column, nodeName, and, permissions, letters, heat, spoken, lanesWith, gift, because, membership, kindTitle, strong };
}
