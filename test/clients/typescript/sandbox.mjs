// How the tests reach the sandbox: test/clients/run.sh starts it and says so in the environment.
import Braintrust from '@braintrust/api';

const need = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run test/clients/run.sh`);
  return value;
};

export const apiURL = need('BRAINTRUST_API_URL');
export const apiKey = need('BRAINTRUST_API_KEY');
export const userKey = need('SANDBOX_USER_KEY');
export const userID = need('SANDBOX_USER_ID');
export const orgID = need('SANDBOX_ORG_ID');

// The client is the vendor's own, with its own retries and paging. Nothing about it is changed but the address.
export const newClient = (key = apiKey) => new Braintrust({ apiKey: key, baseURL: apiURL });

// unique names objects, so that tests do not meet each other's.
let count = 0;
export const unique = (what) => `${what} ${process.pid}-${++count}`;

// collect reads a list to its end with the client's own paging.
export const collect = async (list) => {
  const all = [];
  for await (const one of list) all.push(one);
  return all;
};

// raw is a request without any client: what an infrastructure tool written over plain HTTP sends.
export const raw = async (method, path, { body, key = apiKey, headers = {} } = {}) => {
  const answer = await fetch(apiURL + path, {
    method,
    headers: {
      Authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    // an error may be plain text
  }
  return { status: answer.status, headers: answer.headers, text, json };
};
