import assert from 'node:assert/strict';
import { test } from 'node:test';
import Braintrust from '@braintrust/api';
import { collect, newClient, orgID, unique, userID } from './sandbox.mjs';

const client = newClient();

test('a project is created, read, changed and deleted', async () => {
  const name = unique('Chat');
  const made = await client.project.create({ name });
  assert.equal(made.org_id, orgID);
  assert.ok(made.created);
  assert.equal((await client.project.create({ name })).id, made.id);
  const renamed = unique('Chatter');
  await client.project.update(made.id, { name: renamed, settings: { comparison_key: 'input' } });
  const read = await client.project.retrieve(made.id);
  assert.equal(read.name, renamed);
  assert.equal(read.settings.comparison_key, 'input');
  assert.deepEqual((await collect(client.project.list({ project_name: renamed }))).map((p) => p.id), [made.id]);
  assert.equal((await client.project.delete(made.id)).id, made.id);
  await assert.rejects(client.project.retrieve(made.id), Braintrust.BadRequestError);
  assert.deepEqual(await collect(client.project.list({ project_name: renamed })), []);
  await assert.rejects(client.project.replace({ name }), Braintrust.NotFoundError, 'there is no PUT of projects');
});

test('projects are paged', async () => {
  const made = [];
  for (let i = 0; i < 5; i++) made.push((await client.project.create({ name: unique('Page') })).id);
  const ids = (await collect(client.project.list({ limit: 2 }))).map((p) => p.id);
  assert.deepEqual(ids.filter((id) => made.includes(id)), [...made].reverse());
  for (const id of made) await client.project.delete(id);
});

test('objects live in projects', async () => {
  const project = await client.project.create({ name: unique('Objects') });
  const experiment = await client.experiment.create({ project_id: project.id, name: 'baseline', metadata: { model: 'a', depth: { n: 1 } } });
  const merged = await client.experiment.update(experiment.id, { metadata: { depth: { m: 2 } } });
  assert.deepEqual(merged.metadata, { model: 'a', depth: { n: 1, m: 2 } }, 'PATCH merges');
  const dataset = await client.dataset.create({ project_id: project.id, name: 'golden' });
  const prompt = await client.prompt.create({ project_id: project.id, name: 'System', slug: 'system' });
  assert.deepEqual((await collect(client.experiment.list({ project_id: project.id }))).map((e) => e.id), [experiment.id]);
  assert.deepEqual((await collect(client.dataset.list({ project_name: project.name }))).map((d) => d.id), [dataset.id]);
  assert.deepEqual((await collect(client.prompt.list({ project_id: project.id }))).map((p) => p.id), [prompt.id]);
  await client.prompt.delete(prompt.id);
  await client.dataset.delete(dataset.id);
  await client.experiment.delete(experiment.id);
  await client.project.delete(project.id);
});

test('users are listed and found', async () => {
  const all = await collect(client.user.list({ limit: 1 }));
  assert.ok(all.some((u) => u.id === userID));
  const me = await client.user.retrieve(userID);
  assert.deepEqual((await collect(client.user.list({ email: me.email }))).map((u) => u.id), [userID]);
});
