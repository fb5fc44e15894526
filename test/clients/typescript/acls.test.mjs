import assert from 'node:assert/strict';
import { test } from 'node:test';
import Braintrust from '@braintrust/api';
import { collect, newClient, orgID, unique, userID } from './sandbox.mjs';

const client = newClient();

// A project and a group to grant on it, taken away at the end.
const withProject = async (t) => {
  const project = await client.project.create({ name: unique('Granted') });
  const group = await client.group.create({ name: unique('Grantees') });
  t.after(async () => {
    await client.group.delete(group.id);
    await client.project.delete(project.id);
  });
  return { project, group, on: { object_type: 'project', object_id: project.id } };
};

test('an ACL is created once, read, listed and deleted', async (t) => {
  const { project, group, on } = await withProject(t);
  const made = await client.acl.create({ ...on, group_id: group.id, permission: 'read' });
  assert.ok(made.created, 'created is set');
  assert.equal(made._object_org_id, orgID);
  assert.equal(made.group_id, group.id);
  assert.equal(made.user_id ?? null, null);
  assert.deepEqual(await client.acl.retrieve(made.id), made);

  const again = await client.acl.create({ ...on, group_id: group.id, permission: 'read', user_id: null, role_id: null });
  assert.equal(again.id, made.id, 'the same contents are the same ACL');
  const restricted = await client.acl.create({ ...on, group_id: group.id, permission: 'read', restrict_object_type: 'experiment' });
  assert.notEqual(restricted.id, made.id);
  const user = await client.acl.create({ ...on, user_id: userID, permission: 'update' });

  const listed = await collect(client.acl.list({ ...on, limit: 1 }));
  const ids = listed.map((a) => a.id);
  for (const a of [made, restricted, user]) assert.ok(ids.includes(a.id), `${a.id} is listed`);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(listed.every((a) => a.object_id === project.id));

  for (const a of [made, restricted, user]) assert.equal((await client.acl.delete(a.id)).id, a.id);
  await assert.rejects(client.acl.retrieve(made.id), Braintrust.BadRequestError);
});

test('ACLs are added and removed in one batch, however often it is sent', async (t) => {
  const { group, on } = await withProject(t);
  const words = ['create', 'read', 'update', 'delete', 'create_acls', 'read_acls', 'update_acls', 'delete_acls'];
  const items = words.map((permission) => ({ ...on, group_id: group.id, permission }));
  const ours = async () => (await collect(client.acl.list(on))).filter((a) => a.group_id === group.id);

  const added = await client.post('/v1/acl/batch_update', { body: { add_acls: items } });
  assert.deepEqual(added.added_acls.map((a) => a.permission).sort(), [...words].sort());
  assert.deepEqual(added.removed_acls, []);
  assert.equal((await ours()).length, words.length);
  await client.post('/v1/acl/batch_update', { body: { add_acls: items, remove_acls: [] } });
  assert.equal((await ours()).length, words.length);

  const swapped = await client.post('/v1/acl/batch_update', {
    body: { add_acls: [{ ...items[0], restrict_object_type: 'dataset' }], remove_acls: items.slice(2) },
  });
  assert.equal(swapped.added_acls.length, 1);
  assert.equal(swapped.removed_acls.length, words.length - 2);
  const left = (await ours()).map((a) => `${a.permission}/${a.restrict_object_type ?? ''}`);
  assert.deepEqual(left.sort(), ['create/', 'create/dataset', 'read/']);

  await client.delete('/v1/acl', { body: items[0] });
  assert.equal((await ours()).length, 2);
});

test('all ACLs of the organization come as one array', async () => {
  const all = await client.get('/v1/acl/list_org', { query: { limit: 1000 } });
  assert.ok(Array.isArray(all));
  assert.ok(all.some((a) => a.object_type === 'organization' && a.object_id === orgID));
});

test('what is wrong is refused in the way of the real server', async (t) => {
  const { project, group, on } = await withProject(t);
  await assert.rejects(client.acl.create({ ...on, permission: 'read' }, { maxRetries: 0 }), Braintrust.InternalServerError);
  await assert.rejects(client.acl.create({ ...on, group_id: group.id, permission: 'fly' }), Braintrust.BadRequestError);
  await assert.rejects(client.acl.list({ object_type: 'project' }), Braintrust.BadRequestError);
  await assert.rejects(client.acl.retrieve('not-a-uuid'), Braintrust.BadRequestError);
  await assert.rejects(client.get('/v1/planet'), Braintrust.NotFoundError);
  await assert.rejects(newClient('sk-wrong').project.retrieve(project.id), Braintrust.AuthenticationError);
  await assert.rejects(client.patch(`/v1/group/${group.id}`, { body: { colour: 'red' } }), /Extraneous key/);
});
