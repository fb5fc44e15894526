import assert from 'node:assert/strict';
import { test } from 'node:test';
import Braintrust from '@braintrust/api';
import { collect, newClient, orgID, unique, userID } from './sandbox.mjs';

const client = newClient();

test('a group is created, read back, renamed, given members and deleted', async () => {
  const name = unique('Reviewers');
  const inner = await client.group.create({ name: unique('Inner') });
  const made = await client.group.create({
    name, description: 'Reads what others wrote', member_users: [userID], member_groups: [inner.id],
  });
  assert.equal(made.name, name);
  assert.equal(made.org_id, orgID);
  assert.ok(made.created, 'created is set');

  const read = await client.group.retrieve(made.id);
  assert.deepEqual(read.member_users, [userID]);
  assert.deepEqual(read.member_groups, [inner.id]);
  assert.equal(read.description, 'Reads what others wrote');
  assert.equal(read.deleted_at ?? null, null);

  const renamed = unique('Readers');
  const changed = await client.group.update(made.id, { name: renamed, description: '' });
  assert.equal(changed.name, renamed);
  assert.equal(changed.description, '');
  // The client is older than these two fields; what it does not know it passes on.
  await client.group.update(made.id, { remove_member_users: [userID], remove_member_groups: [inner.id] });
  const emptied = await client.group.retrieve(made.id);
  assert.deepEqual(emptied.member_users ?? [], []);
  assert.deepEqual(emptied.member_groups ?? [], []);
  assert.equal(emptied.name, renamed);

  const deleted = await client.group.delete(made.id);
  assert.equal(deleted.id, made.id);
  await assert.rejects(client.group.retrieve(made.id), Braintrust.BadRequestError);
  await client.group.delete(inner.id);
});

test('creating what exists gives the existing group, unmodified, and says so', async () => {
  const name = unique('Twice');
  const first = await client.group.create({ name, description: 'first' }).withResponse();
  assert.equal(first.response.headers.get('x-bt-found-existing'), 'false');
  const second = await client.group.create({ name, description: 'second' }).withResponse();
  assert.equal(second.data.id, first.data.id);
  assert.equal(second.data.description, 'first');
  assert.equal(second.response.headers.get('x-bt-found-existing'), 'true');
  const replaced = await client.group.replace({ name, description: 'third' });
  assert.equal(replaced.description, 'third');
  await client.group.delete(replaced.id);
});

test('groups are listed newest first, page by page in both directions', async () => {
  const made = [];
  for (let i = 0; i < 7; i++) made.push(await client.group.create({ name: unique('Page') }));
  const ids = made.map((g) => g.id).reverse();
  const ours = (list) => list.map((g) => g.id).filter((id) => ids.includes(id));

  assert.deepEqual(ours(await collect(client.group.list({ limit: 2 }))), ids);
  assert.deepEqual(ours(await collect(client.group.list({ limit: 1000 }))), ids);
  assert.deepEqual(ours(await collect(client.group.list())), ids);

  const page = await client.group.list({ limit: 3, starting_after: ids[1] });
  assert.deepEqual(page.objects.map((g) => g.id), ids.slice(2, 5));
  assert.ok(page.hasNextPage());
  const next = await page.getNextPage();
  assert.equal(next.objects[0].id, ids[5]);
  const before = await client.group.list({ limit: 2, ending_before: ids[4] });
  assert.deepEqual(before.objects.map((g) => g.id), ids.slice(2, 4));

  assert.deepEqual(ours(await collect(client.group.list({ group_name: made[3].name }))), [made[3].id]);
  // The client joins several values by commas.
  assert.deepEqual(ours(await collect(client.group.list({ ids: [ids[0], ids[5]] }))), [ids[0], ids[5]]);
  for (const g of made) await client.group.delete(g.id);
  assert.deepEqual(ours(await collect(client.group.list())), []);
});
