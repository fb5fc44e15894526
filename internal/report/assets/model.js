// The model: who is in which group, what each grant carries, and what that makes of one cell. The rules are those of
// pkg/access; the browser check compares the answers of this file with those of the evaluator there.

const MANAGE = 0b11110000; // the four permissions of "manage access"

function makeModel(d) {
  const U = d.users.name.length, G = d.groups.name.length, P = d.projects.length, S = d.sets.name.length, R = d.roles.name.length;
  // Nodes and principals are numbers: one range a kind.
  const node = { organization: 0, allProjects: 1, members: 2, auditLogs: 3, secrets: 4, project: 5, log: 5 + P };
  node.set = node.log + P;
  node.group = node.set + S;
  node.role = node.group + G;
  node.object = node.role + R;
  const nodes = node.object + d.objects.name.length;

  const type = (name) => d.types.indexOf(name);
  const inProjects = d.kinds.map((k) => k.type);

  // Grants of a node are neighbours: start[n] to start[n + 1].
  const count = d.grants.subject.length, start = new Int32Array(nodes + 1);
  for (let i = 0, n = 0; i < count; i++) {
    n += d.grants.node[i];
    start[n + 1]++;
  }
  for (let n = 0; n < nodes; n++) start[n + 1] += start[n];
  const subjectOf = Int32Array.from(d.grants.subject), whatOf = Int32Array.from(d.grants.what);
  const builtIn = new Set(d.grants.builtin);

  // Who lists whom, the other way round.
  const groupsOfUser = lists(U), listedIn = lists(G), setsOf = lists(P), objectsIn = lists(P);
  d.groups.users.forEach((users, g) => users.forEach((u) => groupsOfUser[u].push(g)));
  d.groups.groups.forEach((inner, g) => inner.forEach((h) => listedIn[h].push(g)));
  d.sets.projects.forEach((projects, s) => projects.forEach((p) => setsOf[p].push(s)));
  d.objects.project.forEach((p, o) => {
    if (p >= 0 && start[node.object + o + 1] > start[node.object + o]) objectsIn[p].push(o);
  });

  function lists(n) { return Array.from({ length: n }, () => []); }

  // What a grant carries: [{ bit, type, roles }]; roles leads from the granted role to the one that holds it.
  const carried = d.whats.map((w) => (w.role === undefined ? [{ bit: w.bit, type: w.type ?? -1, roles: [] }] : carriedByRole(w.role)));

  function carriedByRole(role) {
    const out = [], seen = new Set(), queue = [[role]];
    while (queue.length > 0) {
      const way = queue.shift(), r = way[way.length - 1];
      if (seen.has(r)) continue;
      seen.add(r);
      for (const [bit, t] of d.roles.tuples[r]) out.push({ bit, type: t, roles: way });
      for (const inner of d.roles.roles[r]) queue.push([...way, inner]);
    }
    return out;
  }

  // A column asks about several types of thing at once, its lanes. A permission is whole where every lane has it.
  const shapes = {
    organization: { types: ["organization", "org_member", "org_audit_logs", "org_ai_secret", "group", "role", "project_group"].map(type) },
    allProjects: { types: [type("org_project"), type("project"), ...inProjects] },
    project: { types: [type("project"), ...inProjects] },
  };
  for (const shape of Object.values(shapes)) {
    shape.masks = carried.map((tuples) => {
      const lanes = new Array(shape.types.length).fill(0);
      for (const t of tuples) shape.types.forEach((x, i) => { if (t.type < 0 || t.type === x) lanes[i] |= 1 << t.bit; });
      return lanes;
    });
  }

  // column -2 is the organization, -1 all projects, 0 and up the projects.
  const columns = new Map();
  function columnOf(c) {
    if (!columns.has(c)) columns.set(c, makeColumn(c));
    return columns.get(c);
  }
  function makeColumn(c) {
    if (c === -2) {
      const lane = (name) => shapes.organization.types.indexOf(type(name));
      return { shape: shapes.organization, chain: [0], own: [[2, lane("org_member")], [3, lane("org_audit_logs")], [4, lane("org_ai_secret")]], objects: [] };
    }
    if (c === -1) return { shape: shapes.allProjects, chain: [1, 0], own: [], objects: [] };
    return {
      shape: shapes.project, chain: [node.project + c, ...setsOf[c].map((s) => node.set + s), 1, 0],
      own: [[node.log + c, shapes.project.types.indexOf(type("project_log"))]], objects: objectsIn[c],
    };
  }

  // Everybody whose grants a principal receives, each with the one through whom; the shortest way is found first.
  const closures = new Map();
  function closure(p) {
    let from = closures.get(p);
    if (from) return from;
    from = new Map([[p, p]]);
    const queue = [p];
    for (let i = 0; i < queue.length; i++) {
      for (const g of queue[i] < U ? groupsOfUser[queue[i]] : listedIn[queue[i] - U]) {
        if (!from.has(U + g)) {
          from.set(U + g, queue[i]);
          queue.push(U + g);
        }
      }
    }
    if (closures.size > 20000) closures.clear();
    closures.set(p, from);
    return from;
  }

  // wayTo leads from the principal to one whose grants it receives, both included.
  function wayTo(p, subject) {
    const from = closure(p), way = [subject];
    while (way[0] !== p) way.unshift(from.get(way[0]));
    return way;
  }

  function add(lanes, masks, from, n) {
    for (let i = start[n]; i < start[n + 1]; i++) {
      if (!from.has(subjectOf[i])) continue;
      const mask = masks[whatOf[i]];
      for (let l = 0; l < mask.length; l++) lanes[l] |= mask[l];
    }
  }

  // Grants on the organization and on all projects are many and are in every row: they are added up once for each
  // subject, and once for each principal.
  for (const [key, shape] of Object.entries(shapes)) {
    shape.bases = new Map();
    shape.ofSubject = new Map();
    for (const n of key === "organization" ? [0] : [0, 1]) {
      for (let i = start[n]; i < start[n + 1]; i++) {
        const lanes = shape.ofSubject.get(subjectOf[i]) ?? new Array(shape.types.length).fill(0);
        shape.masks[whatOf[i]].forEach((mask, l) => { lanes[l] |= mask; });
        shape.ofSubject.set(subjectOf[i], lanes);
      }
    }
  }

  // base is what a principal has by them.
  function base(p, shape) {
    let lanes = shape.bases.get(p);
    if (!lanes) {
      lanes = new Array(shape.types.length).fill(0);
      for (const s of closure(p).keys()) shape.ofSubject.get(s)?.forEach((mask, l) => { lanes[l] |= mask; });
      if (shape.bases.size > 20000) shape.bases.clear();
      shape.bases.set(p, lanes);
    }
    return lanes.slice();
  }

  // cell says what a principal may do in a column: whole, the bits that hold throughout, part, those that hold for some
  // kinds or some single things.
  function cell(p, c) {
    const col = columnOf(c), from = closure(p);
    const lanes = base(p, col.shape);
    for (const n of col.chain) if (n > 1) add(lanes, col.shape.masks, from, n);
    for (const [n, lane] of col.own) lanes[lane] |= ownBits(from, n, col.shape.types[lane]);
    let some = 0;
    for (const o of col.objects) some |= ownBits(from, node.object + o, d.objects.type[o]);
    let whole = -1, any = some;
    for (const l of lanes) {
      whole &= l;
      any |= l;
    }
    return { whole, part: any & ~whole, lanes, some };
  }

  // ownBits is what grants on a node give on that very node.
  function ownBits(from, n, t) {
    let bits = 0;
    for (let i = start[n]; i < start[n + 1]; i++) {
      if (from.has(subjectOf[i])) for (const x of carried[whatOf[i]]) if (x.type < 0 || x.type === t) bits |= 1 << x.bit;
    }
    return bits;
  }

  // reasons lists the grants behind a cell. Those to one subject in one place are one reason: tuples has what they carry.
  function reasons(p, c) {
    const col = columnOf(c), from = closure(p), found = new Map();
    const take = (n, fits, things) => {
      for (let i = start[n]; i < start[n + 1]; i++) {
        if (!from.has(subjectOf[i])) continue;
        const w = d.whats[whatOf[i]], tuples = carried[whatOf[i]].filter((t) => fits(t.type));
        if (tuples.length === 0) continue;
        // Grants on single things are gathered by what they carry.
        const key = [subjectOf[i], things === undefined ? n : "things:" + d.objects.type[things] + ":" + whatOf[i], w.role ?? ""].join(" ");
        let r = found.get(key);
        if (!r) found.set(key, r = { subject: subjectOf[i], node: n, role: w.role, tuples: [], things: [], builtIn: builtIn.has(i) });
        if (things !== undefined && !r.things.includes(things)) r.things.push(things);
        for (const t of tuples) if (!r.tuples.some((x) => x.bit === t.bit && x.type === t.type)) r.tuples.push(t);
      }
    };
    for (const n of col.chain) take(n, (t) => t < 0 || col.shape.types.includes(t));
    for (const [n, lane] of col.own) take(n, (t) => t < 0 || t === col.shape.types[lane]);
    for (const o of col.objects) take(node.object + o, (t) => t < 0 || t === d.objects.type[o], o);
    return [...found.values()].map((r) => ({ ...r, way: wayTo(p, r.subject) }));
  }

  // holders lists the groups that have a bit throughout a column, those without a group around them that has it first.
  function holders(bit, c) {
    const out = [];
    for (let g = 0; g < G; g++) if (cell(U + g, c).whole >> bit & 1) out.push(U + g);
    return out;
  }

  // anywhere is every bit that a principal has in any column. Single groups and roles are in none.
  const ofSubject = new Int32Array(U + G);
  for (let n = 0; n < nodes; n++) {
    if (n >= node.group && (n < node.object || d.objects.project[n - node.object] < 0)) continue;
    for (let i = start[n]; i < start[n + 1]; i++) for (const t of carried[whatOf[i]]) ofSubject[subjectOf[i]] |= 1 << t.bit;
  }
  function anywhere(p) {
    let bits = 0;
    for (const s of closure(p).keys()) bits |= ofSubject[s];
    return bits;
  }

  // usersOf lists everybody who is in a group, through other groups too.
  function usersOf(g) {
    const users = new Set();
    for (const h of innerGroups(g)) for (const u of d.groups.users[h]) users.add(u);
    return users;
  }
  function innerGroups(g) {
    const seen = new Set([g]);
    for (const h of seen) for (const inner of d.groups.groups[h]) seen.add(inner);
    return seen;
  }

  // grantsOf lists what a subject was granted itself, by node.
  let bySubject;
  function grantsOf(subject) {
    if (!bySubject) {
      bySubject = lists(U + G);
      for (let n = 0; n < nodes; n++) for (let i = start[n]; i < start[n + 1]; i++) bySubject[subjectOf[i]].push([n, whatOf[i]]);
    }
    return bySubject[subject];
  }

  return {
    d, U, G, P, S, node, cell, reasons, closure, wayTo, holders, anywhere, usersOf, innerGroups, listedIn, groupsOfUser, setsOf, grantsOf, carried, columnOf,
    isGroup: (p) => p >= U,
  };
}
