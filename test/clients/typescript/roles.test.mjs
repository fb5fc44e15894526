import assert from 'node:assert/strict';
import { test } from 'node:test';
import Braintrust from '@braintrust/api';
import { collect, newClient, orgID, unique } from './sandbox.mjs';

const client = newClient();
const pair = (permission, restrict_object_type) => ({ permission, ...(restrict_object_type && { restrict_object_type }) });
const pairs = (role) => role.member_permissions.map((p) => `${p.permission}/${p.restrict_object_type ?? ''}`).sort();

test('a role is created, extended, cut down, granted and deleted', async () => {
  const base = await client.role.create({ name: unique('Base'), member_permissions: [pair('read')] });
  const name = unique('Curator');
  const made = await client.role.create({
    name, description: 'Keeps datasets', member_permissions: [pair('update', 'dataset')], member_roles: [base.id],
  });
  assert.equal(made.org_id, orgID);
  assert.ok(made.created);
  const read = await client.role.retrieve(made.id);
  assert.deepEqual(pairs(read), ['update/dataset']);
  assert.deepEqual(read.member_roles, [base.id]);

  await client.role.update(made.id, {
    description: 'Keeps datasets tidy', add_member_permissions: [pair('delete', 'dataset')],
    remove_member_permissions: [pair('update', 'dataset')], remove_member_roles: [base.id],
  });
  const changed = await client.role.retrieve(made.id);
  assert.deepEqual(pairs(changed), ['delete/dataset']);
  assert.deepEqual(changed.member_roles ?? [], []);
  assert.equal(changed.description, 'Keeps datasets tidy');

  const group = await client.group.create({ name: unique('Curators') });
  const grant = await client.acl.create({ object_type: 'organization', object_id: orgID, group_id: group.id, role_id: made.id });
  assert.equal(grant.role_id, made.id);
  assert.equal(grant.permission ?? null, null);
  await client.acl.delete(grant.id);
  await client.group.delete(group.id);

  assert.equal((await client.role.delete(made.id)).id, made.id);
  await client.role.delete(base.id);
  await assert.rejects(client.role.retrieve(made.id), Braintrust.BadRequestError);
});

test('roles are listed with the system roles, which cannot be edited', async () => {
  const made = [];
  for (let i = 0; i < 3; i++) made.push(await client.role.create({ name: unique('Page') }));
  const all = await collect(client.role.list({ limit: 2 }));
  assert.equal(new Set(all.map((r) => r.id)).size, all.length);
  for (const r of made) assert.ok(all.some((x) => x.id === r.id));
  const owner = all.find((r) => r.name === 'Owner' && r.org_id === null);
  assert.ok(owner, 'the system role Owner is listed');
  await assert.rejects(client.role.update(owner.id, { description: 'mine' }));
  assert.deepEqual((await collect(client.role.list({ role_name: made[1].name }))).map((r) => r.id), [made[1].id]);
  for (const r of made) await client.role.delete(r.id);
});
