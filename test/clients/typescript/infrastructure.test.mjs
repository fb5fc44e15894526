// What infrastructure tools send over plain HTTP and expect: ids that were chosen before the run, parameters that
// the API never had, creation times at once, and an error that says "gone" for what is gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orgID, raw, unique, userID } from './sandbox.mjs';

const gone = /does not exist|missing read access/;
const absent = '00000000-0000-0000-0000-000000000000';

const ok = async (method, path, body) => {
  const answer = await raw(method, path, { body });
  assert.equal(answer.status, 200, `${method} ${path}: ${answer.text}`);
  assert.match(answer.headers.get('content-type'), /^application\/json/);
  return answer.json;
};

test('parameters that nobody knows change nothing', async () => {
  for (const kind of ['group', 'role', 'project', 'user', 'service_token', 'api_key', 'experiment', 'dataset', 'prompt', 'function']) {
    const plain = await ok('GET', `/v1/${kind}?limit=1000`);
    const odd = await ok('GET', `/v1/${kind}?org_id=${orgID}&limit=1000&cursor=abc&page=2`);
    assert.deepEqual(odd, plain, kind);
  }
});

test('a group goes through the life of a resource', async () => {
  const inner = await ok('POST', '/v1/group', { name: unique('tf inner') });
  const made = await ok('POST', '/v1/group', {
    name: unique('tf group'), description: 'made', member_users: [userID], member_groups: [inner.id],
  });
  assert.ok(Date.parse(made.created));
  assert.equal(made.org_id, orgID);
  // A tool that plans compares the answer of the creation with what it planned.
  assert.deepEqual(made.member_users, [userID]);
  assert.deepEqual(made.member_groups, [inner.id]);
  assert.deepEqual(await ok('GET', `/v1/group/${made.id}`), made, 'read back as created');
  const changed = await ok('PATCH', `/v1/group/${made.id}`, { name: unique('tf renamed'), description: 'changed' });
  assert.deepEqual(await ok('GET', `/v1/group/${made.id}`), changed);
  assert.equal(changed.created, made.created);
  assert.deepEqual(changed.member_users, [userID], 'a PATCH leaves members alone');
  const listed = (await ok('GET', `/v1/group?org_id=${orgID}&limit=100`)).objects;
  assert.ok(listed.some((g) => g.id === made.id));
  await ok('DELETE', `/v1/group/${made.id}`);
  await ok('DELETE', `/v1/group/${inner.id}`);
  for (const method of ['GET', 'DELETE']) {
    const answer = await raw(method, `/v1/group/${made.id}`);
    assert.equal(answer.status, 400);
    assert.match(answer.text, gone);
  }
  const free = await ok('POST', '/v1/group', { name: changed.name });
  assert.notEqual(free.id, made.id, 'the name of a deleted group is free');
  await ok('DELETE', `/v1/group/${free.id}`);
});

test('an ACL of a user whose id was known before', async () => {
  const project = await ok('POST', '/v1/project', { name: unique('tf project'), description: 'made' });
  const body = { object_id: project.id, object_type: 'project', user_id: userID, permission: 'read' };
  const made = await ok('POST', '/v1/acl', body);
  assert.ok(Date.parse(made.created), 'created is set');
  for (const [key, value] of Object.entries(body)) assert.equal(made[key], value);
  assert.deepEqual(await ok('GET', `/v1/acl/${made.id}`), made);
  const listed = (await ok('GET', `/v1/acl?object_id=${project.id}&object_type=project&limit=1000&org_id=${orgID}`)).objects;
  assert.ok(listed.some((a) => a.id === made.id));
  const again = await raw('POST', '/v1/acl', { body });
  assert.equal(again.json.id, made.id);
  assert.equal(again.headers.get('x-bt-found-existing'), 'true');
  await ok('DELETE', `/v1/acl/${made.id}`);
  const other = await ok('POST', '/v1/acl', body);
  assert.notEqual(other.id, made.id);
  const byBody = await ok('DELETE', '/v1/acl', body);
  assert.equal(byBody.id, other.id);
  await ok('DELETE', `/v1/project/${project.id}`);
});

