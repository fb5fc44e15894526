import assert from 'node:assert/strict';
import { test } from 'node:test';
import Braintrust from '@braintrust/api';
import { apiKey, newClient, unique, userKey } from './sandbox.mjs';

// The client is older than service tokens: its own transport is used with their paths.
const client = newClient();
const account = async (name, token_name) => {
  const answer = await client.patch('/v1/organization/members', {
    body: { invite_users: { service_accounts: [{ name, ...(token_name && { token_name }) }] } },
  });
  assert.equal(answer.status, 'success');
  return answer.added_users[0];
};
const list = async (query) => {
  const all = [];
  for (let after; ; after = all.at(-1).id) {
    const page = await client.get('/v1/service_token', { query: { ...query, limit: 1, ...(after && { starting_after: after }) } });
    if (page.objects.length === 0) return all;
    all.push(...page.objects);
  }
};

test('a service token is minted, works, is listed without its key, and is deleted', async () => {
  const bot = await account(unique('bot'));
  const name = unique('deploy');
  const minted = await client.post('/v1/service_token', { body: { name, service_account_id: bot.id }, maxRetries: 0 });
  assert.match(minted.key, /^bt-st-/);
  assert.equal(minted.name, name);
  assert.equal(minted.service_account_id, bot.id);
  assert.ok(minted.created);
  await newClient(minted.key).user.retrieve(bot.id);

  const twin = await client.post('/v1/service_token', { body: { name, service_account_id: bot.id }, maxRetries: 0 });
  assert.notEqual(twin.id, minted.id, 'names of tokens are not unique');
  const all = await list();
  assert.ok(all.some((t) => t.id === minted.id) && all.some((t) => t.id === twin.id));
  assert.ok(all.every((t) => t.key === undefined), 'a list shows no key');
  assert.ok(minted.key.endsWith(all.find((t) => t.id === minted.id).preview_name.slice(-4)));
  assert.deepEqual((await list({ service_token_name: name })).map((t) => t.id).sort(), [minted.id, twin.id].sort());
  assert.equal((await client.get(`/v1/service_token/${minted.id}`)).key, undefined);

  assert.equal((await client.delete(`/v1/service_token/${minted.id}`)).id, minted.id);
  await assert.rejects(newClient(minted.key).group.list(), Braintrust.AuthenticationError);
  await client.delete(`/v1/service_token/${twin.id}`);
  assert.ok((await list()).every((t) => t.id !== minted.id && t.id !== twin.id));
});

test('an account can be created with its token', async () => {
  const bot = await account(unique('bot'), 'first');
  assert.match(bot.api_key, /^bt-st-/);
  assert.equal(bot.token_name, 'first');
  await newClient(bot.api_key).user.retrieve(bot.id);
  await assert.rejects(newClient(bot.api_key).group.create({ name: unique('Refused') }), Braintrust.PermissionDeniedError);
});

test("a person's API key may not mint", async () => {
  const bot = await account(unique('bot'));
  const person = newClient(userKey);
  await assert.rejects(
    person.post('/v1/service_token', { body: { name: 'no', service_account_id: bot.id } }), Braintrust.PermissionDeniedError,
  );
  assert.ok(apiKey !== userKey);
});