test('one of a thing that is not there is a 400 that says so', async () => {
  for (const kind of ['acl', 'group', 'role', 'project', 'user', 'organization', 'experiment', 'dataset', 'prompt', 'function', 'api_key', 'service_token']) {
    const answer = await raw('GET', `/v1/${kind}/${absent}`);
    assert.equal(answer.status, 400, kind);
    assert.match(answer.text, gone, kind);
    assert.equal((await raw('GET', `/v1/${kind}/not-an-id`)).status, 400, kind);
  }
});

test('roles, users, organizations and keys as data sources read them', async () => {
  const role = await ok('POST', '/v1/role', { name: unique('tf role'), description: 'made' });
  assert.ok(Date.parse(role.created));
  const changed = await ok('PATCH', `/v1/role/${role.id}`, { name: unique('tf role renamed'), description: 'changed' });
  assert.equal(changed.description, 'changed');
  assert.deepEqual((await ok('GET', `/v1/role?role_name=${encodeURIComponent(changed.name)}`)).objects.map((r) => r.id), [role.id]);
  await ok('DELETE', `/v1/role/${role.id}`);

  const user = await ok('GET', `/v1/user/${userID}`);
  const found = await ok('GET', `/v1/user?email=${encodeURIComponent(user.email)}&org_name=Client+check`);
  assert.deepEqual(found.objects.map((u) => u.id), [userID]);
  assert.deepEqual((await ok('GET', '/v1/group?org_name=Somebody+else')).objects, [], 'another organization is empty');

  const organizations = (await ok('GET', '/v1/organization')).objects;
  assert.deepEqual(organizations.map((o) => o.id), [orgID]);
  assert.equal((await ok('GET', `/v1/organization/${orgID.toUpperCase()}`)).name, 'Client check');
  const keys = (await ok('GET', '/v1/api_key?limit=10')).objects;
  assert.ok(keys.length > 0 && keys.every((k) => k.key === undefined && k.preview_name));
});

test('datasets refuse what they do not know, on creation and on change', async () => {
  const project = await ok('POST', '/v1/project', { name: unique('tf datasets') });
  const wrong = await raw('POST', '/v1/dataset', { body: { project_id: project.id, name: 'one', tags: ['a'], colour: 'red' } });
  assert.equal(wrong.status, 400);
  assert.match(wrong.text, /Extraneous key '\w+' at path \[\]/);
  const made = await ok('POST', '/v1/dataset', { project_id: project.id, name: 'one', description: 'made', metadata: { team: 'a' } });
  const patched = await raw('PATCH', `/v1/dataset/${made.id}`, { body: { colour: 'red' } });
  assert.equal(patched.status, 400);
  assert.match(patched.text, /Extraneous key 'colour' at path \[\]/);
  const changed = await ok('PATCH', `/v1/dataset/${made.id}`, { description: '' });
  assert.equal(changed.description, '');
  assert.deepEqual(changed.metadata, { team: 'a' });
  await ok('DELETE', `/v1/project/${project.id}`);
});

test('without a key, and with a wrong one, nothing is told', async () => {
  for (const authorization of ['', 'Bearer sk-nobody', 'Bearer bt-st-sandbox-nobody', 'Basic Zm9vOmJhcg==']) {
    const answer = await raw('GET', '/v1/group', { headers: { Authorization: authorization } });
    assert.equal(answer.status, 401, authorization);
    assert.doesNotMatch(answer.text, /nobody/);
  }
});

test('a login tells the organization and this very address', async () => {
  const answer = await raw('POST', '/api/apikey/login');
  assert.equal(answer.status, 200);
  assert.equal(answer.json.org_info[0].id, orgID);
  assert.equal(answer.json.org_info[0].api_url, process.env.BRAINTRUST_API_URL);
});
